//! `dropstorm schema`: the scenario format for editors, and for readers.

use clap::Args;
use dropstorm::scenario;

/// Print the JSON Schema of scenario files, for editors, or the reference page, for readers
#[derive(Args)]
#[command(
    after_help = "Examples:\n  dropstorm schema > scenario.schema.json     and `#:schema ./scenario.schema.json` atop the scenario\n  dropstorm schema --reference | less"
)]
pub struct Schema {
    /// Print the reference page in Markdown instead
    #[arg(long)]
    reference: bool,
}

impl Schema {
    pub fn run(&self) -> u8 {
        if self.reference {
            super::print(&scenario::reference());
        } else {
            super::print(&format!("{:#}\n", scenario::json_schema()));
        }
        0
    }
}
