//! The drops and the changes: words above the plots, each with a dotted line down to the foot.
//!
//! Where there is room, each label stands to the right of its line: from right to left, each takes the lowest row in which
//! neither its text nor the line of a later mark is in the way. Where there is not, lines have numbers, and a list above the
//! plot tells what the numbers stand for. Changes too close to be told apart share a label, which says how many there are.
//! No mark is left out.

use super::axis::Axis;
use super::model::{self, Room, Style, Text};
use super::page::{MARGIN, SHEET_RIGHT};
use super::theme;
use crate::report::clock::Clock;
use crate::report::{Context, Mark, letters};

/// Rows of labels above the plot.
const ROWS: usize = 4;
/// Height of a line of a label.
const LINE: f64 = 19.0;
/// Changes closer than this share a label.
const TOGETHER: f64 = 10.0;
/// Lines closer than this look like one.
const APART: f64 = 5.0;
/// Lines with numbers are at least this far apart.
const NUMBERS: f64 = 22.0;
/// Most entries of a list.
const MOST: usize = 21;
/// Widest note of a label beside its line, and of the last label, beside which there is room.
const NOTE: f64 = 300.0;
const LAST_NOTE: f64 = 600.0;

/// Marks with their places above a plot.
pub struct Marks {
    /// Places of all lines, and the height at which each begins.
    lines: Vec<(f64, f64)>,
    /// The words at the head of lines, by index of the line, and the entries of the list.
    texts: Vec<(usize, Vec<Text>)>,
    bottom: f64,
}

impl Marks {
    /// Lays out the drops and the changes that lie on the axis, which is drawn between the `ends`; the labels begin at `top`.
    pub fn lay_out(clock: &Clock, context: &Context<'_>, x: &Axis, ends: (f64, f64), top: f64) -> Marks {
        let mut marks = drops(context);
        marks.extend(context.changes.iter().map(|mark| (mark.clone(), false)));
        Marks::of(Some(clock), marks, x, ends, top)
    }

    /// Lays out the drop alone; without a clock there is no time beside it.
    pub fn of_drop(clock: Option<&Clock>, x: &Axis, ends: (f64, f64), top: f64) -> Marks {
        Marks::of(clock, vec![(named(0.0, "drop".to_owned()), true)], x, ends, top)
    }

    fn of(clock: Option<&Clock>, mut marks: Vec<(Mark, bool)>, x: &Axis, (left, right): (f64, f64), top: f64) -> Marks {
        let place = |t_s: f64| left + x.share(t_s) * (right - left);
        marks.retain(|(mark, _)| x.holds(mark.t_s));
        // The drop first among those of one instant: it is the reason for the others.
        marks.sort_by(|a, b| a.0.t_s.total_cmp(&b.0.t_s).then(b.1.cmp(&a.1)));
        let mut groups: Vec<Group> = Vec::new();
        for (mark, is_drop) in marks {
            let x = place(mark.t_s);
            match groups.last_mut() {
                Some(last) if !is_drop && !last.is_drop && x - last.places[last.places.len() - 1] < TOGETHER => {
                    last.add(x, mark);
                }
                _ => groups.push(Group { places: vec![x], marks: vec![mark], is_drop }),
            }
        }
        beside(clock, &groups, top).unwrap_or_else(|| listed(clock, groups, top))
    }

    /// Lower edge of the labels, at which the plot may begin.
    pub fn bottom(&self) -> f64 {
        self.bottom
    }

    /// The marks with lines down through plots, the uppermost first.
    pub fn through(&self, rooms: &[Room]) -> Vec<model::Mark> {
        let Some(first) = rooms.first() else { return Vec::new() };
        let words = |index: usize| self.texts.iter().filter(move |(of, _)| *of == index).flat_map(|(_, texts)| texts);
        let heads = self.lines.iter().enumerate().map(|(index, (x, top))| model::Mark {
            x: *x,
            top: *top,
            bottom: first.bottom,
            words: words(index).cloned().collect(),
        });
        let lower = rooms[1..].iter().flat_map(|room| {
            let line =
                |(x, _): &(f64, f64)| model::Mark { x: *x, top: room.top, bottom: room.bottom, words: Vec::new() };
            self.lines.iter().map(line)
        });
        heads.chain(lower).collect()
    }
}

fn named(t_s: f64, note: String) -> Mark {
    Mark { t_s, note, ..Mark::default() }
}

