//! The engine's books against those of an observer.

use dropstorm::measure::{Figures, Scope};
use dropstorm::vocabulary::{Column, Outcome};

use super::case::{Case, ensure, ensure_same, holds, is_all, is_pool};

/// The columns of the outcomes.
pub fn outcomes() -> impl Iterator<Item = Column> {
    Outcome::ALL.iter().map(|outcome| outcome.column())
}

/// Sum over all intervals of one column of all scopes that are wanted.
pub fn total(figures: &Figures, column: Column, wanted: impl Fn(&Scope) -> bool) -> f64 {
    let scopes = (0..figures.scopes.len()).filter(|scope| wanted(&figures.scopes[*scope]));
    scopes.flat_map(|scope| figures.series(scope, column)).filter(|value| !value.is_nan()).sum()
}

pub fn balance(case: &Case) -> Result<(), String> {
    let Case { run, observer, figures, model, .. } = case;
    let books = run.ledger;
    ensure!(observer.complaints.is_empty(), "{:?}", observer.complaints);
    ensure_same!(run.stopped, None, "the run did not end");
    ensure_same!(run.rows.len(), model.intervals() * run.layout.scopes.len(), "rows");
    // The observer does not hear of heartbeats; the whole holds those that bear the name of a request.
    let heard = !case.drawn.has_nameless_heartbeats();
    let seen = [observer.arrived, observer.watched, observer.gave_up];
    ensure_same!([books.arrived, books.watched, books.gave_up], seen, "arrived, watched, gave up");
    // Figures are of full size.
    let count = |column, wanted: fn(&Scope) -> bool| (total(figures, column, wanted) * model.scale).round() as u64;
    let counted = [(Column::Attempts, observer.sent)].into_iter().chain(outcomes().zip(observer.ended));
    for (column, seen) in counted {
        let all = count(column, is_all);
        ensure!(all == seen || (all > seen && !heard), "{}: {all}, but {seen} were seen", column.name());
    }
    // The rows of pools hold all heartbeats.
    ensure_same!(count(Column::Attempts, is_pool), books.sent, "attempts of pools");
    let ended: u64 = outcomes().map(|column| count(column, is_pool)).sum();
    ensure_same!(ended, books.ended, "attempts of pools that ended");
    ensure!(books.in_flight >= observer.on_their_way(), "{books:?}, but {} are on their way", observer.on_their_way());
    ensure_same!(count(Column::Arrivals, is_all), books.arrived - books.already, "arrivals");
    ensure_same!(count(Column::Starts, is_all), books.started, "starts");
    ensure!(run.requests <= count(Column::Attempts, is_all), "{} requests, more than attempts", run.requests);
    Ok(())
}

#[test]
fn the_books_of_the_engine_are_those_of_an_observer() {
    holds(balance);
}
