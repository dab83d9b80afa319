//! The furthest points of viewers who began their journey again, by a refresh or after giving up.

use super::viewer::Viewer;
use super::words::{Place, Words};
use crate::model::Model;

/// Why a viewer makes a request that they had reached before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// A refresh began the journey again.
    Refresh,
    /// The viewer gave up and came back.
    ComeBack,
}

/// Bit of a point that the viewer had reached before giving up.
const CAME_BACK: u32 = 1 << 31;

/// Whether journeys begin again. The word [`Place::Point`] beside a viewer's row holds the furthest point that the viewer had
/// reached, with [`CAME_BACK`]; 0 for a viewer who is on new ground.
pub struct Restarts {
    /// Whether some settings let a journey begin again.
    pub used: bool,
}

/// The present call of a viewer, in the order in which a journey reaches its calls; above 0.
fn point(viewer: &Viewer) -> u32 {
    (u32::from(viewer.step) << 16 | u32::from(viewer.call)) + 1
}

impl Restarts {
    /// Whether a model's settings let a journey begin again.
    pub fn new(model: &Model) -> Restarts {
        let mut clients = model.epochs.iter().flat_map(|epoch| &epoch.settings.clients);
        let used = clients.any(|client| {
            client.come_back.is_some() || client.refresh.as_ref().is_some_and(|refresh| refresh.from_start)
        });
        Restarts { used }
    }

    /// The last of the words beside a viewer's row that the points need.
    pub fn last_word(&self) -> Option<Place> {
        self.used.then_some(Place::Point)
    }
}

/// Forgets what the viewer of a row had reached, when the viewer went back by `then`.
#[inline]
pub fn forget(words: &mut Words, row: u32) {
    if let Some(point) = words.get(row, Place::Point) {
        *point = 0;
    }
}

/// Notes that a viewer begins again from the present call on.
#[cold]
pub fn begin(words: &mut Words, row: u32, viewer: &Viewer, again: Again) {
    let noted = words.at(row, Place::Point);
    let furthest = point(viewer).max(*noted & !CAME_BACK);
    *noted = furthest | if again == Again::ComeBack { CAME_BACK } else { 0 };
}

/// Why a viewer makes the present call again; `None` if the viewer reaches the call for the first time.
#[cold]
pub fn again(words: &mut Words, row: u32, viewer: &Viewer) -> Option<Again> {
    let furthest = words.get(row, Place::Point)?;
    let (again, reached) = match *furthest & CAME_BACK {
        0 => (Again::Refresh, *furthest),
        _ => (Again::ComeBack, *furthest & !CAME_BACK),
    };
    let now = point(viewer);
    if now >= reached {
        *furthest = 0;
    }
    (now <= reached).then_some(again)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::slab::Row;

    #[test]
    fn what_lies_up_to_the_furthest_point_is_made_again_and_what_lies_beyond_is_new() {
        let at = |step, call| Viewer { step, call, ..Viewer::VACANT };
        let mut words = Words::new(Some(Place::Point), 0);
        assert_eq!(again(&mut words, 3, &at(0, 0)), None);
        begin(&mut words, 3, &at(2, 1), Again::Refresh);
        assert_eq!(again(&mut words, 3, &at(0, 0)), Some(Again::Refresh));
        // Failing on the way does not move the furthest point back.
        begin(&mut words, 3, &at(1, 0), Again::ComeBack);
        for (step, call) in [(0, 0), (1, 0), (2, 0), (2, 1)] {
            assert_eq!(again(&mut words, 3, &at(step, call)), Some(Again::ComeBack), "step {step}, call {call}");
        }
        assert_eq!(again(&mut words, 3, &at(2, 2)), None);
        assert_eq!(again(&mut words, 3, &at(1, 0)), None, "after a return by `then`");
        begin(&mut words, 3, &at(2, 0), Again::Refresh);
        forget(&mut words, 3);
        assert_eq!(again(&mut words, 3, &at(0, 0)), None);
        begin(&mut words, 3, &at(1, 0), Again::Refresh);
        assert_eq!(again(&mut words, 3, &at(2, 0)), None, "an optional step was skipped");
    }
}
