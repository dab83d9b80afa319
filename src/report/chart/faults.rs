//! Faults that pictures of earlier versions had, each kind on the model of the chart.

use super::model::{Colour, Fill, Part};
use super::shapes::Shape;
use super::sheet::Sheet;
use super::*;
use crate::analysis::support::threshold;
use crate::experiment::{Comparison, Sample};
use crate::measure::ThresholdResult;
use crate::report::Mark;
use crate::report::settings::Step;
use crate::report::several::Several;
use crate::report::support::Morning;
use crate::vocabulary::Outcome;

/// The charts of a run, by the stem of the file.
fn charts(morning: &Morning) -> Vec<(&'static str, Sheet)> {
    let (context, findings) = (morning.context(), morning.findings());
    super::tests::sheets(&morning.subject(&context, &findings))
}

fn chart(morning: &Morning, name: &str) -> Sheet {
    charts(morning).into_iter().find(|(known, _)| *known == name).unwrap().1
}

fn texts(sheet: &Sheet) -> Vec<String> {
    let text = |shape: Shape| match shape {
        Shape::Text(text) => Some(text.text),
        _ => None,
    };
    sheet.shapes().into_iter().filter_map(text).collect()
}

fn says(sheet: &Sheet, words: &str) -> bool {
    texts(sheet).iter().any(|text| text.contains(words))
}

/// The lines of all panels with their colours.
fn lines(sheet: &Sheet) -> impl Iterator<Item = (&Vec<(f64, f64)>, Colour, bool)> {
    let parts = sheet.panels.iter().flat_map(|panel| panel.under.iter().chain(&panel.over));
    parts.filter_map(|part| match part {
        Part::Line { points, colour, dashed, .. } => Some((points, *colour, *dashed)),
        _ => None,
    })
}

fn step(from: &str, to: &str) -> Vec<Step> {
    vec![Step { name: "gateway servers".to_owned(), from: Some(from.to_owned()), to: Some(to.to_owned()) }]
}

fn change(t_s: f64, note: &str, from: &str, to: &str) -> Mark {
    Mark { t_s, note: note.to_owned(), steps: step(from, to) }
}

/// Words of a sheet's marks, and the number of mark lines that cross the upper edge of the first panel.
fn marks(sheet: &Sheet) -> (Vec<String>, usize) {
    let first = sheet.panels[0].room.top;
    let words = sheet.marks.iter().flat_map(|mark| mark.words.iter().map(|text| text.text.clone()));
    (words.collect(), sheet.marks.iter().filter(|mark| mark.top < first && mark.bottom > first).count())
}

#[test]
fn a_change_without_a_note_is_marked_in_the_words_of_its_setting() {
    let mut morning = Morning::new();
    morning.changes = vec![change(1200.0, "", "8", "12"), change(1500.0, "サーバーを追加", "12", "20")];
    for (name, sheet) in charts(&morning) {
        let (words, lines) = marks(&sheet);
        let told = ["09:00", "drop", "09:20", "gateway servers 8 → 12", "09:25", "gateway servers 12 → 20"];
        assert_eq!(words, told, "{name}");
        assert_eq!(lines, 3, "{name}");
    }
}

#[test]
fn no_mark_is_left_out_and_all_charts_have_the_same() {
    let mut noted = Morning::new();
    noted.changes =
        (0..20).map(|i| change(f64::from(i) * 120.0, &format!("operators add server {i}"), "1", "2")).collect();
    let first = marks(&charts(&noted)[0].1);
    for (name, sheet) in charts(&noted) {
        assert_eq!(marks(&sheet).0, first.0, "{name}");
        assert!((0..20).all(|i| says(&sheet, &format!("operators add server {i}"))), "{name}");
        assert_eq!(marks(&sheet).1, 21, "{name}");
    }
    let mut close = Morning::new();
    close.changes = (0..20).map(|i| change(f64::from(i), "", &(10 + i).to_string(), &(11 + i).to_string())).collect();
    for (name, sheet) in charts(&close) {
        let told = marks(&sheet).0.join(" ");
        assert!(told.contains("09:00 to 09:00:19 20 changes: gateway servers 10 → 30"), "{name}: {told}");
    }
}

