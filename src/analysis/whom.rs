//! Whom it happens to: the regions and requests that fare worse than the whole.

use super::course::Course;
use crate::measure::Scope;

/// Multiple of the whole's worst rate beyond which a scope is named.
const FAR: f64 = 2.0;

/// A region or request that fares worse than everything together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Named {
    /// The region or request.
    pub scope: Scope,
    /// Why it is named.
    pub because: Because,
    /// Its worst rate.
    pub worst: f64,
}

/// Why a scope is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// It is in trouble, and the whole is not.
    OnlyThere,
    /// Its worst rate is over twice that of the whole.
    FarWorse,
}

/// The regions and requests that are named, the worst first.
pub fn named<'a>(everything: &Course, scopes: impl Iterator<Item = &'a Course>) -> Vec<Named> {
    let named = |course: &Course| {
        let because = match () {
            () if !course.is_in_trouble() => return None,
            () if !everything.is_in_trouble() => Because::OnlyThere,
            () if course.highest() > FAR * everything.highest() => Because::FarWorse,
            () => return None,
        };
        Some(Named { scope: course.scope, because, worst: course.highest() })
    };
    let mut all: Vec<Named> = scopes.filter_map(named).collect();
    all.sort_by(|a, b| b.worst.total_cmp(&a.worst));
    all
}
