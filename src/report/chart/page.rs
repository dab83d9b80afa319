//! Parts of every chart: the title, the legend, and the provenance from which the chart can be drawn again.

use super::model::{Colour, Entry, HEIGHT, Key, Style, Text, WIDTH};
use super::sheet::Sheet;
use super::theme;
use crate::report::Context;
use crate::report::clock::Clock;
use crate::report::letters;
use crate::report::numbers::grouped;

/// Distance of everything from the edges of the sheet.
pub const MARGIN: f64 = 40.0;
/// The left edge of the plots of a run; further left stand the labels of the upright axis, or the totals of regions.
pub const PLOT_LEFT: f64 = 168.0;
/// The right edge of the plots of a run; both edges are those of all its charts, so that these have one axis of time. Further
/// right stand names.
pub const PLOT_RIGHT: f64 = SHEET_RIGHT - 220.0;
/// The foot of the lowest plot; below stand the ticks and the footer.
pub const PLOT_BOTTOM: f64 = 816.0;
/// The right edge of what may be written.
pub const SHEET_RIGHT: f64 = WIDTH - 24.0;
/// Width between the margins.
pub const BETWEEN: f64 = WIDTH - 2.0 * MARGIN;

/// Smallest letters of a title in one line; sizes of the letters of a title in two, the largest first.
const SMALLEST_ALONE: f64 = 24.0;
const IN_TWO: [f64; 4] = [22.0, 20.0, 18.0, 16.0];

/// Name, colour and sample of an entry of the legend.
pub type Named = (String, Colour, Key);

/// Version, scenario, seed, scale and digest, with which anybody can draw the chart again.
pub struct Provenance {
    /// The footer's words.
    pub footer: String,
    /// Texts for programs by keyword, without the title.
    pub notes: Vec<(&'static str, String)>,
}

impl Provenance {
    /// Version, scenario, seed, scale and digest of a run.
    pub fn of(context: &Context<'_>, replications: usize) -> Provenance {
        let mut parts = vec![
            program(env!("CARGO_PKG_VERSION")),
            format!("scenario {}", theme::FOOTER.shorten(context.name, 500.0)),
            format!("seed {}", context.seed),
        ];
        if replications > 1 {
            parts.push(format!("{replications} replications"));
        }
        if let Some(partial) = partial(context) {
            parts.insert(0, partial);
        }
        let scaled = context.scale > 0.0 && context.scale < 1.0;
        let scale = || scaled.then(|| format!("1:{}", grouped(1.0 / context.scale)));
        parts.extend(context.scale_note().or_else(scale));
        if !context.digest.is_empty() {
            parts.push(format!("digest {}", context.digest.chars().take(8).collect::<String>()));
        }
        let notes = notes(env!("CARGO_PKG_VERSION"), context.name, context.seed, context.digest);
        Provenance { footer: parts.join(" · "), notes }
    }
}

/// Up to when a run was simulated that a limit of the command ended; `None` of a whole run.
pub fn partial(context: &Context<'_>) -> Option<String> {
    context.partial_until_s.map(|until_s| format!("PARTIAL, until {}", Clock::of_drop(context.spec).moment(until_s)))
}

/// Name and version of the program.
pub fn program(version: &str) -> String {
    format!("{} {version}", env!("CARGO_PKG_NAME"))
}

/// The origin of a chart for programs, by the keywords of PNG's text chunks.
pub fn notes(version: &str, source: &str, seed: u64, digest: &str) -> Vec<(&'static str, String)> {
    vec![
        ("Software", program(version)),
        ("Source", source.to_owned()),
        ("Seed", seed.to_string()),
        ("Digest", digest.to_owned()),
    ]
}

/// A sheet that lies across with title, subtitle, legend and footer, and where the plots may begin.
pub fn begin(title: &str, subtitle: &str, legend: &[Named], provenance: Provenance) -> (Sheet, f64) {
    begin_high(HEIGHT, title, subtitle, legend, provenance)
}

/// A sheet of some height with title, subtitle, legend and footer, and where the plots may begin.
pub fn begin_high(height: f64, title: &str, subtitle: &str, legend: &[Named], provenance: Provenance) -> (Sheet, f64) {
    let mut notes = provenance.notes;
    notes.insert(1.min(notes.len()), ("Title", title.to_owned()));
    let title = headline(title);
    let below = if title.len() > 1 { 78.0 } else { 75.0 };
    let sheet = Sheet {
        height,
        subtitle: Text::within(subtitle, (MARGIN, below), theme::SUBTITLE, BETWEEN),
        title,
        legend: entries(legend),
        figures: Vec::new(),
        panels: Vec::new(),
        marks: Vec::new(),
        scale: None,
        texts: Vec::new(),
        footer: Text::within(&provenance.footer, (MARGIN, height - 22.0), theme::FOOTER, BETWEEN),
        notes,
    };
    (sheet, if legend.is_empty() { 104.0 } else { 140.0 })
}

/// The lines of the title. The letters of a long title are made smaller, then it stands in two lines, and then it is cut.
fn headline(title: &str) -> Vec<Text> {
    let title = letters::clean(title);
    let one = theme::TITLE.fitting(&title, BETWEEN, SMALLEST_ALONE);
    if one.measure(&title) <= BETWEEN {
        return vec![Text::new(&title, (MARGIN, 40.0), one)];
    }
    let styles = IN_TWO.map(|size| Style { size, ..theme::TITLE });
    let smallest = styles[styles.len() - 1];
    let (style, lines) = match styles.iter().find_map(|style| Some((*style, in_two(&title, *style)?))) {
        Some((style, halves)) => (style, halves.to_vec()),
        None => (smallest, letters::wrap(&title, smallest.face, smallest.size, BETWEEN, 2)),
    };
    lines.iter().zip([24.0, 49.0]).map(|(line, y)| Text::new(line, (MARGIN, y), style)).collect()
}

/// The two lines of a title, if both fit, of about the same length; `None` if they do not fit. A line ends with a comma or
/// the like, or before a word that begins a phrase, and never between a number and the next word.
fn in_two(title: &str, style: Style) -> Option<[String; 2]> {
    const BEGIN: [&str; 20] = [
        "after", "and", "at", "before", "but", "by", "for", "from", "in", "nowhere", "of", "on", "or", "than", "then",
        "to", "until", "when", "where", "with",
    ];
    const JOIN: [&str; 6] = ["a", "an", "the", "most", "no", "not"];
    let cost = |first: &str, second: &str| {
        let last = first.rsplit(' ').next().unwrap_or_default();
        let next = second.split(' ').next().unwrap_or_default();
        let apart = (style.measure(first) - style.measure(second)).abs() / BETWEEN;
        if last.ends_with([',', ';', ':', '.']) {
            return Some(apart);
        }
        // A number stands with its unit or with what it counts.
        let counts = last.contains(|letter: char| letter.is_ascii_digit());
        let begins = BEGIN.contains(&next);
        if JOIN.contains(&last) || BEGIN.contains(&last) || counts && (next == "of" || !begins) {
            return None;
        }
        Some(apart + if begins { 0.25 } else { 0.5 })
    };
    let halves = title.match_indices(' ').map(|(at, _)| (&title[..at], &title[at + 1..]));
    let fit = halves.filter(|(first, second)| style.measure(first).max(style.measure(second)) <= BETWEEN);
    let costs = fit.filter_map(|(first, second)| Some((cost(first, second)?, first, second)));
    let best = costs.min_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, first, second)| [first.to_owned(), second.to_owned()])
}

