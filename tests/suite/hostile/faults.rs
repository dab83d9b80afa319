//! Broken machines: full disks, full and closed outputs, folders that vanish, signals at any moment, clocks that jump.

#![cfg(unix)]

use std::fs::{self, File};
use std::io;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use dropstorm::report::OutputFolder;

use super::{PLAN, ended_soon, soon, whole_or_without_manifest};
use crate::desk::{Desk, Ended, SMALL};

fn desk() -> Desk {
    Desk::with(&[("a.toml", SMALL), ("b.toml", SMALL), ("plan.toml", PLAN)])
}

/// Commands that print something, each with the exit code of a failure to print.
const PRINTING: [(&str, i32); 17] = [
    ("schema", 1),
    ("schema --sweep", 1),
    ("schema --reference", 1),
    ("completions bash", 1),
    ("new -", 1),
    ("new b-new.toml", 1),
    ("check a.toml", 1),
    ("check a.toml --resolved", 1),
    ("run a.toml --charts none", 1),
    ("run a.toml --json --charts none", 1),
    ("find a.toml --vary pool.api.servers=1..4 --until error_rate.overall<1% --replications 2", 1),
    ("find a.toml --vary pool.api.servers=1..4 --until error_rate.overall<1% --replications 2 --json", 1),
    ("sweep plan.toml --dry-run", 1),
    ("sweep plan.toml --json", 1),
    ("sweep plan.toml --shard 0/1", 75),
    ("sweep merge out --json", 1),
    ("--help", 1),
];

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_a_failure_with_its_reason_and_a_closed_pipe_is_none() {
    let desk = desk();
    for (line, code) in PRINTING {
        let mut command = desk.command(line);
        command.stdin(Stdio::null()).stdout(File::options().write(true).open("/dev/full").unwrap());
        let ended = Ended::of(command.output().unwrap());
        ended.must(code, "cannot write to standard output: No space left on device");
        let _ = fs::remove_file(desk.path().join("b-new.toml"));
        // A shard that is done already has something to print again.
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let ended = Ended::of(desk.command(line).stdout(writer).output().unwrap());
        assert!(matches!(ended.code, Some(0 | 99)) && ended.err.is_empty(), "{line}: {:?} {}", ended.code, ended.err);
        let _ = fs::remove_file(desk.path().join("b-new.toml"));
    }
}

#[test]
fn a_standard_output_that_is_closed_is_a_failure_with_its_reason() {
    let desk = desk();
    desk.run("sweep plan.toml --shard 0/1").must(0, "");
    for (line, code) in PRINTING {
        let script = format!("exec {} {line} >&-", env!("CARGO_BIN_EXE_dropstorm"));
        let mut command = Command::new("sh");
        command.arg("-c").arg(script.replace('<', "\\<")).current_dir(desk.path());
        let ended = Ended::of(command.output().unwrap());
        ended.must(code, "cannot write to standard output: it is closed");
        let _ = fs::remove_file(desk.path().join("b-new.toml"));
    }
    // What prints nothing needs no output, and a file that swallows everything is one.
    let quiet = format!("exec {} run a.toml --quiet --charts none >&-", env!("CARGO_BIN_EXE_dropstorm"));
    let ended = Command::new("sh").arg("-c").arg(quiet).current_dir(desk.path()).output().unwrap();
    Ended::of(ended).must(0, "");
    let swallowed = File::options().read(true).write(true).open("/dev/null").unwrap();
    Ended::of(desk.command("schema").stdout(swallowed).output().unwrap()).must(0, "");
}

/// Runs a command line where no file may have more than some blocks of 512 or 1,024 bytes, as on a full disk.
fn limited(desk: &Desk, blocks: u32, line: &str) -> Ended {
    let script = format!("ulimit -f {blocks}; exec {} {line}", env!("CARGO_BIN_EXE_dropstorm"));
    Ended::of(Command::new("sh").arg("-c").arg(script).current_dir(desk.path()).output().unwrap())
}

#[test]
fn a_full_disk_is_a_failure_with_its_reason_at_any_moment() {
    let desk = desk();
    for (blocks, line, code, said) in [
        (0, "new c.toml", 1, "cannot write c.toml: File too large"),
        (0, "run a.toml --quiet", 1, "cannot write into `out/a`: File too large"),
        (1, "run a.toml --quiet", 1, "cannot write `out/a/"),
        (30, "run a.toml --quiet", 1, "cannot write `out/a/"),
        (0, "sweep plan.toml --quiet", 1, "cannot write into `out/plan`: File too large"),
        (1, "sweep plan.toml --quiet", 1, "cannot write `out/plan/sweep.store`: File too large"),
        (0, "sweep plan.toml --quiet --shard 0/2", 75, "cannot write `out/plan/shard-0-of-2.part`: File too large"),
        (1, "sweep plan.toml --quiet --shard 0/2", 75, "cannot write `out/plan/shard-0-of-2.part`: File too large"),
    ] {
        let ended = limited(&desk, blocks, line);
        ended.must(code, said);
        assert_eq!(ended.err.matches("error:").count(), 1, "{}", ended.err);
        let left = ["out/a", "out/plan"].map(|folder| desk.names(folder));
        assert!(left.iter().flatten().all(|name| !name.ends_with(".tmp") && name != "manifest.json"), "{left:?}");
    }
    assert!(!desk.path().join("c.toml").exists());
    for index in 0..2 {
        soon(&desk, &format!("sweep plan.toml --quiet --shard {index}/2")).must(0, "");
    }
    limited(&desk, 1, "sweep merge out --quiet").must(1, "File too large");
    soon(&desk, "sweep merge out --quiet").must(0, "");
    soon(&desk, "run a.toml --quiet").must(0, "");
    assert!(whole_or_without_manifest(&desk, "out/a"));
}

