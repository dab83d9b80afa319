//! The messages of a sweep: before it runs, when it is stopped, and when it is done.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use dropstorm::report::files::tables;
use dropstorm::report::numbers::{duration, grouped, si};
use dropstorm::report::sweeps::Told;
use dropstorm::sweep::{Outline, Replications, Shard, Store};
use dropstorm::system::text;
use serde_json::{Map, Value, json};

use super::super::error::{Error, Exit, note, print};
use super::super::options::Output;
use super::super::size::about_in_words;
use super::forecast::Forecast;

/// The units that a command ran itself, and how long they took.
pub struct Ran {
    pub units: u64,
    pub wall_s: f64,
}

/// Says once how long the check of a plan's points takes, if it takes more than a second.
pub fn checking(shows: bool) -> impl Fn(u64, u64) + Sync {
    let (begun, is_said) = (Instant::now(), AtomicBool::new(!shows));
    move |done, all| {
        let elapsed = begun.elapsed().as_secs_f64();
        if done > 0 && elapsed > 1.0 && !is_said.swap(true, Ordering::Relaxed) {
            let left = elapsed * (all - done) as f64 / done as f64;
            note(&format!("checking {} points, for {}", whole(all), about_in_words("about", left)));
        }
    }
}

/// The plan in a few lines.
pub fn overview(outline: &Outline, shard: Option<Shard>, units: u64) -> String {
    let (points, scenario) = (whole(outline.points()), outline.scenario());
    let times = match outline.replications() {
        Replications::Fixed(1) => String::new(),
        Replications::Fixed(count) => {
            format!(" × {} replications = {} units", whole(*count), whole(outline.most_units()))
        }
        Replications::Until(until) => format!(", each at most {} times", whole(until.at_most)),
    };
    let scale = if outline.scale() < 1.0 {
        format!(" at 1:{}", whole((1.0 / outline.scale()).round() as u64))
    } else {
        String::new()
    };
    let mut plan = format!("{}: {points} points{times} of {scenario}{scale}\n", outline.name());
    for (parameter, values) in outline.parameters().zip(outline.values_in_words()) {
        // A value with a line break cannot pass for a line of its own.
        plan.push_str(&format!("  {}: {}\n", parameter.paths.join(", "), text::visible(&values)));
    }
    plan.push_str(&alike(outline));
    let (baseline, is) = outline.baseline();
    plan.push_str(&format!("  differences are to point {baseline}, {is}\n"));
    if let Some(shard) = shard {
        plan.push_str(&format!("  shard {shard}: {} of the units\n", whole(units)));
    }
    plan
}

/// Number of points that are named as one simulation with another.
const MOST_NAMED: usize = 3;

/// The points that the scale makes the same simulation as an earlier one, in words; empty if there are none.
fn alike(outline: &Outline) -> String {
    let alike = outline.alike();
    let values = |point: u64| outline.values_at(point).join(", ");
    let named = alike.iter().take(MOST_NAMED);
    let named = named.map(|(point, earlier)| format!("{} and {}", values(*earlier), values(*point)));
    let rest = if alike.len() > MOST_NAMED { ", …" } else { "" };
    match alike.len() {
        0 => String::new(),
        count => format!(
            "  the scale makes {} of the points the same simulation as an earlier one: {}{rest}\n",
            whole(count as u64),
            named.collect::<Vec<_>>().join("; ")
        ),
    }
}

/// The number of units that an earlier run has left, in words.
pub fn held(held: u64, units: u64) -> String {
    format!("  {} of {} are done already\n", whole(held), whole(units))
}

/// The forecast of a sweep as JSON.
pub fn forecast_json(outline: &Outline, units: u64, jobs: usize, forecast: &Forecast, folder: &Path) -> String {
    let tree = json!({
        "sweep": outline.name(), "points": outline.points(), "units": units, "jobs": jobs,
        "seconds": forecast.sizes.seconds, "memory_bytes": forecast.sizes.memory.ceil(),
        "disk_bytes": forecast.disk, "events": forecast.sizes.events.ceil(),
        "folder": folder,
    });
    format!("{}\n", text::json(&tree))
}

/// The end of a sweep or a search that was stopped: its units are kept, as `kept` says in words, unless their file is gone.
pub fn stopped(store: &Store, kept: &str, exit: Exit) -> Error {
    let file = text::path(store.path());
    if store.path().exists() {
        Error::stopped(format!("stopped: {kept} are kept in {file}"), exit).help("the same command goes on from here")
    } else {
        Error::stopped(format!("stopped: {file} is gone, so that nothing is kept"), exit)
    }
}

/// The units of a sweep that a store holds, in words.
pub fn kept(store: &Store, units: u64) -> String {
    format!("{} of {} units", whole(store.len()), whole(units))
}

/// Prints that a shard is done.
pub fn shard(shard: Shard, file: &Path, units: u64, how: &str, output: &Output) -> Result<(), Error> {
    if output.json {
        let tree = json!({ "shard": shard.index, "of": shard.count, "units": units, "file": file });
        return print(&format!("{}\n", text::json(&tree)));
    }
    if output.quiet {
        return Ok(());
    }
    print(&format!("Shard {shard} is {how}: {} units in {}\n", whole(units), text::path(file)))
}

/// Prints the results of a sweep. Units without figures are an error.
pub fn finished(
    told: &Told,
    outline: &Outline,
    folder: &Path,
    ran: Option<Ran>,
    output: &Output,
) -> Result<Exit, Error> {
    if output.json {
        print(&results_json(told, outline, folder, ran))?;
    } else if !output.quiet {
        print(&results(told, folder, ran))?;
    }
    if told.cut_short > 0 {
        let (cut, all) = (whole(told.cut_short), whole(told.units));
        let error = format!("{cut} of {all} units were ended by a limit and have no figures");
        return Err(Error::failed(error).help(format!("see the column `ended` of {}", tables::UNITS)));
    }
    Ok(Exit::Done)
}

fn results(told: &Told, folder: &Path, ran: Option<Ran>) -> String {
    let mut shown = String::new();
    if let Some(Ran { units, wall_s }) = ran.filter(|ran| ran.units > 0) {
        let rate = units as f64 / wall_s.max(1e-9);
        shown.push_str(&format!("{} units in {}, {} a second\n", whole(units), duration(wall_s), si(rate)));
    }
    told.titles.iter().for_each(|(_, title)| shown.push_str(&format!("{}\n", title.shown())));
    let names: Vec<String> =
        told.files.iter().filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned())).collect();
    shown.push_str(&format!("Wrote {}: {}\n", text::path(folder), names.join(", ")));
    shown
}

fn results_json(told: &Told, outline: &Outline, folder: &Path, ran: Option<Ran>) -> String {
    let mut tree = json!({
        "sweep": outline.name(), "points": outline.points(), "units": told.units, "cut_short": told.cut_short,
        "digest": told.digest, "folder": folder, "files": told.files,
        "titles": told.titles.iter().map(|(chart, title)| (chart.clone(), json!(title))).collect::<Map<String, Value>>(),
    });
    if let Some(Ran { units, wall_s }) = ran {
        tree["ran"] = units.into();
        tree["wall_s"] = wall_s.into();
    }
    format!("{}\n", text::json(&tree))
}

/// A whole number with its thousands apart.
fn whole(number: u64) -> String {
    grouped(number as f64)
}
