//! Texts at points of a plot, where they hide least.

use super::model::{Across, Colour, Dot, Part, Place, Room, Style, Text};
use super::panel::{Panel, paper};

/// Half the height of the ground of a text, and how far it reaches beyond both ends of the text.
const GROUND: (f64, f64) = (11.0, 6.0);

/// Weight of a unit of covered words, in units of covered line.
const WORDS: f64 = 4.0;

/// Width of the bar of a value that holds for a while.
const BAR: f64 = 3.0;
/// Distance from a point to its words from which on a line joins both.
const FAR: f64 = 24.0;

impl Panel {
    /// Adds a text at a value that holds from one place of the axis to another, on a ground of paper: a bar as wide as the value holds,
    /// and a dot in the middle.
    pub fn callout(&mut self, text: &str, (from, until): (f64, f64), value: f64, style: Style) {
        let at = self.place(((from + until) / 2.0, value));
        let width = style.measure(text);
        let places = vec![self.place((from, value)), self.place((until, value))];
        self.over.push(Part::Rule { places, colour: style.colour, width: BAR });
        let place = self.beside(at, width);
        let (from, to) = ground(place, width);
        // Words that stand far from their point are tied to it.
        let near = (at.0.clamp(from.0, to.0), at.1.clamp(from.1, to.1));
        if (near.0 - at.0).hypot(near.1 - at.1) > FAR {
            self.over.push(Part::Rule { places: vec![at, near], colour: style.colour, width: 1.0 });
        }
        let text = Text::new(text, place, style);
        self.over.push(Part::Label { text, ground: Some(paper(from, to, 0.85)) });
        self.over.push(Part::Dot(Dot { at, colour: style.colour, radius: 4.0 }));
    }

    /// Joins a point to the next line below it, which has another value there since it is one of bins.
    pub fn stem(&mut self, point: (f64, f64)) {
        let (x, y) = self.place(point);
        let lines = self.under.iter().filter_map(|part| match part {
            Part::Line { points, dashed: false, .. } => Some(points),
            _ => None,
        });
        let pairs = lines.flat_map(|points| points.windows(2)).map(|pair| (self.place(pair[0]), self.place(pair[1])));
        let level = pairs.filter(|(one, other)| one.1 == other.1 && one.0.min(other.0) <= x && x <= one.0.max(other.0));
        let next = level.map(|(one, _)| one.1).filter(|level| *level > y).reduce(f64::min);
        if let Some(foot) = next {
            self.over.push(Part::Rule { places: vec![(x, y), (x, foot)], colour: Colour::Ink, width: 1.2 });
        }
    }

    /// The left end and the middle of a text beside a point: of the places around the point the first of those that hide least.
    /// Above the point comes first, then beside it, then below.
    fn beside(&self, (x, y): Place, width: f64) -> Place {
        let Room { left, top, right, bottom } = self.room;
        let within = |at: f64| at.clamp(left + 8.0, (right - width - 8.0).max(left + 8.0));
        let level = y.clamp(top + 12.0, (bottom - 12.0).max(top + 12.0));
        let (before, behind) = (|far: f64| x - far - width, |far: f64| x + far);
        let (high, low) = (y - 18.0, y + 22.0);
        let near = [(behind(-10.0), high), (behind(10.0), y - 13.0), (before(20.0), level), (behind(20.0), level)];
        let below = [(behind(14.0), low), (before(-14.0), low), (before(-14.0), high)];
        let far = [50.0, 80.0].map(|far| [(before(far), level), (behind(far), level)]);
        let lower = [20.0, 50.0, 80.0].map(|far| [(before(far), low + 22.0), (behind(far), low + 22.0)]);
        let places = near.into_iter().chain(below).chain(far.into_iter().flatten()).chain(lower.into_iter().flatten());
        let usable = |place: &Place| {
            let (from, to) = ground(*place, width);
            let hides_the_point = from.0 <= x && x <= to.0 && from.1 < y + 4.0 && to.1 > y - 4.0;
            from.1 > top - 2.0 && to.1 < bottom + 2.0 && !hides_the_point
        };
        let usable = places.map(|(at, middle)| (within(at), middle)).filter(usable);
        let rated = usable.map(|place| {
            let (from, to) = ground(place, width);
            (self.hidden(from, to), place)
        });
        let best = rated.reduce(|best, next| if next.0 < best.0 { next } else { best });
        best.map_or((within(x - 10.0), level), |(_, place)| place)
    }

