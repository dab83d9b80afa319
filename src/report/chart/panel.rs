//! A plot: two axes, parts, and the layout of labels.

use super::axis::Axis;
use super::model::{Block, Colour, Dot, Part, Place, Room, Style, Text};
use super::theme;

/// A stretch of a series without a gap: points in the units of the data, from left to right.
pub type Run = Vec<(f64, f64)>;

/// Places of data are multiples of one in `GRAIN` of the sheet's unit, so that labels keep their distance from points.
const GRAIN: f64 = 8.0;

/// A plot on the sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// The rectangle between the axes, without their labels.
    pub room: Room,
    /// The axis from left to right.
    pub x: Axis,
    /// The axis from bottom to top.
    pub y: Axis,
    /// Parts drawn under the marks, the undermost first.
    pub under: Vec<Part>,
    /// Parts drawn over the marks, the undermost first.
    pub over: Vec<Part>,
}

impl Panel {
    /// An empty plot that fills `room`.
    pub fn new(room: Room, x: &Axis, y: Axis) -> Panel {
        Panel { room, x: x.clone(), y, under: Vec::new(), over: Vec::new() }
    }

    /// Where a point of the data lies on the sheet.
    pub fn place(&self, point: (f64, f64)) -> Place {
        // The clamp is for what rounding pushes over an edge; points that are off the axes are never asked for.
        let (x, y) = (point.0.clamp(self.x.low, self.x.high), point.1.clamp(self.y.low, self.y.high));
        let between = |from: f64, to: f64, share: f64| {
            let (from, to) = ((from * GRAIN).round(), (to * GRAIN).round());
            (from + (to - from) * share).round() / GRAIN
        };
        let Room { left, top, right, bottom } = self.room;
        (between(left, right, self.x.share(x)), between(bottom, top, self.y.share(y)))
    }

    /// Where points of the data lie on the sheet.
    pub fn places(&self, points: &[(f64, f64)]) -> Vec<Place> {
        points.iter().map(|point| self.place(*point)).collect()
    }

    /// Adds horizontal lines at the ticks, and the labels of the ticks.
    pub fn grid(&mut self) {
        self.under.push(Part::Grid);
    }

    /// Adds the line at the foot; after areas, so that their feet lie below the line.
    pub fn base(&mut self) {
        self.under.push(Part::Base);
    }

    /// Adds ticks below the foot, with labels; a label that would run into the label before is left out.
    pub fn ticks(&mut self) {
        let mut free = f64::NEG_INFINITY;
        let mut ticks = self.x.ticks.clone();
        for tick in &mut ticks {
            let (x, _) = self.place((tick.at, self.y.low));
            let half = theme::TICK.measure(&tick.label) / 2.0;
            if x - half > free + 8.0 {
                free = x + half;
            } else {
                tick.label.clear();
            }
        }
        self.under.push(Part::Ticks(ticks));
    }

    /// Adds a caption above the upper left corner.
    pub fn caption(&mut self, text: &str) {
        let Room { left, top, right, .. } = self.room;
        let text = Text::within(text, (left, top - 14.0), theme::LABEL, right - left);
        self.under.push(Part::Label { text, ground: None });
    }

    /// Adds a line.
    pub fn line(&mut self, run: &[(f64, f64)], colour: Colour, width: f64) {
        self.under.push(Part::Line { points: run.to_vec(), colour, width, dashed: false });
    }

    /// Adds a dashed line.
    pub fn dashes(&mut self, run: &[(f64, f64)], colour: Colour, width: f64) {
        self.under.push(Part::Line { points: run.to_vec(), colour, width, dashed: true });
    }

    /// Adds a dashed line from edge to edge at one height.
    pub fn level(&mut self, y: f64, colour: Colour) {
        self.dashes(&[(self.x.low, y), (self.x.high, y)], colour, 1.5);
    }

