//! The one place with `unsafe`: hints to the processor and to the system, which change what a run costs and nothing else.

use std::mem::MaybeUninit;

/// Asks for a row to be brought into the cache before it is needed.
///
/// A row touched at random costs about a hundred nanoseconds once the rows outgrow the caches; asked for a few events
/// ahead, most of that passes while other events are handled.
#[inline(always)]
#[allow(unsafe_code)]
pub fn prefetch<T>(row: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let start: *const i8 = std::ptr::from_ref(row).cast();
        // SAFETY: a prefetch is a hint. It gives the program nothing to read and cannot fault, whatever the address;
        // its instruction belongs to SSE, which every x86-64 processor has. Both addresses lie within the row.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(start);
            if !size_of::<T>().is_multiple_of(64) {
                _mm_prefetch::<_MM_HINT_T0>(start.add(size_of::<T>() - 1));
            }
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = row;
}

/// Bytes of a huge page.
#[cfg(target_os = "linux")]
const HUGE_PAGE: usize = 2 << 20;
/// Less room is not worth huge pages.
const LEAST_ROOM: usize = 8 << 20;

/// Room for so many rows that are touched at random, in huge pages where the system has some: a processor remembers where
/// two thousand pages are, and of small ones millions of viewers fill tens of thousands. Room that is not touched takes no
/// memory. Where there cannot be so much room, or not in this way, the rows grow as any others.
pub fn room_for<T>(rows: usize) -> Vec<T> {
    let mut room = Vec::new();
    let much = rows.saturating_mul(size_of::<T>()) >= LEAST_ROOM;
    if cfg!(target_os = "linux") && much && room.try_reserve_exact(rows).is_ok() {
        advise_huge_pages(room.spare_capacity_mut());
    }
    room
}

#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
fn advise_huge_pages<T>(room: &mut [MaybeUninit<T>]) {
    let start = room.as_mut_ptr().cast::<u8>();
    let to_whole_pages = start.align_offset(HUGE_PAGE);
    let bytes = size_of_val(room).saturating_sub(to_whole_pages) / HUGE_PAGE * HUGE_PAGE;
    if bytes > 0 {
        // SAFETY: the range lies within the room, since what is passed over and the bytes together are no more than its
        // size, and it begins and ends where pages of any size do. The advice changes which pages are behind the room and
        // nothing that it holds. Where the system cannot follow it all stays as it is, so its answer does not matter.
        unsafe {
            libc::madvise(start.add(to_whole_pages).cast(), bytes, libc::MADV_HUGEPAGE);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn advise_huge_pages<T>(_room: &mut [MaybeUninit<T>]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_there_or_the_rows_grow() {
        assert_eq!(room_for::<u64>(10).capacity(), 0);
        // No machine has so much.
        assert_eq!(room_for::<u64>(usize::MAX / 16).capacity(), 0);
        let enough = LEAST_ROOM / size_of::<u64>();
        let mut rows = room_for::<u64>(enough);
        assert!(rows.capacity() >= enough || cfg!(not(target_os = "linux")));
        rows.extend(0..2 * enough as u64);
        assert!(rows.iter().copied().eq(0..2 * enough as u64));
    }
}
