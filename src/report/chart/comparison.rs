//! `comparison.png`: a row for each scenario: its errors over time against those of the base, the people it harms, how far it is
//! from the base, when it was over, and whether its thresholds hold.

use super::axis::Axis;
use super::marks::Marks;
use super::model::{Block, Colour, Part, Place, Room, Style, Text};
use super::page::{self, MARGIN, Provenance, SHEET_RIGHT};
use super::panel::{Panel, Run, runs};
use super::sheet::Sheet;
use super::{View, theme};
use crate::analysis::highest;
use crate::measure::Estimate;
use crate::report::numbers::{count, millis, signed_range};
use crate::report::several::Several;
use crate::report::words::rooms;
use crate::report::{Context, letters};
use crate::vocabulary::Column;

/// Rows of the chart, at most.
const MOST: usize = 30;
/// The edges of the columns: names, bars, differences, errors, ends, thresholds. What matters most stands to the left, which
/// is what a narrow screen shows at first.
const NAMES: (f64, f64) = (MARGIN, 252.0);
const BARS: (f64, f64) = (266.0, 462.0);
const DIFFERENCE: (f64, f64) = (556.0, 678.0);
const ERRORS: (f64, f64) = (706.0, 1298.0);
const OVER: f64 = 1326.0;
const FARED: f64 = 1452.0;

/// A row of the chart.
struct Row {
    arm: usize,
    /// Whether a limit of the command ended the run.
    is_cut: bool,
    name: String,
    errors: Vec<Run>,
    /// Start and end of the run, in seconds from the drop.
    span: (f64, f64),
    /// Highest error rate.
    worst: f64,
    people: Option<Estimate>,
    difference: Option<Estimate>,
    /// Waits in waiting rooms, in words; they stand beside the harm, which they are no part of.
    price: Option<String>,
    over: Option<String>,
    fared: Option<String>,
}

/// The scenarios on one clock, those that burden fewest people first; none if there is none.
pub fn sheet(several: &Several<'_>) -> Option<Sheet> {
    let views: Vec<View<'_>> = several.subjects.iter().map(View::whole).collect();
    let base = views.first()?;
    let order = several.order();
    let shown = shown(&order);
    let rows: Vec<Row> = shown.iter().map(|arm| row(several, &views[*arm], *arm)).collect();
    let one_clock = several.share_a_clock();
    let each = match rows.len() {
        0..=10 => 58.0,
        11..=18 => 46.0,
        _ => 36.0,
    };
    let (mut sheet, top) = begin(several, base, (rows.len(), each), one_clock);
    let from = views.iter().map(|view| view.span().0).fold(f64::INFINITY, f64::min);
    let until = views.iter().map(|view| view.span().1).fold(f64::NEG_INFINITY, f64::max);
    let x = if one_clock {
        Axis::clock(&base.clock, from, until, ERRORS.1 - ERRORS.0, 92.0)
    } else {
        Axis::offsets(from, until, ERRORS.1 - ERRORS.0, 92.0)
    };
    // Changes differ between scenarios; what they share is the drop.
    let marks = Marks::of_drop(one_clock.then_some(&base.clock), &x, ERRORS, top + 22.0);
    let head = marks.bottom() - 12.0;
    heads(&mut sheet, several, head);
    let worst = rows.iter().map(|row| row.worst).fold(0.0, f64::max).min(1.0);
    let outline = row(several, base, 0).errors;
    let mut rooms = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let upper = marks.bottom() + 14.0 + each * index as f64;
        let room = Room { left: ERRORS.0, right: ERRORS.1, top: upper, bottom: upper + each - 16.0 };
        let mut panel = errors(row, &outline, &x, Axis::with_ticks(0.0, axis_top(worst), false, Vec::new()), room);
        if index + 1 == rows.len() {
            panel.base();
            panel.ticks();
        }
        sheet.panels.push(panel);
        words(&mut sheet, row, room, several.comparison.replications);
        rooms.push(room);
    }
    if let (Some(first), Some(last)) = (rooms.first(), rooms.last()) {
        let room = Room { left: BARS.0, right: BARS.1, top: first.top, bottom: last.bottom };
        sheet.panels.push(bars(&rows, &rooms, room));
    }
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}

