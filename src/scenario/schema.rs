//! The schema of the scenario file, derived once from the types that read it.

use std::sync::LazyLock;

use super::spec::Spec;
use crate::document::schema::Schema;

/// The schema of the whole file.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        let schema = Schema::of::<Spec>("scenario");
        // A step of a journey is addressed by its name, or without one by its tier.
        schema.if_empty("`dropstorm new` writes a scenario to start from").elements_called_by(&["name", "request"])
    });
    &SCHEMA
}

/// The JSON Schema (2020-12) of the scenario file, for editors.
///
/// A file that `extends` another may leave out required keys that the other file states.
pub fn json_schema() -> serde_json::Value {
    schema().published_extending()
}

/// The JSON Schema (2020-12) of an overlay, for editors: of a file that states only what it changes.
pub fn overlay_schema() -> serde_json::Value {
    schema().published_overlay(&["start", "extends"])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_that_extends_another_needs_less() {
        let schema = json_schema();
        let strict = &schema["else"]["properties"];
        assert_eq!(strict["pool"]["additionalProperties"]["required"], json!(["servers", "service"]));
        assert!(schema["$defs"]["Pool"].get("required").is_none());
        assert_eq!(schema["$defs"]["ShiftedLaw"]["oneOf"][1], json!({ "required": ["exponential"] }));
    }
}
