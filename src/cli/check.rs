//! `dropstorm check`: every mistake of a scenario at once.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;
use dropstorm::model::{Model, warnings};
use dropstorm::scenario::Scenario;

use super::{WRONG_INPUT, complain, print, setting};

/// Check scenario files: every mistake at once, with its line, and warnings of what cannot be meant
#[derive(Args)]
#[command(
    after_help = "Examples:\n  dropstorm check scenarios/*.toml\n  dropstorm check my-drop.toml --resolved     the file with every default filled in"
)]
pub struct Check {
    /// Scenario files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print each file with every default filled in
    #[arg(long)]
    resolved: bool,
    /// Change a setting before checking; may be given again
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,
}

impl Check {
    pub fn run(&self) -> u8 {
        let mut code = 0;
        for file in &self.files {
            match Scenario::read(file).and_then(|scenario| scenario.with_all(&self.settings)) {
                Ok(scenario) => {
                    let warned = warnings::of(&scenario, &Model::compile(&scenario));
                    if !warned.is_empty() {
                        complain(&warned.render(std::io::stderr().is_terminal()));
                    }
                    if self.resolved {
                        print(&scenario.resolved());
                    } else {
                        print(&format!("{}: ok\n", file.display()));
                    }
                }
                Err(mistakes) => {
                    complain(&mistakes.render(std::io::stderr().is_terminal()));
                    code = WRONG_INPUT;
                }
            }
        }
        code
    }
}
