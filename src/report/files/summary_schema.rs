//! The JSON Schema of `summary.json`.

use serde_json::{Map, Value, json};

use crate::analysis::State;
use crate::vocabulary::{Figure, RowKind};

/// Version of the format. It grows when a key of the file changes its meaning or goes.
pub const FORMAT: u64 = 1;

/// The JSON Schema of `summary.json`, in which each figure states its meaning and unit.
pub fn json_schema() -> Value {
    let mut properties = head();
    properties.insert("thresholds".to_owned(), json!({ "type": "array", "items": { "$ref": "#/$defs/threshold" } }));
    for (folder, kind) in [("pools", RowKind::Pool), ("regions", RowKind::Region), ("requests", RowKind::Request)] {
        let mut own = of_scope(kind);
        figures(kind, &mut own);
        let each = object(own);
        properties.insert(folder.to_owned(), json!({ "type": "object", "additionalProperties": each }));
    }
    properties.insert("trouble".to_owned(), object(trouble()));
    figures(RowKind::All, &mut properties);
    properties.insert(
        "events".to_owned(),
        json!({ "type": "integer", "minimum": 0, "description": Figure::Events.meaning() }),
    );
    for said in ["verdict", "findings", "key_figures"] {
        properties.insert(said.to_owned(), json!({ "type": "array", "items": { "$ref": "#/$defs/sentence" } }));
    }
    properties.insert(
        "titles".to_owned(),
        json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/sentence" } }),
    );
    properties.insert(
        "differences".to_owned(),
        json!({
            "type": "object",
            "description": "Paired differences from the first scenario of the command, named as the figures are.",
        }),
    );
    let mut schema = object(properties);
    schema["required"] = required(
        &schema,
        &["description", "partial", "partial_until_s", "verdict", "findings", "key_figures", "titles", "differences"],
    );
    schema["$defs"] = definitions();
    let mut root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dropstorm summary",
        "description": "The figures of a run, its regions, pools and requests. Times are in seconds from the drop.",
    });
    if let (Value::Object(root), Value::Object(schema)) = (&mut root, schema) {
        root.extend(schema);
    }
    root
}

