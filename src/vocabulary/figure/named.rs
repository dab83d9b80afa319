//! The order, the names and the words of figures.

use std::fmt;

use super::row::Words::{Many, One};
use super::{ANY, Figure, FigureRow};
use crate::vocabulary::column::Column;
use crate::vocabulary::outcome::Outcome;
use crate::vocabulary::scope::RowKind;
use crate::vocabulary::source::Source;
use crate::vocabulary::unit::Unit;

/// Number of figures of the table up to `attempts.total`; the figures of the outcomes follow them.
const BEFORE_OUTCOMES: usize = Figure::AttemptsTotal.index_in_table() + 1;

/// Number of figures of the summary; the figures from `thresholds_held` on belong to sweeps and `find` alone.
const IN_SUMMARY: usize = Figure::ThresholdsHeld.index_in_table() + Outcome::COUNT;

static OF_OUTCOMES: [FigureRow; Outcome::COUNT] = {
    let source = Source::Window(Column::Attempts);
    let row = FigureRow { name: "", unit: Unit::Count, words: Many(""), source, known: ANY };
    let mut rows = [row; Outcome::COUNT];
    let mut index = 0;
    while index < Outcome::COUNT {
        let outcome = Outcome::ALL[index];
        rows[index].name = outcome.figure();
        rows[index].source = Source::Window(outcome.column());
        index += 1;
    }
    rows
};

static IN_ORDER: [Figure; Figure::COUNT] = {
    let mut figures = [Figure::ViewersArrived; Figure::COUNT];
    let mut own = 0;
    while own < Figure::OWN.len() {
        figures[Figure::OWN[own].index()] = Figure::OWN[own];
        own += 1;
    }
    let mut outcome = 0;
    while outcome < Outcome::COUNT {
        let figure = Figure::Attempts(Outcome::ALL[outcome]);
        figures[figure.index()] = figure;
        outcome += 1;
    }
    figures
};

impl Figure {
    /// Number of figures.
    pub const COUNT: usize = Figure::OWN.len() + Outcome::COUNT;

    /// All figures, in the order of the table; the figures of `summary.json` come first.
    pub const ALL: &'static [Figure] = &IN_ORDER;

