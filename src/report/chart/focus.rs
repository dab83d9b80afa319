//! The part of a long run that its charts draw, and the strip above them that shows where in the run the part lies.
//!
//! An event that takes under a fifth of the run would be a few points wide. Its charts draw the event and some time around it.

use std::ops::Range;

use super::axis::Axis;
use super::model::{Colour, Part, Room, Text};
use super::page::{PLOT_LEFT, PLOT_RIGHT, SHEET_RIGHT};
use super::panel::Panel;
use super::theme;
use crate::analysis::{Course, finite};
use crate::measure::{Figures, Scope};
use crate::report::Subject;
use crate::report::clock::Clock;
use crate::vocabulary::{Column, Outcome};

/// Share of the run from which on an event is wide enough beside the whole.
const WIDE: f64 = 0.2;
/// Share of the run from which on a part is no closer look.
const NO_CLOSER: f64 = 0.5;
/// Least share of the requests that wait too long in the part, if any do: those that the titles count must be seen.
const MOST_WAIT: f64 = 0.5;
/// Share of the most people in waiting rooms above which the rooms are a part of the event.
const OCCUPIED: f64 = 0.1;
/// Time on either side of an event, as a share of the event.
const AROUND: f64 = 0.6;
/// Fewest intervals of a part.
const FEWEST: f64 = 60.0;
/// The highest rate over the median from which on the axis of the strip is logarithmic.
const FAR: f64 = 10.0;
/// Most columns of the strip.
const COLUMNS: usize = 600;
/// Height of the heading and of the strip below it, and the space below the strip.
const HEIGHTS: (f64, f64, f64) = (26.0, 30.0, 22.0);

/// The part of a run that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Focus {
    /// The intervals of the part.
    pub at: Range<usize>,
    /// Begin of the part, in seconds from the drop.
    pub from_s: f64,
    /// End of the part, in seconds from the drop.
    pub until_s: f64,
}

impl Focus {
    /// The part around what happens in a run; `None` where the whole run shows it well enough.
    pub fn of(subject: &Subject<'_>) -> Option<Focus> {
        Focus::around(subject.figures, event(subject)?).filter(|focus| focus.holds_those_who_wait(subject.figures))
    }

    /// The part around an event, from when to when; `None` where the whole run shows it well enough.
    pub fn around(figures: &Figures, (begin, end): (f64, f64)) -> Option<Focus> {
        let (first, last) = (figures.first_s, figures.time_s(figures.intervals));
        let (begin, end) = (begin.max(first), end.min(last));
        if last <= first || end <= begin || end - begin >= WIDE * (last - first) {
            return None;
        }
        let least = FEWEST * figures.width_s;
        let around = (AROUND * (end - begin)).max((least - (end - begin)) / 2.0);
        let interval = |at_s: f64| ((at_s - first) / figures.width_s).clamp(0.0, figures.intervals as f64);
        let at = (interval(begin - around) + 1e-6).floor() as usize..(interval(end + around) - 1e-6).ceil() as usize;
        let (from_s, until_s) = (figures.time_s(at.start), figures.time_s(at.end));
        (until_s - from_s <= NO_CLOSER * (last - first)).then_some(Focus { at, from_s, until_s })
    }
}

/// From when to when something happens: troubles and long waits of everything and of the scopes that fare worse, broken
/// thresholds, and with them every drop and change, and the time in which waiting rooms hold more than a tenth of their most people.
/// `None` without trouble.
fn event(subject: &Subject<'_>) -> Option<(f64, f64)> {
    let run = subject.analyses.first()?;
    let of_course = |course: &Course| -> Vec<(f64, f64)> {
        let troubles = course.troubles.iter().map(|trouble| (trouble.begin_s, trouble.end_s));
        troubles.chain(course.waiting.stretches.iter().map(|wait| (wait.begin_s, wait.end_s))).collect()
    };
    let named = run.named.iter().map(|named| named.scope);
    let scopes = run.regions.iter().chain(run.requests.iter().map(|request| &request.course));
    let worse = scopes.filter(|course| named.clone().any(|scope| scope == course.scope));
    let mut happens: Vec<(f64, f64)> = std::iter::once(&run.everything).chain(worse).flat_map(of_course).collect();
    if happens.is_empty() {
        return None;
    }
    let broken = subject.figures.thresholds.iter().filter(|result| !result.held && result.worst_at_s.is_finite());
    happens.extend(broken.map(|result| (result.worst_at_s, result.worst_at_s + result.worst_window_s)));
    happens.extend(rooms_are_used(subject.figures));
    happens.extend(marked(subject).map(|at_s| (at_s, at_s)));
    Some(
        happens
            .into_iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |all, next| (all.0.min(next.0), all.1.max(next.1))),
    )
}

