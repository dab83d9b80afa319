//! Values that users may write in more than one TOML type, such as a share: `0.3` or `"30%"`.
//!
//! The errors of serde's `untagged` say only that no variant fits. Here one visitor reads a value by the TOML type that the
//! user wrote, and an implementation of [`Written`] says which TOML types are allowed.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{self, MapAccess, SeqAccess, Unexpected, Visitor};

/// A value that users may write in more than one TOML type. A method that is not overridden makes its TOML type an error.
pub trait Written<'de>: Sized {
    /// The allowed forms, for errors: `a number or "full"`.
    const EXPECTED: &'static str;

    /// Reads a string.
    ///
    /// # Errors
    /// The string is not a value of the type, or strings are not allowed.
    fn from_text<E: de::Error>(text: &str) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Str(text), &Self::EXPECTED))
    }

    /// Reads a float, and a whole number unless [`Written::from_count`] is overridden.
    ///
    /// # Errors
    /// The number is not a value of the type, or numbers are not allowed.
    fn from_number<E: de::Error>(number: f64) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Float(number), &Self::EXPECTED))
    }

    /// Reads a whole number that is not negative.
    ///
    /// # Errors
    /// The number is not a value of the type, or numbers are not allowed.
    fn from_count<E: de::Error>(count: u64) -> Result<Self, E> {
        Self::from_number(count as f64)
    }

    /// Reads a truth value.
    ///
    /// # Errors
    /// Truth values are not allowed.
    fn from_flag<E: de::Error>(flag: bool) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Bool(flag), &Self::EXPECTED))
    }

    /// Reads a table.
    ///
    /// # Errors
    /// The table is not a value of the type, or tables are not allowed.
    fn from_table<A: MapAccess<'de>>(_: A) -> Result<Self, A::Error> {
        Err(de::Error::invalid_type(Unexpected::Map, &Self::EXPECTED))
    }

    /// Reads a list.
    ///
    /// # Errors
    /// The list is not a value of the type, or lists are not allowed.
    fn from_list<A: SeqAccess<'de>>(_: A) -> Result<Self, A::Error> {
        Err(de::Error::invalid_type(Unexpected::Seq, &Self::EXPECTED))
    }

    /// Reads a value by its TOML type; this is the body of the type's `Deserialize`.
    ///
    /// # Errors
    /// The TOML type is not allowed, or the value is wrong.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ByType(PhantomData))
    }
}

/// The visitor that calls the method of a value's TOML type.
struct ByType<T>(PhantomData<T>);

impl<'de, T: Written<'de>> Visitor<'de> for ByType<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        T::from_text(text)
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        T::from_number(number)
    }
    fn visit_u64<E: de::Error>(self, count: u64) -> Result<T, E> {
        T::from_count(count)
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        u64::try_from(number).map_or_else(|_| T::from_number(number as f64), T::from_count)
    }
    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<T, E> {
        T::from_flag(flag)
    }
    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<T, A::Error> {
        T::from_table(table)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::from_list(list)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Level(f64);

    impl<'de> Written<'de> for Level {
        const EXPECTED: &'static str = "a number or \"full\"";
        fn from_number<E: de::Error>(number: f64) -> Result<Level, E> {
            Ok(Level(number))
        }
        fn from_text<E: de::Error>(text: &str) -> Result<Level, E> {
            if text == "full" { Ok(Level(1.0)) } else { Err(E::custom("no such level")) }
        }
    }

    impl<'de> Deserialize<'de> for Level {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Level, D::Error> {
            Level::read(deserializer)
        }
    }

    #[test]
    fn a_value_is_read_by_its_toml_type() {
        let read = |json: &str| serde_json::from_str::<Level>(json).map_err(|error| error.to_string());
        assert_eq!(
            [read("0.5"), read("\"full\""), read("-2"), read("3")],
            [Ok(Level(0.5)), Ok(Level(1.0)), Ok(Level(-2.0)), Ok(Level(3.0))]
        );
        assert!(read("\"half\"").unwrap_err().contains("no such level"));
        assert!(read("[1]").unwrap_err().contains("invalid type: sequence, expected a number or \"full\""));
        assert!(read("true").unwrap_err().contains("expected a number or \"full\""));
    }
}
