//! Charts must come out for any figures: whole, of their size, the same each time, and never with a panic.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::analysis::support::threshold;
use crate::experiment::{Comparison, Sample};
use crate::report::Mark;
use crate::report::render::{Theme, png, svg};
use crate::report::several::Several;
use crate::report::support::Morning;
use crate::vocabulary::{Figure, Outcome};

/// Every chart of a run that the figures have something for, by the stem of its file.
pub(super) fn sheets(subject: &Subject<'_>) -> Vec<(&'static str, Sheet)> {
    all_of(&View::of(subject))
}

/// Every chart of a view that has something for it.
pub(super) fn all_of(view: &View<'_>) -> Vec<(&'static str, Sheet)> {
    let made = [
        ("overview", overview::sheet(view)),
        ("error-rate", error_rate::sheet(view)),
        ("demand", demand::sheet(view)),
        ("pools", pools::sheet(view)),
        ("people", people::sheet(view)),
        ("regions", regions::sheet(view)),
        ("reports", reports::sheet(view)),
        ("waiting", waiting::sheet(view)),
        ("delivery", delivery::sheet(view)),
        ("servers", servers::sheet(view)),
        ("usage", usage::sheet(view)),
    ];
    made.into_iter().filter_map(|(name, sheet)| Some((name, sheet?))).collect()
}

