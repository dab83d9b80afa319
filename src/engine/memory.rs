//! Cache prefetches and huge pages. They change the speed of a run and nothing else. This is the only file of the
//! engine with `unsafe`.

use std::mem::MaybeUninit;

/// Asks the processor to bring a row into the cache before the row is used.
///
/// A random access to a row costs about a hundred nanoseconds once the rows outgrow the caches. If the row is asked for a
/// few events ahead, most of that time passes while other events are handled.
#[inline(always)]
pub fn prefetch<T>(row: &T) {
    prefetch_at(row);
}

/// As [`prefetch`], for the row of a number, without a test whether there is such a row.
#[inline(always)]
pub fn prefetch_row<T>(rows: &[T], number: usize) {
    prefetch_at(rows.as_ptr().wrapping_add(number));
}

#[inline(always)]
#[allow(unsafe_code)]
fn prefetch_at<T>(row: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let start: *const i8 = row.cast();
        // SAFETY: a prefetch reads nothing into the program and cannot fault at any address. Its instruction belongs to
        // SSE, which every x86-64 processor has.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(start);
            // A row whose size divides a line, or is whole lines, lies in no other line than its start's.
            if !size_of::<T>().is_multiple_of(64) && !64_usize.is_multiple_of(size_of::<T>()) {
                _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(size_of::<T>() - 1));
            }
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = row;
}

/// Bytes of a huge page.
#[cfg(target_os = "linux")]
const HUGE_PAGE: usize = 2 << 20;
/// Bytes below which a reservation is not worth huge pages.
const LEAST_RESERVED: usize = 8 << 20;

/// An empty vector with capacity for `rows` rows that are accessed at random, in huge pages where the system has them.
///
/// A processor caches the addresses of about two thousand pages; the rows of millions of viewers fill tens of thousands of
/// small pages. Capacity that is not touched takes no memory. Where the system is not Linux, the rows are few or the
/// reservation fails, the vector has no capacity and grows as rows are added.
pub fn reserve_rows<T>(rows: usize) -> Vec<T> {
    let mut reserved = Vec::new();
    let is_large = rows.saturating_mul(size_of::<T>()) >= LEAST_RESERVED;
    if cfg!(target_os = "linux") && is_large && reserved.try_reserve_exact(rows).is_ok() {
        advise_huge_pages(reserved.spare_capacity_mut());
    }
    reserved
}

/// Asks the system to back unused capacity with huge pages, from the second boundary of a huge page on. The rows before it stay in
/// small pages, since few rows would leave most of a huge page unused.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
fn advise_huge_pages<T>(unused: &mut [MaybeUninit<T>]) {
    use rustix::mm::{Advice, madvise};

    let start = unused.as_mut_ptr().cast::<u8>();
    let to_whole_pages = start.align_offset(HUGE_PAGE).saturating_add(HUGE_PAGE);
    let bytes = size_of_val(unused).saturating_sub(to_whole_pages) / HUGE_PAGE * HUGE_PAGE;
    if bytes > 0 {
        // SAFETY: the range lies within `unused`, since `to_whole_pages` and `bytes` together do not exceed its size, and
        // both ends of the range are boundaries of huge pages. The advice changes which pages back the range, not what
        // the range holds. If the system cannot follow the advice, nothing changes, so its answer does not matter.
        let _ = unsafe { madvise(start.add(to_whole_pages).cast(), bytes, Advice::LinuxHugepage) };
    }
}

#[cfg(not(target_os = "linux"))]
fn advise_huge_pages<T>(_unused: &mut [MaybeUninit<T>]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_reserved_or_grow() {
        assert_eq!(reserve_rows::<u64>(10).capacity(), 0);
        // No machine has this much memory.
        assert_eq!(reserve_rows::<u64>(usize::MAX / 16).capacity(), 0);
        let enough = LEAST_RESERVED / size_of::<u64>();
        let mut rows = reserve_rows::<u64>(enough);
        assert!(rows.capacity() >= enough || cfg!(not(target_os = "linux")));
        rows.extend(0..2 * enough as u64);
        assert!(rows.iter().copied().eq(0..2 * enough as u64));
    }
}