#[test]
fn a_path_that_names_no_folder_is_wrong_input_and_a_folder_that_may_not_be_written_a_failure() {
    let desk = desk();
    desk.write("taken", "a file");
    for line in ["run a.toml --out taken/x", "sweep plan.toml --out taken", "sweep plan.toml --out taken --shard 0/2"] {
        soon(&desk, line).must(2, "cannot create the folder `taken/");
    }
    soon(&desk, "new no-such-folder/a.toml").must(2, "cannot write no-such-folder/a.toml");
    let locked = desk.path().join("locked");
    fs::create_dir_all(locked.join("a")).unwrap();
    let only_read = |only: bool| {
        for folder in [&locked.join("a"), &locked] {
            let mut permissions = fs::metadata(folder).unwrap().permissions();
            std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, if only { 0o555 } else { 0o755 });
            fs::set_permissions(folder, permissions).unwrap();
        }
    };
    only_read(true);
    // The administrator may write anywhere.
    let may_anyway = File::create(locked.join("trial")).is_ok();
    let [run, sweep] = ["run a.toml --quiet --out locked", "sweep plan.toml --quiet --out locked"];
    for (line, said) in [(run, "cannot write into `locked/a`"), (sweep, "cannot create the folder `locked/plan`")] {
        let ended = soon(&desk, line);
        if may_anyway {
            ended.must(0, "")
        } else {
            ended.must(1, said)
        };
    }
    only_read(false);
}

#[test]
fn a_folder_that_vanishes_is_named() {
    let home = tempfile::tempdir().unwrap();
    let folder = OutputFolder::within(home.path(), "a").unwrap();
    folder.write("summary.json", b"{}").unwrap();
    fs::remove_dir_all(home.path().join("a")).unwrap();
    let error = folder.write("intervals.csv", b"").unwrap_err().to_string();
    assert!(error.starts_with("cannot write `") && error.contains("a/intervals.csv"), "{error}");
}

#[test]
fn a_sweep_whose_folder_vanishes_says_so() {
    let desk = desk();
    desk.write("plan.toml", &PLAN.replace("replications = 2", "replications = 400"));
    let mut command = desk.command("sweep plan.toml --quiet --jobs 1");
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while !desk.path().join("out/plan/sweep.store").exists() && begun.elapsed() < Duration::from_secs(10) {
        sleep(Duration::from_millis(1));
    }
    fs::remove_dir_all(desk.path().join("out")).unwrap();
    super::wait(&mut child, "the sweep");
    Ended::of(child.wait_with_output().unwrap()).must(1, "cannot write `out/plan/");
}

/// A number that differs from run to run, below a bound.
fn chance(below: u64) -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(7, |since| since.subsec_nanos().into()) % below
}

