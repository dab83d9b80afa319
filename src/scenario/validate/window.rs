//! Checks of the simulated window, its intervals and the window of the summary.

use crate::document::findings::Findings;
use crate::scenario::spec::Spec;
use crate::units::Span;

/// Longest simulated window: 30 days.
const LONGEST: Span = Span(30 * 86_400 * 1_000_000_000);

/// Most intervals of a window; rows of viewers keep the number of an interval in 16 bits.
const MOST_INTERVALS: i64 = 65_535;

/// Most rows of all intervals together; each takes about 250 bytes.
const MOST_ROWS: i64 = 10_000_000;

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    if !["start", "drop", "end"].iter().all(|path| out.trusted(path)) {
        return;
    }
    let length = spec.end.since(spec.start);
    if length <= Span::ZERO {
        let help = format!("write an `end` later than {}", spec.start);
        return out.value("end", "the window ends before it starts", "not after `start`", help);
    }
    if length > LONGEST {
        // A span of centuries has no number.
        let far = if length.0 == i64::MAX { "centuries".to_owned() } else { length.to_string() };
        return out.value(
            "end",
            "the window is longer than 30 days",
            format!("{far} after `start`"),
            "write an earlier `end`",
        );
    }
    if spec.drop.since(spec.end) > Span::ZERO {
        let help = format!("a drop may be before `start`, but not after `end`, {}", spec.end);
        return out.value("drop", "the drop is after the end", "after `end`", help);
    }
    if spec.start.since(spec.drop) > Span::LONGEST {
        let help = "every time of a run is counted from the drop";
        return out.value("drop", "the drop is more than a hundred years before the start", "too early", help);
    }
    if !out.trusted("interval") {
        return;
    }
    let interval = spec.interval;
    let count = length.0 / interval.0;
    if count > MOST_INTERVALS {
        let least = Span::from_seconds((length.seconds() / MOST_INTERVALS as f64).ceil());
        let help = format!("at most {MOST_INTERVALS} intervals are allowed; an interval of {least} would fit");
        return out.value("interval", format!("there are {count} intervals"), "too short for this window", help);
    }
    let rows = super::limits::rows(spec) as i64;
    if count.saturating_mul(rows) > MOST_ROWS {
        let least = Span::from_seconds((length.seconds() * rows as f64 / MOST_ROWS as f64).ceil());
        let label = format!("{count} intervals of {rows} rows each");
        let help = format!("at most {MOST_ROWS} rows are kept; an interval of {least} would fit");
        return out.value("interval", "the tables of figures do not fit into memory", label, help);
    }
    let rest = Span(length.0 % interval.0);
    if rest != Span::ZERO {
        let label = format!("{} intervals of {interval}, and {rest} more", count);
        let step = |intervals: i64| {
            let nanos = spec.start.timestamp.as_nanosecond() + i128::from(interval.0) * i128::from(intervals);
            jiff::Timestamp::from_nanosecond(nanos).ok().map(|t| t.display_with_offset(spec.end.offset).to_string())
        };
        let nearest = if rest.0 * 2 < interval.0 && count > 0 { count } else { count + 1 };
        let help = step(nearest).map(|end| format!("the nearest end that fits is {end}")).unwrap_or_default();
        return out.value("end", "the window is no whole number of intervals", label, help);
    }
    measure(spec, out);
}

/// Whether the window is in order, so that offsets from the drop can be compared with it.
pub(crate) fn is_sound(spec: &Spec) -> bool {
    let early = spec.start.since(spec.drop) > Span::LONGEST;
    spec.start.since(spec.end) < Span::ZERO && spec.drop.since(spec.end) <= Span::ZERO && !early
}

/// Reports a window of the summary whose ends are no edges of intervals, or that is empty.
fn measure(spec: &Spec, out: &mut Findings<'_>) {
    let Some(measure) = &spec.measure else { return };
    let first = spec.start.since(spec.drop);
    let last = spec.end.since(spec.drop);
    for (key, offset) in [("measure.from", measure.from), ("measure.until", measure.until)] {
        let Some(offset) = offset else { continue };
        if offset < first || offset > last {
            let help = format!("from {first} to {last}");
            out.value(key, "the offset lies outside of the simulated window", "outside", help);
        } else if (offset - first).0 % spec.interval.0 != 0 {
            let below = Span(offset.0 - (offset - first).0 % spec.interval.0);
            let help = format!("the nearest edges are {below} and {}", below + spec.interval);
            out.value(
                key,
                "the offset is no edge of an interval",
                format!("intervals are {} wide", spec.interval),
                help,
            );
        }
    }
    if measure.until.unwrap_or(last) <= measure.from.unwrap_or(first) {
        let key = if measure.until.is_some() { "measure.until" } else { "measure.from" };
        out.value(key, "the window of the summary is empty", "`until` is not after `from`", "write a later `until`");
    }
}
