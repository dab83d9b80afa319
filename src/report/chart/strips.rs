//! Strips of colour over the clock, one above the other: each a region, a request or a pool, with its total before it.

use super::View;
use super::axis::Axis;
use super::model::{Block, Colour, Fill, Heat, Part, Room, SHADES, Style, Text};
use super::page::{PLOT_RIGHT, SHEET_RIGHT};
use super::panel::Panel;
use super::theme;
use crate::analysis::highest;
use crate::measure::Scope;
use crate::report::letters;
use crate::report::numbers::{count, percent};
use crate::report::words::harm::{KINDS, Kind};
use crate::vocabulary::{Column, Figure, Path, RowKind};

/// Strips of a chart, at most.
const MOST: usize = 40;
/// Smallest size of the letters of a name.
const SMALLEST: f64 = 12.0;
/// Height of a line of a name that stands in two, and space above and below the lines.
const LINE: f64 = 14.0;
const BESIDE: f64 = 2.0;
/// Width of the names.
const NAMES: f64 = SHEET_RIGHT - PLOT_RIGHT - 12.0;

/// Strips that share a plot.
pub struct Strips {
    heading: String,
    note: String,
    /// Population of the totals: they are shares of it.
    of: String,
    rows: Vec<Strip>,
    /// The value that has the darkest colour.
    top: f64,
}

/// A strip.
pub struct Strip {
    /// Name behind the strip.
    pub name: String,
    /// The value of each bin; NaN where there is none.
    pub values: Vec<f64>,
    /// Words before the strip.
    pub total: String,
    /// Sort key of strips, the greatest first.
    pub weight: f64,
}

impl Strips {
    /// The share of attempts that fail in each region, or for each request where there are no several regions; none where
    /// there is nothing to tell apart, or nothing fails.
    pub fn whom(view: &View<'_>) -> Option<Strips> {
        let regions: Vec<Strip> = view.region_rows().filter_map(|(row, region)| of_region(view, row, region)).collect();
        let (rows, things, of) = if regions.len() > 1 {
            (regions, "region", harm(view).map_or("failed", |kind| kind.heading))
        } else {
            (of_requests(view), "request", "failed")
        };
        let top = rows.iter().map(|row| highest(&row.values)).fold(0.0, f64::max);
        if rows.len() < 2 || top <= 0.0 {
            return None;
        }
        let all = rows.len();
        let mut strips = Strips {
            heading: format!("To whom: share of attempts that fail, by {things}"),
            note: String::new(),
            of: of.to_owned(),
            rows,
            top: rounded_up(top),
        };
        strips.sort();
        let shown = strips.rows.len();
        strips.note = if shown < all {
            format!("{shown} of {all} {things}s, those with most first; blank: nothing ends")
        } else {
            "those with most first; blank: nothing ends".to_owned()
        };
        Some(strips)
    }

    fn sort(&mut self) {
        self.rows.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        self.rows.truncate(MOST);
    }

    /// The height that the strips need.
    pub fn height(&self) -> f64 {
        self.rows.iter().map(|row| self.height_of(row)).sum()
    }

    /// The height of a strip: a name that is too long for a line has two.
    fn height_of(&self, row: &Strip) -> f64 {
        let each = match self.rows.len() {
            0..=12 => 22.0,
            13..=25 => 19.0,
            _ => 17.0,
        };
        if row.fits() { each } else { (2.0 * (LINE + BESIDE)).max(each) }
    }

    /// The size of the letters of names: names have one size, in which those that have one line are whole.
    fn style(&self) -> Style {
        let fitting = |row: &Strip| theme::NOTE.fitting(&row.name, NAMES, SMALLEST).size;
        let size = self.rows.iter().filter(|row| row.fits()).map(fitting).fold(theme::NOTE.size, f64::min);
        Style { size, ..theme::NOTE.coloured(Colour::Ink) }
    }

    /// The plot.
    pub fn panel(&self, view: &View<'_>, x: &Axis, room: Room) -> Panel {
        let mut panel = Panel::new(room, x, Axis::with_ticks(0.0, self.height().max(1.0), false, Vec::new()));
        panel.heading(&self.heading, &self.note);
        let mut xs: Vec<f64> = view.intervals.iter().map(|(from, _)| *from).collect();
        xs.extend(view.intervals.last().map(|(_, until)| *until));
        let (style, mut upper) = (self.style(), panel.y.high);
        for row in &self.rows {
            let lower = upper - self.height_of(row);
            let fills = row.values.iter().map(|value| self.fill(*value)).collect();
            panel.under.push(Part::Heat(Heat { xs: xs.clone(), ys: vec![upper - 1.0, lower + 1.0], fills }));
            let y = panel.place((x.low, (upper + lower) / 2.0)).1;
            row.lines(style).into_iter().for_each(|(line, off, style)| {
                panel.label(Text::within(&line, (room.right + 10.0, y + off), style, NAMES));
            });
            panel.label(Text::new(&row.total, (room.left - 12.0, y), theme::NOTE).ending());
            upper = lower;
        }
        view.fade(&mut panel);
        panel.base();
        self.key(&mut panel);
        panel
    }

    fn fill(&self, value: f64) -> Option<Fill> {
        let share = (value / self.top).clamp(0.0, 1.0);
        value.is_finite().then(|| Fill::Harm((share * SHADES).round() / SHADES))
    }

