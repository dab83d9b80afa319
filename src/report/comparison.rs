//! Several scenarios in one table, a line each.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::Context;
use super::clock::Clock;
use super::findings::Findings;
use super::numbers::{percent, si, trim_zeros};
use super::terminal::{plain, trimmed};
use super::tracker::Reports;
use super::verdict::word;
use crate::measure::{Figures, Scope};
use crate::vocabulary::Figure;

/// The table, at most `width` columns wide where its words allow it.
pub fn table(runs: &[(&Context<'_>, &Figures)], width: usize) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width.max(40)).unwrap_or(u16::MAX));
    table.set_header([
        "scenario",
        "worst min",
        "too high",
        "saw error",
        "attempts",
        "reports at most",
        "over",
        "verdict",
    ]);
    for (context, figures) in runs {
        table.add_row(row(context, figures));
    }
    // A name that is broken in the middle is no name; where there is room, the other columns give way.
    let longest = runs.iter().map(|(context, _)| shown(context.name).chars().count() + 2).max().unwrap_or(0);
    if let Some(column) = table.column_mut(0).filter(|_| longest * 3 < width) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(u16::try_from(longest).unwrap_or(0))));
    }
    for column in table.column_iter_mut().skip(1).take(6) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    trimmed(&table.to_string())
}

/// A name on the screen: printable, and no longer than a name should be.
pub(super) fn shown(name: &str) -> String {
    let name = plain(name);
    if name.chars().count() <= 32 { name } else { name.chars().take(31).chain(['…']).collect() }
}

/// A length of time in the narrowest words.
fn short(seconds: f64) -> String {
    if seconds < 90.0 {
        format!("{seconds:.0} s")
    } else if seconds < 90.0 * 60.0 {
        format!("{:.0} min", seconds / 60.0)
    } else {
        format!("{} h", trim_zeros(&format!("{:.1}", seconds / 3600.0)))
    }
}

fn row(context: &Context<'_>, figures: &Figures) -> [String; 8] {
    const NONE: &str = "–";
    let findings = Findings::of(context.spec, figures);
    let clock = Clock::of_drop(context.spec);
    let mean = |figure| figures.figure(figure).map(|estimate| estimate.mean).filter(|mean| mean.is_finite());
    let reports = figures.scope(Scope::default()).and_then(|row| Reports::of(figures, row).peak());
    let saw_error = match (mean(Figure::ViewersSawError), mean(Figure::ViewersArrived)) {
        (Some(saw), Some(came)) if came > 0.0 => percent(saw / came),
        _ => NONE.to_owned(),
    };
    let recovery =
        figures.summary.iter().find(|(figure, _)| *figure == Figure::Recovery).map(|(_, estimate)| *estimate);
    let over = match recovery {
        _ if !findings.in_trouble() => NONE.to_owned(),
        Some(Some(at)) => clock.moment(at.mean),
        Some(None) => "not over".to_owned(),
        None => NONE.to_owned(),
    };
    [
        shown(context.name),
        findings.peak.map_or(NONE.to_owned(), |peak| percent(peak.rate)),
        if findings.above_s > 0.0 { short(findings.above_s) } else { NONE.to_owned() },
        saw_error,
        mean(Figure::RetryAmplification).map_or(NONE.to_owned(), |ratio| format!("{ratio:.2}")),
        reports.map_or(NONE.to_owned(), |(rate, _)| format!("{}/min", si(rate))),
        over,
        word(figures, &findings).to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::Morning;

    #[test]
    fn each_scenario_has_a_line() {
        let (bad, good, none) = (Morning::new(), Morning::with_surge(0.0), Morning::empty(3, 0.0, 10.0));
        let contexts = [bad.context(), good.context(), none.context()];
        let runs = [(&contexts[0], &bad.figures), (&contexts[1], &good.figures), (&contexts[2], &none.figures)];
        let text = table(&runs, 120);
        std::fs::create_dir_all("target/charts-look").unwrap();
        std::fs::write("target/charts-look/comparison.txt", &text).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= 120), "{text}");
        assert!(
            text.contains("94%") && text.contains("09:20") && text.contains("failed") && text.contains("empty"),
            "{text}"
        );
    }
}
