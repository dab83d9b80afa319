//! Harm to people: each person counts once for each kind of harm.

use crate::measure::Measurements;
use crate::vocabulary::Harm as Kind;

/// People harmed in the measured intervals, by kind, at full size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Harm {
    /// People who were inside when the measured intervals began, or arrived in them.
    pub present: f64,
    /// People who were shown an error page.
    pub saw_error: f64,
    /// People who gave up at least once, those who came back included.
    pub gave_up: f64,
    /// People who waited longer than `[harm] wait` in queues and pauses, for a request or for their first frame.
    pub waited: f64,
    /// People whose stream stalled for over 1% of their time.
    pub stalled: f64,
    /// People who for over a tenth of their time had under half of the bit rate that their device and the cap allow.
    pub degraded: f64,
}

impl Harm {
    /// The harm of a region, or of everything.
    pub fn of(run: &Measurements, region: Option<usize>) -> Harm {
        let people = run.people(region);
        let full = |count: u64| count as f64 / run.layout.scale;
        let of = |kind: Kind| full(people.harmed[kind as usize]);
        Harm {
            present: full(people.present),
            saw_error: of(Kind::SawError),
            gave_up: of(Kind::GaveUp),
            waited: of(Kind::Waited),
            stalled: of(Kind::Stalled),
            degraded: of(Kind::Degraded),
        }
    }

    /// Whether somebody is harmed.
    pub fn is_any(&self) -> bool {
        let kinds = [self.saw_error, self.gave_up, self.waited, self.stalled, self.degraded];
        kinds.into_iter().any(|count| count > 0.0)
    }
}
