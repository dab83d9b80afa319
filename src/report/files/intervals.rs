//! `intervals.csv`: every figure of every interval, in the long form that any tool reads.

use crate::measure::Figures;
use crate::report::clock::Clock;
use crate::report::numbers::cell;
use crate::report::{Context, ReportError};
use crate::vocabulary::Column;

/// Name of the file.
pub const FILE: &str = "intervals.csv";

/// The bytes of the file: a header, then for each interval a row for each scope, in the order of the figures.
pub fn csv(context: &Context<'_>, figures: &Figures) -> Result<Vec<u8>, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = ["time_s", "clock", "region", "pool", "request"].into_iter();
    let measured = Column::ALL.iter().map(|column| column.name());
    let bounds: &[&str] =
        if figures.error_rate_bounds.is_some() { &["error_rate_low", "error_rate_high"] } else { &[] };
    writer.write_record(header.chain(measured).chain(bounds.iter().copied()))?;

    let everywhere = Clock::of_drop(context.spec);
    let local: Vec<Clock> = context.spec.region.values().map(|region| Clock::of_region(context.spec, region)).collect();
    let regions: Vec<&str> = context.spec.region.keys().map(String::as_str).collect();
    let pools: Vec<&str> = context.spec.pool.keys().map(String::as_str).collect();
    let requests: Vec<&str> = context.requests.iter().map(String::as_str).collect();

    for interval in 0..figures.intervals {
        let time_s = figures.time_s(interval);
        // A clock is read once an interval, not once a row: the rows of an hour are many.
        let clock = everywhere.seconds(time_s);
        let clocks: Vec<String> = local.iter().map(|clock| clock.seconds(time_s)).collect();
        for (row, scope) in figures.scopes.iter().enumerate() {
            writer.write_field(cell(time_s))?;
            writer.write_field(scope.region.and_then(|region| clocks.get(region)).unwrap_or(&clock))?;
            for (index, names) in [(scope.region, &regions), (scope.pool, &pools), (scope.request, &requests)] {
                writer.write_field(name(index, names))?;
            }
            for column in Column::ALL {
                writer.write_field(cell(figures.value(interval, row, *column)))?;
            }
            if let Some(bounds) = &figures.error_rate_bounds {
                let (low, high) =
                    bounds.get(interval * figures.scopes.len() + row).copied().unwrap_or((f64::NAN, f64::NAN));
                writer.write_field(cell(low))?;
                writer.write_field(cell(high))?;
            }
            // An empty record ends the row that was written field by field.
            writer.write_record(None::<&[u8]>)?;
        }
    }
    writer.into_inner().map_err(|error| ReportError::Csv(error.into_error().into()))
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
        assert_eq!(table[0][..7], ["time_s", "clock", "region", "pool", "request", "arrivals", "attempts"]);
        // The last column of version 0.1; columns that were added later stand after it.
        assert_eq!(table[0][37], "capacity_per_s");
        assert_eq!(table.len(), 1 + morning.figures.intervals * morning.figures.scopes.len());
        let at = |name: &str| table[0].iter().position(|column| column == name).unwrap();
        assert_eq!(table[1][..5], ["-1800", "08:30:00", "all", "all", "all"]);
        assert_eq!(table[1][at("attempts")], "1234");
        assert_eq!(table[1][at("error_rate")], "0.333333");
        assert_eq!(table[1][at("latency_p50_ms")], "");
        // Chile's row stands on Chile's clock.
        assert!(table.iter().any(|row| row[..4] == ["-1800", "03:30:00", "chile", "all"]));
    }

    #[test]
    fn replications_append_the_ends_of_the_interval() {
        let mut morning = Morning::new();
        morning.replicate(8);
        let table = table(&morning);
        assert_eq!(table[0][table[0].len() - 2..], ["error_rate_low", "error_rate_high"]);
        assert!(table.iter().all(|row| row.len() == table[0].len()));
    }
}