    /// Adds the area between a line and the foot.
    pub fn area(&mut self, run: &[(f64, f64)], colour: Colour, opacity: f64) {
        let foot: Run = run.iter().map(|(x, _)| (*x, self.y.low)).collect();
        self.between(run, &foot, colour, opacity);
    }

    /// Adds the area between two lines.
    pub fn between(&mut self, upper: &[(f64, f64)], lower: &[(f64, f64)], colour: Colour, opacity: f64) {
        self.under.push(Part::Area { upper: upper.to_vec(), lower: lower.to_vec(), colour, opacity });
    }

    /// Adds bars that stand on the foot: begin, end and height of each.
    pub fn bars(&mut self, bars: &[(f64, f64, f64)], colour: Colour, opacity: f64) {
        self.under.push(Part::Bars { bars: bars.to_vec(), colour, opacity });
    }

    /// Adds a dot at a point of the data.
    pub fn dot(&mut self, point: (f64, f64), colour: Colour, radius: f64) {
        self.under.push(Part::Dot(Dot { at: self.place(point), colour, radius }));
    }

    /// Adds a text over the marks.
    pub fn label(&mut self, text: Text) {
        self.over.push(Part::Label { text, ground: None });
    }

    /// Adds a sentence in the middle, for a plot that has nothing to show.
    pub fn notice(&mut self, words: &str) {
        let Room { left, top, right, bottom } = self.room;
        let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
        let half = theme::SUBTITLE.measure(words) / 2.0 + 12.0;
        let ground = paper((x - half, y - 16.0), (x + half, y + 16.0), 1.0);
        self.over.push(Part::Label { text: Text::new(words, (x, y), theme::SUBTITLE).centred(), ground: Some(ground) });
    }

    /// Adds a text at a point of the data, on a ground of paper, and a dot at the point.
    pub fn callout(&mut self, text: &str, point: (f64, f64), style: Style) {
        let (x, y) = self.place(point);
        let width = style.measure(text);
        // Above the point if there is room; else before it, where a first maximum has only lower values; else below it.
        let above = y - 34.0 > self.room.top;
        let before = !above && x - 20.0 - width > self.room.left + 8.0;
        let wanted = match (above, before) {
            (true, _) => x - 10.0,
            (_, true) => x - 20.0 - width,
            _ => x + 14.0,
        };
        let left = wanted.clamp(self.room.left + 8.0, (self.room.right - width - 8.0).max(self.room.left + 8.0));
        let middle = match (above, before) {
            (true, _) => y - 22.0,
            (_, true) => y.max(self.room.top + 12.0),
            _ => y + 22.0,
        };
        let ground = paper((left - 6.0, middle - 11.0), (left + width + 6.0, middle + 11.0), 0.85);
        self.over.push(Part::Label { text: Text::new(text, (left, middle), style), ground: Some(ground) });
        self.over.push(Part::Dot(Dot { at: (x, y), colour: style.colour, radius: 4.0 }));
    }

    /// Adds labels beside the right edge, as far as `sheet_right`, each at the height of a value; labels make way for each
    /// other.
    pub fn ends(&mut self, labels: &[(f64, String, Colour)], sheet_right: f64) {
        const APART: f64 = 20.0;
        let mut wanted: Vec<(f64, &str, Colour)> = labels
            .iter()
            .map(|(value, text, colour)| (self.place((self.x.high, *value)).1, text.as_str(), *colour))
            .collect();
        wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let heights: Vec<f64> = wanted.iter().map(|label| label.0).collect();
        let left = self.room.right + 10.0;
        for ((_, text, colour), y) in wanted.iter().zip(dodge(&heights, APART, self.room.top, self.room.bottom)) {
            let style = theme::LABEL.coloured(*colour);
            self.label(Text::within(text, (left, y), style, sheet_right - left));
        }
    }

