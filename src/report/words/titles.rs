//! Titles of a run's charts.

use super::asked::{self, Asked};
use super::claim::{Claim, Fact, Rows, Stretch};
use super::height::Height;
use super::phrase::{Phrase, Sentence, phrase};
use super::spell::{self, Spell};
use super::voice::{ATTEMPTS, SERVED, Voice};
use super::{besides, harm, key_figures, places, rest, several, what, whom, why};
use crate::analysis::reports::Reports;
use crate::analysis::{Basis, Cause, Change, Peak, Replications, Trouble};
use crate::measure::Scope;
use crate::model;
use crate::report::numbers::{count, millis, percent, share};
use crate::vocabulary::{Column, Figure, Path, RowKind};

/// Attempts for a first try from which on they are told.
const AGAIN: f64 = 1.05;
/// Words between a pool and how busy it is.
const UP_TO: &str = " is busy up to ";

/// Least fall of the number of streams after the drop, as a share of their peak before it, from which on it is told.
const FALLS: f64 = 0.5;

/// The title of each chart of a run, by the name of the chart.
pub fn of_run(voice: &Voice<'_>, reports: &Reports) -> Vec<(&'static str, Sentence)> {
    let titles = [
        ("overview", overview(voice)),
        ("error-rate", headline(voice)),
        ("demand", demand(voice)),
        ("pools", pools(voice)),
        ("people", whom::people(voice)),
        ("regions", places::regions(voice)),
        ("waiting", latency(voice)),
        ("delivery", streams(voice)),
        ("reports", reports_of(voice, reports)),
        ("servers", places::servers(voice)),
    ];
    titles.into_iter().filter(|(_, title)| !title.is_empty()).map(|(name, title)| (name, title.title())).collect()
}

/// The title of each chart of several replications, by the name of the chart.
pub fn of_all(voice: &Voice<'_>, all: &Replications) -> Vec<(&'static str, Sentence)> {
    let of = |figure, show| several::figure(all, figure, show);
    let people = match harm::most(all) {
        Some((kind, _)) => several::people(voice, all, &kind).into(),
        None => phrase!["people who are there: ", of(Figure::Present, count)],
    };
    let states = several::states(all);
    let overview = if people.has_claims() { phrase![people.clone(), "; ", states] } else { states };
    let titles = [
        ("overview", overview),
        ("error-rate", several::states(all)),
        ("demand", demand_of_all(voice, all)),
        ("pools", pools_of_all(voice, all)),
        ("people", people),
        ("regions", places::regions_of_all(voice, all)),
        ("waiting", latency_of_all(voice, all)),
        ("delivery", streams_of_all(voice)),
        ("reports", phrase!["outage reports: ", of(Figure::ReportsTotal, count)]),
        ("servers", places::servers(voice)),
    ];
    let titles = titles.into_iter().filter(|(_, title)| title.has_claims());
    titles.map(|(name, title)| (name, title.title())).collect()
}

/// Who is harmed, and why: the few words that a reader of a single page takes along.
fn overview(voice: &Voice<'_>) -> Phrase {
    let Some(harmed) = places::harmed(voice) else { return headline(voice) };
    let why = &voice.run.why;
    // What fails at a pool that viewers can do without is not why people are harmed.
    if why.basis == Basis::Lost && why.first().is_some_and(|pool| why.pools[pool].is_optional) {
        return harmed;
    }
    // A pool that has no server is not asked for too much.
    let is_out = why.bottlenecks().iter().any(|pool| matches!(why.pools[*pool].cause, Some(Cause::NoServer { .. })));
    // What a pool is asked for is not why attempts fail at other times.
    let is_partly = why.named.iter().any(|pool| rest::elsewhen(voice, *pool).is_some());
    let asked = Asked::of(voice).filter(|asked| asked.peak.value >= 1.0 && !asked.is_whole && !is_out && !is_partly);
    let why = match asked {
        Some(Asked { words, peak, .. }) => phrase![words, ", in ", voice.window(peak.to_s - peak.from_s)],
        None => why::pools(voice),
    };
    if why.is_empty() { harmed } else { phrase![harmed, "; ", why] }
}

