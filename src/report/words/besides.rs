//! Clauses after the cause: thresholds that do not hold, waiting rooms, links that hold streams down, repeated attempts, the scale.

use super::claim::{Claim, Fact, Lasting, Named, Ratio, Stretch, WhileLimited, Zero};
use super::moment::length;
use super::phrase::{Phrase, phrase};
use super::rooms;
use super::voice::{Voice, named};
use crate::analysis::{Link, Peak};
use crate::measure::{Scope, ThresholdResult};
use crate::model;
use crate::report::numbers::{grouped, in_unit, percent, share, si, trim_zeros};
use crate::vocabulary::{Column, Figure, Metric, Path, RowKind, Unit};

/// Thresholds and links that a sentence names, at most.
const NAMED: usize = 2;
/// Attempts for a first try from which on repeated attempts are told.
pub const AMPLIFIED: f64 = 1.2;
/// Words for time in vain.
const WASTED_TIME: &str = " of the servers' time is spent in vain";
/// Share of the servers' time in vain from which on it is told.
pub const WASTED: f64 = 0.3;
/// Share of their time from which on it is told that streams stall.
const STALLED: f64 = 0.01;
/// Change of a pool's capacity by rounding, beyond which it is told, and beyond which a run judges nothing.
const ROUNDED: [f64; 2] = [0.02, 0.2];

/// Clauses of a run after the cause, the most telling first.
pub fn more(voice: &Voice<'_>) -> Vec<Phrase> {
    let again = of_troubled(voice);
    let of_all = amplification(voice, !again.is_empty());
    let rest = [stalls(voice), again, of_all, wasted(voice), scale(voice, false)];
    let limited = by_length(voice).into_iter().take(NAMED);
    let rates = limited.clone().filter_map(|link| bitrate_while_limited(voice, link));
    let links = limited.map(|link| holds(voice, link));
    rooms::of_run(voice).into_iter().chain(links).chain(rest).chain(rates).collect()
}

/// Clauses of several replications after the cause; `rooms` tells of waiting rooms, `again` of repeated attempts, `wasted` is the share
/// of the servers' time in vain in the median, with the words for it, where that is much.
pub fn of_all(voice: &Voice<'_>, rooms: Vec<Phrase>, again: Vec<Phrase>, wasted: Option<(f64, Phrase)>) -> Vec<Phrase> {
    let wasted = wasted.map(|(value, share)| in_vain(voice, value, share));
    rooms.into_iter().chain(again).chain(wasted).chain([scale(voice, false)]).collect()
}

/// That the run is told in part, since a limit of the command ended it; nothing for a whole run. `tells` says of what the rest
/// of the sentence tells.
pub fn in_part(voice: &Voice<'_>, tells: &'static str) -> Phrase {
    let whole_s = voice.figures.time_s(voice.figures.intervals);
    match voice.context.partial_until_s {
        None => Phrase::default(),
        // Each replication that is told was done; others were not.
        Some(until_s) if until_s >= whole_s => {
            "a limit left other replications undone; of those that were done: ".into()
        }
        Some(until_s) => {
            let fact = Fact::Figure { value: until_s, path: "partial_until_s".to_owned() };
            let until = Claim { text: voice.moments.at(until_s), fact };
            phrase!["this tells of a part: a limit ended ", tells, " ", until, "; until then, "]
        }
    }
}

/// The thresholds that do not hold.
pub fn thresholds(voice: &Voice<'_>) -> Vec<Phrase> {
    let failed = voice.figures.thresholds.iter().enumerate().filter(|(_, result)| !result.held);
    failed.take(NAMED).map(|(index, result)| threshold(voice, index, result)).collect()
}