#[test]
fn every_regional_drop_is_marked() {
    let mut morning = Morning::new();
    morning.spec.region["france"].drop_delay = "20 min".parse().unwrap();
    for name in ["chile", "uk"] {
        morning.spec.region[name].drop_delay = "40 min".parse().unwrap();
    }
    morning.changes.clear();
    let told = ["09:00", "drop in Spain and 2 others", "09:20", "drop in France"];
    for (name, sheet) in charts(&morning) {
        let (words, lines) = marks(&sheet);
        assert_eq!(words[..4], told, "{name}");
        assert_eq!((words[5].as_str(), lines), ("drop in United Kingdom and Chile", 3), "{name}");
    }
}

#[test]
fn a_limit_is_drawn_over_exactly_its_time_and_red_where_it_is_broken() {
    let mut morning = Morning::new();
    let broken = ThresholdResult { after_s: Some(300.0), before_s: Some(3000.0), ..threshold(0.9, 600.0) };
    morning.figures.thresholds = vec![broken];
    let sheet = chart(&morning, "error-rate");
    let limit: Vec<_> = lines(&sheet).filter(|(points, _, dashed)| *dashed && points[0].1 == 0.01).collect();
    assert_eq!(limit.len(), 1);
    assert_eq!(*limit[0].0, [(300.0, 0.01), (3000.0, 0.01)]);
    let broken: Vec<_> = lines(&sheet).filter(|(_, colour, _)| *colour == Colour::Broken).collect();
    assert!(!broken.is_empty() && broken.iter().all(|(points, ..)| points[0].0 >= 300.0 && points[1].0 <= 3000.0));
    assert!(says(&sheet, "limit 1%, broken"));
    morning.figures.thresholds = vec![threshold(0.005, 0.0)];
    let sheet = chart(&morning, "error-rate");
    assert!(says(&sheet, "limit 1%") && !says(&sheet, "broken"));
    assert!(lines(&sheet).all(|(_, colour, _)| colour != Colour::Broken));
    morning.figures.thresholds = vec![threshold(f64::NAN, f64::NAN)];
    assert!(says(&chart(&morning, "error-rate"), "limit 1%, not judged"));
}

#[test]
fn a_limit_of_one_region_brings_the_region_into_the_picture() {
    let mut morning = Morning::new();
    let scope = Scope::region(0);
    morning.figures.thresholds = vec![ThresholdResult { scope, ..threshold(0.9, 0.0) }];
    let sheet = chart(&morning, "error-rate");
    assert!(says(&sheet, "limit 1%, broken · France") && sheet.panels.len() == 3, "{:?}", texts(&sheet));
}

#[test]
fn a_region_that_fares_worse_than_the_whole_is_named() {
    let mut morning = Morning::with_surge(0.0);
    let row = morning.figures.scope(Scope::region(3)).unwrap();
    for interval in 200..260 {
        morning.set(interval, row, Outcome::TimedOut.column(), 5e4);
        morning.set(interval, row, Column::ErrorRate, 0.9);
        morning.set(interval, 0, Outcome::TimedOut.column(), 5e4);
        morning.set(interval, 0, Column::ErrorRate, 0.3);
    }
    let sheet = chart(&morning, "error-rate");
    assert!(says(&sheet, "Germany"), "{:?}", texts(&sheet));
}

