//! Writes the files and the screen of each scenario, and a comparison of several.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use dropstorm::analysis::{Findings, Replications};
use dropstorm::experiment::{Comparison, Sample, TraceEvent};
use dropstorm::measure::{Figures, Stopped};
use dropstorm::report::clock::Clock;
use dropstorm::report::files::summary;
use dropstorm::report::render::Look;
use dropstorm::report::several::Several;
use dropstorm::report::terminal::{self, comparison, differences as paired};
use dropstorm::report::words::Words;
use dropstorm::report::{self, Context, Finished, Left, Levers, OutputFolder, Subject, Traced, numbers};
use dropstorm::scenario::differences;
use dropstorm::system::text;
use rayon::ThreadPool;
use serde_json::{Map, Value, json};

use super::super::error::{Error, Exit, print};
use super::super::explain::{Asked, LEVER_RUNS};
use super::super::interrupt::Interrupt;
use super::super::screen::width;
use super::outcome::Outcome;
use super::{Prepared, Run};

/// Largest number of scenarios whose screens are printed; for more, only the tables of the comparison are.
const MOST_SCREENS: usize = 4;

/// A scenario whose results are written.
pub struct Reported<'a> {
    ready: &'a Prepared,
    /// End of a run that a limit of the command cut short, in seconds from the drop.
    partial_until_s: Option<f64>,
    figures: Figures,
    ordinary: Option<Figures>,
    findings: Findings,
    analyses: Replications,
    words: Words,
    sample: Sample,
    /// Events of the traced viewers, if any are traced.
    trace: Option<Vec<TraceEvent>>,
    left: Left,
    wall_s: f64,
}

