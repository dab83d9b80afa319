//! The command line: a file for each command, one for the options that several share, and one for errors and exit codes.

/// The exit codes in the help of commands that may end in more ways than done, failed and wrong usage.
macro_rules! exit_codes {
    () => {
        "Exit codes: 0 done; 1 failed; 2 wrong usage or a wrong file;\n75 a shard of a sweep that may be tried again; 99 a threshold missed, or nothing found;\n130 stopped by Ctrl-C; 143 terminated."
    };
}

mod check;
mod closed;
mod completions;
mod error;
mod explain;
mod find;
mod interrupt;
mod machine;
mod new;
mod open;
mod options;
mod progress;
mod run;
mod schema;
mod screen;
mod size;
mod sweep;

use std::path::Path;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser, Subcommand};
use dropstorm::system::text::{is_hostile, visible_lines};

use error::{Error, Exit};

/// Simulates the moment when everyone presses play.
///
/// A scenario is a TOML file: viewers who arrive for a release, pools of servers with queues and timers, links, clients
/// and humans who retry. dropstorm runs it one to one and leaves charts of error rates, figures, and a verdict.
#[derive(Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = concat!("Examples:\n  dropstorm new my-drop.toml            a scenario to start from\n  dropstorm check my-drop.toml          every error at once, with its line\n  dropstorm run my-drop.toml            charts, figures and a verdict in out/my-drop/\n\n", exit_codes!())
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
    /// Compare scenarios with the first, on the same crowds: fewest people harmed or kept waiting in rooms first, differences with intervals
    #[command(
        after_help = concat!("Examples:\n  dropstorm compare a.toml b.toml --replications 10       differences with 95% intervals\n  dropstorm compare scenarios/*.toml --scale 0.02         a quick look, one in fifty simulated\n  dropstorm compare a.toml --each policies/*.toml         one scenario with each of several overlays\n  dropstorm compare a.toml b.toml --json                  the comparison for scripts\n\nAll files are checked before anything runs. `dropstorm run` with several files is the same, but runs what can be run.\n\n", exit_codes!())
    )]
    Compare(run::Run),
    Explain(explain::Explain),
    Sweep(sweep::Sweep),
    Find(find::Find),
    Completions(completions::Completions),
}

/// Parses the arguments, runs the command, prints its error, and returns the exit code.
pub fn run() -> Exit {
    interrupt::refuse_files_that_are_too_large();
    let outcome = match Arguments::try_parse() {
        Ok(arguments) => arguments.command.run(),
        Err(usage) => answer(&usage),
    };
    outcome.unwrap_or_else(|error| error.tell())
}

impl Command {
    fn run(&self) -> Result<Exit, Error> {
        match self {
            Command::New(command) => command.run(),
            Command::Check(command) => command.run(),
            Command::Schema(command) => command.run(),
            Command::Run(command) => command.run(),
            Command::Compare(command) => command.run_comparison(),
            Command::Explain(command) => command.run(),
            Command::Sweep(command) => command.run(),
            Command::Find(command) => command.run(),
            Command::Completions(command) => command.run(&mut Arguments::command()),
        }
    }
}

/// The error of a file in place of a command; `None` for any other error of the arguments.
fn file_for_command(usage: &clap::Error) -> Option<Error> {
    let Some(ContextValue::String(word)) = usage.get(ContextKind::InvalidSubcommand) else { return None };
    Path::new(word).extension().filter(|end| end.eq_ignore_ascii_case("toml"))?;
    let error = Error::wrong_input(format!("`{word}` is a file, and a command comes first"));
    Some(error.help(format!("write dropstorm run {word}, or dropstorm check {word}")))
}

/// Prints the answer of the parser: help on standard output, or an error on standard error.
fn answer(usage: &clap::Error) -> Result<Exit, Error> {
    if let Some(error) = file_for_command(usage) {
        return Err(error);
    }
    if usage.use_stderr() {
        // Where an argument has escape sequences, the text is made visible as a whole, so the parser's colours are left out.
        let strange = std::env::args_os().any(|argument| argument.to_string_lossy().chars().any(is_hostile));
        let text = if strange { usage.render().to_string() } else { usage.render().ansi().to_string() };
        error::note(if strange { visible_lines(&text) } else { text.into() }.as_ref());
        return Ok(Exit::WrongInput);
    }
    error::print(&usage.render().ansi().to_string()).map(|()| Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of a help text, `max_term_width`.
    const WIDTH: usize = 100;

    #[test]
    fn no_example_of_a_help_text_is_broken_inside_a_command() {
        let mut waiting = vec![Arguments::command()];
        while let Some(command) = waiting.pop() {
            let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in text.lines().filter(|line| line.starts_with("  ")) {
                assert!(line.chars().count() <= WIDTH, "{}: {line}", command.get_name());
            }
            waiting.extend(command.get_subcommands().cloned());
        }
    }
}
