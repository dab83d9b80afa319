//! Origins of attempts, whole requests and harm to people, against a twin that hears what happens to each viewer.

use std::collections::HashMap;

use dropstorm::engine::{self, Probe, Who};
use dropstorm::measure::Measurements;
use dropstorm::model::{Model, Settings, Step};
use dropstorm::units::Time;
use dropstorm::vocabulary::{Column, Happening, Harm, Outcome, RowKind};

use super::case::{Case, SEED, ensure, ensure_same, holds};
use super::sums::total;

/// Rounding of the engine's sums of waits, in single precision, as a share of the wait that `[harm]` states; twice what the engine
/// itself allows.
const ROUNDING: f64 = 2e-6;

/// What the twin knows of one person.
#[derive(Default)]
struct Person {
    region: usize,
    /// Whether the journey has a stream, and whether the first one has begun.
    awaits_stream: bool,
    has_begun: bool,
    /// Whether the person has asked since the release.
    asks_for_stream: bool,
    /// The wait in the present request so far, in nanoseconds; `None` without a request.
    request: Option<i64>,
    /// The wait for the first stream so far, without the present request.
    before_stream: i64,
    /// The end of the pause before a refresh.
    refreshes: Option<Time>,
    queued: Option<Time>,
    pause: Option<(Time, Time)>,
    sent: Option<Time>,
    /// Number of requests begun on the present way, and the furthest such number before.
    reached: u32,
    furthest: u32,
    anew: bool,
    came_back: bool,
    harmed: [bool; Harm::COUNT],
}

struct Twin<'a> {
    model: &'a Model,
    from_start: bool,
    people: HashMap<Who, Person>,
    interval: usize,
    /// First tries, retries, refreshes, come-backs, times of giving up, requests ended, failed and waited, hedged copies.
    counts: [u64; 9],
    harmed: Vec<[u64; Harm::COUNT]>,
    /// By region, those who have waited too long by the end of the measured window if they stay through the pause they are in.
    perhaps_waited: Vec<u64>,
    /// Waits in requests that are too long by no more than the rounding of the engine's sums.
    hardly_too_long: u64,
    /// Ages in milliseconds of the oldest attempt of each region at the end of each interval.
    oldest: Vec<Vec<Option<f64>>>,
}

impl Twin<'_> {
    fn is_measured(&self) -> bool {
        self.model.measured.contains(&self.interval)
    }

    fn harm(&mut self, who: Who, harm: Harm) {
        let measured = self.is_measured();
        let person = self.people.get_mut(&who).unwrap();
        if measured && !std::mem::replace(&mut person.harmed[harm as usize], true) {
            self.harmed[person.region][harm as usize] += 1;
        }
    }

    /// Whether a wait in the present request, or with it the wait before the first stream in all, is too long.
    fn is_too_long(&self, who: Who, in_request: i64) -> bool {
        let person = &self.people[&who];
        let for_stream = person.awaits_stream && !person.has_begun && person.asks_for_stream;
        let longest = if for_stream { in_request.max(person.before_stream + in_request) } else { in_request };
        longest > self.model.harm.wait.0
    }

    fn judge_wait(&mut self, who: Who, in_request: i64) {
        if self.is_too_long(who, in_request) {
            self.harm(who, Harm::Waited);
        }
    }

    /// Judges those who are in a pause before a refresh when the measured window begins.
    fn judge_pauses_at_the_begin(&mut self, now: Time) {
        let pauses = |person: &Person| person.refreshes.is_some_and(|end| end >= now);
        let paused: Vec<Who> = self.people.iter().filter(|(_, person)| pauses(person)).map(|(who, _)| *who).collect();
        paused.into_iter().for_each(|who| self.judge_wait(who, 0));
    }

    /// Judges those who wait when the measured window ends. Who is in a pause may leave before its end.
    fn judge_waits_at_the_end(&mut self, now: Time) {
        let waits: Vec<(Who, i64, i64)> = self
            .people
            .iter()
            .filter_map(|(who, person)| {
                let wait = person.request? + person.queued.map_or(0, |since| now.since(since).0);
                let [so_far, whole] =
                    person.pause.map_or([0, 0], |(since, until)| [now, until].map(|end| end.since(since).0));
                Some((*who, wait + so_far, wait + whole))
            })
            .collect();
        for (who, so_far, whole) in waits {
            if so_far > 0 {
                self.judge_wait(who, so_far);
            }
            let person = &self.people[&who];
            if !person.harmed[Harm::Waited as usize] && self.is_too_long(who, whole) {
                self.perhaps_waited[person.region] += 1;
            }
        }
    }

    /// The wait in the queue or the pause ends.
    fn wait_ends(&mut self, who: Who, now: Time) {
        let person = self.people.get_mut(&who).unwrap();
        let queued = person.queued.take().map(|since| now.since(since).0);
        let paused = person.pause.take().map(|(since, _)| now.since(since).0);
        if let Some(wait) = &mut person.request {
            *wait += queued.unwrap_or(0) + paused.unwrap_or(0);
        }
    }

    fn request_ends(&mut self, who: Who, failed: bool) {
        let wait = self.people.get_mut(&who).unwrap().request.take().unwrap_or(0);
        self.counts[5] += 1;
        self.counts[6] += u64::from(failed);
        let bound = self.model.harm.wait.0;
        let is_hardly = wait > bound && (wait - bound) as f64 <= ROUNDING * bound as f64;
        self.hardly_too_long += u64::from(is_hardly);
        self.counts[7] += u64::from(wait > bound && !is_hardly);
        // A request that waits for nothing adds nothing to an earlier wait for the first stream.
        if wait > 0 {
            self.judge_wait(who, wait);
        }
        let person = self.people.get_mut(&who).unwrap();
        if person.asks_for_stream {
            person.before_stream += wait;
        }
    }

    fn begins_again(person: &mut Person, came_back: bool) {
        person.furthest = person.furthest.max(person.reached);
        (person.reached, person.came_back) = (0, came_back);
    }
}

