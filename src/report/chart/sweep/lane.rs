//! The values of a parameter along one side of a heat map: places, cells and ticks.

use std::cmp::Ordering;

use super::names;
use crate::document::moments::When;
use crate::report::chart::axis::Axis;
use crate::report::chart::theme;
use crate::report::letters;
use crate::sweep::{Parameter, Setting, Table};

/// A side of a heat map; all places are shares of the side's length.
#[derive(Clone, Debug)]
pub struct Lane<'t> {
    /// The parameter.
    pub parameter: &'t Parameter,
    /// The values of the parameter in drawing order: numbers ascending, categories as the plan has them.
    pub values: Vec<&'t Setting>,
    /// Place of each value.
    pub centres: Vec<f64>,
    /// Begin of the cell of each value, and the end of the last cell.
    pub edges: Vec<f64>,
    /// The numbers at both ends, if the values are numbers or times of the day, and whether the side is logarithmic.
    span: Option<(f64, f64, bool)>,
    /// Whether the values have an order and distances: numbers, or times of the day.
    pub ordered: bool,
}

impl<'t> Lane<'t> {
    /// The side of a parameter.
    pub fn of(table: &'t Table, parameter: usize) -> Lane<'t> {
        let mut values = table.values(parameter);
        let own = &table.parameters[parameter];
        let numbers = numbers(&mut values);
        let log = numbers.as_deref().is_some_and(|numbers| is_logarithmic(own, numbers));
        let places: Vec<f64> = match &numbers {
            Some(numbers) => numbers.iter().map(|x| if log { libm::log(*x) } else { *x }).collect(),
            None => (0..values.len()).map(|index| index as f64).collect(),
        };
        let count = places.len();
        let mut edges: Vec<f64> = places.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect();
        let (first, last) = match count {
            0 | 1 => (places.first().map_or(-0.5, |x| x - 0.5), places.first().map_or(0.5, |x| x + 0.5)),
            _ => (2.0 * places[0] - edges[0], 2.0 * places[count - 1] - edges[count - 2]),
        };
        edges.insert(0, first);
        edges.push(last);
        let share = |x: f64| (x - first) / (last - first);
        let end = |x: f64| if log { libm::exp(x) } else { x };
        Lane {
            parameter: own,
            values,
            centres: places.iter().map(|x| share(*x)).collect(),
            edges: edges.iter().map(|x| share(*x)).collect(),
            span: (numbers.is_some() && count > 1).then(|| (end(first), end(last), log)),
            ordered: numbers.is_some(),
        }
    }

    /// Index of a value.
    pub fn index(&self, setting: &Setting) -> Option<usize> {
        self.values.iter().position(|value| *value == setting)
    }

    /// The value with this index in words.
    pub fn text(&self, index: usize) -> String {
        names::value(self.parameter, self.values[index])
    }

    /// The least width of a label that is centred at a value and stays within the value's cell.
    pub fn narrowest(&self) -> f64 {
        let rooms = self.centres.iter().zip(self.edges.windows(2));
        rooms.map(|(centre, edges)| 2.0 * (centre - edges[0]).min(edges[1] - centre)).fold(f64::INFINITY, f64::min)
    }

    /// The side without the outer halves of the outermost cells, for lines, which end at the outermost values.
    pub fn tightened(mut self) -> Lane<'t> {
        const MARGIN: f64 = 0.03;
        let (first, last) = (self.centres.first().copied(), self.centres.last().copied());
        if let (Some(first), Some(last)) = (first, last)
            && last > first
        {
            let (from, to) = (first - MARGIN, last + MARGIN);
            let share = |x: f64| (x - from) / (to - from);
            self.span = self.span.map(|(low, high, log)| {
                let place = |x: f64| if log { libm::log(x) } else { x };
                let at = |share: f64| place(low) + (place(high) - place(low)) * share;
                let back = |x: f64| if log { libm::exp(x) } else { x };
                (back(at(from)), back(at(to)), log)
            });
            self.centres.iter_mut().chain(&mut self.edges).for_each(|x| *x = share(*x));
        }
        self
    }

