//! What a called pool would be asked for if its callers let everything through.

use super::frame::{ENOUGH, Frame};
use super::peaks::Peak;
use super::why::Why;
use crate::measure::{Measurements, Scope};
use crate::vocabulary::Column;

/// What is sent to a pool that waits for calls, as calls to the pool that it waits for. Slots that are held let few attempts get
/// as far as a call, so that the called pool itself is never sent much more than it can serve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offered {
    /// Index of the pool that makes the calls.
    pub caller: usize,
    /// Index of the pool that is called.
    pub callee: usize,
    /// Calls for each attempt at the caller, before the stretch in which pools are judged.
    pub calls: f64,
    /// Start and end of that time, in seconds from the drop.
    pub before_s: [f64; 2],
    /// Attempts sent to the caller in a window, times these calls, over what the slots of the called pool can serve in the window.
    pub peak: Peak,
}

impl Offered {
    /// What the first named pool that suffers from one that it calls itself would ask of that one; `None` if too few attempts came
    /// before the stretch to tell how many calls they make.
    pub fn of(run: &Measurements, rows: &[usize], frame: &Frame, why: &Why) -> Option<Offered> {
        let (caller, callee) = why.named.iter().find_map(|pool| Some((*pool, why.pools[*pool].through?.pool)))?;
        let calls = run.layout.calls.iter().enumerate().filter_map(|(request, call)| Some((request, (*call)?)));
        let calls = calls.filter(|(_, call)| (call.caller, call.callee) == (caller, callee));
        let scopes: Vec<Scope> =
            calls.map(|(request, _)| Scope { request: Some(request), ..Scope::default() }).collect();
        let count =
            |interval: usize, row: usize, column: Column| run.row(interval, row).map_or(0.0, |row| row.count(column));
        let made = |interval: usize| {
            let rows = run.layout.scopes.iter().enumerate().filter(|(_, scope)| scopes.contains(scope));
            rows.map(|(row, _)| count(interval, row, Column::RequestsEnded)).sum::<f64>()
        };
        let sent = |interval: usize| count(interval, rows[caller], Column::Attempts);
        let room = |interval: usize| count(interval, rows[callee], Column::CapacityPerSecond) * frame.width.seconds();
        let before = || frame.measured.clone().take_while(|at| frame.time_s(*at) < why.from_s);
        let attempts: f64 = before().map(sent).sum();
        let calls = before().map(made).sum::<f64>() / attempts;
        if attempts < ENOUGH || calls <= 0.0 {
            return None;
        }
        let window = |from: usize| {
            let at = from..from + frame.window;
            let (sent, room) = at.clone().fold((0.0, 0.0), |sum, next| (sum.0 + sent(next), sum.1 + room(next)));
            let peak = Peak { value: sent * calls / room, from_s: frame.time_s(at.start), to_s: frame.time_s(at.end) };
            (room > 0.0).then_some(peak)
        };
        let last = (frame.measured.end + 1).saturating_sub(frame.window);
        let windows = (frame.measured.start..last).filter_map(window);
        let peak = windows.reduce(|most, next| if next.value > most.value { next } else { most })?;
        Some(Offered { caller, callee, calls, before_s: [frame.from_s(), why.from_s], peak })
    }
}
