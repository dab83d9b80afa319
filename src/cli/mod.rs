//! The command line: one file per command.

mod check;
mod completions;
mod find;
mod interrupt;
mod new;
mod progress;
mod run;
mod schema;
mod sweep;
mod trace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Exit code: the run failed.
const FAILED: u8 = 1;
/// Exit code: wrong usage or a wrong file.
const WRONG_INPUT: u8 = 2;
/// Exit code: a threshold did not hold.
const THRESHOLD_MISSED: u8 = 99;

/// Simulates the moment when everyone presses play.
///
/// A scenario is a TOML file: viewers who arrive for a release, pools of servers with queues and timers, links, clients
/// and humans who retry. dropstorm runs it one to one and leaves charts of error rates, figures, and a verdict.
#[derive(Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "Examples:\n  dropstorm new my-drop.toml            a scenario to start from\n  dropstorm check my-drop.toml          every mistake at once, with its line\n  dropstorm run my-drop.toml            charts, figures and a verdict in out/my-drop/\n\nExit codes: 0 done, 1 the run failed, 2 wrong usage or a wrong file, 99 a threshold did not hold."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(new::New),
    Check(check::Check),
    Schema(schema::Schema),
    Run(run::Run),
    Sweep(sweep::Sweep),
    Find(find::Find),
    Completions(completions::Completions),
}

/// Reads the arguments, does what they say, and gives the exit code.
pub fn run() -> ExitCode {
    let code = match Arguments::parse().command {
        Command::New(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::Run(command) => command.run(),
        Command::Sweep(command) => command.run(),
        Command::Find(command) => command.run(),
        Command::Completions(command) => command.run(),
    };
    ExitCode::from(code)
}

/// Prints to standard output; a reader who has gone away, as in `| head`, is no mistake.
fn print(text: &str) {
    use std::io::Write;
    let _ = anstream::stdout().lock().write_all(text.as_bytes());
}

/// Prints to standard error, likewise.
fn complain(text: &str) {
    use std::io::Write;
    let _ = writeln!(anstream::stderr().lock(), "{}", text.trim_end());
}

/// Splits `PATH=VALUE`.
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() => Ok((path.trim().to_owned(), value.trim().to_owned())),
        _ => Err(format!("`{text}` is not PATH=VALUE; for example pool.api.servers=200")),
    }
}
