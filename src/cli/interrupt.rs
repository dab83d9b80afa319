//! Ctrl-C, and the terminate signal of schedulers: the first asks the work to end cleanly, the second ends it at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};

use super::error::{Error, Exit};

/// Time that the work has to end cleanly after the first signal.
const GRACE: Duration = Duration::from_millis(700);

/// Time from one look for a signal to the next.
const CHECK_EVERY: Duration = Duration::from_millis(50);

/// Lets a write beyond the limit of the process on the size of files be an error, like a full disk, instead of the end of the
/// process without a word.
pub fn refuse_files_that_are_too_large() {
    #[cfg(unix)]
    {
        // Whatever handles the signal, the write fails; where nothing can, the process ends as it did.
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
    /// Listens to both signals from here on. A signal that cannot be listened to keeps its effect, which ends the process;
    /// no result is lost by that.
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

    /// The exit code that shells give to a program that the signal ended.
    pub fn exit(&self) -> Exit {
        if self.signal.load(Ordering::Relaxed) == SIGTERM as usize { Exit::Terminated } else { Exit::Interrupted }
    }

    /// Does the work. If it goes on for long after the first signal, as while a large model is compiled, the process ends
    /// with the error that `stopped` gives; so what must not be lost is on the disk at any moment.
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
