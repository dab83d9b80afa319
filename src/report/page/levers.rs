//! The single changes of a scenario on the page of its run.

use super::{difference, figure};
use crate::report::Levers;
use crate::report::numbers::{capital, grouped, millis};
use crate::report::render::html::{Cell, Table};
use crate::report::several::{Price, Several};
use crate::report::words::rooms;
use crate::vocabulary::Unit;

/// A row for the scenario and each change, those that burden fewest people first; above them what the best comes to.
pub(super) fn table(levers: &Levers<'_>) -> Table {
    let several = &levers.several;
    let kind = several.kind();
    let row = |arm: usize| {
        let path = kind.path();
        let (name, change) = match arm {
            0 => ("the scenario as it is", Cell::Empty),
            arm => {
                (several.subjects[arm].context.name, difference(Unit::Count, several.comparison.difference(arm, path)))
            }
        };
        let people = figure(Unit::Count, several.people(arm, kind));
        let over = several.over(arm).map_or(Cell::Empty, Cell::Name);
        let mut row = vec![Cell::Name(name.to_owned()), people, change, over];
        if several.have_prices() {
            row.push(several.price(arm).map_or(Cell::Empty, price));
        }
        row.push(Cell::Words(set(several, arm)));
        row
    };
    let best = levers.best.as_ref().map(|best| format!("{} ", best.shown())).unwrap_or_default();
    let caption = format!("{best}{}", how(several));
    Table {
        heading: "Single changes",
        caption,
        columns: columns(several),
        rows: several.order().into_iter().map(row).collect(),
        folded: false,
    }
}

fn columns(several: &Several<'_>) -> Vec<String> {
    let room = several.have_prices().then_some("In the waiting room");
    let first = ["Change", several.kind().heading, "Difference", "Over"];
    first.into_iter().chain(room).chain(["What is set"]).map(capital).collect()
}

/// Cell with the price that people pay in waiting rooms.
fn price(price: Price) -> Cell {
    let wait = price.wait_ms.map(|wait| format!("median wait {}", millis(wait)));
    let at_end = (price.at_end >= 0.5).then(|| format!("{} at the end", rooms::whole(price.at_end)));
    Cell::Name([wait, at_end].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// On which runs the changes were tried, and at which scale.
fn how(several: &Several<'_>) -> String {
    let runs = match several.comparison.replications {
        1 => "one run".to_owned(),
        runs => format!("{} runs", grouped(runs as f64)),
    };
    let scale = several.subjects.first().map_or(1.0, |base| base.context.spec.scale);
    let scale = if scale < 1.0 { format!(" at 1:{}", grouped(1.0 / scale)) } else { String::new() };
    let interval = if several.comparison.replications > 1 { "; small: ends of the 95% interval" } else { "" };
    format!("Each change alone, in {runs}{scale} on the same crowds; differences run by run{interval}")
}

/// The settings that a change sets, with their values: `pool.api.servers = 16`.
fn set(several: &Several<'_>, arm: usize) -> String {
    let changed = several.settings.iter().filter(|setting| setting.values.get(arm) != setting.values.first());
    let each = changed.map(|setting| {
        let value = setting.values.get(arm).cloned().flatten();
        format!("{} = {}", setting.path, value.unwrap_or_else(|| "none".to_owned()))
    });
    each.collect::<Vec<_>>().join(", ")
}