    /// Where a label of some width has the most room between two series: middle of the label, and the edges there. None
    /// where the room is lower than a line of text everywhere.
    pub fn thickest(
        &self,
        intervals: &[(f64, f64)],
        upper: &[f64],
        lower: &[f64],
        width: f64,
    ) -> Option<(f64, f64, f64)> {
        const LINE: f64 = 26.0;
        let half = width / 2.0 + 8.0;
        // A few hundred candidates find as good a place as all of them.
        let step = (intervals.len() / 240).max(1);
        let edges: Vec<Option<(f64, f64, f64)>> = (0..intervals.len().min(upper.len()).min(lower.len()))
            .step_by(step)
            .map(|i| {
                let middle = (intervals[i].0 + intervals[i].1) / 2.0;
                let (x, above) = self.place((middle, upper[i]));
                (upper[i].is_finite() && lower[i].is_finite()).then(|| (x, above, self.place((middle, lower[i])).1))
            })
            .collect();
        edges
            .iter()
            .flatten()
            .filter(|(x, ..)| x - half > self.room.left && x + half < self.room.right)
            .filter_map(|(x, ..)| {
                let mut within = edges.iter().filter(|edge| edge.is_none_or(|(at, ..)| (at - x).abs() <= half));
                let (above, below) = within.try_fold((f64::NEG_INFINITY, f64::INFINITY), |(above, below), edge| {
                    edge.map(|(_, up, low)| (above.max(up), below.min(low)))
                })?;
                Some((*x, above, below))
            })
            .max_by(|a, b| (a.2 - a.1).total_cmp(&(b.2 - b.1)))
            .filter(|(_, above, below)| below - above > LINE)
    }
}

fn paper(from: Place, to: Place, opacity: f64) -> Block {
    Block { from, to, colour: Colour::Paper, opacity }
}

/// Moves ascending heights apart by at least `apart`, each as little as need be, and within the edges as far as they go.
pub fn dodge(heights: &[f64], apart: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut placed = heights.to_vec();
    for i in 1..placed.len() {
        placed[i] = placed[i].max(placed[i - 1] + apart);
    }
    // What was pushed over the lower edge pushes back.
    let mut limit = bottom;
    for y in placed.iter_mut().rev() {
        *y = y.min(limit);
        limit = *y - apart;
    }
    let mut floor = top;
    for y in &mut placed {
        *y = y.max(floor);
        floor = *y + apart;
    }
    placed
}

/// Cuts a series at its gaps. Each value stands at the middle of its interval; the first and the last value of a run reach
/// to the outer edges of their intervals, so that a single interval is still seen.
pub fn runs(intervals: &[(f64, f64)], values: &[f64]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run: Run = Vec::new();
    let mut end = None;
    for ((from, until), value) in intervals.iter().zip(values) {
        if value.is_finite() {
            if run.is_empty() {
                run.push((*from, *value));
            }
            run.push(((from + until) / 2.0, *value));
            end = Some((*until, *value));
        } else if let Some(last) = end.take() {
            run.push(last);
            runs.push(std::mem::take(&mut run));
        }
    }
    if let Some(last) = end {
        run.push(last);
        runs.push(run);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_make_way_for_each_other() {
        assert_eq!(dodge(&[10.0, 12.0, 50.0], 20.0, 0.0, 100.0), [10.0, 30.0, 50.0]);
        assert_eq!(dodge(&[95.0, 99.0, 100.0], 20.0, 0.0, 100.0), [60.0, 80.0, 100.0]);
        assert!(dodge(&[], 20.0, 0.0, 100.0).is_empty());
    }

    #[test]
    fn series_are_cut_at_their_gaps_and_reach_their_edges() {
        let intervals = [(0.0, 10.0), (10.0, 20.0), (20.0, 30.0), (30.0, 40.0)];
        let cut = runs(&intervals, &[1.0, 2.0, f64::NAN, 3.0]);
        assert_eq!(
            cut,
            [vec![(0.0, 1.0), (5.0, 1.0), (15.0, 2.0), (20.0, 2.0)], vec![(30.0, 3.0), (35.0, 3.0), (40.0, 3.0)]]
        );
        assert!(runs(&intervals, &[f64::INFINITY; 4]).is_empty());
    }
}
