//! `dropstorm new`: a scenario to start from.

use std::path::PathBuf;

use clap::Args;

use super::{FAILED, WRONG_INPUT, complain, print};

/// Write a commented scenario that runs as it is
#[derive(Args)]
#[command(after_help = "Examples:\n  dropstorm new my-drop.toml\n  dropstorm new - | less")]
pub struct New {
    /// Where to write it; `-` is standard output. A file that exists is left alone
    #[arg(default_value = "my-drop.toml")]
    file: PathBuf,
}

impl New {
    pub fn run(&self) -> u8 {
        let text = dropstorm::scenario::starter();
        if self.file.as_os_str() == "-" {
            print(text);
            return 0;
        }
        let file = self.file.display();
        match std::fs::OpenOptions::new().write(true).create_new(true).open(&self.file) {
            Ok(mut handle) => {
                if let Err(error) = std::io::Write::write_all(&mut handle, text.as_bytes()) {
                    complain(&format!("error: cannot write {file}: {error}"));
                    return FAILED;
                }
                print(&format!("Wrote {file}. Next:\n  dropstorm run {file}\n"));
                0
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                complain(&format!("error: {file} exists already; it is left as it is"));
                WRONG_INPUT
            }
            Err(error) => {
                complain(&format!("error: cannot write {file}: {error}"));
                WRONG_INPUT
            }
        }
    }
}