/// The entries of the legend, side by side. Where there is no room for what names say of figures, it is left out; what does
/// not fit even so is counted.
fn entries(legend: &[Named]) -> Vec<Entry> {
    const SAMPLE: f64 = 32.0;
    const APART: f64 = 28.0;
    let width = |name: &str| SAMPLE + theme::LEGEND.measure(name) + APART;
    let long = legend.iter().map(|(name, ..)| width(name)).sum::<f64>() - APART > BETWEEN;
    let mut left = MARGIN;
    let mut entries: Vec<Entry> = Vec::new();
    for (index, (name, colour, key)) in legend.iter().enumerate() {
        let name = if long { name.split(" · ").next().unwrap_or(name) } else { name };
        let rest = legend.len() - index;
        let more = if rest > 1 { theme::LEGEND.measure(&format!("and {rest} more")) } else { 0.0 };
        if left + width(name) - APART > WIDTH - MARGIN - more {
            if let Some(last) = entries.last_mut() {
                last.name.text.push_str(&format!(" and {rest} more"));
            }
            break;
        }
        let text = Text::new(name, (left + SAMPLE, 112.0), theme::LEGEND);
        entries.push(Entry { left, name: text, key: *key, colour: *colour });
        left += width(name);
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_title_stands_in_two_lines_of_about_one_length_before_it_is_cut() {
        let of = |words: usize| headline(&"streams stall ".repeat(words));
        assert_eq!(of(3).len(), 1);
        let two = of(12);
        let width = |line: &Text| line.style.measure(&line.text);
        assert!(two.len() == 2 && two.iter().all(|line| line.style.size >= 20.0 && !line.text.ends_with('…')));
        assert!((width(&two[0]) - width(&two[1])).abs() < 0.3 * width(&two[0]), "{two:?}");
        let broken = |title: &str| headline(title).into_iter().map(|line| line.text).collect::<Vec<_>>().join(" | ");
        let sure = "8 more playback servers than today and an error page that asks people to wait before they try again \
                    cost least, at 9 servers, and it is 81% sure that this holds";
        let cut = ["8 | ", "81% | ", "9 | ", "an | ", "at | "];
        assert!(broken(sure).contains(" | ") && !cut.iter().any(|cut| broken(sure).contains(cut)), "{}", broken(sure));
        let two = "499k of 2.1M people see an error page in the first half hour after the release of the season; playback is sent \
                   up to 26 times what it can serve, in 1 min";
        assert!(broken(two).contains("season; | "), "{}", broken(two));
        assert!(of(60).last().is_some_and(|line| line.text.ends_with('…') && width(line) <= BETWEEN));
    }
}
