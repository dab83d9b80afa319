//! Distribution of reply latencies over time: a grid of time and latency, below the percentiles.

use super::View;
use super::model::{Block, Colour, Fill, Heat, Part, Room, Text};
use super::panel::{Panel, Run};
use super::theme;
use crate::measure::{CLASSES, class_from_ms};
use crate::report::numbers::percent;

/// Most columns of the grid.
const COLUMNS: usize = 160;
/// Steps of the scale of colours.
const STEPS: f64 = 9.0;
/// Share of the replies of a column below which a cell stays empty.
const LEAST: f64 = 0.001;
/// Share of the replies of a column from which on the axis reaches to a class.
const REACHED: f64 = 0.01;
/// Width of the scale of colours.
const SCALE: f64 = 110.0;

/// The replies of each column by class.
pub struct Latencies {
    /// Edges of the columns, in seconds from the drop.
    edges: Vec<f64>,
    /// Share of the replies of a column in each class, column by column.
    shares: Vec<[f64; CLASSES]>,
    /// The highest share.
    most: f64,
}

impl Latencies {
    /// The replies of what is drawn of a run; `None` where nothing is known of them.
    pub fn of(view: &View<'_>) -> Option<Latencies> {
        let figures = view.whole;
        let at = view.focus.as_ref().map_or(0..figures.intervals, |focus| focus.at.clone());
        if figures.latencies.len() < at.end * CLASSES || at.is_empty() {
            return None;
        }
        let together = at.len().div_ceil(COLUMNS);
        // A column begins with the interval that holds the drop, so that nothing is seen before its cause.
        let before = (-figures.time_s(at.start) / figures.width_s + 1e-9).floor();
        let first = at.start + if before > 0.0 { before as usize % together } else { 0 };
        let mut starts: Vec<usize> = (first..at.end).step_by(together).collect();
        if first > at.start {
            starts.insert(0, at.start);
        }
        let ends = starts.iter().skip(1).copied().chain([at.end]);
        let shares: Vec<[f64; CLASSES]> = starts
            .iter()
            .zip(ends)
            .map(|(from, until)| {
                let mut counts = [0.0; CLASSES];
                for interval in figures.latencies[from * CLASSES..until * CLASSES].chunks_exact(CLASSES) {
                    counts.iter_mut().zip(interval).for_each(|(sum, count)| *sum += *count as f64);
                }
                let all: f64 = counts.iter().sum();
                counts.map(|count| if all > 0.0 { count / all } else { 0.0 })
            })
            .collect();
        let most = shares.iter().flatten().copied().fold(0.0, f64::max);
        let edges = starts.iter().chain([&at.end]).map(|interval| figures.time_s(*interval)).collect();
        (most > 0.0).then_some(Latencies { edges, shares, most })
    }

    /// Latencies that the axis must hold, in milliseconds.
    pub fn ends(&self) -> Vec<f64> {
        let mean = |class: &usize| {
            let known = self.shares.iter().filter(|column| column.iter().any(|share| *share > 0.0));
            let (sum, count) = known.fold((0.0, 0.0), |(sum, count), column| (sum + column[*class], count + 1.0));
            sum / count
        };
        // A few fast replies of a quiet moment are worth no decade; slow ones are what the chart is about.
        let lowest = (1..CLASSES).find(|class| mean(class) >= REACHED).map(class_from_ms);
        let is_reached = |class: &usize| self.shares.iter().any(|column| column[*class] >= REACHED);
        let highest = (1..CLASSES - 1).rev().find(is_reached).map(|class| class_from_ms(class + 1));
        lowest.into_iter().chain(highest).collect()
    }

    /// Draws the grid below all that a plot has, and what the colours mean at the right end of the heading.
    pub fn draw(&self, panel: &mut Panel) {
        let (low, high) = (panel.y.low, panel.y.high);
        let classes: Vec<usize> =
            (0..CLASSES - 1).filter(|class| class_from_ms(class + 1) > low && class_from_ms(*class) < high).collect();
        let (Some(lowest), Some(highest)) = (classes.first(), classes.last()) else { return };
        let ys = classes.iter().rev().map(|class| class_from_ms(class + 1).min(high));
        let ys = ys.chain([class_from_ms(*lowest).max(low)]).collect();
        let row = |class: usize| self.shares.iter().map(move |column| self.fill(column[class]));
        let fills = (*lowest..=*highest).rev().flat_map(row).collect();
        let mut under = vec![Part::Heat(Heat { xs: self.edges.clone(), ys, fills })];
        under.append(&mut panel.under);
        panel.under = under;
        self.key(panel);
    }

    fn fill(&self, share: f64) -> Option<Fill> {
        // The root tells few from none.
        let depth = (share / self.most).sqrt();
        (share >= LEAST).then(|| Fill::Amount((depth * STEPS).ceil().min(STEPS) / STEPS * 0.75))
    }