/// Attempts that first tries become, where they are many more, and the demand on the pool in question.
fn demand(voice: &Voice<'_>) -> Phrase {
    let again = voice.run.amplification;
    let outage = asked::in_an_outage(voice);
    // Where a pool has no server, that the others could do more says nothing.
    let asked = match Asked::of(voice).filter(|asked| outage.is_none() || asked.peak.value >= 1.0) {
        Some(Asked { words, peak, .. }) => {
            phrase![words, ", in ", voice.window(peak.to_s - peak.from_s), " from ", from(voice, peak)]
        }
        None => outage.unwrap_or_else(|| sent(voice)),
    };
    if again.total().is_none_or(|total| total < AGAIN) {
        return asked;
    }
    let sum = |value: f64, column: &'static str| voice.sum(value, column, Scope::default());
    let (first, attempts) = (sum(again.first_tries, Column::FirstTries.name()), sum(again.attempts, ATTEMPTS));
    phrase![first, " first tries become ", attempts, " attempts; ", asked]
}

/// The same of several replications.
fn demand_of_all(voice: &Voice<'_>, all: &Replications) -> Phrase {
    let sent = several::figure(all, Figure::AttemptsTotal, count);
    if !sent.has_claims() {
        return Phrase::default();
    }
    let again = several::again(voice, all, AGAIN).into_iter().map(|again| phrase!["; ", again]);
    let again = again.fold(Phrase::default(), Phrase::then);
    phrase!["attempts sent: ", sent, again, asked::in_runs(voice, all).map(|asked| phrase!["; ", asked])]
}

/// The pools that lose attempts or make them wait; where there are none, how busy the busiest gets.
fn pools(voice: &Voice<'_>) -> Phrase {
    match why::pools(voice) {
        none if none.is_empty() => pools_up_to(voice).into(),
        pools => pools,
    }
}

/// The same of several replications.
fn pools_of_all(voice: &Voice<'_>, all: &Replications) -> Phrase {
    match several::pools(voice, all) {
        none if none.is_empty() => {
            let busiest = key_figures::busiest_in_runs(voice, all);
            let busy = busiest.map(|(pool, path, name)| {
                phrase![voice.pool(pool), UP_TO, several::figure_at(all, path, &name, percent)]
            });
            busy.into()
        }
        pools => pools,
    }
}

fn pools_up_to(voice: &Voice<'_>) -> Option<Phrase> {
    let (pool, busy) = key_figures::busy(voice)?;
    Some(phrase![voice.pool(pool), UP_TO, busy])
}

/// Title of the error rate: height, cause and end of the only trouble, or the state of the run.
fn headline(voice: &Voice<'_>) -> Phrase {
    let course = &voice.run.everything;
    match course.troubles.as_slice() {
        [] => {
            let waits = (!course.waiting.stretches.is_empty()).then(|| spell::at_once(voice, course));
            // Who waits is no exception to that nobody is answered.
            let and = if course.ended <= 0.0 { "; " } else { ", but " };
            let attempts = Phrase::join(what::attempts(voice, course), "; ", "; ");
            phrase![attempts, waits.map(|waits| phrase![and, waits])]
        }
        [only] => {
            let height = Height::of(voice, only, Scope::default());
            // The end of a trouble that is as bad from the drop on says how long it is.
            let high = if height.is_whole(only) && only.begin_s == 0.0 && only.end.is_over() {
                phrase![height.share, " fail"]
            } else {
                high(voice, only)
            };
            phrase![high, "; ", Spell::of(only).ending(voice, Scope::default())]
        }
        [.., last] => {
            let main = course.main().unwrap_or(last);
            let ends = Spell::of(last).ends(voice, Scope::default());
            phrase![high(voice, main), ", in the largest of ", spell::how_many(voice, course), "; the last", ends]
        }
    }
}

