//! `intervals.csv`: every figure of every interval, in the long form that any tool reads.

use super::field::{Field, Kind};
use crate::measure::Figures;
use crate::report::clock::Clock;
use crate::report::numbers::cell;
use crate::report::{Context, ReportError};
use crate::scenario::spec::Spec;
use crate::vocabulary::{Column, RowKind};

/// Name of the file.
pub const FILE: &str = "intervals.csv";

/// Name of the same file of the ordinary day.
pub const ORDINARY: &str = "ordinary-day.csv";

/// The columns before those of the vocabulary.
pub const FIRST: [Field; 7] = [
    Field::number("time_s", "s", "start of the interval, from the drop"),
    Field {
        name: "time",
        kind: Kind::Moment,
        unit: "",
        about: "the same moment in RFC 3339, with the offset of the drop",
    },
    Field::text("clock", "time of day there, or in the region of the row"),
    Field::text("scope", "what the row sums up: all, region, pool, request, pool_request or region_pool"),
    Field::text("region", "name of the region; all where the row is a sum over regions"),
    Field::text("pool", "name of the pool; all where the row is a sum over pools"),
    Field::text("request", "name of the request; all where the row is a sum over requests"),
];

/// The columns behind those of the vocabulary.
pub const LAST: [Field; 2] = [
    Field::number("error_rate_low", "share, 0 to 1", "lower end of the 95% interval over replications; empty without"),
    Field::number("error_rate_high", "share, 0 to 1", "upper end of the 95% interval over replications; empty without"),
];

/// The bytes of the file: a header, then for each interval a row for each scope, in the order of the figures.
pub fn csv(context: &Context<'_>, figures: &Figures) -> Result<Vec<u8>, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let measured = Column::ALL.iter().map(|column| column.name());
    let [first, last] = [&FIRST[..], &LAST].map(|fields| fields.iter().map(|field| field.name));
    writer.write_record(first.chain(measured).chain(last))?;

    let everywhere = Clock::of_drop(context.spec);
    let decimals = decimals(context.spec);
    let local: Vec<Clock> = context.spec.region.values().map(|region| Clock::of_region(context.spec, region)).collect();
    let regions: Vec<&str> = context.spec.region.keys().map(String::as_str).collect();
    let pools: Vec<&str> = context.spec.pool.keys().map(String::as_str).collect();
    let requests: Vec<&str> = context.requests.iter().map(String::as_str).collect();

    for interval in 0..figures.intervals {
        let time_s = figures.time_s(interval);
        // A clock is read once an interval, not once a row: the rows of an hour are many.
        let (time, clock) = (everywhere.rfc3339(time_s, decimals), everywhere.seconds(time_s));
        let clocks: Vec<String> = local.iter().map(|clock| clock.seconds(time_s)).collect();
        for (row, scope) in figures.scopes.iter().enumerate() {
            writer.write_field(cell(time_s))?;
            writer.write_field(&time)?;
            writer.write_field(scope.region.and_then(|region| clocks.get(region)).unwrap_or(&clock))?;
            writer.write_field(scope.kind().map_or("", RowKind::name))?;
            for (index, names) in [(scope.region, &regions), (scope.pool, &pools), (scope.request, &requests)] {
                writer.write_field(name(index, names))?;
            }
            for column in Column::ALL {
                writer.write_field(cell(figures.value(interval, row, *column)))?;
            }
            let bounds = figures.error_rate_bounds.as_ref();
            let bounds = bounds.and_then(|bounds| bounds.get(interval * figures.scopes.len() + row));
            let (low, high) = bounds.copied().unwrap_or((f64::NAN, f64::NAN));
            writer.write_field(cell(low))?;
            writer.write_field(cell(high))?;
            // An empty record ends the row that was written field by field.
            writer.write_record(None::<&[u8]>)?;
        }
    }
    writer.into_inner().map_err(|error| ReportError::Csv(error.into_error().into()))
}

/// The decimals that the starts of all intervals need: thousandths, millionths or billionths of a second, or none.
fn decimals(spec: &Spec) -> usize {
    let nanos = [i128::from(spec.interval.0), spec.start.timestamp.as_nanosecond()];
    let whole = |decimals: &usize| nanos.iter().all(|nanos| nanos % 10_i128.pow(9 - *decimals as u32) == 0);
    [0, 3, 6].into_iter().find(whole).unwrap_or(9)
}

/// The name behind an index: `all` where summed; a number, rather than nothing, for an index without a name.
fn name(index: Option<usize>, names: &[&str]) -> String {
    match index {
        None => "all".to_owned(),
        Some(index) => names.get(index).map_or_else(|| index.to_string(), |name| (*name).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::Morning;

    fn table(morning: &Morning) -> Vec<Vec<String>> {
        let bytes = csv(&morning.context(), &morning.figures).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn the_header_and_the_cells_are_those_of_the_reference() {
        let mut morning = Morning::new();
        morning.set(0, 0, Column::Attempts, 1234.0);
        morning.set(0, 0, Column::ErrorRate, 1.0 / 3.0);
        morning.set(0, 0, Column::LatencyP50, f64::NAN);
        let table = table(&morning);
        let header = ["time_s", "time", "clock", "scope", "region", "pool", "request", "arrivals", "attempts"];
        assert_eq!(table[0][..9], header);
        // The last column of version 0.1; columns that were added later stand after it.
        assert_eq!(table[0][39], "capacity_per_s");
        assert_eq!(table.len(), 1 + morning.figures.intervals * morning.figures.scopes.len());
        let at = |name: &str| table[0].iter().position(|column| column == name).unwrap();
        assert_eq!(table[1][..7], ["-1800.0", "2020-04-03T08:30:00+02:00", "08:30:00", "all", "all", "all", "all"]);
        assert_eq!(table[1][at("attempts")], "1234.0");
        assert_eq!(table[1][at("error_rate")], "0.333333");
        assert_eq!(table[1][at("latency_p50_ms")], "");
        // Chile's row stands on Chile's clock.
        let chile = ["-1800.0", "2020-04-03T08:30:00+02:00", "03:30:00", "region", "chile", "all"];
        assert!(table.iter().any(|row| row[..6] == chile));
    }

    #[test]
    fn the_columns_are_the_same_with_and_without_replications() {
        let mut morning = Morning::new();
        let alone = table(&morning);
        morning.replicate(8);
        let table = table(&morning);
        assert_eq!(table[0], alone[0]);
        assert_eq!(table[0][table[0].len() - 2..], ["error_rate_low", "error_rate_high"]);
        assert!(alone[1..].iter().all(|row| row.ends_with(&[String::new(), String::new()])));
        assert!(table.iter().all(|row| row.len() == table[0].len()));
    }

    #[test]
    fn moments_have_the_decimals_that_the_intervals_need() {
        let of = |interval: &str| {
            let mut spec = Morning::new().spec;
            spec.interval = interval.parse().unwrap();
            decimals(&spec)
        };
        assert_eq!(["10 s", "100 ms", "1.5 ms", "100 ns"].map(of), [0, 3, 6, 9]);
    }
}