    /// The left end of what the colours mean.
    pub fn left_of_key(&self, room: Room) -> f64 {
        room.right - theme::NOTE.measure(&self.most_in_words()) - 16.0 - SCALE - theme::NOTE.measure("0%")
    }

    fn most_in_words(&self) -> String {
        format!("{} of the replies of a moment", percent(self.most))
    }

    fn key(&self, panel: &mut Panel) {
        let (right, y) = (panel.room.right, panel.room.top - 14.0);
        let most = self.most_in_words();
        let left = right - theme::NOTE.measure(&most) - 8.0 - SCALE;
        for step in 1..=STEPS as usize {
            let share = self.most * (step as f64 / STEPS) * (step as f64 / STEPS);
            let Some(fill) = self.fill(share) else { continue };
            let from = left + SCALE * (step - 1) as f64 / STEPS;
            let to = (from + SCALE / STEPS, y + 7.0);
            panel.over.push(Part::Block(Block { from: (from, y - 7.0), to, colour: Colour::Fill(fill), opacity: 1.0 }));
        }
        panel.label(Text::new("0%", (left - 8.0, y), theme::NOTE).ending());
        panel.label(Text::new(&most, (right, y), theme::NOTE).ending());
    }
}

/// Sets a line off from the grid that lies below it.
pub fn rim(panel: &mut Panel, run: &Run) {
    let places = panel.places(run);
    panel.under.push(Part::Rule { places, colour: Colour::Paper, width: 5.0 });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::axis::Axis;
    use crate::report::chart::focus::Focus;
    use crate::report::support::Morning;

    /// The class that holds a latency.
    fn class(ms: f64) -> usize {
        (0..CLASSES).rposition(|class| class_from_ms(class) <= ms).unwrap()
    }

    fn morning() -> Morning {
        let mut morning = Morning::new();
        let all = morning.figures.intervals;
        morning.figures.latencies = vec![0; all * CLASSES];
        for interval in 0..all {
            // From the drop on, replies take long.
            let ms = if morning.figures.time_s(interval) < 0.0 { [5.0, 40.0] } else { [900.0, 4000.0] };
            morning.figures.latencies[interval * CLASSES + class(ms[0])] = 30;
            morning.figures.latencies[interval * CLASSES + class(ms[1])] = 10;
        }
        morning
    }

    #[test]
    fn replies_are_where_their_latencies_are_and_never_before_their_cause() {
        let morning = morning();
        let (context, findings) = (morning.context(), morning.findings());
        let subject = morning.subject(&context, &findings);
        let focus = Focus::around(&morning.figures, (0.0, 700.0)).unwrap();
        for view in [View::whole(&subject), View::focused(&subject, focus)] {
            let latencies = Latencies::of(&view).unwrap();
            assert!(latencies.shares.len() <= COLUMNS + 1 && latencies.edges.len() == latencies.shares.len() + 1);
            assert!(latencies.edges.contains(&0.0), "{:?}", latencies.edges);
            for (edge, shares) in latencies.edges.iter().zip(&latencies.shares) {
                let many = if *edge < 0.0 { 5.0 } else { 900.0 };
                assert_eq!((shares[class(many)], shares.iter().sum::<f64>()), (0.75, 1.0), "{edge}");
            }
            let ends = latencies.ends();
            assert!(ends[0] <= 5.0 && ends[0] > 2.5 && ends[1] > 4000.0 && ends[1] < 8000.0, "{ends:?}");
        }
    }

    #[test]
    fn the_grid_lies_below_everything_and_within_the_axis() {
        let morning = morning();
        let (context, findings) = (morning.context(), morning.findings());
        let subject = morning.subject(&context, &findings);
        let latencies = Latencies::of(&View::whole(&subject)).unwrap();
        let room = Room { left: 100.0, top: 100.0, right: 900.0, bottom: 400.0 };
        let mut panel = Panel::new(room, &Axis::counts(10.0, 5), Axis::log_millis(20.0, 2000.0));
        panel.grid();
        latencies.draw(&mut panel);
        let Part::Heat(heat) = &panel.under[0] else { panic!("{:?}", panel.under[0]) };
        assert_eq!(heat.fills.len(), (heat.xs.len() - 1) * (heat.ys.len() - 1));
        assert!(heat.ys.iter().all(|y| panel.y.holds(*y)) && heat.ys.windows(2).all(|pair| pair[0] > pair[1]));
        assert!(heat.fills.iter().any(Option::is_some));
    }

    #[test]
    fn without_counts_there_is_no_grid() {
        let morning = Morning::new();
        let (context, findings) = (morning.context(), morning.findings());
        assert!(Latencies::of(&View::whole(&morning.subject(&context, &findings))).is_none());
    }
}
