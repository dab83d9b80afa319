//! `dropstorm schema`: the JSON Schemas of files, and the reference page.

use clap::Args;
use dropstorm::report::files::summary;
use dropstorm::system::text::json;
use dropstorm::{scenario, sweep};

use super::error::{Error, Exit, print};

/// Print the JSON Schema of scenarios, overlays, plans or summaries, or the reference page
#[derive(Args)]
#[command(
    after_help = "Examples:\n  dropstorm schema > scenario.schema.json  and `#:schema ./scenario.schema.json` as its first line\n  dropstorm schema --sweep > plan.schema.json  the same for the plans of sweeps\n  dropstorm schema --summary > summary.schema.json  what summary.json holds\n  dropstorm schema --overlay > overlay.schema.json  a file for --with and --each\n  dropstorm schema --reference | less"
)]
pub struct Schema {
    /// Print the reference page in Markdown instead
    #[arg(long)]
    reference: bool,
    /// Print the schema of plans instead
    #[arg(long, conflicts_with = "reference")]
    sweep: bool,
    /// Print the schema of summary.json instead
    #[arg(long, conflicts_with_all = ["reference", "sweep"])]
    summary: bool,
    /// Print the schema of overlays instead
    #[arg(long, conflicts_with_all = ["reference", "sweep", "summary"])]
    overlay: bool,
}

impl Schema {
    pub fn run(&self) -> Result<Exit, Error> {
        let text = match () {
            () if self.reference => scenario::reference(),
            () if self.sweep => format!("{}\n", json(&sweep::json_schema())),
            () if self.summary => format!("{}\n", json(&summary::json_schema())),
            () if self.overlay => format!("{}\n", json(&scenario::overlay_schema())),
            () => format!("{}\n", json(&scenario::json_schema())),
        };
        print(&text)?;
        Ok(Exit::Done)
    }
}
