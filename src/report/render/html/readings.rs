//! The values of a chart's plots, for whoever points at them: series by name, in the units of the data.

use serde_json::{Map, Value, json};

use crate::report::chart::axis::{Axis, Times};
use crate::report::chart::model::{Colour, Part};
use crate::report::chart::panel::Panel;
use crate::report::chart::sheet::Sheet;
use crate::report::chart::ticks::{tick_millis, tick_percent, tick_si};
use crate::report::numbers;
use crate::report::render::svg::Paint;

/// The values of all plots of a chart.
pub struct Readings {
    /// The plots, in the order of the sheet.
    pub panels: Vec<Value>,
    /// The places at which series have values; series share them.
    pub grids: Vec<Value>,
}

/// A series, while it is put together.
struct Series {
    name: String,
    colour: Colour,
    /// Begin, end and value of each step; begin and end are one for points that are no steps.
    steps: Vec<(f64, f64, f64)>,
    /// The other end of a band at each step.
    upper: Option<Vec<f64>>,
}

impl Readings {
    /// The values of a chart called `name`.
    pub fn of(name: &str, sheet: &Sheet) -> Readings {
        let mut grids: Vec<Value> = Vec::new();
        let panels = sheet.panels.iter().map(|panel| self::panel(name, sheet, panel, &mut grids)).collect();
        Readings { panels, grids }
    }
}

fn panel(name: &str, sheet: &Sheet, panel: &Panel, grids: &mut Vec<Value>) -> Value {
    let room = panel.room;
    let series: Vec<Value> = series_of(sheet, panel)
        .into_iter()
        .map(|series| {
            let at: Vec<Value> = series.steps.iter().map(|step| number(step.0)).collect();
            let stepped = series.steps.iter().any(|step| step.1 > step.0);
            let end = number(series.steps.last().map_or(0.0, |step| step.1));
            let grid = json!({ "at": at, "steps": stepped, "end": end });
            let known = grids.iter().position(|known| *known == grid);
            let grid = known.unwrap_or_else(|| {
                grids.push(grid);
                grids.len() - 1
            });
            let mut told = Map::new();
            told.insert("name".to_owned(), json!(series.name));
            told.insert("colour".to_owned(), json!(Paint::Variables.of(series.colour)));
            told.insert("grid".to_owned(), json!(grid));
            told.insert("values".to_owned(), series.steps.iter().map(|step| number(step.2)).collect());
            if let Some(upper) = series.upper {
                told.insert("upper".to_owned(), upper.into_iter().map(number).collect());
            }
            Value::Object(told)
        })
        .collect();
    let (time, offsets) = match panel.x.time() {
        None => (None, None),
        Some(Times::Clock(offsets)) => (Some("clock"), Some(offsets)),
        Some(Times::Offsets) => (Some("offsets"), None),
    };
    json!({
        "name": caption(panel).unwrap_or_else(|| numbers::capital(&name.replace('-', " "))),
        "room": [room.left, room.top, room.right, room.bottom],
        "x": [panel.x.low, panel.x.high],
        "log": panel.x.is_logarithmic(),
        "time": time,
        "offsets": offsets,
        "form": form(&panel.y),
        "xform": form(&panel.x),
        "series": series,
    })
}

/// A number with as many digits as the tables have.
fn number(value: f64) -> Value {
    numbers::json(value)
}

/// A number of which nothing more is known.
pub fn plain(value: f64) -> String {
    numbers::cell(value)
}

/// Number format of an axis, the same for its readings as for its ticks.
fn form(axis: &Axis) -> Value {
    let labelled: Vec<_> = axis.ticks.iter().filter(|tick| !tick.label.is_empty()).collect();
    let all =
        |label: fn(f64) -> String| !labelled.is_empty() && labelled.iter().all(|tick| label(tick.at) == tick.label);
    if all(tick_percent) {
        return json!({ "of": "share" });
    }
    if all(tick_millis) {
        return json!({ "of": "ms" });
    }
    if all(tick_si) {
        return json!({ "of": "number", "by": 1, "unit": "" });
    }
    // Another unit: what the greatest tick says of its value.
    let read = labelled.iter().rev().find_map(|tick| {
        let end = tick.label.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(tick.label.len());
        let said: f64 = tick.label[..end].parse().ok()?;
        (tick.at != 0.0 && said != 0.0).then(|| (said / tick.at, tick.label[end..].to_owned()))
    });
    match read {
        Some((by, unit)) => json!({ "of": "number", "by": numbers::rounded(by), "unit": unit }),
        None => json!({ "of": "number", "by": 1, "unit": "" }),
    }
}

