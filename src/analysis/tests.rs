//! Whole runs made by hand, and what is found in them.

use super::*;
use crate::measure::{Call, Layout, Measurements, Row, Scope};
use crate::units::Span;
use crate::vocabulary::{Column, Figure, Outcome, Path, RowKind};

/// Attempts of a minute at a pool: sent, served, and errors of one kind.
type Minute = (u64, u64, u64);

/// A run of minutes with two regions, two pools and two requests, in which the first region, pool and request have what
/// `first` says and the others what `second` says. Slots of the first pool are busy as `busy` says, with a queue.
fn run(first: &[Minute], second: &[Minute], error: Outcome, busy: f64) -> Measurements {
    let cells = vec![([0, 0, 0], true), ([1, 1, 1], true)];
    let (intervals, width) = (first.len(), Span::from_seconds(60.0));
    let mut layout = Layout { regions: 2, pools: 2, requests: 2, cells, intervals, width, ..Layout::default() };
    (layout.measured, layout.scale, layout.optional) = (0..intervals, 1.0, vec![false, true]);
    layout.lay_out_rows();
    let mut rows = Vec::new();
    for (one, other) in first.iter().zip(second) {
        for scope in layout.scopes.clone() {
            let of = |index: usize| {
                [scope.region, scope.pool, scope.request].iter().all(|at| at.is_none_or(|at| at == index))
            };
            let mut row = Row::default();
            for (sent, served, failed) in [(of(0), one), (of(1), other)].iter().filter(|(is, _)| *is).map(|(_, of)| of)
            {
                row.add(Column::Attempts, *sent);
                row.add(Outcome::Served.column(), *served);
                row.add(error.column(), *failed);
            }
            if scope.pool.is_some() {
                let busy = if of(0) { busy } else { 0.1 };
                row.set_ratio(Column::Utilization, 60.0 * busy, 60.0);
                row.set(Column::QueueMean, if of(0) { 9.0 } else { 1.0 });
                row.set(Column::Servers, 1.0);
            }
            rows.push(row);
        }
    }
    Measurements { layout, rows, ..Measurements::default() }
}

/// Ten minutes, of which some fail.
fn minutes(failing: std::ops::Range<usize>) -> Vec<Minute> {
    (0..30).map(|at| if failing.contains(&at) { (1000, 200, 800) } else { (1000, 1000, 0) }).collect()
}

#[test]
fn a_full_pool_is_named_with_its_part() {
    let analysis = Analysis::of(&run(&minutes(10..15), &minutes(0..0), Outcome::TimedOut, 0.99));
    let course = &analysis.everything;
    assert_eq!(
        (course.state, course.begin_s(), course.over_s(), course.count()),
        (State::Over, Some(600.0), Some(900.0), 1)
    );
    assert_eq!(
        (course.sent, course.failed, course.outcomes.as_slice()),
        (60_000.0, 4000.0, &[(Outcome::TimedOut, 4000.0)][..])
    );
    let why = &analysis.why;
    assert_eq!((why.basis, why.from_s, why.to_s, why.named.as_slice()), (Basis::Lost, 600.0, 900.0, &[0][..]));
    // The pool is full before the trouble and after it, too.
    assert_eq!((why.pools[0].part, why.pools[0].cause), (1.0, Some(Cause::Full { for_s: 1800.0 })));
    assert_eq!((why.lost_share(1), why.pools[1].cause), (Some(0.0), None));
    // The region and the request of the pool lose twice as much as everything does.
    let named: Vec<_> = analysis.named.iter().map(|named| (named.scope, named.because)).collect();
    let first = |region, request| Scope { region, request, ..Scope::default() };
    assert_eq!(course.worst().map(|worst| worst.rate), Some(0.4));
    assert_eq!(named, [], "not over twice: {named:?}");
    assert_eq!(analysis.course(first(Some(0), None)).map(|course| course.state), Some(State::Over));
    assert_eq!(analysis.course(first(None, Some(1))).map(|course| course.state), Some(State::Calm));
    assert!(analysis.requests[1].is_optional && !analysis.requests[0].is_heartbeat);
}

