//! Lower bounds of quantities: spans, rates and bit rates that must be above a value, or at least as high.
//!
//! JSON Schema bounds numbers only; a quantity is a text with a unit. Its bound is a text too, and beside the type of the
//! field: `#[schemars(extend("x-above" = "0/s"))]`.

use std::fmt::Display;
use std::str::FromStr;

use super::Shape;
use crate::units::{Bitrate, Rate, Span};

/// The lower bound of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Lower<'s, Q> {
    bound: Q,
    /// The bound as the schema writes it.
    text: &'s str,
    /// Whether the bound itself is allowed: `x-at-least` rather than `x-above`.
    inclusive: bool,
}

impl<Q: Copy + Default + Display + PartialOrd> Lower<'_, Q> {
    fn is_zero(&self) -> bool {
        self.bound == Q::default()
    }

    /// The bound in words, after the name of the quantity: ` above zero`.
    fn in_words(self) -> String {
        match (self.inclusive, self.is_zero()) {
            (false, true) => " above zero".to_owned(),
            (false, false) => format!(" above {}", self.text),
            (true, true) => " that is not negative".to_owned(),
            (true, false) => format!(" of at least {}", self.text),
        }
    }

    /// The error of a quantity that is too low; `None` if it is not.
    fn refuses(self, value: Q) -> Option<String> {
        let allowed = if self.inclusive { value >= self.bound } else { value > self.bound };
        (!allowed).then(|| match (self.inclusive, self.is_zero()) {
            (false, true) => format!("{value} is not above zero"),
            (false, false) => format!("{value} is not above {}", self.text),
            (true, true) => format!("{value} is negative"),
            (true, false) => format!("{value} is below {}", self.text),
        })
    }
}

impl<'s> Shape<'s> {
    /// The name of the shape in messages, with its lower bound: `a span of time above zero`; `None` if the schema
    /// states none.
    pub fn title(self) -> Option<String> {
        let bound = match self.format() {
            "span" => self.lower::<Span>().map(Lower::in_words),
            "rate" => self.lower::<Rate>().map(Lower::in_words),
            "bitrate" => self.lower::<Bitrate>().map(Lower::in_words),
            _ => None,
        };
        Some(self.json["title"].as_str()?.to_owned() + &bound.unwrap_or_default())
    }

    /// Reads a quantity and checks it against the lower bound of the shape.
    pub fn quantity<Q>(self, text: &str) -> Result<(), String>
    where
        Q: Copy + Default + Display + PartialOrd + FromStr<Err = String>,
    {
        let value = text.parse::<Q>()?;
        self.lower::<Q>().and_then(|lower| lower.refuses(value)).map_or(Ok(()), Err)
    }

    fn lower<Q: FromStr>(self) -> Option<Lower<'s, Q>> {
        ["x-above", "x-at-least"].into_iter().find_map(|keyword| {
            let text = self.json[keyword].as_str()?;
            Some(Lower { bound: text.parse().ok()?, text, inclusive: keyword == "x-at-least" })
        })
    }
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::Deserialize;

    use super::*;
    use crate::document::schema::Schema;
    use crate::document::{read, reference};

    #[derive(Debug, Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Tap {
        /// How often it drops.
        #[schemars(extend("x-above" = "0/s"))]
        drops: Rate,
        #[schemars(extend("x-at-least" = "1/min"))]
        cups: Option<Rate>,
        #[schemars(extend("x-at-least" = "0 s"))]
        warm: Span,
        #[schemars(extend("x-above" = "5 s"))]
        cold: Span,
        #[schemars(extend("x-above" = "0 bps"))]
        wire: Bitrate,
        free: Rate,
    }

    /// Name of a key's value in messages.
    fn title(key: &str) -> String {
        Schema::of::<Tap>("tap").root().key(key).and_then(Shape::title).unwrap()
    }

    fn reads<Q>(key: &str, text: &str) -> Result<(), String>
    where
        Q: Copy + Default + Display + PartialOrd + FromStr<Err = String>,
    {
        Schema::of::<Tap>("tap").root().key(key).unwrap().quantity::<Q>(text)
    }

    #[test]
    fn the_title_of_a_quantity_states_its_bound() {
        let titles = ["drops", "cups", "warm", "cold", "wire", "free"].map(title);
        let wanted = [
            "a rate above zero",
            "a rate of at least 1/min",
            "a span of time that is not negative",
            "a span of time above 5 s",
            "a bit rate above zero",
            "a rate",
        ];
        assert_eq!(titles, wanted);
    }

    #[test]
    fn a_quantity_below_its_bound_is_refused_with_the_bound() {
        let refused = |why: &str| Err(why.to_owned());
        assert_eq!(reads::<Rate>("drops", "0/h"), refused("0/s is not above zero"));
        assert_eq!(reads::<Rate>("drops", "1/h"), Ok(()));
        assert_eq!(reads::<Rate>("cups", "1/min"), Ok(()));
        assert_eq!(reads::<Rate>("cups", "0/s"), refused("0/s is below 1/min"));
        assert_eq!(reads::<Span>("warm", "-1 s"), refused("-1 s is negative"));
        assert_eq!(reads::<Span>("cold", "5 s"), refused("5 s is not above 5 s"));
        assert_eq!(reads::<Bitrate>("wire", "0 bps"), refused("0 bps is not above zero"));
        assert_eq!(reads::<Rate>("free", "0/s"), Ok(()));
        assert!(reads::<Rate>("free", "0").unwrap_err().contains("has no unit"));
    }

    #[test]
    fn a_rate_at_its_bound_is_an_error_of_the_document_and_the_bound_stands_in_the_reference() {
        let text = "cups = '0/h'\ndrops = '0/s'\nwarm = '0 s'\ncold = '6 s'\nwire = '1 bps'\nfree = '0/s'";
        let error = read::<Tap>(text).unwrap_err();
        assert_eq!(error.matches("error: ").count(), 2, "{error}");
        for part in [
            "expected a rate above zero",
            "a.toml:2:9",
            "0/s is not above zero",
            "for example \"900/s\"",
            "expected a rate of at least 1/min",
            "a.toml:1:8",
        ] {
            assert!(error.contains(part), "{part}\n{error}");
        }
        let page = reference::tables(&Schema::of::<Tap>("tap"), |_| false);
        let row = "| `drops` | a rate above zero: `\"900/s\"` | needed |  | How often it drops. |";
        assert!(page.contains(row), "{page}");
    }
}