/// Path in a folder of pictures that tests leave for people to look at.
fn look(name: &str) -> PathBuf {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/charts-look");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// Draws everything, with the limit that the scenario states, and looks at the bytes.
fn check(name: &str, morning: &Morning) {
    let mut morning = morning.clone();
    if morning.figures.thresholds.is_empty() {
        morning.figures.thresholds.push(threshold(f64::NAN, f64::NAN));
    }
    let (context, findings) = (morning.context(), morning.findings());
    let subject = morning.subject(&context, &findings);
    let mut charts = sheets(&subject);
    let comparison = Comparison::of(&[&Sample { seed: 1, summaries: Vec::new() }; 2]);
    let several = Several { subjects: &[subject, subject], comparison: &comparison, settings: &[] };
    charts.push(("comparison", comparison::sheet(&several).unwrap()));
    let again = sheets(&subject);
    assert!(charts.iter().zip(&again).all(|(one, other)| one.1.shapes() == other.1.shapes()), "{name}");
    for (file, sheet) in &charts {
        let bytes = png::draw(sheet, Theme::Light).unwrap();
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let size = (reader.info().width, f64::from(reader.info().height));
        assert_eq!(size, (1600, sheet.height.floor()), "{name} {file}");
        assert_eq!(reader.info().utf8_text.len(), 5, "{name} {file}");
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert!(pixels.iter().any(|channel| *channel < 100), "{name} {file} is blank");
        let svg = String::from_utf8(svg::draw(sheet, Theme::Dark)).unwrap();
        assert!(!svg.contains("NaN") && !svg.contains("inf") && svg.ends_with("</svg>\n"), "{name} {file}");
        std::fs::write(look(&format!("odd-{name}-{file}.png")), bytes).unwrap();
    }
    let left = crate::report::Left { files: Vec::new(), gone: Vec::new() };
    let _ = crate::report::terminal::screen(&subject, true, &left, 80, true);
    let _ = crate::report::terminal::comparison::screen(&several, 80);
}

#[test]
fn no_rows_and_no_intervals_are_no_obstacle() {
    check("no-intervals", &Morning::empty(0, 0.0, 10.0));
    check("nothing-known", &Morning::empty(5, 0.0, 10.0));
    let mut rowless = Morning::empty(5, 0.0, 10.0);
    rowless.figures.scopes.clear();
    rowless.figures.values.clear();
    check("no-rows", &rowless);
}

#[test]
fn one_interval_all_errors_and_no_errors_are_told_truly() {
    let mut one = Morning::empty(1, 0.0, 60.0);
    one.fill(Outcome::Served.column(), 30.0);
    one.fill(Outcome::TimedOut.column(), 10.0);
    one.fill(Column::Attempts, 40.0);
    one.fill(Column::Reports, 3.0);
    check("one-interval", &one);
    let mut all_errors = Morning::empty(60, -60.0, 10.0);
    all_errors.fill(Outcome::Rejected.column(), 500.0);
    all_errors.fill(Column::Attempts, 500.0);
    check("all-errors", &all_errors);
    check("quiet", &Morning::with_surge(0.0));
}

#[test]
fn cells_that_are_no_sensible_numbers_are_left_out() {
    for (name, value) in
        [("infinite", f64::INFINITY), ("huge", 1e300), ("negative", -5.0), ("minus", f64::NEG_INFINITY)]
    {
        let mut morning = Morning::with_surge(0.5);
        for column in Column::ALL {
            for row in 0..morning.figures.scopes.len() {
                morning.set(200, row, *column, value);
            }
        }
        check(name, &morning);
    }
}

#[test]
fn windows_of_milliseconds_and_of_days_and_far_from_the_drop_have_their_clocks() {
    for (name, first_s, width_s) in [
        ("tiny", 0.0, 0.001),
        ("days", -3600.0, 700.0),
        ("late", 90_000.0, 10.0),
        ("frozen", 0.0, 0.0),
        ("years", 0.0, 9e5),
    ] {
        let mut morning = Morning::new();
        (morning.figures.first_s, morning.figures.width_s) = (first_s, width_s);
        check(name, &morning);
    }
}

#[test]
fn long_words_many_marks_and_foreign_letters_fit() {
    let mut morning = Morning::new();
    morning.replicate(8);
    morning.spec.title =
        "紙の家 ".to_owned() + &"An extraordinarily long title that no sheet of paper could hold ".repeat(5);
    morning.changes = (0..24)
        .map(|i| Mark {
            t_s: f64::from(i % 12) * 55.0 + 4700.0 * f64::from(i / 12),
            note: format!("change {i} of many, with a note that goes on and on"),
            steps: Vec::new(),
        })
        .collect();
    morning.changes.push(Mark { t_s: f64::NAN, note: "never".to_owned(), steps: Vec::new() });
    let label = "Region with quite a long name, and then some".to_owned();
    morning.spec.region.values_mut().for_each(|region| region.label.clone_from(&label));
    check("crowded", &morning);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn any_figures_can_be_drawn(
        intervals in 0_usize..40,
        first_s in -1e5_f64..1e5,
        width_s in prop_oneof![1e-3..1.0_f64, 1.0..600.0_f64, 600.0..1e6_f64],
        cells in proptest::collection::vec(prop_oneof![
            4 => 0.0..1.0_f64, 4 => 0.0..1e4_f64, 2 => Just(0.0), 2 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => -1e9..1e18_f64,
        ], 97),
        replications in 1_usize..3,
    ) {
        let mut morning = Morning::empty(intervals, first_s, width_s);
        for (index, cell) in morning.figures.values.iter_mut().enumerate() {
            *cell = cells[index * 31 % cells.len()];
        }
        if replications > 1 {
            morning.replicate(replications);
        }
        check("any", &morning);
    }
}

/// Times the drawing of a chart; `--nocapture` on an optimised build shows it.
#[test]
fn names_within_a_plot_keep_the_order_of_the_ends_of_their_series() {
    let room = Room { left: 100.0, top: 100.0, right: 900.0, bottom: 230.0 };
    let mut panel = Panel::new(room, &Axis::counts(60.0, 6), Axis::counts(10.0, 5));
    // Words in the way of the first place of either name.
    panel.label(model::Text::new("too few streams start to tell a time", (512.0, 190.0), theme::NOTE));
    let end = |y: f64, text: &str| panel::End { at: (30.0, y), text: text.to_owned(), colour: model::Colour::Ink };
    panel.ends(&[end(1.0, "half"), end(2.1, "95%")], 1500.0);
    let middle = |name: &str| {
        let label = panel.over.iter().find_map(|part| match part {
            model::Part::Label { text, .. } if text.text == name => Some(text.at.1),
            _ => None,
        });
        label.unwrap_or(f64::NAN)
    };
    assert!(middle("95%") < middle("half"), "{} {}", middle("95%"), middle("half"));
}

#[test]
fn a_layer_has_its_name_although_some_interval_has_no_value() {
    let room = Room { left: 100.0, top: 100.0, right: 900.0, bottom: 400.0 };
    let panel = Panel::new(room, &Axis::counts(60.0, 6), Axis::counts(10.0, 5));
    let intervals: Vec<(f64, f64)> = (0..60).map(|at| (f64::from(at), f64::from(at) + 1.0)).collect();
    let upper: Vec<f64> = (0..60).map(|at| if at == 5 { f64::NAN } else { 8.0 }).collect();
    let (x, above, below) = panel.thickest(&intervals, (&upper, &[0.0; 60]), (120.0, &[])).expect("a wide layer");
    assert!(x - 60.0 > panel.place((6.0, 0.0)).0 && below - above > 200.0, "{x} {above} {below}");
}

#[test]
fn a_chart_takes_a_blink() {
    let morning = Morning::new();
    let (context, findings) = (morning.context(), morning.findings());
    let began = std::time::Instant::now();
    let charts = sheets(&morning.subject(&context, &findings));
    charts.iter().for_each(|(_, sheet)| assert!(!png::draw(sheet, Theme::Light).unwrap().is_empty()));
    println!("{:?} a chart", began.elapsed() / u32::try_from(charts.len()).unwrap());
}

/// Leaves a comparison of seven surges.
#[test]
fn a_comparison_of_many_scenarios_can_be_looked_at() {
    let mornings: Vec<Morning> = [1.0, 0.7, 0.5, 0.3, 0.0, 0.85, 0.4].into_iter().map(Morning::with_surge).collect();
    let contexts: Vec<_> = mornings.iter().map(Morning::context).collect();
    let findings: Vec<_> = mornings.iter().map(Morning::findings).collect();
    let subjects: Vec<_> =
        mornings.iter().zip(contexts.iter().zip(&findings)).map(|(m, (c, f))| m.subject(c, f)).collect();
    let sample = |index: usize| {
        let of = |run: usize| {
            let people = |figure: &Figure| match figure.name().ends_with("saw_error") {
                true => 1e6 / (index + 1) as f64 + 3e4 * run as f64,
                false => 0.0,
            };
            Figure::summary().iter().map(people).collect()
        };
        Sample { seed: 1, summaries: (0..3).map(of).collect() }
    };
    let samples: Vec<Sample> = (0..subjects.len()).map(sample).collect();
    let comparison = Comparison::of(&samples.iter().collect::<Vec<_>>());
    let several = Several { subjects: &subjects, comparison: &comparison, settings: &[] };
    let sheet = comparison::sheet(&several).unwrap();
    std::fs::write(look("comparison.png"), png::draw(&sheet, Theme::Light).unwrap()).unwrap();
    assert_eq!(sheet.panels.len(), 8);
    assert!(comparison::sheet(&Several { subjects: &[], comparison: &comparison, settings: &[] }).is_none());
}

/// Leaves the charts of the morning where they can be looked at.
#[test]
fn the_charts_of_a_morning_can_be_looked_at() {
    let mut many = Morning::new();
    many.replicate(8);
    let beside = Morning { ordinary: Some(Morning::with_surge(0.0).figures), ..Morning::new() };
    for (name, morning) in [("surge", beside), ("many", many), ("quiet", Morning::with_surge(0.0))] {
        let (context, findings) = (morning.context(), morning.findings());
        for (file, sheet) in sheets(&morning.subject(&context, &findings)) {
            std::fs::write(look(&format!("{name}-{file}.png")), png::draw(&sheet, Theme::Light).unwrap()).unwrap();
        }
    }
}
