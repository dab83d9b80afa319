//! The furthest points of viewers who began their journey again, by a refresh or after giving up.

use super::viewer::Viewer;
use crate::engine::memory::prefetch;
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

/// The points that viewers who began again had reached. No memory is used where no journey begins again.
pub struct Restarts {
    /// Whether some settings let a journey begin again.
    pub used: bool,
    /// By viewer's row, the furthest point, with [`CAME_BACK`]; 0 for a viewer who is on new ground.
    points: Vec<u32>,
}

/// The present call of a viewer, in the order in which a journey reaches its calls; above 0.
fn point(viewer: &Viewer) -> u32 {
    (u32::from(viewer.step) << 16 | u32::from(viewer.call)) + 1
}

impl Restarts {
    /// No points.
    pub fn new(model: &Model) -> Restarts {
        let mut clients = model.epochs.iter().flat_map(|epoch| &epoch.settings.clients);
        let used = clients.any(|client| {
            client.come_back.is_some() || client.refresh.as_ref().is_some_and(|refresh| refresh.from_start)
        });
        Restarts { used, points: Vec::new() }
    }

    /// Prefetches the point of a viewer.
    #[inline(always)]
    pub fn prefetch(&self, row: u32) {
        if let Some(point) = self.points.get(row as usize) {
            prefetch(point);
        }
    }

    /// Forgets what the viewer of a row had reached: a new viewer, or one who went back by `then`.
    #[inline]
    pub fn forget(&mut self, row: u32) {
        if let Some(point) = self.points.get_mut(row as usize) {
            *point = 0;
        }
    }

    /// Notes that a viewer begins again from the present call on.
    #[cold]
    pub fn begin(&mut self, row: u32, viewer: &Viewer, again: Again) {
        let index = row as usize;
        if index >= self.points.len() {
            self.points.resize(index + 1, 0);
        }
        let furthest = point(viewer).max(self.points[index] & !CAME_BACK);
        self.points[index] = furthest | if again == Again::ComeBack { CAME_BACK } else { 0 };
    }

    /// Why a viewer makes the present call again; `None` if the viewer reaches the call for the first time.
    #[cold]
    pub fn again(&mut self, row: u32, viewer: &Viewer) -> Option<Again> {
        let furthest = self.points.get_mut(row as usize)?;
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::slab::Row;

    #[test]
    fn what_lies_up_to_the_furthest_point_is_made_again_and_what_lies_beyond_is_new() {
        let at = |step, call| Viewer { step, call, ..Viewer::VACANT };
        let mut restarts = Restarts { used: true, points: Vec::new() };
        assert_eq!(restarts.again(3, &at(0, 0)), None);
        restarts.begin(3, &at(2, 1), Again::Refresh);
        assert_eq!(restarts.again(3, &at(0, 0)), Some(Again::Refresh));
        // Failing on the way does not move the furthest point back.
        restarts.begin(3, &at(1, 0), Again::ComeBack);
        for (step, call) in [(0, 0), (1, 0), (2, 0), (2, 1)] {
            assert_eq!(restarts.again(3, &at(step, call)), Some(Again::ComeBack), "step {step}, call {call}");
        }
        assert_eq!(restarts.again(3, &at(2, 2)), None);
        assert_eq!(restarts.again(3, &at(1, 0)), None, "after a return by `then`");
        restarts.begin(3, &at(2, 0), Again::Refresh);
        restarts.forget(3);
        assert_eq!(restarts.again(3, &at(0, 0)), None);
        restarts.begin(3, &at(1, 0), Again::Refresh);
        assert_eq!(restarts.again(3, &at(2, 0)), None, "an optional step was skipped");
    }
}
