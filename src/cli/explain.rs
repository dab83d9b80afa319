//! `dropstorm explain`: the verdict about a scenario, and the people whom single changes would have spared.

use clap::Args;
use dropstorm::analysis::{Findings, Replications};
use dropstorm::engine::Limits;
use dropstorm::experiment::forecast::Forecast;
use dropstorm::experiment::{Arm, Comparison, Sample, Watch, replicate_each};
use dropstorm::measure::Figures;
use dropstorm::model::{Model, Rounding};
use dropstorm::report::several::Several;
use dropstorm::report::terminal::{self, comparison};
use dropstorm::report::words::Words;
use dropstorm::report::words::harm::KINDS;
use dropstorm::report::words::phrase::Sentence;
use dropstorm::report::{Context, Levers, Subject};
use dropstorm::scenario::{Difference, Scenario, differences};
use dropstorm::sweep::{Inserted, MOST_LEVERS, levers};
use dropstorm::system::text::{json, visible};
use rayon::ThreadPool;
use serde_json::{Value, json};
use std::path::PathBuf;

use super::error::{Error, Exit, note, print};
use super::interrupt::Interrupt;
use super::options::{Output, Overrides};
use super::progress::Units;
use super::run::outcome::{One, Outcome};
use super::screen::width;
use super::size::{Runs, Size};

/// Target number of events of all runs together, for the choice of the scale.
const EVENTS: f64 = 40e6;
/// Independent runs of a scenario and of each lever, unless stated.
pub const LEVER_RUNS: u64 = 5;
/// Scales to choose from, the smallest first; larger ones where rounding would change a pool too much.
const SCALES: [f64; 7] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0];

/// Explain a scenario: the verdict, and single changes tried on the same crowds
///
/// The changes (levers): 25% to 400% more servers of the bottleneck, operators ten minutes earlier, a retry budget, full
/// jitter, a queue timeout, regions released one after the other, and a waiting room; each only if the scenario lacks it.
/// The rate of a waiting room that exists is set to what the bottleneck can serve. Levers are ranked by the people harmed
/// plus those who wait in a room for longer than `wait` of `[harm]` or are in one at the end, fewest first. Without --scale,
/// a scenario of full size is simulated at the smallest scale with enough events and without large rounding of its pools.
#[derive(Args)]
#[command(
    after_help = concat!("Examples:\n  dropstorm explain scenarios/la-casa-de-papel-part-4.toml\n  dropstorm explain my-drop.toml --replications 10 --scale 0.1\n  dropstorm explain my-drop.toml --json | jq .verdict\n\n", exit_codes!())
)]
pub struct Explain {
    /// The scenario file
    file: PathBuf,
    /// Independent runs of the scenario and of each lever
    #[arg(long, default_value_t = LEVER_RUNS, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    replications: u64,
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    size: Size,
    #[command(flatten)]
    output: Output,
}

/// A scenario that was run.
struct Ran {
    name: String,
    scenario: Scenario,
    model: Model,
    roundings: Vec<Rounding>,
    figures: Figures,
    findings: Findings,
    analyses: Replications,
    words: Words,
    sample: Sample,
    /// Words for the lever behind "with"; empty for the scenario itself.
    with: String,
    /// Steps that the lever puts into journeys.
    steps: Vec<Inserted>,
}

impl Explain {
    /// Runs the scenario, then each of its levers, and says which spares most people.
    pub fn run(&self) -> Result<Exit, Error> {
        let scenario = self.overrides.read(&self.file, &[])?;
        let Explain { replications, overrides, size, output, .. } = self;
        let asked = Asked { replications: *replications, overrides, size, output, after_verdict: false };
        asked.explain(scenario, &overrides.threads()?, &Interrupt::listen()).map(|_| Exit::Done)
    }
}

/// The options of an explanation.
pub struct Asked<'a> {
    /// Independent runs of the scenario and of each lever.
    pub replications: u64,
    pub overrides: &'a Overrides,
    pub size: &'a Size,
    pub output: &'a Output,
    /// Whether the verdict was printed before.
    pub after_verdict: bool,
}

