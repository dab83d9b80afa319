//! Several scenarios, compared with the first: who harms how many people, and the verdict about it.

use super::Subject;
use super::clock::Clock;
use super::numbers::{count, millis, percent, signed_range, trim_zeros};
use super::states;
use super::words::claim::{Claim, Fact, Named, OfScenario};
use super::words::harm::{KINDS, Kind};
use super::words::phrase::{Phrase, Sentence, phrase};
use super::words::rooms::{self, BRIEF_MS};
use super::words::voice::named;
use crate::analysis::State;
use crate::experiment::Comparison;
use crate::measure::{Estimate, Scope};
use crate::scenario::Difference;
use crate::vocabulary::Figure;

/// Several scenarios and their differences from the first, which is the base.
#[derive(Clone, Copy, Debug)]
pub struct Several<'a> {
    /// The scenarios, in the order in which they were given.
    pub subjects: &'a [Subject<'a>],
    /// Their differences from the first, replication by replication.
    pub comparison: &'a Comparison,
    /// The settings in which they differ.
    pub settings: &'a [Difference],
}

/// Waits in the waiting rooms of a scenario, in the mean of the replications.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// Median wait in milliseconds of those who are let in; `None` where nobody is.
    pub wait_ms: Option<f64>,
    /// People who are in a room at the end.
    pub at_end: f64,
}