#[test]
fn series_are_steps_and_nothing_is_drawn_before_its_cause() {
    let mut morning = Morning::empty(60, -300.0, 10.0);
    for interval in 30..60 {
        for row in 0..morning.figures.scopes.len() {
            for column in Column::ALL {
                morning.set(interval, row, *column, 0.5 + interval as f64 / 100.0);
            }
        }
    }
    for (name, sheet) in charts(&morning) {
        for panel in &sheet.panels {
            for part in &panel.under {
                let runs: Vec<&Vec<(f64, f64)>> = match part {
                    Part::Line { points, .. } => vec![points],
                    Part::Area { upper, lower, .. } => vec![upper, lower],
                    _ => Vec::new(),
                };
                for pair in runs.iter().flat_map(|run| run.windows(2)) {
                    let level = pair[0].1 == pair[1].1 || pair[0].0 == pair[1].0;
                    assert!(level, "{name}: a slope from {:?} to {:?}", pair[0], pair[1]);
                    assert!(pair[0].1 == 0.0 || pair[0].0 >= 0.0 || pair[0].0 == panel.x.low, "{name}: {:?}", pair[0]);
                }
            }
        }
    }
}

#[test]
fn work_is_never_drawn_above_what_there_is() {
    let mut morning = Morning::new();
    morning.fill(Column::Utilization, 1.3);
    morning.fill(Column::WastedShare, 0.7);
    let sheet = chart(&morning, "demand");
    let parts = sheet.panels.iter().flat_map(|panel| &panel.under);
    let waste = parts.filter_map(|part| match part {
        Part::Area { upper, colour: Colour::Waste, .. } => Some(upper),
        _ => None,
    });
    let highest = waste.flatten().map(|point| point.1).fold(0.0, f64::max);
    assert!(highest > 0.9 && highest <= 1.0, "{highest}");
}

#[test]
fn what_hides_the_rest_is_drawn_on_a_logarithmic_axis() {
    let mut morning = Morning::new();
    assert!(!chart(&morning, "demand").panels[0].y.is_logarithmic());
    for row in 0..morning.figures.scopes.len() {
        morning.set(200, row, Column::Attempts, 1e9);
    }
    let sheet = chart(&morning, "demand");
    assert!(sheet.panels[0].y.is_logarithmic() && says(&sheet, "log scale"));
}

#[test]
fn what_is_left_out_is_counted() {
    let mut morning = Morning::new();
    morning.fill(Column::LinkUtilization, 0.5);
    assert!(says(&chart(&morning, "delivery"), "5 of 6 regions"));
    assert!(says(&chart(&morning, "reports"), "5 of 6 regions"));
}

#[test]
fn bit_rate_and_stalls_are_drawn_beside_links() {
    let mut morning = Morning::new();
    morning.fill(Column::BitrateMean, 3000.0);
    morning.fill(Column::LinkUtilization, 0.5);
    morning.fill(Column::StalledShare, 0.4);
    let sheet = chart(&morning, "delivery");
    assert!(["Mean bit rate", "the picture stands still", "links carry"].iter().all(|words| says(&sheet, words)));
    morning.fill(Column::StalledShare, 0.0);
    assert!(!says(&chart(&morning, "delivery"), "stands still"));
}

#[test]
fn pictures_of_a_partial_run_say_so_below_their_titles() {
    let morning = Morning::new();
    let (whole, findings) = (morning.context(), morning.findings());
    let partial = Context { partial_until_s: Some(60.0), ..whole.clone() };
    let begun = |context: &Context<'_>, words: &str| {
        let sheets = super::tests::sheets(&morning.subject(context, &findings));
        sheets.iter().filter(|(_, sheet)| sheet.subtitle.text.starts_with(words)).count()
    };
    assert_eq!((begun(&whole, "PARTIAL"), begun(&partial, "PARTIAL, until ")), (0, charts(&morning).len()));
}

#[test]
fn there_are_no_empty_sheets() {
    assert!(charts(&Morning::empty(5, 0.0, 10.0)).is_empty());
    let mut silent = Morning::new();
    silent.fill(Column::Reports, 0.0);
    assert!(charts(&silent).iter().all(|(name, _)| *name != "reports"));
    // Where nothing fails, there is no plot of what failed.
    let calm = chart(&Morning::with_surge(0.0), "error-rate");
    assert!(calm.panels.len() == 1 && says(&calm, "Attempts sent per second"));
}