/// Schema of the head of the summary.
fn head() -> Map<String, Value> {
    let number = |text: &str| json!({ "type": "number", "description": text });
    let text = |text: &str| json!({ "type": "string", "description": text });
    let count = |text: &str| json!({ "type": "integer", "minimum": 0, "description": text });
    let mut measure = Map::new();
    measure.insert("from_s".to_owned(), number("Start of the measured window."));
    measure.insert("until_s".to_owned(), number("End of the measured window."));
    let entries = [
        ("format", json!({ "const": FORMAT, "description": "Version of this format." })),
        ("name", text("Name of the scenario, the stem of its file.")),
        ("title", text("Title of the scenario.")),
        ("description", text("What the scenario shows.")),
        ("version", text("Version of dropstorm.")),
        ("seed", count("Seed of the run.")),
        ("scale", number("Share of the full size that was simulated; all figures are at full size.")),
        ("replications", count("Number of replications.")),
        (
            "partial",
            json!({ "const": true, "description": "Stated where a limit of the command ended the run early." }),
        ),
        ("partial_until_s", number("End of what was simulated of a partial run.")),
        ("interval_s", number("Width of an interval.")),
        ("start_s", number("Start of the run.")),
        ("end_s", number("End of the run.")),
        ("drop", text("Moment of the drop, as RFC 3339 states it.")),
        ("measure", object(measure)),
        ("window_s", number("Width of the window over which rates are told.")),
        ("bound", number("Error rate above which the run is in trouble.")),
        ("wait_bound_s", number("Wait that counts as harm.")),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Schema of a scope's fields beside its figures.
fn of_scope(kind: RowKind) -> Map<String, Value> {
    let flag = |text: &str| json!({ "type": "boolean", "description": text });
    let limited = |text: &str| json!({ "type": ["number", "null"], "description": text });
    let entries = match kind {
        RowKind::Pool => vec![
            ("slots", limited("Slots at full size when the run starts; null if unlimited.")),
            ("queue_limit", limited("Queue length at full size at which arrivals are rejected; null without a limit.")),
            ("unlimited", flag("Whether slots are unlimited.")),
            (
                "capacity_at_full",
                limited(
                    "Attempts per second that the slots can serve at full size while no server has crashed; null if unlimited.",
                ),
            ),
            ("capacity_at_scale", limited("The same as simulated, in attempts per second at full size.")),
            ("cause", json!({ "$ref": "#/$defs/cause" })),
        ],
        RowKind::Request => vec![
            ("call", flag("Whether the request is a call between pools; then everything does not count it.")),
            ("heartbeat", flag("Whether only streams make the request; then everything does not count it.")),
            ("optional", flag("Whether viewers go on after the request fails.")),
            ("trouble", object(trouble())),
        ],
        _ => vec![("trouble", object(trouble()))],
    };
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn trouble() -> Map<String, Value> {
    Map::from_iter([("state".to_owned(), json!({ "$ref": "#/$defs/state" }))])
}

/// Adds the figures of a kind of scope, each at its dotted name.
fn figures(kind: RowKind, properties: &mut Map<String, Value>) {
    for figure in Figure::summary().iter().filter(|figure| figure.is_known_of(kind)) {
        let name = if kind == RowKind::All { figure.name() } else { figure.name_within() };
        let unit = figure.unit().name();
        let described =
            json!({ "$ref": "#/$defs/figure", "description": format!("{} Unit: {unit}.", figure.meaning()) });
        let mut inside = &mut *properties;
        let mut parts: Vec<&str> = name.split('.').collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            let folder = inside.entry(part).or_insert_with(|| object(Map::new()));
            let Some(Value::Object(deeper)) = folder.get_mut("properties") else { return };
            inside = deeper;
        }
        inside.insert(last.to_owned(), described);
    }
}

/// An object with these properties and no others, all of which it has.
fn object(properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// The names of the properties of an object, but for some.
fn required(object: &Value, but: &[&str]) -> Value {
    let names = object["properties"].as_object().into_iter().flatten().map(|(name, _)| name);
    names.filter(|name| !but.contains(&name.as_str())).cloned().collect()
}

fn definitions() -> Value {
    let number = json!({ "type": ["number", "null"] });
    let count = json!({ "type": "integer", "minimum": 0 });
    let states: Vec<&str> = State::ALL.iter().map(|state| state.name()).collect();
    let counts = json!({ "type": "object", "additionalProperties": { "type": "integer", "minimum": 0 } });
    json!({
        "figure": {
            "type": "object",
            "description": "Mean over the `n` replications that have a value, and ends of its 95% interval; these are null \
                with one replication. Where `n` is below the number of replications because some have no such moment, the \
                mean is null, and `median`, `least` and `most` are of those that have one.",
            "properties": {
                "mean": number, "low": number, "high": number, "n": { "type": "integer", "minimum": 0 },
                "median": number, "least": number, "most": number,
            },
            "required": ["mean", "low", "high", "n"],
            "additionalProperties": false,
        },
        "state": {
            "description": "What became of the scope; with several replications the number with each state.",
            "anyOf": [{ "enum": states }, counts, { "type": "null" }],
        },
        "cause": {
            "description": "Why the pool loses attempts in trouble or makes them wait; with several replications the \
                number with each cause.",
            "anyOf": [
                { "enum": ["no_server", "full", "limited", "sheds", "rejects", "errors", "slow", "waits", "slower", "holds", "passes"] }, counts, { "type": "null" },
            ],
        },
        "threshold": {
            "type": "object",
            "description": "A threshold, its worst window over all replications, and whether it held.",
            "properties": {
                "text": { "type": "string" }, "metric": { "type": "string" }, "of": { "type": "object" },
                "after_s": number, "before_s": number, "window_s": number,
                "op": { "enum": ["<=", ">="] }, "bound": { "type": "number" },
                "worst": number, "worst_at_s": number, "worst_window_s": number,
                "held": { "type": "boolean" }, "held_in": count, "judged_in": count, "n": count,
            },
            "required": [
                "text", "metric", "of", "after_s", "before_s", "window_s", "op", "bound", "worst", "worst_at_s",
                "worst_window_s", "held", "held_in", "judged_in", "n",
            ],
            "additionalProperties": false,
        },
        "sentence": {
            "type": "object",
            "description": "A sentence: `{i}` stands for the text of claim `i`, which has the figures that it rests on.",
            "properties": {
                "text": { "type": "string" },
                "claims": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": { "kind": { "type": "string" }, "text": { "type": "string" } },
                        "required": ["kind", "text"],
                    },
                },
            },
            "required": ["text", "claims"],
            "additionalProperties": false,
        },
    })
}
