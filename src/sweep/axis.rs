//! An axis of a sweep: the paths that the axis sets, and their values.

use serde::{Deserialize, Serialize};

use super::table::{Parameter, Setting};
use crate::units::{Dimension, Quantity};

/// A parameter with all its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Axis {
    pub parameter: Parameter,
    pub values: Values,
}

/// The values of an axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Values {
    /// Values in a list, `[value][path]`.
    Listed(Vec<Vec<Value>>),
    /// A range for each path, from which a sample draws.
    Ranges(Vec<Range>),
}

/// One value of one path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Value {
    /// The value as tables show it.
    pub setting: Setting,
    /// The value as TOML, for the scenario; empty where the scenario's own value stays.
    pub toml: String,
}

/// A range of quantities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Range {
    /// The value at the share 0, as the plan states it. All values have its unit.
    from: String,
    /// The value at the share 1, as the plan states it.
    to: String,
    /// Whether values are spaced evenly in the logarithm.
    log: bool,
    /// Whether values are rounded to whole numbers.
    whole: bool,
}

impl Axis {
    /// The value at the share `u` of the axis, from 0 to 1: an element of the list, or a value within the range.
    pub fn at(&self, u: f64) -> Vec<Value> {
        match &self.values {
            Values::Listed(list) => list[((u * list.len() as f64) as usize).min(list.len() - 1)].clone(),
            Values::Ranges(ranges) => ranges.iter().map(|range| range.at(u)).collect(),
        }
    }

    /// The paths that some values of the axis set, each with its value as TOML; a path whose value is as the scenario has it is
    /// left out.
    pub fn stated(&self, values: Vec<Value>) -> Vec<(String, String)> {
        let paths = self.parameter.paths.iter().cloned();
        paths.zip(values.into_iter().map(|value| value.toml)).filter(|(_, toml)| !toml.is_empty()).collect()
    }

    /// The value with this index in the list; of a range the value at the share 0.
    pub fn listed(&self, index: usize) -> Vec<Value> {
        match &self.values {
            Values::Listed(list) => list[index].clone(),
            Values::Ranges(_) => self.at(0.0),
        }
    }

    /// The values in words short enough for a line: `1, 2, 4` or `11 values from 1 to 2`.
    pub fn words(&self) -> String {
        const FEW: usize = 6;
        let texts =
            |values: Vec<Value>| values.into_iter().map(|value| value.setting.text).collect::<Vec<_>>().join(" / ");
        match &self.values {
            Values::Listed(list) if list.len() <= FEW => list.iter().cloned().map(texts).collect::<Vec<_>>().join(", "),
            Values::Listed(list) => {
                let (first, last) = (texts(self.listed(0)), texts(self.listed(list.len() - 1)));
                format!("{} values from {first} to {last}", list.len())
            }
            Values::Ranges(_) => format!("between {} and {}", texts(self.at(0.0)), texts(self.at(1.0))),
        }
    }

    /// For each path, whether all its numbers are whole.
    pub fn whole(&self) -> Vec<bool> {
        let is_whole = |value: &Value| value.setting.number.is_some_and(|number| number.fract() == 0.0);
        match &self.values {
            Values::Listed(list) => (0..self.parameter.paths.len())
                .map(|path| list.iter().all(|values| values.get(path).is_some_and(is_whole)))
                .collect(),
            Values::Ranges(ranges) => ranges.iter().map(|range| range.whole).collect(),
        }
    }

    /// Whether each path of the axis has a unit, and each value of the axis one for each path.
    pub fn is_complete(&self) -> bool {
        let paths = self.parameter.paths.len();
        let values = match &self.values {
            Values::Listed(list) => !list.is_empty() && list.iter().all(|values| values.len() == paths),
            Values::Ranges(ranges) => ranges.len() == paths,
        };
        paths > 0 && self.parameter.units.len() == paths && values
    }

    /// Number of values in the list; 0 of a range.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Listed(list) => list.len(),
            Values::Ranges(_) => 0,
        }
    }
}

impl Range {
    /// A range between two quantities of one dimension; the error says what is wrong.
    pub fn new(from: &toml::Value, to: &toml::Value, log: bool, whole: bool) -> Result<Range, String> {
        let (Some(low), Some(high)) = (quantity(from), quantity(to)) else {
            return Err("both ends are numbers, or quantities such as \"5 s\"".to_owned());
        };
        if low.dimension != high.dimension {
            return Err(format!("{} and {} measure different things", plain(from), plain(to)));
        }
        if low.base == high.base {
            return Err("the range is empty: both ends are the same".to_owned());
        }
        if log && (low.base <= 0.0 || high.base <= 0.0) {
            return Err("a logarithmic range needs two ends above zero".to_owned());
        }
        Ok(Range { from: plain(from), to: plain(to), log, whole })
    }