    /// The middle of a name, of some width and half its height, that begins at a place within the plot: its own, or up to two lines
    /// above or below, where it hides least.
    pub fn off_the_lines(&self, (left, y): Place, (width, half): (f64, f64), top: f64) -> f64 {
        let hidden = |y: f64| self.hidden((left - 2.0, y - half), (left + width + 2.0, y + half));
        let places = [0.0, -10.0, 10.0, -18.0, 18.0, -28.0, 28.0, -36.0, 36.0].map(|off| y + off);
        let is_within = |at: f64| at - half - 1.0 > top && at + half + 1.0 < self.room.bottom;
        let within = places.into_iter().filter(|at| *at == y || is_within(*at));
        let best = within.map(|y| (hidden(y), y)).reduce(|best, next| if next.0 < best.0 - 1.0 { next } else { best });
        best.map_or(y, |(_, y)| y)
    }

    /// Cost of a rectangle of the sheet as a place for words: the length of lines and, at a higher weight, of words that it would
    /// cover.
    fn hidden(&self, from: Place, to: Place) -> f64 {
        let lines = self.under.iter().filter_map(|part| match part {
            Part::Line { points, .. } => Some(points),
            _ => None,
        });
        let length = |one: Place, other: Place| length_within(one, other, from, to);
        let pairs = lines.flat_map(|points| points.windows(2));
        let of_lines: f64 = pairs.map(|pair| length(self.place(pair[0]), self.place(pair[1]))).sum();
        let bars = self.over.iter().filter_map(|part| match part {
            Part::Rule { places, .. } => Some(places),
            _ => None,
        });
        let of_bars: f64 = bars.flat_map(|places| places.windows(2)).map(|pair| length(pair[0], pair[1])).sum();
        let words = self.over.iter().filter_map(|part| match part {
            Part::Label { text, .. } => Some(text),
            _ => None,
        });
        let of_words = words.map(|text| {
            let width = text.style.measure(&text.text);
            let left = match text.across {
                Across::Left => text.at.0,
                Across::Centre => text.at.0 - width / 2.0,
                Across::Right => text.at.0 - width,
            };
            let (own, end) = ground((left, text.at.1), width);
            if own.1 < to.1 && end.1 > from.1 { (end.0.min(to.0) - own.0.max(from.0)).max(0.0) } else { 0.0 }
        });
        of_lines + of_bars + WORDS * of_words.sum::<f64>()
    }
}

/// The ground of a text with this left end and middle.
fn ground((left, middle): Place, width: f64) -> (Place, Place) {
    let (high, wide) = GROUND;
    ((left - wide, middle - high), (left + width + wide, middle + high))
}

