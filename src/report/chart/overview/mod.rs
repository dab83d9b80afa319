//! `overview.png`: one page that can be mailed: what failed, why, how it felt, who watched and to whom it happened, on one
//! clock.

mod why;

use super::axis::Axis;
use super::blanks::Reasons;
use super::bottleneck::Bottleneck;
use super::curves::{Curves, Line, Values};
use super::error_rate;
use super::limits::{Limit, Verdict};
use super::model::{Block, Colour, Fill, Part, Room, Text};
use super::page::{BETWEEN, MARGIN, PLOT_LEFT, PLOT_RIGHT, SHEET_RIGHT};
use super::panel::Panel;
use super::sheet::Sheet;
use super::strips::Strips;
use super::waiting::start_times;
use super::{View, theme};
use crate::measure::Scope;
use crate::report::numbers::{grouped, part};
use crate::report::words::claim::{Fact, Group};
use crate::report::words::phrase::Sentence;
use crate::units::Span;
use crate::vocabulary::{Column, Figure};

/// Height between a plot and the next, in which the heading of the next stands.
const APART: f64 = 56.0;
/// Below the lowest plot: the labels of the clock, the date and the footer.
const FOOT: f64 = 100.0;

/// A plot of the page, with its height.
enum Plot {
    Failed,
    Why(Bottleneck),
    Curves(Curves),
    Whom(Strips),
}

impl Plot {
    fn height(&self) -> f64 {
        match self {
            Plot::Failed => 190.0,
            Plot::Why(_) => 170.0,
            Plot::Curves(curves) if curves.values == Values::Shares => 150.0,
            Plot::Curves(curves) if curves.values == Values::Millis => 130.0,
            Plot::Curves(_) => 100.0,
            Plot::Whom(strips) => strips.height(),
        }
    }
}

/// The page; none if nothing ends and nothing is sent.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let plots = plots(view);
    if view.findings.errors.ended <= 0.0 && plots.is_empty() {
        return None;
    }
    let title = view.words.title("overview");
    let what = view.in_bins();
    let everyone = match view.context.scale {
        scale if scale > 0.0 && scale < 1.0 => format!("one in {} simulated", grouped(1.0 / scale)),
        _ => "everyone simulated".to_owned(),
    };
    let subtitle = view.subtitle(&format!("{everyone}, {what}"));
    let figures = key_figures(&view.words.key_figures);
    let top = if figures.is_empty() { 104.0 } else { 190.0 };
    let x = view.time_axis();
    let marks = view.marks(&x, top + view.strip_height());
    let rooms = rooms(&plots, marks.bottom() + 34.0);
    let height = rooms.last().map_or(marks.bottom(), |room| room.bottom) + FOOT;
    let mut sheet = view.begin_plain(height, &title, &subtitle);
    sheet.figures = figures;
    sheet.panels.extend(view.strip(top));
    for (plot, room) in plots.iter().zip(&rooms) {
        sheet.panels.push(panel(view, &x, plot, *room));
    }
    if let Some(lowest) = sheet.panels.last_mut() {
        lowest.ticks();
    }
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}

/// The plots for which there are figures, the uppermost first.
fn plots(view: &View<'_>) -> Vec<Plot> {
    let mut plots = Vec::new();
    if view.findings.errors.failed > 0.0 {
        plots.push(Plot::Failed);
    }
    let links = reaches(view);
    let by_links = !links.is_empty();
    if by_links {
        plots.push(Plot::Curves(links));
    }
    if let Some(pool) = Bottleneck::of(view) {
        let queue = why::queue(view, &pool);
        // A pool at which nobody waits is no reason for poor pictures.
        if !by_links || queue.is_some() {
            plots.push(why::held_slots(view, &pool).map_or_else(|| Plot::Why(pool), Plot::Curves));
        }
        plots.extend(queue.map(Plot::Curves));
    }
    plots.extend(
        [in_rooms(view), felt(view), watching(view)].into_iter().filter(|curves| !curves.is_empty()).map(Plot::Curves),
    );
    plots.extend(Strips::whom(view).map(Plot::Whom));
    plots
}

