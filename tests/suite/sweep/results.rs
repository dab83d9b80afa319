//! The tables of a sweep, against the runs that they summarize.

use super::{PLAN, desk, table};

#[test]
fn a_point_is_the_mean_of_its_units_and_its_difference_is_taken_crowd_by_crowd() {
    let desk = desk(&[("plan.toml", PLAN)]);
    let told = desk.run("sweep plan.toml");
    told.must(0, "");
    assert!(told.out.contains("12 points × 4 replications = 48 units of small"), "{}", told.out);
    let (points, paired, units) =
        (table(&desk, "out/plan/points.csv"), table(&desk, "out/plan/paired.csv"), table(&desk, "out/plan/units.csv"));
    assert_eq!((points.len(), paired.len(), units.len()), (12, 12, 48));
    let number = |text: &str| text.parse::<f64>().unwrap();
    let of_units = |point: &str, metric: &str| -> Vec<f64> {
        units.iter().filter(|unit| unit["point"] == point).map(|unit| number(&unit[metric])).collect()
    };
    let baseline = desk.json("out/plan/manifest.json")["baseline"]["point"].to_string();
    for (point, differences) in points.iter().zip(&paired) {
        let own = of_units(&point["point"], "attempts.total");
        let base = of_units(&baseline, "attempts.total");
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        assert!((number(&point["attempts.total.mean"]) - mean).abs() < 1e-9);
        assert!(number(&point["attempts.total.low"]) <= mean && mean <= number(&point["attempts.total.high"]));
        // `.n` is 4 at every point, as `replications` is, so it has no column; a figure without a value has none at all.
        assert_eq!((point["replications"].as_str(), point.get("attempts.total.n")), ("4", None));
        assert!(point.keys().all(|column| !column.starts_with("link_utilization")), "{:?}", point.keys());
        let difference = own.iter().zip(&base).map(|(own, base)| own - base).sum::<f64>() / own.len() as f64;
        assert!((number(&differences["attempts.total.difference"]) - difference).abs() < 1e-9);
        if point["point"] == baseline {
            assert_eq!(differences["attempts.total.difference_high"], "0.0");
        }
    }
    // All points faced the same crowds.
    let arrived: Vec<Vec<f64>> = (0..12).map(|point| of_units(&point.to_string(), "viewers.arrived")).collect();
    assert!(arrived.iter().all(|crowd| *crowd == arrived[0]));
    // The column of a path with a unit states the unit and holds numbers; categories are texts.
    let first = &points[0];
    assert_eq!(
        (first["pool.api.queue_timeout [s]"].as_str(), first["client.tv.retry.jitter"].as_str()),
        ("1.0", "none")
    );
}

#[test]
fn the_baseline_is_the_scenarios_own_point_or_the_one_that_the_plan_names() {
    let own = PLAN.replace("from = \"1 s\", to = \"3 s\", steps = 2", "from = \"1 s\", to = \"3 s\", steps = 3");
    let named = format!("{PLAN}[baseline]\n\"pool.api.servers\" = 4\nclient.tv.retry.jitter = \"none\"\n");
    let desk = desk(&[("own.toml", &own), ("first.toml", PLAN), ("named.toml", &named)]);
    for (name, is, values) in [
        ("own", "the scenario's own values", ["2", "full", "2 s"]),
        ("first", "the first point", ["1", "none", "1 s"]),
        ("named", "as the plan states", ["4", "none", "1 s"]),
    ] {
        desk.run(&format!("sweep {name}.toml --quiet")).must(0, "");
        let baseline = &desk.json(&format!("out/{name}/manifest.json"))["baseline"];
        assert_eq!(baseline["is"], is);
        let stated: Vec<&str> = baseline["values"].as_object().unwrap().values().filter_map(|v| v.as_str()).collect();
        assert_eq!(stated, values, "{name}");
    }
}

#[test]
fn a_dry_run_says_what_it_would_take_and_leaves_nothing() {
    let desk = desk(&[("plan.toml", PLAN)]);
    let told = desk.run("sweep plan.toml --dry-run");
    assert!(told.must(0, "").out.contains("on disk"), "{}", told.out);
    let tree: serde_json::Value = serde_json::from_str(&desk.run("sweep plan.toml --dry-run --json").out).unwrap();
    assert_eq!((tree["points"].as_u64(), tree["units"].as_u64()), (Some(12), Some(48)));
    assert_eq!(desk.names("."), ["plan.toml", "small.toml"]);
    let tree: serde_json::Value = serde_json::from_str(&desk.run("sweep plan.toml --json").out).unwrap();
    assert_eq!((tree["ran"].as_u64(), &tree["digest"]), (Some(48), &desk.json("out/plan/manifest.json")["digest"]));
    let quiet = desk.run("sweep plan.toml --quiet");
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (Some(0), "", ""));
}

#[test]
fn points_that_the_scale_makes_one_are_told_and_a_scale_that_is_too_small_must_be_forced() {
    let plan = "scenario = \"small.toml\"\nscale = 0.5\n[vary]\n\"pool.api.servers\" = [3, 4, 8]\n";
    let forced = plan.replace("[vary]", "force_scale = true\n[vary]");
    let desk = desk(&[("plan.toml", plan), ("forced.toml", &forced)]);
    desk.run("sweep plan.toml --dry-run").must(2, "the slots of pool `api` are +33% off");
    let told = desk.run("sweep forced.toml --dry-run");
    let wanted = "the scale makes 1 of the points the same simulation as an earlier one: 3 and 4";
    assert!(told.must(0, "").out.contains(wanted), "{}", told.out);
    assert_eq!(told.out, desk.run("sweep plan.toml --dry-run --force-scale").out.replace("plan:", "forced:"));
}