    /// Ticks: every value if the values are short and fit; else round numbers, or as many names as fit.
    /// `length` is that of the side on the sheet, `apart` how far apart the middles of two labels must be.
    pub fn ticks(&self, length: f64, apart: impl Fn(&str, &str) -> f64) -> Vec<(f64, String)> {
        let own: Vec<(f64, String)> =
            self.centres.iter().copied().zip((0..self.values.len()).map(|index| self.text(index))).collect();
        let fit = |pair: &[(f64, String)]| (pair[1].0 - pair[0].0) * length >= apart(&pair[0].1, &pair[1].1);
        let few_digits = |value: &&Setting| value.number.is_none_or(|x| (x * 1e3).fract().abs() < 1e-6 || x >= 100.0);
        let round = |value: &&Setting| value.number.is_none_or(is_round);
        if own.windows(2).all(fit) && self.values.iter().all(|value| few_digits(value) && round(value)) {
            return own;
        }
        let Some((low, high, log)) = self.span else {
            let step =
                (1..=own.len()).find(|step| own.iter().step_by(*step).cloned().collect::<Vec<_>>().windows(2).all(fit));
            return own.into_iter().step_by(step.unwrap_or(1)).collect();
        };
        let clock = self.values.iter().all(|value| value.number.is_none());
        let label = |x: f64| if clock { names::clock(x) } else { names::with_unit(self.parameter, x) };
        (2..=10)
            .rev()
            .map(|most| {
                let axis = Axis::spanning(low, high, log, most, label);
                axis.ticks.iter().map(|tick| (axis.share(tick.at), tick.label.clone())).collect::<Vec<_>>()
            })
            .find(|ticks| ticks.windows(2).all(fit))
            .unwrap_or_default()
    }

    /// The labels of a level side of this length, each of one or several lines: names of categories are never left out.
    pub fn labels(&self, length: f64) -> Vec<(f64, Vec<String>)> {
        let style = theme::TICK;
        let apart = |a: &str, b: &str| (style.measure(a) + style.measure(b)) / 2.0 + 14.0;
        if self.ordered {
            return self.ticks(length, apart).into_iter().map(|(at, label)| (at, vec![label])).collect();
        }
        let room = |index: usize| (self.edges[index + 1] - self.edges[index]) * length - 10.0;
        self.named(|index| letters::wrap(&letters::clean(&self.text(index)), style.face, style.size, room(index), 3))
    }

    /// The labels of an upright side of this length, likewise.
    pub fn beside(&self, length: f64) -> Vec<(f64, Vec<String>)> {
        const WIDE: f64 = 250.0;
        let style = theme::TICK;
        if self.ordered {
            return self.ticks(length, |_, _| 22.0).into_iter().map(|(at, label)| (at, vec![label])).collect();
        }
        let lines = |index: usize| ((self.edges[index + 1] - self.edges[index]) * length / 18.0).max(1.0) as usize;
        self.named(|index| {
            letters::wrap(&letters::clean(&self.text(index)), style.face, style.size, WIDE, lines(index))
        })
    }

    fn named(&self, lines: impl Fn(usize) -> Vec<String>) -> Vec<(f64, Vec<String>)> {
        self.centres.iter().enumerate().map(|(index, at)| (*at, lines(index))).collect()
    }

    /// Width of the widest tick beside a side of this length.
    pub fn widest(&self, length: f64) -> f64 {
        let lines = self.beside(length).into_iter().flat_map(|(_, lines)| lines);
        lines.map(|line| theme::TICK.measure(&line)).fold(0.0, f64::max)
    }
}

/// The values as ascending numbers, if all values are numbers, or all are times of the day.
fn numbers(values: &mut [&Setting]) -> Option<Vec<f64>> {
    let clock = |value: &&Setting| match value.text.parse() {
        Ok(When::Clock(seconds)) => Some(seconds as f64),
        _ => None,
    };
    let number = |value: &&Setting| value.number;
    let of = |get: &dyn Fn(&&Setting) -> Option<f64>, values: &mut [&Setting]| {
        let known: Option<Vec<f64>> = values.iter().map(get).collect();
        known?;
        values.sort_by(|a, b| get(a).partial_cmp(&get(b)).unwrap_or(Ordering::Equal));
        values.iter().map(get).collect::<Option<Vec<f64>>>()
    };
    of(&number, values).or_else(|| of(&clock, values))
}

/// Whether ascending numbers are spaced more evenly in the logarithm, and span enough for that to matter.
pub fn is_logarithmic(parameter: &Parameter, numbers: &[f64]) -> bool {
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return false };
    if *first <= 0.0 || first == last {
        return false;
    }
    let unevenness = |place: &dyn Fn(f64) -> f64| {
        let gaps: Vec<f64> = numbers.windows(2).map(|pair| place(pair[1]) - place(pair[0])).collect();
        gaps.iter().copied().fold(0.0, f64::max) / gaps.iter().copied().fold(f64::INFINITY, f64::min)
    };
    parameter.log
        || (parameter.numeric
            && numbers.len() > 2
            && last / first >= 4.0
            && unevenness(&libm::log) < unevenness(&|x| x))
}

/// Whether a number has at most three significant digits.
fn is_round(number: f64) -> bool {
    let scaled = number.abs() / libm::exp10(libm::floor(libm::log10(number.abs().max(1e-300))) - 2.0);
    number == 0.0 || (scaled - scaled.round()).abs() < 1e-6
}
