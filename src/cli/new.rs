//! `dropstorm new`: a scenario to start from.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use clap::Args;
use dropstorm::system::is_choice;
use dropstorm::system::text::path;

use super::error::{Error, Exit, print};

/// Write a commented scenario that runs as it is
#[derive(Args)]
#[command(after_help = "Examples:\n  dropstorm new my-drop.toml\n  dropstorm new - | less")]
pub struct New {
    /// File to write; `-` is standard output. An existing file is not overwritten
    #[arg(default_value = "my-drop.toml")]
    file: PathBuf,
}

impl New {
    pub fn run(&self) -> Result<Exit, Error> {
        let text = dropstorm::scenario::starter();
        if self.file.as_os_str() == "-" {
            print(text)?;
        } else {
            self.write(text)?;
            let file = path(&self.file);
            print(&format!("Wrote {file}. Next:\n  dropstorm run {file}\n"))?;
        }
        Ok(Exit::Done)
    }

    /// Writes the file, which must not exist.
    fn write(&self, text: &str) -> Result<(), Error> {
        let file = path(&self.file);
        let created = OpenOptions::new().write(true).create_new(true).open(&self.file);
        let mut handle = created.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => Error::wrong_input(format!("{file} exists already; it is left as it is")),
            _ if is_choice(&error) => Error::wrong_input(format!("cannot write {file}: {error}")),
            _ => Error::failed(format!("cannot write {file}: {error}")),
        })?;
        // Some file systems report a full disk only when synced.
        handle.write_all(text.as_bytes()).and_then(|()| handle.sync_all()).map_err(|error| {
            // A partial file would block the next attempt.
            let _ = fs::remove_file(&self.file);
            Error::failed(format!("cannot write {file}: {error}"))
        })
    }
}
