//! What every chart has in common: the header, the footer, and the marks with their labels.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use super::axis::Axis;
use super::canvas::{Canvas, Drawn, HEIGHT, WIDTH, measure};
use super::panel::Room;
use super::text;
use super::theme;
use crate::report::clock::Clock;
use crate::report::numbers::grouped;
use crate::report::{Context, Mark};

/// Distance of everything from the edges of the sheet.
pub const MARGIN: f64 = 40.0;
/// Where plots begin; left of it stand the numbers of their axes.
pub const PLOT_LEFT: f64 = 112.0;
/// Where the last plot's foot lies; below it stand the times and the footer.
pub const PLOT_BOTTOM: f64 = 816.0;
/// The right edge of what may be written.
pub const SHEET_RIGHT: f64 = WIDTH as f64 - 24.0;

/// How a thing is drawn, in a legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A filled area.
    Area,
    /// A line.
    Line,
    /// A dashed line.
    Dashes,
}

/// Title, subtitle and legend. Returns where the rest of the page begins.
pub fn header(canvas: &Canvas<'_>, title: &str, subtitle: &str, legend: &[(String, RGBColor, Key)]) -> Drawn<f64> {
    let room = f64::from(WIDTH) - 2.0 * MARGIN;
    let title = text::clean(title);
    // A long title becomes smaller before it becomes shorter.
    let mut letters = theme::TITLE;
    while letters.size > 22.0 && measure(&title, letters) > room {
        letters.size -= 1.0;
    }
    canvas.label(&title, (MARGIN, 40.0), letters, room)?;
    canvas.label(subtitle, (MARGIN, 75.0), theme::SUBTITLE, room)?;
    if legend.is_empty() {
        return Ok(104.0);
    }
    let mut x = MARGIN;
    for (name, colour, key) in legend {
        let width = measure(name, theme::LEGEND);
        // What does not fit on the line is left out rather than cut; direct labels still name it.
        if x + 34.0 + width > f64::from(WIDTH) - MARGIN {
            break;
        }
        match key {
            Key::Area => canvas.block((x, 105.0), (x + 24.0, 119.0), *colour, 1.0)?,
            Key::Line => canvas.line(&[(x, 112.0), (x + 24.0, 112.0)], *colour, 3.0)?,
            Key::Dashes => canvas.dashes(&[(x, 112.0), (x + 24.0, 112.0)], *colour, 2.0, 6.0, 3.0)?,
        }
        canvas.label(name, (x + 32.0, 112.0), theme::LEGEND, width + 1.0)?;
        x += 32.0 + width + 28.0;
    }
    Ok(140.0)
}

/// What it takes to draw this again: version, scenario, seed, scale, digest.
pub fn footer(canvas: &Canvas<'_>, context: &Context<'_>, replications: usize) -> Drawn {
    canvas.label(
        &provenance(context, replications),
        (MARGIN, f64::from(HEIGHT) - 22.0),
        theme::FOOTER,
        f64::from(WIDTH) - 2.0 * MARGIN,
    )
}

/// The footer's words.
pub fn provenance(context: &Context<'_>, replications: usize) -> String {
    let mut parts = vec![
        concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
        format!(
            "scenario {}",
            text::shorten(&text::clean(context.name), theme::FOOTER.face, theme::FOOTER.size, 500.0)
        ),
        format!("seed {}", context.seed),
    ];
    if replications > 1 {
        parts.push(format!("{replications} replications"));
    }
    if context.scale > 0.0 && context.scale < 1.0 {
        parts.push(format!("1:{}", grouped(1.0 / context.scale)));
    }
    if !context.digest.is_empty() {
        parts.push(format!("digest {}", context.digest.chars().take(8).collect::<String>()));
    }
    parts.join(" · ")
}

/// The text chunks of a PNG.
pub fn notes(context: &Context<'_>, title: &str) -> Vec<(&'static str, String)> {
    vec![
        ("Software", concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned()),
        ("Title", title.to_owned()),
        ("Source", context.name.to_owned()),
        ("Seed", context.seed.to_string()),
        ("Digest", context.digest.to_owned()),
    ]
}

/// A mark that has its place on the page.
struct Placed {
    x: f64,
    bold: String,
    lines: Vec<String>,
    width: f64,
    row: usize,
}

/// Rows of labels above the plot, and the height of one line in them.
const ROWS: usize = 4;
const LINE: f64 = 19.0;