/// Error rate of a trouble, in few words.
fn high(voice: &Voice<'_>, trouble: &Trouble) -> Phrase {
    let Height { share, over, is_worst } = Height::of(voice, trouble, Scope::default());
    if is_worst {
        phrase![share, " fail in the worst ", voice.window(over.seconds())]
    } else {
        phrase![share, " fail for ", voice.lasting(over)]
    }
}

/// When most attempts are sent.
fn sent(voice: &Voice<'_>) -> Phrase {
    let Some(peak) = voice.run.peaks.sent else {
        return phrase![voice.zero("no", ATTEMPTS, Scope::default()), " attempt is sent"];
    };
    let most = highest(voice, peak, Column::Attempts, count(peak.value));
    phrase![most, " attempts are sent in the busiest ", width(voice, peak), ", from ", from(voice, peak)]
}

fn latency(voice: &Voice<'_>) -> Phrase {
    let Some(median) = voice.run.peaks.median else { return served(voice) };
    let p99 = voice.run.peaks.p99.filter(|p99| p99.value > median.value);
    let slowest = p99.map(|peak| {
        phrase!["; the slowest hundredth takes up to ", highest(voice, peak, Column::LatencyP99, millis(peak.value))]
    });
    phrase![
        "the median reply takes up to ",
        highest(voice, median, Column::LatencyP50, millis(median.value)),
        ", in ",
        width(voice, median),
        " from ",
        from(voice, median),
        of_troubled(voice, median),
        slowest,
        unserved(voice),
    ]
}

/// Peak of the median latency of the request in trouble, where other requests dilute that of everything.
fn of_troubled(voice: &Voice<'_>, of_all: Peak) -> Option<Phrase> {
    let troubled = voice.run.troubled?;
    let median = troubled.median.filter(|median| millis(median.value) != millis(of_all.value))?;
    let scope = Scope::request(troubled.request);
    let fact = Fact::Highest(voice.cell(median, Column::LatencyP50, scope));
    Some(phrase!["; at ", voice.request(troubled.request), " up to ", Claim { text: millis(median.value), fact }])
}

/// The share of the attempts that the times of those served tell nothing of, where attempts fail.
fn unserved(voice: &Voice<'_>) -> Option<Phrase> {
    let course = &voice.run.everything;
    course.fails().then(|| {
        let ratio = voice.ratio(course.rate(), Scope::default(), voice.measured());
        let share = Claim { text: share(course.rate()), fact: Fact::Rate(ratio) };
        phrase!["; ", share, " of attempts fail"]
    })
}

/// The median latency over several replications, also of the request in trouble, and the share of the attempts that these tell nothing of.
fn latency_of_all(voice: &Voice<'_>, all: &Replications) -> Phrase {
    let of_request = all.troubled().map(|request| {
        let path = Path { figure: Figure::LatencyP50, kind: RowKind::Request, index: request };
        let name = path.name(&model::names(voice.context.spec));
        (phrase!["at ", voice.request(request), ": "], several::figure_at(all, path, &name, millis))
    });
    let of_all = ("median latency: ".into(), several::figure(all, Figure::LatencyP50, millis));
    let failed = ("share of attempts that fail: ".into(), several::figure(all, Figure::ErrorRateOverall, percent));
    let told = [Some(of_all), of_request, Some(failed)].into_iter().flatten();
    let told = told.filter(|(_, figure): &(Phrase, Phrase)| figure.has_claims());
    Phrase::join(told.map(|(words, figure)| phrase![words, figure]), "; ", "; ")
}

/// Number of attempts served, where they are too few for a median.
fn served(voice: &Voice<'_>) -> Phrase {
    let course = &voice.run.everything;
    match course.ended - course.failed {
        served if served > 0.0 => {
            phrase![voice.sum(served, SERVED, course.scope), " attempts are served, too few at a time for a median"]
        }
        _ => phrase![voice.zero("no", SERVED, course.scope), " attempt is served"],
    }
}

