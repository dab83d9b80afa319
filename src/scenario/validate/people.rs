//! Checks of audiences and multipliers.

use crate::document::diagnostics::quoted;
use crate::document::findings::{Findings, Names};
use crate::document::law::has_infinite_mean;
use crate::document::moments::When;
use crate::document::unions::{Counts, StringOr};
use crate::scenario::spec::{Already, Audience, Multiplier, Spacing, Spec};
use crate::units::Span;

/// Most points of a profile in all its repetitions within the window.
const MOST_CORNERS: i64 = 1_000_000;

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    if spec.audience.is_empty() {
        let help = "add an audience, such as [audience.crowd] with viewers, arrival and journey";
        out.value("audience", "nobody comes", "there is no audience", help);
    }
    for (name, audience) in &spec.audience {
        let path = format!("audience.{name}");
        out.key_name(&path, name, Names::OfTables);
        kind(&path, audience, out);
        regions(&path, audience, spec, out);
        profile(&path, audience, spec, out);
        window(&path, audience.from, audience.until, out);
        names(&path, audience, spec, out);
        steady(&path, audience, spec, out);
    }
    for (name, multiplier) in &spec.multiplier {
        let path = format!("multiplier.{name}");
        out.key_name(&path, name, Names::OfTables);
        check_multiplier(&path, multiplier, spec, out);
    }
}

/// Reports keys that belong to another kind of audience.
fn kind(path: &str, audience: &Audience, out: &mut Findings<'_>) {
    if audience.viewers.is_some() && audience.arrival.is_none() {
        let help = "for example arrival = { exponential = { mean = \"10 min\" } }";
        out.value(path, "`arrival` is missing", "`viewers` need one", help);
    }
    if audience.viewers.is_none() {
        out.misplaced(&format!("{path}.arrival"), "an audience with `viewers`");
    }
    // A default may be written out, as `check --resolved` does.
    if audience.viewers.is_some() && audience.spacing != Spacing::default() {
        out.misplaced(&format!("{path}.spacing"), "an audience with `rate` or `trace`");
    }
    if audience.rate.is_none() {
        for key in ["profile", "repeat", "from", "until"] {
            out.misplaced(&format!("{path}.{key}"), "an audience with `rate`");
        }
        if audience.already != Already::None {
            out.misplaced(&format!("{path}.already"), "an audience with `rate`");
        }
    } else if audience.profile.is_none() {
        out.misplaced(&format!("{path}.repeat"), "a `profile`");
    }
}

/// Checks the regions of an audience.
fn regions(path: &str, audience: &Audience, spec: &Spec, out: &mut Findings<'_>) {
    let (key, by_region) = match (&audience.viewers, &audience.rate) {
        (Some(Counts::ByName(table)), _) => ("viewers", Some(table.keys().collect::<Vec<_>>())),
        (_, Some(StringOr::Table(table))) => ("rate", Some(table.keys().collect())),
        (None, None) => ("trace", None),
        (Some(_), _) => ("viewers", None),
        (_, Some(_)) => ("rate", None),
    };
    if let Some(region) = &audience.region {
        if by_region.is_some() {
            let label = format!("`{key}` names its regions");
            let help = format!("remove `region`, or write {key} without a table");
            out.key(&format!("{path}.region"), "`region` has no meaning here", label, help);
        } else if !spec.region.contains_key(region) {
            out.unknown(&format!("{path}.region"), "region", region, spec.region.keys());
        }
    } else if by_region.is_none() && spec.region.len() > 1 {
        let regions = first_regions(spec);
        let help = format!("add region = \"…\" to the audience, or write {key} as a table of regions: {regions}");
        out.value(&format!("{path}.{key}"), "the scenario has several regions", "which of them is meant?", help);
    }
    let Some(named) = by_region else { return };
    if named.is_empty() {
        out.value(&format!("{path}.{key}"), "no region is named", "this table is empty", first_regions(spec));
    }
    for region in named.iter().filter(|region| !spec.region.contains_key(**region)) {
        out.unknown_key(&format!("{path}.{key}.{region}"), "region", region, spec.region.keys());
    }
}

