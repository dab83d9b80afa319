//! Arrivals: crowds, Poisson streams and traces, compiled with their multipliers and the timeline.

use super::clock::{Clock, DAY};
use super::profile::Profile;
use crate::document::law;
use crate::document::moments::When;
use crate::document::unions::{Counts, StringOr};
use crate::random::Law;
use crate::scenario::spec::{Audience, Multiplier, Spec};
use crate::units::{Span, Time};

/// An offset from the drop beyond any window.
const FOREVER: Span = Span(i64::MAX / 4);

/// The pairs of an audience and a region with people of the audience, ordered by audience, then region.
pub fn cohorts(spec: &Spec) -> impl Iterator<Item = (&str, usize)> {
    spec.audience.iter().flat_map(|(name, audience)| {
        (0..spec.region.len())
            .filter(|region| has_people(spec, audience, *region))
            .map(move |region| (name.as_str(), region))
    })
}

/// Whether a scenario states people of an audience in a region.
fn has_people(spec: &Spec, audience: &Audience, region: usize) -> bool {
    spec.region.get_index(region).is_some_and(|(name, _)| audience.has_people_in(name, &spec.region))
}

/// The arrival process of a cohort.
#[derive(Clone, Debug)]
pub enum Arrivals {
    /// A crowd of a known number of people.
    Crowd {
        /// Number of people, inside the window or not.
        count: u64,
        /// Law of the delay of an arrival.
        law: Law,
        /// Moment of an arrival without delay, from the start of the window.
        origin: Span,
        /// Pieces of the law with a factor each, in order; their masses add up to 1.
        pieces: Vec<CrowdPiece>,
    },
    /// A Poisson stream with a piecewise linear rate.
    Rate(Vec<RatePiece>),
    /// A recorded curve of arrivals.
    Trace(Vec<TraceBin>),
}

/// A piece of a crowd's law with one factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrowdPiece {
    /// Values of the law's distribution function at the start and at the end of the piece.
    pub law: (f64, f64),
    /// Share of the crowd that arrives in the piece.
    pub mass: f64,
}

/// A piece of a Poisson stream with a linear rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatePiece {
    /// Start of the piece.
    pub from: Time,
    /// End of the piece.
    pub until: Time,
    /// Rate at the start, per nanosecond.
    pub first: f64,
    /// Rate at the end, per nanosecond.
    pub last: f64,
}

impl RatePiece {
    /// The expected number of arrivals.
    pub fn mass(&self) -> f64 {
        (self.first + self.last) / 2.0 * (self.until.0 - self.from.0) as f64
    }
}

/// The share of a crowd below a value of its law's distribution function, with the factors of multipliers.
pub fn share_below(pieces: &[CrowdPiece], p: f64) -> f64 {
    let share = |piece: &CrowdPiece| piece.mass * ((p - piece.law.0) / (piece.law.1 - piece.law.0)).clamp(0.0, 1.0);
    pieces.iter().map(share).sum()
}

/// One bin of a recorded curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TraceBin {
    /// Start of the bin from the start of the window; negative for a bin before the window.
    pub from: Span,
    /// Width of the bin.
    pub width: Span,
    /// Expected number of arrivals.
    pub count: f64,
}

impl Arrivals {
    /// The arrival rate at the start of the window, per second; 0 for crowds and traces.
    pub fn rate_at_start(&self) -> f64 {
        match self {
            Arrivals::Rate(pieces) => pieces.first().map_or(0.0, |piece| piece.first * 1e9),
            _ => 0.0,
        }
    }
}

/// A multiplier with its window, as offsets from the scenario's drop.
pub struct Window<'a> {
    /// The multiplier as the file states it.
    pub multiplier: &'a Multiplier,
    /// Start of the window.
    pub from: Span,
    /// End of the window, not included.
    pub until: Span,
}

/// The enabled multipliers that apply to an audience in a region.
pub fn multipliers<'a>(spec: &'a Spec, audience: &'a str, region: usize) -> impl Iterator<Item = Window<'a>> {
    let region_name = spec.region.get_index(region).map_or("", |(name, _)| name.as_str());
    spec.multiplier.values().filter_map(move |multiplier| {
        let lists =
            |names: &Option<Vec<String>>, name: &str| names.as_ref().is_none_or(|list| list.iter().any(|n| n == name));
        if !multiplier.enabled || !lists(&multiplier.audiences, audience) || !lists(&multiplier.regions, region_name) {
            return None;
        }
        let (from, until) = window(spec, region, multiplier.from, multiplier.until);
        Some(Window { multiplier, from, until })
    })
}