impl Asked<'_> {
    /// Runs a scenario, then each of its levers, and says which spares most people.
    pub fn explain(&self, scenario: Scenario, threads: &ThreadPool, interrupt: &Interrupt) -> Result<Explained, Error> {
        let scenario = self.at_a_scale(scenario);
        self.size_up(&scenario, threads.current_num_threads())?;
        let stopped = || Error::stopped("stopped before all levers were tried".to_owned(), interrupt.exit());
        let ran = interrupt.within(stopped, || threads.install(|| self.try_all(&scenario, interrupt)))?;
        let ran = ran.ok_or_else(stopped)?;
        self.tell(&ran)?;
        Ok(Explained { ran })
    }

    /// The scenario at the smallest scale with enough events and without large rounding of its pools, unless it states
    /// a scale.
    fn at_a_scale(&self, scenario: Scenario) -> Scenario {
        let stated = self.overrides.settings().iter().any(|(path, _)| path == "scale");
        if stated || scenario.spec().scale != 1.0 {
            return scenario;
        }
        let events =
            Forecast::of(&Model::compile(&scenario)).load.events * self.replications as f64 * (MOST_LEVERS + 1) as f64;
        let wanted = EVENTS / events.max(1.0);
        let tried = SCALES.iter().filter(|scale| **scale >= wanted && **scale < 1.0);
        let mut scaled = tried.filter_map(|scale| scenario.with("scale", &scale.to_string()).ok());
        scaled.next().unwrap_or(scenario)
    }

    /// Prints the size of the runs, unless they are small, and refuses runs that are too large.
    fn size_up(&self, scenario: &Scenario, jobs: usize) -> Result<(), Error> {
        let forecasts = vec![Forecast::of(&Model::compile(scenario))];
        // The bottlenecks are not known yet, but the number of levers does not depend on them.
        let pools: Vec<usize> = (0..scenario.spec().pool.len()).collect();
        let arms = levers(scenario, &pools).len() as f64 + 1.0;
        let runs = Runs { forecasts, each: self.replications as f64 * arms, jobs, keeps: false, charts: false };
        let Some(sizes) = runs.sizes(true) else { return Ok(()) };
        sizes.check(self.size, scenario.spec().scale)?;
        if self.output.is_for_people() && sizes.is_worth_saying() {
            note(&sizes.words());
        }
        Ok(())
    }

    /// Runs the scenario and then its levers; `None` if a signal ended a run.
    fn try_all(&self, scenario: &Scenario, interrupt: &Interrupt) -> Result<Option<Vec<Ran>>, Error> {
        let progress = Units::search(self.output.is_for_people(), interrupt.clone(), Limits::NONE);
        let named = vec![(scenario.name().to_owned(), scenario.clone())];
        let Some(mut ran) = self.replicate(named, &progress)? else { return Ok(None) };
        if ran.iter().all(harms_nobody) {
            progress.finish();
            return Ok(Some(ran));
        }
        let pools = ran.first().map(bottlenecks).unwrap_or_default();
        let levers = levers(scenario, &pools);
        let tried = levers.iter().map(|lever| (lever.name.clone(), lever.scenario.clone())).collect();
        let Some(mut changed) = self.replicate(tried, &progress)? else { return Ok(None) };
        progress.finish();
        changed.iter_mut().zip(levers).for_each(|(ran, lever)| {
            (ran.with, ran.steps) = (lever.with, lever.steps);
        });
        ran.extend(changed);
        Ok(Some(ran))
    }

    fn replicate(&self, named: Vec<(String, Scenario)>, progress: &Units) -> Result<Option<Vec<Ran>>, Error> {
        let models: Vec<Model> = named.iter().map(|(_, scenario)| Model::compile(scenario)).collect();
        let arms = models.iter().zip(&named).map(|(model, (_, scenario))| Arm { model, seed: scenario.spec().seed });
        let arms: Vec<Arm<'_>> = arms.collect();
        let each = replicate_each(&arms, 0..self.replications, |_, _| Watch::new(progress), One::of);
        let Some(each) = each else { return Ok(None) };
        let ran = named.into_iter().zip(models).zip(each).map(|(((name, scenario), model), ones)| {
            let mut outcome = Outcome::default();
            ones.into_iter().for_each(|one| outcome.add(one));
            Ran::of(name, scenario, model, outcome)
        });
        ran.collect::<Result<Vec<Ran>, Error>>().map(Some)
    }

    /// Prints the verdict about the scenario and the comparison of its levers; on the screen a lever without any effect
    /// has no line.
    fn tell(&self, all: &[Ran]) -> Result<(), Error> {
        let is_told =
            |ran: &&Ran| self.output.json || ran.with.is_empty() || !all.first().is_some_and(|it| it.equals(ran));
        let (ran, idle): (Vec<&Ran>, Vec<&Ran>) = all.iter().partition(is_told);
        let Some(base) = ran.first() else { return Ok(()) };
        if self.output.json {
            return print(&format!("{}\n", json(&compared(&ran, |several| tree(several, &ran)))));
        }
        if self.output.quiet {
            return Ok(());
        }
        if harms_nobody(base) {
            let nothing = "Nobody is harmed, so there is nobody whom a single change could spare.";
            let told = if self.after_verdict { nothing.to_owned() } else { format!("{}\n\n{nothing}", base.verdict()) };
            return print(&format!("{told}\n"));
        }
        let mut screen = compared(&ran, |several| comparison::screen_with(best(several, &ran), several, width()));
        if !idle.is_empty() {
            let names: Vec<&str> = idle.iter().map(|ran| ran.name.as_str()).collect();
            let scale = if base.scenario.spec().scale < 1.0 { " at this scale" } else { "" };
            screen.push_str(&format!("\n\nNo difference at all{scale}: {}.", names.join(", ")));
        }
        if self.after_verdict {
            print(&format!("Single changes of {}:\n\n{screen}\n", visible(&base.name)))
        } else {
            print(&format!("{}\n\n{screen}\n", base.verdict()))
        }
    }
}

