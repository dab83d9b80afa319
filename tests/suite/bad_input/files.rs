//! Wrong files: those that are no scenario, those that extend others, and the data files that a scenario names.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use dropstorm::scenario::{Diagnostics, Scenario};

use super::{BASE, base};

/// Writes files into a new folder and reads the first.
fn read(files: &[(&str, &[u8])]) -> Result<Scenario, Diagnostics> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder can be made");
        fs::write(path, content).expect("a file can be written");
    }
    Scenario::read(&folder.path().join(files[0].0))
}

fn read_problems(files: &[(&str, &[u8])]) -> String {
    match read(files) {
        Err(problems) => problems.to_string(),
        Ok(_) => panic!("this was accepted"),
    }
}

#[test]
fn files_that_are_no_scenario_are_refused_at_once() {
    assert!(read_problems(&[("a.toml", b"")]).contains("the file is empty"));
    assert!(read_problems(&[("a.toml", b"title = \"x\"\nseed = \xff")]).contains("not UTF-8 text"));
    assert!(read_problems(&[("a.toml", &[0xff, 0xfe, 0x00])]).contains("a.toml:1"));
    let begun = Instant::now();
    assert!(read_problems(&[("a.toml", &vec![b'x'; 17 << 20])]).contains("too large"));
    assert!(read_problems(&[("a.toml", "k = 1\n".repeat(5_000).as_bytes())]).contains("and 4949 more"));
    assert!(begun.elapsed() < Duration::from_secs(5));
    let missing = Scenario::read(Path::new("scenarios/there-is-none.toml")).expect_err("no such file").to_string();
    assert!(missing.contains("there is no file scenarios/there-is-none.toml"), "{missing}");
}

/// Settings of the command line are part of what is checked: a scale that the file lacks, or a number in place of a wrong one.
#[test]
fn a_setting_mends_what_the_file_alone_gets_wrong() {
    let pool = "servers = 200_000\nqueue = { per_server = { balancer = 'random' } }\n";
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("many.toml");
    fs::write(&file, base("servers = 4\n", pool)).expect("a file can be written");
    let set = |settings: &[(&str, &str)]| {
        let settings: Vec<_> = settings.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
        let read = Scenario::read_and_set(&file, &[], &settings).map_err(|errors| errors.to_string());
        read.map(|scenario| scenario.spec().pool["api"].slots.servers)
    };
    let too_many = set(&[]).unwrap_err();
    assert!(too_many.contains("at most 100000; take a smaller scale"), "{too_many}");
    assert_eq!(
        (set(&[("scale", "0.5"), ("force_scale", "true")]), set(&[("pool.api.servers", "9")])),
        (Ok(200_000), Ok(9))
    );
    let both = set(&[("scale", "2")]).unwrap_err();
    assert!(both.contains("--scale:1") && both.contains("from 1e-6 to 1"), "{both}");
}

#[test]
fn extended_files_merge_and_their_errors_are_shown_in_them() {
    let parent = BASE.as_bytes();
    let child = |text: &'static str| ("child.toml", text.as_bytes());
    let good = read(&[
        child("extends = \"base/base.toml\"\ntitle = \"Child\"\n[pool.api]\nservers = 7\nservice = \"1 ms\"\n[[change]]\nat = \"+5 min\"\nset = { \"pool.api.servers\" = 8 }"),
        ("base/base.toml", parent),
    ])
    .unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((good.spec().title.as_str(), good.spec().pool["api"].slots.servers), ("Child", 7));
    assert_eq!(good.timeline().iter().map(|epoch| epoch.spec.pool["api"].slots.servers).collect::<Vec<_>>(), [8, 9]);
    let cleared = read(&[child("extends = \"base.toml\"\nchange = []"), ("base.toml", parent)]);
    assert!(cleared.unwrap_or_else(|problems| panic!("{problems}")).timeline().is_empty());
    let ring = read_problems(&[child("extends = \"b.toml\""), ("b.toml", b"extends = \"child.toml\"")]);
    assert!(ring.contains("in a ring") && ring.contains("b.toml:1"), "{ring}");
    let near = read_problems(&[child("extends = \"bse.toml\""), ("base.toml", parent)]);
    assert!(near.contains("child.toml:1") && near.contains("base.toml?"), "{near}");
    let theirs = base("servers = 4\n", "servers = 4.5\n");
    let located = read_problems(&[child("extends = \"base.toml\""), ("base.toml", theirs.as_bytes())]);
    assert!(located.contains("base.toml:") && located.contains("servers = 4.5"), "{located}");
}