/// From when to when waiting rooms hold more than a tenth of the most people that they hold; `None` where nobody is in one.
fn rooms_are_used(figures: &Figures) -> Option<(f64, f64)> {
    let row = figures.scope(Scope::default())?;
    let inside: Vec<f64> = figures.series(row, Column::WaitingRoomMean).collect();
    let most = finite(inside.iter().copied()).fold(0.0, f64::max);
    let is_used = |people: &f64| *people > OCCUPIED * most;
    let (first, last) = (inside.iter().position(is_used)?, inside.iter().rposition(is_used)?);
    Some((figures.time_s(first), figures.time_s(last + 1)))
}

/// The moments of drops and changes within the run.
fn marked(subject: &Subject<'_>) -> impl Iterator<Item = f64> {
    let (first, last) = (subject.figures.first_s, subject.figures.time_s(subject.figures.intervals));
    let drops: Vec<f64> = subject.context.spec.region.values().map(|region| region.drop_delay.seconds()).collect();
    let drops = if drops.is_empty() { vec![0.0] } else { drops };
    let changes: Vec<f64> = subject.context.changes.iter().map(|mark| mark.t_s).collect();
    drops.into_iter().chain(changes).filter(move |at_s| *at_s >= first && *at_s <= last)
}

impl Focus {
    /// Height that the strip takes above the plots.
    pub const HEIGHT: f64 = HEIGHTS.0 + HEIGHTS.1 + HEIGHTS.2;

    /// Whether at least half of the requests that wait too long do so in the part.
    fn holds_those_who_wait(&self, figures: &Figures) -> bool {
        let Some(row) = figures.scope(Scope::default()) else { return true };
        let waited: Vec<f64> = figures.series(row, Column::RequestsWaited).collect();
        let sum = |of: &[f64]| finite(of.iter().copied()).sum::<f64>();
        sum(&waited[self.at.clone()]) >= MOST_WAIT * sum(&waited)
    }

    /// The whole run as a strip that begins at `top`, with a frame around the part.
    pub fn strip(&self, figures: &Figures, clock: &Clock, top: f64) -> Panel {
        let (first, last) = (figures.first_s, figures.time_s(figures.intervals));
        let upper = top + HEIGHTS.0;
        let room = Room { left: PLOT_LEFT, right: PLOT_RIGHT, top: upper, bottom: upper + HEIGHTS.1 };
        let (sent, failed) = (columns(figures, &[Column::Attempts]), columns(figures, &failures()));
        let (y, log) = heights(&sent);
        let mut panel = Panel::new(room, &Axis::with_ticks(first, last, false, Vec::new()), y);
        let note = "attempts sent, in red those that fail";
        panel.heading("The whole run", &format!("{note}{log}; what follows is the part in the frame"));
        panel.bars(&sent, Colour::Demand, 0.45);
        panel.bars(&failed, Colour::Broken, 0.85);
        for (from, until) in [(first, self.from_s), (self.until_s, last)] {
            if until > from {
                panel.fade(from, until);
            }
        }
        panel.base();
        self.frame(&mut panel);
        let middle = (room.top + room.bottom) / 2.0;
        let [begin, end] = [first, last].map(|at_s| clock.moment(at_s));
        let label = |words: &str, at: f64, wide: f64| Text::within(words, (at, middle), theme::NOTE, wide);
        panel.label(label(&begin, room.left - 12.0, room.left - 52.0).ending());
        panel.label(label(&end, room.right + 10.0, SHEET_RIGHT - room.right - 10.0));
        panel
    }

    /// Draws the frame around the part.
    fn frame(&self, panel: &mut Panel) {
        let [left, right] = [self.from_s, self.until_s].map(|at_s| panel.place((at_s, panel.y.low)).0);
        let (high, low) = (panel.room.top - 2.0, panel.room.bottom + 3.0);
        let places = vec![(left, high), (right, high), (right, low), (left, low), (left, high)];
        panel.over.push(Part::Rule { places, colour: Colour::Ink, width: 2.0 });
    }
}

/// The axis of rates, and what to say of it: logarithmic where the highest hides the usual.
fn heights(sent: &[(f64, f64, f64)]) -> (Axis, &'static str) {
    let mut rates: Vec<f64> = sent.iter().map(|column| column.2).filter(|rate| *rate > 0.0).collect();
    rates.sort_by(f64::total_cmp);
    let (usual, most) = (rates.get(rates.len() / 2).copied().unwrap_or(1.0), rates.last().copied().unwrap_or(1.0));
    if most > FAR * usual {
        (Axis::with_ticks(usual / 5.0, most * 1.1, true, Vec::new()), ", log scale")
    } else {
        (Axis::with_ticks(0.0, most * 1.05, false, Vec::new()), "")
    }
}

/// Columns of the outcomes that are errors.
fn failures() -> Vec<Column> {
    Outcome::errors().iter().map(|outcome| outcome.column()).collect()
}

