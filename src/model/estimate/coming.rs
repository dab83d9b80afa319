//! People who come, as a function of time.

use crate::model::{Arrivals, Cohort, share_below};
use crate::units::Span;

/// Expected number of people of a cohort who arrive up to each moment, in nanoseconds from the start of the window; the
/// moments ascend from zero. Nobody arrives before the window.
pub fn arrived(cohort: &Cohort, moments: &[f64]) -> Vec<f64> {
    match &cohort.arrivals {
        Arrivals::Crowd { count, law, origin, pieces } => {
            let until = |at: f64| share_below(pieces, law.cdf(at - origin.0 as f64));
            let before = until(-1.0);
            moments.iter().map(|at| *count as f64 * (until(*at) - before)).collect()
        }
        Arrivals::Rate(pieces) => {
            let sections = pieces.iter().map(|piece| Section {
                from: piece.from.0 as f64,
                width: (piece.until.0 - piece.from.0) as f64,
                first: piece.first,
                last: piece.last,
            });
            added_up(sections, moments)
        }
        Arrivals::Trace(bins) => {
            let within = bins.iter().filter(|bin| bin.from + bin.width > Span::ZERO);
            let sections = within.map(|bin| {
                let (width, hidden) = (bin.width.0 as f64, (-bin.from.0).max(0) as f64);
                let rate = bin.count / width.max(1.0);
                Section { from: bin.from.0.max(0) as f64, width: width - hidden, first: rate, last: rate }
            });
            added_up(sections, moments)
        }
    }
}

/// A stretch of time with a linear rate, in nanoseconds.
struct Section {
    from: f64,
    width: f64,
    first: f64,
    last: f64,
}

impl Section {
    /// The people within the first `length` nanoseconds.
    fn until(&self, length: f64) -> f64 {
        let length = length.clamp(0.0, self.width);
        let slope = if self.width > 0.0 { (self.last - self.first) / self.width } else { 0.0 };
        length * (self.first + slope * length / 2.0)
    }
}

/// The people of sections that follow each other, up to each moment.
fn added_up(sections: impl Iterator<Item = Section>, moments: &[f64]) -> Vec<f64> {
    let mut sections = sections.peekable();
    let mut passed = 0.0;
    let mut arrived = Vec::with_capacity(moments.len());
    for at in moments {
        while let Some(section) = sections.next_if(|section| section.from + section.width <= *at) {
            passed += section.until(section.width);
        }
        let begun = sections.peek().map_or(0.0, |section| section.until(at - section.from));
        arrived.push(passed + begun);
    }
    arrived
}
