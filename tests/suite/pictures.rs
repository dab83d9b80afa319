//! Pictures that need more than one run, or that show what others leave out.

use crate::desk::{Desk, SMALL};

/// Sessions are compared with those of the same people without the drop, and the title says by how much they differ.
#[test]
fn an_ordinary_day_is_drawn_beside_the_run() {
    let everyday = "[audience.everyday]\nrate = \"4/s\"\njourney = \"watch\"\n[multiplier.lockdown]\nfactor = 1.3\n";
    let desk = Desk::with(&[("a.toml", &format!("{SMALL}{everyday}")), ("b.toml", SMALL)]);
    let told = desk.run("run a.toml b.toml --ordinary-day");
    told.must(0, "b: everybody comes for the drop");
    assert!(told.out.contains("usage.png") && !desk.names("out/b").contains(&"usage.png".to_owned()), "{}", told.out);
    let arrivals = |file: &str| -> f64 {
        let table = String::from_utf8(desk.bytes(&format!("out/a/{file}"))).unwrap();
        let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
        let at = |name: &str| rows[0].iter().position(|column| *column == name).unwrap();
        let all = rows[1..].iter().filter(|row| row[at("scope")] == "all");
        all.map(|row| row[at("arrivals")].parse::<f64>().unwrap()).sum()
    };
    let (run, ordinary) = (arrivals("intervals.csv"), arrivals("ordinary-day.csv"));
    let summary = desk.json("out/a/summary.json");
    let claim = &summary["titles"]["usage"]["claims"][0];
    assert!((claim["value"].as_f64().unwrap() - run / ordinary).abs() < 1e-5, "{claim}");
    assert_eq!(claim["text"], format!("{:.0}% more", (run / ordinary - 1.0) * 100.0));
    assert!((ordinary - 1200.0).abs() < 150.0 && (run - 1.3 * ordinary - 500.0).abs() < 150.0, "{run} {ordinary}");
    let without = desk.run("run a.toml --quiet");
    assert!(without.must(0, "").out.is_empty() && !desk.names("out/a").contains(&"ordinary-day.csv".to_owned()));
}

/// The pool of a day has no server for ten minutes in the evening.
const OUTAGE: &str = r#"title = "Ten minutes of a day"
start = 2026-03-01T00:00:00Z
drop = 2026-03-01T20:00:00Z
end = 2026-03-02T00:00:00Z
interval = "1 min"
[audience.crowd]
rate = "2/s"
journey = "visit"
[journey.visit]
steps = [{ request = "api" }]
[pool.api]
servers = 2
service = "50 ms"
queue = { shared = { limit = 10 } }
[[change]]
at = "+0 s"
set = { "pool.api.servers" = 0 }
[[change]]
at = "+10 min"
set = { "pool.api.servers" = 2 }
"#;

/// Pictures show what happens and some time around it, with the whole as a strip; the page has the whole and opens with the part.
#[test]
fn a_short_event_of_a_long_run_is_drawn_large() {
    let desk = Desk::with(&[("long.toml", OUTAGE), ("short.toml", SMALL)]);
    desk.run("run long.toml short.toml --svg --quiet").must(0, "");
    let page = |name: &str| String::from_utf8(desk.bytes(&format!("out/{name}/report.html"))).unwrap();
    let part = |page: &str| -> serde_json::Value {
        let data = page.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
        serde_json::from_str::<serde_json::Value>(data).unwrap()["part"].clone()
    };
    assert_eq!(part(&page("short")), serde_json::Value::Null);
    let (from, until) = (part(&page("long"))[0].as_f64().unwrap(), part(&page("long"))[1].as_f64().unwrap());
    assert!((-1800.0..=-300.0).contains(&from) && (900.0..=2400.0).contains(&until), "{from} {until}");
    // The page has the whole run.
    assert!(page("long").contains("\"x\":[-72000.0,14400.0]"));
    let svg = |name: &str| desk.bytes(&format!("out/{name}/error-rate.svg"));
    assert!(!svg("long").is_empty() && svg("long") != svg("short"));
}

/// The letters of pictures are in the program: it asks neither the system nor the user for fonts.
#[test]
fn pictures_are_the_same_on_a_machine_without_fonts() {
    let desk = Desk::with(&[("a.toml", OUTAGE)]);
    desk.run("run a.toml --svg --quiet").must(0, "");
    let bare =
        desk.command("run a.toml --svg --quiet --out bare").env_clear().env("HOME", "/nowhere").output().unwrap();
    assert!(bare.status.success(), "{}", String::from_utf8_lossy(&bare.stderr));
    let names = desk.names("out/a");
    assert!(names.iter().filter(|name| name.ends_with(".png")).count() > 4, "{names:?}");
    for name in names {
        assert!(desk.bytes(&format!("out/a/{name}")) == desk.bytes(&format!("bare/a/{name}")), "{name}");
    }
    let lock = include_str!("../../Cargo.lock");
    for finder in ["font-kit", "fontdb", "fontconfig", "freetype", "dwrote", "core-text"] {
        assert!(!lock.contains(&format!("name = \"{finder}")), "{finder} looks for fonts of the system");
    }
}

/// Two regions of which the second has more people harmed than the first.
const REGIONS: &str = r#"title = "Two regions"
start = 2026-03-01T19:58:00Z
drop = 2026-03-01T20:00:00Z
end = 2026-03-01T20:08:00Z
[region.north]
map = "NO"
[region.south]
map = "IT"
[audience.north]
viewers = 500
region = "north"
arrival = { exponential = { mean = "2 min" } }
journey = "visit"
[audience.south]
viewers = 2000
region = "south"
arrival = { exponential = { mean = "30 s" } }
journey = "visit"
[journey.visit]
steps = [{ request = "api" }]
[pool.api]
servers = 2
service = "1 s"
queue = { shared = { limit = 10 } }
"#;

/// What a title says of a window is marked in the picture, and bars of regions stand on the scale of their colours, with digits
/// that tell unequal bars apart.
#[test]
fn titles_are_borne_out_by_what_is_drawn() {
    let desk = Desk::with(&[("a.toml", REGIONS)]);
    desk.run("run a.toml --quiet").must(0, "");
    let summary = desk.json("out/a/summary.json");
    let page = String::from_utf8(desk.bytes("out/a/report.html")).unwrap();
    let claim = |index: usize| summary["titles"]["overview"]["claims"][index]["text"].as_str().unwrap();
    assert!(page.contains(&format!(">{} in {} from 20:00", claim(3), claim(4))), "{} {}", claim(3), claim(4));
    let regions = page.split_once("id=\"chart-regions\"").unwrap().1.split_once("</figure>").unwrap().0;
    for region in ["north", "south"] {
        let people = |figure: &str| summary["regions"][region][figure]["mean"].as_f64().unwrap();
        let share = 100.0 * people("saw_error") / people("present");
        assert!(regions.contains(&format!(">{share:.1}% · ")), "{share}");
    }
    assert!(["0%", "50%", "100%"].iter().all(|label| regions.contains(&format!(">{label}<"))));
}
