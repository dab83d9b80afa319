//! `search.png`: every combination of levers that was tried, by its cost and by the people it harms.

use super::axis::Axis;
use super::curves;
use super::model::{Colour, Dot, Key, Part, Text};
use super::named_axes;
use super::page::{self, Named, Provenance, SHEET_RIGHT};
use super::panel::Panel;
use super::sheet::Sheet;
use super::sweep::names::Metric;
use super::theme;
use super::ticks::tick_si;
use crate::report::numbers::{capital, grouped};
use crate::report::search::{Searched, State};
use crate::sweep::cheapest::{Choice, Combination};
use crate::vocabulary::Figure;

/// Widest label of a combination.
const NAME: f64 = 900.0;
/// Factor between the most and the fewest people from which on an even axis would hide the fewest.
const HIDES: f64 = 30.0;
/// Height of a line of the labels of the chosen combinations, which stand above the plot.
const LINE: f64 = 24.0;

/// The chart.
pub fn sheet(searched: &Searched<'_>, digest: &str) -> Sheet {
    let harm = Metric::of(Figure::HarmSawError.name());
    let tried: Vec<(&Combination, f64)> = searched
        .found
        .combinations
        .iter()
        .filter_map(|one| Some((one, one.harmed?.mean)).filter(|(_, mean)| mean.is_finite()))
        .collect();
    let (mut sheet, top) = begin(searched, digest);
    let mut panel = plot(searched, &tried, &harm, top + 36.0 + LINE);
    if tried.is_empty() {
        panel.notice("No run has a number of people who see an error");
    }
    // What is decided lies over what is open, and what holds over all.
    for state in [State::Open, State::Fails, State::Holds] {
        for (one, harmed) in tried.iter().filter(|(one, _)| searched.state(one) == state) {
            panel.dot((one.cost, seen(&panel, *harmed)), colour(state), if state == State::Holds { 6.0 } else { 5.0 });
        }
    }
    let chosen = [("cheapest", searched.found.winner), ("runner-up", searched.found.runner_up)];
    for (place, (role, choice)) in chosen.into_iter().enumerate().rev() {
        marked(searched, &mut panel, choice, (place, role));
    }
    panel.ticks();
    let room = panel.room;
    named_axes::name_upright(&mut sheet, room, &harm.title());
    let cost = match searched.prices.unit.as_str() {
        "" => "Cost".to_owned(),
        unit => format!("Cost: {unit}"),
    };
    named_axes::name_across(&mut sheet, room, &cost);
    sheet.panels.push(panel);
    sheet
}

fn colour(state: State) -> Colour {
    match state {
        State::Holds => Colour::Good,
        State::Open => Colour::Subdued,
        State::Fails => Colour::Broken,
    }
}

/// The sheet with its title, which is the answer, and what the colours mean.
fn begin(searched: &Searched<'_>, digest: &str) -> (Sheet, f64) {
    let Searched { outline, found, .. } = searched;
    let told = searched.sentences();
    let title = told.first().map_or("", String::as_str).trim_end_matches('.');
    let runs = grouped(found.runs() as f64);
    let own = [outline.title().to_owned(), format!("{} combinations", grouped(outline.points() as f64))];
    // The next sentence is that of the runner-up; the people of the others stand on the axis.
    let next = told.get(1).map(|sentence| sentence.trim_end_matches('.').to_owned());
    let subtitle = next.into_iter().chain(own).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let legend = [
        ("thresholds hold (95%)", State::Holds),
        ("thresholds do not hold (95%)", State::Fails),
        ("not decided at 95%", State::Open),
    ];
    let occurs = |state: State| found.combinations.iter().any(|one| searched.state(one) == state);
    let legend = legend.into_iter().filter(|(_, state)| occurs(*state));
    let legend: Vec<Named> = legend.map(|(words, state)| (words.to_owned(), colour(state), Key::Dot)).collect();
    let mut footer = vec![
        page::program(outline.version()),
        format!("search {}", theme::FOOTER.shorten(outline.name(), 320.0)),
        format!("scenario {}", theme::FOOTER.shorten(outline.scenario(), 320.0)),
        format!("seed {}", outline.seed()),
        format!("{runs} runs"),
    ];
    if outline.scale() > 0.0 && outline.scale() < 1.0 {
        footer.push(format!("1:{}", grouped(1.0 / outline.scale())));
    }
    footer.push(format!("digest {}", digest.chars().take(8).collect::<String>()));
    let notes = page::notes(outline.version(), outline.name(), outline.seed(), digest);
    page::begin(title, &capital(&subtitle), &legend, Provenance { footer: footer.join(" · "), notes })
}

/// The height of a number of people: on a logarithmic axis nobody stands at the lowest tick.
fn seen(panel: &Panel, harmed: f64) -> f64 {
    let foot = panel.y.ticks.first().filter(|_| panel.y.is_logarithmic());
    foot.map_or(harmed, |tick| harmed.max(tick.at))
}

fn plot(searched: &Searched<'_>, tried: &[(&Combination, f64)], harm: &Metric, top: f64) -> Panel {
    let dearest = searched.found.combinations.iter().map(|one| one.cost).fold(0.0, f64::max);
    let mut x = Axis::from_zero(dearest, 8, tick_si);
    // Costs such as numbers of servers have no half.
    if searched.found.combinations.iter().all(|one| one.cost.fract() == 0.0) {
        x.ticks.retain(|tick| tick.at.fract() == 0.0);
    }
    let most = tried.iter().map(|(_, harmed)| *harmed).fold(0.0, f64::max);
    let mut positive: Vec<f64> = tried.iter().map(|(_, harmed)| *harmed).collect();
    let least = positive.iter().copied().filter(|harmed| *harmed > 0.0).fold(f64::INFINITY, f64::min);
    // Few people beside many would lie on the foot.
    let y = if most > HIDES * least {
        curves::from_nothing(&mut [&mut positive], (least, most), 1.05, |value| harm.tick(value, most))
    } else {
        harm.axis(0.0, if most > 0.0 { most } else { 1.0 }, 6)
    };
    let mut panel = Panel::new(named_axes::beside(&y, top, SHEET_RIGHT - 40.0), &x, y);
    panel.grid();
    panel.base();
    panel
}

/// A ring with a number around a chosen combination, and its words above the plot.
fn marked(searched: &Searched<'_>, panel: &mut Panel, choice: Option<Choice>, (place, role): (usize, &str)) {
    let Some(one) = choice.map(|choice| searched.chosen(choice)) else { return };
    let Some(harmed) = one.harmed.filter(|harmed| harmed.mean.is_finite()) else { return };
    let (x, y) = panel.place((one.cost, seen(panel, harmed.mean)));
    for (radius, colour) in [(10.0, Colour::Ink), (7.5, Colour::Paper), (5.0, colour(searched.state(one)))] {
        panel.over.push(Part::Dot(Dot { at: (x, y), colour, radius }));
    }
    let number = (place + 1).to_string();
    let before = x - 16.0 - theme::LABEL.measure(&number);
    // Beside the axis there is no room.
    let left = if before > panel.room.left + 4.0 { before } else { x + 16.0 };
    panel.label(Text::new(&number, (left, y), theme::LABEL));
    let words = theme::LABEL.shorten(&format!("{number} {role}: {}", searched.label(one)), NAME);
    let left = panel.room.right - theme::LABEL.measure(&words);
    panel.label(Text::new(&words, (left, panel.room.top - 20.0 - LINE * (1 - place) as f64), theme::LABEL));
}