/// Rooms below each other.
fn rooms(plots: &[Plot], top: f64) -> Vec<Room> {
    let mut top = top;
    let mut rooms = Vec::with_capacity(plots.len());
    for plot in plots {
        let bottom = top + plot.height();
        rooms.push(Room { left: PLOT_LEFT, right: PLOT_RIGHT, top, bottom });
        top = bottom + APART;
    }
    rooms
}

fn panel(view: &View<'_>, x: &Axis, plot: &Plot, room: Room) -> Panel {
    match plot {
        Plot::Failed => {
            let mut panel = error_rate::rates(view, x, room);
            let limits = Limit::of(view, Column::ErrorRate, Scope::default());
            let broken = limits.iter().any(|limit| limit.verdict == Verdict::Broken);
            let note = match (limits.is_empty(), broken) {
                (true, _) => "share of ended attempts, by outcome",
                (false, false) => "share of ended attempts, by outcome; a limit is drawn where it counts",
                (false, true) => {
                    "share of ended attempts, by outcome; a limit is drawn where it counts, red where broken"
                }
            };
            panel.heading("What failed", note);
            outcomes(view, &mut panel);
            panel
        }
        Plot::Why(pool) => why::panel(view, x, pool, room),
        Plot::Curves(curves) => curves.panel(view, x, room),
        Plot::Whom(strips) => strips.panel(view, x, room),
    }
}

/// Draws the legend of failed attempts by outcome beside the plot, each with its share, where no limit stands.
fn outcomes(view: &View<'_>, panel: &mut Panel) {
    let errors = &view.findings.errors;
    let at = panel.room.right + 10.0;
    for (index, (outcome, count)) in errors.outcomes.iter().take(5).enumerate() {
        let y = panel.room.top + 8.0 + 20.0 * index as f64;
        let colour = Colour::Fill(Fill::Outcome(*outcome));
        let block = Block { from: (at, y - 6.0), to: (at + 14.0, y + 6.0), colour, opacity: 1.0 };
        panel.over.push(Part::Block(block));
        panel.name(colour, view.label(*outcome));
        let words = format!("{} · {}", view.label(*outcome), part(count / errors.failed));
        let room = SHEET_RIGHT - at - 22.0;
        panel.label(Text::within(&words, (at + 22.0, y), theme::NOTE.fitting(&words, room, 10.0), room));
    }
}

/// Bit rates that streams play at and would play at alone; empty unless nothing fails and pictures are poor or stand still.
fn reaches(view: &View<'_>) -> Curves {
    let people = |figure: Figure| view.whole.summary(figure.name()).map_or(0.0, |people| people.mean);
    let is_why = view.findings.errors.failed <= 0.0 && people(Figure::HarmDegraded) + people(Figure::HarmStalled) > 0.0;
    let line = |column, name, colour| Line::of(view, Scope::default(), column, 1e3, name, colour).map(Line::positive);
    let lines = [
        line(Column::PeakBitrate, "alone it would", Colour::Demand),
        line(Column::BitrateMean, "a stream plays", Colour::Streams),
    ];
    let lines = lines.into_iter().flatten().filter(|line| is_why && line.values.iter().any(|value| value.is_finite()));
    let lines: Vec<Line> = lines.collect();
    let lines = if lines.len() < 2 { Vec::new() } else { lines };
    Curves::new(
        "Why: at what bit rate a stream plays, and would alone",
        "bit/s, mean of the streams",
        lines,
        Values::Rates,
    )
}

/// The people in waiting rooms.
fn in_rooms(view: &View<'_>) -> Curves {
    let line = Line::of(view, Scope::default(), Column::WaitingRoomMean, 1.0, "", Colour::Queue);
    let line = line.filter(|line| line.values.iter().any(|value| *value > 0.0));
    Curves::new("The waiting room", "people who wait to be let in, mean of an interval", line, Values::Numbers)
        .filled(0.3)
}