/// The arms that have rows, in order; of too many the base, and as many of the others as there is room for.
fn shown(order: &[usize]) -> Vec<usize> {
    if order.len() <= MOST {
        return order.to_vec();
    }
    let mut others = 0;
    let keep = |arm: &usize| {
        others += usize::from(*arm != 0);
        *arm == 0 || others < MOST
    };
    order.iter().copied().filter(keep).collect()
}

/// The end of the axis of errors: everything where rates come near, else the highest rate.
fn axis_top(worst: f64) -> f64 {
    if worst > 0.45 { 1.0 } else { (worst * 1.1).max(0.01) }
}

/// The sheet with what stands around the plots; its footer is that of the base, and counts the others.
fn begin(several: &Several<'_>, base: &View<'_>, (rows, each): (usize, f64), one_clock: bool) -> (Sheet, f64) {
    let (from, until) = base.span();
    let all = several.subjects.len();
    let crowds = if several.share_people() { "the same people" } else { "own crowds" };
    let left_out = if rows < all { format!("{rows} of {all} scenarios") } else { format!("{all} scenarios") };
    let outline = theme::SUBTITLE.shorten(base.context.name, 420.0);
    let first = if several.have_prices() { "fewest harmed or kept waiting first" } else { "fewest harmed first" };
    let what = format!("{left_out} with {crowds}, {first}; area: share of attempts that fail; outline: {outline}");
    let subtitle = if one_clock {
        [what, base.clock.dates(from, until), base.clock.offset()].join(" · ")
    } else {
        [what, "time from the drop of each".to_owned()].join(" · ")
    };
    let name = match all - 1 {
        0 => base.context.name.to_owned(),
        1 => format!("{} and 1 other", base.context.name),
        others => format!("{} and {others} others", base.context.name),
    };
    let provenance = |context: &Context<'_>| Provenance::of(context, base.figures.replications);
    let Provenance { footer, .. } = provenance(&Context { name: &name, ..base.context.clone() });
    let height = 104.0 + 80.0 + each * rows as f64 + 70.0;
    let provenance = Provenance { footer, ..provenance(base.context) };
    page::begin_high(height.max(340.0), &title(several, base), &subtitle, &[], provenance)
}

/// The verdict of the comparison; for a scenario alone, its overview title.
fn title(several: &Several<'_>, base: &View<'_>) -> String {
    match several.verdict() {
        Some(verdict) => verdict.shown().trim_end_matches('.').to_owned(),
        None => base.words.title("overview"),
    }
}

/// The heads of the columns.
fn heads(sheet: &mut Sheet, several: &Several<'_>, y: f64) {
    let interval = if several.comparison.replications > 1 { " (95%)" } else { "" };
    let harm = several.kind().heading;
    for (words, left) in [
        (format!("people: {harm}{interval}"), BARS.0),
        ("against base".to_owned(), DIFFERENCE.0),
        ("over".to_owned(), OVER),
        (several.fared_heading().to_owned(), FARED),
    ] {
        sheet.texts.push(Text::new(&words, (left, y), theme::NOTE));
    }
}

fn row(several: &Several<'_>, view: &View<'_>, arm: usize) -> Row {
    let rates = view.series(view.all, Column::ErrorRate);
    let (kind, path) = (several.kind(), several.kind().path());
    Row {
        arm,
        is_cut: several.is_cut(arm),
        // Names of files are short, and different within one command; titles often share their beginning.
        name: letters::clean(&several.short_name(arm).replace('-', " ")),
        worst: highest(&rates),
        errors: runs(&view.intervals, &rates),
        span: view.span(),
        people: several.people(arm, kind).filter(|people| people.mean.is_finite()),
        difference: if arm > 0 { several.comparison.difference(arm, path) } else { None },
        price: several.price(arm).map(|price| {
            let wait = price.wait_ms.map_or_else(|| "–".to_owned(), millis);
            let left =
                if price.at_end < 0.5 { String::new() } else { format!(", {} at the end", rooms::whole(price.at_end)) };
            format!("in the room: half wait {wait}{left}")
        }),
        over: several.over(arm),
        fared: several.fared(arm),
    }
}

