//! The end of a run on the terminal: the verdict, a small table, and the paths of the files.

pub mod comparison;
pub mod differences;
pub mod grid;
mod table;

use super::clock::Clock;
use super::numbers::{in_unit, percent};
use super::outputs::is_chart;
use super::words::Words;
use super::words::moment::length;
use super::words::phrase::Sentence;
use super::{Context, Left, Subject};
use crate::measure::{Figures, Scope, ThresholdResult};
use crate::system::text::visible;
use crate::vocabulary::{Column, Unit};

/// Widths of a line, in columns: narrower text cannot be read, and wider lines are not.
const WIDTHS: std::ops::RangeInclusive<usize> = 30..=100;

/// Emphasis of a word on a terminal with colours.
#[derive(Clone, Copy)]
enum Ink {
    Bold,
    Green,
    Red,
    Dim,
}

/// The screen for one run, `of_several` if others stand beside it: lines of at most `width` columns, coloured only if `colour`
/// says so. Paths are not broken.
pub fn screen(subject: &Subject<'_>, of_several: bool, left: &Left, width: usize, colour: bool) -> String {
    let Subject { context, figures, words, .. } = *subject;
    let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
    let ink = |text: &str, ink: Ink| paint(text, ink, colour);
    let mut blocks = Vec::new();
    // Overlays leave the title as it is, so that the name alone tells them apart.
    let name = if of_several { format!("{}: ", context.name) } else { String::new() };
    let title = format!("{name}{}", context.spec.title);
    let title = wrap(&plain(&title), width).iter().map(|line| ink(line, Ink::Bold)).collect::<Vec<_>>();
    blocks.push(title.join("\n"));
    blocks.push(wrap(&plain(&words.told()), width).join("\n"));
    blocks.extend(sparkline(context, figures, width).map(|[line, scale]| format!("{line}\n{}", ink(&scale, Ink::Dim))));
    blocks.push(table::table(subject, width));
    blocks.push(findings(words, width));
    blocks.push(thresholds(context, figures, width, colour));
    blocks.push(files(left));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

/// The findings beside the verdict, an item each.
fn findings(words: &Words, width: usize) -> String {
    const MARK: &str = "- ";
    let item = |sentence: &Sentence| {
        let lines = wrap(&plain(&sentence.shown()), width - MARK.len());
        let begun =
            |(line, text): (usize, String)| if line == 0 { format!("{MARK}{text}") } else { format!("  {text}") };
        lines.into_iter().enumerate().map(begun).collect::<Vec<_>>()
    };
    words.findings.iter().flat_map(item).collect::<Vec<_>>().join("\n")
}

/// The files that were written, a line each, and a line about files of an earlier run that are gone.
pub fn files(left: &Left) -> String {
    let (charts, others): (Vec<&String>, Vec<&String>) = left.gone.iter().partition(|name| is_chart(name));
    let charts = match charts.len() {
        0 => None,
        1 => Some("1 chart".to_owned()),
        count => Some(format!("{count} charts")),
    };
    let gone: Vec<String> = charts.into_iter().chain(others.into_iter().cloned()).collect();
    let gone = (!gone.is_empty()).then(|| format!("removed {} of an earlier run", gone.join(", ")));
    left.files.iter().map(|file| plain(&file.to_string_lossy())).chain(gone).collect::<Vec<_>>().join("\n")
}

/// The thresholds, one after the other: whether each held, in words.
fn thresholds(context: &Context<'_>, figures: &Figures, width: usize, colour: bool) -> String {
    let clock = Clock::of_drop(context.spec);
    let lines = figures.thresholds.iter().flat_map(|result| {
        let (word, shade) = match (result.held, result.is_judged()) {
            (true, true) if context.partial_until_s.is_some() => ("held so far", Ink::Dim),
            (true, true) => ("held", Ink::Green),
            (false, true) => ("FAILED", Ink::Red),
            (true, false) => ("not judged", Ink::Dim),
            (false, false) => ("NOT JUDGED", Ink::Red),
        };
        let room = word.len().max(6);
        let wrapped = wrap(&plain(&threshold(result, &clock)), width - room - 2);
        wrapped.into_iter().enumerate().map(move |(line, text)| {
            let head = if line == 0 { paint(&format!("{word:room$}"), shade, colour) } else { " ".repeat(room) };
            format!("{head}  {text}")
        })
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A threshold and its worst window, in the unit of the threshold's metric.
fn threshold(result: &ThresholdResult, clock: &Clock) -> String {
    let judged = match (result.judged_in, result.n) {
        (0, _) if result.metric.column().is_none() => {
            return format!("{}: the figure has no value, so nothing shows that it holds", result.text);
        }
        (0, _) => return format!("{}: no window counted, so nothing shows that it holds", result.text),
        (judged, n) if judged < n => format!(", judged in {judged} of {n} runs"),
        _ => String::new(),
    };
    // The bound of a count stands there as it was written, so that the value has all of its digits too.
    let worst = match result.metric.unit() {
        Unit::Count if result.worst.abs() >= 9.95 => format!("{:.0}", result.worst),
        unit => in_unit(unit, result.worst),
    };
    if result.metric.column().is_none() {
        let most = if result.n > 1 { " at the worst" } else { "" };
        return format!("{}: {worst}{most}{judged}", result.text);
    }
    let wider = if result.worst_window_s > result.window_s {
        format!(" in {}, which had attempts enough", length(result.worst_window_s))
    } else {
        String::new()
    };
    format!("{}: {worst} at the worst{wider}, at {}{judged}", result.text, clock.exact(result.worst_at_s))
}

/// The error rate over time as a line of bars, and a line with the clock below the bars.
pub fn sparkline(context: &Context<'_>, figures: &Figures, width: usize) -> Option<[String; 2]> {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const NAME: &str = "errors ";
    let row = figures.scope(Scope::default())?;
    let columns = width.saturating_sub(NAME.len() + 6).min(figures.intervals).min(72);
    if columns == 0 {
        return None;
    }
    let mut worst = f64::NAN;
    let bars: String = (0..columns)
        .map(|column| {
            let (from, until) = (column * figures.intervals / columns, (column + 1) * figures.intervals / columns);
            // The worst of what a bar stands for: a peak that is averaged away was not worth drawing.
            let rate = (from..until).map(|i| figures.value(i, row, Column::ErrorRate)).fold(f64::NAN, f64::max);
            worst = worst.max(rate);
            // The lowest bar for what rounds to nothing, a full one only for nothing but errors.
            match rate {
                rate if rate.is_nan() => ' ',
                rate if rate < 1.0 => BARS[((rate * 7.0).round() as usize).min(6)],
                _ => BARS[7],
            }
        })
        .collect();
    let clock = Clock::of_drop(context.spec);
    let (first_s, last_s) = (figures.first_s, figures.time_s(figures.intervals));
    let below = below(columns, [clock.moment(first_s), clock.moment(last_s)], -first_s / (last_s - first_s));
    let peak = if worst.is_nan() { String::new() } else { format!(" {}", percent(worst)) };
    Some([format!("{NAME}{bars}{peak}"), format!("{}{below}", " ".repeat(NAME.len()))])
}

/// The line below the bars: the clock at both ends, and between them, if there is room, the drop at its place, a share of
/// the width.
fn below(columns: usize, [from, until]: [String; 2], place: f64) -> String {
    const DROP: &str = "^drop";
    let gap = columns.saturating_sub(from.len() + until.len()).max(1);
    let at = (place * columns as f64) as usize;
    if place < 0.0 || at < from.len() + 1 || at + DROP.len() + 1 > from.len() + gap {
        return format!("{from}{}{until}", " ".repeat(gap));
    }
    let (before, after) = (at - from.len(), from.len() + gap - at - DROP.len());
    format!("{from}{}{DROP}{}{until}", " ".repeat(before), " ".repeat(after))
}

/// The text in visible characters: a title must not be able to move the cursor. Line breaks become spaces.
pub fn plain(text: &str) -> String {
    visible(&text.replace(char::is_whitespace, " ")).into_owned()
}

/// A name on the screen: printable, and no longer than a name should be.
pub(super) fn name(name: &str) -> String {
    let name = plain(name);
    if name.chars().count() <= 32 { name } else { name.chars().take(31).chain(['…']).collect() }
}

/// The words of a text in lines of at most `width` columns, where no word is longer.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn paint(text: &str, ink: Ink, colour: bool) -> String {
    if !colour {
        return text.to_owned();
    }
    let code = match ink {
        Ink::Bold => "1",
        Ink::Green => "32",
        Ink::Red => "1;31",
        Ink::Dim => "2",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::Morning;

    fn shown(morning: &Morning, width: usize, colour: bool) -> String {
        let (context, findings) = (morning.context(), morning.findings());
        let left = Left { files: vec!["out/error-rate.png".into()], gone: Vec::new() };
        screen(&morning.subject(&context, &findings), false, &left, width, colour)
    }

    #[test]
    fn the_screen_keeps_to_its_width_and_says_the_verdict_first() {
        let morning = Morning::new();
        for width in [0, 30, 60, 80, 200] {
            let screen = shown(&morning, width, false);
            let limit = width.clamp(*WIDTHS.start(), *WIDTHS.end());
            for line in screen.lines() {
                assert!(line.chars().count() <= limit, "{width}: {line}");
            }
            assert!(!screen.contains('\u{1b}'));
        }
        let screen = shown(&morning, 80, false);
        std::fs::create_dir_all("target/charts-look").unwrap();
        std::fs::write("target/charts-look/screen.txt", &screen).unwrap();
        let second = screen.split("\n\n").nth(1).unwrap();
        assert_eq!(second, "A sentence that tells what happened.", "{screen}");
        assert!(screen.contains("FAILED  error_rate at most 1%") && screen.contains("out/error-rate.png"), "{screen}");
    }

    #[test]
    fn colour_comes_only_when_asked_and_titles_cannot_bring_their_own() {
        let mut morning = Morning::new();
        morning.spec.title = "red \u{1b}[31m alert".to_owned();
        assert!(shown(&morning, 80, false).starts_with(r"red \u{1b}[31m alert"));
        let coloured = shown(&morning, 80, true);
        assert!(coloured.contains("\u{1b}[1;31mFAILED") && !coloured.contains("\u{1b}[31m"));
    }

    #[test]
    fn files_of_an_earlier_run_that_are_gone_are_told_in_one_line() {
        let told = |gone: &[&str]| {
            files(&Left {
                files: vec!["out/summary.json".into()],
                gone: gone.iter().map(|&name| name.into()).collect(),
            })
        };
        assert_eq!(told(&[]), "out/summary.json");
        assert_eq!(told(&["pools.png"]), "out/summary.json\nremoved 1 chart of an earlier run");
        let many = told(&["pools.png", "pools.svg", "report.html", "viewers.csv"]);
        assert_eq!(many, "out/summary.json\nremoved 3 charts, viewers.csv of an earlier run");
    }

    #[test]
    fn the_sparkline_is_as_wide_as_there_are_intervals() {
        let mut morning = Morning::empty(6, 0.0, 60.0);
        for (interval, rate) in [0.0, 0.01, 0.1, 0.9999, 1.0, f64::NAN].into_iter().enumerate() {
            morning.set(interval, 0, Column::ErrorRate, rate);
        }
        let [line, _] = sparkline(&morning.context(), &morning.figures, 80).unwrap();
        assert_eq!(line, "errors ▁▁▂▇█  100%");
        assert_eq!(sparkline(&morning.context(), &Morning::empty(0, 0.0, 60.0).figures, 80), None);
    }
}