impl Several<'_> {
    /// The name of a scenario beside that of the base: the title of an overlay that states one of its own, or `+grpc` of the base with
    /// an overlay, else the whole name.
    pub fn short_name(&self, arm: usize) -> &str {
        let name = self.subjects[arm].context.name;
        match name.strip_prefix(self.subjects[0].context.name) {
            Some(overlays) if overlays.starts_with('+') => self.own_title(arm).unwrap_or(overlays),
            _ => name,
        }
    }

    /// The title of a scenario, if no other has it.
    fn own_title(&self, arm: usize) -> Option<&str> {
        let title = |arm: usize| self.subjects[arm].context.spec.title.as_str();
        let is_own = (0..self.subjects.len()).all(|other| other == arm || title(other) != title(arm));
        is_own.then(|| title(arm))
    }

    /// Number of people whom a scenario harms in one way; `None` where that is not known.
    pub fn people(&self, arm: usize, kind: Kind) -> Option<Estimate> {
        self.comparison.figure(arm, kind.path())
    }

    /// The people whom a scenario harms, each counted for the kind of harm that hurts most: no fewer are harmed in all.
    fn harmed(&self, arm: usize) -> f64 {
        let counts = KINDS.iter().filter_map(|kind| self.people(arm, *kind)).map(|count| count.mean);
        counts.filter(|count| count.is_finite()).fold(0.0, f64::max)
    }

    /// The people whom a scenario burdens: those harmed, and those who wait in a room for longer than `wait` of `[harm]` or are in one
    /// at the end. By them scenarios are ranked, since a room that keeps everybody waiting harms nobody.
    fn burdened(&self, arm: usize) -> f64 {
        let mean = |figure: Figure| self.comparison.figure(arm, figure.name()).map(|estimate| estimate.mean);
        let in_rooms = [Figure::RoomsLong, Figure::RoomsAtEnd].into_iter().filter_map(mean);
        self.harmed(arm) + in_rooms.filter(|people| people.is_finite()).sum::<f64>()
    }

    /// Waits in the waiting rooms of a scenario; `None` where nobody waits in one.
    pub fn price(&self, arm: usize) -> Option<Price> {
        if self.subjects[arm].context.spec.waiting_room.is_empty() {
            return None;
        }
        let mean = |figure: Figure| self.comparison.figure(arm, figure.name()).map(|estimate| estimate.mean);
        let known = |figure: Figure| mean(figure).filter(|mean| mean.is_finite());
        known(Figure::RoomsMost).filter(|most| *most > 0.0)?;
        Some(Price { wait_ms: known(Figure::RoomWaitP50), at_end: known(Figure::RoomsAtEnd).unwrap_or(0.0) })
    }

    /// Whether anybody waits in a room in any of the scenarios.
    pub fn have_prices(&self) -> bool {
        (0..self.subjects.len()).any(|arm| self.price(arm).is_some())
    }

    /// Whether no figure of any replication of a scenario differs from the base.
    pub fn equals_base(&self, arm: usize) -> bool {
        let (Some(base), Some(own)) = (self.comparison.arms.first(), self.comparison.arms.get(arm)) else {
            return false;
        };
        let n = |figure: &Option<Estimate>| figure.map(|figure| figure.n);
        let known_alike = base.figures.iter().zip(&own.figures).all(|(base, own)| n(base) == n(own));
        let is_zero = |it: &Estimate| it.mean == 0.0 && (it.n <= 1 || it.low == it.high);
        let zero = own.differences.iter().flatten();
        arm > 0 && own.same_crowds && known_alike && zero.clone().count() > 0 && zero.clone().all(is_zero)
    }

    /// The kind of harm that hurts most people in any of the scenarios.
    pub fn kind(&self) -> Kind {
        let most = |kind: &Kind| {
            let counts = (0..self.subjects.len()).filter_map(|arm| self.people(arm, *kind)).map(|count| count.mean);
            counts.filter(|count| count.is_finite()).fold(0.0, f64::max)
        };
        KINDS
            .into_iter()
            .reduce(|worst, next| if most(&next) > most(&worst) { next } else { worst })
            .unwrap_or(KINDS[0])
    }

    /// The scenarios, those that burden fewest people first; of equals, in the order in which they were given. Those cut short, whose
    /// people are not all there yet, come last.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.subjects.len()).collect();
        let rank = |arm: &usize| (self.is_cut(*arm), self.burdened(*arm));
        order.sort_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1)));
        order
    }

    /// Whether a limit of the command ended a scenario, so that its figures are not those of a whole run.
    pub fn is_cut(&self, arm: usize) -> bool {
        self.subjects[arm].is_cut()
    }

    /// Whether all scenarios have the same people: the same seed, audiences and regions.
    pub fn share_people(&self) -> bool {
        let Some(base) = self.subjects.first().map(|subject| subject.context.spec) else { return true };
        let alike = |subject: &Subject<'_>| {
            let spec = subject.context.spec;
            spec.audience == base.audience && spec.region.keys().eq(base.region.keys())
        };
        self.comparison.arms.iter().all(|arm| arm.same_crowds) && self.subjects.iter().all(alike)
    }

    /// Whether all scenarios have their drop at one moment of one clock, so that times of day can be compared.
    pub fn share_a_clock(&self) -> bool {
        let drop = |subject: &Subject<'_>| subject.context.spec.drop;
        self.subjects.windows(2).all(|pair| drop(&pair[0]) == drop(&pair[1]))
    }

    /// When the last trouble of a scenario was over, by the clock that all scenarios share or from the drop; with replications
    /// the median of those in which it was, or in how many it was not. `None` if there was none.
    pub fn over(&self, arm: usize) -> Option<String> {
        if let Some(until_s) = self.subjects[arm].context.partial_until_s.filter(|_| self.is_cut(arm)) {
            return Some(format!("partial, until {}", self.moment(arm, until_s)));
        }
        let all = self.subjects[arm].analyses;
        let (n, not_over) = (all.count(), all.in_state(Scope::default(), State::NotOver).k);
        match (not_over, n) {
            (0, _) => {}
            (1, 1) => return Some("not over".to_owned()),
            (not_over, n) => return Some(format!("not in {not_over} of {n}")),
        }
        let spread = all.spread_of(Figure::TroubleOver.into())?;
        let at = self.moment(arm, spread.median);
        Some(if spread.k == n { at } else { format!("{at} in {} of {n}", spread.k) })
    }

    /// Whether moments need seconds: some run lasts under ten minutes, or is over within two minutes of the drop.
    fn needs_seconds(&self) -> bool {
        const SOON_S: f64 = 120.0;
        let is_soon = |subject: &Subject<'_>| {
            let over = subject.analyses.spread_of(Figure::TroubleOver.into());
            Clock::of_drop(subject.context.spec).has_seconds() || over.is_some_and(|over| over.median.abs() < SOON_S)
        };
        self.subjects.iter().any(is_soon)
    }

    /// A moment of a scenario by the clock that all scenarios share, or by its distance from the drop.
    pub fn moment(&self, arm: usize, at_s: f64) -> String {
        if self.share_a_clock() {
            let clock = Clock::of_drop(self.subjects[arm].context.spec);
            if self.needs_seconds() { clock.with_seconds().moment(at_s) } else { clock.moment(at_s) }
        } else {
            from_drop(at_s)
        }
    }

    /// Heading of [`Several::fared`]: `thresholds` if any scenario states some, else `state`.
    pub fn fared_heading(&self) -> &'static str {
        if self.have_thresholds() { "thresholds" } else { "state" }
    }

    fn have_thresholds(&self) -> bool {
        self.subjects.iter().any(|subject| !subject.figures.thresholds.is_empty())
    }

    /// Whether the thresholds of a scenario held; where no scenario has thresholds, what became of everything, in most
    /// replications.
    pub fn fared(&self, arm: usize) -> Option<String> {
        let subject = &self.subjects[arm];
        if self.have_thresholds() {
            let word = states::of_thresholds(&subject.figures.thresholds, self.is_cut(arm));
            return (!subject.figures.thresholds.is_empty()).then(|| word.to_owned());
        }
        if subject.analyses.only().is_some() {
            return Some(states::state(subject.analyses, Scope::default()));
        }
        let states = subject.analyses.states(Scope::default());
        let most = states.into_iter().reduce(|most, next| if next.1.k > most.1.k { next } else { most });
        most.filter(|(_, share)| share.k > 0).map(|(state, share)| {
            let name = state.name().replace('_', " ");
            if share.k == share.n { name } else { format!("{name} in {} of {}", share.k, share.n) }
        })
    }

    /// Compares the base with the scenario that harms fewest people, or, if that is the base, with the one that harms most; `None`
    /// unless there are two scenarios with a kind of harm that is known.
    pub fn verdict(&self) -> Option<Sentence> {
        if self.subjects.first()?.is_cut() {
            return self.cut_base();
        }
        let kind = self.kind();
        let order: Vec<usize> = self.order().into_iter().filter(|arm| !self.is_cut(*arm)).collect();
        let path = kind.path();
        let (best, worst) = (*order.first()?, *order.last()?);
        // The base is compared with whoever does best, or, if that is itself, with whoever does worst.
        let other = if best == 0 { worst } else { best };
        if other == 0 {
            return None;
        }
        let difference = self.comparison.difference(other, path)?;
        let in_base = self.people(0, kind)?;
        let people = Claim {
            text: if in_base.mean == 0.0 { "none".to_owned() } else { count(in_base.mean) },
            fact: Fact::People { value: in_base.mean, path: path.to_owned(), at_least: false },
        };
        let (words, than) = compared(difference, in_base.mean);
        let claim = self.difference(difference, path, words);
        let (there, base) = (phrase!["with ", self.name(other), ", ", claim], self.name(0));
        let paid = [other, 0].map(|arm| self.paid(arm, Some(self.name(arm))));
        let [of_other, of_base] = paid;
        Some(
            phrase![there, " people", kind.now[1], than, base, ", where ", people, " do", of_other, of_base].sentence(),
        )
    }

    /// Says that a limit of the command ended the base, so that differences from it are unknown; `None` for a scenario alone.
    fn cut_base(&self) -> Option<Sentence> {
        let base = self.subjects.first()?.context;
        let value = base.partial_until_s.filter(|_| self.subjects.len() > 1)?;
        let (path, scenario) = ("partial_until_s".to_owned(), base.name.to_owned());
        let fact = Fact::OfScenario(OfScenario { value, path, scenario });
        let until = Claim { text: self.moment(0, value), fact };
        let base = phrase!["a limit ended the base, ", self.name(0), ", at ", until];
        Some(base.then(", so that differences from it are unknown").sentence())
    }

    /// Compares the best of several changes with the base; `with` says what each change is, in the order of the scenarios after the
    /// base. `None` unless there is a change and a kind of harm that is known.
    pub fn verdict_of_changes(&self, with: &[String]) -> Option<Sentence> {
        let (kind, path) = (self.kind(), self.kind().path());
        let best = self.order().into_iter().find(|arm| *arm > 0 && !self.is_cut(*arm))?;
        let (difference, in_base) = (self.comparison.difference(best, path)?, self.people(0, kind)?);
        let change = named(with.get(best - 1)?, self.subjects[best].context.name, Named::Scenario);
        let (words, than) = compared(difference, in_base.mean);
        let than = than.trim_end_matches(" in ");
        let claim = self.difference(difference, path, words);
        let told = phrase!["with ", change, ", ", claim, " people", kind.now[1], than, " without"];
        let share = difference.mean / in_base.mean;
        if !share.is_finite() || share == 0.0 {
            return Some(phrase![told, self.paid(best, None)].sentence());
        }
        let sign = if share < 0.0 { "\u{2212}" } else { "+" };
        let fact = Fact::Factor { value: share, path: path.to_owned(), per: path.to_owned() };
        let share = Claim { text: format!("{sign}{}", percent(share.abs())), fact };
        Some(phrase![told, " (", share, ")", self.paid(best, None)].sentence())
    }

    /// Tells the waits in a scenario's waiting rooms, which count as no harm: `; in the waiting room of exam the median wait is 26
    /// min, and 20.2k people are still in it at the end`.
    fn paid(&self, arm: usize, of: Option<Claim>) -> Option<Phrase> {
        let (price, subject) = (self.price(arm)?, &self.subjects[arm]);
        let scenario = subject.context.name;
        let figure = |figure: Figure, value: f64, text: String| {
            let (path, scenario) = (figure.name().to_owned(), scenario.to_owned());
            Claim { text, fact: Fact::OfScenario(OfScenario { value, path, scenario }) }
        };
        let wait = price
            .wait_ms
            .filter(|wait| *wait >= BRIEF_MS)
            .map(|wait| phrase!["the median wait is ", figure(Figure::RoomWaitP50, wait, millis(wait))]);
        let came = self.comparison.figure(arm, Figure::ViewersArrived.name()).map_or(0.0, |came| came.mean);
        let several = subject.context.spec.waiting_room.len() > 1;
        let at_end = rooms::are_many(price.at_end, came).then(|| {
            let people = figure(Figure::RoomsAtEnd, price.at_end, rooms::people(price.at_end));
            let are = rooms::are(price.at_end);
            phrase![people, are, " still in ", if several { "them" } else { "it" }, " at the end"]
        });
        if wait.is_none() && at_end.is_none() {
            return None;
        }
        let (both, of) = (wait.is_some() && at_end.is_some(), of.map(|of| phrase![" of ", of]));
        let room = if several { "; in the waiting rooms" } else { "; in the waiting room" };
        Some(phrase![room, of, " ", wait, if both { ", and " } else { "" }, at_end])
    }

    fn difference(&self, difference: Estimate, path: &str, text: String) -> Claim {
        let fact = Fact::Difference {
            value: difference.mean,
            low: difference.low,
            high: difference.high,
            path: path.to_owned(),
            against: self.subjects[0].context.name.to_owned(),
        };
        Claim { text, fact }
    }

    fn name(&self, arm: usize) -> Claim {
        let name = self.subjects[arm].context.name;
        // Without the base beside it, an overlay is told by its title or with the name of the base.
        let text = if self.short_name(arm).starts_with('+') { name } else { self.short_name(arm) };
        named(text, name, Named::Scenario)
    }
}

