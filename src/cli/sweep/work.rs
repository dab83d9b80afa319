//! Runs the units of a sweep that are missing, and writes the results or the file of the shard.

use std::path::Path;
use std::time::Instant;

use dropstorm::report::render::Look;
use dropstorm::report::{OutputFolder, sweeps};
use dropstorm::sweep::store::{self, ShardFile};
use dropstorm::sweep::{self, Outline, Plan, Results, Shard, Store, StoreError};
use dropstorm::system::text;
use rayon::ThreadPool;

use super::super::error::{Error, Exit, note, print};
use super::super::interrupt::Interrupt;
use super::super::open;
use super::super::options::Output;
use super::super::progress::Units;
use super::super::size::Size;
use super::forecast::Forecast;
use super::tell::{self, Ran};

/// Help for a store that cannot be used.
const BEGIN_ANEW: &str = "remove this file to begin anew";
const ANOTHER_FOLDER: &str = "take another folder with --out";

/// A sweep, or one shard of it, and where it runs.
pub struct Work<'a> {
    pub plan: &'a Plan,
    /// The folder of all results.
    pub out: &'a Path,
    /// The folder of the sweep's results within it.
    pub folder: &'a Path,
    pub shard: Option<Shard>,
    pub threads: &'a ThreadPool,
    pub look: Look,
    pub size: &'a Size,
    pub output: &'a Output,
}