#[test]
fn names_that_the_fonts_lack_are_shown_by_their_keys() {
    let mut morning = Morning::new();
    morning.spec.title = "紙の家".to_owned();
    morning.spec.region["spain"].label = "日本".to_owned();
    morning.spec.region["france"].label = "Ελλάδα".to_owned();
    let sheet = chart(&morning, "reports");
    assert!(says(&sheet, "spain") && says(&sheet, "Ελλάδα"));
    for (name, sheet) in charts(&morning) {
        assert!(!says(&sheet, "?"), "{name}: {:?}", texts(&sheet));
    }
}

#[test]
fn a_pool_without_servers_is_the_one_that_is_shown() {
    let mut morning = Morning::new();
    let row = morning.figures.scope(Scope::pool(1)).unwrap();
    for interval in 0..morning.figures.intervals {
        morning.set(interval, row, Column::Servers, 0.0);
        morning.set(interval, row, Column::Utilization, f64::NAN);
        morning.set(interval, row, Column::CapacityPerSecond, 0.0);
    }
    let sheet = chart(&morning, "demand");
    assert!(says(&sheet, "license") && says(&sheet, "the pool has no server"), "{:?}", texts(&sheet));
}

#[test]
fn what_is_not_measured_is_pale() {
    let mut morning = Morning::new();
    morning.spec.measure = toml::from_str("from = \"0 s\"\nuntil = \"30 min\"").unwrap();
    for (name, sheet) in charts(&morning) {
        let veils = |panel: &Panel| {
            panel
                .under
                .iter()
                .filter(|part| matches!(part, Part::Block(block) if block.colour == Colour::Paper))
                .count()
        };
        assert!(sheet.panels.iter().all(|panel| veils(panel) == 2), "{name}");
    }
    assert!(says(&chart(&morning, "waiting"), "pale: not measured"));
}

#[test]
fn outcomes_have_whole_colours_so_that_letters_on_them_are_read() {
    let sheet = chart(&Morning::new(), "error-rate");
    for part in sheet.panels.iter().flat_map(|panel| &panel.under) {
        if let Part::Area { colour: Colour::Fill(Fill::Outcome(_)), opacity, .. } = part {
            assert_eq!(*opacity, 1.0);
        }
    }
}

#[test]
fn scenarios_on_different_clocks_are_compared_by_the_time_from_the_drop() {
    let (one, mut other) = (Morning::new(), Morning::new());
    other.spec.drop = "2021-01-01T20:00:00Z".parse().unwrap();
    let sheet = |mornings: [&Morning; 2]| {
        let contexts = mornings.map(Morning::context);
        let findings = mornings.map(Morning::findings);
        let subjects = [0, 1].map(|i| mornings[i].subject(&contexts[i], &findings[i]));
        let comparison = Comparison::of(&[&Sample { seed: 1, summaries: Vec::new() }; 2]);
        comparison::sheet(&Several { subjects: &subjects, comparison: &comparison, settings: &[] }).unwrap()
    };
    let (alike, different) = (sheet([&one, &one]), sheet([&one, &other]));
    assert!(says(&alike, "09:30") && !says(&alike, "+30 min"));
    assert!(says(&different, "+30 min") && says(&different, "time from the drop") && !says(&different, "09:00"));
}

#[test]
fn numbers_of_people_and_servers_have_whole_ticks() {
    let mut morning = Morning::new();
    morning.figures = morning.figures.within(0..4);
    for (name, sheet) in charts(&morning).iter().filter(|(name, _)| ["people", "servers"].contains(name)) {
        let ticks = sheet.panels.iter().flat_map(|panel| &panel.y.ticks);
        assert!(ticks.clone().count() > 1 && ticks.clone().all(|tick| tick.at.fract() == 0.0), "{name}");
    }
}