/// The errors of a row, and the outline of those of the base.
fn errors(row: &Row, outline: &[Run], x: &Axis, y: Axis, room: Room) -> Panel {
    let mut panel = Panel::new(room, x, y);
    let (colour, opacity) = if row.arm == 0 { (Colour::Demand, 0.8) } else { (Colour::Broken, 0.85) };
    row.errors.iter().for_each(|run| panel.area(run, colour, opacity));
    outline.iter().for_each(|run| panel.line(run, Colour::Ink, 1.6));
    // Where a run is shorter than others, the line ends with the run.
    let foot = |t_s: f64| (panel.place((t_s, panel.y.low)).0, room.bottom);
    let places = vec![foot(row.span.0), foot(row.span.1)];
    panel.under.push(Part::Rule { places, colour: Colour::Axis, width: 1.5 });
    panel
}

/// The name of a row, and what stands behind its bar.
fn words(sheet: &mut Sheet, row: &Row, room: Room, replications: usize) {
    let y = room.bottom - (room.bottom - room.top) / 2.0;
    let mut text = |words: &str, at: Place, style: Style, width: f64| {
        sheet.texts.push(Text::within(words, at, style, width));
    };
    let style = if row.arm == 0 { theme::LABEL } else { theme::LEGEND };
    let lines = letters::wrap(&row.name, style.face, style.size, NAMES.1 - NAMES.0, 2);
    for (index, line) in lines.iter().enumerate() {
        let shift = 19.0 * (index as f64 - (lines.len() - 1) as f64 / 2.0);
        text(line, (NAMES.0, y + shift), style, NAMES.1 - NAMES.0);
    }
    let signed = |value: f64| match value {
        value if value.abs() < 0.5 => "±0".to_owned(),
        value => format!("{}{}", if value < 0.0 { "\u{2212}" } else { "+" }, count(value.abs())),
    };
    if let Some(difference) = row.difference {
        let Estimate { mean, low, high, n } = difference;
        let decided = if n > 1 { low > 0.0 || high < 0.0 } else { mean.abs() >= 0.5 };
        let colour = if !decided {
            Colour::Subdued
        } else if mean < 0.0 {
            Colour::Good
        } else {
            Colour::Broken
        };
        // In low rows the two lines stand closer together than to those of the next row.
        let apart = if room.bottom - room.top >= 30.0 { 9.0 } else { 7.0 };
        let shift = if replications > 1 && n > 1 && low < high { apart } else { 0.0 };
        text(&signed(mean), (DIFFERENCE.0, y - shift), theme::LABEL.coloured(colour), DIFFERENCE.1 - DIFFERENCE.0);
        if shift > 0.0 {
            text(&signed_range(low, high), (DIFFERENCE.0, y + shift), theme::FOOTER, DIFFERENCE.1 - DIFFERENCE.0);
        }
    } else if row.arm == 0 {
        text("base", (DIFFERENCE.0, y), theme::LABEL, DIFFERENCE.1 - DIFFERENCE.0);
    }
    // Rows of many scenarios leave no place below their bars.
    if let Some(price) = row.price.as_ref().filter(|_| room.bottom - room.top >= 30.0) {
        text(price, (BARS.0, y + 21.0), theme::FOOTER, DIFFERENCE.0 - BARS.0 - 8.0);
    }
    let over = row.over.clone().unwrap_or_else(|| "–".to_owned());
    let not_over = over.starts_with("not");
    let style = if not_over { theme::LABEL.coloured(Colour::Broken) } else { theme::LEGEND };
    let mut wrapped = |words: &str, left: f64, style: Style, width: f64| {
        let lines = in_lines(words, style, width);
        let middle = (lines.len() - 1) as f64 / 2.0;
        for (index, line) in lines.iter().enumerate() {
            text(line, (left, y + 15.0 * (index as f64 - middle)), style, width);
        }
    };
    wrapped(&over, OVER, style, FARED - OVER - 8.0);
    let fared = row.fared.clone().unwrap_or_else(|| "–".to_owned());
    let style = if matches!(fared.as_str(), "failed" | "not judged") {
        theme::LABEL.coloured(Colour::Broken)
    } else {
        theme::NOTE
    };
    wrapped(&fared, FARED, style, SHEET_RIGHT - FARED);
}