/// The time to the first frame; where nothing streams, the time of requests through all retries, or of attempts.
fn felt(view: &View<'_>) -> Curves {
    let starts = start_times(view, Colour::Series(0));
    if !starts.is_empty() {
        let heading = "What it felt like: from the first request to the first frame";
        let note =
            "through all retries and the pauses of the journey, by the interval in which streams start; log scale";
        let curves = Curves::new(heading, note, starts, Values::Millis);
        let counts = view.series(view.all, Column::Starts);
        return curves.with_blanks(view, &counts, &counts, Reasons::STREAMS);
    }
    let ended = view.series(view.all, Column::RequestsEnded);
    let served = ended.iter().zip(view.series(view.all, Column::RequestsFailed)).map(|(ended, failed)| ended - failed);
    let served: Vec<f64> = served.collect();
    let line = |column, beyond, name, colour| {
        let line = Line::of(view, Scope::default(), column, 1.0, name, colour)?;
        let line = line.positive().of_enough(view, &served, beyond);
        line.values.iter().any(|value| value.is_finite()).then_some(line)
    };
    let requests =
        [line(Column::TimeP95, 0.05, "95%", Colour::Series(0)), line(Column::TimeP50, 0.5, "half", Colour::Good)];
    let note = "through all retries, of those that are served in the end, where enough are; log scale";
    Curves::new("What it felt like: time of a request", note, requests.into_iter().flatten(), Values::Millis)
        .with_blanks(view, &served, &ended, Reasons::REQUESTS)
}

/// The streams that play; where there are none, the people who ask for something.
fn watching(view: &View<'_>) -> Curves {
    let all = Scope::default();
    let line = |column, factor, colour| Line::of(view, all, column, factor, "", colour);
    let playing = |line: &Line| line.values.iter().any(|value| *value > 0.0);
    match line(Column::StreamsMean, 1.0, Colour::Streams).filter(playing) {
        Some(streams) => Curves::new("Who watches", "streams that play", [streams], Values::Numbers).filled(0.16),
        None => {
            // Who asks in two intervals of a bin is counted in both: the bin has their mean.
            let mean = view.whole.width_s / view.figures.width_s;
            let asking = line(Column::ViewersActive, mean, Colour::Demand).filter(playing);
            let note = format!(
                "people with a request under way, pauses included, in each {}",
                Span::from_seconds(view.whole.width_s)
            );
            Curves::new("Who asks", &note, asking, Values::Numbers).filled(0.16)
        }
    }
}

/// The key figures side by side: each a number and the words below it.
fn key_figures(figures: &[Sentence]) -> Vec<Vec<Text>> {
    let room = BETWEEN / figures.len().max(1) as f64;
    let texts = figures.iter().enumerate().map(|(index, figure)| {
        let left = MARGIN + index as f64 * room;
        let (number, words) = figure.number_and_words();
        let mut style = theme::NUMBER;
        if figure.claims.first().is_some_and(|claim| is_harm(&claim.fact)) {
            style = style.coloured(Colour::Broken);
        }
        while style.size > 18.0 && style.measure(&number) > room - 34.0 {
            style.size -= 1.0;
        }
        let words = crate::report::letters::wrap(&words, theme::NOTE.face, theme::NOTE.size, room - 18.0, 2);
        let line =
            |(index, words): (usize, &String)| Text::new(words, (left, 157.0 + 18.0 * index as f64), theme::NOTE);
        let number = Text::within(&number, (left, 126.0), style, room - 10.0);
        std::iter::once(number).chain(words.iter().enumerate().map(line)).collect()
    });
    texts.collect()
}

/// Whether a figure tells of people harmed or of attempts that fail.
fn is_harm(fact: &Fact) -> bool {
    match fact {
        Fact::People { path, .. } | Fact::Median { path, .. } | Fact::Group(Group { path, .. }) => {
            path.starts_with("harm.")
        }
        Fact::Worst { ratio, .. } => ratio.value > 0.0,
        Fact::NotOver(_) => true,
        _ => false,
    }
}
