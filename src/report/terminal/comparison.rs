//! Several scenarios in one table, a line each.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::{plain, trimmed};
use crate::analysis::people::{Grade, Recovery};
use crate::report::Subject;
use crate::report::clock::Clock;
use crate::report::numbers::{percent, si, trim_zeros};

/// The table, at most `width` columns wide where the words allow that.
pub fn table(subjects: &[Subject<'_>], width: usize) -> String {
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
    for subject in subjects {
        table.add_row(row(subject));
    }
    // A name that is broken in the middle is no name; where there is room, the other columns give way.
    let longest = subjects.iter().map(|subject| shown(subject.context.name).chars().count() + 2).max().unwrap_or(0);
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

/// A length of time in the fewest letters.
fn short(seconds: f64) -> String {
    if seconds < 90.0 {
        format!("{seconds:.0} s")
    } else if seconds < 90.0 * 60.0 {
        format!("{:.0} min", seconds / 60.0)
    } else {
        format!("{} h", trim_zeros(&format!("{:.1}", seconds / 3600.0)))
    }
}

/// A grade in one word.
fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Held => "held",
        Grade::Failed => "failed",
        Grade::Empty => "empty",
        Grade::Calm => "calm",
        Grade::Degraded => "degraded",
        Grade::Outage => "outage",
    }
}

fn row(subject: &Subject<'_>) -> [String; 8] {
    const NONE: &str = "–";
    let Subject { context, findings, .. } = *subject;
    let errors = &findings.errors;
    let over = match findings.recovery {
        Recovery::Over(at) => Clock::of_drop(context.spec).moment(at.mean),
        Recovery::NotOver => "not over".to_owned(),
        Recovery::Calm | Recovery::Unknown => NONE.to_owned(),
    };
    let or_none = |cell: Option<String>| cell.unwrap_or_else(|| NONE.to_owned());
    [
        shown(context.name),
        or_none(errors.peak.map(|peak| percent(peak.rate))),
        or_none((errors.above_s > 0.0).then(|| short(errors.above_s))),
        or_none(findings.viewers.map(|viewers| percent(viewers.saw_error / viewers.arrived))),
        or_none(findings.amplification.map(|ratio| format!("{ratio:.2}"))),
        or_none(findings.reports.peak().map(|(rate, _)| format!("{}/min", si(rate)))),
        over,
        word(findings.grade).to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::Morning;

    #[test]
    fn each_scenario_has_a_line() {
        let (bad, good, none) = (Morning::new(), Morning::with_surge(0.0), Morning::empty(3, 0.0, 10.0));
        let mornings = [bad, good, none];
        let (contexts, findings) =
            (mornings.each_ref().map(Morning::context), mornings.each_ref().map(Morning::findings));
        let subjects = [0, 1, 2].map(|i| mornings[i].subject(&contexts[i], &findings[i]));
        let text = table(&subjects, 120);
        std::fs::create_dir_all("target/charts-look").unwrap();
        std::fs::write("target/charts-look/comparison.txt", &text).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= 120), "{text}");
        assert!(
            text.contains("94%") && text.contains("09:20") && text.contains("failed") && text.contains("empty"),
            "{text}"
        );
    }
}
