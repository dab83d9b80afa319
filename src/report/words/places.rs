//! Titles about people, regions and servers.

use super::claim::{Claim, Fact};
use super::harm::{self, KINDS, Kind};
use super::phrase::{Phrase, phrase};
use super::several;
use super::voice::Voice;
use super::whom;
use crate::analysis::{Peak, Replications};
use crate::measure::Scope;
use crate::report::numbers::{count, grouped, percent, trim_zeros};
use crate::vocabulary::{Column, Figure, Path, RowKind};

/// The kind of harm that most people come to, with its figure and their number; `None` if nobody is harmed.
fn kind(voice: &Voice<'_>) -> Option<(&'static Kind, Figure, f64)> {
    let kinds = KINDS
        .iter()
        .filter_map(|kind| Some((kind, kind.figure, voice.figure(kind.figure).filter(|people| *people > 0.0)?)));
    kinds.reduce(|most, next| if next.2 > most.2 { next } else { most })
}

/// People who come to the commonest kind of harm, of those present: `1.87 M of 3.44 M people see an error page`.
pub fn harmed(voice: &Voice<'_>) -> Option<Phrase> {
    let (kind, _, value) = kind(voice)?;
    let present = voice.figure(Figure::Present)?;
    let fact = Fact::People { value: present, path: Figure::Present.name().to_owned(), at_least: false };
    let of = Claim { text: format!("{} people", count(present)), fact };
    let part = if whom::is_all(voice, kind, value) { " " } else { " of " };
    Some(phrase![whom::number(voice, kind, value), part, of, kind.suffered(voice, grouped(value) == "1")])
}

/// The share of people harmed in the region with the largest and in that with the smallest share.
pub fn regions(voice: &Voice<'_>) -> Phrase {
    let Some((kind, figure, _)) = kind(voice) else { return Phrase::default() };
    let share = |region: usize| {
        let of = |figure| voice.figures.figure(Path { figure, kind: RowKind::Region, index: region });
        let (harmed, present) = (of(figure)?.mean, of(Figure::Present)?.mean);
        (present > 0.0).then_some((region, harmed / present))
    };
    let shares: Vec<(usize, f64)> = (0..voice.context.spec.region.len()).filter_map(share).collect();
    let least = shares.iter().copied().reduce(|least, next| if next.1 < least.1 { next } else { least });
    let most = shares.iter().copied().reduce(|most, next| if next.1 > most.1 { next } else { most });
    let (Some(most), Some(least)) = (most, least) else { return Phrase::default() };
    let claim = |(region, value): (usize, f64)| {
        let name = voice.rows(Scope::region(region)).region.unwrap_or_default();
        let path = |figure: Figure| format!("regions.{name}.{}", figure.name_within());
        Claim { text: percent(value), fact: Fact::Factor { value, path: path(figure), per: path(Figure::Present) } }
    };
    let who = phrase![" of people", kind.suffered(voice, false)];
    let at_least = if kind.is_at_least(voice) { "at least " } else { "" };
    let first = phrase!["in ", voice.region(most.0), " ", at_least, claim(most), who];
    match (claim(most), claim(least)) {
        // Regions that are alike are told as one.
        (most, least) if most.text == least.text => harmed(voice).unwrap_or_default(),
        (_, least_share) => phrase![first, ", in ", voice.region(least.0), " ", at_least, least_share],
    }
}

/// The people harmed in the region with the largest share of them, which the picture shows first, over the replications: no mean of those
/// that end well and those that do not.
pub fn regions_of_all(voice: &Voice<'_>, all: &Replications) -> Phrase {
    let Some((kind, _)) = harm::most(all) else { return Phrase::default() };
    let figure = kind.figure;
    let people = |region: usize| {
        let path = |figure| Path { figure, kind: RowKind::Region, index: region };
        let of = |figure| Some(voice.figures.figure(path(figure))?.mean);
        Some((region, path(figure), of(figure)? / of(Figure::Present)?)).filter(|(.., share)| share.is_finite())
    };
    let regions = (0..voice.context.spec.region.len()).filter_map(people);
    let most = regions.reduce(|most, next| if next.2 > most.2 { next } else { most });
    let (place, people) = match most {
        Some((region, path, _)) => {
            let scope = voice.rows(Scope::region(region));
            let name = format!("regions.{}.{}", scope.region.unwrap_or_default(), figure.name_within());
            (phrase![" in ", voice.region(region)], several::figure_at(all, path, &name, count))
        }
        None => (Phrase::default(), several::figure(all, figure, count)),
    };
    if !people.has_claims() {
        return Phrase::default();
    }
    let at_least = if kind.is_at_least(voice) { "at least " } else { "" };
    phrase!["people who", kind.suffered(voice, false), place, ": ", at_least, people]
}

/// The fewest and the most servers of the pool whose servers change most, and when they are fewest, or, if that is at the start, most.
/// Over several replications their mean number.
pub fn servers(voice: &Voice<'_>) -> Phrase {
    let peak = |pool: usize| Some((pool, voice.run.peaks.servers.get(pool).copied().flatten()?));
    let pools = (0..voice.run.peaks.servers.len()).filter_map(peak);
    let most = pools.reduce(|most, next| if next.1.by > most.1.by { next } else { most });
    let Some((pool, peak)) = most else { return Phrase::default() };
    let scope = Scope::pool(pool);
    if voice.figures.replications > 1 {
        let path = Path { figure: Figure::Servers, kind: RowKind::Pool, index: pool };
        let Some(value) = voice.figures.figure(path).map(|servers| servers.mean) else { return Phrase::default() };
        let path = format!("pools.{}.{}", voice.context.pool(pool), Figure::Servers.name_within());
        let text = trim_zeros(&format!("{value:.1}")).to_owned();
        let servers = Claim { text, fact: Fact::Figure { value, path } };
        return phrase![voice.pool(pool), " has ", servers, " servers on average"];
    }
    let cell = |at: Peak| voice.cell(at, Column::Servers, scope);
    let claim = |fact, value: f64| Claim { text: trim_zeros(&format!("{value:.1}")).to_owned(), fact };
    let most = claim(Fact::Highest(cell(peak.most)), peak.most.value);
    let fewest = claim(Fact::Lowest(cell(peak.least)), peak.least.value);
    let from = |at: Peak| voice.from(at.from_s, Scope::default());
    if peak.least.from_s > voice.run.frame.from_s() {
        return phrase![
            voice.pool(pool),
            " has ",
            fewest,
            " to ",
            most,
            " servers, the fewest from ",
            from(peak.least)
        ];
    }
    let noun = if most.text == "1" { " server, reached " } else { " servers, reached " };
    phrase![voice.pool(pool), " rises from ", fewest, " to ", most, noun, from(peak.most)]
}
