//! The drop and the changes: labels stacked above the plots, each with a dotted line down to the foot.
//!
//! A label stands to the right of its line. From right to left, each takes the lowest row in which neither its text nor
//! the line of a later mark is in the way; so an earlier mark stands higher, and no line crosses a label. Where the rows
//! do not suffice, the change that follows most closely on another loses its words and keeps its line, until they do.
//! The drop never loses its own.

use super::axis::Axis;
use super::model::{self, Text};
use super::page::SHEET_RIGHT;
use super::theme;
use crate::report::Mark;
use crate::report::clock::Clock;
use crate::report::letters;

/// Rows of labels above the plot.
const ROWS: usize = 4;
/// Height of a line of a label.
const LINE: f64 = 19.0;
/// More marks than this are lines without words.
const WORDED: usize = 60;

/// Marks with their places above a plot.
pub struct Marks {
    placed: Vec<Placed>,
    /// Height of each row of labels, the lowest first.
    heights: Vec<f64>,
    top: f64,
}

impl Marks {
    /// Lays out the drop and the changes that lie on the axis between `left` and `right`; the labels begin at `top`.
    pub fn lay_out(clock: &Clock, changes: &[Mark], x: &Axis, left: f64, right: f64, top: f64) -> Marks {
        let place = |t_s: f64| left + (t_s - x.low) / (x.high - x.low) * (right - left);
        let drop = Mark { t_s: 0.0, note: "drop".to_owned() };
        let mut marks: Vec<(&Mark, bool)> = changes
            .iter()
            .map(|mark| (mark, false))
            .chain([(&drop, true)])
            .filter(|(mark, _)| x.holds(mark.t_s))
            .collect();
        // The drop first among those of one instant: it is the reason for the others.
        marks.sort_by(|a, b| a.0.t_s.total_cmp(&b.0.t_s).then(b.1.cmp(&a.1)));
        let mut placed: Vec<Placed> =
            marks.iter().map(|(mark, is_drop)| Placed::new(clock, mark, *is_drop, place(mark.t_s))).collect();
        placed.iter_mut().filter(|mark| !mark.is_drop).skip(WORDED).for_each(Placed::silence);
        while !stack(&mut placed) {
            match closest(&placed) {
                Some(index) => placed[index].silence(),
                None => break,
            }
        }
        let worded = || placed.iter().filter(|mark| !mark.is_silent());
        let rows = worded().map(|mark| mark.row + 1).max().unwrap_or(0).min(ROWS);
        let tallest = |row: usize| worded().filter(|mark| mark.row == row).map(|mark| mark.lines.len().max(1)).max();
        let heights = (0..rows).map(|row| tallest(row).unwrap_or(1) as f64 * LINE + 5.0).collect();
        Marks { placed, heights, top }
    }

    /// Where the plot below the labels may begin.
    pub fn bottom(&self) -> f64 {
        self.top + self.heights.iter().sum::<f64>() + 6.0
    }

    /// The marks with lines down to `foot`.
    pub fn down_to(&self, foot: f64) -> Vec<model::Mark> {
        self.placed.iter().map(|mark| self.drawn(mark, foot)).collect()
    }

    fn drawn(&self, mark: &Placed, bottom: f64) -> model::Mark {
        let upper = self.bottom() - 6.0 - self.heights.iter().take(mark.row + 1).sum::<f64>();
        // A mark without words begins at the plot, so that it crosses no label.
        let top = if mark.is_silent() { self.bottom() - 6.0 } else { upper };
        let left = mark.x + 8.0;
        let mut words = Vec::new();
        if !mark.is_silent() {
            words.push(Text::new(&mark.time, (left, upper + LINE / 2.0), theme::LABEL));
        }
        let indent = theme::LABEL.measure(&mark.time) + 6.0;
        let mut y = upper + LINE / 2.0;
        for line in &mark.lines {
            words.push(Text::new(line, (left + indent, y), theme::NOTE));
            y += LINE;
        }
        model::Mark { x: mark.x, top, bottom, words }
    }
}

/// A mark and its place.
struct Placed {
    x: f64,
    is_drop: bool,
    /// The clock time; empty where there is no room for words.
    time: String,
    /// The note.
    lines: Vec<String>,
    width: f64,
    row: usize,
}

impl Placed {
    fn new(clock: &Clock, mark: &Mark, is_drop: bool, x: f64) -> Placed {
        let time = clock.moment(mark.t_s);
        let start = theme::LABEL.measure(&time) + 6.0;
        let room = (SHEET_RIGHT - x - 8.0 - start).clamp(0.0, 220.0);
        let lines = letters::wrap(&letters::clean(&mark.note), theme::NOTE.face, theme::NOTE.size, room, 2);
        let widest = lines.iter().map(|line| theme::NOTE.measure(line)).fold(0.0, f64::max);
        Placed { x, is_drop, time, lines, width: 8.0 + start + widest, row: 0 }
    }

    fn silence(&mut self) {
        (self.time, self.lines, self.row) = (String::new(), Vec::new(), 0);
    }

    fn is_silent(&self) -> bool {
        self.time.is_empty()
    }
}

/// Gives each mark with words a row, and returns whether the rows sufficed.
fn stack(placed: &mut [Placed]) -> bool {
    let worded: Vec<usize> = (0..placed.len()).filter(|i| !placed[*i].is_silent()).collect();
    for (rank, i) in worded.iter().enumerate().rev() {
        let end = placed[*i].x + placed[*i].width + 10.0;
        let in_the_way = worded[rank + 1..].iter().filter(|later| placed[**later].x < end);
        placed[*i].row = in_the_way.map(|later| placed[*later].row + 1).max().unwrap_or(0);
    }
    worded.iter().all(|i| placed[*i].row < ROWS)
}

/// The change with words that follows most closely on another mark with words.
fn closest(placed: &[Placed]) -> Option<usize> {
    let worded: Vec<usize> = (0..placed.len()).filter(|i| !placed[*i].is_silent()).collect();
    let distance =
        |rank: usize| if rank == 0 { f64::INFINITY } else { placed[worded[rank]].x - placed[worded[rank - 1]].x };
    let changes = worded.iter().enumerate().filter(|(_, i)| !placed[**i].is_drop);
    changes.map(|(rank, i)| (distance(rank), *i)).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, i)| i)
}