/// A threshold that does not hold: `the threshold that the error rate is at most 50% until 10 min after the drop is missed: it is
/// 73% in 1 min from 10 s after the drop`.
fn threshold(voice: &Voice<'_>, index: usize, result: &ThresholdResult) -> Phrase {
    let (unit, name) = (result.metric.unit(), result.metric.name(&model::names(voice.context.spec)));
    let (words, is_plural, scope) = match result.metric {
        Metric::Column(column) => {
            let (words, is_plural) = column.words();
            (words, is_plural, result.scope)
        }
        Metric::Figure(path) => (path.figure.words(), path.figure.is_plural(), Scope::of(path.kind, path.index)),
    };
    let place = match scope {
        Scope { pool: Some(pool), .. } => phrase![" of ", voice.pool(pool)],
        scope => voice.place(scope),
    };
    let word = if result.at_most { "at most" } else { "at least" };
    let bound = Claim {
        text: format!("{word} {}", exact(unit, result.bound)),
        fact: Fact::Bound { value: result.bound, of: name.clone() },
    };
    let path = |field: &str| format!("thresholds.{index}.{field}");
    let figure =
        |text: String, value: f64, field: &str| Claim { text, fact: Fact::Figure { value, path: path(field) } };
    let edge = |word: &'static str, at_s: Option<f64>, field: &str| {
        at_s.map(|at_s| phrase![word, figure(voice.moments.bare(at_s), at_s, field)])
    };
    let rule = phrase![
        if is_plural { "" } else { "the " },
        named(&words, &name, Named::Metric),
        place,
        if is_plural { " are " } else { " is " },
        bound,
        edge(" from ", result.after_s, "after_s"),
        edge(" until ", result.before_s, "before_s"),
    ];
    if !result.worst.is_finite() {
        let fact = Fact::Nothing(Zero::Figures { paths: vec![path("judged_in")] });
        return phrase![Claim { text: "nothing".to_owned(), fact }, " shows whether ", rule];
    }
    let figure_in = |value: usize, field: &str, unit: &str| {
        let text = format!("{}{unit}", grouped(value as f64));
        figure(text, value as f64, field)
    };
    let kept = (result.n > 1).then(|| {
        let runs = figure_in(result.judged_in, "judged_in", " runs");
        phrase![" holds in ", figure_in(result.held_in, "held_in", ""), " of ", runs, ", and "]
    });
    let reaches = match (kept.is_some(), is_plural, result.at_most) {
        (false, false, _) => " is missed: it is ",
        (false, true, _) => " is missed: they are ",
        (true, false, true) => "it reaches ",
        (true, true, true) => "they reach ",
        (true, false, false) => "it falls to ",
        (true, true, false) => "they fall to ",
    };
    phrase![
        "the threshold that ",
        rule,
        kept,
        reaches,
        figure(exact(unit, result.worst), result.worst, "worst"),
        result.metric.column().map(|_| phrase![
            " in ",
            figure(length(result.worst_window_s), result.worst_window_s, "worst_window_s"),
            " from ",
            figure(voice.moments.bare(result.worst_at_s), result.worst_at_s, "worst_at_s"),
        ]),
    ]
}

/// A value in its unit, where counts have every digit, since a bound may lie close to what it bounds.
fn exact(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Count if value.abs() >= 9.95 => grouped(value),
        _ => in_unit(unit, value),
    }
}

/// The link that holds streams down longest, in few words.
pub fn link(voice: &Voice<'_>) -> Phrase {
    by_length(voice).first().map(|link| holds(voice, link)).into()
}

/// The links that hold streams down, those that do so longest first.
fn by_length<'v>(voice: &'v Voice<'_>) -> Vec<&'v Link> {
    let mut links: Vec<_> = voice.run.links.iter().collect();
    links.sort_by(|a, b| b.limited_s.total_cmp(&a.limited_s));
    links
}

/// For how long a link holds streams down: `the link of North holds streams down for 2 h`.
fn holds(voice: &Voice<'_>, link: &Link) -> Phrase {
    let over = Stretch { from_s: link.from_s, to_s: link.to_s };
    let scope = voice.rows(Scope::region(link.region));
    let fact = Fact::Length { value: link.limited_s, of: Lasting::Limited { scope, over } };
    let long = Claim { text: length(link.limited_s), fact };
    phrase!["the link of ", voice.region(link.region), " holds streams down for ", long]
}

/// Bit rate of streams while a link holds them down, as a clause of its own.
fn bitrate_while_limited(voice: &Voice<'_>, link: &Link) -> Option<Phrase> {
    let rates = bitrates(voice, link)?;
    Some(phrase!["while the link of ", voice.region(link.region), " holds streams down, they play at ", rates])
}

