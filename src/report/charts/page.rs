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

impl Placed {
    fn new(clock: &Clock, mark: &Mark, x: f64) -> Placed {
        let bold = clock.moment(mark.t_s);
        let start = measure(&bold, theme::LABEL) + 6.0;
        let room = (SHEET_RIGHT - x - 8.0 - start).clamp(0.0, 220.0);
        let lines = text::wrap(&text::clean(&mark.note), theme::NOTE.face, theme::NOTE.size, room, 2);
        let widest = lines.iter().map(|line| measure(line, theme::NOTE)).fold(0.0, f64::max);
        Placed { x, bold, lines, width: 8.0 + start + widest, row: 0 }
    }

    fn silence(&mut self) {
        (self.bold, self.lines, self.row) = (String::new(), Vec::new(), 0);
    }
}

/// Gives each mark with words its row, and says whether the rows sufficed.
fn stack(placed: &mut [Placed]) -> bool {
    let worded: Vec<usize> = (0..placed.len()).filter(|i| !placed[*i].bold.is_empty()).collect();
    for (rank, i) in worded.iter().enumerate().rev() {
        let end = placed[*i].x + placed[*i].width + 10.0;
        let in_the_way = worded[rank + 1..].iter().filter(|later| placed[**later].x < end);
        placed[*i].row = in_the_way.map(|later| placed[*later].row + 1).max().unwrap_or(0);
    }
    worded.iter().all(|i| placed[*i].row < ROWS)
}

/// Rows of labels above the plot, and the height of one line in them.
const ROWS: usize = 4;
const LINE: f64 = 19.0;

/// More marks than this are lines without words.
const WORDED: usize = 60;

/// The drop and the changes: labels stacked above the plots, each with a dotted line down to the foot.
///
/// A label stands to the right of its line. From right to left, each takes the lowest row in which neither its text nor
/// the line of a later mark is in the way; so an earlier mark stands higher, and no line crosses a label. Where the rows
/// do not suffice, the change that follows most closely on another loses its words and keeps its line, until they do.
/// The drop never loses its own.
pub struct Marks {
    placed: Vec<Placed>,
    heights: Vec<f64>,
    top: f64,
}

impl Marks {
    /// Finds a place for each mark that lies on the axis; the labels begin at `top`.
    pub fn lay_out(clock: &Clock, changes: &[Mark], x: &Axis, left: f64, right: f64, top: f64) -> Marks {
        let place = |t_s: f64| left + (t_s - x.low) / (x.high - x.low) * (right - left);
        let drop = Mark { t_s: 0.0, note: "drop".to_owned() };
        let mut marks: Vec<(&Mark, bool)> = changes
            .iter()
            .map(|mark| (mark, false))
            .chain([(&drop, true)])
            .filter(|(mark, _)| x.holds(mark.t_s))
            .collect();
        // The drop first among those of one instant: it is the reason for the others.
        marks.sort_by(|a, b| a.0.t_s.total_cmp(&b.0.t_s).then(b.1.cmp(&a.1)));
        let mut placed: Vec<Placed> = marks.iter().map(|(mark, _)| Placed::new(clock, mark, place(mark.t_s))).collect();
        let drops: Vec<bool> = marks.iter().map(|(_, is_drop)| *is_drop).collect();
        for (mark, _) in placed.iter_mut().zip(&drops).filter(|(_, is_drop)| !**is_drop).skip(WORDED) {
            mark.silence();
        }
        while !stack(&mut placed) {
            let worded: Vec<usize> = (0..placed.len()).filter(|i| !placed[*i].bold.is_empty()).collect();
            let closest = worded
                .iter()
                .enumerate()
                .filter(|(_, i)| !drops[**i])
                .map(|(rank, i)| {
                    (if rank == 0 { f64::INFINITY } else { placed[*i].x - placed[worded[rank - 1]].x }, *i)
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            match closest {
                Some((_, i)) => placed[i].silence(),
                None => break,
            }
        }
        let worded = || placed.iter().filter(|mark| !mark.bold.is_empty());
        let rows = worded().map(|mark| mark.row + 1).max().unwrap_or(0).min(ROWS);
        let heights = (0..rows)
            .map(|row| {
                let tallest = worded().filter(|mark| mark.row == row).map(|mark| mark.lines.len().max(1)).max();
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
            // A mark without words begins at the plot, so that it crosses no label.
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