#[test]
fn causes_are_told_apart() {
    let cause = |error, busy| Analysis::of(&run(&minutes(10..15), &minutes(0..0), error, busy)).why.pools[0].cause;
    assert_eq!(cause(Outcome::Rejected, 0.5), Some(Cause::Rejects { utilization: 0.5 }));
    assert_eq!(cause(Outcome::Failed, 0.5), Some(Cause::Errors));
    // What a protection turns away is told by the protection, also where the pool is full.
    for busy in [0.5, 0.99] {
        assert_eq!(cause(Outcome::Limited, busy), Some(Cause::Limited));
        assert_eq!(cause(Outcome::Shed, busy), Some(Cause::Sheds));
    }
    assert_eq!(cause(Outcome::Abandoned, 0.5), Some(Cause::Slow));
    let mut run = run(&minutes(10..15), &minutes(0..0), Outcome::TimedOut, 0.99);
    let pool = run.layout.scopes.iter().position(|scope| scope.pool == Some(0)).unwrap();
    let rows = run.layout.scopes.len();
    for minute in 10..13 {
        run.rows[minute * rows + pool].set(Column::Servers, 0.0);
        run.rows[minute * rows + pool].set_ratio(Column::NoServerShare, 60.0, 60.0);
    }
    assert_eq!(Analysis::of(&run).why.pools[0].cause, Some(Cause::NoServer { for_s: 180.0 }));
    let saturated = Analysis::of(&run).pools[0].saturated.unwrap();
    assert_eq!(
        (saturated.from_s, saturated.length_s(), saturated.full_from_s, saturated.without_from_s),
        (0.0, 1800.0, None, Some(600.0))
    );
}

#[test]
fn time_without_a_server_is_that_of_the_pool_whoever_asks() {
    // Nobody asks from minute 12 on, and there is no server from minute 10 to half of minute 14.
    let mut run = run(&minutes(10..15), &minutes(0..0), Outcome::Rejected, 0.5);
    let pool = run.layout.scopes.iter().position(|scope| scope.pool == Some(0)).unwrap();
    let rows = run.layout.scopes.len();
    for minute in 10..15 {
        let row = &mut run.rows[minute * rows + pool];
        let share = if minute == 14 { 0.5 } else { 1.0 };
        row.set_ratio(Column::NoServerShare, 60.0 * share, 60.0);
        row.set(Column::Servers, 1.0 - share.floor());
        if minute >= 12 {
            row.set(Column::Attempts, 0.0);
            row.set(Column::QueueMean, 0.0);
        }
    }
    let analysis = Analysis::of(&run);
    assert_eq!(analysis.why.pools[0].cause, Some(Cause::NoServer { for_s: 270.0 }));
    let saturated = analysis.why.pools[0].saturated.unwrap();
    assert_eq!((saturated.no_server_s, saturated.without_s, saturated.without_from_s), (120.0, 270.0, Some(600.0)));
}

#[test]
fn where_nothing_fails_pools_share_the_wait() {
    let analysis = Analysis::of(&run(&minutes(0..0), &minutes(0..0), Outcome::TimedOut, 0.5));
    assert_eq!((analysis.why.basis, analysis.why.named.as_slice()), (Basis::Waited, &[0][..]));
    assert_eq!((analysis.why.pools[0].part, analysis.why.pools[0].cause), (0.9, Some(Cause::Waits)));
    assert_eq!((analysis.everything.state, analysis.why.lost_share(0)), (State::Calm, None));
}

#[test]
fn a_small_scope_in_trouble_is_named_where_the_whole_is_calm() {
    let small: Vec<Minute> = (0..30).map(|at| if at < 5 { (200, 100, 100) } else { (200, 200, 0) }).collect();
    let large = vec![(1_000_000, 1_000_000, 0); 30];
    let analysis = Analysis::of(&run(&large, &small, Outcome::Rejected, 0.5));
    assert_eq!(analysis.everything.state, State::Calm);
    let named: Vec<_> =
        analysis.named.iter().map(|named| (named.scope.region, named.scope.request, named.because)).collect();
    assert_eq!(named, [(Some(1), None, Because::OnlyThere), (None, Some(1), Because::OnlyThere)]);
}

