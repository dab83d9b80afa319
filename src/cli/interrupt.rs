//! Ctrl-C, and the terminate of schedulers: the first asks the work to end cleanly, the second ends it at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

/// Whether somebody asked the work to end, and how.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    /// Number of the first signal, 0 before it.
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Listens from here on. Where that is not possible the system's own ways stay, and nothing is lost by them either.
    pub fn listen() -> Interrupt {
        let interrupt = Interrupt::default();
        let again = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // In this order: what the second signal does must look before the first has left its mark.
            let _ = signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again));
            let _ = signal_hook::flag::register(signal, Arc::clone(&again));
            let _ = signal_hook::flag::register_usize(signal, Arc::clone(&interrupt.signal), signal as usize);
        }
        interrupt
    }

    /// Whether it came.
    pub fn came(&self) -> bool {
        self.signal.load(Ordering::Relaxed) != 0
    }

    /// Whether it came from a scheduler rather than from the keyboard.
    pub fn is_terminate(&self) -> bool {
        self.signal.load(Ordering::Relaxed) == SIGTERM as usize
    }

    /// The exit code that shells give to a program that this signal ended.
    pub fn exit_code(&self) -> u8 {
        128 + self.signal.load(Ordering::Relaxed) as u8
    }
}
