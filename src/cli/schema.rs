//! `dropstorm schema`: the JSON Schemas of files, and the reference page.

use clap::Args;
use dropstorm::report::files::{summary, table_schema};
use dropstorm::system::text::json;
use dropstorm::{scenario, sweep};

use super::error::{Error, Exit, print};

/// Print the JSON Schema of scenarios, overlays, plans or summaries, the schemas of tables, or the reference page
#[derive(Args)]
#[command(
    after_help = "Examples:\n  dropstorm schema > scenario.schema.json  and `#:schema ./scenario.schema.json` as its first line\n  dropstorm schema --sweep > plan.schema.json  the same for the plans of sweeps\n  dropstorm schema --summary > summary.schema.json  what summary.json holds\n  dropstorm schema --overlay > overlay.schema.json  a file for --with and --each\n  dropstorm schema --tables > tables.json  the columns of intervals.csv, points.csv and others\n  dropstorm schema --reference | less"
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
    /// Print the schemas of all tables instead: name, type, unit and meaning of each column
    #[arg(long, conflicts_with_all = ["reference", "sweep", "summary", "overlay"])]
    tables: bool,
    /// Print the schema of overlays instead
    #[arg(long, conflicts_with_all = ["reference", "sweep", "summary"])]
    overlay: bool,
}

impl Schema {
    pub fn run(&self) -> Result<Exit, Error> {
        if self.reference {
            print(&scenario::reference())?;
            return Ok(Exit::Done);
        }
        let schema = if self.sweep {
            sweep::json_schema()
        } else if self.summary {
            summary::json_schema()
        } else if self.tables {
            table_schema::json()
        } else if self.overlay {
            scenario::overlay_schema()
        } else {
            scenario::json_schema()
        };
        print(&format!("{}\n", json(&schema)))?;
        Ok(Exit::Done)
    }
}
