//! Desks: temporary folders in which the binary runs, one for each test.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A drop that runs within milliseconds.
pub const SMALL: &str = r#"title = "Small"
start = 2026-01-09T09:00:00Z
drop = 2026-01-09T09:00:00Z
end = 2026-01-09T09:05:00Z
[audience.crowd]
viewers = 500
arrival = { exponential = { mean = "1 min" } }
journey = "watch"
[journey.watch]
steps = [{ request = "api" }, { stream = "1 min" }]
[pool.api]
servers = 2
service = { exponential = { mean = "200 ms" } }
"#;

/// A drop of people whose apps retry, which runs within milliseconds.
pub const RETRIED: &str = r#"title = "Small"
start = 2026-01-09T09:00:00Z
drop = 2026-01-09T09:00:00Z
end = 2026-01-09T09:05:00Z
[audience.crowd]
viewers = 300
arrival = { exponential = { mean = "1 min" } }
journey = "watch"
client = "tv"
[journey.watch]
steps = [{ request = "api" }, { stream = "1 min" }]
[pool.api]
servers = 2
service = { exponential = { mean = "500 ms" } }
queue_timeout = "2 s"
[client.tv]
retry = { attempts = 3, backoff = { exponential = { base = "1 s" } }, jitter = "full" }
"#;

/// Too few servers for a crowd whose apps retry.
pub const OVERLOADED: &str = r#"
title = "Base"
start = 2026-01-09T09:00:00Z
drop = 2026-01-09T09:00:00Z
end = 2026-01-09T09:10:00Z
[audience.fans]
viewers = 300
arrival = { exponential = { mean = "1 min" } }
journey = "ask"
client = "app"
[journey.ask]
steps = [{ request = "api" }]
[client.app]
timeout = "3 s"
retry = { attempts = 3, backoff = { exponential = { base = "1 s" } } }
[pool.api]
servers = 2
service = { exponential = { mean = "2 s" } }
queue = { shared = { limit = 20 } }
"#;

/// What a command printed, and its exit code.
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A folder with some files in it, in which commands run.
pub struct Desk(TempDir);

impl Desk {
    pub fn with(files: &[(&str, &str)]) -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        for (name, text) in files {
            fs::write(desk.path().join(name), text).unwrap();
        }
        desk
    }

    pub fn write(&self, file: &str, text: &str) {
        std::fs::write(self.path().join(file), text).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs a command line, whose arguments are separated by blanks.
    pub fn run(&self, line: &str) -> Ended {
        Ended::of(self.command(line).output().unwrap())
    }

    /// The command of a command line, before it runs.
    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dropstorm"));
        command.args(line.split_whitespace()).current_dir(self.path()).env("NO_COLOR", "1").env("COLUMNS", "100");
        command
    }

    pub fn bytes(&self, file: &str) -> Vec<u8> {
        fs::read(self.path().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Names of the entries of a folder, in order; none if there is no such folder.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path().join(folder)).into_iter().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub fn json(&self, file: &str) -> serde_json::Value {
        serde_json::from_slice(&self.bytes(file)).unwrap()
    }
}

impl Ended {
    pub fn of(Output { status, stdout, stderr }: Output) -> Ended {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: status.code(), out: text(stdout), err: text(stderr) }
    }

    /// Asserts the exit code and a text on standard error.
    #[track_caller]
    pub fn must(&self, code: i32, said: &str) -> &Ended {
        let Ended { code: ended, out, err } = self;
        assert!(*ended == Some(code) && err.contains(said), "{ended:?}, not {code} and `{said}`\n{out}\n{err}");
        self
    }
}
