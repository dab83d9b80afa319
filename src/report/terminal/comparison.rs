//! Several scenarios on one screen: a line each, the settings in which they differ, and the verdict.

use super::differences::cell;
use super::grid::{Column, grid};
use super::{plain, wrap};
use crate::report::numbers::{count, millis, percent};
use crate::report::several::Several;
use crate::report::words::phrase::Sentence;
use crate::report::words::rooms;
use crate::scenario::Difference;
use crate::vocabulary::Figure;

/// Cell without a value.
const NONE: &str = "–";
/// Number of settings that are shown; the rest are counted.
const MOST_SETTINGS: usize = 12;
/// Letters of a value of a setting that are shown.
const LONGEST_VALUE: usize = 32;

/// The screen of a comparison, in lines of at most `width` columns where names leave room for that: the verdict, the table of
/// the scenarios that burden fewest people first, and the settings in which the scenarios differ.
pub fn screen(several: &Several<'_>, width: usize) -> String {
    screen_with(several.verdict(), several, width)
}

/// The same screen with another verdict.
pub fn screen_with(verdict: Option<Sentence>, several: &Several<'_>, width: usize) -> String {
    let blocks = [told_at(verdict, width), Some(table(several, width)), Some(differing(several, width))];
    let blocks: Vec<String> = blocks.into_iter().flatten().filter(|block| !block.is_empty()).collect();
    blocks.join("\n\n")
}

/// A verdict in lines.
fn told_at(verdict: Option<Sentence>, width: usize) -> Option<String> {
    verdict.map(|sentence| wrap(&plain(&sentence.shown()), width).join("\n"))
}

/// An item of a list in lines: the first two columns in, the rest four.
fn listed(text: &str, width: usize) -> Vec<String> {
    let wrapped = wrap(&plain(text), width.saturating_sub(4)).into_iter().enumerate();
    wrapped.map(|(index, line)| format!("{}{line}", if index == 0 { "  " } else { "    " })).collect()
}

/// The table: a line for each scenario, those that burden fewest people first.
fn table(several: &Several<'_>, width: usize) -> String {
    let columns = [
        Column::left("scenario", 0),
        Column::right(several.kind().heading, 0),
        Column::right("against base", 1),
        Column::right("wait in room", 1),
        Column::right("in room at end", 1),
        Column::right("over", 2),
        Column::right("worst", 4),
        Column::left(several.fared_heading(), 3),
        Column::right("99% within", 5),
        Column::right("90% wait", 6),
        Column::right("gave up", 8),
        Column::right("per first try", 7),
    ];
    let rows: Vec<Vec<String>> = several.order().into_iter().map(|arm| row(several, arm)).collect();
    grid(&columns, &rows, width)
}

fn row(several: &Several<'_>, arm: usize) -> Vec<String> {
    let subject = &several.subjects[arm];
    let figure =
        |figure: Figure| subject.figures.figure(figure).map(|estimate| estimate.mean).filter(|mean| mean.is_finite());
    let or_none = |cell: Option<String>| cell.unwrap_or_else(|| NONE.to_owned());
    let kind = several.kind();
    let price = several.price(arm);
    let in_room = |cell: Option<String>| if several.have_prices() { or_none(cell) } else { String::new() };
    let against = match (arm, kind.path()) {
        _ if several.equals_base(arm) => "none at all".to_owned(),
        (0, _) => String::new(),
        (_, path) => cell(several.comparison.difference(arm, path), several.comparison.replications, "", 1.0),
    };
    let name = super::name(several.short_name(arm));
    vec![
        if arm == 0 { format!("{name} (base)") } else { name },
        or_none(several.people(arm, kind).map(|people| count(people.mean))),
        against,
        in_room(price.and_then(|price| price.wait_ms).map(millis)),
        in_room(price.map(|price| rooms::whole(price.at_end))),
        or_none(several.over(arm)),
        or_none(figure(Figure::ErrorRatePeak).map(percent)),
        or_none(several.fared(arm)),
        or_none(figure(Figure::LatencyP99).map(millis)),
        or_none(figure(Figure::WaitP90).map(millis)),
        or_none(figure(Figure::HarmGaveUp).map(count)),
        or_none(figure(Figure::AmplificationTotal).map(|ratio| format!("{ratio:.2}"))),
    ]
}

/// The settings in which the scenarios differ, a line each: the value of the base, and each other value with the scenarios that
/// have it.
fn differing(several: &Several<'_>, width: usize) -> String {
    let settings = several.settings;
    if settings.is_empty() {
        return "The scenarios state the same settings.".to_owned();
    }
    let mut lines = vec!["What differs:".to_owned()];
    for Difference { path, values } in settings.iter().take(MOST_SETTINGS) {
        let base = values.first().map_or_else(|| NONE.to_owned(), shown_value);
        let line = format!("{path}: {base}; {}", other_values(several, values));
        lines.extend(listed(&line, width));
    }
    if settings.len() > MOST_SETTINGS {
        lines.push(format!("  and {} more of {} settings", settings.len() - MOST_SETTINGS, settings.len()));
    }
    lines.join("\n")
}

