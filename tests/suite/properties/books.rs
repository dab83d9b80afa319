//! The engine's books against those of an observer.

use dropstorm::vocabulary::{Column, Outcome, RowKind};

use super::case::{Case, ensure, ensure_same, holds};
use super::sums::total;

pub fn balance(case: &Case) -> Result<(), String> {
    let Case { run, observer, figures, model, .. } = case;
    let books = run.ledger;
    ensure!(observer.complaints.is_empty(), "{:?}", observer.complaints);
    ensure_same!(run.stopped, None, "the run did not end");
    ensure_same!(run.rows.len(), model.intervals() * run.layout.scopes.len(), "rows");
    let seen = [observer.arrived, observer.watched, observer.gave_up];
    ensure_same!([books.arrived, books.watched, books.gave_up], seen, "arrived, watched, gave up");
    // Figures are of full size.
    let count = |column, kind| (total(figures, column, kind) * model.scale).round() as u64;
    // The observer does not hear of heartbeats; the whole holds those that bear the name of a request.
    let heard = !case.drawn.has_nameless_heartbeats();
    let ended = Outcome::ALL.iter().map(|outcome| (outcome.column(), observer.ended[*outcome as usize]));
    for (column, seen) in ended.chain([(Column::Attempts, observer.sent)]) {
        let all = count(column, RowKind::All);
        ensure!(all == seen || (all > seen && !heard), "{}: {all}, but {seen} were seen", column.name());
    }
    // The rows of pools hold all heartbeats.
    ensure_same!(count(Column::Attempts, RowKind::Pool), books.sent, "attempts of pools");
    let sent = Outcome::ALL.iter().filter(|outcome| **outcome != Outcome::Refused);
    let ended: u64 = sent.map(|outcome| count(outcome.column(), RowKind::Pool)).sum();
    ensure_same!(ended, books.ended, "attempts of pools that ended");
    ensure!(books.in_flight >= observer.on_their_way(), "{books:?}, but {} are on their way", observer.on_their_way());
    ensure_same!(count(Column::Arrivals, RowKind::All), books.arrived - books.already, "arrivals");
    ensure_same!(count(Column::Starts, RowKind::All), books.started, "starts");
    let asked = count(Column::Attempts, RowKind::All) + count(Outcome::Refused.column(), RowKind::All);
    ensure!(run.requests <= asked, "{} requests, more than attempts", run.requests);
    Ok(())
}

#[test]
fn the_books_of_the_engine_are_those_of_an_observer() {
    holds(balance);
}
