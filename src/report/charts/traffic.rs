//! `traffic.png`: what was asked of the bottleneck, what it could carry, and what came of it.

use plotters::style::text_anchor::{HPos, VPos};

use super::axis::Axis;
use super::canvas::{Canvas, Drawn, measure, sheet};
use super::page::{self, Key, Marks, PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{Panel, Room, runs};
use super::{Look, highest, last, text, theme};
use crate::report::numbers::{percent, si};
use crate::vocabulary::{Column, Outcome};

/// Name of the file.
pub const FILE: &str = "traffic.png";

/// A capacity this many times above everything else would press the rest to the floor; it is told in words.
const FAR_ABOVE: f64 = 3.0;

/// The curves, each one value per interval.
struct Curves {
    sent: Vec<f64>,
    served: Vec<f64>,
    /// Served, and on top of it what the servers worked in vain, as attempts of their mean size.
    worked: Vec<f64>,
    capacity: Vec<f64>,
}

impl Curves {
    fn of(look: &Look<'_>) -> Curves {
        let row = look.findings.bottleneck.map_or(look.all, |bottleneck| bottleneck.row);
        let sent = look.per_second(row, Column::Attempts);
        let served = look.per_second(row, Outcome::Served.column());
        let capacity = look.series(row, Column::CapacityPerSecond);
        let (busy, wasted) = (look.series(row, Column::Utilization), look.series(row, Column::WastedShare));
        let worked = (0..served.len())
            .map(|i| {
                let in_vain = capacity[i] * busy[i] * wasted[i];
                served[i] + if in_vain.is_finite() { in_vain.max(0.0) } else { 0.0 }
            })
            .collect();
        Curves { sent, served, worked, capacity }
    }
}

/// Draws it.
pub fn draw(look: &Look<'_>) -> Drawn<Vec<u8>> {
    let title = title(look);
    sheet(&page::notes(look.context, &title), |canvas| paint(look, canvas, &title))
}

/// What happened, in words that hold for any figures.
pub fn title(look: &Look<'_>) -> String {
    let Some(bottleneck) = look.findings.bottleneck.filter(|bottleneck| bottleneck.demand.is_finite()) else {
        let most = highest(&look.per_second(look.all, Column::Attempts));
        return if most > 0.0 {
            format!("Attempts peak at {} per second", si(most))
        } else {
            "No attempts are sent in this window".to_owned()
        };
    };
    let pool = look.pool(bottleneck.pool);
    let times = |ratio: f64| if ratio < 9.95 { format!("{ratio:.1}") } else { si(ratio) };
    match (bottleneck.demand, look.findings.episode) {
        (demand, Some(_)) if demand > 1.0 && bottleneck.wasted >= 0.05 => format!(
            "For a minute demand is {} times the capacity of {pool}; while attempts fail, {} of its work serves nobody",
            times(demand),
            percent(bottleneck.wasted)
        ),
        (demand, _) if demand >= 1.05 => {
            format!("For a minute demand is {} times the capacity of {pool}", times(demand))
        }
        (demand, _) => format!("Demand reaches {} of the capacity of {pool}, the busiest pool", percent(demand)),
    }
}

fn paint(look: &Look<'_>, canvas: &Canvas<'_>, title: &str) -> Drawn {
    let curves = Curves::of(look);
    let what = match look.findings.bottleneck {
        Some(bottleneck) => format!("attempts per second at pool {} against its capacity", look.pool(bottleneck.pool)),
        None => "attempts per second".to_owned(),
    };
    let others = highest(&curves.sent).max(highest(&curves.worked));
    let room_for_capacity =
        highest(&curves.capacity) > 0.0 && (others <= 0.0 || highest(&curves.capacity) <= FAR_ABOVE * others);
    let wasted = curves.worked.iter().zip(&curves.served).any(|(worked, served)| worked - served > 0.005 * others);
    let mut legend = vec![
        ("Attempts sent".to_owned(), theme::DEMAND, Key::Line),
        ("Served: goodput".to_owned(), theme::GOOD, Key::Line),
    ];
    if wasted {
        legend.push(("Served for nobody: wasted work".to_owned(), theme::WASTE, Key::Area));
    }
    if room_for_capacity {
        legend.push(("Capacity".to_owned(), theme::INK, Key::Dashes));
    } else if let Some(capacity) = last(&curves.capacity) {
        legend.push((format!("Capacity: {} per second, far above", si(capacity)), theme::INK, Key::Dashes));
    }
    let top = page::header(canvas, title, &look.subtitle(&what), &legend)?;
    let right = SHEET_RIGHT - 150.0;
    let x = look.time_axis(right - PLOT_LEFT);
    let marks = Marks::lay_out(&look.clock, &look.context.changes, &x, PLOT_LEFT, right, top);
    let main = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom: 640.0 };
    let most = if room_for_capacity { others.max(highest(&curves.capacity)) } else { others };
    let panel = Panel::new(canvas, main, &x, Axis::counts(most * 1.03, 5));
    panel.grid()?;
    let served_runs = runs(&look.intervals, &curves.served);
    for run in &served_runs {
        panel.area(run, theme::GOOD, 0.14)?;
    }
    if wasted {
        for (worked, served) in runs(&look.intervals, &curves.worked).iter().zip(&served_runs) {
            panel.between(worked, served, theme::WASTE, 0.5)?;
        }
    }
    for run in runs(&look.intervals, &curves.sent) {
        panel.line(&run, theme::DEMAND, 2.5)?;
    }
    if room_for_capacity {
        for run in runs(&look.intervals, &curves.capacity) {
            panel.dashes(&run, theme::INK, 1.6)?;
        }
    }
    for run in &served_runs {
        panel.line(run, theme::GOOD, 3.0)?;
    }
    panel.base()?;
    marks.draw(canvas, main.bottom)?;
    let words =
        format!("{} of the work is wasted", look.findings.bottleneck.map_or(String::new(), |b| percent(b.wasted)));
    let width = measure(&words, theme::LABEL);
    if let Some((x, above, below)) = panel
        .thickest(&look.intervals, &curves.worked, &curves.served, width)
        .filter(|_| wasted && look.findings.in_trouble())
    {
        canvas.text(&words, (x, (above + below) / 2.0), theme::LABEL, HPos::Center, VPos::Center)?;
    }
    let mut ends = Vec::new();
    ends.extend(last(&curves.sent).map(|value| (value, "attempts".to_owned(), theme::DEMAND)));
    ends.extend(last(&curves.served).map(|value| (value, "served".to_owned(), theme::GOOD)));
    ends.extend(
        last(&curves.capacity)
            .filter(|_| room_for_capacity)
            .map(|value| (value, format!("capacity {}", si(value)), theme::INK)),
    );
    panel.ends(&ends, SHEET_RIGHT)?;
    if ends.is_empty() {
        page::nothing(canvas, main, "no attempts in this window")?;
    }
    pools(look, canvas, &x, Room { left: PLOT_LEFT, right, top: 704.0, bottom: PLOT_BOTTOM })?;
    page::footer(canvas, look.context, look.figures.replications)
}