/// A cell in at most two lines: `09:32 in 1 of 2` breaks before `in`, and `partial, until 09:17` after the comma.
fn in_lines(words: &str, style: Style, width: f64) -> Vec<String> {
    let phrases = [(" in ", "", "in "), (", ", ",", "")].into_iter().find_map(|(at, end, begin)| {
        let (first, second) = words.split_once(at)?;
        Some(vec![format!("{first}{end}"), format!("{begin}{second}")])
    });
    match phrases.filter(|_| style.measure(words) > width) {
        Some(lines) => lines,
        None => letters::wrap(words, style.face, style.size, width, 2),
    }
}

/// The people harmed in each row as bars with whiskers, and the base's number as a line through all rows.
fn bars(rows: &[Row], rooms: &[Room], room: Room) -> Panel {
    let ends = |row: &Row| row.people.map_or(0.0, |people| people.high.max(people.mean));
    let most = rows.iter().map(ends).filter(|value| value.is_finite()).fold(0.0, f64::max);
    let none = Axis::with_ticks(0.0, 1.0, false, Vec::new());
    let mut panel = Panel::new(room, &none, none.clone());
    let text = |row: &Row, people: Estimate| count(people.mean) + if row.is_cut { " so far" } else { "" };
    let width = |row: &Row| row.people.map_or(0.0, |people| theme::LEGEND.measure(&text(row, people)));
    // The longest number behind a bar ends before the next column.
    let right = room.right.min(DIFFERENCE.0 - 20.0 - rows.iter().map(width).fold(0.0, f64::max));
    let at = |value: f64| room.left + (right - room.left) * (value / most.max(1e-12)).clamp(0.0, 1.0);
    let rule = |from: Place, to: Place, width: f64| Part::Rule { places: vec![from, to], colour: Colour::Ink, width };
    let base = rows.iter().find(|row| row.arm == 0).and_then(|row| row.people).map(|people| at(people.mean));
    for (row, own) in rows.iter().zip(rooms) {
        let Some(people) = row.people else { continue };
        let y = (own.top + own.bottom) / 2.0;
        let (colour, half) = if row.arm == 0 { (Colour::Demand, 11.0) } else { (Colour::Broken, 11.0) };
        let end = at(people.mean);
        if people.mean > 0.0 {
            let (from, to) = ((room.left, y - half), (end.max(room.left + 1.0), y + half));
            panel.under.push(Part::Block(Block { from, to, colour, opacity: 0.85 }));
        }
        let mut right = end;
        if people.n > 1 && people.high > people.low {
            let (low, high) = (at(people.low.max(0.0)), at(people.high));
            panel.over.push(rule((low, y), (high, y), 1.6));
            panel.over.push(rule((low, y - 5.0), (low, y + 5.0), 1.6));
            panel.over.push(rule((high, y - 5.0), (high, y + 5.0), 1.6));
            right = right.max(high);
        }
        let text = text(row, people);
        let end = right + 8.0 + theme::LEGEND.measure(&text);
        // The line of the base runs through no number.
        let left =
            if base.is_some_and(|x| right < x && x < end + 4.0) { base.unwrap_or(right).max(right) } else { right };
        panel.label(Text::new(&text, (left + 8.0, y), theme::LEGEND));
    }
    if let Some(x) = base {
        let crosses =
            |row: &Row| row.price.as_ref().is_some_and(|price| BARS.0 + theme::FOOTER.measure(price) > x - 4.0);
        let mut from = room.top;
        for (_, own) in rows.iter().zip(rooms).filter(|(row, _)| crosses(row)) {
            // The line stops above words below a bar and goes on below them.
            let middle = (own.top + own.bottom) / 2.0;
            panel.under.push(rule((x, from), (x, middle + 13.0), 1.2));
            from = middle + 29.0;
        }
        if from < room.bottom {
            panel.under.push(rule((x, from), (x, room.bottom), 1.2));
        }
    }
    panel
}