impl Run {
    /// Writes the files of each scenario. Errors are printed at once.
    pub(super) fn report<'a>(
        &self,
        prepared: &'a [Prepared],
        outcomes: Vec<Outcome>,
        ordinary: Vec<Option<Outcome>>,
    ) -> (Vec<Reported<'a>>, Exit) {
        let mut exit = Exit::Done;
        let mut reported = Vec::new();
        for ((ready, outcome), ordinary) in prepared.iter().zip(outcomes).zip(ordinary) {
            match self.report_one(ready, outcome, ordinary) {
                Ok(scenario) => {
                    if !scenario.figures.thresholds_held() {
                        exit = exit.or_worse(Exit::ThresholdMissed);
                    }
                    if scenario.is_partial() {
                        exit = exit.or_worse(scenario.partial_error().tell());
                    }
                    reported.push(scenario);
                }
                Err(error) => exit = exit.or_worse(error.tell()),
            }
        }
        (reported, exit)
    }

    /// Writes the files of one scenario.
    fn report_one<'a>(
        &self,
        ready: &'a Prepared,
        mut outcome: Outcome,
        ordinary: Option<Outcome>,
    ) -> Result<Reported<'a>, Error> {
        if self.limits.are_set() {
            outcome.accept_partial();
        }
        if let Some(stopped) = outcome.stopped {
            return Err(why_stopped(stopped, ready));
        }
        let partial_until_s = outcome.partial_until_s;
        let nothing = || Error::failed(format!("{}: nothing was run", ready.scenario.name()));
        let (figures, analyses) = outcome.reduced().ok_or_else(nothing)?;
        let (findings, context) = (Findings::of(&figures), Context { partial_until_s, ..ready.context() });
        let mut words = Words::of(&context, &figures, &findings, &analyses);
        // A day that a limit ended cannot be compared.
        let ordinary = ordinary.filter(|day| day.stopped.is_none()).and_then(|mut day| day.reduced());
        let ordinary = ordinary.map(|(figures, _)| figures);
        if let Some(day) = &ordinary {
            words = words.beside(day, &context, &figures, &analyses);
        }
        let sample = Sample::of(ready.seed(), analyses.summaries());
        let mut reported = Reported {
            ready,
            partial_until_s,
            figures,
            ordinary,
            findings,
            analyses,
            words,
            sample,
            trace: outcome.trace,
            left: Left { files: Vec::new(), gone: Vec::new() },
            wall_s: outcome.wall_s,
        };
        reported.left = reported.write(self.look(), None)?;
        Ok(reported)
    }

    /// Tries single changes of each scenario, with `--explain`, and adds them to its page. The results lie on the disk before.
    pub(super) fn explain(
        &self,
        reported: &[Reported<'_>],
        threads: &ThreadPool,
        interrupt: &Interrupt,
    ) -> Result<(), Error> {
        if !self.explain || !self.output.is_for_people() {
            return Ok(());
        }
        let Run { overrides, size, output, .. } = self;
        let asked = Asked { replications: LEVER_RUNS, overrides, size, output, after_verdict: true };
        for one in reported {
            let explained = asked.explain(one.ready.scenario.clone(), threads, interrupt)?;
            if self.look().is_some() {
                explained.levers(|levers| one.write(self.look(), Some(levers))).transpose()?;
            }
        }
        Ok(())
    }

    /// Prints the screen of each scenario; for many scenarios, only the folders of their results.
    pub(super) fn show(&self, reported: &[Reported<'_>]) -> Result<(), Error> {
        if !self.output.is_for_people() {
            return Ok(());
        }
        if reported.len() > MOST_SCREENS {
            let folders = reported.iter().map(|scenario| format!("  {}\n", text::path(scenario.ready.folder.path())));
            return print(&format!("The results of each scenario are in:\n{}\n", folders.collect::<String>()));
        }
        for scenario in reported {
            let (context, colour) = (scenario.context(), io::stdout().is_terminal());
            let subject = scenario.subject(&context);
            let screen = terminal::screen(&subject, reported.len() > 1, &scenario.left, width(), colour);
            print(&format!("{screen}{}\n\n", speed(scenario.figures.events as f64, scenario.wall_s)))?;
        }
        Ok(())
    }

    /// Compares several scenarios with the first: writes the files of the comparison, and prints it before the single runs, or
    /// prints all of it as JSON. Returns the files.
    pub(super) fn compare(
        &self,
        reported: &[Reported<'_>],
        together: Option<&OutputFolder>,
    ) -> Result<Vec<PathBuf>, Error> {
        let (contexts, comparison) = (contexts(reported), compared(reported));
        let subjects: Vec<Subject<'_>> =
            contexts.iter().zip(reported).map(|(context, scenario)| scenario.subject(context)).collect();
        let settings = differences(&reported.iter().map(|scenario| &scenario.ready.scenario).collect::<Vec<_>>());
        let several = Several { subjects: &subjects, comparison: &comparison, settings: &settings };
        let write = |folder| report::write_comparison(folder, &several, self.look());
        let left = match together.filter(|_| subjects.len() > 1) {
            Some(folder) => write(folder).map_err(Error::failed)?,
            None => Left { files: Vec::new(), gone: Vec::new() },
        };
        if self.output.json {
            return self.print_json(reported, &several).map(|()| left.files);
        }
        if subjects.len() < 2 || self.output.quiet {
            return Ok(left.files);
        }
        let mut blocks = vec![comparison::screen(&several, width())];
        blocks.push(paired::table(&several, width()));
        blocks.push(terminal::files(&left));
        blocks.retain(|block| !block.is_empty());
        print(&format!("{}\n\n", blocks.join("\n\n"))).map(|()| left.files)
    }

    /// Prints the summary of the only scenario that the command runs, or the comparison of several with their summaries.
    fn print_json(&self, reported: &[Reported<'_>], several: &Several<'_>) -> Result<(), Error> {
        let mut summaries: Vec<Value> = Vec::new();
        for (arm, (subject, scenario)) in several.subjects.iter().zip(reported).enumerate() {
            let mut tree = summary::json(subject.context, &scenario.figures, &scenario.analyses);
            summary::say(&mut tree, &scenario.words);
            if arm > 0 {
                tree["differences"] = summary::differences(several.subjects[0].context, several.comparison, arm);
            }
            summaries.push(tree);
        }
        let whole = match summaries.pop() {
            Some(only) if self.wanted().len() == 1 => only,
            last => {
                summaries.extend(last);
                comparison_json(several, summaries)
            }
        };
        print(&format!("{}\n", text::json(&whole)))
    }
}

/// A comparison as JSON: the verdict, the settings in which the scenarios differ, and the summary of each with its differences
/// from the first.
fn comparison_json(several: &Several<'_>, summaries: Vec<Value>) -> Value {
    let names: Vec<&str> = several.subjects.iter().map(|subject| subject.context.name).collect();
    let settings = several.settings.iter().map(|setting| {
        let values = names.iter().zip(&setting.values).map(|(name, value)| ((*name).to_owned(), json!(value)));
        json!({ "path": setting.path, "values": values.collect::<Map<String, Value>>() })
    });
    json!({
        "format": 1,
        "base": names.first(),
        "order": several.order().into_iter().map(|arm| names[arm]).collect::<Vec<_>>(),
        "replications": several.comparison.replications,
        "verdict": several.verdict().into_iter().collect::<Vec<_>>(),
        "settings": settings.collect::<Vec<_>>(),
        "scenarios": summaries,
    })
}

impl Reported<'_> {
    /// The files that were written.
    pub fn files(&self) -> &[PathBuf] {
        &self.left.files
    }

    /// Writes all files of the scenario, with the single changes that were tried on its page.
    fn write(&self, charts: Option<Look>, levers: Option<&Levers<'_>>) -> Result<Left, Error> {
        let context = self.context();
        let trace = self.trace.as_deref().map(|events| Traced { events, model: &self.ready.model });
        let resolved = &self.ready.scenario.resolved();
        let run = Finished { subject: self.subject(&context), charts, trace, resolved, levers };
        report::write(&self.ready.folder, &run).map_err(Error::failed)
    }

    fn context(&self) -> Context<'_> {
        Context { partial_until_s: self.partial_until_s, ..self.ready.context() }
    }

    fn is_partial(&self) -> bool {
        self.partial_until_s.is_some()
    }

    /// The error of a run that a limit of the command ended.
    fn partial_error(&self) -> Error {
        let until = Clock::of_drop(self.ready.scenario.spec()).exact(self.partial_until_s.unwrap_or_default());
        let name = self.ready.scenario.name();
        Error::failed(format!("{name}: a limit ended the run; its results end at {until} and are marked as partial"))
    }

    /// The results together with the context of the scenario.
    fn subject<'a>(&'a self, context: &'a Context<'a>) -> Subject<'a> {
        Subject {
            context,
            figures: &self.figures,
            ordinary: self.ordinary.as_ref(),
            findings: &self.findings,
            analyses: &self.analyses,
            words: &self.words,
        }
    }
}