/// Share of the people in the base within which an interval must lie for the difference to be told as none.
const ABOUT: f64 = 0.1;

/// A difference from a base in words, and the word that follows: `1.2M fewer (95%: −1.3M to −1.1M)` and `than`. Chance may explain
/// an interval with zero in it: a narrow one says that there is no difference to speak of, a wide one says little. One replication
/// has no interval.
fn compared(difference: Estimate, base: f64) -> (String, &'static str) {
    let Estimate { mean, low, high, n } = difference;
    let interval = signed_range(low, high);
    let many = format!("{} {}", count(mean.abs()), if mean < 0.0 { "fewer" } else { "more" });
    match n {
        _ if mean == 0.0 && (n <= 1 || low == high) => ("as many".to_owned(), " as in "),
        0 | 1 => (many, " than in "),
        _ if low > 0.0 || high < 0.0 => (format!("{many} (95%: {interval})"), " than in "),
        _ if high.max(-low) <= ABOUT * base => (format!("about as many (95%: {interval})"), " as in "),
        _ => (format!("perhaps {many} (95%: {interval})"), " than in "),
    }
}

/// A moment by its distance from the drop.
fn from_drop(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "\u{2212}" } else { "+" };
    format!("{sign}{}", short(seconds.abs()))
}

/// A length of time in the fewest letters.
fn short(seconds: f64) -> String {
    if seconds < 90.0 {
        format!("{seconds:.0} s")
    } else if seconds < 90.0 * 60.0 {
        format!("{:.0} min", seconds / 60.0)
    } else {
        format!("{} h", trim_zeros(&format!("{:.1}", seconds / 3600.0)))
    }
}

#[cfg(test)]
mod tests;
