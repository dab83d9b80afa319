//! Harm to people: each person counts once for each kind of harm.

use crate::measure::Measurements;

/// People harmed, by kind, at full size; `None` where nobody is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Harm {
    /// People who were shown an error page.
    pub saw_error: Option<f64>,
    /// People who gave up and did not come back.
    pub gave_up: Option<f64>,
    /// People who waited longer than `[harm] wait` in queues and pauses, for a request or for their first frame.
    pub waited: Option<f64>,
    /// People whose stream stalled for over 1% of their time.
    pub stalled: Option<f64>,
    /// People who for over a tenth of their time had under half of the bit rate that their device and the cap allow.
    pub degraded: Option<f64>,
}

impl Harm {
    /// The harm of everything.
    pub fn of(run: &Measurements) -> Harm {
        let full = |count: u64| Some(count as f64 / run.layout.scale);
        Harm { saw_error: full(run.ledger.saw_error), gave_up: full(run.ledger.gave_up), ..Harm::default() }
    }

    /// Whether somebody is harmed.
    pub fn is_any(&self) -> bool {
        let kinds = [self.saw_error, self.gave_up, self.waited, self.stalled, self.degraded];
        kinds.into_iter().flatten().any(|count| count > 0.0)
    }
}
