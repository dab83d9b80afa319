//! A drawn scenario and its run, and how a property is held against many of them.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use dropstorm::analysis::figures_of;
use dropstorm::engine::{self, Seed};
use dropstorm::measure::{Figures, Measurements, Stopped};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use rayon::prelude::*;

use super::draw::{Drawn, Key, drawn};
use super::observer::Observer;

/// What must hold of every case; else why it does not.
pub type Property = fn(&Case) -> Result<(), String>;

/// The cases that every run of the tests holds its properties against.
const FIXED_SEED: u64 = 7;

const FIXED_CASES: u64 = 400;

/// The seed of each run.
pub const SEED: Seed = Seed { seed: 7, replication: 0 };

/// A scenario that was drawn, and what its run came to.
pub struct Case {
    pub drawn: Drawn,
    pub scenario: Scenario,
    pub model: Model,
    pub observer: Observer,
    pub run: Measurements,
    pub figures: Figures,
}

/// Why there is no case for a seed.
pub enum Unfit {
    /// What was drawn could not be mended.
    NotMended,
    /// The run takes too many events.
    TooLong,
    /// The run panicked.
    Panicked { text: String, used: BTreeSet<String>, why: String },
}

/// The case of a seed with some features off.
pub fn case(seed: u64, off: BTreeSet<String>) -> Result<Case, Unfit> {
    let drawn = drawn(seed, off);
    let Some(scenario) = drawn.scenario.clone() else { return Err(Unfit::NotMended) };
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let model = Model::compile(&scenario);
        let mut observer = Observer::of(&model);
        let run = engine::run_with(&model, SEED, &mut observer);
        let figures = figures_of(std::slice::from_ref(&run));
        (model, observer, run, figures)
    }));
    match ran {
        // A closed loop whose every attempt ends at once has no end of its own, and is told so.
        Ok((_, _, run, _)) if matches!(run.stopped, Some(Stopped::Asked | Stopped::EndlessLoop { .. })) => {
            Err(Unfit::TooLong)
        }
        Ok((model, observer, run, figures)) => Ok(Case { drawn, scenario, model, observer, run, figures }),
        Err(panic) => Err(Unfit::Panicked { text: drawn.text(), used: drawn.used, why: said(&*panic) }),
    }
}

/// The seeds of the cases that are drawn from one seed.
pub fn seeds(seed: u64, count: u64) -> impl Iterator<Item = u64> {
    (0..count).map(move |number| Key::of(seed).nth(number).seed())
}

/// The cases that are the same in every run of the tests, by their seeds.
pub fn fixed() -> &'static [(u64, Result<Case, Unfit>)] {
    static FIXED: LazyLock<Vec<(u64, Result<Case, Unfit>)>> = LazyLock::new(|| {
        let seeds: Vec<u64> = seeds(FIXED_SEED, FIXED_CASES).collect();
        // Tests that need the cases wait for them, so their cores are free.
        seeds.into_par_iter().map(|seed| (seed, case(seed, BTreeSet::new()))).collect()
    });
    &FIXED
}

/// Holds a property against the fixed cases.
#[track_caller]
pub fn holds(property: Property) {
    for (seed, case) in fixed() {
        if broken(property, case).is_err() {
            panic!("{}", smallest(property, *seed));
        }
    }
}

/// Whether a case breaks a property; whatever is unfit breaks none, unless it panicked.
pub fn broken(property: Property, case: &Result<Case, Unfit>) -> Result<(), String> {
    match case {
        Ok(case) => catch_unwind(AssertUnwindSafe(|| property(case))).unwrap_or_else(|panic| Err(said(&*panic))),
        Err(Unfit::Panicked { why, .. }) => Err(why.clone()),
        Err(_) => Ok(()),
    }
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("the run panics: {}", said.unwrap_or("without a word"))
}

/// Drops one feature after another from a case that breaks a property, as long as it still does; says what is left.
pub fn smallest(property: Property, seed: u64) -> String {
    let mut off = BTreeSet::new();
    let mut least = case(seed, off.clone());
    // What one feature needs may go once that feature is gone.
    for _ in 0..2 {
        for feature in used(&least) {
            let fewer: BTreeSet<String> = off.iter().cloned().chain([feature]).collect();
            let now = case(seed, fewer.clone());
            if broken(property, &now).is_err() {
                (off, least) = (fewer, now);
            }
        }
    }
    let why = broken(property, &least).err().unwrap_or_default();
    format!("{why}\n\nThe smallest such scenario, drawn from {seed}:\n\n{}", text(&least))
}

/// The features of a case.
fn used(case: &Result<Case, Unfit>) -> BTreeSet<String> {
    match case {
        Ok(case) => case.drawn.used.clone(),
        Err(Unfit::Panicked { used, .. }) => used.clone(),
        Err(_) => BTreeSet::new(),
    }
}

/// The scenario of a case.
fn text(case: &Result<Case, Unfit>) -> String {
    match case {
        Ok(case) => case.drawn.text(),
        Err(Unfit::Panicked { text, .. }) => text.clone(),
        Err(_) => String::new(),
    }
}

/// Fails a property with a message unless something holds.
macro_rules! ensure {
    ($holds:expr, $($message:tt)+) => {
        if !$holds {
            return Err(format!($($message)+));
        }
    };
}

/// Fails a property unless two values are the same.
macro_rules! ensure_same {
    ($one:expr, $other:expr, $($what:tt)+) => {
        let (one, other) = (&$one, &$other);
        if one != other {
            return Err(format!("{}: {one:?} is not {other:?}", format!($($what)+)));
        }
    };
}

pub(crate) use {ensure, ensure_same};