/// The offsets from the scenario's drop at which a window of a region begins and ends. A clock time is local to the region.
fn window(spec: &Spec, region: usize, from: Option<When>, until: Option<When>) -> (Span, Span) {
    let delay = spec.region.get_index(region).map_or(Span::ZERO, |(_, table)| table.drop_delay);
    let clock = region_clock(spec, region);
    let moment = |when: When| match when {
        When::Clock(_) => clock.offset(when) + delay,
        When::Offset(span) => span,
    };
    let both_clocks = matches!((from, until), (Some(When::Clock(_)), Some(When::Clock(_))));
    let from = from.map_or(Span(-FOREVER.0), moment);
    let mut until = until.map_or(FOREVER, moment);
    if both_clocks && until <= from {
        until = until + Span(DAY * 1_000_000_000);
    }
    (from, until)
}

/// The window of an open stream in a region, as offsets from the scenario's drop; `None` if the audience states none.
pub fn stream_window(spec: &Spec, audience: &str, region: usize) -> Option<(Span, Span)> {
    let audience = spec.audience.get(audience)?;
    let stated = audience.from.is_some() || audience.until.is_some();
    stated.then(|| window(spec, region, audience.from, audience.until))
}

/// The clock of a region at its own drop.
fn region_clock(spec: &Spec, region: usize) -> Clock {
    let table = spec.region.get_index(region).map(|(_, table)| table);
    let delay = table.map_or(Span::ZERO, |table| table.drop_delay);
    let drop = spec.drop.timestamp + jiff::SignedDuration::from_nanos(delay.0);
    let zone = table.and_then(|table| table.time_zone.as_deref());
    Clock::of_zone(zone, spec.drop.offset, drop)
}

/// The piecewise constant product of the multipliers, 0 outside of the window of the audience: offsets from the scenario's drop,
/// each with the factor from there on.
fn factor_steps(specs: &[(Span, &Spec)], audience: &str, region: usize) -> Vec<(Span, f64)> {
    let own = stream_window(specs[0].1, audience, region);
    let mut edges: Vec<Span> = vec![Span(-FOREVER.0)];
    edges.extend(own.iter().flat_map(|(from, until)| [*from, *until]));
    for (number, (from, spec)) in specs.iter().enumerate() {
        edges.extend((number > 0).then_some(*from));
        edges.extend(multipliers(spec, audience, region).flat_map(|window| [window.from, window.until]));
    }
    edges.sort();
    edges.dedup();
    let factor_at = |at: Span| {
        if own.is_some_and(|(from, until)| at < from || until <= at) {
            return 0.0;
        }
        let current = specs.iter().rev().find(|(from, _)| *from <= at).map_or(specs[0].1, |(_, spec)| spec);
        multipliers(current, audience, region)
            .filter(|window| window.from <= at && at < window.until)
            .map(|window| window.multiplier.factor)
            .product::<f64>()
    };
    let mut steps: Vec<(Span, f64)> = edges.into_iter().map(|at| (at, factor_at(at))).collect();
    // An edge without a change of the factor would split a bin, and draw its arrivals anew.
    steps.dedup_by_key(|(_, factor)| *factor);
    steps
}

