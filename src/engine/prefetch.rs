//! The one place with `unsafe`: a hint to the processor.

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
