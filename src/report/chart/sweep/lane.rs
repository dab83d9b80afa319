//! The values of a parameter along one side of a heat map: places, cells and ticks.

use super::names;
use crate::report::chart::axis::Axis;
use crate::report::chart::theme;
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
    /// The numbers at both ends, if the values are numbers, and whether the side is logarithmic.
    span: Option<(f64, f64, bool)>,
}

impl<'t> Lane<'t> {
    /// The side of a parameter.
    pub fn of(table: &'t Table, parameter: usize) -> Lane<'t> {
        let mut values = table.values(parameter);
        let own = &table.parameters[parameter];
        let numbers = numbers(own, &mut values);
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
    /// `length` is that of the side on the sheet, `fits` how far apart the middles of two labels must be.
    pub fn ticks(&self, length: f64, fits: impl Fn(&str, &str) -> f64) -> Vec<(f64, String)> {
        let own: Vec<(f64, String)> =
            self.centres.iter().copied().zip((0..self.values.len()).map(|index| self.text(index))).collect();
        let apart = |pair: &[(f64, String)]| (pair[1].0 - pair[0].0) * length >= fits(&pair[0].1, &pair[1].1);
        let few_digits = |value: &&Setting| value.number.is_none_or(|x| (x * 1e3).fract().abs() < 1e-6 || x >= 100.0);
        let round = |value: &&Setting| value.number.is_none_or(is_round);
        if own.windows(2).all(apart) && self.values.iter().all(|value| few_digits(value) && round(value)) {
            return own;
        }
        let Some((low, high, log)) = self.span else {
            let step = (1..=own.len())
                .find(|step| own.iter().step_by(*step).cloned().collect::<Vec<_>>().windows(2).all(apart));
            return own.into_iter().step_by(step.unwrap_or(1)).collect();
        };
        let label = |x: f64| names::with_unit(self.parameter, x);
        (2..=10)
            .rev()
            .map(|most| {
                let axis = Axis::spanning(low, high, log, most, label);
                axis.ticks.iter().map(|tick| (axis.share(tick.at), tick.label.clone())).collect::<Vec<_>>()
            })
            .find(|ticks| ticks.windows(2).all(apart))
            .unwrap_or_default()
    }

    /// Width of the widest tick beside a side of this length.
    pub fn widest(&self, length: f64) -> f64 {
        self.ticks(length, |_, _| 22.0).iter().map(|(_, text)| theme::TICK.measure(text)).fold(0.0, f64::max)
    }
}

/// The values as ascending numbers, if all values are numbers.
fn numbers(parameter: &Parameter, values: &mut [&Setting]) -> Option<Vec<f64>> {
    if !parameter.numeric || values.iter().any(|value| value.number.is_none()) {
        return None;
    }
    let number = |value: &Setting| value.number.unwrap_or(0.0);
    values.sort_by(|a, b| number(a).total_cmp(&number(b)));
    Some(values.iter().map(|value| number(value)).collect())
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
    parameter.log || (numbers.len() > 2 && last / first >= 4.0 && unevenness(&libm::log) < unevenness(&|x| x))
}

/// Whether a number has at most three significant digits.
fn is_round(number: f64) -> bool {
    let scaled = number.abs() / libm::exp10(libm::floor(libm::log10(number.abs().max(1e-300))) - 2.0);
    number == 0.0 || (scaled - scaled.round()).abs() < 1e-6
}
