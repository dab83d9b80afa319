//! Texts that bite: no character of a stranger acts on a terminal or in a spreadsheet.

use std::fs;

use dropstorm::system::text::is_hostile;

use super::{PLAN, soon};
use crate::desk::{Desk, Ended, SMALL};

/// Escapes as TOML writes them: a new title of the terminal, a cleared screen, one of both in one byte, a text turned around.
const EVIL: &str = r"\u001b]0;pwn\u0007\u001b[2J\u009b31m\u202e\u2066x\u0000\r";

#[track_caller]
fn is_tame(ended: &Ended) {
    for text in [&ended.out, &ended.err] {
        let found = text.chars().find(|letter| is_hostile(*letter) && !matches!(letter, '\n' | '\t'));
        assert_eq!(found, None, "{text:?}");
    }
}

/// A scenario with evil texts wherever a text is free.
fn evil() -> String {
    SMALL.replace("title = \"Small\"", &format!("title = \"{EVIL}\"\ndescription = \"{EVIL}\""))
        + &format!(
            "[region.a]\nlabel = \"{EVIL}\"\n[[change]]\nat = \"+1 min\"\nset = {{ \"pool.api.servers\" = 3 }}\nnote = \"{EVIL}\"\n"
        )
}

#[test]
fn titles_notes_and_labels_are_shown_in_visible_characters() {
    let plan = format!("title = \"{EVIL}\"\n{PLAN}\"region.a.label\" = [\"{EVIL}\", \"x\"]\n");
    let desk = Desk::with(&[("a.toml", &evil()), ("b.toml", &evil()), ("plan.toml", &plan)]);
    for (line, code) in [
        ("check a.toml", 0),
        ("check a.toml --resolved", 0),
        ("run a.toml", 0),
        ("run a.toml b.toml --replications 2", 0),
        ("run a.toml --json", 0),
        ("sweep plan.toml --dry-run", 0),
        ("sweep plan.toml", 0),
        ("sweep plan.toml --json", 0),
        ("find a.toml --vary pool.api.servers=1..4 --until error_rate.overall<1% --replications 2 --at-most 2", 0),
    ] {
        let ended = soon(&desk, line);
        assert!(ended.code == Some(code) || ended.code == Some(99), "{line}: {}", ended.err);
        is_tame(&ended);
    }
    let shown = soon(&desk, "run a.toml --charts none");
    assert!(shown.must(0, "").out.contains(r"\u{1b}]0;pwn\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{2066}x"), "{}", shown.out);
    // What is printed or written is still the same text to a program.
    let summary: serde_json::Value = serde_json::from_str(&soon(&desk, "run a.toml --json").out).unwrap();
    let title = "\u{1b}]0;pwn\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{2066}x\0\r";
    assert_eq!((&summary["title"], &desk.json("out/a/manifest.json")["title"]), (&title.into(), &title.into()));
    desk.write("again.toml", &soon(&desk, "check a.toml --resolved").out);
    let again: serde_json::Value = serde_json::from_str(&soon(&desk, "run again.toml --json").must(0, "").out).unwrap();
    assert_eq!(again["title"], title);
    for name in desk.names("out/a").iter().filter(|name| !name.ends_with(".png")) {
        let text = String::from_utf8(desk.bytes(&format!("out/a/{name}"))).unwrap();
        assert!(!text.chars().any(|letter| is_hostile(letter) && letter != '\n'), "{name}");
    }
}

#[test]
fn messages_show_excerpts_paths_and_arguments_in_visible_characters() {
    let raw = "\u{1b}[2J\u{9b}\u{202e}\u{2066}";
    let desk = Desk::with(&[
        ("raw.toml", &SMALL.replace("title = \"Small\"", &format!("title = \"{raw}\"\nraw = 1 # {raw}"))),
        ("key.toml", &format!("{SMALL}\"{EVIL}\" = 1\n")),
        ("value.toml", &SMALL.replace("\"200 ms\"", &format!("\"{EVIL}\""))),
        ("journey.toml", &SMALL.replace("journey = \"watch\"", &format!("journey = \"{EVIL}\""))),
        ("extends.toml", &format!("extends = \"{EVIL}.toml\"")),
        ("plan.toml", &PLAN.replace("a.toml", EVIL)),
        ("axis.toml", &format!("{PLAN}\"{EVIL}\" = [1]\n")),
        ("a.toml", SMALL),
    ]);
    for line in [
        "check raw.toml",
        "check key.toml",
        "run value.toml",
        "run journey.toml",
        "check extends.toml",
        "sweep plan.toml",
        "sweep axis.toml",
    ] {
        let ended = soon(&desk, line);
        // An excerpt shows escapes of TOML as they are written.
        ended.must(2, r"\u");
        is_tame(&ended);
    }
    for line in [
        format!("check {raw}.toml"),
        format!("run a.toml --set {raw}=1"),
        format!("run a.toml --set title={raw} --set pool.api.servers={raw}"),
        format!("run a.toml --{raw}"),
        raw.to_owned(),
        format!("sweep missing {raw}"),
        format!("find a.toml --vary {raw}=1..2 --until error_rate.overall<1%"),
        format!("find a.toml --vary pool.api.servers=1..2 --until {raw}"),
        format!("sweep plan.toml --shard {raw}"),
        format!("run a.toml --out a.toml/{raw}"),
        format!("new nowhere/{raw}"),
    ] {
        let ended = soon(&desk, &line);
        ended.must(2, r"\u{");
        is_tame(&ended);
    }
    // A name with a line break cannot pass for a second message.
    let forged = "x\nerror: nothing is wrong";
    let ended = Ended::of(desk.command("check").arg(forged).output().unwrap());
    assert_eq!(ended.must(2, r"x\u{a}error: nothing").err.lines().filter(|line| line.starts_with("error")).count(), 1);
}

