//! Comparison of a run with an ordinary day.

use super::claim::{Beside, Claim, Fact};
use super::phrase::{Phrase, phrase};
use super::voice::Voice;
use crate::analysis::Replications;
use crate::measure::{Figures, Scope};
use crate::report::numbers::{percent, times};
use crate::vocabulary::Column;

/// A share below which more is about as many.
const ALIKE: f64 = 0.005;
/// A ratio from which on it is told as such.
const TIMES: f64 = 3.0;

/// The title of the chart of usage; nothing where nobody comes on an ordinary day.
pub fn title(voice: &Voice<'_>, all: &Replications, ordinary: &Figures) -> Phrase {
    let Some(ratio) = ratio(voice, ordinary) else { return Phrase::default() };
    let fact = Fact::Ordinary(Beside { value: ratio, column: Column::Arrivals.name(), over: voice.measured() });
    let claim = |text: String| Claim { text, fact: fact.clone() };
    const MORE: &str = " sessions begin than on an ordinary day";
    const AS_MANY: &str = " sessions begin as on an ordinary day";
    let compared = match ratio - 1.0 {
        more if ratio >= TIMES && more.is_finite() => phrase![claim(format!("{} as many", times(ratio))), AS_MANY],
        more if more >= ALIKE => phrase![claim(format!("{} more", percent(more))), MORE],
        more if more <= -ALIKE => phrase![claim(format!("{} fewer", percent(-more))), MORE],
        _ => phrase![claim("about as many".to_owned()), AS_MANY],
    };
    let compared = phrase![compared, ", in ", voice.lasting(voice.measured())];
    match all.only() {
        Some(_) => compared,
        None => phrase![compared, ", on average across the replications"],
    }
}

/// Arrivals of the measured time over those of the ordinary day.
fn ratio(voice: &Voice<'_>, ordinary: &Figures) -> Option<f64> {
    let measured = voice.run.frame.measured.clone();
    let sum = |figures: &Figures| -> Option<f64> {
        let row = figures.scope(Scope::default())?;
        let cells = figures.series(row, Column::Arrivals).enumerate();
        Some(cells.filter(|(at, count)| measured.contains(at) && count.is_finite()).map(|(_, count)| count).sum())
    };
    let (run, ordinary) = (sum(voice.figures)?, sum(ordinary)?);
    (ordinary > 0.0).then_some(run / ordinary)
}
