//! `dropstorm find`: the smallest or largest value of one setting for which a condition holds.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use dropstorm::report::numbers::{capital, duration, grouped};
use dropstorm::scenario::Scenario;
use dropstorm::sweep::{self, Answer, Condition, Edge, FindError, Finding, Search, Setting, Verdict};
use serde_json::{Value as Json, json};

use super::interrupt::Interrupt;
use super::progress::Units;
use super::{FAILED, THRESHOLD_MISSED, WRONG_INPUT, complain, print, setting};

/// Find the smallest or largest value of one setting for which a figure keeps to a bound
///
/// Both ends of the range are tried, and what lies between is halved, on the same crowds at each value. A value is run
/// until the interval of the figure excludes the bound, or --at-most times, where the mean decides. All that is called
/// certain is so at 95%, all decisions of the search together. It is taken for granted that the condition does not come
/// and go within the range. At a scale below 1 neighbouring values may come to the same simulation.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  dropstorm find my-drop.toml --vary pool.api.servers=100..2000 --until \"error_rate.peak<1%\"\n  dropstorm find my-drop.toml --vary \"client.app.timeout=200 ms..5 s\" --until \"retry_amplification<=1.5\"\n  dropstorm find my-drop.toml --vary pool.api.servers=4..64 --until \"thresholds_held>=90%\" --at-most 400\n  dropstorm find my-drop.toml --scale 0.02 --vary audience.fans.viewers=1e5..1e7 --until \"recovery_s<10 min\"\n\nFigures are those of summary.json, and thresholds_held: the share of runs in which all thresholds held.\n\nExit codes: 0 found, or it holds at both ends; 1 failed; 2 wrong usage or a wrong file; 99 it holds at neither end; 130 stopped by Ctrl-C."
)]
pub struct Find {
    /// The scenario file
    file: PathBuf,
    /// The setting and the ends of its range, in any order
    #[arg(long, value_name = "PATH=LOW..HIGH")]
    vary: String,
    /// What must hold of the mean of a figure; < <= > or >=
    #[arg(long, value_name = "FIGURE<BOUND")]
    until: String,
    /// Runs of each value before it is first decided
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=100_000))]
    replications: u64,
    /// Runs of a value at most; then its mean decides, and it counts as too close to be certain
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=100_000))]
    at_most: u64,
    /// Another seed than the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Another value for one setting throughout, by its dotted path; may be given again
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,
    /// The share of the real size that is simulated, such as 0.02
    #[arg(long, value_name = "X")]
    scale: Option<String>,
    /// Runs at the same time; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Print what was found as JSON, and nothing else, on standard output
    #[arg(long)]
    json: bool,
    /// Print the value and nothing else
    #[arg(long)]
    quiet: bool,
}

impl Find {
    pub fn run(&self) -> u8 {
        self.work().unwrap_or_else(|(mistake, code)| {
            complain(&mistake);
            code
        })
    }

    /// Reads the question, searches, and tells what was found.
    fn work(&self) -> Result<u8, (String, u8)> {
        let search = self.search()?;
        let threads = usize::from(self.jobs.unwrap_or(0));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|error| (format!("error: cannot start {threads} threads: {error}"), FAILED))?;
        let interrupt = Interrupt::listen();
        let progress = Units::search(!self.quiet && !self.json, interrupt.clone());
        let begun = Instant::now();
        let found = pool.install(|| sweep::find(&search, &progress));
        progress.finish();
        match found {
            Ok(Some(finding)) => {
                self.tell(&search, &finding, begun.elapsed().as_secs_f64());
                Ok(if finding.answer == Answer::Nowhere { THRESHOLD_MISSED } else { 0 })
            }
            Ok(None) => Err(("stopped before an answer was found".to_owned(), interrupt.exit_code())),
            Err(FindError::Value(problems)) => Err((problems.render(std::io::stderr().is_terminal()), WRONG_INPUT)),
            Err(error) => Err((format!("error: {error}\n  help: {}", advice(&error)), FAILED)),
        }
    }

    /// The question, with the settings that hold throughout.
    fn search(&self) -> Result<Search, (String, u8)> {
        let mut settings = self.settings.clone();
        settings.extend(self.scale.iter().map(|scale| ("scale".to_owned(), scale.clone())));
        settings.extend(self.seed.iter().map(|seed| ("seed".to_owned(), seed.to_string())));
        let search = Scenario::read(&self.file)
            .and_then(|scenario| if settings.is_empty() { Ok(scenario) } else { scenario.with_all(&settings) })
            .and_then(|scenario| Search::new(&scenario, &self.vary, &self.until))
            .map_err(|mistakes| (mistakes.render(std::io::stderr().is_terminal()), WRONG_INPUT))?;
        if let Some((path, _)) = settings.iter().find(|(path, _)| path == search.path()) {
            return Err((format!("error: `{path}` is set and varies at once"), WRONG_INPUT));
        }
        Ok(search.replications(self.replications, self.at_most))
    }

    fn tell(&self, search: &Search, finding: &Finding, wall_s: f64) {
        if self.json {
            return print(&format!("{:#}\n", tree(search, finding, wall_s)));
        }
        if self.quiet {
            if let Answer::Smallest(edge) | Answer::Largest(edge) = &finding.answer {
                print(&format!("{}\n", edge.value.text));
            }
            return;
        }
        let took = format!("{} runs in {}", grouped(finding.runs() as f64), duration(wall_s));
        print(&format!("{}\n\n{}\n\n{took}\n", sentence(search, finding), table(search, finding).trim_fmt()));
    }
}

