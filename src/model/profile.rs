//! Profiles: piecewise linear factors of the rate of an open stream.

use super::clock::{Clock, DAY};
use crate::document::moments::When;
use crate::scenario::spec::Audience;
use crate::units::Span;

/// A piecewise linear factor of a rate.
pub(super) struct Profile {
    /// Offsets from the scenario's drop, each with the factor there.
    points: Vec<(Span, f64)>,
    /// Period after which the profile repeats; `None` if it does not.
    period: Option<Span>,
}

impl Profile {
    /// The profile of an audience in a region; the constant 1 if the audience states none.
    pub fn compile(audience: &Audience, clock: Clock, drop_delay: Span) -> Profile {
        let Some(points) = &audience.profile else { return Profile { points: vec![(Span::ZERO, 1.0)], period: None } };
        let by_clock = matches!(points.first(), Some((When::Clock(_), _)));
        let period = audience.repeat.or(by_clock.then_some(Span(DAY * 1_000_000_000)));
        let points = points
            .iter()
            .map(|(when, factor)| {
                let at = match when {
                    When::Clock(seconds) => clock.midnight() + drop_delay + Span(seconds * 1_000_000_000),
                    When::Offset(span) => *span,
                };
                (at, *factor)
            })
            .collect();
        Profile { points, period }
    }

    /// The corner points of the profile between `from` and `until`, with both ends.
    pub fn corners(&self, from: Span, until: Span) -> Vec<Span> {
        let mut corners = vec![from, until];
        for (at, _) in &self.points {
            match self.period {
                Some(period) if period.0 > 0 => {
                    let first = *at + Span((from - *at).0.div_euclid(period.0) * period.0);
                    corners.extend((0..).map(|k| first + Span(k * period.0)).take_while(|corner| *corner < until));
                }
                _ => corners.push(*at),
            }
        }
        corners.retain(|corner| from <= *corner && *corner <= until);
        corners.sort();
        corners.dedup();
        corners
    }

    /// The factor at a moment. Beyond the ends of a profile that does not repeat, it is the factor of the nearest end.
    pub fn at(&self, moment: Span) -> f64 {
        let Some((first, _)) = self.points.first() else { return 1.0 };
        let count = self.points.len();
        let moment = match self.period {
            Some(period) if period.0 > 0 => *first + Span((moment - *first).0.rem_euclid(period.0)),
            _ => moment,
        };
        let next = self.points.partition_point(|(at, _)| *at <= moment);
        let before = self.points[next.saturating_sub(1)];
        let after = match (self.points.get(next), self.period) {
            (Some(point), _) => *point,
            (None, Some(period)) => (self.points[0].0 + period, self.points[0].1),
            (None, None) => self.points[count - 1],
        };
        if moment <= before.0 || after.0 <= before.0 {
            return before.1;
        }
        let share = (moment - before.0).0 as f64 / (after.0 - before.0).0 as f64;
        before.1 + (after.1 - before.1) * share
    }
}