/// The drop of each region; one mark for those of one moment.
fn drops(context: &Context<'_>) -> Vec<(Mark, bool)> {
    let mut moments: Vec<(f64, Vec<usize>)> = Vec::new();
    for (index, region) in context.spec.region.values().enumerate() {
        let at = region.drop_delay.seconds();
        match moments.iter_mut().find(|(moment, _)| *moment == at) {
            Some((_, regions)) => regions.push(index),
            None => moments.push((at, vec![index])),
        }
    }
    if moments.len() < 2 {
        let at = moments.first().map_or(0.0, |(at, _)| *at);
        return vec![(named(at, "drop".to_owned()), true)];
    }
    moments
        .into_iter()
        .map(|(at, regions)| {
            let names: Vec<&str> = regions.iter().map(|index| context.region(*index)).collect();
            let told = match names[..] {
                [one] => one.to_owned(),
                [one, other] => format!("{one} and {other}"),
                _ => format!("{} and {} others", names[0], names.len() - 1),
            };
            (named(at, format!("drop in {told}")), true)
        })
        .collect()
}

/// Marks that share a label.
struct Group {
    /// Places of the lines.
    places: Vec<f64>,
    marks: Vec<Mark>,
    is_drop: bool,
}

impl Group {
    fn add(&mut self, x: f64, mark: Mark) {
        self.places.push(x);
        self.marks.push(mark);
    }

    /// Places of the lines that are drawn: the first and the last, and between them as many as can be told apart.
    fn lines(&self) -> Vec<f64> {
        let (first, last) = (self.places[0], self.places[self.places.len() - 1]);
        let mut lines = vec![first];
        for x in self.places[1..].iter().copied() {
            if x - lines[lines.len() - 1] >= APART && (x == last || last - x >= APART) {
                lines.push(x);
            }
        }
        if last > lines[lines.len() - 1] {
            lines.push(last);
        }
        lines
    }

    /// The moment, or the first and the last.
    fn time(&self, clock: Option<&Clock>) -> String {
        let Some(clock) = clock else { return String::new() };
        let (first, last) = (&self.marks[0], &self.marks[self.marks.len() - 1]);
        let (from, until) = (clock.exact(first.t_s), clock.exact(last.t_s));
        if from == until { from } else { format!("{from} to {until}") }
    }

    /// Words of one change, or the number of changes in a group; changes that are all steps of one setting are told as its first
    /// and last value.
    fn note(&self) -> String {
        let [one] = &self.marks[..] else {
            let (first, last) = (&self.marks[0], &self.marks[self.marks.len() - 1]);
            let count = self.marks.len();
            if let ([from], [to]) = (&first.steps[..], &last.steps[..])
                && let (Some(before), Some(after)) = (&from.from, &to.to)
                && !self.marks.iter().any(Mark::is_noted)
                && self.marks.iter().all(|mark| matches!(&mark.steps[..], [step] if step.name == from.name))
            {
                return format!("{count} changes: {} {before} → {after}", from.name);
            }
            let mut told: Vec<String> = self.marks.iter().map(Mark::words).collect();
            told.dedup();
            return format!("{count} changes: {}", told.join("; "));
        };
        one.words()
    }
}

/// The marks with their words beside their lines; none if these do not fit.
fn beside(clock: Option<&Clock>, groups: &[Group], top: f64) -> Option<Marks> {
    let widest = |index: usize| if index + 1 == groups.len() { LAST_NOTE } else { NOTE };
    let label = |(index, group)| Label::of(clock, group, widest(index));
    let mut labels: Vec<Label> = groups.iter().enumerate().map(label).collect::<Option<_>>()?;
    for index in (0..labels.len()).rev() {
        let end = labels[index].x + labels[index].width + 10.0;
        let in_the_way = labels[index + 1..].iter().filter(|later| later.x < end);
        labels[index].row = in_the_way.map(|later| later.row + 1).max().unwrap_or(0);
    }
    let rows = labels.iter().map(|label| label.row + 1).max().unwrap_or(0);
    if rows > ROWS {
        return None;
    }
    let tallest = |row: usize| labels.iter().filter(|label| label.row == row).map(|label| label.lines.len()).max();
    let heights: Vec<f64> = (0..rows).map(|row| tallest(row).unwrap_or(1).max(1) as f64 * LINE + 5.0).collect();
    let bottom = top + heights.iter().sum::<f64>() + 6.0;
    let mut marks = Marks { lines: Vec::new(), texts: Vec::new(), bottom };
    for (label, group) in labels.iter().zip(groups) {
        let upper = bottom - 6.0 - heights.iter().take(label.row + 1).sum::<f64>();
        marks.texts.push((marks.lines.len(), label.texts(upper)));
        // Only the first line of a group reaches up to the words.
        let tops = std::iter::once(upper).chain(std::iter::repeat(bottom - 6.0));
        marks.lines.extend(group.lines().into_iter().zip(tops));
    }
    Some(marks)
}

