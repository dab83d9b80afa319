//! The events of an attempt that a budget is told of, and the state of a caller.

/// The reason why a caller sends an attempt or wants to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The attempt is the first of its request.
    First,
    /// The attempt before timed out.
    TimedOut,
    /// The attempt before failed in another way.
    Failed,
}

/// The end of an attempt, as far as a budget distinguishes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A reply came in time.
    Served,
    /// The attempt had an outcome other than served.
    NotServed,
    /// The human left, so the app did not see the end.
    Left,
}

/// The state of a rule that keeps counts: 32 bits for one viewer, 64 bits where many share the state.
pub trait Word: Copy + Default {
    /// Bits of half a word.
    const HALF: u32;
    /// The highest value of a word.
    const HIGHEST: u64;
    /// The word as a number.
    fn get(self) -> u64;
    /// The word of a number, or of the highest value if the number is higher.
    fn of(number: u64) -> Self;
}

impl Word for u32 {
    const HALF: u32 = 16;
    const HIGHEST: u64 = u32::MAX as u64;
    #[inline]
    fn get(self) -> u64 {
        u64::from(self)
    }
    #[inline]
    fn of(number: u64) -> u32 {
        number.min(Self::HIGHEST) as u32
    }
}

impl Word for u64 {
    const HALF: u32 = 32;
    const HIGHEST: u64 = u64::MAX;
    #[inline]
    fn get(self) -> u64 {
        self
    }
    #[inline]
    fn of(number: u64) -> u64 {
        number
    }
}
