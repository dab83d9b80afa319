//! The mean bit rate of streams while a link holds some of them down.

use super::{Case, Decided, agree};

pub fn decide(case: &Case<'_>) -> Decided {
    let (scope, range, column) = (case.scope()?, case.range()?, case.text("column")?);
    let [limited, rate, streams] = ["limited_share", column, "streams_mean"].map(|column| case.cells(&scope, column));
    let (limited, rate, streams) = (limited?, rate?, streams?);
    let outside = case.evidence.frame.range.clone().filter(|index| !range.contains(index));
    if let Some(index) = outside.into_iter().find(|index| limited[*index] > 0.0) {
        return Err(format!("the link holds streams down {} too", case.spell(&(index..index + 1))));
    }
    let held: Vec<usize> = range.filter(|index| limited[*index] > 0.0).collect();
    let of: f64 = held.iter().map(|index| streams[*index]).sum();
    let kilobits: f64 = held.iter().map(|index| rate[*index] * streams[*index]).sum();
    agree("the mean bit rate", case.number("value")?, kilobits / of)
}
