//! To whom it happens: people, then regions and requests.

use super::claim::{Claim, Fact, Stretch, Zero};
use super::harm::{KINDS, Kind, SLIGHT, longest_wait};
use super::phrase::{Phrase, phrase};
use super::spell::{how_many, together, waiting};
use super::voice::{ERRORS, Voice};
use super::what::told;
use super::why;
use crate::analysis::{Course, MostFailed, Peak, Trouble};
use crate::measure::Scope;
use crate::report::numbers::{self, count, grouped};
use crate::vocabulary::Figure;

/// Regions and requests that a sentence names, at most.
const PLACES: usize = 3;
/// Troubles whose regions a sentence names, at most.
const TROUBLES: usize = 5;
/// Share of the failures of a trouble from which on they are told as those of one region.
const NEARLY_ALL: f64 = 0.9;
/// Share of the people who are harmed from which on they are told first though no attempt fails.
const MANY: f64 = 0.01;

/// The people who are harmed though no attempt fails, where they are what is told first: `, but of 200k people, all get a poor picture`.
pub fn though_nothing_fails(voice: &Voice<'_>) -> Phrase {
    if is_harm_first(voice) { phrase![", but ", people(voice)] } else { Phrase::default() }
}

/// Whether many people are harmed though no attempt fails and none is known to wait for long, so that this is told first. Intervals that
/// are longer than a wait that is late do not show when people wait.
fn is_harm_first(voice: &Voice<'_>) -> bool {
    let (course, frame) = (&voice.run.everything, &voice.run.frame);
    let is_calm = course.ended > 0.0 && course.failed <= 0.0;
    let waits = !course.waiting.stretches.is_empty() && frame.width <= frame.wait_bound;
    let present = voice.run.harm.present;
    let many = |kind: &Kind| (kind.people)(voice.run) >= MANY * present;
    is_calm && !waits && present > 0.0 && KINDS.iter().any(many)
}

/// The people who are harmed unless they are told first, and the waits of calls that their numbers leave out.
pub fn everybody(voice: &Voice<'_>) -> Vec<Phrase> {
    let left_out = longest_wait(voice).filter(|(_, wait)| voice.run.harm.present > 0.0 && !is_open(voice, *wait));
    let left_out = left_out
        .map(|(pool, wait)| phrase![calls_wait(voice, pool, wait), ", which the number of people who wait leaves out"]);
    let people = (!is_harm_first(voice)).then(|| people(voice));
    people.into_iter().chain(left_out).collect()
}

/// Whether it is open how many people wait: nobody is counted, and calls wait for long.
fn is_open(voice: &Voice<'_>, wait: Peak) -> bool {
    // Who waits for so long behind a gateway is no person unharmed, though none is counted.
    counted_people(voice).is_empty() && wait.value >= 1e3 * voice.run.frame.wait_bound.seconds()
}

/// The people who are harmed, by kind; that it is open how many wait, where nobody is counted and calls wait for long.
pub fn people(voice: &Voice<'_>) -> Phrase {
    if voice.run.harm.present <= 0.0 {
        return Phrase::default();
    }
    if let Some((pool, wait)) = longest_wait(voice).filter(|(_, wait)| is_open(voice, *wait)) {
        return phrase!["it is open how many people wait, since ", calls_wait(voice, pool, wait)];
    }
    match counted_people(voice) {
        nobody if nobody.is_empty() => unharmed(voice),
        people => people,
    }
}