fn contexts<'a>(reported: &'a [Reported<'_>]) -> Vec<Context<'a>> {
    reported.iter().map(Reported::context).collect()
}

/// Each scenario compared with the first, replication by replication; part of a run differs from a whole run in nothing that is told.
fn compared(reported: &[Reported<'_>]) -> Comparison {
    let mut comparison = Comparison::of(&reported.iter().map(|scenario| &scenario.sample).collect::<Vec<_>>());
    let is_cut = |scenario: &Reported<'_>| scenario.subject(&scenario.context()).is_cut();
    let cut = reported.iter().enumerate().filter(|(_, scenario)| is_cut(scenario));
    cut.for_each(|(arm, _)| comparison.leave_out(arm));
    comparison
}

/// Events, wall-clock time and speed of the replications of one scenario.
fn speed(events: f64, wall_s: f64) -> String {
    let rate = events / 1e6 / wall_s.max(1e-9);
    format!("{} events in {wall_s:.1} s, {rate:.1} M a second", numbers::grouped(events))
}

fn why_stopped(stopped: Stopped, ready: &Prepared) -> Error {
    let name = ready.scenario.name();
    match stopped {
        Stopped::QueueLimit { pool } => {
            let pool = ready.scenario.spec().pool.get_index(pool).map_or("?", |(name, _)| name.as_str());
            let reached = "reached a hundred million attempts and the run was ended";
            Error::failed(format!("{name}: the queue of pool `{pool}` {reached}"))
                .help(format!("state what happens then: [pool.{pool}] queue = {{ shared = {{ limit = 100_000 }} }}"))
        }
        Stopped::ViewerLimit => {
            Error::failed(format!("{name}: more viewers than can be told apart; take a smaller --scale"))
        }
        Stopped::MemoryLimit => {
            Error::failed(format!("{name}: the run needed more memory than there is for it and was ended"))
                .help("a smaller --scale, a shorter window or --jobs 1 leaves more to it")
        }
        Stopped::EndlessLoop { journey, step } => {
            let journey = ready.scenario.spec().journey.get_index(journey).map_or("?", |(name, _)| name.as_str());
            let turned = format!("a viewer of journey `{journey}` turned back a thousand times at one instant");
            Error::failed(format!("{name}: {turned}, and the run was ended")).help(format!(
                "the last time after journey.{journey}.steps.{step}; a `think` step or a pacing takes time"
            ))
        }
        Stopped::RoundLimit => {
            Error::failed(format!("{name}: a viewer went round 16 million times and the run was ended"))
                .help("a lower probability of `then`, or fewer `times` of `repeat`, ends the rounds sooner")
        }
        Stopped::TimeLimit => {
            Error::failed(format!("{name}: the time was up before the end of the first measured interval"))
                .help("a longer --limit-time or a smaller --scale gets further")
        }
        Stopped::EventLimit => Error::failed(format!(
            "{name}: the run reached the limit of events before the end of its first measured interval"
        )),
        Stopped::Asked => Error::failed(format!("{name}: the run was asked to end")),
    }
}