/// Starts a command, sends a signal after some time, and waits.
fn struck(desk: &Desk, line: &str, signal: &str, after: Duration) {
    let mut child = desk.command(line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    sleep(after);
    // The process may have ended before.
    let _ = Command::new("kill").args([signal, &child.id().to_string()]).stderr(Stdio::null()).status();
    super::wait(&mut child, line);
}

/// A crowd that takes minutes to simulate, and a plan of it.
const LARGE: [(&str, &str); 2] = [("viewers = 500", "viewers = 60_000_000"), ("servers = 2", "servers = 200_000")];

/// Time from a signal to the end of a command that it struck some time after its begin.
fn time_to_end(desk: &Desk, line: &str, signal: &str, after: Duration) -> Duration {
    let mut child = desk.command(line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    sleep(after);
    assert!(child.try_wait().unwrap().is_none(), "{line} has ended by itself after {after:?}");
    let struck = Instant::now();
    Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    super::wait(&mut child, line);
    struck.elapsed()
}

/// The signal of Ctrl-C, or that of schedulers where the tests run in the background of a shell, whose commands ignore the
/// former for good.
fn interrupting() -> &'static str {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).map(str::trim);
    let ignores = ignored.and_then(|bits| u64::from_str_radix(bits, 16).ok()).is_some_and(|bits| bits >> 1 & 1 == 1);
    if ignores { "-TERM" } else { "-INT" }
}

/// While a model is compiled, its size is estimated, the machine is measured or a run goes on, the first signal ends the command
/// within a second; a busy machine may be late now and then, which half of the trials may not be.
#[test]
fn the_first_signal_ends_long_work_within_a_second_at_any_moment() {
    let large = LARGE.iter().fold(SMALL.to_owned(), |text, (from, to)| text.replace(from, to));
    let desk = Desk::with(&[("a.toml", &large), ("plan.toml", &PLAN.replace("[1, 2]", "[100_000, 200_000]"))]);
    for line in [
        "run a.toml --quiet --charts none --force-size",
        "sweep plan.toml --quiet --force-size",
        "sweep plan.toml --quiet --force-size --shard 0/2",
        "find a.toml --vary pool.api.servers=100000..200000 --until error_rate.overall<1% --quiet --force-size",
    ] {
        let mut times: Vec<Duration> = [20, 150, 300, 450, 700]
            .iter()
            .zip([interrupting(), "-TERM", interrupting(), interrupting(), "-TERM"])
            .map(|(after, signal)| time_to_end(&desk, line, signal, Duration::from_millis(*after)))
            .collect();
        times.sort_unstable();
        assert!(times[times.len() / 2] < Duration::from_secs(1), "{line}: {times:?}");
        assert!(times.iter().all(|time| *time < Duration::from_secs(5)), "{line}: {times:?}");
    }
}

#[test]
fn a_run_that_a_signal_ends_leaves_a_whole_folder_or_one_without_manifest() {
    let desk = desk();
    let begun = Instant::now();
    soon(&desk, "run a.toml --quiet --trace 300").must(0, "");
    let usual = begun.elapsed().as_micros() as u64;
    for round in 0..24 {
        let signal = ["-KILL", "-TERM", "-INT", "-HUP"][round % 4];
        struck(&desk, "run a.toml --quiet --trace 300", signal, Duration::from_micros(chance(usual.max(1) * 5 / 4)));
        whole_or_without_manifest(&desk, "out/a");
    }
    // What the killed runs left unfinished goes with the next.
    desk.write("out/a/.summary.json-4000000.tmp", "torn");
    soon(&desk, "run a.toml --quiet --trace 300").must(0, "");
    assert!(whole_or_without_manifest(&desk, "out/a"));
    assert!(desk.names("out/a").iter().all(|name| !name.starts_with('.')), "{:?}", desk.names("out/a"));
}

#[test]
fn a_sweep_and_shards_that_signals_end_again_and_again_come_to_the_same_bytes() {
    let desk = desk();
    desk.write("plan.toml", &PLAN.replace("replications = 2", "replications = 30"));
    let begun = Instant::now();
    soon(&desk, "sweep plan.toml --quiet --jobs 1 --out whole").must(0, "");
    let usual = begun.elapsed().as_micros() as u64;
    for line in ["sweep plan.toml --quiet --jobs 1", "sweep plan.toml --quiet --jobs 1 --shard 1/2 --out parts"] {
        for round in 0..10 {
            struck(&desk, line, ["-KILL", "-TERM", "-INT"][round % 3], Duration::from_micros(chance(usual.max(1))));
        }
        soon(&desk, line).must(0, "");
    }
    soon(&desk, "sweep plan.toml --quiet --shard 0/2 --out parts").must(0, "");
    soon(&desk, "sweep merge parts --quiet").must(0, "");
    for file in ["points.csv", "units.csv", "paired.csv", "manifest.json"] {
        let of = |folder: &str| desk.bytes(&format!("{folder}/plan/{file}"));
        assert!(of("whole") == of("out") && of("whole") == of("parts"), "{file}");
    }
    let hidden = |folder: &str| desk.names(folder).into_iter().filter(|name| name.starts_with('.')).count();
    assert_eq!((hidden("out/plan"), hidden("parts/plan")), (0, 0));
}

/// The times of files are those of clocks, which differ between machines and jump.
#[test]
fn files_from_the_past_and_from_the_future_are_files_like_others() {
    let desk = desk();
    soon(&desk, "sweep plan.toml --quiet --out whole").must(0, "");
    let far = Duration::from_secs(100 * 365 * 86_400);
    for (round, time) in [SystemTime::UNIX_EPOCH, SystemTime::now() + far].into_iter().enumerate() {
        for shard in 0..2 {
            soon(&desk, &format!("sweep plan.toml --quiet --shard {shard}/2 --out {round}")).must(0, "");
        }
        for name in desk.names(&format!("{round}/plan")) {
            let file = File::options().append(true).open(desk.path().join(format!("{round}/plan/{name}"))).unwrap();
            file.set_modified(time).unwrap();
        }
        soon(&desk, &format!("sweep merge {round} --quiet")).must(0, "");
        assert!(desk.bytes(&format!("{round}/plan/units.csv")) == desk.bytes("whole/plan/units.csv"));
    }
    let mut command = desk.command("run a.toml --quiet --out elsewhere");
    command.env("TZ", "Pacific/Kiritimati").env("LC_ALL", "tr_TR.UTF-8");
    ended_soon(command, "run a.toml in another zone").must(0, "");
    soon(&desk, "run a.toml --quiet --out here").must(0, "");
    assert_eq!(desk.json("elsewhere/a/manifest.json")["digest"], desk.json("here/a/manifest.json")["digest"]);
}
