//! Paths in few bytes: steps in tenths of a unit from place to place.

use std::fmt::Write;

use crate::report::chart::model::Place;

/// A number of tenths.
fn tenths(length: f64) -> i64 {
    (length * 10.0).round() as i64
}

/// Appends a number of tenths as a decimal, with a space before it unless a sign or nothing separates it.
fn push(path: &mut String, tenths: i64, first: bool) {
    if !first && tenths >= 0 {
        path.push(' ');
    }
    let (whole, rest) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    let sign = if tenths < 0 { "-" } else { "" };
    // Writing to a string does not fail.
    let _ = match rest {
        0 => write!(path, "{sign}{whole}"),
        rest => write!(path, "{sign}{whole}.{rest}"),
    };
}

/// A length as an attribute, in tenths.
pub fn number(length: f64) -> String {
    let mut text = String::new();
    push(&mut text, tenths(length), true);
    text
}

/// The path through places; places that fall on the one before are left out.
pub fn through(places: &[Place], closed: bool) -> String {
    let mut path = String::with_capacity(places.len() * 6 + 8);
    let mut before: Option<(i64, i64)> = None;
    for (x, y) in places {
        let at = (tenths(*x), tenths(*y));
        match before {
            None => {
                path.push('M');
                push(&mut path, at.0, true);
                push(&mut path, at.1, false);
            }
            Some(from) => step(&mut path, (at.0 - from.0, at.1 - from.1)),
        }
        before = Some(at);
    }
    if closed {
        path.push('z');
    }
    path
}

/// Appends a step of a path.
fn step(path: &mut String, by: (i64, i64)) {
    match by {
        (0, 0) => {}
        (x, 0) => {
            path.push('h');
            push(path, x, true);
        }
        (0, y) => {
            path.push('v');
            push(path, y, true);
        }
        (x, y) => {
            path.push('l');
            push(path, x, true);
            push(path, y, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_a_series_go_across_and_up() {
        let places = [(10.0, 20.0), (12.5, 20.0), (12.5, 18.04), (12.5, 18.0), (13.0, 19.0)];
        assert_eq!(through(&places, false), "M10 20h2.5v-2l0.5 1");
        assert_eq!(through(&[(-0.5, 0.0), (0.0, -1.0)], true), "M-0.5 0l0.5-1z");
        assert_eq!((number(-0.04), number(3.25)), ("0".to_owned(), "3.3".to_owned()));
    }

    #[test]
    fn rounding_does_not_add_up_along_a_path() {
        let places: Vec<(f64, f64)> = (0..100).map(|i| (f64::from(i) * 0.125, 0.0)).collect();
        let steps = through(&places, false);
        let walked: f64 = steps.split('h').skip(1).map(|step| step.parse::<f64>().unwrap()).sum();
        assert!((walked - 99.0 * 0.125).abs() < 0.06, "{walked}");
    }
}