impl Probe for Twin<'_> {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        let cohort = &self.model.cohorts[usize::from(who.cohort)];
        let drop = self.model.drops[cohort.region];
        let steps = &self.model.epochs[0].settings.journeys[cohort.journey].steps;
        let awaits_stream = steps.iter().any(|step| matches!(step, Step::Stream { .. }));
        let new = || Person { region: cohort.region, awaits_stream, ..Person::default() };
        let person = self.people.entry(who).or_insert_with(new);
        match what {
            Happening::RequestBegan { .. } => {
                person.request = Some(0);
                person.asks_for_stream |= now >= drop && !person.has_begun;
                let anew = std::mem::take(&mut person.anew);
                person.reached += u32::from(!anew);
                let again = person.reached <= person.furthest;
                person.furthest = person.furthest.max(person.reached);
                let origin = match (anew, again, person.came_back) {
                    (true, ..) | (false, true, false) => 2,
                    (false, true, true) => 3,
                    (false, false, _) => 0,
                };
                self.counts[origin] += 1;
            }
            Happening::Sent { attempt, .. } => {
                person.sent = Some(now);
                self.counts[1] += u64::from(attempt > 1);
                self.wait_ends(who, now);
            }
            Happening::Hedged { .. } => self.counts[8] += 1,
            Happening::Queued { .. } => person.queued = Some(now),
            Happening::ServiceBegan { .. } => self.wait_ends(who, now),
            Happening::RetryAt { at } => person.pause = Some((now, at)),
            Happening::Ended { .. } | Happening::AppTimerEnded | Happening::PatienceEnded => {
                person.sent = None;
                self.wait_ends(who, now);
                if matches!(what, Happening::Ended { outcome: Outcome::Served, .. }) {
                    self.request_ends(who, false);
                }
            }
            Happening::Skipped => self.request_ends(who, true),
            Happening::ErrorPage => {
                self.request_ends(who, true);
                self.harm(who, Harm::SawError);
            }
            Happening::RefreshAt { at } => {
                person.before_stream += if person.asks_for_stream { at.since(now).0 } else { 0 };
                person.refreshes = Some(at);
                if self.from_start {
                    Self::begins_again(person, false)
                } else {
                    person.anew = true
                }
                self.judge_wait(who, 0);
            }
            Happening::GaveUp => {
                self.counts[4] += 1;
                self.harm(who, Harm::GaveUp);
            }
            Happening::CameBack => Self::begins_again(person, true),
            Happening::AlreadyInside | Happening::StreamBegan { .. } => person.has_begun = true,
            _ => {}
        }
    }

    fn interval_closed(&mut self, now: Time, _: u64) {
        if self.interval + 1 == self.model.measured.end {
            self.judge_waits_at_the_end(now);
        }
        let mut oldest: Vec<Option<Time>> = vec![None; self.model.regions];
        for person in self.people.values() {
            if let Some(sent) = person.sent {
                let least = oldest[person.region].map_or(sent, |least| least.min(sent));
                oldest[person.region] = Some(least);
            }
        }
        self.oldest.push(oldest.into_iter().map(|sent| Some(now.since(sent?).millis())).collect());
        self.interval += 1;
        if self.interval == self.model.measured.start {
            self.judge_pauses_at_the_begin(now);
        }
    }
}

