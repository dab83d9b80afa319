//! Trials of a search over one setting, kept in its folder until there is an answer.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dropstorm::report::numbers::grouped;
use dropstorm::report::outputs::TRIED;
use dropstorm::report::{FileError, OutputFolder};
use dropstorm::sweep::{Begun, FindError, Search, Trial, Tried, tried};
use dropstorm::system::{input, text};

use super::super::error::{Error, Exit, note};

/// Bytes of the longest file that is read: some hundred values of some hundred bytes each, and the figures of 100,000 runs.
const LONGEST: u64 = 4 << 20;

/// The trials of a search under way, and their file.
pub struct Kept<'a> {
    search: &'a Search,
    folder: &'a OutputFolder,
    question: String,
    state: Mutex<State>,
}

/// The trials that are kept, and the error of keeping them.
#[derive(Default)]
struct State {
    tried: Tried,
    error: Option<FileError>,
}

impl<'a> Kept<'a> {
    /// Opens the trials that an earlier search for the same answer has kept in a folder; they come beside the keeper.
    pub fn open(search: &'a Search, folder: &'a OutputFolder) -> Result<(Kept<'a>, Tried), FindError> {
        let question = tried::question(search)?;
        let kept = Kept { search, folder, question, state: Mutex::default() };
        let path = kept.path();
        if fs::symlink_metadata(&path).is_err() {
            return Ok((kept, Tried::default()));
        }
        let mut bytes = Vec::new();
        let whole = input::open(&path).and_then(|(file, _)| file.take(LONGEST).read_to_end(&mut bytes)).is_ok();
        let tried = if whole { tried::read(search, &kept.question, &bytes) } else { None };
        if tried.is_none() {
            note(&format!("warning: `{}` is of another search, or damaged, and is not used", text::path(&path)));
        }
        let tried = tried.unwrap_or_default();
        kept.state().tried.clone_from(&tried);
        Ok((kept, tried))
    }

    /// Keeps the values tried so far and the runs of the value under way; false if they cannot be kept.
    pub fn keep(&self, trials: &[Trial], begun: Option<&Begun>) -> bool {
        let written = self.folder.keep(TRIED.0, &tried::bytes(&self.question, trials, begun));
        let mut state = self.state();
        match written {
            Ok(()) => state.tried = Tried { trials: trials.to_vec(), begun: begun.cloned() },
            Err(error) => state.error = Some(error),
        }
        state.error.is_none()
    }

    /// The end of a search that was stopped, or that could not keep what it found.
    pub fn stopped(&self, exit: Exit) -> Error {
        let (mut state, path) = (self.state(), self.path());
        if let Some(error) = state.error.take() {
            return Error::failed(error);
        }
        let file = text::path(&path);
        let Some((what, are_kept)) = held(&state.tried) else {
            return Error::stopped("stopped before anything was tried".to_owned(), exit);
        };
        if !path.is_file() {
            return Error::stopped(format!("stopped: {file} is gone, so that nothing is kept"), exit);
        }
        let known = self.known(&state.tried.trials).map(|known| format!("; {known}")).unwrap_or_default();
        Error::stopped(format!("stopped: {what} {are_kept} in {file}{known}"), exit)
            .help("the same command goes on from here")
    }

    /// Between which values the answer lies so far.
    fn known(&self, trials: &[Trial]) -> Option<String> {
        let turn = trials.windows(2).find(|pair| pair[0].verdict.holds() != pair[1].verdict.holds())?;
        let said = |trial: &Trial| {
            let verb = if trial.verdict.holds() { "holds" } else { "fails" };
            format!("{verb} at {}", trial.setting.text)
        };
        Some(format!("{} {} and {}", self.search.condition().text, said(&turn[0]), said(&turn[1])))
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(TRIED.0)
    }

    /// The state; a thread that panicked leaves one that is still true.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The trials that are kept, in words, with the verb that agrees; `None` if there are none.
fn held(tried: &Tried) -> Option<(String, &'static str)> {
    let count = tried.trials.len();
    let values = match count {
        0 => String::new(),
        1 => "1 value".to_owned(),
        count => format!("{} values", grouped(count as f64)),
    };
    match &tried.begun {
        None if count == 0 => None,
        None => Some((values, if count == 1 { "is kept" } else { "are kept" })),
        Some(begun) => {
            let (and, next) = if count == 0 { ("", "first value") } else { (" and ", "next") };
            Some((format!("{values}{and}{} runs of the {next}", grouped(begun.n() as f64)), "are kept"))
        }
    }
}
