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