fn streams(voice: &Voice<'_>) -> Phrase {
    let Some(peak) = voice.run.peaks.streams else { return Phrase::default() };
    let most = highest(voice, peak, Column::StreamsMean, count(peak.value));
    // What a night leaves of the streams is no fall.
    let falls = |change: &Change| {
        change.most.from_s < 0.0 && change.by >= FALLS && change.least.value < fewest_before_the_drop(voice)
    };
    match voice.run.peaks.streams_change.filter(falls) {
        Some(Change { least, .. }) if least.from_s > peak.from_s => {
            let fact = Fact::Lowest(voice.cell(least, Column::StreamsMean, Scope::default()));
            let fewest = Claim { text: count(least.value), fact };
            let (before, after) = (from(voice, peak), from(voice, least));
            phrase!["streams fall from ", most, ", ", before, ", to ", fewest, ", ", after, links(voice)]
        }
        _ => phrase!["streams peak at ", most, ", in ", width(voice, peak), " from ", from(voice, peak), links(voice)],
    }
}

/// The fewest streams in the mean of a measured interval before the drop.
fn fewest_before_the_drop(voice: &Voice<'_>) -> f64 {
    let (figures, frame) = (voice.figures, &voice.run.frame);
    let row = figures.scope(Scope::default());
    let before = frame.measured.clone().filter(|at| *at < figures.intervals && figures.time_s(at + 1) <= 0.0);
    let streams = row.map(|row| before.map(move |at| figures.value(at, row, Column::StreamsMean)));
    streams.into_iter().flatten().fold(f64::INFINITY, f64::min)
}

/// The most streams that play in the mean of the replications, which is what is drawn of these.
fn streams_of_all(voice: &Voice<'_>) -> Phrase {
    let figures = voice.figures;
    let Some(row) = figures.scope(Scope::default()) else { return Phrase::default() };
    let measured = voice.run.frame.measured.clone();
    let of = |at: usize| (at, figures.value(at, row, Column::StreamsMean));
    let known = measured.filter(|at| *at < figures.intervals).map(of).filter(|(_, streams)| *streams > 0.0);
    let Some((at, value)) = known.reduce(|most, next| if next.1 > most.1 { next } else { most }) else {
        return Phrase::default();
    };
    let peak = Peak { value, from_s: figures.time_s(at), to_s: figures.time_s(at + 1) };
    let most = highest(voice, peak, Column::StreamsMean, count(value));
    let (width, from) = (width(voice, peak), from(voice, peak));
    phrase!["streams peak at ", most, ", on average across the replications, in ", width, " from ", from]
}

/// The link that holds streams down longest, and for how much of their time streams stall.
fn links(voice: &Voice<'_>) -> Option<Phrase> {
    let told = [besides::link(voice), besides::stalls(voice)].into_iter().filter(|told| !told.is_empty());
    let told = Phrase::join(told, "; ", "; ");
    (!told.is_empty()).then(|| phrase!["; ", told])
}

fn reports_of(voice: &Voice<'_>, reports: &Reports) -> Phrase {
    if reports.peak().is_none() {
        return phrase![voice.zero("nobody", Column::Reports.name(), Scope::default()), " reports an outage"];
    }
    let measured = voice.measured();
    let Some((from_s, to_s, value)) = reports.most(measured.from_s, measured.to_s) else {
        return "outage reports".into();
    };
    let over = Stretch { from_s, to_s };
    let fact = Fact::Sum { value, column: Column::Reports.name(), scope: Rows::default(), over };
    phrase![
        Claim { text: count(value), fact },
        " outage reports come in ",
        voice.lasting(over),
        " from ",
        voice.from(from_s, Scope::default()),
    ]
}

/// The greatest cell of a column of everything.
fn highest(voice: &Voice<'_>, peak: Peak, column: Column, text: String) -> Claim {
    Claim { text, fact: Fact::Highest(voice.cell(peak, column, Scope::default())) }
}

/// The begin of the interval of a greatest cell.
fn from(voice: &Voice<'_>, peak: Peak) -> Claim {
    voice.from(peak.from_s, Scope::default())
}

/// The length of the interval of a greatest cell.
fn width(voice: &Voice<'_>, peak: Peak) -> Claim {
    voice.lasting(Stretch { from_s: peak.from_s, to_s: peak.to_s })
}
