//! A plot: two axes, parts, and the layout of labels.

use super::axis::Axis;
use super::model::{Block, Colour, Dot, Part, Place, Room, Text};
use super::theme;
use crate::report::letters;

/// A stretch of a series without a gap: points in the units of the data, from left to right.
pub type Run = Vec<(f64, f64)>;

/// The name of a series at its end.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// The end of the series, in the units of the data.
    pub at: (f64, f64),
    /// The name.
    pub text: String,
    /// Colour of the series.
    pub colour: Colour,
}

impl End {
    /// The name at the end of the last interval in which a series has a value; none if it has none.
    pub fn of(intervals: &[(f64, f64)], values: &[f64], text: &str, colour: Colour) -> Option<End> {
        let last = values.iter().zip(intervals).rev().find(|(value, _)| value.is_finite());
        last.map(|(value, (_, until))| End { at: (*until, *value), text: text.to_owned(), colour })
    }
}

/// Places of data are multiples of one in `GRAIN` of the sheet's unit, so that labels keep their distance from points.
const GRAIN: f64 = 8.0;

/// Height of a line of a label.
const LINE: f64 = 18.0;

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
    /// Meanings of colours that neither the legend nor the end of a line states; a page reads values out with them.
    pub names: Vec<(Colour, String)>,
}

impl Panel {
    /// An empty plot that fills `room`.
    pub fn new(room: Room, x: &Axis, y: Axis) -> Panel {
        Panel { room, x: x.clone(), y, under: Vec::new(), over: Vec::new(), names: Vec::new() }
    }

    /// Sheet coordinates of a point of the data, rounded to the grain; points off the axes are moved to the edge.
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

    /// Sheet coordinates of points of the data.
    pub fn places(&self, points: &[(f64, f64)]) -> Vec<Place> {
        points.iter().map(|point| self.place(*point)).collect()
    }

    /// The parts under the marks, and the lines over them: marks are seen on areas and cut no curve.
    pub fn around_marks(&self) -> (&[Part], &[Part]) {
        let hides = |part: &Part| match part {
            Part::Area { opacity, .. } | Part::Bars { opacity, .. } => *opacity > 0.5,
            Part::Heat(_) | Part::Cells(_) => true,
            _ => false,
        };
        let filled = self.under.iter().rposition(hides).map_or(0, |last| last + 1);
        let line = self.under[filled..].iter().position(|part| matches!(part, Part::Line { .. }));
        self.under.split_at(line.map_or(self.under.len(), |first| filled + first))
    }

    /// States what a colour stands for.
    pub fn name(&mut self, colour: Colour, name: &str) {
        self.names.push((colour, name.to_owned()));
    }

