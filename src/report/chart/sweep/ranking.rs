//! `ranking.png`: the parameters in the order of their effects on a figure.

use super::heatmap::empty;
use super::names::{self, Metric};
use super::title::Title;
use super::view::Sweep;
use crate::report::chart::axis::Axis;
use crate::report::chart::model::{Block, Colour, Key, Part, Place, Room, Text};
use crate::report::chart::page::{self, MARGIN, Named};
use crate::report::chart::panel::Panel;
use crate::report::chart::sheet::Sheet;
use crate::report::chart::theme;
use crate::report::numbers::{capital, grouped, percent, trim_zeros};
use crate::report::words::phrase::Sentence;
use crate::sweep::effect::{Effect, Effects, Method, effects, fewest_points};

/// Most parameters that are shown; weaker ones are left out.
const MOST_ROWS: usize = 20;

const BOTTOM: f64 = 790.0;
const RIGHT: f64 = 1500.0;

/// The ranking of a figure.
pub fn sheet(sweep: &Sweep<'_>, metric: &str) -> (Sheet, Sentence) {
    let found = effects(&sweep.table, sweep.metric(metric));
    let title = title(sweep, found.as_ref(), &Metric::of(metric));
    let Some(found) = found else { return (without(sweep, metric, &title), title) };
    let (mut sheet, top) = sweep.begin(&title.shown(), &subtitle(sweep, &found), &legend(&found));
    sheet.panels.push(Rows::of(sweep, &found, top + 14.0).panel(found.method, &Metric::of(metric)));
    (sheet, title)
}

/// A low sheet that says why there is no ranking.
fn without(sweep: &Sweep<'_>, metric: &str, title: &Sentence) -> Sheet {
    const LOW: f64 = 300.0;
    let metric = sweep.metric(metric);
    let values: Vec<f64> = sweep.table.points.iter().filter_map(|point| point.middle(metric)).collect();
    let needed = fewest_points(&sweep.table, metric);
    let why = if values.len() > 1 && values.windows(2).all(|pair| pair[0] == pair[1]) {
        "The figure has the same value at every point".to_owned()
    } else if values.len() < needed {
        let all = grouped(sweep.table.points.len() as f64);
        format!("{} of {all} points have a value; to rank these settings takes {needed}", grouped(values.len() as f64))
    } else {
        "There are too many settings for a regression".to_owned()
    };
    let (mut sheet, top) = page::begin_high(LOW, &title.shown(), &sweep.subtitle(&[]), &[], sweep.provenance());
    let mut panel = empty(Room { left: MARGIN, right: RIGHT, top, bottom: LOW - 60.0 });
    panel.notice(&why);
    sheet.panels.push(panel);
    sheet
}

/// The rows of a ranking.
struct Rows<'a> {
    /// Effects, each with the name and the path of the parameter; the path is empty where rows are too low for two lines.
    shown: Vec<(&'a Effect, String, String)>,
    axis: Axis,
    room: Room,
    /// Height of a row.
    height: f64,
    parts: Vec<Part>,
}

