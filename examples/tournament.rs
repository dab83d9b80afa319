//! Compares policies over several surges, each on its own crowds: people who see an error, and paired differences.
//!
//! `cargo run --release --example tournament -- REPLICATIONS SCENARIO@SCALE… -- OVERLAY…`
//!
//! Prints a Markdown table: a row for each policy, those of the best mean rank first. A cell states how many people fewer or
//! more see an error page than without the policy, with the 95% interval over the replications, and the rank among all.

use std::error::Error;
use std::path::{Path, PathBuf};

use dropstorm::experiment::{self, Arm, Comparison};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;

const FIGURE: &str = "harm.saw_error";
const USAGE: &str = "usage: tournament REPLICATIONS SCENARIO@SCALE... -- OVERLAY...";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (replications, files) = arguments.split_first().ok_or(USAGE)?;
    let replications: u64 = replications.parse().map_err(|_| USAGE)?;
    let split = files.iter().position(|argument| argument == "--").ok_or(USAGE)?;
    let overlays: Vec<PathBuf> = files[split + 1..].iter().map(PathBuf::from).collect();
    let mut surges = Vec::new();
    for file in &files[..split] {
        let (file, scale) = file.rsplit_once('@').ok_or(USAGE)?;
        surges.push((file, play(Path::new(file), scale, &overlays, replications)?));
    }
    print(&surges, &overlays);
    Ok(())
}

/// One surge without any policy, and with each.
fn play(file: &Path, scale: &str, overlays: &[PathBuf], replications: u64) -> Result<Comparison, Box<dyn Error>> {
    let base = Scenario::read(file)?.with("scale", scale)?;
    let mut models = vec![Model::compile(&base)];
    for overlay in overlays {
        models.push(Model::compile(&Scenario::read_with(file, std::slice::from_ref(overlay))?.with("scale", scale)?));
    }
    let arms: Vec<Arm<'_>> = models.iter().map(|model| Arm { model, seed: base.spec().seed }).collect();
    // The unit value ignores all progress and never stops the experiment.
    Ok(experiment::pair(&arms, 0..replications, &()).ok_or("stopped")?)
}

fn print(surges: &[(&str, Comparison)], overlays: &[PathBuf]) {
    let names: Vec<String> = surges.iter().map(|(file, _)| stem(Path::new(file))).collect();
    println!("| policy | {} | mean rank |", names.join(" | "));
    println!("|---|{}--:|", "--:|".repeat(surges.len()));
    let without: Vec<String> = surges.iter().map(|(_, surge)| people(mean(surge, 0))).collect();
    println!("| without: people who see an error | {} | |", without.join(" | "));
    let ranks: Vec<Vec<usize>> = surges.iter().map(|(_, surge)| ranks(surge)).collect();
    let mean_rank =
        |arm: usize| ranks.iter().map(|ranks| ranks[arm - 1] as f64).sum::<f64>() / ranks.len().max(1) as f64;
    let mut order: Vec<usize> = (1..=overlays.len()).collect();
    order.sort_by(|a, b| mean_rank(*a).total_cmp(&mean_rank(*b)).then(a.cmp(b)));
    for arm in order {
        let cell = |((_, surge), ranks): (&(&str, Comparison), &Vec<usize>)| {
            format!("{} ({})", difference(surge, arm), ranks[arm - 1])
        };
        let cells: Vec<String> = surges.iter().zip(&ranks).map(cell).collect();
        println!("| {} | {} | {:.1} |", stem(&overlays[arm - 1]), cells.join(" | "), mean_rank(arm));
    }
}

/// The rank of each policy in one surge, by people who see an error; equals share the better rank.
fn ranks(surge: &Comparison) -> Vec<usize> {
    let means: Vec<f64> = (1..surge.arms.len()).map(|arm| mean(surge, arm)).collect();
    means.iter().map(|own| 1 + means.iter().filter(|other| *other < own).count()).collect()
}

fn mean(surge: &Comparison, arm: usize) -> f64 {
    surge.figure(arm, FIGURE).map_or(f64::NAN, |estimate| estimate.mean)
}

/// People fewer (negative) or more than without the policy, and half the width of the 95% interval if there are several replications.
fn difference(surge: &Comparison, arm: usize) -> String {
    surge.difference(arm, FIGURE).map_or_else(String::new, |difference| {
        let sign = if difference.mean < 0.0 { "−" } else { "+" };
        let half = (difference.high - difference.low) / 2.0;
        // One replication has no interval.
        let interval = if difference.n > 1 { format!(" ± {}", people(half)) } else { String::new() };
        format!("{sign}{}{interval}", people(difference.mean.abs()))
    })
}

fn people(count: f64) -> String {
    match count {
        count if count >= 1e6 => format!("{:.2}M", count / 1e6),
        count if count >= 1e4 => format!("{:.0}k", count / 1e3),
        count => format!("{count:.0}"),
    }
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