/// The arrivals of one audience in one region; `None` without people. `specs` are the scenarios in force, each with the
/// offset from the drop at which it begins; the first begins with the window.
pub fn compile(specs: &[(Span, &Spec)], end: Span, audience_name: &str, region: usize) -> Option<Arrivals> {
    let (start, spec) = (specs[0].0, specs[0].1);
    let audience = spec.audience.get(audience_name)?;
    if !has_people(spec, audience, region) {
        return None;
    }
    let (region_name, table) = spec.region.get_index(region)?;
    let factors = factor_steps(specs, audience_name, region);
    if let Some(viewers) = &audience.viewers {
        let full = match viewers {
            Counts::One(count) => *count,
            Counts::ByName(by_region) => *by_region.get(region_name)?,
        };
        let (law, shift) = law::compile(audience.arrival.as_ref()?);
        let origin = table.drop_delay + shift;
        return Some(crowd(full as f64 * spec.scale, law, origin, origin - start, &factors));
    }
    if let Some(trace) = &audience.trace {
        let bins = trace.bins.iter().flat_map(|bin| split_bin(bin.from, bin.width, bin.count * spec.scale, &factors));
        let delay = if trace.moves_with_drop { table.drop_delay } else { Span::ZERO };
        let bins = bins.map(|bin| TraceBin { from: bin.from + delay - start, ..bin });
        return Some(Arrivals::Trace(bins.collect()));
    }
    let mut pieces = Vec::new();
    for (number, (from, spec)) in specs.iter().enumerate() {
        let until = specs.get(number + 1).map_or(start + end, |(next, _)| *next);
        let audience = spec.audience.get(audience_name)?;
        let per_second = match audience.rate.as_ref()? {
            StringOr::String(rate) => rate.0,
            StringOr::Table(by_region) => by_region.get(region_name)?.0,
        };
        let profile = Profile::compile(audience, region_clock(spec, region), table.drop_delay);
        pieces.extend(rate_pieces((*from, until), start, per_second * spec.scale / 1e9, &profile, &factors));
    }
    Some(Arrivals::Rate(pieces))
}

/// A crowd of `people` before multipliers, whose number and law the factors change.
fn crowd(people: f64, law: Law, origin_from_drop: Span, origin: Span, factors: &[(Span, f64)]) -> Arrivals {
    let mut pieces: Vec<CrowdPiece> = Vec::new();
    for (index, (from, factor)) in factors.iter().enumerate() {
        // A window begins with its first instant and ends before its last.
        let at = |moment: Span| law.cdf_below((moment - origin_from_drop).0 as f64);
        let low = if index == 0 { 0.0 } else { at(*from) };
        let high = factors.get(index + 1).map_or(1.0, |(next, _)| at(*next));
        if high > low && *factor > 0.0 {
            pieces.push(CrowdPiece { law: (low, high), mass: (high - low) * factor });
        }
    }
    let total: f64 = pieces.iter().map(|piece| piece.mass).sum();
    for piece in &mut pieces {
        piece.mass /= total;
    }
    Arrivals::Crowd { count: (people * total).round() as u64, law, origin, pieces }
}

/// The parts of a bin between changes of a factor.
fn split_bin(from: Span, width: Span, count: f64, factors: &[(Span, f64)]) -> Vec<TraceBin> {
    let end = from + width;
    let first = factors.partition_point(|(begins, _)| *begins <= from).saturating_sub(1);
    factors
        .iter()
        .enumerate()
        .skip(first)
        .take_while(|(_, (begins, _))| *begins < end)
        .filter_map(|(index, (begins, factor))| {
            let low = from.max(*begins);
            let high = end.min(factors.get(index + 1).map_or(FOREVER, |(next, _)| *next));
            let share = (high - low).0 as f64 / width.0 as f64;
            (high > low).then(|| TraceBin { from: low, width: high - low, count: count * share * factor })
        })
        .collect()
}

/// The pieces of the rate between two changes of the timeline.
fn rate_pieces(
    (from, until): (Span, Span),
    start: Span,
    per_nano: f64,
    profile: &Profile,
    factors: &[(Span, f64)],
) -> Vec<RatePiece> {
    let mut pieces = Vec::new();
    for (index, (begins, factor)) in factors.iter().enumerate() {
        let low = from.max(*begins);
        let high = until.min(factors.get(index + 1).map_or(FOREVER, |(next, _)| *next));
        if high <= low {
            continue;
        }
        for pair in profile.corners(low, high).windows(2) {
            // The factor may jump where a period ends, so the value at the end of a piece is extrapolated from its middle.
            let (a, b) = (pair[0], pair[1]);
            let (first, middle) = (profile.at(a), profile.at(Span((a.0 + b.0) / 2)));
            let time = |at: Span| Time((at - start).0.max(0) as u64);
            pieces.push(RatePiece {
                from: time(a),
                until: time(b),
                first: per_nano * factor * first,
                last: (per_nano * factor * (2.0 * middle - first)).max(0.0),
            });
        }
    }
    pieces
}