pub fn are_those_of_a_twin(case: &Case) -> Result<(), String> {
    let model = &case.model;
    // Heartbeats that bear the name of a request are among its attempts, and no probe is told of them.
    if case.drawn.has_nameless_heartbeats() {
        return Ok(());
    }
    let refreshes = || {
        let clients = model.epochs.iter().flat_map(|epoch| &epoch.settings.clients);
        clients.filter_map(|client| client.refresh.as_ref()).map(|refresh| refresh.from_start)
    };
    let from_start = refreshes().next().unwrap_or(false);
    let mut twin = Twin {
        model,
        from_start,
        people: HashMap::new(),
        interval: 0,
        counts: [0; 9],
        harmed: vec![[0; Harm::COUNT]; model.regions],
        perhaps_waited: vec![0; model.regions],
        hardly_too_long: 0,
        oldest: Vec::new(),
    };
    let run = engine::run_with(model, SEED, &mut twin);
    // The twin does not know the steps that `then` leads to, nor whose refreshes begin where.
    let turns = ["Step.then", "Journey.repeat"].iter().any(|key| case.drawn.used.contains(*key));
    // Nor does it know how far those had come who were inside at the start, which decides what they make anew if they come back.
    let ever = |uses: fn(&Settings) -> bool| model.epochs.iter().any(|epoch| uses(&epoch.settings));
    let come_back = ever(|settings| settings.clients.iter().any(|client| client.come_back.is_some()));
    let is_known = run.ledger.already == 0 || !come_back;
    let walks_on = !turns && is_known && refreshes().all(|other| other == from_start);
    // It hears of the end of a wait half a round trip late, and not which of the copies of an attempt waits or ends.
    // The settings say it, since a change may bring either about.
    let hedges = ever(|settings| settings.clients.iter().any(|client| client.hedge.is_some()));
    let is_near = !hedges && !ever(|settings| settings.regions.iter().any(|region| region.distance.is_far()));
    let patience = ever(|settings| settings.clients.iter().any(|client| client.patience.is_some()));
    let counted = [
        (Column::FirstTries, walks_on),
        (Column::Retries, true),
        (Column::Refreshes, walks_on),
        (Column::ComeBacks, walks_on),
        (Column::GaveUp, true),
        (Column::RequestsEnded, true),
        (Column::RequestsFailed, true),
        (Column::RequestsWaited, is_near),
        (Column::Hedges, true),
    ];
    for ((column, known), heard) in counted.into_iter().zip(twin.counts) {
        let count = (total(&case.figures, column, RowKind::All) * model.scale).round() as u64;
        let most = heard + if column == Column::RequestsWaited { twin.hardly_too_long } else { 0 };
        let holds = (heard..=most).contains(&count);
        ensure!(!known || holds, "{}: {count}, but {heard} to {most} were heard of", column.name());
    }
    harm_is_as_heard(&twin, &run, is_near, patience)?;
    for (interval, oldest) in twin.oldest.iter().enumerate().filter(|_| !hedges) {
        for (region, heard) in oldest.iter().enumerate() {
            let age = case.figures.value(interval, 1 + region, Column::OldestWait);
            ensure_same!(Some(age).filter(|age| !age.is_nan()), *heard, "oldest in {region} at {interval}");
        }
    }
    let in_flight = case.figures.series(0, Column::InFlight).last().map(|value| (value * model.scale).round() as u64);
    ensure_same!(in_flight, Some(case.observer.on_their_way()), "in flight at the end");
    Ok(())
}

/// Harm to the people of each region is what the twin heard of; of waits only if it `is_near`, and with `patience` up to those who
/// may leave a pause before its end.
fn harm_is_as_heard(twin: &Twin<'_>, run: &Measurements, is_near: bool, patience: bool) -> Result<(), String> {
    for (region, heard) in twin.harmed.iter().enumerate() {
        for harm in [Harm::SawError, Harm::GaveUp, Harm::Waited] {
            let (counted, heard) = (run.people[region].harmed[harm as usize], heard[harm as usize]);
            let known = harm != Harm::Waited || is_near;
            let most = heard + if harm == Harm::Waited { twin.perhaps_waited[region] } else { 0 };
            let hardly = if harm == Harm::Waited { twin.hardly_too_long } else { 0 };
            let least = if patience { heard } else { most }.saturating_sub(hardly);
            let holds = (least..=most).contains(&counted);
            ensure!(!known || holds, "{} in {region}: {counted}, not {least} to {most}", harm.name());
        }
        ensure!(run.people[region].harmed.iter().all(|harmed| *harmed <= run.people[region].present), "{run:?}");
    }
    Ok(())
}

#[test]
fn origins_requests_and_harm_are_those_of_a_twin() {
    holds(are_those_of_a_twin);
}

#[test]
fn the_twin_meets_every_kind_of_what_it_counts() {
    let mut sums = [0.0; 9];
    for (_, case) in super::case::fixed() {
        let Ok(case) = case else { continue };
        let columns = [
            Column::FirstTries,
            Column::Retries,
            Column::Refreshes,
            Column::ComeBacks,
            Column::GaveUp,
            Column::RequestsEnded,
            Column::RequestsFailed,
            Column::RequestsWaited,
            Column::InFlight,
        ];
        for (sum, column) in sums.iter_mut().zip(columns) {
            *sum += total(&case.figures, column, RowKind::All);
        }
    }
    assert!(sums.iter().all(|sum| *sum > 100.0), "{sums:?}");
}
