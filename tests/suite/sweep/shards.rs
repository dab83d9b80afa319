//! Shards: merged in any order they give the results of one machine, and incomplete or damaged shards are errors.

use std::fs;

use super::{PLAN, desk, same_results};
use crate::desk::Desk;

/// A desk on which some shards of a plan have run.
fn sharded(plan: &str, shards: impl IntoIterator<Item = u64>, count: u64) -> Desk {
    let desk = desk(&[("plan.toml", plan)]);
    for index in shards {
        desk.run(&format!("sweep plan.toml --quiet --shard {index}/{count} --out parts")).must(0, "");
    }
    desk
}

#[test]
fn seven_shards_in_any_order_are_one_machines_results() {
    let desk = sharded(PLAN, [3, 0, 6, 5, 1, 4, 2], 7);
    assert_eq!(desk.names("parts/plan").len(), 7);
    desk.run("sweep merge parts --quiet").must(0, "");
    desk.run("sweep plan.toml --quiet").must(0, "");
    same_results(&desk, "out/plan", "parts/plan");
    // A second merge is allowed, and a plain run finds all units done.
    desk.run("sweep merge parts/plan --quiet").must(0, "");
    assert!(desk.run("sweep plan.toml --out parts").must(0, "").out.contains("48 of 48 are done already"));
    same_results(&desk, "out/plan", "parts/plan");
}

#[test]
fn a_finished_shard_is_skipped_and_missing_ones_are_listed() {
    let desk = sharded(PLAN, [0, 2, 4], 5);
    let again = desk.run("sweep plan.toml --shard 2/5 --out parts");
    assert!(again.must(0, "").out.contains("Shard 2/5 is done already: 10 units"), "{}", again.out);
    assert_eq!(desk.run("sweep missing parts").must(0, "").out, "1,3\n");
    desk.run("sweep merge parts").must(2, "2 of 5 shards are missing: 1,3");
    let damaged = desk.path().join("parts/plan/shard-4-of-5.units");
    let bytes = fs::read(&damaged).unwrap();
    fs::write(&damaged, &bytes[..bytes.len() - 20]).unwrap();
    assert_eq!(desk.run("sweep missing parts").must(0, "shard-4-of-5.units` is damaged").out, "1,3,4\n");
    for index in [1, 3, 4] {
        desk.run(&format!("sweep plan.toml --shard {index}/5 --out parts")).must(0, "");
    }
    assert_eq!(desk.run("sweep missing parts").must(0, "").out, "");
    assert!(fs::read(&damaged).unwrap() == bytes);
    desk.run("sweep merge parts --quiet").must(0, "");
    desk.run("sweep missing .").must(2, "there is no shard of a sweep in `.`");
}

#[test]
fn what_is_not_whole_is_refused_by_name() {
    let desk = sharded(PLAN, 0..3, 3);
    let file = |name: &str| desk.path().join("parts/plan").join(name);
    let good = fs::read(file("shard-1-of-3.units")).unwrap();
    let refused = |said: &[&str]| {
        let ended = desk.run("sweep merge parts");
        for said in said {
            ended.must(2, said);
        }
        assert!(!file("manifest.json").exists() && !file("sweep.store").exists());
    };
    // A file that is cut short, and one with a changed byte.
    fs::write(file("shard-1-of-3.units"), &good[..good.len() / 2]).unwrap();
    refused(&["shard-1-of-3.units` is damaged: it is cut short", "1 of 3 shards are missing: 1"]);
    let mut changed = good.clone();
    changed[good.len() - 400] ^= 1;
    fs::write(file("shard-1-of-3.units"), changed).unwrap();
    refused(&["shard-1-of-3.units` is damaged"]);
    // A missing shard.
    fs::remove_file(file("shard-1-of-3.units")).unwrap();
    refused(&["1 of 3 shards are missing: 1"]);
    // Another attempt does not repair a damaged file, so the exit code is not 75.
    fs::write(file("shard-1-of-3.part"), vec![b'x'; 100_000]).unwrap();
    desk.run("sweep plan.toml --shard 1/3 --out parts").must(1, "is damaged").must(1, "remove this file to begin anew");
    fs::remove_file(file("shard-1-of-3.part")).unwrap();
    fs::write(file("shard-1-of-3.units"), &good).unwrap();
    // A shard of another plan, and a shard of another number of shards.
    for (plan, shard, said) in [
        (PLAN.replace("replications = 4", "replications = 5"), "0/3", "different: the replications"),
        (PLAN.to_owned(), "0/4", "is one of 4 shards"),
    ] {
        fs::write(desk.path().join("plan.toml"), plan).unwrap();
        desk.run(&format!("sweep plan.toml --quiet --shard {shard} --out other")).must(0, "");
        let name = shard.replace('/', "-of-");
        fs::copy(desk.path().join(format!("other/plan/shard-{name}.units")), file("shard-x.units")).unwrap();
        refused(&["shard-x.units` is", said]);
    }
    fs::remove_file(file("shard-x.units")).unwrap();
    // The same shard twice is allowed, but not with different contents, which a changed data file could cause.
    fs::copy(file("shard-1-of-3.units"), file("shard-1-copy.units")).unwrap();
    desk.run("sweep merge parts --quiet").must(0, "");
}

#[test]
fn until_an_interval_is_narrow_shards_take_whole_points() {
    let until = "until = { metric = \"attempts.total\", half_width = \"1.5%\", at_most = 40 }";
    let plan = PLAN.replace("replications = 4", until);
    let desk = sharded(&plan, [1, 0, 2], 3);
    desk.run("sweep merge parts --quiet").must(0, "");
    desk.run("sweep plan.toml --quiet --jobs 1").must(0, "");
    same_results(&desk, "out/plan", "parts/plan");
    let mut counts = Vec::new();
    for point in super::table(&desk, "out/plan/points.csv") {
        let number = |column: &str| point[column].parse::<f64>().unwrap();
        let half = (number("attempts.total.high") - number("attempts.total.low")) / 2.0;
        let (n, mean) = (number("replications") as u64, number("attempts.total.mean"));
        assert!(n % 10 == 0 && (half <= 0.015 * mean || n == 40), "{half} of {mean} after {n}");
        counts.push(n);
    }
    counts.sort_unstable();
    counts.dedup();
    assert!(counts.len() > 1, "all points took {counts:?} replications, so that nothing was decided");
}

#[test]
fn impossible_shards_are_refused() {
    let desk = desk(&[("plan.toml", PLAN)]);
    for shard in ["7/7", "-1/4", "1", "1/0", "a/b", "0/1000000"] {
        desk.run(&format!("sweep plan.toml --shard={shard}")).must(2, "--shard");
    }
    // With more shards than units, some shards have no unit.
    let told = desk.run("sweep plan.toml --shard 60/64");
    assert!(told.must(0, "").out.contains("Shard 60/64 is done: 0 units"), "{}", told.out);
}
