//! Ctrl-C and the terminate signal of schedulers: the first signal ends the work cleanly, the second one at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};

use super::error::{Error, Exit};

/// Time that the work has to end cleanly after the first signal.
const GRACE: Duration = Duration::from_millis(700);

/// Time between two checks for a signal.
const CHECK_EVERY: Duration = Duration::from_millis(50);

/// Makes a write beyond the process's limit on the size of files an error, like a full disk. By default the signal ends
/// the process without a message.
pub fn refuse_files_that_are_too_large() {
    #[cfg(unix)]
    {
        // With any handler of the signal the write fails. Without one the process ends as by default.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)));
    }
}

/// The request to end a command, by a signal.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    /// Number of the first signal; 0 before it.
    signal: Arc<AtomicUsize>,
    /// Whether the next signal ends the process at once.
    at_once: Arc<AtomicBool>,
}

impl Interrupt {
    /// Handles both signals from now on. A signal that cannot be handled ends the process by default; no result is
    /// lost.
    pub fn listen() -> Interrupt {
        let interrupt = Interrupt::default();
        for signal in [SIGINT, SIGTERM] {
            // In this order: the check for a second signal must run before the first signal leaves its mark.
            let _ =
                signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&interrupt.at_once));
            let _ = signal_hook::flag::register(signal, Arc::clone(&interrupt.at_once));
            let _ = signal_hook::flag::register_usize(signal, Arc::clone(&interrupt.signal), signal as usize);
        }
        interrupt
    }

    /// Whether a signal came.
    pub fn came(&self) -> bool {
        self.signal.load(Ordering::Relaxed) != 0
    }

    /// The exit code of a program that the signal ended, by the convention of shells.
    pub fn exit(&self) -> Exit {
        if self.signal.load(Ordering::Relaxed) == SIGTERM as usize { Exit::Terminated } else { Exit::Interrupted }
    }

    /// Does the work. If the work goes on for longer than [`GRACE`] after the first signal, for example while a large
    /// model is compiled, the process ends with the error of `stopped`. So results must be on the disk at any moment.
    ///
    /// After the work the next signal ends the process at once, unless more work is done in this way.
    pub fn within<T>(&self, stopped: impl Fn() -> Error + Sync, work: impl FnOnce() -> T) -> T {
        let done = AtomicBool::new(false);
        if !self.came() {
            self.at_once.store(false, Ordering::Relaxed);
        }
        thread::scope(|scope| {
            let guard = scope.spawn(|| {
                let mut since: Option<Instant> = None;
                while !done.load(Ordering::Acquire) {
                    if self.came() && since.get_or_insert_with(Instant::now).elapsed() > GRACE {
                        std::process::exit(i32::from(stopped().tell() as u8));
                    }
                    thread::park_timeout(CHECK_EVERY);
                }
            });
            let result = work();
            self.at_once.store(true, Ordering::Relaxed);
            done.store(true, Ordering::Release);
            guard.thread().unpark();
            result
        })
    }
}
