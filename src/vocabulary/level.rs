//! Levels of pools and regions: quantities that the engine steps up and down and gauges integrate over time.

use std::ops::{Index, IndexMut};

/// Attributes of a level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelRow {
    /// Recorded steps in one unit of the level: 1,000 if the level is recorded in thousandths.
    pub steps: f64,
    /// Whether a level of 0 stands for "unlimited", so that the level has no mean.
    pub unlimited_at_zero: bool,
}

/// Declares the levels of pools or of regions: an enum of the levels, and a struct with a value for each of them.
macro_rules! levels {
    (
        $(#[doc = $about:literal])+
        $level:ident;
        $(#[doc = $values:literal])+
        $levels:ident;
        $( $(#[doc = $meaning:literal])+ $variant:ident as $field:ident { $($attribute:ident: $value:expr),+ $(,)? } )+
    ) => {
        table! {
            $(#[doc = $about])+
            $level, LevelRow;
            $( $(#[doc = $meaning])+ $variant { $($attribute: $value),+ } )+
        }

        $(#[doc = $values])+
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct $levels<T> { $( $(#[doc = $meaning])+ pub $field: T, )+ }

        impl $level {
            /// The attributes by which the level is recorded.
            pub const fn attributes(self) -> &'static LevelRow {
                self.row()
            }
        }

        impl<T> $levels<T> {
            /// The results of a function that is called with each level and its value.
            pub fn map<U>(&self, mut each: impl FnMut($level, &T) -> U) -> $levels<U> {
                $levels { $( $field: each($level::$variant, &self.$field), )+ }
            }
        }

        impl<T> Index<$level> for $levels<T> {
            type Output = T;
            fn index(&self, level: $level) -> &T {
                match level { $( $level::$variant => &self.$field, )+ }
            }
        }

        impl<T> IndexMut<$level> for $levels<T> {
            fn index_mut(&mut self, level: $level) -> &mut T {
                match level { $( $level::$variant => &mut self.$field, )+ }
            }
        }
    };
}

/// Recorded steps in one server.
const SERVER: f64 = 1e9;

levels! {
    /// A level of a pool.
    PoolLevel;
    /// A value for each level of a pool.
    PoolLevels;
    /// Attempts waiting for service.
    Queue as queue { steps: 1.0, unlimited_at_zero: false }
    /// Attempts in service.
    InService as in_service { steps: 1.0, unlimited_at_zero: false }
    /// Slots that answer attempts which are not served.
    Answering as answering { steps: 1.0, unlimited_at_zero: false }
    /// Slots; 0 where they are unlimited.
    Slots as slots { steps: 1.0, unlimited_at_zero: true }
    /// Servers, in billionths: at a small scale one of full size is a small part of a simulated one.
    Servers as servers { steps: SERVER, unlimited_at_zero: false }
    /// Attempts per second that the slots can serve, in millionths; 0 where slots are unlimited.
    Capacity as capacity { steps: 1e6, unlimited_at_zero: true }
    /// 1 while every slot is busy and an attempt waits, else 0.
    Full as full { steps: 1.0, unlimited_at_zero: false }
    /// 1 while there is no server, else 0.
    NoServer as no_server { steps: 1.0, unlimited_at_zero: false }
    /// Servers that are ejected, in billionths.
    Ejected as ejected { steps: SERVER, unlimited_at_zero: false }
    /// Attempts that the concurrency limiters allow, in thousandths; 0 without a concurrency limit.
    Limit as limit { steps: 1e3, unlimited_at_zero: true }
    /// Servers that boot, in billionths.
    Booting as booting { steps: SERVER, unlimited_at_zero: false }
    /// Servers wanted, in billionths.
    Wanted as wanted { steps: SERVER, unlimited_at_zero: false }
    /// Cores; 0 where they are not stated.
    Cores as cores { steps: 1.0, unlimited_at_zero: true }
    /// Busy cores.
    BusyCores as busy_cores { steps: 1.0, unlimited_at_zero: false }
    /// Attempts that hold a slot while they wait for calls.
    Calling as calling { steps: 1.0, unlimited_at_zero: false }
}

levels! {
    /// A level of a region.
    RegionLevel;
    /// A value for each level of a region.
    RegionLevels;
    /// Viewers inside a request step.
    Asking as asking { steps: 1.0, unlimited_at_zero: false }
    /// Streams that play.
    Streams as streams { steps: 1.0, unlimited_at_zero: false }
    /// Bits per second that the streams carry.
    Bitrate as bitrate { steps: 1.0, unlimited_at_zero: false }
    /// Bits per second that the streams carry while the capacity of the link is limited, else 0.
    Limited as limited { steps: 1.0, unlimited_at_zero: false }
    /// Streams that stall, in millionths: a stream that plays 40% of the time counts 600,000.
    Stalled as stalled { steps: 1e6, unlimited_at_zero: false }
    /// Capacity of the link in bits per second; 0 where it is unlimited.
    Capacity as capacity { steps: 1.0, unlimited_at_zero: true }
    /// Bits per second that the streams would carry if each of them were alone on the link.
    Alone as alone { steps: 1.0, unlimited_at_zero: false }
    /// Viewers in waiting rooms.
    InRooms as in_rooms { steps: 1.0, unlimited_at_zero: false }
    /// 1 while the link gives some stream less than the stream would carry alone, else 0.
    Short as short { steps: 1.0, unlimited_at_zero: false }
}

/// A level of a pool or of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A level of a pool.
    Pool(PoolLevel),
    /// A level of a region.
    Region(RegionLevel),
}

impl Level {
    /// The attributes by which the level is recorded.
    pub const fn attributes(self) -> &'static LevelRow {
        match self {
            Level::Pool(level) => level.attributes(),
            Level::Region(level) => level.attributes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_found_by_its_name() {
        let mut values = PoolLevels::<u8>::default().map(|level, _| level as u8);
        assert_eq!((values.queue, values.capacity, values[PoolLevel::Servers]), (0, 5, 4));
        values[PoolLevel::Slots] = 9;
        assert_eq!(values.slots, 9);
        for level in PoolLevel::ALL {
            assert!(level.attributes().steps >= 1.0, "{}", level.meaning());
        }
    }
}
