//! Tests of curves.

use super::*;
use crate::report::support::Morning;

#[test]
fn a_percentile_that_flips_between_two_groups_is_not_drawn_there_and_a_peak_is() {
    let shown = |values: &[f64]| {
        let mut values = values.to_vec();
        without_flips(&mut values);
        values.iter().map(|value| if value.is_nan() { '-' } else { '+' }).collect::<String>()
    };
    assert_eq!(shown(&[9.0, 9.0, 9.0, 1.0, 1.0, 9.0, 1.0, 9.0, 1.0]), "+++------");
    assert_eq!(shown(&[1.0, 1.0, 9.0, 1.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0]), "++--++++++");
    assert_eq!(shown(&[1.0, 1.0, 9.0, 9.0, 1.0, 1.0, 1.0, 2.0, 5.0, 9.0]), "++++++++++");
    assert_eq!(shown(&[1.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0, 1.0]), "++++++++++");
    assert_eq!(shown(&[1.0, f64::NAN, 9.0, f64::NAN]), "+-+-");
}

#[test]
fn a_scrap_of_a_percentile_that_is_left_out_is_no_hole_without_a_reason() {
    let morning = Morning::empty(20, 0.0, 10.0);
    let (context, findings) = (morning.context(), morning.findings());
    let view = View::whole(&morning.subject(&context, &findings));
    // Enough in two intervals among those with too few, and in the last ten.
    let counts: Vec<f64> = (0..20).map(|bin| if bin == 4 || bin == 5 || bin > 9 { 9e4 } else { 5.0 }).collect();
    let (name, values) = (String::new(), vec![7.0; 20]);
    let line = Line { name, colour: Colour::Good, values, limits: Vec::new(), jumps: Vec::new() };
    let curves = Curves::new("", "", [line.of_enough(&view, &counts, 0.5)], Values::Millis);
    let curves = curves.with_blanks(&view, &counts, &counts, Reasons::REQUESTS);
    assert_eq!(curves.blanks, [Blank { from_s: 0.0, until_s: 100.0, words: Reasons::REQUESTS.few }]);
}

#[test]
fn a_high_percentile_that_is_known_here_and_there_is_not_drawn() {
    let morning = Morning::empty(100, 0.0, 10.0);
    let (context, findings) = (morning.context(), morning.findings());
    let view = View::whole(&morning.subject(&context, &findings));
    let shown = |enough: fn(usize) -> bool, beyond| {
        let counts: Vec<f64> = (0..100).map(|bin| if enough(bin) { 9e5 } else { 1.0 }).collect();
        let (name, values) = (String::new(), vec![7.0; 100]);
        let line = Line { name, colour: Colour::Good, values, limits: Vec::new(), jumps: Vec::new() };
        line.of_enough(&view, &counts, beyond).values.iter().filter(|value| value.is_finite()).count()
    };
    let here_and_there = |bin: usize| bin % 20 < 6;
    assert_eq!([shown(here_and_there, 0.01), shown(here_and_there, 0.5), shown(|bin| bin > 80, 0.01)], [0, 30, 19]);
}

#[test]
fn a_curve_that_another_covers_is_wider() {
    let room = crate::report::chart::model::Room { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };
    let panel = Panel::new(room, &Axis::counts(10.0, 2), Axis::counts(10.0, 2));
    let (one, other) = ([5.0, 5.0, f64::NAN], [5.1, 5.0, 9.0]);
    let width = |series: &[&[f64]]| panel.width_of(series, 0);
    assert_eq!([width(&[&one, &other]), width(&[&one, &[9.0; 3]]), width(&[&one])], [NARROW + WIDER, NARROW, NARROW]);
}
