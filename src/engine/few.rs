//! Values by the number of a region, pool, client or journey, read without a check of the number.

/// Largest number of regions, of pools, of clients and of journeys of a scenario; a power of two.
const MOST: usize = 64;

/// At most 64 values. A number of no value stands for the filler, and numbers from 64 on, which no scenario has, for others.
pub struct Few<T>(Box<[T; MOST]>);

impl<T: Copy> Few<T> {
    /// The values of an iterator, and after them the filler.
    pub fn new(values: impl IntoIterator<Item = T>, filler: T) -> Few<T> {
        let mut few = Box::new([filler; MOST]);
        let mut values = values.into_iter();
        few.iter_mut().zip(&mut values).for_each(|(place, value)| *place = value);
        debug_assert!(values.next().is_none(), "more than {MOST} values");
        Few(few)
    }

    /// The value of a number.
    #[inline(always)]
    pub fn of(&self, number: usize) -> T {
        self.0[number % MOST]
    }

    /// All values, the fillers included.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_numbers_and_the_filler_stands_behind_them() {
        let few = Few::new([5, 7, 9], 1);
        assert_eq!([0, 1, 2, 3, 63].map(|number| few.of(number)), [5, 7, 9, 1, 1]);
        let all = Few::new(0..MOST, 1);
        assert!((0..MOST).all(|number| all.of(number) == number));
    }
}