/// The values other than that of the base, each once with the scenarios that have it: `4 in +grpc and +polly, 2 in +envoy`.
fn other_values(several: &Several<'_>, values: &[Option<String>]) -> String {
    let mut others: Vec<(&Option<String>, Vec<String>)> = Vec::new();
    for (arm, value) in values.iter().enumerate().skip(1).filter(|(_, value)| Some(*value) != values.first()) {
        let name = super::name(several.short_name(arm));
        match others.iter_mut().find(|(other, _)| *other == value) {
            Some((_, names)) => names.push(name),
            None => others.push((value, vec![name])),
        }
    }
    let told = others.into_iter().map(|(value, names)| format!("{} in {}", shown_value(value), names.join(" and ")));
    told.collect::<Vec<_>>().join(", ")
}

/// A value of a setting, cut where it is long; a dash where the scenario does not state it.
fn shown_value(value: &Option<String>) -> String {
    match value {
        Some(text) if text.chars().count() > LONGEST_VALUE => {
            text.chars().take(LONGEST_VALUE - 1).chain(['…']).collect()
        }
        Some(text) => text.clone(),
        None => NONE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Findings, Replications};
    use crate::experiment::{Comparison, Sample};
    use crate::report::support::Morning;
    use crate::report::words::Words;
    use crate::report::{Context, Subject};

    /// The comparison of some mornings on the screen, the first of which is the base; `people` see an error in each replication.
    fn shown_at(width: usize, mornings: &[(Morning, [f64; 2])], settings: &[Difference]) -> String {
        let contexts: Vec<_> = mornings.iter().map(|(morning, _)| morning.context()).collect();
        let findings: Vec<Findings> = mornings.iter().map(|(morning, _)| morning.findings()).collect();
        let (words, analyses) = (Words::default(), Replications::default());
        let subjects: Vec<Subject<'_>> = (0..mornings.len())
            .map(|index| Subject {
                context: &contexts[index],
                figures: &mornings[index].0.figures,
                ordinary: None,
                findings: &findings[index],
                analyses: &analyses,
                words: &words,
            })
            .collect();
        let sample = |people: &[f64; 2]| {
            let of =
                |people: f64| move |figure: &Figure| if figure.name().ends_with("saw_error") { people } else { 0.0 };
            let summaries = people.map(|people| Figure::summary().iter().map(of(people)).collect());
            Sample { seed: 1, summaries: summaries.into() }
        };
        let samples: Vec<Sample> = mornings.iter().map(|(_, people)| sample(people)).collect();
        let comparison = Comparison::of(&samples.iter().collect::<Vec<_>>());
        screen(&Several { subjects: &subjects, comparison: &comparison, settings }, width)
    }

    #[test]
    fn those_who_harm_fewest_come_first_and_the_verdict_is_about_them() {
        let mornings = [
            (Morning::new(), [1_000.0, 1_010.0]),
            (Morning::with_surge(0.0), [2.0, 8.0]),
            (Morning::empty(3, 0.0, 10.0), [2_000.0, 2_010.0]),
        ];
        let settings = [Difference {
            path: "pool.api.servers".to_owned(),
            values: vec![Some("8".to_owned()), Some("16".to_owned()), Some("8".to_owned())],
        }];
        let text = shown_at(120, &mornings, &settings);
        assert!(text.contains("fewer (95%: "), "{text}");
        assert!(text.contains("people see an error page than in la-casa-de-papel"), "{text}");
        assert!(text.contains("pool.api.servers: 8; 16 in la-casa-de-papel"), "{text}");
        let lines: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("scenario")).collect();
        assert!(lines[2].contains("(base)") && lines[2].contains("94%"), "{text}");
        assert!(lines[1].contains("held") && lines[3].contains(NONE), "{text}");
    }

    #[test]
    fn overlays_are_told_by_their_own_names_and_equal_values_together() {
        let morning = Morning::new();
        let findings = morning.findings();
        let named = |name: &'static str| Context { name, ..morning.context() };
        let contexts = ["morning", "morning+grpc", "morning+polly", "evening"].map(named);
        let subjects = contexts.each_ref().map(|context| morning.subject(context, &findings));
        let several = Several {
            subjects: &subjects,
            comparison: &Comparison::of(&[&Sample::of(1, std::iter::empty())]),
            settings: &[],
        };
        let value = |text: &str| Some(text.to_owned());
        let values = [value("3"), value("4"), value("4"), None];
        assert_eq!(other_values(&several, &values), "4 in +grpc and +polly, – in evening");
    }

    #[test]
    fn at_sixty_columns_no_letter_is_lost_and_clocks_that_differ_give_way_to_the_drop() {
        let mut other = Morning::new();
        other.spec.drop = "2020-04-03T09:00:00+01:00".parse().unwrap();
        let mornings = [(Morning::new(), [5.0, 5.0]), (other, [5.0, 5.0])];
        let text = shown_at(60, &mornings, &[]);
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
        assert!(!text.contains('…'), "{text}");
        let (findings, comparison) = (Morning::new().findings(), Comparison::of(&[&Sample::of(1, std::iter::empty())]));
        for (with, wanted) in [(&mornings[0].0, "09:20"), (&mornings[1].0, "+20 min")] {
            let contexts = [mornings[0].0.context(), with.context()];
            let subjects = [mornings[0].0.subject(&contexts[0], &findings), with.subject(&contexts[1], &findings)];
            let several = Several { subjects: &subjects, comparison: &comparison, settings: &[] };
            assert_eq!(several.moment(1, 1200.0), wanted);
        }
        let unwrapped = text.replace('\n', " ");
        assert!(unwrapped.contains("as many people see an error page as in"), "{text}");
        assert!(text.contains("The scenarios state the same settings."), "{text}");
    }
}