/// The answer in words.
fn sentence(search: &Search, finding: &Finding) -> String {
    let (path, condition) = (search.path(), &search.condition().text);
    let [low, high] = search.ends().map(|end| end.text);
    let certainty = if finding.ends_are_certain() { "" } else { ", though too close to be certain" };
    match &finding.answer {
        Answer::Smallest(edge) => {
            format!(
                "{path} = {} is the smallest value for which {condition} holds.\n{}",
                edge.value.text,
                bracket(edge)
            )
        }
        Answer::Largest(edge) => {
            format!("{path} = {} is the largest value for which {condition} holds.\n{}", edge.value.text, bracket(edge))
        }
        Answer::Everywhere => {
            format!("{condition} holds at both ends{certainty}: there is no edge of {path} between {low} and {high}.")
        }
        Answer::Nowhere => {
            format!("{condition} holds at neither end{certainty}: no {path} was found between {low} and {high}.")
        }
    }
}

/// How certain an edge is.
fn bracket(edge: &Edge) -> String {
    let at = |setting: &Option<Setting>, holds: &str| match setting {
        Some(setting) => format!("it certainly {holds} at {}", setting.text),
        None => format!("nowhere is it certain that it {holds}"),
    };
    capital(&format!("{}, and {} (95%).", at(&edge.fails, "fails"), at(&edge.holds, "holds")))
}

/// Each value that was tried.
fn table(search: &Search, finding: &Finding) -> Table {
    let mut table = Table::new();
    let condition = search.condition();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header([search.path(), condition.figure.name(), "interval", "runs", ""]);
    for trial in &finding.trials {
        let interval = format!("{} to {}", figure(condition, trial.low), figure(condition, trial.high));
        let (mean, runs) = (figure(condition, trial.mean), grouped(trial.n as f64));
        table.add_row([&trial.setting.text, &mean, &interval, &runs, words(trial.verdict)]);
    }
    for column in table.column_iter_mut().take(4) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::ProbablyHolds => "holds, too close to be certain",
        Verdict::ProbablyFails => "fails, too close to be certain",
        Verdict::Fails => "fails",
    }
}

/// A figure in its unit, with four digits.
fn figure(condition: &Condition, value: f64) -> String {
    let unit = condition.unit();
    let value = if unit == "%" { value * 100.0 } else { value };
    if !value.is_finite() {
        return "never".to_owned();
    }
    let digits: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    let apart = if unit.is_empty() || unit == "%" { "" } else { " " };
    format!("{digits}{apart}{unit}")
}

/// What may help.
fn advice(error: &FindError) -> &'static str {
    match error {
        FindError::CutShort { .. } => {
            "state what a full queue does, queue = { shared = { limit = 100_000 } }, or narrow the range"
        }
        _ => "narrow the range, or ask for another figure",
    }
}

fn tree(search: &Search, finding: &Finding, wall_s: f64) -> Json {
    let value = |setting: &Setting| json!({ "text": setting.text, "number": setting.number });
    let (answer, edge) = match &finding.answer {
        Answer::Smallest(edge) => ("smallest", Some(edge)),
        Answer::Largest(edge) => ("largest", Some(edge)),
        Answer::Everywhere => ("everywhere", None),
        Answer::Nowhere => ("nowhere", None),
    };
    let trials = finding.trials.iter().map(|trial| {
        json!({
            "value": value(&trial.setting), "mean": trial.mean, "low": trial.low, "high": trial.high, "n": trial.n,
            "holds": trial.verdict.holds(), "certain": trial.verdict.certain(),
        })
    });
    json!({
        "path": search.path(), "unit": search.unit(), "condition": search.condition().text, "answer": answer,
        "value": edge.map(|edge| value(&edge.value)),
        "certainly_holds": edge.and_then(|edge| edge.holds.as_ref()).map(value),
        "certainly_fails": edge.and_then(|edge| edge.fails.as_ref()).map(value),
        "confidence": 0.95, "runs": finding.runs(), "wall_s": wall_s, "trials": trials.collect::<Vec<_>>(),
    })
}