/// Mean bit rate of a region's streams while the link holds some of them down, and the rate that they would play at alone.
fn bitrates(voice: &Voice<'_>, link: &Link) -> Option<Phrase> {
    let (value, alone) = (link.bitrate_kbps, link.alone_kbps);
    if !value.is_finite() || !alone.is_finite() {
        return None;
    }
    let scope = Scope::region(link.region);
    let mean = |value: f64, column: Column| {
        let over = Stretch { from_s: link.from_s, to_s: link.to_s };
        let fact = WhileLimited { value, column: column.name(), scope: voice.rows(scope), over };
        Claim { text: rate(value), fact: Fact::WhileLimited(fact) }
    };
    let lowest = link.lowest.filter(|lowest| rate(lowest.value) != rate(value)).map(|lowest| {
        let fact = Fact::Lowest(voice.cell(lowest, Column::BitrateMean, scope));
        let width = voice.lasting(Stretch { from_s: lowest.from_s, to_s: lowest.to_s });
        let from = voice.from(lowest.from_s, Scope::default());
        phrase![" (", Claim { text: rate(lowest.value), fact }, " at the lowest, in ", width, " from ", from, ")"]
    });
    let played = mean(value, Column::BitrateMean);
    Some(phrase![played, " on average", lowest, ", and alone would at ", mean(alone, Column::PeakBitrate)])
}

/// For how much of their time streams stall at the worst, in the region where they stall most: `streams stall for up to 41% of their time,
/// in 30 s from 23 min 30 s after the drop`.
pub fn stalls(voice: &Voice<'_>) -> Phrase {
    let of = |(region, peak): (usize, &Option<Peak>)| Some((region, (*peak)?));
    let regions = voice.run.peaks.stalled.iter().enumerate().filter_map(of).filter(|(_, peak)| peak.value >= STALLED);
    let most = regions.reduce(|most, next| if next.1.value > most.1.value { next } else { most });
    let Some((region, peak)) = most else { return Phrase::default() };
    let scope = Scope::region(region);
    let fact = Fact::Highest(voice.cell(peak, Column::StalledShare, scope));
    phrase![
        "streams",
        (voice.run.peaks.stalled.len() > 1).then(|| voice.place(scope)),
        " stall for up to ",
        Claim { text: share(peak.value), fact },
        " of their time, in ",
        voice.lasting(Stretch { from_s: peak.from_s, to_s: peak.to_s }),
        " from ",
        voice.from(peak.from_s, Scope::default()),
    ]
}

/// A bit rate in kilobits a second: `780 kbps`, `4.2 Mbps`.
fn rate(kbps: f64) -> String {
    match kbps {
        small if small < 999.5 => format!("{} kbps", si(small)),
        large => format!("{} Mbps", si(large / 1e3)),
    }
}

/// Attempts for a first try, where they are many more than one, and calls, where those are repeated: `a first try leads to 4
/// attempts and 80 calls between pools on average, of which 64 go to database`. `beside_one` says that a clause about one request
/// stands before it.
fn amplification(voice: &Voice<'_>, beside_one: bool) -> Phrase {
    let again = voice.run.amplification;
    let of_calls = again.of_calls().filter(|tries| *tries >= AMPLIFIED).and(again.calls_per_first_try());
    let Some(value) = again.total().filter(|total| *total >= AMPLIFIED || of_calls.is_some()) else {
        return Phrase::default();
    };
    let noun = |value: f64| if number(value) == "1" { "attempt" } else { "attempts" };
    let fact = Fact::Figure { value, path: Figure::AmplificationTotal.name().to_owned() };
    let attempts = Claim { text: format!("{} {}", number(value), noun(value)), fact };
    let calls = of_calls.map(|value| {
        let claim = Claim { text: number(value), fact: per_first_try(value, Figure::Calls.name().to_owned()) };
        phrase![" and ", claim, if number(value) == "1" { " call between pools" } else { " calls between pools" }]
    });
    let called = voice.run.called.iter().filter(|called| of_calls.is_some() && called.attempts < again.calls);
    let most = called.reduce(|most, next| if next.attempts > most.attempts { next } else { most }).map(|called| {
        let value = called.attempts / again.first_tries;
        let path = Path { figure: Figure::AttemptsTotal, kind: RowKind::Pool, index: called.pool };
        let fact = per_first_try(value, path.name(&model::names(voice.context.spec)));
        phrase![", of which ", Claim { text: number(value), fact }, " go to ", voice.pool(called.pool)]
    });
    let first = if beside_one { "a first try at whatever request leads to " } else { "a first try leads to " };
    phrase![first, attempts, calls, " on average", most]
}