    /// Draws the scale of the colours at the right end of the heading, and beside it what the totals are of.
    fn key(&self, panel: &mut Panel) {
        let (right, y) = (panel.room.right, panel.room.top - 16.0);
        let top = percent(self.top);
        let width = theme::NOTE.measure(&top) + 8.0;
        panel.label(Text::new(&top, (right, y), theme::NOTE).ending());
        let (left, each) = (right - width - 120.0, 120.0 / (SHADES + 1.0));
        for step in 0..=SHADES as usize {
            let from = left + each * step as f64;
            let colour = Colour::Fill(Fill::Harm(step as f64 / SHADES));
            let block = Block { from: (from, y - 7.0), to: (from + each, y + 7.0), colour, opacity: 1.0 };
            panel.under.push(Part::Block(block));
        }
        panel.label(Text::new("0%", (left - 8.0, y), theme::NOTE).ending());
        panel.label(Text::new(&self.of, (panel.room.left - 12.0, y), theme::NOTE).ending());
    }
}

impl Strip {
    /// Whether the name fits in a line.
    fn fits(&self) -> bool {
        Style { size: SMALLEST, ..theme::NOTE }.measure(&self.name) <= NAMES
    }

    /// The lines of the name, each with its place below the middle and its style.
    fn lines(&self, style: Style) -> Vec<(String, f64, Style)> {
        if self.fits() {
            return vec![(self.name.clone(), 0.0, style)];
        }
        let style = Style { size: SMALLEST, ..style };
        let lines = letters::wrap(&letters::clean(&self.name), style.face, style.size, NAMES, 2);
        let first = -(lines.len() as f64 - 1.0) / 2.0;
        lines.into_iter().zip(0_u8..).map(|(line, index)| (line, (first + f64::from(index)) * LINE, style)).collect()
    }
}

/// The end of a scale of shares: all, or a round share above the highest.
pub fn rounded_up(share: f64) -> f64 {
    let rounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
    rounds.into_iter().find(|round| share <= *round).unwrap_or(1.0)
}

/// The kind of harm that most people come to; none if nobody is harmed.
pub fn harm(view: &View<'_>) -> Option<Kind> {
    let people = |kind: Kind| Some((kind, view.whole.figure(kind.figure)?.mean)).filter(|(_, people)| *people > 0.0);
    let kinds = KINDS.into_iter().filter_map(people);
    kinds.reduce(|most, next| if next.1 > most.1 { next } else { most }).map(|(kind, _)| kind)
}

/// The people of a region who came to a kind of harm, and the people there; none where that is not known.
pub fn people_of(view: &View<'_>, figure: Figure, region: usize) -> Option<(f64, f64)> {
    let of = |figure: Figure| view.whole.figure(Path { figure, kind: RowKind::Region, index: region });
    Some((of(figure)?.mean, of(Figure::Present)?.mean)).filter(|(_, present)| *present > 0.0)
}

fn of_region(view: &View<'_>, row: usize, region: usize) -> Option<Strip> {
    let values = view.series(Some(row), Column::ErrorRate);
    if !values.iter().any(|value| value.is_finite()) {
        return None;
    }
    let harmed = harm(view).and_then(|kind| people_of(view, kind.figure, region));
    let (total, weight) = match harmed {
        Some((harmed, present)) => (format!("{} of {}", percent(harmed / present), count(present)), harmed),
        None => failed(view, row),
    };
    Some(Strip { name: view.context.region(region).to_owned(), values, total, weight })
}

/// The requests of which more than a heartbeat is known.
fn of_requests(view: &View<'_>) -> Vec<Strip> {
    let rows = view.whole.scopes.iter().enumerate().filter_map(|(row, scope)| match *scope {
        Scope { region: None, pool: None, request: Some(request) } => Some((row, request)),
        _ => None,
    });
    let strip = |(row, request): (usize, usize)| {
        let values = view.series(Some(row), Column::ErrorRate);
        let (total, weight) = failed(view, row);
        let known = values.iter().any(|value| value.is_finite());
        known.then(|| Strip { name: view.context.request(request).to_owned(), values, total, weight })
    };
    rows.filter_map(strip).collect()
}

/// The share of a row's ended attempts that failed, in words, and their number.
fn failed(view: &View<'_>, row: usize) -> (String, f64) {
    let sum = |column: Column| crate::analysis::finite(view.whole.series(row, column)).sum::<f64>();
    let failed: f64 = crate::vocabulary::Outcome::errors().iter().map(|outcome| sum(outcome.column())).sum();
    let ended = failed + sum(crate::vocabulary::Outcome::Served.column());
    let share = if ended > 0.0 { format!("{} of {}", percent(failed / ended), count(ended)) } else { String::new() };
    (share, failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strips(names: &[&str]) -> Strips {
        let strip =
            |name: &&str| Strip { name: (*name).to_owned(), values: Vec::new(), total: String::new(), weight: 0.0 };
        let (heading, note, of) = (String::new(), String::new(), String::new());
        Strips { heading, note, of, rows: names.iter().map(strip).collect(), top: 1.0 }
    }

    #[test]
    fn a_name_that_is_too_long_for_a_line_stands_whole_in_two() {
        let long = "United Kingdom of Great Britain and Northern Ireland";
        let (both, short) = (strips(&["Malta", long]), strips(&["Malta", "Spain"]));
        assert_eq!((both.style().size, short.height()), (theme::NOTE.size, 44.0), "other names stay as large");
        assert!(both.height() > short.height());
        let lines = both.rows[1].lines(both.style());
        let texts: Vec<&str> = lines.iter().map(|(line, ..)| line.as_str()).collect();
        assert_eq!((texts.len(), texts.join(" ").as_str()), (2, long));
        assert!(
            lines.iter().all(|(line, _, style)| style.measure(line) <= NAMES) && lines[0].1 < 0.0 && lines[1].1 > 0.0
        );
    }
}