/// How busy the pools are: the busiest five by their highest utilization.
fn pools(look: &Look<'_>, canvas: &Canvas<'_>, x: &Axis, room: Room) -> Drawn {
    let mut lines: Vec<(usize, Vec<f64>)> =
        look.pool_rows().map(|(row, pool)| (pool, look.series(row, Column::Utilization))).collect();
    lines.retain(|(_, busy)| busy.iter().any(|share| share.is_finite()));
    lines.sort_by(|a, b| highest(&b.1).total_cmp(&highest(&a.1)).then(a.0.cmp(&b.0)));
    lines.truncate(theme::SERIES.len());
    let most = lines.iter().map(|(_, busy)| highest(busy)).fold(0.0, f64::max);
    let strip = Panel::new(canvas, room, x, Axis::shares(most.max(0.5), 2));
    strip.grid()?;
    strip.caption("How busy the servers of each pool are")?;
    let mut ends = Vec::new();
    for ((pool, busy), colour) in lines.iter().zip(theme::SERIES) {
        for run in runs(&look.intervals, busy) {
            strip.line(&run, colour, 2.0)?;
        }
        ends.extend(last(busy).map(|value| (value, text::clean(look.pool(*pool)), colour)));
    }
    strip.ends(&ends, SHEET_RIGHT)?;
    strip.base()?;
    strip.times()
}