/// The series of a plot: lines and bars as they are, stacked areas as what each adds, bands as their two ends.
fn series_of(sheet: &Sheet, panel: &Panel) -> Vec<Series> {
    let lines: Vec<Colour> = parts(panel).filter_map(|part| drawn_line(part).map(|(colour, _)| colour)).collect();
    let mut found: Vec<Series> = Vec::new();
    for part in parts(panel) {
        let (colour, steps, upper) = match part {
            Part::Line { .. } => match drawn_line(part) {
                Some((colour, points)) => (colour, stepped(points), None),
                None => continue,
            },
            Part::Area { upper, lower, colour, .. } => {
                let foot = lower.iter().all(|point| point.1 <= panel.y.low);
                let has_line = lines.contains(colour);
                match (foot, has_line) {
                    // The line above the area says it.
                    (true, true) => continue,
                    (true, false) => (*colour, stepped(upper), None),
                    (false, true) => {
                        (*colour, stepped(lower), Some(stepped(upper).iter().map(|step| step.2).collect()))
                    }
                    (false, false) => {
                        let apart = upper.iter().zip(lower).map(|(up, low)| (up.0, up.1 - low.1)).collect::<Vec<_>>();
                        (*colour, stepped(&apart), None)
                    }
                }
            }
            Part::Bars { bars, colour, .. } => (*colour, bars.clone(), None),
            _ => continue,
        };
        add(&mut found, Series { name: String::new(), colour, steps, upper });
    }
    for series in &mut found {
        let name = name(sheet, panel, series.colour).unwrap_or_else(|| "Value".to_owned());
        series.name = if series.upper.is_some() { format!("{name}, interval") } else { name };
    }
    found
}

/// Adds a stretch to the series of its colour, which a gap may have cut, or begins a series with it.
fn add(found: &mut Vec<Series>, stretch: Series) {
    let Some(first) = stretch.steps.first() else { return };
    let goes_on = |series: &&mut Series| {
        let after = series.steps.last().is_none_or(|last| first.0 >= last.1 - 1e-9);
        series.colour == stretch.colour && series.upper.is_some() == stretch.upper.is_some() && after
    };
    match found.iter_mut().find(goes_on) {
        Some(series) => {
            series.steps.extend(stretch.steps);
            if let (Some(known), Some(upper)) = (&mut series.upper, stretch.upper) {
                known.extend(upper);
            }
        }
        None => found.push(stretch),
    }
}

fn parts(panel: &Panel) -> impl Iterator<Item = &Part> {
    panel.under.iter().chain(&panel.over)
}

/// Colour and points of a line that is drawn through data; none for a level that is drawn from edge to edge.
fn drawn_line(part: &Part) -> Option<(Colour, &[(f64, f64)])> {
    let Part::Line { points, colour, dashed, .. } = part else { return None };
    let level = *dashed && points.iter().all(|point| Some(point.1) == points.first().map(|first| first.1));
    (!level && !points.is_empty()).then_some((*colour, points))
}

/// Points as steps: two that follow each other at one height are the ends of one.
fn stepped(points: &[(f64, f64)]) -> Vec<(f64, f64, f64)> {
    let pairs = points.chunks_exact(2);
    let is_stepped =
        points.len().is_multiple_of(2) && pairs.clone().all(|pair| pair[0].1 == pair[1].1 && pair[1].0 > pair[0].0);
    if is_stepped {
        return pairs.map(|pair| (pair[0].0, pair[1].0, pair[0].1)).collect();
    }
    points.iter().map(|point| (point.0, point.0, point.1)).collect()
}

/// Name of a colour in the plot, in the legend, or at the end of its line; else the heading of the plot.
fn name(sheet: &Sheet, panel: &Panel, colour: Colour) -> Option<String> {
    let stated = panel.names.iter().find(|(known, _)| *known == colour).map(|(_, name)| name.clone());
    let legend = || sheet.legend.iter().find(|entry| entry.colour == colour).map(|entry| entry.name.text.clone());
    let legend = || legend().map(|name| name.split(" · ").next().unwrap_or_default().to_owned());
    let beside = || {
        let lines = panel.over.iter().filter_map(|part| match part {
            Part::Label { text, .. } if text.style.colour == colour && text.at.1 >= panel.room.top => {
                Some(text.text.as_str())
            }
            _ => None,
        });
        let lines: Vec<&str> = lines.collect();
        (!lines.is_empty()).then(|| lines.join(" "))
    };
    stated.or_else(legend).or_else(beside).or_else(|| caption(panel))
}

/// The caption above a plot.
fn caption(panel: &Panel) -> Option<String> {
    panel.under.iter().chain(&panel.over).find_map(|part| match part {
        Part::Label { text, ground: None } if text.at.1 < panel.room.top && text.at.0 == panel.room.left => {
            Some(text.text.clone())
        }
        _ => None,
    })
}
