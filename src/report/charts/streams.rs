//! `streams.png`: how many streams play, and whether the links carry them.

use super::axis::Axis;
use super::canvas::{Canvas, Drawn, sheet};
use super::page::{self, Marks, PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{Panel, Room, runs};
use super::{Look, highest, last, theme};
use crate::report::numbers::{percent, si};
use crate::vocabulary::Column;

/// Name of the file.
pub const FILE: &str = "streams.png";

/// Draws it; nothing if nothing streams.
pub fn draw(look: &Look<'_>) -> Drawn<Option<Vec<u8>>> {
    let streams = look.series(look.all, Column::StreamsMean);
    if highest(&streams) <= 0.0 {
        return Ok(None);
    }
    let title = title(look, &streams);
    sheet(&page::notes(look.context, &title), |canvas| paint(look, canvas, &title, &streams)).map(Some)
}

/// What happened, in words that hold for any figures.
fn title(look: &Look<'_>, streams: &[f64]) -> String {
    let most = highest(streams);
    let at = streams.iter().position(|value| *value == most).unwrap_or(0);
    let head = format!("Streams peak at {} at {}", si(most), look.clock.moment(look.figures.time_s(at)));
    match look.findings.link {
        Some(link) if link >= 0.999 => format!("{head}, and a link is full"),
        Some(link) => format!("{head}; the fullest link carries {} of its capacity", percent(link)),
        None => head,
    }
}

fn paint(look: &Look<'_>, canvas: &Canvas<'_>, title: &str, streams: &[f64]) -> Drawn {
    let links = link_lines(look);
    let top = page::header(canvas, title, &look.subtitle("streams that play, and what carries them"), &[])?;
    let right = SHEET_RIGHT - 170.0;
    let x = look.time_axis(right - PLOT_LEFT);
    let marks = Marks::lay_out(&look.clock, &look.context.changes, &x, PLOT_LEFT, right, top);
    let main = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom: 560.0 };
    let panel = Panel::new(canvas, main, &x, Axis::counts(highest(streams) * 1.05, 5));
    panel.grid()?;
    for run in runs(&look.intervals, streams) {
        panel.area(&run, theme::STREAMS, 0.16)?;
        panel.line(&run, theme::STREAMS, 3.0)?;
    }
    panel.base()?;
    marks.draw(canvas, main.bottom)?;
    panel.ends(
        &last(streams).map(|value| vec![(value, "streams".to_owned(), theme::STREAMS)]).unwrap_or_default(),
        SHEET_RIGHT,
    )?;

    let strip = Room { left: PLOT_LEFT, right, top: 632.0, bottom: PLOT_BOTTOM };
    if links.is_empty() {
        let bitrate: Vec<f64> = look.series(look.all, Column::BitrateMean).iter().map(|kbps| kbps * 1e3).collect();
        let below = Panel::new(canvas, strip, &x, Axis::counts(highest(&bitrate) * 1.05, 3));
        below.grid()?;
        below.caption("Mean bit rate of a stream, bit/s")?;
        for run in runs(&look.intervals, &bitrate) {
            below.line(&run, theme::STREAMS, 2.5)?;
        }
        below.base()?;
        below.times()?;
    } else {
        let most = links.iter().map(|(_, values)| highest(values)).fold(0.0, f64::max);
        let below = Panel::new(canvas, strip, &x, Axis::shares(most, 3));
        below.grid()?;
        below.caption("What the links carry, of their capacity")?;
        let mut ends = Vec::new();
        for ((name, values), colour) in links.iter().zip(theme::SERIES) {
            for run in runs(&look.intervals, values) {
                below.line(&run, colour, 2.0)?;
            }
            ends.extend(last(values).map(|value| (value, name.clone(), colour)));
        }
        below.base()?;
        below.times()?;
        below.ends(&ends, SHEET_RIGHT)?;
    }
    page::footer(canvas, look.context, look.figures.replications)
}

/// The links of the five regions whose links are fullest.
fn link_lines(look: &Look<'_>) -> Vec<(String, Vec<f64>)> {
    let mut links: Vec<(String, Vec<f64>)> = look
        .region_rows()
        .map(|(row, region)| (look.region(region).to_owned(), look.series(row, Column::LinkUtilization)))
        .filter(|(_, values)| values.iter().any(|value| value.is_finite()))
        .collect();
    links.sort_by(|a, b| highest(&b.1).total_cmp(&highest(&a.1)));
    links.truncate(theme::SERIES.len());
    links
}