    /// The value at a share of the range.
    pub fn at(&self, u: f64) -> Value {
        // Both ends were read when the plan was read, so the fallback is never used.
        let read = |text: &str| text.parse().map(Quantity::number).ok().or_else(|| Quantity::read(text));
        let (from, to) =
            (read(&self.from).unwrap_or(Quantity::number(0.0)), read(&self.to).unwrap_or(Quantity::number(0.0)));
        let base = match u {
            0.0 => from.base,
            1.0 => to.base,
            _ if self.log => {
                let (low, high) = (libm::log(from.base), libm::log(to.base));
                libm::exp(low + (high - low) * u)
            }
            _ => from.base + (to.base - from.base) * u,
        };
        let base = if self.whole { base.round() } else { base };
        let quantity = from.with_base(base);
        let (stated, number) = (quantity.text(), quantity.in_unit_of(&from));
        let text = if from.unit == to.unit { stated.clone() } else { quantity.short() };
        let toml = if quantity.unit.is_empty() { stated } else { format!("\"{stated}\"") };
        Value { setting: Setting { text, number: Some(number) }, toml }
    }

    /// Unit of the numbers; empty for plain numbers and shares.
    pub fn unit(&self) -> String {
        Quantity::read(&self.from).map(|from| shown_unit(&from)).unwrap_or_default()
    }
}

/// The values of one path of an axis, and the unit of their numbers, which is that of the first value. Values of different
/// dimensions have no numbers.
pub(super) fn column(stated: &[(toml::Value, String)]) -> (Vec<Value>, String) {
    let quantities: Option<Vec<Quantity>> = stated.iter().map(|(value, _)| quantity(value)).collect();
    let alike = quantities
        .filter(|list| list.windows(2).all(|pair| pair[0].dimension == pair[1].dimension))
        .filter(|list| !list.is_empty());
    let unit = alike.as_ref().map(|list| shown_unit(&list[0])).unwrap_or_default();
    let values = stated.iter().enumerate().map(|(index, (value, toml))| {
        let number = alike.as_ref().map(|list| list[index].in_unit_of(&list[0]));
        Value { setting: Setting { text: plain(value), number }, toml: toml.clone() }
    });
    (values.collect(), unit)
}

/// Whether a value of the scenario and a value of an axis are equal, however they are written.
pub(super) fn same(value: &Value, stated: &toml::Value) -> bool {
    let of_axis = value.setting.text.parse().map(Quantity::number).ok().or_else(|| Quantity::read(&value.setting.text));
    match (of_axis, quantity(stated)) {
        (Some(a), Some(b)) => a.dimension == b.dimension && (a.base - b.base).abs() <= 1e-9 * a.base.abs(),
        _ => value.setting.text == plain(stated),
    }
}

/// Reads a number or a quantity. A share is a number.
pub(super) fn quantity(value: &toml::Value) -> Option<Quantity> {
    match value {
        toml::Value::Integer(number) => Some(Quantity::number(*number as f64)),
        toml::Value::Float(number) if number.is_finite() => Some(Quantity::number(*number)),
        toml::Value::String(text) => Quantity::read(text),
        _ => None,
    }
}

/// A value as tables show it: a text stands without quotes.
pub(super) fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Unit of a quantity in tables; empty for plain numbers and shares.
fn shown_unit(quantity: &Quantity) -> String {
    if quantity.dimension == Dimension::Number { String::new() } else { quantity.unit.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: &str, to: &str, log: bool, whole: bool) -> Result<Range, String> {
        let value =
            |text: &str| text.parse::<f64>().map_or_else(|_| toml::Value::String(text.to_owned()), toml::Value::Float);
        Range::new(&value(from), &value(to), log, whole)
    }

    #[test]
    fn a_range_is_even_in_its_own_unit_or_in_the_logarithm() {
        let texts = |range: Range| [0.0, 0.5, 1.0].map(|u| range.at(u).setting.text).join(" ");
        assert_eq!(texts(range("1", "2", false, false).unwrap()), "1 1.5 2");
        assert_eq!(texts(range("1", "100", true, true).unwrap()), "1 10 100");
        assert_eq!(texts(range("500 ms", "2 s", false, false).unwrap()), "500 ms 1.25 s 2 s");
        assert_eq!(texts(range("10%", "30%", false, false).unwrap()), "10% 20% 30%");
        let middle = range("10%", "30%", false, false).unwrap().at(0.5);
        assert_eq!((middle.setting.number, middle.toml.as_str()), (Some(0.2), "\"20%\""));
    }

    #[test]
    fn a_range_that_cannot_be_is_refused() {
        for (from, to, said) in
            [("1", "2 s", "different"), ("3", "3", "empty"), ("0", "3", "above zero"), ("full", "none", "quantities")]
        {
            assert!(range(from, to, true, false).unwrap_err().contains(said), "{from} {to}");
        }
    }
}