impl<'a> Rows<'a> {
    fn of(sweep: &Sweep<'_>, found: &'a Effects, top: f64) -> Rows<'a> {
        let list = &found.list[..found.list.len().min(MOST_ROWS)];
        let height = ((BOTTOM - top) / list.len() as f64).min(110.0);
        let row = |effect: &'a Effect| {
            let parameter = &sweep.table.parameters[effect.parameter];
            let path = if height >= 44.0 { names::path(parameter) } else { String::new() };
            (effect, capital(&names::parameter(parameter)), path)
        };
        let shown: Vec<_> = list.iter().map(row).collect();
        let width = |name: &str, path: &str| theme::LABEL.measure(name).max(theme::NOTE.measure(path));
        let widest = shown.iter().map(|(_, name, path)| width(name, path)).fold(0.0, f64::max);
        let (left, bottom) = (MARGIN + widest.min(470.0) + 24.0, top + height * list.len() as f64);
        let room = Room { left, right: RIGHT, top, bottom };
        Rows { shown, axis: axis(list, found.method), room, height, parts: Vec::new() }
    }

    fn panel(mut self, method: Method, metric: &Metric) -> Panel {
        self.ticks();
        for row in 0..self.shown.len() {
            self.row(row, method, metric);
        }
        let mut panel = empty(self.room);
        panel.x = self.axis;
        panel.under = self.parts;
        panel
    }

    /// Horizontal position of a value.
    fn place(&self, value: f64) -> f64 {
        self.room.left + self.axis.share(value.clamp(self.axis.low, self.axis.high)) * (RIGHT - self.room.left)
    }

    fn ticks(&mut self) {
        for tick in self.axis.ticks.clone() {
            let (x, Room { top, bottom, .. }) = (self.place(tick.at), self.room);
            let colour = if tick.at == 0.0 { Colour::Axis } else { Colour::Grid };
            self.rule(&[(x, top), (x, bottom)], colour, 1.5);
            self.label(Text::new(&tick.label, (x, bottom + 8.0), theme::TICK).centred().hanging());
        }
    }

    /// Name, bar, interval and number of one effect.
    fn row(&mut self, row: usize, method: Method, metric: &Metric) {
        let (effect, name, path) = self.shown[row].clone();
        let middle = self.room.top + self.height * (row as f64 + 0.5);
        let room = self.room.left - MARGIN - 16.0;
        let upper = if path.is_empty() { middle } else { middle - 10.0 };
        self.label(Text::within(&name, (MARGIN, upper), theme::LABEL, room));
        self.label(Text::within(&path, (MARGIN, middle + 11.0), theme::NOTE, room));
        if let Some(total) = effect.total {
            self.bar(total, middle, Colour::Good, 0.3);
        }
        self.bar(effect.size, middle, colour(effect), 1.0);
        let (mut low, mut high) = (effect.size.min(0.0), effect.size.max(effect.total.unwrap_or(0.0)));
        if let Some(interval) = effect.interval {
            self.whisker(interval, middle);
            (low, high) = (low.min(interval.0), high.max(interval.1));
        }
        let text = words(effect, method, metric);
        self.label(if effect.size < 0.0 {
            Text::new(&text, (self.place(low) - 10.0, middle), theme::LABEL).ending()
        } else {
            Text::new(&text, (self.place(high) + 10.0, middle), theme::LABEL)
        });
    }

    fn bar(&mut self, value: f64, middle: f64, colour: Colour, opacity: f64) {
        let half = (self.height * 0.3).min(14.0);
        let (from, to) = ((self.place(0.0), middle - half), (self.place(value), middle + half));
        self.parts.push(Part::Block(Block { from, to, colour, opacity }));
    }

    fn whisker(&mut self, (low, high): (f64, f64), y: f64) {
        let ends = [self.place(low), self.place(high)];
        self.rule(&[(ends[0], y), (ends[1], y)], Colour::Ink, 2.0);
        for x in ends {
            self.rule(&[(x, y - 6.0), (x, y + 6.0)], Colour::Ink, 2.0);
        }
    }

    fn rule(&mut self, places: &[Place], colour: Colour, width: f64) {
        self.parts.push(Part::Rule { places: places.to_vec(), colour, width });
    }

    fn label(&mut self, text: Text) {
        self.parts.push(Part::Label { text, ground: None });
    }
}

/// The axis from the least to the largest end of any bar or interval, with room for numbers beside the bars.
fn axis(shown: &[Effect], method: Method) -> Axis {
    let ends = |effect: &Effect| {
        let (low, high) = effect.interval.unwrap_or((effect.size, effect.size));
        (low.min(effect.size), high.max(effect.size).max(effect.total.unwrap_or(0.0)))
    };
    let low = shown.iter().map(|effect| ends(effect).0).fold(0.0, f64::min);
    let high = shown.iter().map(|effect| ends(effect).1).fold(0.0, f64::max);
    // Numbers stand beside the bars.
    let room = (high - low) * 0.22;
    let low = if low < 0.0 { low - room } else { 0.0 };
    let label = |value: f64| {
        let value = (value * 1e9).round() / 1e9;
        match method {
            Method::Variance => percent(value),
            _ => trim_zeros(&format!("{value:.2}")).replace('-', "\u{2212}"),
        }
    };
    Axis::spanning(low, high + room, false, 9, label)
}

fn colour(effect: &Effect) -> Colour {
    match effect {
        Effect { total: Some(_), .. } => Colour::Good,
        Effect { directed: false, .. } => Colour::Demand,
        // What may as well be nothing has no direction.
        Effect { interval: Some((low, high)), .. } if *low <= 0.0 && *high >= 0.0 => Colour::Subdued,
        Effect { size, .. } if *size < 0.0 => Colour::Good,
        _ => Colour::Reports,
    }
}

