//! Tests of schemas as values.

use super::*;

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema is of interest")]
struct Shop {
    /// Where it
    /// stands.
    #[schemars(extend("x-renamed-from" = ["place", "site"]))]
    street: Option<String>,
    shelves: Vec<Shelf>,
    prices: std::collections::BTreeMap<String, crate::units::Probability>,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema is of interest")]
struct Shelf {
    #[schemars(range(min = 1, max = 9))]
    boards: u64,
}

#[test]
fn paths_lead_through_references_lists_and_names() {
    let schema = Schema::of::<Shop>("shop");
    let boards = ["shelves", "0", "boards"].iter().try_fold(schema.root(), |shape, part| shape.child(part)).unwrap();
    assert_eq!((boards.kind(), boards.range().unwrap().as_str()), (Kind::Whole, "from 1 to 9"));
    assert!(schema.root().child("prices").unwrap().is_one_value() && !schema.root().is_one_value());
    assert!(schema.root().child("shelf").is_none());
}

#[test]
fn an_optional_key_has_one_form_and_a_meaning_on_one_line() {
    let schema = Schema::of::<Shop>("shop");
    let street = schema.root().key("street").unwrap();
    assert_eq!(street.forms().iter().map(|form| form.kind()).collect::<Vec<_>>(), [Kind::Text]);
    assert_eq!(street.description(), "Where it stands.");
    assert_eq!((schema.root().renamed("site"), schema.root().renamed("roof")), (Some("street"), None));
}
