//! The end of a command: an exit code, or an error with a message, help and an exit code.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use super::closed::output_was_closed;
use dropstorm::report::FileError;
use dropstorm::scenario::Diagnostics;
use dropstorm::system::text::on_screen;

/// The exit codes of all commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The command succeeded.
    Done = 0,
    /// The command failed.
    Failed = 1,
    /// The arguments or a file are wrong.
    WrongInput = 2,
    /// A shard of a sweep failed and may be tried again (`EX_TEMPFAIL` of sysexits.h).
    Retry = 75,
    /// A threshold of the scenario did not hold, or a search found no value.
    ThresholdMissed = 99,
    /// Ctrl-C ended the command: 128 plus the number of SIGINT, as shells count.
    Interrupted = 130,
    /// A scheduler ended the command: 128 plus the number of SIGTERM.
    Terminated = 143,
}

impl Exit {
    /// The worse of two exit codes of one command: 1 before 2 before 99 before 0.
    pub fn or_worse(self, other: Exit) -> Exit {
        let order = [Exit::Failed, Exit::WrongInput, Exit::ThresholdMissed];
        order.into_iter().find(|exit| *exit == self || *exit == other).unwrap_or(self)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// The error of a command.
#[derive(Debug)]
pub struct Error {
    /// The text as it is printed, which may be several located messages.
    message: String,
    /// Advice, if there is any.
    help: Option<String>,
    exit: Exit,
}

impl Error {
    /// An error in the arguments or files of the user.
    pub fn wrong_input(error: impl Display) -> Error {
        Error { message: format!("error: {error}"), help: None, exit: Exit::WrongInput }
    }

    /// A failure other than an error in arguments or files, such as a full disk.
    pub fn failed(error: impl Display) -> Error {
        Error { message: format!("error: {error}"), help: None, exit: Exit::Failed }
    }

    /// The end of a command by a signal. The message is printed without the word "error".
    pub fn stopped(message: String, exit: Exit) -> Error {
        Error { message, help: None, exit }
    }

    /// Adds a line of help.
    pub fn help(self, help: impl Into<String>) -> Error {
        Error { help: Some(help.into()), ..self }
    }

    /// The error of a shard, whose failures may be tried again.
    pub fn of_shard(self) -> Error {
        let exit = if self.exit == Exit::Failed { Exit::Retry } else { self.exit };
        Error { exit, ..self }
    }

    /// Prints the error on standard error and returns its exit code.
    pub fn tell(&self) -> Exit {
        match &self.help {
            Some(help) => note(&format!("{}\n  help: {help}", self.message.trim_end())),
            None => note(&self.message),
        }
        self.exit
    }
}

/// A folder or a file that cannot be used: wrong input if the path can never name it, else a failure, such as a full disk.
impl From<FileError> for Error {
    fn from(error: FileError) -> Error {
        if error.is_choice() { Error::wrong_input(error) } else { Error::failed(error) }
    }
}

impl From<Diagnostics> for Error {
    fn from(problems: Diagnostics) -> Error {
        Error { message: problems.render(io::stderr().is_terminal()), help: None, exit: Exit::WrongInput }
    }
}

/// Prints text on standard output; characters that act on a terminal are written as their numbers. A closed pipe, as in
/// `| head`, is no error.
pub fn print(text: &str) -> Result<(), Error> {
    if output_was_closed() && !text.is_empty() {
        return Err(Error::failed("cannot write to standard output: it is closed"));
    }
    let mut out = anstream::stdout().lock();
    written(out.write_all(on_screen(text).as_bytes()).and_then(|()| out.flush()))
}

/// The result of writing to standard output, where a closed pipe is no error.
fn written(outcome: io::Result<()>) -> Result<(), Error> {
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::failed(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a line on standard error: a warning, or an error by way of [`Error::tell`]; characters that act on a terminal are
/// shown as their numbers.
pub fn note(text: &str) {
    // An error of writing to standard error cannot be reported.
    let _ = writeln!(anstream::stderr().lock(), "{}", on_screen(text.trim_end()));
}

/// Prints the warnings about a scenario on standard error.
pub fn warn(warnings: &Diagnostics) {
    if !warnings.is_empty() {
        note(&warnings.render(io::stderr().is_terminal()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_of_two_ends_is_the_one_that_tells_more() {
        use Exit::*;
        assert_eq!(Done.or_worse(ThresholdMissed), ThresholdMissed);
        assert_eq!(ThresholdMissed.or_worse(WrongInput), WrongInput);
        assert_eq!(WrongInput.or_worse(Failed).or_worse(Done), Failed);
        assert_eq!(Done.or_worse(Done), Done);
    }

    #[test]
    fn only_failures_of_a_shard_may_be_tried_again() {
        assert_eq!(Error::failed("disk full").of_shard().exit, Exit::Retry);
        assert_eq!(Error::wrong_input("no such plan").of_shard().exit, Exit::WrongInput);
        assert_eq!(Error::stopped("stopped".to_owned(), Exit::Interrupted).of_shard().exit, Exit::Interrupted);
    }
}
