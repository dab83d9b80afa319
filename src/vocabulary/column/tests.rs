//! Tests of the columns.

use super::*;
use std::collections::HashSet;

#[test]
fn columns_have_unique_names_and_indices() {
    let names: HashSet<&str> = Column::ALL.iter().map(|column| column.name()).collect();
    assert_eq!(names.len(), Column::COUNT);
    for (index, column) in Column::ALL.iter().enumerate() {
        assert_eq!(column.index(), index);
        assert_eq!(Column::named(column.name()), Some(*column));
        assert!(!column.known().is_empty() && column.meaning().ends_with('.'), "{}", column.name());
    }
}

#[test]
fn counts_have_the_unit_of_counts_and_percentiles_that_of_spans() {
    for column in Column::ALL {
        match column.aggregation() {
            Aggregation::Count => assert_eq!(column.unit(), Unit::Count, "{}", column.name()),
            Aggregation::Percentile(_, share) => {
                assert_eq!(column.unit(), Unit::Milliseconds, "{}", column.name());
                assert!(share > 0.0 && share < 1.0, "{}", column.name());
            }
            Aggregation::Mean(Level::Pool(_)) => assert!(!column.known().contains(&RowKind::Region)),
            Aggregation::Mean(Level::Region(_)) => assert!(!column.known().contains(&RowKind::Pool)),
            Aggregation::AtEnd | Aggregation::Highest | Aggregation::Ratio | Aggregation::ErrorRate => {}
        }
    }
}

#[test]
fn the_percentiles_of_a_distribution_ascend() {
    use Distribution::{Latency, RequestTime, RoomWait, StartTime, Wait};
    for distribution in [Latency, Wait, StartTime, RequestTime, RoomWait] {
        assert!(distribution.percentiles().map(|(_, share)| share).is_sorted());
    }
}
