//! Titles of a run's charts.

use super::claim::{Claim, Fact, Ratio, Rows, Stretch};
use super::phrase::{Phrase, Sentence, phrase};
use super::spell::{self, Spell};
use super::voice::{ATTEMPTS, SERVED, Voice};
use super::{height, several, what};
use crate::analysis::reports::Reports;
use crate::analysis::{Peak, Replications, Trouble};
use crate::measure::Scope;
use crate::report::numbers::{count, millis, percent, times};
use crate::vocabulary::{Column, Figure};

/// The title of each chart of a run, by the name of the chart.
pub fn of_run(voice: &Voice<'_>, reports: &Reports) -> Vec<(&'static str, Sentence)> {
    let titles = [
        ("error-rate", headline(voice)),
        ("traffic", traffic(voice)),
        ("latency", latency(voice)),
        ("streams", streams(voice)),
        ("reports", reports_of(voice, reports)),
    ];
    titles.into_iter().filter(|(_, title)| !title.is_empty()).map(|(name, title)| (name, title.title())).collect()
}

/// The title of each chart of several replications, by the name of the chart.
pub fn of_all(voice: &Voice<'_>, all: &Replications) -> Vec<(&'static str, Sentence)> {
    let mean = |figure: Figure, show: fn(f64) -> String, after: &'static str| {
        let value = voice.figure(figure).filter(|value| *value > 0.0)?;
        let fact = Fact::Figure { value, path: figure.name().to_owned() };
        Some(phrase![Claim { text: show(value), fact }, after])
    };
    let titles = [
        ("error-rate", several::states(all)),
        ("traffic", mean(Figure::AttemptsTotal, count, " attempts are sent in the mean of the replications").into()),
        ("latency", mean(Figure::LatencyP50, millis, " is the median latency in the mean of the replications").into()),
        ("streams", mean(Figure::ViewersStarted, count, " streams start in the mean of the replications").into()),
        ("reports", mean(Figure::ReportsTotal, count, " outage reports in the mean of the replications").into()),
    ];
    titles
        .into_iter()
        .filter(|(_, title): &(_, Phrase)| !title.is_empty())
        .map(|(name, title)| (name, title.title()))
        .collect()
}

/// What happened, in the few words of a title.
fn headline(voice: &Voice<'_>) -> Phrase {
    let course = &voice.run.everything;
    match course.troubles.as_slice() {
        [] if course.waiting.stretches.is_empty() => what::happened(voice),
        [] => phrase![what::attempts(voice, course), ", but ", spell::at_once(voice, course)],
        [only] => phrase![high(voice, only), "; ", Spell::of(only).ending(voice, Scope::default())],
        [.., last] => {
            let main = course.main().unwrap_or(last);
            let ends = Spell::of(last).ends(voice, Scope::default());
            phrase![high(voice, main), ", in the largest of ", spell::how_many(voice, course), "; the last", ends]
        }
    }
}

/// How high the error rate of a trouble is, in few words.
fn high(voice: &Voice<'_>, trouble: &Trouble) -> Phrase {
    let all = Scope::default();
    match &trouble.plateau {
        Some(plateau) => {
            let (rate, over) = height::plateau(voice, plateau, all);
            phrase![rate, " of attempts fail for ", voice.lasting(over)]
        }
        None if trouble.worst.is_whole => {
            let window = voice.window(trouble.worst.window_s());
            phrase![voice.worst(&trouble.worst, all), " of attempts fail in ", window]
        }
        None => {
            let window = voice.window(trouble.worst.window_s());
            phrase![voice.worst(&trouble.worst, all), " of attempts fail in the worst ", window]
        }
    }
}

/// What the pool in question is sent, over what it can serve; without such a pool, when most attempts are sent.
fn traffic(voice: &Voice<'_>) -> Phrase {
    let demand = |pool: usize| voice.run.peaks.demand.get(pool).copied().flatten().map(|peak| (pool, peak));
    let named = voice.run.why.named.first().and_then(|pool| demand(*pool));
    let all = (0..voice.run.peaks.demand.len()).filter_map(demand);
    let is_one = voice.run.why.alike.is_none() || voice.run.why.named.len() == 1;
    let busiest = named.or_else(|| all.reduce(|most, next| if next.1.value > most.1.value { next } else { most }));
    // Of many pools that are about equally busy, none is worth a name.
    let Some((pool, peak)) = busiest.filter(|_| is_one) else { return sent(voice) };
    let over = Stretch { from_s: peak.from_s, to_s: peak.to_s };
    let Stretch { from_s: over_from_s, to_s: over_to_s } = voice.measured();
    let scope = voice.rows(Scope { pool: Some(pool), ..Scope::default() });
    let ratio = Ratio { value: peak.value, num: ATTEMPTS, den: "capacity", scope, over };
    let fact = Fact::Worst { ratio, window_s: over.seconds(), over_from_s, over_to_s, least: 0.0 };
    let (text, of) = if peak.value < 1.0 { (percent(peak.value), " of") } else { (times(peak.value), "") };
    phrase![
        voice.pool(pool),
        " is sent up to ",
        Claim { text, fact },
        of,
        " what it can serve, in ",
        voice.window(over.seconds()),
        " from ",
        from(voice, peak),
    ]
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
        slowest,
    ]
}

/// How many attempts are served, where they are too few for a median.
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
    phrase!["streams peak at ", most, ", in ", width(voice, peak), " from ", from(voice, peak), links(voice)]
}

/// The link that holds streams down longest.
fn links(voice: &Voice<'_>) -> Option<Phrase> {
    let link = super::besides::links(voice, 1);
    (!link.is_empty()).then(|| phrase!["; ", link])
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
    let Stretch { from_s: over_from_s, to_s: over_to_s } = voice.measured();
    let at = Stretch { from_s: peak.from_s, to_s: peak.to_s };
    let fact =
        Fact::Highest { value: peak.value, column: column.name(), scope: Rows::default(), at, over_from_s, over_to_s };
    Claim { text, fact }
}

/// The begin of the interval of a greatest cell.
fn from(voice: &Voice<'_>, peak: Peak) -> Claim {
    voice.from(peak.from_s, Scope::default())
}

/// The length of the interval of a greatest cell.
fn width(voice: &Voice<'_>, peak: Peak) -> Claim {
    voice.lasting(Stretch { from_s: peak.from_s, to_s: peak.to_s })
}
