//! Checks of thresholds: the column is known, and the scenario has the rows.

use crate::document::bound::Bound;
use crate::document::diagnostics::quoted;
use crate::document::findings::Findings;
use crate::scenario::spec::{Scope, Spec, Threshold};
use crate::units::Span;
use crate::vocabulary::{Column, Metric, Names, Path, RowKind, Unit};

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    for (index, threshold) in spec.threshold.iter().enumerate() {
        let path = format!("threshold.{index}");
        let known = known_names(spec);
        let metric = Metric::named(&threshold.metric, &known);
        let column = metric.and_then(Metric::column);
        if metric.is_none() {
            let columns = Column::ALL.iter().map(|column| column.name().to_owned());
            let figures = Path::summary(&|kind| known.of(kind).len()).into_iter().map(|path| path.name(&known));
            out.unknown(
                &format!("{path}.metric"),
                "metric",
                &threshold.metric,
                &columns.chain(figures).collect::<Vec<_>>(),
            );
        }
        bounds(&path, threshold, metric, out);
        if matches!(metric, Some(Metric::Figure(_))) {
            of_windows(&path, threshold, out);
            continue;
        }
        names(&path, &threshold.of, spec, out);
        scope(&path, &threshold.of, column, out);
        window(&path, threshold, spec, out);
        if threshold.at_least_attempts.is_some() && column.is_some_and(|column| !column.is_share_of_attempts()) {
            let help = "only `error_rate` and `waited_share` are judged over a number of attempts";
            let title = format!("`at_least_attempts` has no meaning for {}", quoted(&threshold.metric));
            out.key(&format!("{path}.at_least_attempts"), title, "not allowed here", help);
        }
    }
}

/// The names of the regions, pools and requests.
fn known_names(spec: &Spec) -> Names {
    Names {
        regions: spec.region.keys().cloned().collect(),
        pools: spec.pool.keys().cloned().collect(),
        requests: super::journeys::requests(spec).into_iter().collect(),
    }
}

/// Reports keys about rows and windows beside a figure, which is one value of the whole run.
fn of_windows(path: &str, threshold: &Threshold, out: &mut Findings<'_>) {
    let stated = [
        ("of", threshold.of != Scope::default()),
        ("window", threshold.window.is_some()),
        ("after", threshold.after.is_some()),
        ("before", threshold.before.is_some()),
        ("at_least_attempts", threshold.at_least_attempts.is_some()),
    ];
    for (key, _) in stated.into_iter().filter(|(_, is_stated)| *is_stated) {
        let title = format!("`{key}` has no meaning for {}", quoted(&threshold.metric));
        let help = "a figure is one value of the whole run, and its path names the pool or region";
        out.key(&format!("{path}.{key}"), title, "not allowed beside a figure", help);
    }
}

fn bounds(path: &str, threshold: &Threshold, metric: Option<Metric>, out: &mut Findings<'_>) {
    match (&threshold.at_most, &threshold.at_least) {
        (Some(bound), None) => unit(&format!("{path}.at_most"), threshold, metric, bound, out),
        (None, Some(bound)) => unit(&format!("{path}.at_least"), threshold, metric, bound, out),
        (None, None) => {
            let help = "for example at_most = \"1%\"";
            out.value(path, "the threshold has no bound", "`at_most` or `at_least` belongs here", help);
        }
        (Some(_), Some(_)) => {
            let help = "write two thresholds";
            out.key(&format!("{path}.at_least"), "`at_least` cannot stand beside `at_most`", "one too many", help);
        }
    }
}

/// Reports a bound whose unit measures something else than the metric.
fn unit(path: &str, threshold: &Threshold, metric: Option<Metric>, bound: &Bound, out: &mut Findings<'_>) {
    let Some(metric) = metric else { return };
    if let Some(stated) = bound.unit.filter(|stated| !metric.unit().has_dimension_of(*stated)) {
        let title = format!("{} is not measured in this unit", quoted(&threshold.metric));
        let share = metric.share().map(|share| format!("; its share is {}", quoted(share.name())));
        let help = format!("it is {}{}", metric.unit().advice(), share.unwrap_or_default());
        return out.value(path, title, format!("this is {}", stated.called()), help);
    }
    let title = format!("no value of {} ever reaches this bound", quoted(&threshold.metric));
    if bound.in_unit(metric.unit()) < metric.least() {
        out.value(path, title, "it is never negative", "");
    } else if metric.unit() == Unit::Share && bound.value > 1.0 {
        out.value(path, title, "a share is at most 100%", "");
    }
}

/// Reports a region, pool or request that the scenario does not have.
fn names(path: &str, of: &Scope, spec: &Spec, out: &mut Findings<'_>) {
    let mut requests = super::journeys::requests(spec);
    requests.extend(crate::scenario::calls::requests_of_calls(spec));
    if let Some(region) = of.region.as_ref().filter(|region| !spec.region.contains_key(*region)) {
        out.unknown(&format!("{path}.of.region"), "region", region, spec.region.keys());
    }
    if let Some(pool) = of.pool.as_ref().filter(|pool| !spec.pool.contains_key(*pool)) {
        out.unknown(&format!("{path}.of.pool"), "pool", pool, spec.pool.keys());
    }
    if let Some(request) = of.request.as_ref().filter(|request| !requests.contains(*request)) {
        out.unknown(&format!("{path}.of.request"), "request", request, &requests);
    }
}

/// Reports a kind of row that does not exist, or in which the column is not known.
fn scope(path: &str, of: &Scope, column: Option<Column>, out: &mut Findings<'_>) {
    let path = format!("{path}.of");
    let Some(kind) = RowKind::of(of.region.is_some(), of.pool.is_some(), of.request.is_some()) else {
        let help = format!("{} have figures of their own", RowKind::list(RowKind::ALL));
        return out.value(&path, "no row is of these together", "no such row", help);
    };
    if let Some(column) = column.filter(|column| !column.known().contains(&kind)) {
        let title = format!("{} is not known of {}", quoted(column.name()), kind.called());
        let help = format!("it is known for {}", RowKind::list(column.known()));
        out.value(&path, title, "no such figure", help);
    }
}

fn window(path: &str, threshold: &Threshold, spec: &Spec, out: &mut Findings<'_>) {
    let trusted = ["start", "end", "interval"].iter().all(|path| out.trusted(path)) && super::window::is_sound(spec);
    if let Some(window) = threshold.window.filter(|_| trusted && spec.interval > Span::ZERO) {
        let at = format!("{path}.window");
        if window.0 % spec.interval.0 != 0 {
            let below = Span(window.0 - window.0 % spec.interval.0);
            let above = below + spec.interval;
            let nearest = if below > Span::ZERO { format!("{below} and {above}") } else { above.to_string() };
            let label = format!("no multiple of `interval`, {}", spec.interval);
            let help = format!("the nearest that fit: {nearest}");
            out.value(&at, "the window is no whole number of intervals", label, help);
        } else if window > spec.end.since(spec.start) {
            let help = format!("the simulation lasts {}", spec.end.since(spec.start));
            out.value(&at, "the window is longer than the simulation", "too long", help);
        }
    }
    if let (Some(after), Some(before)) = (threshold.after, threshold.before)
        && before <= after
    {
        let label = format!("not later than `after`, {after}");
        out.value(&format!("{path}.before"), "no window of the threshold is left", label, "write a later `before`");
    }
}