#[test]
fn figures_are_those_of_their_scope() {
    let run = run(&minutes(10..15), &minutes(0..0), Outcome::TimedOut, 0.99);
    let of = |figure, kind, index| figure_of(&run, Path { figure, kind, index });
    for (figure, kind, index, value) in [
        (Figure::AttemptsTotal, RowKind::All, 0, 60_000.0),
        (Figure::AttemptsTotal, RowKind::Region, 1, 30_000.0),
        (Figure::Attempts(Outcome::TimedOut), RowKind::Pool, 0, 4000.0),
        (Figure::ErrorRatePeak, RowKind::Request, 0, 0.8),
        (Figure::ErrorRatePeak, RowKind::Request, 1, 0.0),
        (Figure::ErrorRatePeakAt, RowKind::All, 0, 600.0),
        (Figure::Recovery, RowKind::All, 0, 900.0),
        (Figure::Recovery, RowKind::Region, 1, 0.0),
        (Figure::TroubleAbove, RowKind::All, 0, 300.0),
        (Figure::TroubleCount, RowKind::Region, 1, 0.0),
        (Figure::LostShare, RowKind::Pool, 0, 1.0),
        (Figure::Saturated, RowKind::Pool, 0, 1800.0),
        (Figure::Saturated, RowKind::Pool, 1, 0.0),
        (Figure::UtilizationPeak, RowKind::Pool, 0, 0.99),
    ] {
        assert_eq!(of(figure, kind, index), value, "{kind:?} {index} {}", figure.name());
    }
    for (figure, kind) in [(Figure::TroubleOver, RowKind::Region), (Figure::SaturatedFrom, RowKind::Pool)] {
        assert!(of(figure, kind, 1).is_nan(), "{}", figure.name());
    }
}

fn figure_of(run: &Measurements, path: Path) -> f64 {
    figure(run, path)
}

#[test]
fn a_moment_that_only_some_runs_have_is_not_averaged() {
    let runs = [
        run(&minutes(10..15), &minutes(0..0), Outcome::TimedOut, 0.99),
        run(&minutes(10..30), &minutes(0..0), Outcome::TimedOut, 0.99),
    ];
    let figures = figures_of(&runs);
    assert_eq!(figures.figure(Figure::Recovery), None);
    assert_eq!(figures.figure(Figure::TroubleBegin).map(|begin| (begin.mean, begin.n)), Some((600.0, 2)));
    let analyses = Replications::of(&runs);
    let spread = analyses.spread_of(Figure::Recovery.into()).unwrap();
    assert_eq!((spread.k, spread.n, spread.median), (1, 2, 900.0));
    let states = analyses.states(Scope::default()).map(|(state, share)| (state, share.k));
    assert!(states.contains(&(State::Over, 1)) && states.contains(&(State::NotOver, 1)));
    assert!(figures.figure(Figure::ErrorRateOverall).unwrap().low >= 0.0);
}

#[test]
fn nothing_is_found_where_nothing_happened() {
    let mut layout = Layout { scale: 1.0, width: Span::from_seconds(60.0), ..Layout::default() };
    for intervals in [0, 1, 5] {
        (layout.intervals, layout.measured) = (intervals, 0..intervals);
        layout.lay_out_rows();
        let run =
            Measurements { layout: layout.clone(), rows: vec![Row::default(); intervals], ..Measurements::default() };
        let analysis = Analysis::of(&run);
        assert_eq!((analysis.everything.state, analysis.everything.worst()), (State::Silent, None));
        assert!(!analysis.harm.is_any() && analysis.named.is_empty() && analysis.links.is_empty());
        assert_eq!(figure(&run, Figure::Recovery), 0.0);
        assert!(figure(&run, Figure::ErrorRatePeak).is_nan());
    }
}

#[test]
fn a_pool_that_only_pools_ask_has_its_calls_and_their_waits() {
    let mut run = run(&minutes(0..0), &minutes(0..0), Outcome::TimedOut, 0.5);
    assert_eq!(Analysis::of(&run).called, [], "people ask both");
    run.layout.calls = vec![None, Some(Call { caller: 0, callee: 1, is_optional: false, hit: 0.0 })];
    let scopes = run.layout.scopes.clone();
    let row = |scope: Scope| scopes.iter().position(|known| *known == scope).unwrap();
    let (pool, request) = (row(Scope::pool(1)), row(Scope::request(1)));
    for minute in 0..30 {
        run.rows[minute * scopes.len() + request].add(Column::RequestsEnded, 500);
        run.rows[minute * scopes.len()].add(Column::Calls, 1000);
        run.rows[minute * scopes.len()].add(Column::FirstTries, 1000);
        let wait_ms = if minute == 7 { 4e6 } else { 1e3 };
        run.rows[minute * scopes.len() + pool].set_ratio(Column::WaitMean, wait_ms, 1000.0);
    }
    let analysis = Analysis::of(&run);
    let [called] = analysis.called.as_slice() else { panic!("{:?}", analysis.called) };
    assert_eq!((called.pool, called.attempts, called.waits_in_vain), (1, 30_000.0, false));
    assert_eq!(called.wait.map(|wait| (wait.value, wait.from_s, wait.to_s)), Some((4000.0, 420.0, 480.0)));
    let again = analysis.amplification;
    assert_eq!((again.of_calls(), again.calls_per_first_try()), (Some(2.0), Some(1.0)));
}
