//! The charts of a sweep: heat maps with the line at a bound, small multiples of them, curves with bands, rankings of
//! parameters by effect, and cost against benefit.
//!
//! `suited` chooses the charts of a plan that asks for none. `names` has the words, `lane` the sides of a heat map, `map`
//! its cells, `contour` the line; each chart has a file of its own, and its title another where it is long.

pub mod contour;
mod cost;
mod curve_title;
mod curves;
mod heatmap;
mod lane;
mod map;
mod map_title;
mod multiples;
pub mod names;
mod ranking;
mod suited;
#[cfg(test)]
mod tests;
mod title;
mod view;

use super::sheet::Sheet;
use crate::report::ReportError;
use crate::report::words::phrase::Sentence;
use crate::sweep::{Outline, Results, Show};
use view::Sweep;

/// Kinds of charts, by the beginning of the names of their files: `heatmap.png`, `heatmap-2.png`.
pub const KINDS: [&str; 5] = ["heatmap", "curves", "small-multiples", "ranking", "cost"];

/// Most points of a sweep that leaves charts: a larger table would not fit in little memory, nor the points on a sheet.
pub const MOST_POINTS: u64 = 100_000;

/// A chart of a sweep with its title.
pub struct Titled {
    /// Name of the file without its ending.
    pub name: String,
    /// The chart.
    pub sheet: Sheet,
    /// The title, with the figures that it came from.
    pub title: Sentence,
}

/// The charts that a plan asks for, or charts that suit a plan that asks for none: file stem and sheet of each.
///
/// # Errors
/// If the store cannot be read.
pub fn all(results: &Results<'_>, digest: &str) -> Result<Vec<Titled>, ReportError> {
    let outline = results.outline();
    if outline.points() > MOST_POINTS {
        return Ok(Vec::new());
    }
    let show = shown(outline);
    let table = results.table(&suited::metrics(&show)).map_err(|error| ReportError::Chart(error.to_string()))?;
    Ok(numbered(charts(&Sweep { outline, table, digest }, &show)))
}

/// The figures of the charts that a plan asks for, or of charts that suit it.
pub fn metrics(outline: &Outline) -> Vec<String> {
    suited::metrics(&shown(outline)).into_iter().map(str::to_owned).collect()
}

/// The charts that a plan asks for, or charts that suit it.
fn shown(outline: &Outline) -> Show {
    let asked = outline.show();
    if *asked == Show::default() { suited::charts(outline) } else { asked.clone() }
}

/// Names charts by kind, and numbers charts of one kind from the second on.
fn numbered(charts: Vec<(&'static str, (Sheet, Sentence))>) -> Vec<Titled> {
    let mut counts = [0; KINDS.len()];
    let mut named = Vec::with_capacity(charts.len());
    for (kind, (sheet, title)) in charts {
        let count = KINDS.iter().position(|other| *other == kind).map_or(1, |index| {
            counts[index] += 1;
            counts[index]
        });
        let name = if count == 1 { kind.to_owned() } else { format!("{kind}-{count}") };
        named.push(Titled { name, sheet, title });
    }
    named
}

/// The charts that `show` asks for, each with its kind.
fn charts(sweep: &Sweep<'_>, show: &Show) -> Vec<(&'static str, (Sheet, Sentence))> {
    let heatmaps = show.heatmap.iter().map(|chart| (KINDS[0], heatmap::sheet(sweep, chart)));
    let curves = show.curves.iter().map(|chart| (KINDS[1], curves::sheet(sweep, chart)));
    let multiples = show.small_multiples.iter().map(|chart| (KINDS[2], multiples::sheet(sweep, chart)));
    let metrics = show.ranking.iter().flat_map(|chart| &chart.metrics);
    let rankings = metrics.map(|metric| (KINDS[3], ranking::sheet(sweep, metric)));
    let costs = show.cost.iter().map(|chart| (KINDS[4], cost::sheet(sweep, chart)));
    heatmaps.chain(curves).chain(multiples).chain(rankings).chain(costs).collect()
}