/// Attempts for a first try at the request in trouble, where other requests dilute the mean of everything: `a first try at licence
/// leads to 8.1 attempts on average`.
fn of_troubled(voice: &Voice<'_>) -> Phrase {
    let told = voice.run.troubled.and_then(|troubled| {
        let per_first_try = voice.run.requests.get(troubled.request)?.per_first_try;
        let value = per_first_try.filter(|value| *value >= AMPLIFIED)?;
        let scope = voice.rows(Scope::request(troubled.request));
        let (num, den, over) = (Column::Attempts.name(), Column::FirstTries.name(), voice.measured());
        let claim = Claim { text: number(value), fact: Fact::Rate(Ratio { value, num, den, scope, over }) };
        let noun = if number(value) == "1" { " attempt on average" } else { " attempts on average" };
        Some(phrase!["a first try at ", voice.request(troubled.request), " leads to ", claim, noun])
    });
    told.into()
}

/// A mean number of attempts in few digits: `1.2`, `64`, `1.2k`.
pub fn number(value: f64) -> String {
    match value {
        small if small < 9.95 => trim_zeros(&format!("{small:.1}")).to_owned(),
        some if some < 999.5 => format!("{some:.0}"),
        many => si(many),
    }
}

/// A figure for each first try.
fn per_first_try(value: f64, path: String) -> Fact {
    Fact::Factor { value, path, per: Figure::FirstTries.name().to_owned() }
}

/// Share of the servers' time spent in vain, where it is large.
fn wasted(voice: &Voice<'_>) -> Phrase {
    let value = voice.figure(Figure::WastedShare).filter(|value| *value >= WASTED);
    let told = value.map(|value| {
        let fact = Fact::Figure { value, path: Figure::WastedShare.name().to_owned() };
        in_vain(voice, value, Claim { text: percent(value), fact }.into())
    });
    told.into()
}

/// A share of the servers' time, as time in vain. A call that is answered counts as useful whatever becomes of its caller, so that with
/// calls it may be more than the `value` that the words state, unless that is all of it.
fn in_vain(voice: &Voice<'_>, value: f64, share: Phrase) -> Phrase {
    let calls = voice.run.requests.iter().any(|request| request.is_call);
    // Attempts that share cores are in service for longer than the cores work for them.
    let shares_cores = voice.context.spec.pool.values().any(|pool| pool.sharing.cores.is_some());
    let of = if shares_cores { " of the time in service is spent in vain" } else { WASTED_TIME };
    phrase![if calls && percent(value) != percent(1.0) { "at least " } else { "" }, share, of]
}

/// Distortion of pools by rounding at a reduced scale: so much that the run judges nothing, or less than that.
pub fn scale(voice: &Voice<'_>, judges_nothing: bool) -> Phrase {
    let pool = |(index, factor): (usize, f64)| {
        let path = |end: &str| format!("pools.{}.{end}", voice.context.pool(index));
        let fact = Fact::Factor { value: factor, path: path("capacity_at_scale"), per: path("capacity_at_full") };
        let times = Claim { text: times_exactly(factor), fact };
        phrase![voice.pool(index), " has ", times, " its capacity"]
    };
    // The factor is that of the capacities in the summary; a pool without them has none to tell.
    let factors = voice.context.roundings.iter().filter_map(|rounding| {
        let (at_scale, at_full) = (rounding.capacity_at_scale?, rounding.capacity_at_full?);
        (at_full > 0.0).then_some((rounding.pool, at_scale / at_full))
    });
    let told = factors.filter(|(_, factor)| {
        let change = (factor - 1.0).abs();
        change > ROUNDED[0] && (change > ROUNDED[1]) == judges_nothing
    });
    let told = Phrase::join(told.take(NAMED).map(pool), ", ", " and ");
    if told.is_empty() { told } else { phrase!["at this scale ", told] }
}

/// A multiple that may be below 1: `0.96 times`, `3.33 times`.
fn times_exactly(factor: f64) -> String {
    format!("{} times", trim_zeros(&format!("{factor:.2}")))
}
