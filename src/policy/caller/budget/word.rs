//! The state of a rule that keeps counts.

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
