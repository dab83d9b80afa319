//! Whether standard output was closed when the process began.
//!
//! Before `main` the runtime opens `/dev/null` in place of a closed standard stream, so that output would be lost
//! without an error. A function that the loader calls earlier still sees the closed stream. Only Linux and the systems
//! of Apple are supported.

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod early {
    use std::sync::atomic::{AtomicBool, Ordering};

    static CLOSED: AtomicBool = AtomicBool::new(false);

    /// Checks standard output. The runtime of the language is not initialized yet, so only the system is called.
    extern "C" fn look() {
        CLOSED.store(rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err(), Ordering::Relaxed);
    }

    // SAFETY: both sections hold pointers to functions without arguments that are called once before `main`.
    #[used]
    #[allow(unsafe_code)]
    #[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
    #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
    static LOOK: extern "C" fn() = look;

    pub fn was_closed() -> bool {
        CLOSED.load(Ordering::Relaxed)
    }
}

/// Whether standard output was closed when the process began.
pub fn output_was_closed() -> bool {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    let closed = early::was_closed();
    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    let closed = false;
    closed
}
