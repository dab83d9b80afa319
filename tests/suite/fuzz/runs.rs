//! Small runs of changed scenarios: they end, their books are true, and their figures are possible.

use dropstorm::document::unions::{Counts, StringOr};
use dropstorm::engine::{self, Seed};
use dropstorm::measure::{Figures, Measurements, Stopped};
use dropstorm::model::{Model, warnings};
use dropstorm::scenario::Scenario;
use dropstorm::scenario::spec::Audience;
use dropstorm::vocabulary::{Column, Outcome, RowKind, Unit};

use super::Tally;
use crate::properties::{Observer, total};

/// Most people of a scenario that is run, and most cells of its table.
const MOST_VIEWERS: f64 = 20_000.0;
const MOST_CELLS: f64 = 2e6;

/// Runs a scenario if it is small, and judges the run.
pub fn judge(scenario: &Scenario, tally: &Tally) -> Result<(), String> {
    if !is_small(scenario) {
        Tally::count(&tally.too_large);
        return Ok(());
    }
    let model = Model::compile(scenario);
    let _ = warnings::of(scenario, &model).render(false);
    let mut observer = Observer::of(&model);
    let run = engine::run_with(&model, Seed { seed: scenario.spec().seed, replication: 0 }, &mut observer);
    run.ledger.assert_balance();
    if run.stopped == Some(Stopped::Asked) {
        Tally::count(&tally.too_large);
        return Ok(());
    }
    Tally::count(&tally.runs);
    let figures = Figures::of(std::slice::from_ref(&run));
    books(&model, &observer, &run, &figures)?;
    ranges(&figures)
}

/// Whether the people, the reports and the table of a scenario are few enough for a run of milliseconds.
fn is_small(scenario: &Scenario) -> bool {
    let spec = scenario.spec();
    let window = (spec.end.timestamp.as_nanosecond() - spec.start.timestamp.as_nanosecond()) as f64 / 1e9;
    let people: f64 = spec.audience.values().map(|audience| people(audience, window)).sum();
    let reports: f64 = spec.reports.usual.values().map(|rate| rate.0 * window).sum();
    let factors: f64 = spec.multiplier.values().map(|multiplier| multiplier.factor.max(1.0)).product();
    let intervals = window / spec.interval.seconds();
    let rows = (1 + spec.region.len()) * (1 + spec.pool.len()) * 4;
    (people * factors + reports) * spec.scale <= MOST_VIEWERS && intervals * rows as f64 <= MOST_CELLS
}

/// Most people of an audience within a window, before factors.
fn people(audience: &Audience, window: f64) -> f64 {
    let crowd = match &audience.viewers {
        None => 0,
        Some(Counts::One(count)) => *count,
        Some(Counts::ByName(counts)) => counts.values().sum(),
    };
    let rate: f64 = match &audience.rate {
        None => 0.0,
        Some(StringOr::String(rate)) => rate.0,
        Some(StringOr::Table(rates)) => rates.values().map(|rate| rate.0).sum(),
    };
    let factors = audience.profile.iter().flatten().map(|(_, factor)| *factor);
    let bins: f64 = audience.trace.iter().flat_map(|trace| trace.bins.iter()).map(|bin| bin.count).sum();
    crowd as f64 + rate * factors.fold(1.0, f64::max) * window + bins
}

/// The ledger against the observer and the table.
fn books(model: &Model, observer: &Observer, run: &Measurements, figures: &Figures) -> Result<(), String> {
    let same = |what: &str, one: u64, other: u64| {
        if one == other {
            Ok(())
        } else {
            Err(format!("{what}: {one} in the ledger, {other} elsewhere; {:?}", run.ledger))
        }
    };
    if let Some(complaint) = observer.complaints.first() {
        return Err(complaint.clone());
    }
    let books = run.ledger;
    same("arrived", books.arrived, observer.arrived)?;
    same("watched", books.watched, observer.watched)?;
    same("gave up", books.gave_up, observer.gave_up)?;
    if run.stopped.is_none() {
        same("rows", (model.intervals() * run.layout.scopes.len()) as u64, run.rows.len() as u64)?;
        let count = |column| (total(figures, column, RowKind::Pool) * model.scale).round() as u64;
        same("sent", books.sent, count(Column::Attempts))?;
        let sent = Outcome::ALL.iter().filter(|outcome| **outcome != Outcome::Refused);
        same("ended", books.ended, sent.map(|outcome| count(outcome.column())).sum())?;
        let arrivals = (total(figures, Column::Arrivals, RowKind::All) * model.scale).round() as u64;
        same("arrivals", books.arrived - books.already, arrivals)?;
    }
    Ok(())
}

/// Each cell is a number that can be.
fn ranges(figures: &Figures) -> Result<(), String> {
    for (index, value) in figures.values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        let column = Column::ALL[index % Column::COUNT];
        let at_most_1 = column.unit() == Unit::Share;
        if !(*value >= 0.0 && value.is_finite()) || (at_most_1 && *value > 1.0 + 1e-9) {
            return Err(format!("{} is {value}", column.name()));
        }
    }
    Ok(())
}