/// The first names of regions, as a list for a help.
fn first_regions(spec: &Spec) -> String {
    spec.region.keys().take(8).map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Checks that the times of a profile ascend within its period, and that its factors are in range.
fn profile(path: &str, audience: &Audience, spec: &Spec, out: &mut Findings<'_>) {
    let Some(profile) = audience.profile.as_ref().filter(|_| out.trusted(&format!("{path}.profile"))) else { return };
    let Some((first, _)) = profile.first() else {
        return out.value(
            &format!("{path}.profile"),
            "the profile is empty",
            "no points",
            "leave it out for a constant rate",
        );
    };
    let clock = matches!(first, When::Clock(_));
    let mut before = None;
    for (index, (when, factor)) in profile.iter().enumerate() {
        let at = format!("{path}.profile.{index}");
        if matches!(when, When::Clock(_)) != clock {
            let help = "write all times as clock times, or all as offsets from the drop";
            return out.value(&format!("{at}.0"), "clock times and offsets are mixed", "of the other kind", help);
        }
        let now = moment(*when);
        if before.is_some_and(|before| now <= before) {
            let label = "not after the time before it";
            let help =
                if clock { "after midnight clock times go on from 24:00 to 47:59" } else { "sort the points by time" };
            out.value(&format!("{at}.0"), "the times of a profile must ascend", label, help);
        }
        before = Some(now);
        if *factor < 0.0 || *factor > 1e9 {
            let label = format!("{factor} is too {}", if *factor < 0.0 { "low" } else { "high" });
            out.value(&format!("{at}.1"), "the factor is out of its range", label, "from 0 to 1e9");
        }
    }
    let period = audience.repeat.or(clock.then_some(Span(86_400_000_000_000)));
    let length = before.map_or(Span::ZERO, |last| last - moment(*first));
    if let Some(period) = period.filter(|period| length >= *period && *period > Span::ZERO) {
        let label = format!("{length} from its first to its last time");
        let help = format!("it starts again after {period}; see `repeat`");
        return out.value(&format!("{path}.profile"), "the profile is longer than its period", label, help);
    }
    let window = spec.end.since(spec.start).0.max(0);
    let rounds = period.map_or(0, |period| window / period.0.max(1));
    if rounds.saturating_mul(profile.len() as i64) > MOST_CORNERS {
        let label = format!("{rounds} times {} points in the window", profile.len());
        let help = format!("at most {MOST_CORNERS} points in all");
        out.value(&format!("{path}.repeat"), "the profile repeats too often", label, help);
    }
}

fn moment(when: When) -> Span {
    match when {
        When::Clock(seconds) => Span(seconds * 1_000_000_000),
        When::Offset(span) => span,
    }
}

/// Checks the names of the journey and of the clients.
fn names(path: &str, audience: &Audience, spec: &Spec, out: &mut Findings<'_>) {
    if !spec.journey.contains_key(&audience.journey) {
        out.unknown(&format!("{path}.journey"), "journey", &audience.journey, spec.journey.keys());
    }
    let client = format!("{path}.client");
    match &audience.client {
        Some(StringOr::String(name)) if !spec.client.contains_key(name) => {
            out.unknown(&client, "client", name, spec.client.keys());
        }
        Some(StringOr::Table(mix)) => {
            for name in mix.keys().filter(|name| !spec.client.contains_key(*name)) {
                out.unknown_key(&format!("{client}.{name}"), "client", name, spec.client.keys());
            }
            out.whole(&client, mix.values());
        }
        _ => {}
    }
}

/// Reports an initial steady state where the mean length of a stream is infinite.
fn steady(path: &str, audience: &Audience, spec: &Spec, out: &mut Findings<'_>) {
    if audience.already != Already::Steady {
        return;
    }
    let steps = spec.journey.get(&audience.journey).map(|journey| journey.steps.as_slice()).unwrap_or_default();
    let repeats = spec.journey.get(&audience.journey).and_then(|journey| journey.repeat);
    let leads_back = |index: usize| {
        let then = steps[index].then.as_ref().filter(|then| then.probability.0 >= 1.0)?;
        steps[..=index].iter().any(|step| step.called() == Some(then.name.as_str())).then(|| quoted(&then.name))
    };
    let forever = repeats.filter(|repeat| repeat.rounds().is_infinite()).map(|_| "the first step".to_owned());
    if let Some(back) = (0..steps.len()).find_map(leads_back).or(forever) {
        let label = format!("viewers return to {back} for ever");
        let help = "a probability below 1 lets people leave, or write already = \"none\"";
        out.value(&format!("{path}.already"), "people who never leave have no steady state", label, help);
    }
    if steps.iter().filter_map(|step| step.stream.as_ref()).any(has_infinite_mean) {
        let help = "a Pareto law needs a shape above 1 here, or write already = \"none\"";
        let label = "there is no steady state to begin in";
        out.value(&format!("{path}.already"), "the mean length of a stream is infinite", label, help);
    }
}

/// Checks the names, the factor and the window of a multiplier.
fn check_multiplier(path: &str, multiplier: &Multiplier, spec: &Spec, out: &mut Findings<'_>) {
    for (index, name) in multiplier.audiences.iter().flatten().enumerate() {
        if !spec.audience.contains_key(name) {
            out.unknown(&format!("{path}.audiences.{index}"), "audience", name, spec.audience.keys());
        }
    }
    for (index, name) in multiplier.regions.iter().flatten().enumerate() {
        if !spec.region.contains_key(name) {
            out.unknown(&format!("{path}.regions.{index}"), "region", name, spec.region.keys());
        }
    }
    if multiplier.watch_time == 0.0 {
        let help = "streams of no length would follow each other without end";
        out.value(&format!("{path}.watch_time"), "the factor is out of its range", "not above zero", help);
    }
    window(path, multiplier.from, multiplier.until, out);
}

/// Reports a window that ends before it starts.
fn window(path: &str, from: Option<When>, until: Option<When>, out: &mut Findings<'_>) {
    let past_midnight = "for a window past midnight write for example \"24:30\"";
    let (ends, help) = match (from, until) {
        (Some(When::Clock(from)), Some(When::Clock(until))) => (until <= from, past_midnight),
        (Some(When::Offset(from)), Some(When::Offset(until))) => (until <= from, "write a later moment"),
        // Whether a clock time comes before an offset depends on the region, and an empty window does no harm.
        _ => (false, ""),
    };
    if ends {
        out.value(&format!("{path}.until"), "the window ends before it starts", "not after `from`", help);
    }
}