#[test]
fn recorded_curves_are_refused_with_their_line() {
    let with_trace = |keys: &str| {
        let audience = "[audience.replayed]\nregion = \"spain\"\njourney = \"watch\"\n[audience.replayed.trace]\nfile = \"c.csv\"\n";
        base("[multiplier.lockdown]", &format!("{audience}{keys}\n[multiplier.lockdown]"))
    };
    let plain = "time = \"minute\"\ncount = \"people\"\nunit = \"min\"";
    let dated = "time = \"minute\"\ncount = \"people\"";
    for (keys, csv, expected) in [
        (plain, "", "it is empty"),
        (plain, "minute,peple\n1,2\n", "did you mean `peple`?"),
        (plain, "minute,people\n1,2\n", "fewer than two bins"),
        (plain, "minute,people\n1,2\n2,x\n", "line 3: the count `x` is not a number"),
        (plain, "minute,people\n1,2\n2,-1\n", "line 3: the count -1 is negative"),
        (plain, "minute,people\n1,2\n2,NaN\n", "line 3: the count is NaN"),
        (plain, "minute,people\n2,2\n1,2\n", "line 3: its time is not after that of the line before"),
        (plain, "minute,people\n1,2\n2,2\n4,2\n", "line 4: bins are missing before it"),
        (plain, "minute,people\n1,2\n2,2\n3,\n", "line 4: the count is empty"),
        (plain, "minute,people\n1,2\n2,2\n3.5,2\n", "line 4: the distance"),
        (plain, "minute,people\n1,2\n2\n", "line 3: it has 1 cells"),
        (plain, "minute,people\n2026-01-09T09:00:00Z,2\n", "remove `unit`"),
        (dated, "minute,people\n1,2\n2,2\n", "add its unit"),
        (
            "time = \"minute\"\ncount = \"people\"\nalign = \"drop\"",
            "minute,people\n2026-01-09T09:00:00Z,2\n",
            "remove `align`",
        ),
    ] {
        let found = read_problems(&[("a.toml", with_trace(keys).as_bytes()), ("c.csv", csv.as_bytes())]);
        assert!(found.contains(expected) && found.contains("file = \"c.csv\""), "{expected}:\n{found}");
    }
    let zero = format!("{plain}\ngaps = \"zero\"\norigin = 1\nscale = 0.5");
    let scenario = read(&[("a.toml", with_trace(&zero).as_bytes()), ("c.csv", b"minute,people\n1,2\n2,\n4,8\n")]);
    let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
    let trace = scenario.spec().audience["replayed"].trace.as_ref().expect("the audience has a trace");
    let bins = trace.bins.iter().map(|bin| (bin.from.seconds(), bin.width.seconds(), bin.count)).collect::<Vec<_>>();
    assert_eq!(bins, [(0.0, 60.0, 1.0), (60.0, 60.0, 0.0), (180.0, 60.0, 4.0)]);
    let missing = read_problems(&[("a.toml", with_trace(plain).as_bytes()), ("d.csv", b"")]);
    assert!(missing.contains("there is no file") && missing.contains("d.csv?"), "{missing}");
}

#[test]
fn measured_spans_are_refused_with_their_line() {
    let text = base("service = \"80 ms\"", "service = { empirical = { file = \"m.txt\" } }");
    for (content, expected) in
        [("", "it is empty"), ("1 ms\n2\n", "line 2: `2` has no unit"), ("-1 ms\n", "only arrivals may be negative")]
    {
        let found = read_problems(&[("a.toml", text.as_bytes()), ("m.txt", content.as_bytes())]);
        assert!(found.contains(expected) && found.contains("file = \"m.txt\""), "{expected}:\n{found}");
    }
    let scenario = read(&[("a.toml", text.as_bytes()), ("m.txt", b"3 ms\n# slow\n1 ms\n")]);
    assert!(scenario.unwrap_or_else(|problems| panic!("{problems}")).resolved().contains("m.txt"));
}
