//! The check on documents of a schema of its own.

use schemars::JsonSchema;

use super::*;
use crate::document::source::{Origin, Source};
use crate::units::{Probability, Span};

/// A shop.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the schema is of interest")]
struct Shop {
    /// How long it is open.
    #[schemars(extend("x-renamed-from" = ["hours", "opening"]))]
    open: Span,
    /// How many shelves.
    #[schemars(range(min = 2, max = 9))]
    shelves: Option<u64>,
    /// How guests queue here.
    #[serde(default)]
    line: Line,
    /// Rooms by name.
    #[serde(default)]
    room: IndexMap<String, Room>,
    /// Where it stands.
    position: Option<(f64, f64)>,
    /// Whatever else.
    #[serde(default)]
    more: IndexMap<String, serde_json::Value>,
}

/// How guests queue.
#[derive(Default, JsonSchema, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the schema is of interest")]
enum Line {
    #[default]
    Fifo,
    Lifo,
    Paced(Pace),
    Ticket(Pace),
}

#[derive(JsonSchema, serde::Serialize)]
#[serde(deny_unknown_fields)]
struct Pace {
    /// Pause between two guests.
    every: Span,
}

#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the schema is of interest")]
struct Room {
    share: Probability,
    full: Option<Probability>,
}

/// The checked tree of a text and its messages.
fn checked(text: &str) -> (Node, Vec<Diagnostic>) {
    let schema = Schema::of::<Shop>("shop");
    let mut tree = schema.parse(&Source::new("shop.toml", text, Origin::File(0))).unwrap();
    let found = check(&mut tree, &schema);
    (tree, found)
}

/// The title, the text under the caret and the help of each message.
fn messages(text: &str) -> Vec<String> {
    let (_, found) = checked(text);
    let shown = |error: &Diagnostic| {
        let place = error.place.as_ref().unwrap();
        let marked = place.source.text.get(place.span.clone()).unwrap();
        format!("{} | {marked} | {}", error.title, error.help.as_deref().unwrap_or_default())
    };
    found.iter().map(shown).collect()
}

#[test]
fn a_right_document_has_no_messages_and_stays_as_it_is() {
    let text = "open = '9 h'\nline = { paced = { every = '5 s' } }\nposition = [1, 2.5]\n[room.hall]\nshare = '30%'\n[more]\nx = [1, 'a']";
    let (tree, found) = checked(text);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(tree.to_toml(), toml::from_str::<toml::Value>(text).unwrap());
    assert!(!tree.doubtful());
}

#[test]
fn every_wrong_value_has_a_message_of_its_own_in_one_pass() {
    let text = "open = 9\nshelves = 1\nposition = [1]\n[room.hall]\nshare = 3\nfull = true\n[more]\nx = inf";
    assert_eq!(
        messages(text),
        [
            "expected a span of time | 9 | a quantity carries its unit, for example \"120 ms\"",
            "the number is out of its range | 1 | from 2 to 9",
            "expected 2 values | [1] | ",
            "expected a share from 0 to 1 | 3 | for example \"30%\" or 0.3",
            "expected a share from 0 to 1 | true | for example \"30%\" or 0.3",
            "expected a finite number | inf | ",
        ]
    );
}

#[test]
fn placeholders_stand_in_for_wrong_and_missing_values() {
    let (tree, found) = checked("shelves = 1\nline = { ticket = 3 }");
    assert_eq!(found.len(), 3);
    let wanted = "shelves = 2\nopen = '120 ms'\nline = { ticket = { every = '120 ms' } }";
    assert_eq!(tree.to_toml(), toml::from_str::<toml::Value>(wanted).unwrap());
    assert!(["open", "shelves", "line"].iter().all(|key| tree.child(key).unwrap().doubtful()));
    let (_, again) = checked(&toml::to_string(&tree.to_toml()).unwrap());
    assert!(again.is_empty(), "{again:?}");
}

#[test]
fn unknown_keys_are_met_with_the_nearest_and_a_mistyped_key_is_not_missing_too() {
    assert_eq!(messages("opne = '9 h'"), ["unknown key `opne` | opne | did you mean `open`?"]);
    let help = "known: open, shelves, line, room, position, more";
    assert_eq!(messages("open = '9 h'\nparking = 3"), [format!("unknown key `parking` | parking | {help}")]);
    assert_eq!(
        messages("[room.a]\nshare = 1"),
        ["`open` is missing | [room.a] | How long it is open. For example open = \"120 ms\""]
    );
}

#[test]
fn a_former_name_is_met_with_the_new_one() {
    for former in ["hours", "opening"] {
        let wanted = format!("`{former}` is called `open` now | {former} | write `open`");
        assert_eq!(messages(&format!("{former} = '9 h'")), [wanted]);
    }
}

#[test]
fn a_choice_is_a_text_or_a_table_with_one_of_its_keys() {
    let line = |text: &str| messages(&format!("open = '9 h'\nline = {text}"));
    for right in ["'lifo'", "{ paced = { every = '1 s' } }"] {
        assert_eq!(line(right), [] as [&str; 0]);
    }
    let texts = "expected one of \"fifo\", \"lifo\"";
    assert_eq!(line("'filo'"), [format!("{texts} | 'filo' | did you mean `fifo`?")]);
    assert_eq!(line("'paced'"), [format!("{texts} | 'paced' | write {{ paced = {{ every = \"120 ms\" }} }}")]);
    assert_eq!(line("3"), [format!("{texts}, or a table | 3 | How guests queue here. For example \"fifo\"")]);
    let one = "write exactly one of paced, ticket";
    assert_eq!(line("{}"), [format!("a choice is missing | {{}} | {one}")]);
    let two = "{ paced = { every = '1 s' }, ticket = { every = '1 s' } }";
    assert_eq!(line(two), [format!("`ticket` cannot stand beside `paced` | ticket | {one}")]);
    assert_eq!(line("{ lifo = {} }"), ["`lifo` has no parameters | { lifo = {} } | write \"lifo\""]);
    assert_eq!(line("{ paced = { evry = '1 s' } }"), ["unknown key `evry` | evry | did you mean `every`?"]);
}

#[test]
fn a_file_of_noise_is_refused_with_a_bounded_number_of_messages() {
    let noise: String = (0..20_000).map(|n| format!("k{n} = 1\n")).collect();
    assert!(checked(&noise).1.len() > 10_000);
    let nested = format!("open = '9 h'\n[room]\n{}", (0..20_000).map(|n| format!("r{n} = 1\n")).collect::<String>());
    assert_eq!(checked(&nested).1.len(), Diagnostics::MOST);
}

#[test]
fn keys_without_the_name_of_their_table_are_one_error() {
    let text = "open = '9 h'\n[room]\nshare = '30%'\nfull = 0.5\n[room.hall]\nshare = 0.1";
    assert_eq!(messages(text), ["`room` holds each room by its name | share | write `[room.NAME]`"]);
    let (tree, _) = checked(text);
    assert!(tree.has_lost_names("shelf or room") && tree.child("room").unwrap().child("hall").is_some());
    assert_eq!(messages("open = '9 h'\n[[room]]\nshare = 0.1"), ["expected a table | [[room]] | write `[room.NAME]`"]);
    let header = "open = '9 h'\n[[room.hall]]\nshare = 0.1";
    assert_eq!(messages(header), ["expected a table | [[room.hall]] | write `[room.hall]`"]);
    // What is no key of a room is the name of one.
    assert_eq!(messages("open = '9 h'\n[room]\nhall = 3")[0].split(" | ").next(), Some("expected a table"));
}