/// The length of the part of a straight line that lies within a rectangle.
fn length_within(one: Place, other: Place, from: Place, to: Place) -> f64 {
    let (dx, dy) = (other.0 - one.0, other.1 - one.1);
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (start, step, low, high) in [(one.0, dx, from.0, to.0), (one.1, dy, from.1, to.1)] {
        if step == 0.0 {
            if start < low || start > high {
                return 0.0;
            }
            continue;
        }
        let (near, far) = ((low - start) / step, (high - start) / step);
        enters = enters.max(near.min(far));
        leaves = leaves.min(near.max(far));
    }
    (leaves - enters).max(0.0) * (dx * dx + dy * dy).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::axis::Axis;
    use crate::report::chart::panel::End;
    use crate::report::chart::theme;

    const WORDS: &str = "ten times in a minute";

    /// A plot with this line, and the ground of the text at a point of it.
    fn called(line: &[(f64, f64)], at: (f64, f64)) -> (Panel, Place, Place) {
        let room = Room { left: 100.0, top: 100.0, right: 900.0, bottom: 300.0 };
        let mut panel = Panel::new(room, &Axis::counts(40.0, 4), Axis::counts(10.0, 5));
        panel.line(line, Colour::Ink, 2.0);
        let place = panel.beside(panel.place(at), theme::LABEL.measure(WORDS));
        let (from, to) = ground(place, theme::LABEL.measure(WORDS));
        (panel, from, to)
    }

    #[test]
    fn a_text_at_a_point_hides_no_line_where_there_is_room_beside_it() {
        // A peak with two lower steps behind it; a peak near the upper edge; peaks at both ends.
        let falls = [(10.0, 0.0), (10.0, 9.5), (14.0, 9.5), (14.0, 8.0), (22.0, 8.0), (22.0, 6.0), (40.0, 6.0)];
        let rises = [(0.0, 8.0), (18.0, 8.0), (18.0, 9.8), (22.0, 9.8), (22.0, 2.0), (40.0, 2.0)];
        let early = [(0.0, 7.0), (2.0, 7.0), (2.0, 1.0), (40.0, 1.0)];
        let late = [(0.0, 1.0), (38.0, 1.0), (38.0, 7.0), (40.0, 7.0)];
        let cases = [(&falls[..], (12.0, 9.5)), (&rises, (20.0, 9.8)), (&early, (1.0, 7.0)), (&late, (39.0, 7.0))];
        for (line, at) in cases {
            let (panel, from, to) = called(line, at);
            assert_eq!(panel.hidden(from, to), 0.0, "{line:?}: {from:?} {to:?}");
            assert!(from.0 >= 100.0 && to.0 <= 900.0 && from.1 >= 98.0 && to.1 <= 302.0, "{from:?} {to:?}");
        }
    }

    #[test]
    fn a_name_within_the_plot_leaves_the_line_on_which_it_would_lie() {
        let (panel, ..) = called(&[(0.0, 5.0), (40.0, 5.0)], (20.0, 5.0));
        let at = panel.place((20.0, 5.0));
        assert_eq!(panel.off_the_lines(at, (60.0, 7.0), 100.0), at.1 - 10.0);
        assert_eq!(panel.off_the_lines((at.0, at.1 + 30.0), (60.0, 7.0), 100.0), at.1 + 30.0);
    }

    #[test]
    fn names_of_curves_that_end_within_the_plot_cover_no_name() {
        let (mut panel, ..) = called(&[(0.0, 5.0), (40.0, 5.0)], (20.0, 5.0));
        [4.6, 4.8, 5.2].iter().for_each(|y| panel.line(&[(0.0, *y), (40.0, *y)], Colour::Ink, 2.0));
        let end = |y: f64| End { at: (20.0, y), text: format!("a region of {y}"), colour: Colour::Ink };
        panel.ends(&[4.6, 4.8, 5.0, 5.2].map(end), 1200.0);
        let mut middles: Vec<f64> = panel
            .over
            .iter()
            .filter_map(|part| if let Part::Label { text, .. } = part { Some(text.at.1) } else { None })
            .collect();
        middles.sort_by(f64::total_cmp);
        assert!(middles.len() == 4 && middles.windows(2).all(|pair| pair[1] - pair[0] >= 14.0), "{middles:?}");
    }

    #[test]
    fn a_stem_reaches_from_a_point_to_the_next_curve_below() {
        let (mut panel, ..) = called(&[(0.0, 5.0), (40.0, 5.0)], (20.0, 5.0));
        panel.line(&[(0.0, 2.0), (40.0, 2.0)], Colour::Ink, 2.0);
        let (point, foot) = (panel.place((20.0, 8.0)), panel.place((20.0, 5.0)));
        panel.stem((20.0, 8.0));
        let stem = Part::Rule { places: vec![point, foot], colour: Colour::Ink, width: 1.2 };
        assert_eq!(panel.over, [stem]);
        panel.stem((20.0, 1.0));
        assert_eq!(panel.over.len(), 1, "no curve is below");
    }

    #[test]
    fn a_second_text_makes_way_for_the_first() {
        let (mut panel, ..) = called(&[(0.0, 5.0), (40.0, 5.0)], (20.0, 5.0));
        panel.callout(WORDS, (18.0, 22.0), 5.0, theme::LABEL);
        let place = panel.beside(panel.place((21.0, 5.0)), theme::LABEL.measure(WORDS));
        let (from, to) = ground(place, theme::LABEL.measure(WORDS));
        assert_eq!(panel.hidden(from, to), 0.0);
    }

    #[test]
    fn the_part_of_a_line_within_a_rectangle_has_a_length() {
        let of = |one, other| length_within(one, other, (10.0, 10.0), (20.0, 20.0));
        assert_eq!(of((0.0, 15.0), (40.0, 15.0)), 10.0);
        assert!((of((15.0, 0.0), (15.0, 12.0)) - 2.0).abs() < 1e-9);
        assert_eq!((of((0.0, 5.0), (40.0, 5.0)), of((0.0, 40.0), (9.0, 0.0))), (0.0, 0.0));
        assert!((of((0.0, 0.0), (40.0, 40.0)) - 200.0_f64.sqrt()).abs() < 1e-9);
    }
}