#[cfg(unix)]
#[test]
fn a_path_with_escapes_is_shown_in_visible_characters() {
    let desk = Desk::with(&[]);
    let name = "\u{1b}[2J";
    fs::create_dir(desk.path().join(name)).unwrap();
    fs::write(desk.path().join(name).join("a.toml"), SMALL).unwrap();
    for line in
        [format!("check {name}/a.toml"), format!("run {name}/a.toml --out {name}/out"), format!("new {name}/b.toml")]
    {
        let ended = soon(&desk, &line);
        assert!(ended.must(0, "").out.contains(r"\u{1b}[2J/"), "{}", ended.out);
        is_tame(&ended);
    }
}

#[test]
fn cells_of_tables_are_no_formulas() {
    let plan =
        format!("{PLAN}\"region.world.label\" = [\"=HYPERLINK(1)\", \"+1\", \"-1\", \"@x\", \"\\t=1\", \"plain\"]\n");
    let desk = Desk::with(&[("a.toml", SMALL), ("plan.toml", &plan)]);
    soon(&desk, "sweep plan.toml --quiet").must(0, "");
    for file in ["points.csv", "paired.csv", "units.csv"] {
        let bytes = desk.bytes(&format!("out/plan/{file}"));
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let mut texts = 0;
        for record in reader.records() {
            for cell in record.unwrap().iter() {
                let formula = cell.starts_with(['=', '+', '-', '@', '\t']) && cell.parse::<f64>().is_err();
                assert!(!formula, "{file}: {cell:?}");
                texts += usize::from(cell == "'=HYPERLINK(1)");
            }
        }
        assert!(texts > 0, "{file}");
    }
}

#[test]
fn the_name_of_a_scenario_is_no_formula_in_a_table() {
    let desk = Desk::with(&[("a.toml", SMALL), ("=1+1.toml", SMALL)]);
    soon(&desk, "run a.toml =1+1.toml --quiet --charts none").must(0, "");
    let table = String::from_utf8(desk.bytes("out/comparison.csv")).unwrap();
    assert!(table.contains("\n'=1+1,") && !table.contains("\n=1+1,"), "{table}");
}

/// Coloured texts are the only ones with escapes: those of this program.
#[test]
fn colours_are_the_programs_own() {
    let text = evil().replace("[pool.api]", "[pool.\"api\\u001b[31m\"]");
    let found = dropstorm::scenario::Scenario::parse("a.toml", &text).unwrap_err();
    let coloured = found.render(true);
    assert!(coloured.contains('\u{1b}') && !coloured.contains("\u{1b}[31mx"), "{coloured:?}");
    let pieces = coloured.split('\u{1b}').skip(1);
    for piece in pieces {
        let end = piece.find('m').unwrap();
        assert!(piece[1..end].chars().all(|c| c.is_ascii_digit() || c == ';'), "{piece:?}");
    }
}

/// Titles, labels and notes are refused at their place beyond 200 characters, longer texts beyond what a page holds.
#[test]
fn texts_that_are_shown_have_a_bound() {
    let long = |letters: usize| "é".repeat(letters);
    let label = "[region.a]\nlabel = \"LABEL\"\n";
    let change = "[[change]]\nat = \"+1 min\"\nset = { \"pool.api.servers\" = 3 }\nnote = \"NOTE\"\n";
    let top = "title = \"TITLE\"\ndescription = \"DESCRIPTION\"\nsources = [\"SOURCE\"]";
    let scenario = SMALL.replace("title = \"Small\"", top) + label + change;
    let plan = format!("title = \"TITLE\"\n{PLAN}[labels]\n\"pool.api.servers\" = \"LABEL\"\n");
    for (text, command, file) in [(&scenario, "check", "a.toml"), (&plan, "sweep --dry-run", "plan.toml")] {
        let kinds = [("TITLE", 200), ("LABEL", 200), ("NOTE", 200), ("DESCRIPTION", 10_000), ("SOURCE", 2_000)];
        for (kind, most) in kinds.into_iter().filter(|(kind, _)| text.contains(&format!("\"{kind}\""))) {
            let desk = Desk::with(&[("a.toml", SMALL)]);
            let with = |letters: usize| text.replace(&format!("\"{kind}\""), &format!("\"{}\"", long(letters)));
            desk.write(file, &with(most));
            assert_eq!(soon(&desk, &format!("{command} {file}")).code, Some(0), "{kind} of {most} in {file}");
            desk.write(file, &with(most + 1));
            let ended = soon(&desk, &format!("{command} {file}"));
            ended.must(2, "the text is too long");
            let line = with(most + 1).lines().position(|line| line.contains("éé")).unwrap() + 1;
            assert!(ended.err.contains(&format!("--> {file}:{line}:")), "{kind}: {}", ended.err);
            assert!(ended.err.contains(&format!("at most {most} characters")), "{kind}: {}", ended.err);
        }
    }
}