/// The number of an effect, and how much it moves the figure in the figure's own unit.
fn words(effect: &Effect, method: Method, metric: &Metric) -> String {
    let size = size(effect, method);
    match effect.moved {
        Some(moved) => format!("{size} · {}", metric.show_change(moved)),
        None => size,
    }
}

fn size(effect: &Effect, method: Method) -> String {
    match (method, effect.total) {
        (Method::Variance, Some(total)) => format!("{} alone, {} in all", percent(effect.size), percent(total)),
        _ if effect.size <= -0.005 => format!("\u{2212}{:.2}", -effect.size),
        _ => format!("{:.2}", effect.size.abs()),
    }
}

fn legend(found: &Effects) -> Vec<Named> {
    if found.method == Method::Variance {
        return vec![("alone; pale: with its interactions".to_owned(), Colour::Good, Key::Area)];
    }
    let mut legend = Vec::new();
    let entries = [
        ("more of it raises the figure", Colour::Reports),
        ("more of it lowers the figure", Colour::Good),
        ("not told apart from no effect", Colour::Subdued),
        ("a category, without direction", Colour::Demand),
    ];
    for (words, wanted) in entries {
        if found.list.iter().any(|effect| colour(effect) == wanted) {
            legend.push((words.to_owned(), wanted, Key::Area));
        }
    }
    legend
}

fn title(sweep: &Sweep<'_>, found: Option<&Effects>, metric: &Metric) -> Sentence {
    let mut title = Title::of(metric);
    let Some(found) = found else {
        let depends = title.name(metric.depends());
        return title.sentence(format!("What {}{depends} on cannot be told", metric.verb("the ", "")));
    };
    let name = |title: &mut Title<'_>, effect: &Effect| {
        let parameter = &sweep.table.parameters[effect.parameter];
        title.setting(names::parameter(parameter), parameter.name())
    };
    let depends = title.name(capital(&metric.depends()));
    let head = match &found.list[..] {
        [] => format!("{depends} on nothing that varies"),
        [only] => format!("{depends} on {}", name(&mut title, only)),
        // Two whose intervals overlap are not told apart.
        [first, second, ..] if overlap(first, second) => {
            format!("{depends} most on {} and {}", name(&mut title, first), name(&mut title, second))
        }
        [first, second, ..] => {
            format!("{depends} most on {}, then on {}", name(&mut title, first), name(&mut title, second))
        }
    };
    // Coefficients that explain less than half are a weak ground for an order.
    let weak = found.method != Method::Variance && found.explained < 0.5 && !found.list.is_empty();
    if !weak {
        return title.sentence(head);
    }
    let explained = title.explained(percent(found.explained), found.explained);
    title.sentence(format!("{head}; together they explain {explained}"))
}

fn overlap(first: &Effect, second: &Effect) -> bool {
    let strength = |effect: &Effect| {
        let (low, high) = effect.interval.unwrap_or((effect.size, effect.size));
        if effect.size < 0.0 { (-high, -low) } else { (low, high) }
    };
    strength(second).1 >= strength(first).0
}

fn subtitle(sweep: &Sweep<'_>, found: &Effects) -> String {
    let (points, all) = (grouped(found.points as f64), sweep.table.points.len());
    let of = if found.points == all {
        format!("{points} points")
    } else {
        format!("{points} of {} points, those with a value", grouped(all as f64))
    };
    let explained = percent(found.explained);
    let (what, rest) = match found.method {
        Method::Variance => {
            ("shares of the variance over the grid (Sobol indices)", format!("each alone: {explained} together"))
        }
        Method::Regression => ("standardised regression coefficients", format!("together they explain {explained}")),
        Method::RankRegression => {
            ("standardised rank regression coefficients", format!("together they explain {explained}"))
        }
    };
    let whiskers = found.list.iter().any(|effect| effect.interval.is_some()).then(|| "whiskers: 95%".to_owned());
    let moved = found.list.iter().any(|effect| effect.moved.is_some());
    let moved = moved.then(|| "then: change from its lowest to its highest quarter".to_owned());
    let left_out = (found.list.len() > MOST_ROWS).then(|| format!("the first {MOST_ROWS} of {}", found.list.len()));
    sweep.subtitle(&[Some(what.to_owned()), Some(of), Some(rest), whiskers, moved, left_out])
}