    /// The figures of a run, its regions, pools and requests that `summary.json` has, in the order of the file.
    pub fn summary() -> &'static [Figure] {
        &Figure::ALL[..IN_SUMMARY]
    }

    /// The figures of everything that `summary.json` has, in the order of the file.
    pub fn of_everything() -> Vec<Figure> {
        Figure::summary().iter().copied().filter(|figure| figure.is_known_of(RowKind::All)).collect()
    }

    /// The share of people that belongs to a count of people: `harm.saw_error_share` of `harm.saw_error`.
    pub fn share(self) -> Option<Figure> {
        let name = self.name();
        Figure::ALL.iter().copied().find(|other| other.name().strip_suffix("_share") == Some(name))
    }

    /// The index in [`Figure::ALL`].
    pub const fn index(self) -> usize {
        match self.own_index() {
            Ok(own) if own < BEFORE_OUTCOMES => own,
            Ok(own) => own + Outcome::COUNT,
            Err(outcome) => BEFORE_OUTCOMES + outcome.rank(),
        }
    }

    /// The index in the table itself; the length of the table for the figures of outcomes.
    const fn index_in_table(self) -> usize {
        match self.own_index() {
            Ok(own) => own,
            Err(_) => Figure::OWN.len(),
        }
    }

    fn row(self) -> &'static FigureRow {
        match self.own_index() {
            Ok(own) => &Figure::own_rows()[own],
            Err(outcome) => &OF_OUTCOMES[outcome as usize],
        }
    }

    /// The figure of everything with a dotted name; `None` if there is none.
    pub fn named(name: &str) -> Option<Figure> {
        Figure::ALL.iter().copied().find(|figure| figure.is_known_of(RowKind::All) && figure.name() == name)
    }

    /// The figure with a name within a region, a pool or a request; `None` if there is none.
    pub fn named_within(kind: RowKind, name: &str) -> Option<Figure> {
        Figure::ALL.iter().copied().find(|figure| figure.is_known_of(kind) && figure.name_within() == name)
    }

    /// Whether the figure is known of everything, or of a region, a pool or a request.
    pub fn is_known_of(self, kind: RowKind) -> bool {
        self.row().known.of.contains(&kind)
    }

    /// The dotted name in `summary.json`, sweeps and `find`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The dotted name within a region, a pool or a request.
    pub fn name_within(self) -> &'static str {
        match self.row().known.within {
            "" => self.name(),
            within => within,
        }
    }

    /// The unit of a value.
    pub fn unit(self) -> Unit {
        self.row().unit
    }

    /// The source of the value.
    pub fn source(self) -> Source {
        self.row().source
    }

    /// The name on charts, with a small first letter.
    pub fn words(self) -> String {
        match (self.own_index(), self.row().words) {
            (Ok(_), One(words) | Many(words)) => words.to_owned(),
            (Err(outcome), _) => format!("attempts {}", outcome.happening()),
        }
    }

    /// Whether the words are a plural.
    pub fn is_plural(self) -> bool {
        matches!(self.row().words, Many(_))
    }

    /// The text in the reference.
    pub fn meaning(self) -> String {
        match self.own_index() {
            Ok(own) => Figure::OWN_MEANINGS[own].to_owned(),
            Err(outcome) => format!("Attempts that ended as `{}`.", outcome.name()),
        }
    }

    /// The least and the greatest possible value. Moments from the drop may be negative; ends are not, since a trouble
    /// that is over before the drop does not count.
    pub fn possible(self) -> (f64, f64) {
        match (self.unit(), self.source()) {
            (_, Source::WorstReportsAt) => (f64::NEG_INFINITY, f64::INFINITY),
            (_, Source::Analysis(found)) if found.is_moment() => (f64::NEG_INFINITY, f64::INFINITY),
            (Unit::Share, _) => (0.0, 1.0),
            _ => (0.0, f64::INFINITY),
        }
    }

    /// Whether the value of a run is 1 or 0, so that a mean over runs is a share of them.
    pub fn is_of_yes_or_no(self) -> bool {
        matches!(self.source(), Source::Analysis(crate::vocabulary::Found::Stuck))
    }

    /// Whether a run must be analysed for the value.
    pub fn is_of_analysis(self) -> bool {
        matches!(self.source(), Source::Analysis(_) | Source::Thresholds)
    }

    /// Whether a run may have no value because nothing of the kind happened in it, so that a mean over runs would be
    /// biased to a selection.
    pub fn is_of_some_runs(self) -> bool {
        match self.source() {
            Source::Analysis(found) => found.is_of_some_runs(),
            Source::WorstReportsAt => true,
            _ => false,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn figures_have_unique_names_and_words() {
        let names: HashSet<&str> = Figure::ALL.iter().map(|figure| figure.name()).collect();
        let words: HashSet<String> = Figure::ALL.iter().map(|figure| figure.words()).collect();
        assert_eq!((names.len(), words.len()), (Figure::COUNT, Figure::COUNT));
        for (index, figure) in Figure::ALL.iter().enumerate() {
            assert_eq!(figure.index(), index);
            assert!(figure.meaning().ends_with('.'), "{}", figure.name());
            for kind in [RowKind::Region, RowKind::Pool, RowKind::Request] {
                let found = Figure::named_within(kind, figure.name_within());
                assert!(!figure.is_known_of(kind) || found == Some(*figure), "{}", figure.name());
            }
            let known = figure.is_known_of(RowKind::All);
            assert_eq!(Figure::named(figure.name()), known.then_some(*figure));
        }
    }

    #[test]
    fn figures_of_attempts_are_adjacent_and_the_summary_ends_before_the_figures_of_sweeps() {
        let names: Vec<&str> = Figure::ALL.iter().map(|figure| figure.name()).collect();
        let attempts: Vec<usize> = (0..names.len()).filter(|at| names[*at].starts_with("attempts.")).collect();
        assert_eq!(names[attempts[0]], "attempts.total");
        assert!(attempts.windows(2).all(|pair| pair[0] + 1 == pair[1]) && attempts.len() == 1 + Outcome::COUNT);
        assert!(!Figure::summary().iter().any(|figure| matches!(figure.source(), Source::Thresholds | Source::Events)));
        assert_eq!(names[Figure::summary().len()..], ["thresholds_held", "events"]);
    }

    #[test]
    fn a_figure_over_the_window_has_the_unit_of_its_column() {
        for figure in Figure::ALL {
            if let Source::Window(column) | Source::Highest(column) = figure.source() {
                assert_eq!(figure.unit(), column.unit(), "{}", figure.name());
                let known = |kind: &RowKind| !figure.is_known_of(*kind) || column.known().contains(kind);
                assert!(RowKind::ALL.iter().all(known), "{}", figure.name());
            }
        }
    }
}
