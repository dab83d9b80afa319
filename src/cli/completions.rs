//! `dropstorm completions`: completion of commands and options in a shell.

use clap::Args;

use super::error::{Error, Exit, print};

/// Print completions for a shell
#[derive(Args)]
#[command(
    after_help = "Examples:\n  dropstorm completions bash > ~/.local/share/bash-completion/completions/dropstorm\n  dropstorm completions zsh > ~/.zfunc/_dropstorm"
)]
pub struct Completions {
    /// Shell to complete for
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

impl Completions {
    pub fn run(&self, arguments: &mut clap::Command) -> Result<Exit, Error> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, arguments, "dropstorm", &mut script);
        print(&String::from_utf8_lossy(&script))?;
        Ok(Exit::Done)
    }
}