    /// Adds horizontal lines at the ticks, and the labels of the ticks.
    pub fn grid(&mut self) {
        self.y.thin_out(self.room.bottom - self.room.top, LINE);
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
            let half = theme::TICK.measure(&tick.label).max(theme::TICK.measure(&tick.below)) / 2.0;
            if x - half > free + 8.0 {
                free = x + half;
            } else {
                (tick.label, tick.below) = (String::new(), String::new());
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

    /// Adds a heading above the upper left corner, and a note behind the heading as far as there is room.
    pub fn heading(&mut self, heading: &str, note: &str) {
        self.heading_up_to(self.room.right, heading, note);
    }

    /// Adds a heading with the first of some notes that is whole before `right`, or with the last.
    pub fn heading_with(&mut self, right: f64, heading: &str, notes: &[&str]) {
        let room = right - self.room.left - theme::LABEL.measure(heading) - 12.0;
        let whole = notes.iter().find(|note| theme::NOTE.measure(note) <= room);
        self.heading_up_to(right, heading, whole.or(notes.last()).copied().unwrap_or_default());
    }

    fn heading_up_to(&mut self, right: f64, heading: &str, note: &str) {
        let Room { left, top, .. } = self.room;
        // Marks run down to the plot behind the words.
        let mut put = |text: Text, from: f64| {
            let end = from + text.style.measure(&text.text);
            let ground = paper((from - 6.0, top - 24.0), (end + 6.0, top - 4.0), 1.0);
            self.over.push(Part::Label { text, ground: Some(ground) });
            end
        };
        let end = put(Text::within(heading, (left, top - 14.0), theme::LABEL, right - left), left);
        let from = end + 12.0;
        if !note.is_empty() && from + 60.0 < right {
            put(Text::within(note, (from, top - 14.0), theme::NOTE, right - from), from);
        }
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

    /// Makes what has been drawn from one moment to another pale.
    pub fn fade(&mut self, from: f64, until: f64) {
        let (left, right) = (self.place((from, self.y.low)).0, self.place((until, self.y.low)).0);
        let veil = paper((left, self.room.top), (right, self.room.bottom), 0.7);
        self.under.push(Part::Block(veil));
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

    /// Adds the names of series, each at the end of its series: beside the right edge, as far as `sheet_right`, where the
    /// series reaches so far; else within the plot. Names make way for each other, and keep the order of the ends.
    pub fn ends(&mut self, ends: &[End], sheet_right: f64) {
        let edge = self.room.right - 3.0;
        let mut placed: Vec<(Place, &End)> = ends.iter().map(|end| (self.place(end.at), end)).collect();
        placed.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
        let (beside, within): (Vec<_>, Vec<_>) = placed.into_iter().partition(|(at, _)| at.0 >= edge);
        // Beside the plot names may reach beyond it; within, a heading stands above.
        for (side, top) in [(&beside, self.room.top - 12.0), (&within, self.room.top + 2.0)] {
            let room = |at: &Place| (sheet_right - at.0 - 10.0).max(0.0);
            let mut texts: Vec<Vec<String>> = side.iter().map(|(at, end)| in_lines(&end.text, room(at))).collect();
            // Where there is no room for long names in two lines, these are cut.
            if texts.iter().map(Vec::len).sum::<usize>() as f64 * LINE > self.room.bottom - self.room.top + 2.0 * LINE {
                texts = side.iter().map(|(at, end)| vec![theme::LABEL.shorten(&end.text, room(at))]).collect();
            }
            apart(&mut texts, |index| (side[index].1.text.as_str(), room(&side[index].0)));
            let wanted: Vec<(f64, f64)> =
                side.iter().zip(&texts).map(|((at, _), lines)| (at.1, lines.len() as f64 * LINE - 2.0)).collect();
            let mut named: Vec<Place> = Vec::new();
            for ((((x, _), end), lines), middle) in
                side.iter().zip(&texts).zip(dodge(&wanted, top, self.room.bottom + 4.0))
            {
                let (style, left) = (theme::LABEL.coloured(end.colour), x + 10.0);
                let below_first = (lines.len().max(1) - 1) as f64 * LINE / 2.0;
                let width = lines.iter().map(|line| style.measure(line)).fold(0.0, f64::max);
                let half = below_first + 7.0;
                let above = named.iter().filter(|(at, _)| (at - left).abs() < width + 8.0);
                let top = above.fold(top, |top, (_, foot)| top.max(*foot));
                let middle = if *x < edge { self.off_the_lines((left, middle), (width, half), top) } else { middle };
                named.push((left, middle + half));
                for (index, line) in lines.iter().enumerate() {
                    let y = middle - below_first + LINE * index as f64;
                    let text = Text::new(line, (left, y), style);
                    let ground = paper((left - 4.0, y - 9.0), (left + style.measure(line) + 4.0, y + 9.0), 0.8);
                    self.over.push(Part::Label { text, ground: (*x < edge).then_some(ground) });
                }
            }
        }
    }

    /// Finds the thickest place between two series for a label of some width: middle of the label, and the edges there. None where
    /// the room is lower than a line of text everywhere. Of places that are about as thick, none where a mark crosses the label.
    pub fn thickest(
        &self,
        intervals: &[(f64, f64)],
        (upper, lower): (&[f64], &[f64]),
        (width, marks): (f64, &[f64]),
    ) -> Option<(f64, f64, f64)> {
        const LEAST: f64 = 26.0;
        // What is told of an interval holds from edge to edge, and looked at is its middle.
        let wide =
            intervals.first().map_or(0.0, |(from, until)| self.place((*until, 0.0)).0 - self.place((*from, 0.0)).0);
        let half = width / 2.0 + 8.0 + wide / 2.0;
        // A few hundred candidates find as good a place as all of them.
        let step = (intervals.len() / 240).max(1);
        let edges: Vec<(f64, Option<(f64, f64)>)> = (0..intervals.len().min(upper.len()).min(lower.len()))
            .step_by(step)
            .map(|i| {
                let at = |value: f64| self.place(((intervals[i].0 + intervals[i].1) / 2.0, value));
                let is_known = upper[i].is_finite() && lower[i].is_finite();
                (at(self.y.low).0, is_known.then(|| (at(upper[i]).1, at(lower[i]).1)))
            })
            .collect();
        let fits = |x: f64| x - half > self.room.left && x + half < self.room.right;
        let thick = edges.iter().filter(|(x, edge)| edge.is_some() && fits(*x)).filter_map(|(x, _)| {
            let mut within = edges.iter().filter(|(at, _)| (at - x).abs() <= half);
            let (above, below) = within.try_fold((f64::NEG_INFINITY, f64::INFINITY), |(above, below), (_, edge)| {
                edge.map(|(up, low)| (above.max(up), below.min(low)))
            })?;
            Some((*x, above, below))
        });
        let places: Vec<(f64, f64, f64)> = thick.filter(|(_, above, below)| below - above > LEAST).collect();
        // Of places that are about as thick the one in the middle.
        let most = places.iter().map(|(_, above, below)| below - above).fold(0.0, f64::max);
        let about: Vec<&(f64, f64, f64)> =
            places.iter().filter(|(_, above, below)| below - above > most - 1.0).collect();
        let is_crossed = |x: f64| marks.iter().any(|at_s| (self.place((*at_s, 0.0)).0 - x).abs() < width / 2.0 + 4.0);
        let clear: Vec<_> = about.iter().copied().filter(|(x, ..)| !is_crossed(*x)).collect();
        let best = if clear.is_empty() { about } else { clear };
        best.get(best.len() / 2).map(|place| **place)
    }
}

/// A ground that lets what lies below shine through as far as `opacity` leaves.
pub fn paper(from: Place, to: Place, opacity: f64) -> Block {
    Block { from, to, colour: Colour::Paper, opacity }
}

/// Cuts names in the middle that would read alike once they are cut at their ends; `whole` has each name and its room.
fn apart<'n>(texts: &mut [Vec<String>], whole: impl Fn(usize) -> (&'n str, f64)) {
    for index in 0..texts.len() {
        let is_cut = texts[index].last().is_some_and(|line| line.ends_with('…'));
        if is_cut && texts.iter().filter(|other| **other == texts[index]).count() > 1 {
            let alike = texts[index].clone();
            for (other, text) in texts.iter_mut().enumerate().filter(|(_, text)| **text == alike) {
                let (name, room) = whole(other);
                let style = theme::LABEL;
                *text = vec![letters::shorten_within(&letters::clean(name), style.face, style.size, room)];
            }
        }
    }
}

/// The lines of a name: at most two.
fn in_lines(text: &str, room: f64) -> Vec<String> {
    letters::wrap(&letters::clean(text), theme::LABEL.face, theme::LABEL.size, room, 2)
}

/// Moves labels, each with its wanted middle and its height, apart in the order of their middles, each as little as need be,
/// and within the edges as far as they go; returns the middles.
pub fn dodge(labels: &[(f64, f64)], top: f64, bottom: f64) -> Vec<f64> {
    let mut placed: Vec<f64> = labels.iter().map(|label| label.0).collect();
    let apart = |i: usize| (labels[i - 1].1 + labels[i].1) / 2.0;
    for i in 1..placed.len() {
        placed[i] = placed[i].max(placed[i - 1] + apart(i));
    }
    // What was pushed over the lower edge pushes back.
    for i in (0..placed.len()).rev() {
        let limit = match placed.get(i + 1) {
            Some(below) => below - apart(i + 1),
            None => bottom - labels[i].1 / 2.0,
        };
        placed[i] = placed[i].min(limit);
    }
    for i in 0..placed.len() {
        let floor = if i == 0 { top + labels[i].1 / 2.0 } else { placed[i - 1] + apart(i) };
        placed[i] = placed[i].max(floor);
    }
    placed
}

/// The series as steps, cut at its gaps: each value is as wide as its interval.
pub fn runs(intervals: &[(f64, f64)], values: &[f64]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut run: Run = Vec::new();
    for ((from, until), value) in intervals.iter().zip(values) {
        if value.is_finite() {
            run.extend([(*from, *value), (*until, *value)]);
        } else if !run.is_empty() {
            runs.push(std::mem::take(&mut run));
        }
    }
    if !run.is_empty() {
        runs.push(run);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_make_way_for_each_other() {
        let alike = |middles: &[f64]| middles.iter().map(|middle| (*middle, 20.0)).collect::<Vec<_>>();
        assert_eq!(dodge(&alike(&[10.0, 12.0, 50.0]), 0.0, 100.0), [10.0, 30.0, 50.0]);
        assert_eq!(dodge(&alike(&[95.0, 99.0, 100.0]), 0.0, 100.0), [50.0, 70.0, 90.0]);
        assert_eq!(dodge(&[(10.0, 20.0), (10.0, 40.0)], 0.0, 100.0), [10.0, 40.0]);
        assert!(dodge(&[], 0.0, 100.0).is_empty());
    }

    #[test]
    fn series_are_steps_and_cut_at_their_gaps() {
        let intervals = [(0.0, 10.0), (10.0, 20.0), (20.0, 30.0), (30.0, 40.0)];
        let cut = runs(&intervals, &[1.0, 2.0, f64::NAN, 3.0]);
        assert_eq!(cut, [vec![(0.0, 1.0), (10.0, 1.0), (10.0, 2.0), (20.0, 2.0)], vec![(30.0, 3.0), (40.0, 3.0)]]);
        assert!(runs(&intervals, &[f64::INFINITY; 4]).is_empty());
    }

    #[test]
    fn the_name_of_a_series_stands_where_the_series_ends() {
        let axis = Axis::counts(40.0, 4);
        let room = Room { left: 100.0, top: 100.0, right: 500.0, bottom: 300.0 };
        let mut panel = Panel::new(room, &axis, Axis::counts(10.0, 5));
        let intervals = [(0.0, 10.0), (10.0, 20.0), (20.0, 30.0), (30.0, 40.0)];
        let named = |values: &[f64], text: &str| End::of(&intervals, values, text, Colour::Ink);
        let gone = named(&[5.0, 5.0, f64::NAN, f64::NAN], "gone").unwrap();
        let there = named(&[5.0; 4], "there").unwrap();
        assert_eq!((gone.at, named(&[f64::NAN; 4], "never")), ((20.0, 5.0), None));
        panel.ends(&[gone, there], 600.0);
        let place = |name: &str| {
            panel.over.iter().find_map(|part| match part {
                Part::Label { text, .. } if text.text == name => Some(text.at.0),
                _ => None,
            })
        };
        assert_eq!((place("gone"), place("there")), (Some(310.0), Some(510.0)));
    }
}
