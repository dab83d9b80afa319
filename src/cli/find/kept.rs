//! The values that a search over one setting has tried, kept in its folder until there is an answer.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dropstorm::report::numbers::grouped;
use dropstorm::report::outputs::TRIED;
use dropstorm::report::{FileError, OutputFolder};
use dropstorm::sweep::{FindError, Search, Trial, tried};
use dropstorm::system::{input, text};

use super::super::error::{Error, Exit, note};

/// Bytes of the longest file that is read: some hundred values, each of some hundred bytes.
const LONGEST: u64 = 1 << 20;

/// What is kept of a search under way.
pub struct Kept<'a> {
    search: &'a Search,
    folder: &'a OutputFolder,
    question: String,
    state: Mutex<State>,
}

/// The values that are kept, and the error of keeping them.
#[derive(Default)]
struct State {
    trials: Vec<Trial>,
    error: Option<FileError>,
}

impl<'a> Kept<'a> {
    /// What an earlier search for the same answer has kept in a folder; its values come beside it.
    pub fn open(search: &'a Search, folder: &'a OutputFolder) -> Result<(Kept<'a>, Vec<Trial>), FindError> {
        let question = tried::question(search)?;
        let kept = Kept { search, folder, question, state: Mutex::default() };
        let path = kept.path();
        if fs::symlink_metadata(&path).is_err() {
            return Ok((kept, Vec::new()));
        }
        let mut bytes = Vec::new();
        let whole = input::open(&path).and_then(|(file, _)| file.take(LONGEST).read_to_end(&mut bytes)).is_ok();
        let trials = if whole { tried::read(search, &kept.question, &bytes) } else { None };
        if trials.is_none() {
            note(&format!("warning: `{}` is of another search, or damaged, and is not used", text::path(&path)));
        }
        let trials = trials.unwrap_or_default();
        kept.state().trials.clone_from(&trials);
        Ok((kept, trials))
    }

    /// Keeps the values tried so far; false if they cannot be kept.
    pub fn keep(&self, trials: &[Trial]) -> bool {
        let written = self.folder.keep(TRIED.0, &tried::bytes(&self.question, trials));
        let mut state = self.state();
        match written {
            Ok(()) => state.trials = trials.to_vec(),
            Err(error) => state.error = Some(error),
        }
        state.error.is_none()
    }

    /// The end of a search that was stopped, or that could not keep what it found.
    pub fn stopped(&self, exit: Exit) -> Error {
        let (mut state, path) = (self.state(), self.path());
        if let Some(error) = state.error.take() {
            return error.into();
        }
        let file = text::path(&path);
        match state.trials.len() {
            0 => Error::stopped("stopped before a value was tried".to_owned(), exit),
            _ if !path.is_file() => Error::stopped(format!("stopped: {file} is gone, so that nothing is kept"), exit),
            count => {
                let are_kept = if count == 1 { "value is kept" } else { "values are kept" };
                let known = self.known(&state.trials).map(|known| format!("; {known}")).unwrap_or_default();
                let count = grouped(count as f64);
                Error::stopped(format!("stopped: {count} {are_kept} in {file}{known}"), exit)
                    .help("the same command goes on from here")
            }
        }
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
