//! Tests of comparisons.

use super::*;
use crate::experiment::Sample;
use crate::report::Context;
use crate::report::support::Morning;

#[test]
fn a_difference_that_chance_may_explain_is_none_only_in_a_narrow_interval() {
    let told = |mean, low, high| compared(Estimate { mean, low, high, n: 3 }, 1000.0).0;
    assert!(told(-5.0, -90.0, 80.0).starts_with("about as many (95%: "));
    assert!(told(-570.0, -1500.0, 360.0).starts_with("perhaps 570 fewer (95%: "));
    assert!(told(-570.0, -600.0, -540.0).starts_with("570 fewer (95%: "));
}

#[test]
fn a_scenario_that_was_cut_short_comes_last_and_is_no_part_of_the_verdict() {
    let morning = Morning::empty(6, 0.0, 10.0);
    let (whole, findings) = (morning.context(), morning.findings());
    let cut = Context { partial_until_s: Some(20.0), ..whole.clone() };
    let subjects = [&whole, &cut, &whole].map(|context| morning.subject(context, &findings));
    let sample = |harmed: f64| {
        let of = |figure: &Figure| if *figure == Figure::HarmSawError { harmed } else { 0.0 };
        Sample { seed: 1, summaries: vec![Figure::of_everything().iter().map(of).collect()] }
    };
    let samples = [sample(1000.0), sample(10.0), sample(850.0)];
    let mut comparison = Comparison::of(&samples.iter().collect::<Vec<_>>());
    comparison.leave_out(1);
    let several = Several { subjects: &subjects, comparison: &comparison, settings: &[] };
    assert_eq!((several.order(), several.is_cut(1)), (vec![2, 0, 1], true));
    assert!(several.verdict().is_some_and(|verdict| verdict.shown().contains("150 fewer people")));
    assert!(several.over(1).is_some_and(|over| over.starts_with("partial, until ")));
    assert_eq!(comparison.difference(1, Figure::HarmSawError.name()), None);
}

#[test]
fn who_waits_in_a_room_counts_beside_who_is_harmed() {
    let morning = Morning::new();
    let (context, findings) = (morning.context(), morning.findings());
    let subjects = [(); 3].map(|()| morning.subject(&context, &findings));
    let sample = |harmed: f64, waited: f64, at_end: f64| {
        let of = |figure: &Figure| match figure.name() {
            "harm.saw_error" => harmed,
            "waiting_room.waited" => waited,
            "waiting_room.at_end" => at_end,
            _ => 0.0,
        };
        Sample { seed: 1, summaries: vec![Figure::of_everything().iter().map(of).collect()] }
    };
    let samples = [sample(1000.0, 0.0, 0.0), sample(0.0, 800.0, 100.0), sample(850.0, 0.0, 0.0)];
    let comparison = Comparison::of(&samples.iter().collect::<Vec<_>>());
    let several = Several { subjects: &subjects, comparison: &comparison, settings: &[] };
    assert_eq!(several.order(), [2, 1, 0]);
}

#[test]
fn a_base_that_was_cut_short_is_compared_with_nothing_and_the_verdict_says_so() {
    let morning = Morning::empty(6, 0.0, 10.0);
    let (whole, findings) = (morning.context(), morning.findings());
    let cut = Context { partial_until_s: Some(20.0), ..whole.clone() };
    let subjects = [&cut, &whole].map(|context| morning.subject(context, &findings));
    let sample = Sample { seed: 1, summaries: vec![vec![1.0; Figure::of_everything().len()]] };
    let mut comparison = Comparison::of(&[&sample, &sample]);
    comparison.leave_out(0);
    let told = |subjects: &[Subject<'_>]| {
        let several = Several { subjects, comparison: &comparison, settings: &[] };
        several.verdict().map(|verdict| verdict.shown()).unwrap_or_default()
    };
    let verdict = told(&subjects);
    assert!(verdict.starts_with("A limit ended the base, "), "{verdict}");
    assert!(verdict.ends_with("so that differences from it are unknown."), "{verdict}");
    assert_eq!(told(&subjects[..1]), "", "a scenario alone has no base");
}
