//! What a called pool would be asked for if its callers let everything through.

use super::frame::{ENOUGH, Frame};
use super::peaks::{Peak, Peaks};
use super::why::Why;
use crate::measure::{Measurements, Scope};
use crate::vocabulary::Column;

/// How much more than a called pool is sent itself its callers must be sent to be told.
const MORE: f64 = 1.2;

/// What is sent to a pool that waits for calls, as calls to the pool that it waits for. Slots that are held let few attempts get
/// as far as a call, so that the called pool itself is never sent much more than it can serve.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// Indices of the pools from the one that is asked to the one that is called at the end, call by call.
    pub chain: Vec<usize>,
    /// Calls to the last pool for each attempt at the first, before the stretch in which pools are judged.
    pub calls: f64,
    /// Start and end of that time, in seconds from the drop.
    pub before_s: [f64; 2],
    /// Attempts sent to the first pool in a window, times these calls, over what the slots of the last can serve in the window.
    pub peak: Peak,
}

impl Offered {
    /// What the first named pool that suffers from one that it calls would ask of that one; `None` if too few attempts came before
    /// the stretch to tell how many calls they make.
    pub fn of(run: &Measurements, rows: &[usize], frame: &Frame, why: &Why) -> Option<Offered> {
        let chain = why.named.iter().map(|pool| &why.pools[*pool].chain).find(|chain| !chain.is_empty())?;
        let (caller, callee) = (*chain.first()?, *chain.last()?);
        let count =
            |interval: usize, row: usize, column: Column| run.row(interval, row).map_or(0.0, |row| row.count(column));
        let sent = |pool: usize, interval: usize| count(interval, rows[pool], Column::Attempts);
        let before = || frame.measured.clone().take_while(|at| frame.time_s(*at) < why.from_s);
        let attempts = |pool: usize| before().map(|interval| sent(pool, interval)).sum::<f64>();
        let made = |caller: usize, callee: usize| {
            let rows = rows_of_calls(run, caller, callee);
            rows.flat_map(|row| before().map(move |interval| (interval, row)))
                .map(|(interval, row)| count(interval, row, Column::RequestsEnded))
                .sum::<f64>()
        };
        let calls: f64 = chain.windows(2).map(|step| made(step[0], step[1]) / attempts(step[0])).product();
        // A pool on the way may have made calls for attempts that came before the measured window alone.
        if attempts(caller) < ENOUGH || !calls.is_finite() || calls <= 0.0 {
            return None;
        }
        let room = |interval: usize| count(interval, rows[callee], Column::CapacityPerSecond) * frame.width.seconds();
        let window = |from: usize| {
            let at = from..from + frame.window;
            let add = |sum: (f64, f64), next: usize| (sum.0 + sent(caller, next), sum.1 + room(next));
            let (sent, room) = at.clone().fold((0.0, 0.0), add);
            let peak = Peak { value: sent * calls / room, from_s: frame.time_s(at.start), to_s: frame.time_s(at.end) };
            (room > 0.0).then_some(peak)
        };
        let last = (frame.measured.end + 1).saturating_sub(frame.window);
        let windows = (frame.measured.start..last).filter_map(window);
        let peak = windows.reduce(|most, next| if next.value > most.value { next } else { most })?;
        Some(Offered { chain: chain.clone(), calls, before_s: [frame.from_s(), why.from_s], peak })
    }

    /// Whether that is more than the called pool can serve, and more than it is sent itself.
    pub(super) fn is_more(&self, peaks: &Peaks) -> bool {
        let callee = self.chain.last().and_then(|pool| peaks.demand.get(*pool).copied().flatten());
        self.peak.value >= MORE * callee.map_or(0.0, |sent| sent.value).max(1.0)
    }
}

/// The rows of the calls of one pool to another.
fn rows_of_calls(run: &Measurements, caller: usize, callee: usize) -> impl Iterator<Item = usize> + '_ {
    let calls = run.layout.calls.iter().enumerate().filter_map(|(request, call)| Some((request, (*call)?)));
    let of_pair = calls.filter(move |(_, call)| (call.caller, call.callee) == (caller, callee));
    of_pair.filter_map(|(request, _)| {
        let scope = Scope { request: Some(request), ..Scope::default() };
        run.layout.scopes.iter().position(|known| *known == scope)
    })
}
