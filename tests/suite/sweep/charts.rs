//! The charts of a sweep: which ones are drawn, and their titles.

use std::collections::BTreeMap;
use std::path::Path;

use super::desk;
use crate::desk::Desk;

/// The title of each chart of a sweep, by file. Copies of the charts are kept for inspection.
fn titles(desk: &Desk, plan: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/charts-look");
    std::fs::create_dir_all(&folder).unwrap();
    let names = desk.names(&format!("out/{plan}"));
    let charts = names.into_iter().filter(|name| name.ends_with(".png"));
    charts
        .map(|name| {
            let bytes = desk.bytes(&format!("out/{plan}/{name}"));
            std::fs::write(folder.join(format!("sweep-{plan}-{name}")), &bytes).unwrap();
            let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
            assert_eq!((reader.info().width, reader.info().height), (1600, 900));
            let chunk = reader.info().utf8_text.iter().find(|chunk| chunk.keyword == "Title").unwrap();
            (name, chunk.get_text().unwrap())
        })
        .collect()
}

/// A plan with these lines.
fn plan(lines: &str) -> String {
    format!("scenario = \"small.toml\"\nreplications = 3\n{lines}")
}

#[test]
fn each_plan_has_a_picture_that_suits_it_and_says_what_happened() {
    let servers = "\"pool.api.servers\" = [1, 2, 4]\n";
    let patience = "\"pool.api.queue_timeout\" = { from = \"1 s\", to = \"4 s\", steps = 4 }\n";
    let jitter = "\"client.tv.retry.jitter\" = [\"none\", \"full\"]\n";
    let crowd = "\"audience.crowd.viewers\" = { from = 100, to = 1000 }\n";
    for (name, lines, picture, said) in [
        ("two-points", "[vary]\n\"pool.api.servers\" = [1, 4]\n".to_owned(), "curves.png", "falls from"),
        ("categories", format!("[vary]\n{jitter}"), "curves.png", "with tv retry jitter"),
        ("one-axis", format!("[vary]\n{patience}"), "curves.png", "api queue timeout"),
        ("two-axes", format!("[vary]\n{servers}{patience}"), "heatmap.png", "within 1% at 4 of 12 points"),
        ("three-axes", format!("[vary]\n{servers}{jitter}{patience}"), "small-multiples.png", "Error rate"),
        (
            "sample",
            format!(
                "[vary]\n\"pool.api.servers\" = {{ from = 1, to = 4 }}\n{crowd}{jitter}[sample]\ndesign = \"sobol\"\npoints = 64\n"
            ),
            "ranking.png",
            "Error rate at the worst depends most on",
        ),
    ] {
        let desk = desk(&[(&format!("{name}.toml"), &plan(&lines))]);
        desk.run(&format!("sweep {name}.toml --quiet")).must(0, "");
        let titles = titles(&desk, name);
        assert_eq!(titles.keys().collect::<Vec<_>>(), [picture], "{name}");
        assert!(titles[picture].contains(said), "{name}: {titles:?}");
    }
}

#[test]
fn a_plan_may_ask_for_pictures_and_for_others_without_another_run() {
    let vary = "[vary]\n\"pool.api.servers\" = [1, 2, 4]\n\"client.tv.retry.jitter\" = [\"none\", \"full\"]\n[show]\n";
    let map =
        |colour: &str| format!("{{ x = \"pool.api.servers\", y = \"client.tv.retry.jitter\", colour = \"{colour}\" }}");
    let two = format!("{vary}heatmap = [{}, {}]\n", map("latency_ms.p99"), map("recovery_s"));
    let others = format!(
        "{vary}curves = {{ x = \"pool.api.servers\", y = \"viewers.saw_error\", by = \"client.tv.retry.jitter\" }}\n\
         ranking = {{ metrics = [\"attempts.total\"] }}\n"
    );
    let desk = desk(&[("asked.toml", &plan(&two))]);
    desk.run("sweep asked.toml --quiet").must(0, "");
    assert_eq!(titles(&desk, "asked").keys().collect::<Vec<_>>(), ["heatmap-2.png", "heatmap.png"]);
    desk.write("asked.toml", &plan(&others));
    let told: serde_json::Value = serde_json::from_str(&desk.run("sweep asked.toml --json").out).unwrap();
    assert_eq!(told["ran"], 0);
    let titles = titles(&desk, "asked");
    assert_eq!(titles.keys().collect::<Vec<_>>(), ["curves.png", "ranking.png"]);
    assert!(titles["ranking.png"].starts_with("Attempts depend most on"), "{titles:?}");
}

#[test]
fn the_librarys_plans_are_right_and_say_what_they_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/sweeps");
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let plans: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    assert!(plans.len() >= 7);
    for path in plans {
        let plan = dropstorm::sweep::Plan::read(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let outline = plan.outline();
        assert!(outline.description().len() > 200 && outline.scale() <= 0.2, "{}", path.display());
    }
}
