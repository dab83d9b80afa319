//! Reading for tests.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::check::check;
use super::diagnostics::Diagnostics;
use super::schema::Schema;
use super::source::{Origin, Source};

/// Reads a text as a document of the type's own schema; the errors are one text, as users see them.
pub(crate) fn read<T: JsonSchema + DeserializeOwned>(text: &str) -> Result<T, String> {
    let schema = Schema::of::<T>("document");
    let told = |errors| Diagnostics::new(errors).to_string();
    let mut tree = schema.parse(&Source::new("a.toml", text, Origin::File(0))).map_err(told)?;
    let mut found = check(&mut tree, &schema);
    match schema.deserialize(&tree) {
        Ok(value) if found.is_empty() => Ok(value),
        Ok(_) => Err(told(found)),
        Err(error) => {
            found.push(error);
            Err(told(found))
        }
    }
}