/// The people who are harmed, by kind: `of 3.44M people, 1.87M see an error page and 1.4M give up`; nothing if nobody is.
fn counted_people(voice: &Voice<'_>) -> Phrase {
    let present = voice.run.harm.present;
    let most = KINDS.iter().map(|kind| (kind.people)(voice.run)).fold(0.0, f64::max);
    let suffered: Vec<(&Kind, f64)> = KINDS.iter().map(|kind| (kind, (kind.people)(voice.run))).collect();
    let told = |(_, people): &(&Kind, f64)| *people > 0.0 && *people >= SLIGHT * most;
    let suffered: Vec<(&Kind, f64)> = suffered.into_iter().filter(told).collect();
    let clause = |(index, (kind, value)): (usize, &(&Kind, f64))| {
        let number = number_beside(voice, &suffered, index);
        phrase![number, kind.suffered(voice, grouped(*value) == "1")]
    };
    let clauses: Vec<Phrase> = suffered.iter().enumerate().map(clause).collect();
    if clauses.is_empty() {
        return Phrase::default();
    }
    let text = format!("{} {}", count(present), if grouped(present) == "1" { "person" } else { "people" });
    let fact = Fact::People { value: present, path: Figure::Present.name().to_owned(), at_least: false };
    phrase!["of ", Claim { text, fact }, ", ", Phrase::join(clauses, ", ", " and ")]
}

/// The number of people of one of the kinds of harm that are told: `as many` where that is the number before it, and every digit where
/// another would look the same.
fn number_beside(voice: &Voice<'_>, suffered: &[(&Kind, f64)], index: usize) -> Claim {
    let (kind, value) = suffered[index];
    let number = number(voice, kind, value);
    if kind.is_at_least(voice) || is_all(voice, kind, value) || grouped(value) == "1" {
        return number;
    }
    let before = index.checked_sub(1).map(|before| suffered[before]);
    if let Some((other, _)) = before.filter(|(other, people)| *people == value && !other.is_at_least(voice)) {
        let (path, per) = (kind.figure.name().to_owned(), other.figure.name().to_owned());
        return Claim { text: "as many".to_owned(), fact: Fact::Factor { value: 1.0, path, per } };
    }
    let looks_alike = |(_, people): &(&Kind, f64)| *people != value && count(*people) == count(value);
    match &number.fact {
        Fact::People { .. } if suffered.iter().any(looks_alike) => Claim { text: grouped(value), ..number },
        _ => number,
    }
}

/// A number of people of all; `all` if it is all, and their share where both are the same in few digits, since a part must not look
/// like the whole.
pub fn number(voice: &Voice<'_>, kind: &Kind, value: f64) -> Claim {
    let (present, at_least) = (voice.run.harm.present, kind.is_at_least(voice));
    let path = kind.figure.name().to_owned();
    let per = || Figure::Present.name().to_owned();
    let share = |text: String| (text, Fact::Factor { value: value / present, path: path.clone(), per: per() });
    let looks_like_all = count(value) == count(present);
    let (text, fact) = if looks_like_all && value < present {
        let nearly = value / present;
        share(if at_least { numbers::percent(nearly) } else { numbers::share(nearly) })
    } else if looks_like_all && is_all(voice, kind, value) {
        share("all".to_owned())
    } else {
        (count(value), Fact::People { value, path: path.clone(), at_least })
    };
    Claim { text: if at_least { format!("at least {text}") } else { text }, fact }
}

/// Whether so many people are all, of more than one.
pub fn is_all(voice: &Voice<'_>, kind: &Kind, value: f64) -> bool {
    value == voice.run.harm.present && grouped(value) != "1" && !kind.is_at_least(voice)
}

/// Longest wait of calls at the pool that is called: people wait for these behind the pool that they ask, and the waits that people
/// are counted by leave them out.
fn calls_wait(voice: &Voice<'_>, pool: usize, wait: Peak) -> Phrase {
    phrase!["calls to ", voice.pool(pool), " wait up to ", voice.mean_wait(pool, wait)]
}