/// The drop and the changes: labels stacked above the plots, each with a dotted line down to the last foot.
///
/// A label stands to the right of its line. From right to left, each takes the lowest row in which neither its text nor
/// the line of a later mark is in the way; so an earlier mark stands higher, and no line crosses a label. A mark for
/// which there is no row keeps its line and loses its words.
pub struct Marks {
    placed: Vec<Placed>,
    heights: Vec<f64>,
    top: f64,
}

impl Marks {
    /// Finds a place for each mark that lies on the axis; the labels begin at `top`.
    pub fn lay_out(clock: &Clock, changes: &[Mark], x: &Axis, left: f64, right: f64, top: f64) -> Marks {
        let drop = Mark { t_s: 0.0, note: "drop".to_owned() };
        let mut marks: Vec<&Mark> = changes.iter().chain([&drop]).filter(|mark| x.holds(mark.t_s)).collect();
        // The drop first among those of one instant: it is the reason for the others.
        marks.sort_by(|a, b| a.t_s.total_cmp(&b.t_s).then((a.note != "drop").cmp(&(b.note != "drop"))));
        let mut placed: Vec<Placed> = Vec::new();
        for mark in marks.into_iter().rev() {
            let at = left + (mark.t_s - x.low) / (x.high - x.low) * (right - left);
            let bold = clock.minutes(mark.t_s);
            let start = measure(&bold, theme::LABEL) + 6.0;
            let room = (SHEET_RIGHT - at - 8.0 - start).clamp(0.0, 220.0);
            let lines = text::wrap(&text::clean(&mark.note), theme::NOTE.face, theme::NOTE.size, room, 2);
            let widest = lines.iter().map(|line| measure(line, theme::NOTE)).fold(0.0, f64::max);
            let width = 8.0 + start + widest;
            let row = placed.iter().filter(|later| later.x < at + width + 10.0).map(|later| later.row + 1).max();
            placed.push(Placed { x: at, bold, lines, width, row: row.unwrap_or(0) });
        }
        placed.retain(|mark| mark.x + mark.width <= f64::from(WIDTH));
        for mark in placed.iter_mut().filter(|mark| mark.row >= ROWS) {
            (mark.row, mark.bold, mark.lines) = (0, String::new(), Vec::new());
        }
        let rows = placed.iter().map(|mark| mark.row + 1).max().unwrap_or(0);
        let heights = (0..rows)
            .map(|row| {
                let tallest = placed.iter().filter(|mark| mark.row == row).map(|mark| mark.lines.len().max(1)).max();
                tallest.unwrap_or(1) as f64 * LINE + 5.0
            })
            .collect();
        Marks { placed, heights, top }
    }

    /// Where the plot below the labels may begin.
    pub fn bottom(&self) -> f64 {
        self.top + self.heights.iter().sum::<f64>() + 6.0
    }

    /// The lines, drawn over areas but under words.
    pub fn draw(&self, canvas: &Canvas<'_>, foot: f64) -> Drawn {
        for mark in &self.placed {
            let upper = self.bottom() - 6.0 - self.heights.iter().take(mark.row + 1).sum::<f64>();
            let start = if mark.bold.is_empty() { self.bottom() - 6.0 } else { upper };
            canvas.dashes(&[(mark.x, start), (mark.x, foot)], theme::SUBDUED, 1.2, 3.0, 4.0)?;
            let mut y = upper + LINE / 2.0;
            canvas.text(&mark.bold, (mark.x + 8.0, y), theme::LABEL, HPos::Left, VPos::Center)?;
            let indent = measure(&mark.bold, theme::LABEL) + 6.0;
            for line in &mark.lines {
                canvas.text(line, (mark.x + 8.0 + indent, y), theme::NOTE, HPos::Left, VPos::Center)?;
                y += LINE;
            }
        }
        Ok(())
    }
}

/// A sentence in the middle of a plot that has nothing to show.
pub fn nothing(canvas: &Canvas<'_>, room: Room, words: &str) -> Drawn {
    let middle = ((room.left + room.right) / 2.0, (room.top + room.bottom) / 2.0);
    let half = measure(words, theme::SUBTITLE) / 2.0 + 12.0;
    canvas.block((middle.0 - half, middle.1 - 16.0), (middle.0 + half, middle.1 + 16.0), theme::PAPER, 1.0)?;
    canvas.text(words, middle, theme::SUBTITLE, HPos::Center, VPos::Center)
}
