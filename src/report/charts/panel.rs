//! A plot: two axes, a grid, and series drawn in the units of the data.

use plotters::coord::cartesian::Cartesian2d;
use plotters::prelude::DrawingArea;
use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use super::axis::Axis;
use super::backend::{Skia, UNITS};
use super::canvas::{Canvas, Drawn, Place, measure, units};
use super::theme;

/// A rectangle of the sheet in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// A stretch of a series without a gap: places in the units of the data, from left to right.
pub type Run = Vec<(f64, f64)>;

/// A plot on a canvas.
pub struct Panel<'c, 'p> {
    canvas: &'c Canvas<'p>,
    area: DrawingArea<Skia<'p>, Cartesian2d<Axis, Axis>>,
    /// Where it is.
    pub room: Room,
    /// The axis from left to right.
    pub x: Axis,
    /// The axis from below to above.
    pub y: Axis,
}

impl<'c, 'p> Panel<'c, 'p> {
    /// A plot that fills `room`, its labels outside of it.
    pub fn new(canvas: &'c Canvas<'p>, room: Room, x: &Axis, y: Axis) -> Panel<'c, 'p> {
        let across = units(room.left)..units(room.right);
        let upward = units(room.bottom)..units(room.top);
        let area = canvas.area.apply_coord_spec(Cartesian2d::new(x.clone(), y.clone(), (across, upward)));
        Panel { canvas, area, room, x: x.clone(), y }
    }

    /// Where a point of the data lies on the sheet.
    pub fn place(&self, point: (f64, f64)) -> Place {
        // The clamp is for what rounding pushes over an edge; points that are off the axes are never asked for.
        let clamped = (point.0.clamp(self.x.low, self.x.high), point.1.clamp(self.y.low, self.y.high));
        let (x, y) = self.area.map_coordinate(&clamped);
        (f64::from(x) / UNITS, f64::from(y) / UNITS)
    }

    fn places(&self, run: &[(f64, f64)]) -> Vec<Place> {
        run.iter().map(|point| self.place(*point)).collect()
    }

    /// Horizontal lines and the numbers beside them.
    pub fn grid(&self) -> Drawn {
        for tick in &self.y.ticks {
            let (_, y) = self.place((self.x.low, tick.at));
            self.canvas.line(&[(self.room.left, y), (self.room.right, y)], theme::GRID, 1.0)?;
            self.canvas.text(&tick.label, (self.room.left - 12.0, y), theme::TICK, HPos::Right, VPos::Center)?;
        }
        Ok(())
    }

    /// The line at the foot; drawn last, over the feet of areas.
    pub fn base(&self) -> Drawn {
        let y = self.room.bottom;
        self.canvas.line(&[(self.room.left, y), (self.room.right, y)], theme::AXIS, 1.5)
    }

    /// Tick marks and clock times below the foot; a label that would run into its neighbour stays away.
    pub fn times(&self) -> Drawn {
        let mut free = f64::NEG_INFINITY;
        for tick in &self.x.ticks {
            let (x, _) = self.place((tick.at, self.y.low));
            self.canvas.line(&[(x, self.room.bottom), (x, self.room.bottom + 6.0)], theme::AXIS, 1.5)?;
            let half = measure(&tick.label, theme::TICK) / 2.0;
            if x - half > free + 8.0 {
                self.canvas.text(&tick.label, (x, self.room.bottom + 12.0), theme::TICK, HPos::Center, VPos::Top)?;
                free = x + half;
            }
        }
        Ok(())
    }

    /// What the plot shows, above its upper left corner.
    pub fn caption(&self, text: &str) -> Drawn {
        let place = (self.room.left, self.room.top - 14.0);
        self.canvas.label(text, place, theme::LABEL, self.room.right - self.room.left)
    }

    /// A line.
    pub fn line(&self, run: &[(f64, f64)], colour: RGBColor, width: f64) -> Drawn {
        self.canvas.line(&self.places(run), colour, width)
    }

    /// A dashed line.
    pub fn dashes(&self, run: &[(f64, f64)], colour: RGBColor, width: f64) -> Drawn {
        self.canvas.dashes(&self.places(run), colour, width, 8.0, 6.0)
    }

    /// A dashed line from edge to edge at one height.
    pub fn level(&self, y: f64, colour: RGBColor) -> Drawn {
        self.dashes(&[(self.x.low, y), (self.x.high, y)], colour, 1.5)
    }

    /// The area between a line and the foot.
    pub fn area(&self, run: &[(f64, f64)], colour: RGBColor, opacity: f64) -> Drawn {
        let foot: Run = run.iter().map(|(x, _)| (*x, self.y.low)).collect();
        self.between(run, &foot, colour, opacity)
    }

    /// The area between two lines.
    pub fn between(&self, upper: &[(f64, f64)], lower: &[(f64, f64)], colour: RGBColor, opacity: f64) -> Drawn {
        let mut outline = self.places(upper);
        outline.extend(lower.iter().rev().map(|point| self.place(*point)));
        self.canvas.shape(&outline, colour, opacity)
    }

    /// A text at a point of the data, on a ground of paper that keeps it readable over lines.
    pub fn callout(&self, text: &str, point: (f64, f64), letters: theme::Letters) -> Drawn {
        let (x, y) = self.place(point);
        let width = measure(text, letters);
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
        self.canvas.block((left - 6.0, middle - 11.0), (left + width + 6.0, middle + 11.0), theme::PAPER, 0.85)?;
        self.canvas.text(text, (left, middle), letters, HPos::Left, VPos::Center)?;
        self.canvas.dot((x, y), letters.colour, 4.0)
    }

    /// Where a label of some width has the most room between two series: its middle, and the edges there. None if it
    /// has nowhere the height of a line.
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

    /// Labels beside the right edge at the heights of what they name; they make way for each other.
    pub fn ends(&self, labels: &[(f64, String, RGBColor)], sheet_right: f64) -> Drawn {
        const APART: f64 = 20.0;
        let mut wanted: Vec<(f64, &str, RGBColor)> = labels
            .iter()
            .map(|(value, text, colour)| (self.place((self.x.high, *value)).1, text.as_str(), *colour))
            .collect();
        wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let heights =
            dodge(&wanted.iter().map(|label| label.0).collect::<Vec<_>>(), APART, self.room.top, self.room.bottom);
        for ((_, text, colour), y) in wanted.iter().zip(heights) {
            let left = self.room.right + 10.0;
            self.canvas.label(text, (left, y), theme::LABEL.coloured(*colour), sheet_right - left)?;
        }
        Ok(())
    }
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

/// Cuts a series at its gaps. Each value stands at the middle of its interval; the first and last of a run reach to the
/// outer edges of theirs, so that a single interval is still seen.
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
