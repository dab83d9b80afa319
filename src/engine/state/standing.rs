//! Standing: why an individual server takes no new attempts, or does not work.

/// A reason why a server takes no new attempts, as one bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// The server has been removed. It finishes what it holds.
    Draining = 1,
    /// The pool states that the server is down, and everybody knows.
    Down = 2,
    /// The server has been ejected, since its attempts failed.
    Ejected = 4,
    /// The server has crashed. The balancer may not know yet.
    Crashed = 8,
    /// The balancer knows that the server has crashed.
    Noticed = 16,
}

/// The reasons that hold for a server; none for most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing(u8);

impl Standing {
    /// Whether a reason holds.
    #[inline]
    pub fn has(self, reason: Reason) -> bool {
        self.0 & reason as u8 != 0
    }

    /// Sets whether a reason holds.
    pub fn set(&mut self, reason: Reason, holds: bool) {
        match holds {
            true => self.0 |= reason as u8,
            false => self.0 &= !(reason as u8),
        }
    }

    /// Whether the server may get new attempts, as far as the balancer knows.
    #[inline]
    pub fn is_eligible(self) -> bool {
        self.0 & !(Reason::Crashed as u8) == 0
    }

    /// Whether the server belongs to its pool: it has not been removed.
    #[inline]
    pub fn belongs(self) -> bool {
        !self.has(Reason::Draining)
    }

    /// Whether the server works.
    #[inline]
    pub fn is_up(self) -> bool {
        self.0 & (Reason::Down as u8 | Reason::Crashed as u8) == 0
    }
}