impl Work<'_> {
    /// Runs the missing units of the whole sweep and writes its results, whose page is shown if `open` says so.
    pub fn whole(&self, open: bool) -> Result<Exit, Error> {
        // A folder that cannot be written is found before the run.
        let target = OutputFolder::within(self.out, self.outline().name())?;
        self.output.warn_of_locks(&target);
        let store = Store::open(&self.folder.join(store::FILE), self.outline(), None).map_err(refused)?;
        let ran = self.run_missing(&store)?;
        let results = Results::new(self.outline(), &store).map_err(Error::failed)?;
        let told = sweeps::write(&target, &results, self.look).map_err(Error::failed)?;
        let exit = tell::finished(&told, self.outline(), self.folder, Some(ran), self.output);
        if open {
            open::page(&told.files);
        }
        exit
    }

    /// Runs the missing units of a shard and writes its file, unless the file exists.
    pub fn one_shard(&self, shard: Shard) -> Result<Exit, Error> {
        OutputFolder::shared(self.out, self.outline().name()).map_err(|error| Error::from(error).of_shard())?;
        let unfinished = shard.unfinished(self.folder);
        let done = self.is_done(shard)?;
        if done && !unfinished.exists() {
            return Ok(Exit::Done);
        }
        let store = Store::open(&unfinished, self.outline(), Some(shard)).map_err(refused_shard)?;
        // Another process may have finished the shard since, or died before it removed the store.
        if done || self.is_done(shard)? {
            return store.remove().map(|()| Exit::Done).map_err(refused_shard);
        }
        // A failure of one machine, such as a full disk, may be absent on another or later, so the shard may be run again.
        self.run_shard(shard, store).map_err(Error::of_shard)
    }

    fn run_shard(&self, shard: Shard, store: Store) -> Result<Exit, Error> {
        self.run_missing(&store)?;
        let units = store.len();
        let file = ShardFile::write(store, self.outline(), shard, self.folder).map_err(Error::failed)?;
        tell::shard(shard, &file, units, "done", self.output)?;
        Ok(Exit::Done)
    }

    /// Whether a shard was finished before. A damaged shard is run again.
    fn is_done(&self, shard: Shard) -> Result<bool, Error> {
        let file = shard.file(self.folder);
        if !file.exists() {
            return Ok(false);
        }
        match ShardFile::check(&file) {
            Ok(done) if done.outline.digest() == self.outline().digest() => {
                tell::shard(shard, &file, done.units, "done already", self.output).map_err(Error::of_shard)?;
                Ok(true)
            }
            Ok(_) => {
                let error = format!("`{}` is a shard of another plan or version", text::path(&file));
                Err(Error::wrong_input(error).help(ANOTHER_FOLDER))
            }
            Err(StoreError::Damaged { .. }) => {
                if !self.output.quiet {
                    note(&format!("warning: `{}` is damaged and is run again", text::path(&file)));
                }
                Ok(false)
            }
            Err(error) => Err(Error::failed(error).of_shard()),
        }
    }

    /// Runs the units that the store lacks. An interrupt or a failure is an error.
    fn run_missing(&self, store: &Store) -> Result<Ran, Error> {
        let interrupt = Interrupt::listen();
        let ran = interrupt.within(|| self.stopped(store, &interrupt), || self.run_until(store, &interrupt));
        // A signal that came as the last unit was done ends the command all the same.
        if interrupt.came() { Err(self.stopped(store, &interrupt)) } else { ran }
    }

    /// Runs the units that the store lacks, until a signal comes.
    fn run_until(&self, store: &Store, interrupt: &Interrupt) -> Result<Ran, Error> {
        let held = store.len();
        let forecast = self.forecast(held)?;
        if self.output.is_for_people() {
            self.announce(held, &forecast)?;
        }
        forecast.sizes.check(self.size, self.outline().scale())?;
        let begun = Instant::now();
        let progress = Units::new(self.output.is_for_people(), interrupt.clone(), forecast.sizes.limits(None));
        let complete = self.threads.install(|| sweep::run(self.plan, self.shard, store, &progress));
        progress.finish();
        match complete {
            Ok(true) => Ok(Ran { units: store.len() - held, wall_s: begun.elapsed().as_secs_f64() }),
            Ok(false) => Err(self.stopped(store, interrupt)),
            Err(error) => {
                let kept = store.len();
                let help =
                    format!("{kept} units are kept; once the cause is removed, the same command goes on from them");
                Err(Error::failed(error).help(help))
            }
        }
    }

    /// Prints what would be run, and its forecast.
    pub fn only_say(&self) -> Result<(), Error> {
        let forecast = self.forecast(0)?;
        self.announce(0, &forecast)?;
        if let Some((error, help)) = forecast.sizes.too_large(self.outline().scale()) {
            note(&format!("note: without --force-size this is refused: {error}\n  help: {help}"));
        }
        Ok(())
    }

    /// The forecast where the store holds `held` units already.
    fn forecast(&self, held: u64) -> Result<Forecast, Error> {
        Forecast::of(self.plan, self.units().saturating_sub(held), self.threads.current_num_threads())
    }

    /// Prints what will be run and its forecast, where the store holds `held` units already.
    fn announce(&self, held: u64, forecast: &Forecast) -> Result<(), Error> {
        let (units, jobs) = (self.units(), self.threads.current_num_threads());
        let missing = units.saturating_sub(held);
        if self.output.json {
            return print(&tell::forecast_json(self.outline(), units, jobs, forecast, self.folder));
        }
        print(&tell::overview(self.outline(), self.shard, units))?;
        if missing > 0 {
            print(&format!("  {}\n", forecast.words(jobs, self.outline())))?;
        }
        if held > 0 {
            print(&tell::held(held, units))?;
        }
        Ok(())
    }

    /// The error of an interrupt, which says how to go on.
    fn stopped(&self, store: &Store, interrupt: &Interrupt) -> Error {
        // A scheduler that terminated a shard may start it again.
        let exit = match interrupt.exit() {
            Exit::Terminated if self.shard.is_some() => Exit::Retry,
            exit => exit,
        };
        tell::stopped(store, &tell::kept(store, self.units()), exit)
    }

    fn outline(&self) -> &Outline {
        self.plan.outline()
    }

    /// Number of units of the sweep or of its shard; the largest possible number where intervals decide.
    fn units(&self) -> u64 {
        self.shard.map_or(self.outline().most_units(), |shard| sweep::units_of_shard(self.outline(), shard))
    }
}

/// The error of a store that cannot be used.
pub fn refused(error: StoreError) -> Error {
    match error {
        StoreError::Foreign { .. } => Error::wrong_input(error).help(format!("{ANOTHER_FOLDER}, or {BEGIN_ANEW}")),
        StoreError::Damaged { .. } => Error::failed(error).help(BEGIN_ANEW),
        error if error.is_choice() => Error::wrong_input(error),
        error => Error::failed(error),
    }
}

/// The error of a shard's store that cannot be used. Another attempt mends a file system of a cluster that is away for a
/// moment, but no damaged file.
fn refused_shard(error: StoreError) -> Error {
    match error {
        StoreError::File { .. } | StoreError::Busy(_) => refused(error).of_shard(),
        error => refused(error),
    }
}