/// Words beside a line.
struct Label {
    x: f64,
    time: String,
    lines: Vec<String>,
    width: f64,
    row: usize,
}

impl Label {
    /// The label of a group with a note of some width; none if there is no room for its words.
    fn of(clock: Option<&Clock>, group: &Group, widest: f64) -> Option<Label> {
        const STYLE: Style = theme::NOTE;
        let (x, time, note) = (group.places[0], group.time(clock), letters::clean(&group.note()));
        let start = if time.is_empty() { 0.0 } else { theme::LABEL.measure(&time) + 6.0 };
        let room = (SHEET_RIGHT - x - 8.0 - start).clamp(0.0, widest);
        let lines = letters::wrap(&note, STYLE.face, STYLE.size, room, 2);
        if lines.join(" ") != note.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ") {
            return None;
        }
        let widest = lines.iter().map(|line| STYLE.measure(line)).fold(0.0, f64::max);
        Some(Label { x, width: 8.0 + start + widest, time, lines, row: 0 })
    }

    fn texts(&self, upper: f64) -> Vec<Text> {
        let left = self.x + 8.0;
        let mut texts = vec![Text::new(&self.time, (left, upper + LINE / 2.0), theme::LABEL)];
        let indent = if self.time.is_empty() { 0.0 } else { theme::LABEL.measure(&self.time) + 6.0 };
        for (index, line) in self.lines.iter().enumerate() {
            let y = upper + LINE / 2.0 + index as f64 * LINE;
            texts.push(Text::new(line, (left + indent, y), theme::NOTE));
        }
        texts
    }
}

/// The marks with numbers at their lines, and a list of what the numbers stand for.
fn listed(clock: Option<&Clock>, mut groups: Vec<Group>, top: f64) -> Marks {
    let left = MARGIN;
    while let Some(index) = closest(&groups) {
        let next = groups.remove(index + 1);
        next.places.into_iter().zip(next.marks).for_each(|(x, mark)| groups[index].add(x, mark));
    }
    let entry = |group: &Group| (group.time(clock), letters::clean(&group.note()));
    let entries: Vec<(String, String)> = groups.iter().map(entry).collect();
    let width = |(time, note): &(String, String)| 34.0 + theme::LABEL.measure(time) + theme::NOTE.measure(note);
    let widest = entries.iter().map(width).fold(0.0, f64::max);
    let columns = (((SHEET_RIGHT - left) / (widest + 24.0)).floor() as usize).clamp(2, 4);
    let (rows, room) = (entries.len().div_ceil(columns).max(1), (SHEET_RIGHT - left) / columns as f64);
    let bottom = top + rows as f64 * LINE + 34.0;
    let mut marks = Marks { lines: Vec::new(), texts: Vec::new(), bottom };
    let mut free = f64::NEG_INFINITY;
    for (index, (group, (time, note))) in groups.iter().zip(&entries).enumerate() {
        let number = (index + 1).to_string();
        // The numbers of lines in one place stand side by side.
        let head = group.places[0].max(free);
        free = head + theme::LABEL.measure(&number) + 6.0;
        let (column, row) = (index / rows, index % rows);
        let (x, y) = (left + column as f64 * room, top + (row as f64 + 0.5) * LINE);
        let start = x + 26.0 + theme::LABEL.measure(time) + 6.0;
        let words = vec![
            Text::new(&number, (head, bottom - 18.0), theme::LABEL).centred(),
            Text::new(&number, (x + 16.0, y), theme::LABEL).ending(),
            Text::new(time, (x + 26.0, y), theme::LABEL),
            Text::within(note, (start, y), theme::NOTE, x + room - start - 12.0),
        ];
        marks.texts.push((marks.lines.len(), words));
        marks.lines.extend(group.lines().into_iter().map(|x| (x, bottom - 8.0)));
    }
    marks
}

/// The group that is closest to the next one, if there are too many groups or the two are too close for their numbers.
fn closest(groups: &[Group]) -> Option<usize> {
    let apart = |index: usize| groups[index + 1].places[0] - groups[index].places[0];
    let both = |index: &usize| !groups[*index].is_drop && !groups[*index + 1].is_drop;
    let index = (0..groups.len().saturating_sub(1)).filter(both).min_by(|a, b| apart(*a).total_cmp(&apart(*b)))?;
    (groups.len() > MOST || apart(index) < NUMBERS).then_some(index)
}
