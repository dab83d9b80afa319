//! Warnings about bounds that every run keeps to.

use super::found::Found;
use crate::model;
use crate::vocabulary::{Metric, Unit};

/// Warns of an upper bound of 100% on a share: a bound of 1 was probably meant as 1%.
pub(super) fn of_all(found: &mut Found<'_>) {
    let names = model::names(found.spec());
    for (index, threshold) in found.spec().threshold.clone().into_iter().enumerate() {
        let unit = Metric::named(&threshold.metric, &names).map(Metric::unit);
        let Some(bound) =
            threshold.at_most.filter(|bound| unit == Some(Unit::Share) && bound.in_unit(Unit::Share) >= 1.0)
        else {
            continue;
        };
        let title = format!("every run keeps to this bound of `{}`", threshold.metric);
        let help = if bound.unit.is_none() { "is \"1%\" meant?" } else { "a smaller share can be missed" };
        found.add(&format!("threshold.{index}.at_most"), title, format!("{} is 100%", bound.text), help);
    }
}
