//! `traffic.png`: demand, goodput, wasted work and capacity of the bottleneck, and the utilization of pools.

use super::View;
use super::axis::Axis;
use super::marks::Marks;
use super::model::{Colour, Key, Room, SERIES, Sheet, Text};
use super::page::{Named, PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{Panel, runs};
use super::theme;
use crate::analysis::work::Work;
use crate::analysis::{highest, last};
use crate::report::letters;
use crate::report::numbers::{percent, si};
use crate::vocabulary::Column;

/// A capacity more than this many times above all other curves is told in words: drawn, it would flatten them.
const FAR_ABOVE: f64 = 3.0;

/// The curves of the bottleneck, or of everything where there is no bottleneck.
struct Curves {
    work: Work,
    /// The highest rate of the curves other than the capacity.
    others: f64,
    /// Whether the capacity is drawn.
    capacity: bool,
    /// Whether the wasted work is drawn.
    wasted: bool,
}

impl Curves {
    fn of(view: &View<'_>) -> Curves {
        let row = view.findings.bottleneck.map(|bottleneck| bottleneck.row).or(view.all);
        let work = row.map_or_else(Work::default, |row| Work::of(view.figures, row));
        let others = highest(&work.sent).max(highest(&work.worked));
        let most = highest(&work.capacity);
        let capacity = most > 0.0 && (others <= 0.0 || most <= FAR_ABOVE * others);
        let wasted = work.worked.iter().zip(&work.served).any(|(worked, served)| worked - served > 0.005 * others);
        Curves { work, others, capacity, wasted }
    }

    fn legend(&self) -> Vec<Named> {
        let mut legend = vec![
            ("Attempts sent".to_owned(), Colour::Demand, Key::Line),
            ("Served: goodput".to_owned(), Colour::Good, Key::Line),
        ];
        if self.wasted {
            legend.push(("Served for nobody: wasted work".to_owned(), Colour::Waste, Key::Area));
        }
        if self.capacity {
            legend.push(("Capacity".to_owned(), Colour::Ink, Key::Dashes));
        } else if let Some(capacity) = last(&self.work.capacity) {
            let name = format!("Capacity: {} per second, far above", si(capacity));
            legend.push((name, Colour::Ink, Key::Dashes));
        }
        legend
    }

    /// The labels beside the ends of the curves.
    fn ends(&self) -> Vec<(f64, String, Colour)> {
        let end = |values: &[f64], name: &str, colour| last(values).map(|value| (value, name.to_owned(), colour));
        let capacity = last(&self.work.capacity).filter(|_| self.capacity);
        let mut ends = Vec::new();
        ends.extend(end(&self.work.sent, "attempts", Colour::Demand));
        ends.extend(end(&self.work.served, "served", Colour::Good));
        ends.extend(capacity.map(|value| (value, format!("capacity {}", si(value)), Colour::Ink)));
        ends
    }
}

/// The chart.
pub fn sheet(view: &View<'_>) -> Sheet {
    let curves = Curves::of(view);
    let what = match view.findings.bottleneck {
        Some(bottleneck) => {
            format!("attempts per second at pool {} against its capacity", view.context.pool(bottleneck.pool))
        }
        None => "attempts per second".to_owned(),
    };
    let (mut sheet, top) = view.begin(&view.words.title("traffic"), &view.subtitle(&what), &curves.legend());
    let right = SHEET_RIGHT - 150.0;
    let x = view.time_axis(right);
    let marks = Marks::lay_out(&view.clock, &view.context.changes, &x, PLOT_LEFT, right, top);
    let main = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom: 640.0 };
    let strip = Room { left: PLOT_LEFT, right, top: 704.0, bottom: PLOT_BOTTOM };
    sheet.marks = marks.down_to(main.bottom);
    sheet.panels = vec![rates(view, &curves, &x, main), pools(view, &x, strip)];
    sheet
}

/// The rates against the capacity.
fn rates(view: &View<'_>, curves: &Curves, x: &Axis, room: Room) -> Panel {
    let Curves { work, others, capacity, wasted } = curves;
    let most = if *capacity { others.max(highest(&work.capacity)) } else { *others };
    let mut panel = Panel::new(room, x, Axis::counts(most * 1.03, 5));
    panel.grid();
    let served = runs(&view.intervals, &work.served);
    for run in &served {
        panel.area(run, Colour::Good, 0.14);
    }
    if *wasted {
        for (worked, served) in runs(&view.intervals, &work.worked).iter().zip(&served) {
            panel.between(worked, served, Colour::Waste, 0.5);
        }
    }
    for run in runs(&view.intervals, &work.sent) {
        panel.line(&run, Colour::Demand, 2.5);
    }
    if *capacity {
        for run in runs(&view.intervals, &work.capacity) {
            panel.dashes(&run, Colour::Ink, 1.6);
        }
    }
    for run in &served {
        panel.line(run, Colour::Good, 3.0);
    }
    panel.base();
    if *wasted && view.findings.in_trouble() {
        name_waste(view, work, &mut panel);
    }
    let ends = curves.ends();
    panel.ends(&ends, SHEET_RIGHT);
    if ends.is_empty() {
        panel.notice("no attempts in this window");
    }
    panel
}

/// How much of the work is wasted, where the area of wasted work is thickest.
fn name_waste(view: &View<'_>, work: &Work, panel: &mut Panel) {
    let wasted = view.findings.bottleneck.map_or(String::new(), |bottleneck| percent(bottleneck.wasted));
    let words = format!("{wasted} of the work is wasted");
    let width = theme::LABEL.measure(&words);
    if let Some((x, above, below)) = panel.thickest(&view.intervals, &work.worked, &work.served, width) {
        panel.label(Text::new(&words, (x, (above + below) / 2.0), theme::LABEL).centred());
    }
}

/// How busy the pools are: the busiest five by their highest utilization.
fn pools(view: &View<'_>, x: &Axis, room: Room) -> Panel {
    let mut lines: Vec<(usize, Vec<f64>)> =
        view.pool_rows().map(|(row, pool)| (pool, view.series(Some(row), Column::Utilization))).collect();
    lines.retain(|(_, busy)| busy.iter().any(|share| share.is_finite()));
    lines.sort_by(|a, b| highest(&b.1).total_cmp(&highest(&a.1)).then(a.0.cmp(&b.0)));
    lines.truncate(SERIES);
    let most = lines.iter().map(|(_, busy)| highest(busy)).fold(0.0, f64::max);
    let mut panel = Panel::new(room, x, Axis::shares(most.max(0.5), 2));
    panel.grid();
    panel.caption("How busy the servers of each pool are");
    let mut ends = Vec::new();
    for (rank, (pool, busy)) in lines.iter().enumerate() {
        for run in runs(&view.intervals, busy) {
            panel.line(&run, Colour::Series(rank), 2.0);
        }
        let name = letters::clean(view.context.pool(*pool));
        ends.extend(last(busy).map(|value| (value, name, Colour::Series(rank))));
    }
    panel.ends(&ends, SHEET_RIGHT);
    panel.base();
    panel.ticks();
    panel
}