/// That nobody is harmed: in full, with how long attempts wait, where attempts fail or wait or links hold streams down, which people
/// may call harm.
fn unharmed(voice: &Voice<'_>) -> Phrase {
    let paths = KINDS.iter().map(|kind| kind.figure.name().to_owned()).collect();
    let nobody = Claim { text: "nobody".to_owned(), fact: Fact::Nothing(Zero::Figures { paths }) };
    let (run, wait) = (voice.run, why::wait_beside(voice));
    let fails = run.everything.failed > 0.0 || run.requests.iter().any(|request| request.course.failed > 0.0);
    if !fails && wait.is_none() && run.links.is_empty() {
        return phrase![nobody, " is harmed"];
    }
    let kinds = KINDS.iter().filter(|kind| !kind.is_of_streams() || run.peaks.streams.is_some());
    let suffered = Phrase::join(kinds.map(|kind| kind.suffered(voice, true)), ",", " or");
    phrase![nobody, suffered, wait.map(|(pool, wait)| phrase![", but ", why::attempts_wait(voice, pool, wait)])]
}

/// The regions and requests that fare worse than the whole.
pub fn places(voice: &Voice<'_>) -> Vec<Phrase> {
    let named = &voice.run.named;
    let places = named.iter().take(PLACES).flat_map(|named| place(voice, named.scope)).chain(more(voice));
    places.chain(by_trouble(voice)).collect()
}

/// In which regions several troubles are, where nearly all that fails in each fails in one, and not in the same: `of the failures in the
/// 3 troubles, in this order, 100% are in North, 100% in South and 98% in East`.
fn by_trouble(voice: &Voice<'_>) -> Option<Phrase> {
    let (course, regions) = (&voice.run.everything, &voice.run.failed_most);
    let is_one = |at: &MostFailed| at.share >= NEARLY_ALL;
    let differ = regions.iter().any(|at| at.region != regions[0].region);
    if !(2..=TROUBLES).contains(&regions.len()) || !differ || !regions.iter().all(is_one) {
        return None;
    }
    let part = |(index, (at, trouble)): (usize, (&MostFailed, &Trouble))| {
        let (scope, over) = (voice.rows(Scope::region(at.region)), trouble_stretch(trouble));
        let fact = Fact::Part { value: at.share, column: ERRORS, scope, whole: "regions", over };
        let verb = if index == 0 { " are in " } else { " in " };
        phrase![Claim { text: numbers::share(at.share), fact }, verb, voice.region(at.region)]
    };
    let parts = regions.iter().zip(&course.troubles).enumerate().map(part);
    let parts = Phrase::join(parts, ", ", " and ");
    Some(phrase!["of the failures in the ", how_many(voice, course), ", in this order, ", parts])
}

fn trouble_stretch(trouble: &Trouble) -> Stretch {
    Stretch { from_s: trouble.begin_s, to_s: trouble.end_s }
}

/// Troubles, or else waits, of a region or request.
fn place(voice: &Voice<'_>, scope: Scope) -> Vec<Phrase> {
    let Some(course) = voice.run.course(scope) else { return Vec::new() };
    if course.fails() {
        return told(voice, course).into_iter().chain(together(voice, course)).collect();
    }
    waiting(voice, course).map(|[waits, when]| phrase![waits, "; ", when]).into_iter().collect()
}

/// Number of regions and requests in trouble, where more are than are named.
fn more(voice: &Voice<'_>) -> impl Iterator<Item = Phrase> {
    let in_trouble = |course: &&Course| course.is_in_trouble();
    let untold = |is: fn(&Scope) -> bool| voice.run.named.iter().skip(PLACES).any(|named| is(&named.scope));
    let regions = untold(|scope| scope.region.is_some()).then(|| {
        let value = voice.run.regions.iter().filter(in_trouble).count() as f64;
        counted(value, format!("{} regions", grouped(value)), "regions_in_trouble")
    });
    let requests = untold(|scope| scope.request.is_some()).then(|| {
        let value = voice.run.requests.iter().map(|request| &request.course).filter(in_trouble).count() as f64;
        counted(value, format!("{} requests", grouped(value)), "requests_in_trouble")
    });
    regions.into_iter().chain(requests)
}

/// That a number of places is in trouble.
fn counted(value: f64, text: String, of: &'static str) -> Phrase {
    phrase![Claim { text, fact: Fact::Count { value, of, by: None } }, " are in trouble"]
}
