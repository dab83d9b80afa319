//! Every scenario of the library is valid, gives no unexpected warning, and runs.

use std::path::{Path, PathBuf};

use dropstorm::experiment;
use dropstorm::measure::Figures;
use dropstorm::model::{Model, warnings};
use dropstorm::scenario::Scenario;

use super::summary;

/// Folders of scenarios, below the root of the repository.
const FOLDERS: [&str; 3] = ["scenarios", "scenarios/textbook", "scenarios/surges"];

/// Scenarios that carry a warning for a reason: the overload that the warning names is their subject.
const WARNED: [&str; 1] = ["evening-of-3-april-2020"];

/// The files of all scenarios of the library.
pub fn library() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = FOLDERS.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}

#[test]
fn each_library_scenario_has_no_warning_and_states_its_lesson_and_sources() {
    assert!(library().len() >= 20);
    for file in library() {
        let scenario = Scenario::read(&file).unwrap_or_else(|errors| panic!("{errors}"));
        let warned = warnings::of(&scenario, &Model::compile(&scenario));
        assert_eq!(warned.is_empty(), !WARNED.contains(&scenario.name()), "{}: {warned}", scenario.name());
        let spec = scenario.spec();
        assert!(!spec.description.is_empty() && !spec.sources.is_empty(), "{}", file.display());
    }
}

/// Python's `tomllib` and most editors read TOML 1.0, whose inline tables stand on one line.
#[test]
fn each_file_is_of_toml_1_0() {
    let starter = [("the starter".to_owned(), dropstorm::scenario::starter().to_owned())];
    let files = library().into_iter().map(|file| (file.display().to_string(), std::fs::read_to_string(&file).unwrap()));
    for (name, text) in starter.into_iter().chain(files) {
        let open = |line: &&str| line.matches('{').count() != line.matches('}').count();
        assert_eq!(text.lines().find(open), None, "{name}");
    }
}

/// Scales from small to large.
const SCALES: [&str; 8] = ["0.002", "0.003", "0.004", "0.005", "0.01", "0.02", "0.1", "1"];

/// The scenario at the smallest scale that leaves its pools as they are but for a fifth of their slots.
fn small(scenario: &Scenario) -> Scenario {
    let mut scales = SCALES.iter().filter_map(|scale| scenario.with("scale", scale).ok());
    scales.next().unwrap_or_else(|| panic!("{} runs at no scale", scenario.name()))
}

/// At about 1:500 the engine's own balance checks run, and the morning fails and recovers.
#[test]
fn each_library_scenario_meets_its_thresholds_but_the_two_whose_lesson_is_failure() {
    for file in library() {
        let scenario = small(&Scenario::read(&file).unwrap());
        let model = Model::compile(&scenario);
        let runs = experiment::replicate(&model, scenario.spec().seed, 0..1, |run| run);
        let figures = Figures::of(&runs);
        let fails = ["operators-never", "no-queue-timeout"].contains(&scenario.name());
        assert_eq!(figures.thresholds_held(), !fails, "{}", scenario.name());
        assert_eq!(summary::faults(&summary::of(&scenario, &model, &runs)), [] as [String; 0], "{}", scenario.name());
    }
}
