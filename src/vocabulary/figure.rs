//! The figures of a whole run: the figures of `summary.json`, and two that only sweeps and `find` have.

use std::fmt;

use super::column::{Column, Distribution};
use super::outcome::Outcome;
use super::source::{Account, Source};
use super::unit::Unit;

/// Attributes of a figure.
#[derive(Clone, Copy)]
struct FigureRow {
    /// Dotted name in `summary.json`, sweeps and `find`.
    name: &'static str,
    /// Unit of a value.
    unit: Unit,
    /// Name on charts, with a small first letter.
    words: Words,
    /// Source of the value.
    source: Source,
}

/// Words for a figure, as a sentence needs them.
#[derive(Clone, Copy)]
enum Words {
    /// A singular: `error rate in the worst minute`.
    One(&'static str),
    /// A plural: `viewers who see an error`.
    Many(&'static str),
}

use Account::{Already, Arrived, Asking, GaveUp, Inside, Outside, SawError, Started, Streaming, Waiting, Watched};
use Distribution::{Latency, Wait};
use Source::{Percentile, Viewers, Window};
use Unit::{Count, Milliseconds, Ratio, Seconds, Share};
use Words::{Many, One};

table! {
    /// A figure of a whole run.
    Figure, FigureRow,
    /// Attempts that ended with this outcome.
    Attempts(Outcome);
    /// Viewers who arrived, those inside at the start included.
    ViewersArrived { name: "viewers.arrived", unit: Count, words: Many("viewers who arrive"), source: Viewers(Arrived) }
    /// Viewers who were in mid-stream when the window opened.
    ViewersAlready {
        name: "viewers.already", unit: Count, words: Many("viewers inside at the start"), source: Viewers(Already)
    }
    /// Viewers who did the last step of their journey.
    ViewersWatched {
        name: "viewers.watched", unit: Count, words: Many("viewers who watch to the end"), source: Viewers(Watched)
    }
    /// Viewers who gave up and did not come back.
    ViewersGaveUp { name: "viewers.gave_up", unit: Count, words: Many("viewers who give up"), source: Viewers(GaveUp) }
    /// Viewers who are inside at the end of the run.
    ViewersInside {
        name: "viewers.inside", unit: Count, words: Many("viewers inside at the end"), source: Viewers(Inside)
    }
    /// Viewers who are in a stream at the end of the run.
    ViewersStreaming {
        name: "viewers.streaming", unit: Count, words: Many("viewers in a stream at the end"),
        source: Viewers(Streaming),
    }
    /// Viewers who are in a request step at the end of the run.
    ViewersAsking {
        name: "viewers.asking", unit: Count, words: Many("viewers in a request at the end"), source: Viewers(Asking)
    }
    /// Viewers who are inside at the end of the run, neither in a stream nor in a request step.
    ViewersWaiting {
        name: "viewers.waiting", unit: Count, words: Many("viewers between steps at the end"), source: Viewers(Waiting)
    }
    /// Viewers whose first stream began.
    ViewersStarted {
        name: "viewers.started", unit: Count, words: Many("viewers whose stream starts"), source: Viewers(Started)
    }
    /// Viewers who were shown an error page.
    ViewersSawError {
        name: "viewers.saw_error", unit: Count, words: Many("viewers who see an error"), source: Viewers(SawError)
    }
    /// People of crowds and traces whose moment fell outside the window, and who were not simulated.
    ViewersOutside {
        name: "viewers.outside", unit: Count, words: Many("viewers outside the window"), source: Viewers(Outside)
    }
    /// Attempts sent.
    AttemptsTotal { name: "attempts.total", unit: Count, words: Many("attempts"), source: Window(Column::Attempts) }
    /// Share of errors among the ended attempts.
    ErrorRateOverall {
        name: "error_rate.overall", unit: Share, words: One("share of attempts that fail"),
        source: Window(Column::ErrorRate),
    }
    /// Error rate of the worst minute with at least 100 ended attempts.
    ErrorRatePeak {
        name: "error_rate.peak", unit: Share, words: One("error rate in the worst minute"),
        source: Source::WorstErrorRate,
    }
    /// Start of the worst minute, from the drop.
    ErrorRatePeakAt {
        name: "error_rate.peak_at_s", unit: Seconds, words: One("time of the worst minute"),
        source: Source::WorstErrorRateAt,
    }
    /// End of the last minute above 1%, or above the bound of a threshold on the error rate of everything, from the drop;
    /// 0 if there is none, null if that minute is the end.
    Recovery { name: "recovery_s", unit: Seconds, words: One("time until it is over"), source: Source::Recovery }
    /// Attempts sent over requests begun, where a request made anew by a refresh counts once.
    RetryAmplification {
        name: "retry_amplification", unit: Ratio, words: Many("attempts for each request"),
        source: Source::Amplification,
    }
    /// Share of the server time that was spent on attempts which were not served.
    WastedShare {
        name: "wasted_share", unit: Share, words: One("share of work in vain"), source: Window(Column::WastedShare)
    }
    /// Median latency of the served attempts.
    LatencyP50 {
        name: "latency_ms.p50", unit: Milliseconds, words: One("latency p50"), source: Percentile(Latency, 0.5)
    }
    /// 95th percentile of the latency of the served attempts.
    LatencyP95 {
        name: "latency_ms.p95", unit: Milliseconds, words: One("latency p95"), source: Percentile(Latency, 0.95)
    }
    /// 99th percentile of the latency of the served attempts.
    LatencyP99 {
        name: "latency_ms.p99", unit: Milliseconds, words: One("latency p99"), source: Percentile(Latency, 0.99)
    }
    /// Mean waiting time of attempts at their pool.
    WaitMean {
        name: "wait_ms.mean", unit: Milliseconds, words: One("mean waiting time"), source: Window(Column::WaitMean)
    }
    /// Median waiting time of attempts at their pool.
    WaitP50 { name: "wait_ms.p50", unit: Milliseconds, words: One("waiting time p50"), source: Percentile(Wait, 0.5) }
    /// 90th percentile of the waiting time of attempts at their pool.
    WaitP90 { name: "wait_ms.p90", unit: Milliseconds, words: One("waiting time p90"), source: Percentile(Wait, 0.9) }
    /// 99th percentile of the waiting time of attempts at their pool.
    WaitP99 { name: "wait_ms.p99", unit: Milliseconds, words: One("waiting time p99"), source: Percentile(Wait, 0.99) }
    /// Attempts that had to wait, over the attempts whose wait at a pool ended.
    WaitedShare {
        name: "waited_share", unit: Share, words: One("share of attempts that wait"),
        source: Window(Column::WaitedShare),
    }
    /// Mean share of the slots of all pools that are busy.
    Utilization { name: "utilization", unit: Share, words: One("utilization"), source: Window(Column::Utilization) }
    /// Mean number of attempts waiting for service, in all pools together.
    QueueMean {
        name: "queue_mean", unit: Count, words: One("mean length of the queues"), source: Window(Column::QueueMean)
    }
    /// Bit rate of all streams over the capacity of the links.
    LinkUtilization {
        name: "link_utilization", unit: Share, words: One("utilization of links"),
        source: Window(Column::LinkUtilization),
    }
    /// Mean share of a stream's time in which the stream stalls.
    StalledShare {
        name: "stalled_share", unit: Share, words: One("share of streams that stall"),
        source: Window(Column::StalledShare),
    }
    /// Reports to the outage tracker, its usual level included.
    ReportsTotal { name: "reports.total", unit: Count, words: Many("outage reports"), source: Window(Column::Reports) }
    /// Reports in the worst minute.
    ReportsPeak {
        name: "reports.peak", unit: Count, words: Many("outage reports in the worst minute"),
        source: Source::WorstReports,
    }
    /// Start of the minute with most reports, from the drop.
    ReportsPeakAt {
        name: "reports.peak_at_s", unit: Seconds, words: One("time of the worst minute of reports"),
        source: Source::WorstReportsAt,
    }
    /// Retries that clients' budgets forbade.
    RetriesDenied {
        name: "retries_denied", unit: Unit::Count, words: Many("retries denied by budgets"),
        source: Source::Window(Column::RetriesDenied),
    }
    /// 1 where all thresholds of the scenario held in a run, else 0; the mean is the share of such runs.
    ThresholdsHeld {
        name: "thresholds_held", unit: Share, words: One("share of runs in which all thresholds hold"),
        source: Source::Thresholds,
    }
    /// Events that the run took.
    Events { name: "events", unit: Count, words: Many("events"), source: Source::Events }
}

/// Number of figures of the table up to `attempts.total`; the figures of the outcomes follow them.
const BEFORE_OUTCOMES: usize = Figure::AttemptsTotal.index_in_table() + 1;

/// Number of figures of the summary; the figures from `thresholds_held` on belong to sweeps and `find` alone.
const IN_SUMMARY: usize = Figure::ThresholdsHeld.index_in_table() + Outcome::COUNT;

static OF_OUTCOMES: [FigureRow; Outcome::COUNT] = {
    let source = Source::Window(Column::Attempts);
    let row = FigureRow { name: "", unit: Count, words: Many(""), source };
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

    /// All figures, in the order of `points.csv`, which begins with the figures of `summary.json` in their order.
    pub const ALL: &'static [Figure] = &IN_ORDER;

    /// The figures of `summary.json`, in the order of the file.
    pub fn summary() -> &'static [Figure] {
        &Figure::ALL[..IN_SUMMARY]
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

    /// The figure with a dotted name; `None` if there is none.
    pub fn named(name: &str) -> Option<Figure> {
        Figure::ALL.iter().copied().find(|figure| figure.name() == name)
    }

    /// The dotted name in `summary.json`, sweeps and `find`.
    pub fn name(self) -> &'static str {
        self.row().name
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
            assert_eq!((figure.index(), Figure::named(figure.name())), (index, Some(*figure)));
            assert!(figure.meaning().ends_with('.'), "{}", figure.name());
        }
    }

    #[test]
    fn figures_of_attempts_are_adjacent_and_the_summary_ends_before_the_figures_of_sweeps() {
        let names: Vec<&str> = Figure::ALL.iter().map(|figure| figure.name()).collect();
        let attempts: Vec<usize> = (0..names.len()).filter(|at| names[*at].starts_with("attempts.")).collect();
        assert_eq!(names[attempts[0]], "attempts.total");
        assert!(attempts.windows(2).all(|pair| pair[0] + 1 == pair[1]) && attempts.len() == 1 + Outcome::COUNT);
        assert!(!Figure::summary().iter().any(|figure| matches!(figure.source(), Source::Thresholds | Source::Events)));
        assert_eq!(Figure::summary().last().map(|figure| figure.name()), Some("retries_denied"));
    }

    #[test]
    fn a_figure_over_the_window_has_the_unit_of_its_column() {
        for figure in Figure::ALL {
            if let Source::Window(column) = figure.source() {
                assert_eq!(figure.unit(), column.unit(), "{}", figure.name());
            }
        }
    }
}
