//! Faults that no command can bring about: another version, another machine's faulty memory, a limit that takes hours to reach.

use std::fs;
use std::path::Path;

use super::store::{FILE, ShardFile};
use super::*;
use crate::vocabulary::Ended;

/// A plan of six units.
fn plan(folder: &Path) -> Plan {
    let scenario = crate::scenario::starter().replace("scale", "# scale");
    fs::write(folder.join("drop.toml"), scenario).unwrap();
    let text =
        "scenario = \"drop.toml\"\nscale = 0.001\nforce_scale = true\nreplications = 2\n[vary]\nseed = [1, 2, 3]\n";
    fs::write(folder.join("plan.toml"), text).unwrap();
    Plan::read(&folder.join("plan.toml"), &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A unit with one figure throughout.
fn unit(outline: &Outline, point: u64, replication: u64, figure: f64) -> Unit {
    Unit { point, replication, ended: Ended::Done, figures: vec![figure; outline.metrics().len()] }
}

#[test]
fn what_stands_in_a_file_reads_back_as_the_same_sweep() {
    let home = tempfile::tempdir().unwrap();
    plan(home.path());
    let text = "scenario = \"drop.toml\"\nscale = 0.001\nforce_scale = true\n[vary]\nseed = { from = 1, to = 1000, steps = 3, log = true }\n\
                \"pool.playback.failure\" = { from = \"0.1%\", to = \"0.7%\", steps = 7 }\n\
                [until]\nmetric = \"attempts.total\"\nhalf_width = \"7%\"\nat_most = 9\n";
    fs::write(home.path().join("plan.toml"), text).unwrap();
    let plan = Plan::read(&home.path().join("plan.toml"), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let outline = plan.outline();
    let back: Outline = serde_json::from_slice(&serde_json::to_vec(outline).unwrap()).unwrap();
    assert_eq!((&back, back.digest()), (outline, outline.digest()));
}

#[test]
fn units_of_another_version_are_refused_by_its_name() {
    let home = tempfile::tempdir().unwrap();
    let plan = plan(home.path());
    let older = Outline { version: "0.0.9".to_owned(), ..plan.outline().clone() };
    let path = home.path().join(FILE);
    drop(Store::open(&path, &older, None).unwrap());
    let refused = Store::open(&path, plan.outline(), None).unwrap_err().to_string();
    assert!(refused.contains("it was begun by dropstorm 0.0.9, and this is"), "{refused}");
}

#[test]
fn the_same_shard_with_other_contents_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let plan = plan(home.path());
    let outline = plan.outline();
    let write = |folder: &str, shard: &str, figure: f64| {
        let (folder, shard): (_, Shard) = (home.path().join(folder), shard.parse().unwrap());
        let store = Store::open(&shard.unfinished(&folder), outline, Some(shard)).unwrap();
        for number in (shard.index..6).step_by(shard.count as usize) {
            store.append(&unit(outline, number / 2, number % 2, figure)).unwrap();
        }
        ShardFile::write(store, outline, shard, &folder).unwrap()
    };
    write("a", "0/2", 1.0);
    write("a", "1/2", 1.0);
    let other = write("b", "1/2", 2.0);
    fs::copy(other, home.path().join("a/shard-1-again.units")).unwrap();
    let refused = merge(&home.path().join("a")).unwrap_err().to_string();
    assert!(refused.contains("are the same shard 1/2 with different contents"), "{refused}");
    fs::remove_file(home.path().join("a/shard-1-again.units")).unwrap();
    let (outline, store) = merge(&home.path().join("a")).unwrap();
    assert_eq!((outline.points(), store.len()), (3, 6));
    // What an earlier merge kept must be what the shards say now.
    drop(store);
    fs::copy(write("b", "0/2", 3.0), home.path().join("a/shard-0-of-2.units")).unwrap();
    let refused = merge(&home.path().join("a")).unwrap_err().to_string();
    assert!(refused.contains("hold different results of one unit"), "{refused}");
}

#[test]
fn what_a_limit_ended_has_no_figures_and_a_point_goes_by_the_others() {
    let home = tempfile::tempdir().unwrap();
    let plan = plan(home.path());
    let outline = plan.outline();
    let path = home.path().join(FILE);
    let store = Store::open(&path, outline, None).unwrap();
    store.append(&unit(outline, 0, 0, 4.0)).unwrap();
    let ended = Unit { ended: Ended::QueueLimit, ..unit(outline, 0, 1, f64::NAN) };
    store.append(&ended).unwrap();
    drop(store);
    let store = Store::open(&path, outline, None).unwrap();
    let results = Results::new(outline, &store).unwrap();
    assert_eq!(results.units(0).unwrap()[1].ended.word(), "queue limit");
    let point = results.point(0).unwrap();
    assert_eq!(point.replications, 2);
    assert_eq!(point.figures[0].map(|figure| (figure.mean, figure.n)), Some((4.0, 1)));
    let table = results.table(&["error_rate.peak", "no_such_figure"]).unwrap();
    assert_eq!((table.metrics.len(), table.points.len(), table.values(0).len()), (1, 3, 3));
}