/// A scenario and its levers, which were run.
pub struct Explained {
    ran: Vec<Ran>,
}

impl Explained {
    /// Hands the levers to `of`; `None` if the scenario harms nobody, so that no lever was tried.
    pub fn levers<T>(&self, of: impl FnOnce(&Levers<'_>) -> T) -> Option<T> {
        let ran: Vec<&Ran> = self.ran.iter().collect();
        let tried = ran.len() > 1;
        tried.then(|| compared(&ran, |several| of(&Levers { several: *several, best: best(several, &ran) })))
    }
}

/// Compares scenarios that were run with the first, and hands the comparison to `of`.
fn compared<T>(ran: &[&Ran], of: impl FnOnce(&Several<'_>) -> T) -> T {
    let contexts: Vec<Context<'_>> = ran.iter().map(|ran| ran.context()).collect();
    let subjects: Vec<Subject<'_>> = contexts.iter().zip(ran).map(|(context, ran)| ran.subject(context)).collect();
    let comparison = Comparison::of(&ran.iter().map(|ran| &ran.sample).collect::<Vec<_>>());
    of(&Several { subjects: &subjects, comparison: &comparison, settings: &settings(ran) })
}

/// Whether a scenario harms nobody in any of its runs.
fn harms_nobody(ran: &Ran) -> bool {
    let people = KINDS.iter().filter_map(|kind| ran.figures.summary(kind.path()));
    people.fold(0.0, |sum, people| sum + people.mean) <= 0.0
}

/// The bottlenecks of the first replication, or its busiest pool. A pool that suffers from a called pool is replaced by
/// the called one.
fn bottlenecks(base: &Ran) -> Vec<usize> {
    let Some(why) = base.analyses.first().map(|run| &run.why) else { return Vec::new() };
    if !why.named.is_empty() {
        return why.bottlenecks();
    }
    let busy = |pool: &usize| if why.pools[*pool].utilization.is_finite() { why.pools[*pool].utilization } else { 0.0 };
    (0..why.pools.len()).max_by(|a, b| busy(a).total_cmp(&busy(b))).into_iter().collect()
}

/// The verdict on the lever that spares most people.
fn best(several: &Several<'_>, ran: &[&Ran]) -> Option<Sentence> {
    several.verdict_of_changes(&ran.iter().skip(1).map(|ran| ran.with.clone()).collect::<Vec<_>>())
}

/// The settings in which scenarios differ from the first. A step that a lever puts into a journey is one of them: it moves all steps
/// after it, which are as they were.
fn settings(ran: &[&Ran]) -> Vec<Difference> {
    let scenarios: Vec<_> = ran.iter().map(|ran| &ran.scenario).collect();
    let inserted: Vec<&str> = ran.iter().flat_map(|ran| &ran.steps).map(|step| step.path.as_str()).collect();
    let mut found = differences(&scenarios);
    found.retain(|difference| !inserted.iter().any(|path| difference.path.starts_with(path)));
    let mut known: Vec<&str> = Vec::new();
    for path in inserted {
        if !known.contains(&path) {
            known.push(path);
            let words = |ran: &&Ran| ran.steps.iter().find(|step| step.path == path).map(|step| step.words.clone());
            found.push(Difference { path: path.to_owned(), values: ran.iter().map(words).collect() });
        }
    }
    found
}

/// The verdict, the people whom the scenario harms, and each lever with its paired differences, as JSON.
fn tree(several: &Several<'_>, ran: &[&Ran]) -> Value {
    let Some(base) = ran.first() else { return Value::Null };
    let figure = |estimate: Option<dropstorm::measure::Estimate>| {
        estimate.map(|it| json!({ "mean": it.mean, "low": it.low, "high": it.high, "n": it.n }))
    };
    let comparison = several.comparison;
    let people = |arm: usize, difference: bool| -> Value {
        let kinds = KINDS.iter().map(|kind| kind.path());
        let each = kinds.map(|path| {
            let estimate = if difference { comparison.difference(arm, path) } else { comparison.figure(arm, path) };
            (path.to_owned(), json!(figure(estimate)))
        });
        Value::Object(each.collect())
    };
    let levers = several.order().into_iter().filter(|arm| *arm > 0).map(|arm| {
        let subject = &several.subjects[arm];
        let settings = ran.get(arm).map(|lever| settings(&[base, lever])).unwrap_or_default();
        let settings = settings.into_iter().map(|it| (it.path, json!(it.values.get(1)))).collect();
        json!({ "lever": subject.context.name, "settings": Value::Object(settings),
                "people": people(arm, false), "differences": people(arm, true),
                "waiting_room": several.price(arm).map(|price| json!({ "wait_ms_p50": price.wait_ms, "at_end": price.at_end })) })
    });
    let best: Vec<_> = best(several, ran).into_iter().collect();
    json!({
        "format": 1,
        "scenario": base.name,
        "seed": base.scenario.spec().seed,
        "scale": base.scenario.spec().scale,
        "replications": comparison.replications,
        "verdict": base.words.verdict,
        "findings": base.words.findings,
        "best": best,
        "people": people(0, false),
        "levers": levers.collect::<Vec<_>>(),
    })
}

impl Ran {
    fn of(name: String, scenario: Scenario, model: Model, mut outcome: Outcome) -> Result<Ran, Error> {
        if outcome.stopped.is_some() {
            let error = Error::failed(format!("{}: a run of `{name}` was ended by a limit", scenario.name()));
            return Err(error.help(
                "state what a full queue does, queue = { shared = { limit = 100_000 } }, or take a smaller --scale",
            ));
        }
        let nothing = || Error::failed(format!("{}: nothing was run", scenario.name()));
        let (figures, analyses) = outcome.reduced().ok_or_else(nothing)?;
        let (findings, roundings) = (Findings::of(&figures), model.roundings());
        let sample = Sample::of(scenario.spec().seed, analyses.summaries());
        let words = Words::default();
        let (with, steps) = (String::new(), Vec::new());
        let mut ran = Ran { name, with, scenario, model, roundings, figures, findings, analyses, words, sample, steps };
        ran.words = Words::of(&ran.context(), &ran.figures, &ran.findings, &ran.analyses);
        Ok(ran)
    }

    /// The verdict in lines that fit the screen.
    fn verdict(&self) -> String {
        terminal::wrap(&terminal::plain(&self.words.told()), width()).join("\n")
    }

    /// Whether all figures of all runs are the same as in another.
    fn equals(&self, other: &Ran) -> bool {
        let bits = |ran: &Ran| ran.sample.summaries.iter().flatten().map(|value| value.to_bits()).collect::<Vec<_>>();
        bits(self) == bits(other)
    }

    fn context(&self) -> Context<'_> {
        Context { name: &self.name, ..Context::of(&self.scenario, &self.model, &self.roundings) }
    }

    fn subject<'a>(&'a self, context: &'a Context<'a>) -> Subject<'a> {
        let Ran { figures, findings, analyses, words, .. } = self;
        Subject { context, figures, ordinary: None, findings, analyses, words }
    }
}