/// Sums of columns of everything per second, over stretches of the run: begin, end, rate.
fn columns(figures: &Figures, of: &[Column]) -> Vec<(f64, f64, f64)> {
    let Some(row) = figures.scope(Scope::default()) else { return Vec::new() };
    let together = figures.intervals.div_ceil(COLUMNS).max(1);
    let starts = (0..figures.intervals).step_by(together);
    let column = |from: usize| {
        let until = (from + together).min(figures.intervals);
        let cells = (from..until).flat_map(|at| of.iter().map(move |column| figures.value(at, row, *column)));
        let (begin, end) = (figures.time_s(from), figures.time_s(until));
        (begin, end, finite(cells).sum::<f64>() / (end - begin))
    };
    starts.map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support;
    use crate::report::chart::View;
    use crate::report::chart::tests::all_of;
    use crate::report::support::Morning;

    #[test]
    fn a_short_event_has_a_part_of_its_own_and_a_long_one_has_not() {
        let day = support::empty(1440, -43_200.0, 60.0);
        let hour = Focus::around(&day, (0.0, 3600.0)).unwrap();
        assert_eq!((hour.from_s, hour.until_s, hour.at), (-2160.0, 5760.0, 684..816));
        assert_eq!(Focus::around(&day, (0.0, 5.0 * 3600.0)), None, "over a fifth");
        let blink = Focus::around(&day, (0.0, 60.0)).unwrap();
        assert_eq!((blink.from_s, blink.until_s), (-1800.0, 1860.0), "sixty intervals at least");
        let early = Focus::around(&day, (-43_200.0, -40_000.0)).unwrap();
        assert_eq!((early.at.start, early.from_s), (0, -43_200.0));
        assert_eq!(Focus::around(&support::empty(100, 0.0, 60.0), (3000.0, 3300.0)), None, "no closer look");
        assert_eq!(Focus::around(&support::empty(0, 0.0, 60.0), (0.0, 60.0)), None);
    }

    #[test]
    fn a_part_that_leaves_out_most_of_those_who_wait_is_no_closer_look() {
        let mut day = support::empty(1440, 0.0, 60.0);
        let part = Focus::around(&day, (3600.0, 7200.0)).unwrap();
        assert!(part.holds_those_who_wait(&day), "nobody waits");
        support::set(&mut day, 90, 0, Column::RequestsWaited, 50.0);
        support::set(&mut day, 900, 0, Column::RequestsWaited, 49.0);
        assert!(part.holds_those_who_wait(&day));
        support::set(&mut day, 901, 0, Column::RequestsWaited, 2.0);
        assert!(!part.holds_those_who_wait(&day));
    }

    #[test]
    fn rooms_are_used_while_more_than_a_tenth_of_their_most_people_are_inside() {
        let mut figures = support::empty(100, 0.0, 60.0);
        assert_eq!(rooms_are_used(&figures), None, "there is no room");
        support::fill(&mut figures, Column::WaitingRoomMean, 0.0);
        assert_eq!(rooms_are_used(&figures), None, "nobody is inside");
        for (interval, people) in [(9, 50.0), (10, 51.0), (40, 500.0), (70, 60.0), (71, 20.0)] {
            support::set(&mut figures, interval, 0, Column::WaitingRoomMean, people);
        }
        assert_eq!(rooms_are_used(&figures), Some((600.0, 71.0 * 60.0)));
    }

    #[test]
    fn charts_draw_the_part_and_the_strip_the_whole() {
        let morning = Morning::new();
        let (context, findings) = (morning.context(), morning.findings());
        let subject = morning.subject(&context, &findings);
        let focus = Focus::around(&morning.figures, (0.0, 900.0)).unwrap();
        let (part, whole) = ((focus.from_s, focus.until_s), View::whole(&subject).span());
        let view = View::focused(&subject, focus);
        for (name, sheet) in all_of(&view) {
            let ends = |panel: &Panel| (panel.x.low, panel.x.high);
            let clocks: Vec<_> = sheet.panels.iter().filter(|panel| panel.x.time().is_some()).collect();
            // Most streams play after the part.
            let of_the_whole = ["reports", "usage", "delivery"].contains(&name);
            assert!(clocks.iter().all(|panel| ends(panel) == if of_the_whole { whole } else { part }), "{name}");
            let strips = sheet.panels.iter().filter(|panel| ends(panel) == whole && panel.x.time().is_none()).count();
            assert_eq!(strips, usize::from(!clocks.is_empty() && !of_the_whole), "{name}");
        }
    }

    #[test]
    fn the_strip_is_logarithmic_where_a_peak_hides_the_usual() {
        let mut figures = support::empty(2000, 0.0, 1.0);
        support::fill(&mut figures, Column::Attempts, 10.0);
        assert_eq!(heights(&columns(&figures, &[Column::Attempts])).1, "");
        support::set(&mut figures, 400, 0, Column::Attempts, 5000.0);
        assert_eq!(heights(&columns(&figures, &[Column::Attempts])).1, ", log scale");
        let all = columns(&figures, &[Column::Attempts]);
        assert_eq!((all.len(), all[0], all[499]), (500, (0.0, 4.0, 10.0), (1996.0, 2000.0, 10.0)));
    }
}
