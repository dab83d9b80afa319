//! Laws of arrivals: the quantile undoes the distribution function, whatever the law and its sign; a law is the same alone, in a
//! mixture and shifted; and a multiplier's window takes its share of a law, before the drop and after.

use dropstorm::engine;
use dropstorm::measure::Figures;
use dropstorm::model::{Arrivals, Model};
use dropstorm::random::Law;
use dropstorm::scenario::Scenario;
use dropstorm::units::Span;
use dropstorm::vocabulary::Column;
use toml::{Table, Value};

use super::case::{Case, SEED, ensure, holds};
use super::twin::table;

/// Rounding of a probability, and of a quantile beside the nanosecond that is the grain of simulated time.
const ROUNDING: f64 = 1e-9;

fn agree(law: &Law) -> Result<(), String> {
    for p in (1..40).map(|number| f64::from(number) / 40.0) {
        let quantile = law.quantile(p);
        // Longer spans than a scenario may state are never simulated.
        if quantile > Span::LONGEST.0 as f64 {
            break;
        }
        // The distribution function may jump at the quantile.
        let grain = 2.0 + quantile.abs() * ROUNDING;
        let (below, above) = (law.cdf(quantile - grain), law.cdf(quantile + grain));
        let between = below <= p + ROUNDING && p <= above + ROUNDING;
        ensure!(between, "{law:?}: {quantile} ns is the quantile of {p}, but lies between {below} and {above}");
    }
    Ok(())
}

pub fn are_inverted(case: &Case) -> Result<(), String> {
    case.model.cohorts.iter().try_for_each(|cohort| match &cohort.arrivals {
        Arrivals::Crowd { law, .. } => agree(law),
        _ => Ok(()),
    })
}

/// A mixture of a law with itself has the quantiles of the law.
fn same_in_halves(law: &Law) -> Result<(), String> {
    let halves = Law::Mixture([(0.25, law.clone()), (0.75, law.clone())].into());
    // At a round share the quantile of a law with gaps may be any value of the gap.
    for p in (0..40).map(|number| (f64::from(number) + 0.37) / 40.0) {
        let (alone, mixed) = (law.quantile(p), halves.quantile(p));
        if alone > Span::LONGEST.0 as f64 {
            break;
        }
        // Where a law hardly rises, rounding of a probability is a wide span.
        let within = (alone - mixed).abs() <= 2.0 + alone.abs() * ROUNDING
            || (law.cdf(alone) - law.cdf(mixed)).abs() <= ROUNDING;
        ensure!(within, "{law:?}: the quantile of {p} is {alone} ns, of two halves {mixed} ns");
        let (alone, mixed) = (law.cdf(alone), halves.cdf(alone));
        let same = (alone - mixed).abs() <= ROUNDING;
        ensure!(same, "{law:?}: {alone} is {mixed} in two halves");
    }
    Ok(())
}

/// A scenario in which a crowd comes by a law and nothing else happens.
fn of_crowd(arrival: &Value, viewers: i64, drop: &str, multiplier: &str) -> Result<Model, String> {
    let mut tree: Table = format!(
        "title = \"Law\"\nstart = 2026-01-09T08:00:00Z\ndrop = {drop}\nend = 2026-01-09T10:00:00Z\ninterval = \"1 min\"\n\
         [journey.j]\nsteps = [{{ request = \"p\" }}]\n[pool.p]\nservers = 1000\nservice = \"1 ms\"\n{multiplier}"
    )
    .parse()
    .map_err(|error| format!("{error}"))?;
    let mut audience = table("journey = \"j\"");
    let keys = audience.as_table_mut().ok_or("no table")?;
    keys.insert("viewers".to_owned(), Value::Integer(viewers));
    keys.insert("arrival".to_owned(), arrival.clone());
    tree.insert("audience".to_owned(), Value::Table([("a".to_owned(), audience)].into_iter().collect()));
    let text = toml::to_string(&tree).map_err(|error| error.to_string())?;
    let scenario = Scenario::parse("law.toml", &text).map_err(|found| format!("{found}\n{text}"))?;
    Ok(Model::compile(&scenario))
}

/// The arrivals in each minute.
fn arrivals(model: &Model) -> Vec<f64> {
    let figures = Figures::of(&[engine::run(model, SEED)]);
    figures.series(0, Column::Arrivals).collect()
}

/// The arrival law without its shift, and the shift.
fn apart(arrival: &Value) -> (Value, Span) {
    let mut law = arrival.clone();
    let shift = law.as_table_mut().and_then(|table| table.remove("shift"));
    let shift = shift.as_ref().and_then(Value::as_str).and_then(|text| text.parse().ok());
    (law, shift.unwrap_or(Span::ZERO))
}

/// A law in a table of its own beside a shift.
fn shifted(law: &Value, shift: Span) -> Value {
    let mut law = match law {
        Value::String(_) => Value::Table(
            [("constant".to_owned(), Value::Table([("value".to_owned(), law.clone())].into_iter().collect()))]
                .into_iter()
                .collect(),
        ),
        table => table.clone(),
    };
    if let Some(table) = law.as_table_mut() {
        table.insert("shift".to_owned(), Value::String(shift.to_string()));
    }
    law
}

/// Minutes around the drop in which a multiplier lets nobody come.
const CLOSED: [(i64, i64); 2] = [(-10, -2), (3, 8)];

/// The share of a law within the closed minutes, from its quantiles.
fn closed_share(law: &Law, origin: Span, drop: Span) -> f64 {
    const POINTS: u32 = 4_000;
    let closed = |p: f64| {
        let at = (origin - drop).0 as f64 + law.quantile(p).round();
        CLOSED.iter().any(|(from, until)| (*from as f64 * 60e9..*until as f64 * 60e9).contains(&at))
    };
    let points = (0..POINTS).map(|number| (f64::from(number) + 0.5) / f64::from(POINTS));
    points.filter(|p| closed(*p)).count() as f64 / f64::from(POINTS)
}

fn is_the_same_everywhere(arrival: &Value) -> Result<(), String> {
    const DROP: &str = "2026-01-09T09:00:00Z";
    let plain = of_crowd(arrival, 300, DROP, "")?;
    let alone = arrivals(&plain);
    let (law, shift) = apart(arrival);
    let mut mixture = table("mixture = [{ weight = 3 }, { weight = 0, of = \"1 s\" }]");
    mixture["mixture"][0].as_table_mut().ok_or("no part")?.insert("of".to_owned(), law.clone());
    let mixed = arrivals(&of_crowd(&shifted(&mixture, shift), 300, DROP, "")?);
    ensure!(alone == mixed, "{arrival} does not come as in a mixture");
    let seven = Span::from_seconds(420.0);
    let moved = of_crowd(&shifted(&law, shift + seven), 300, "2026-01-09T08:53:00Z", "")?;
    ensure!(alone == arrivals(&moved), "{arrival} does not come as if shifted and the drop moved back");
    if let Arrivals::Crowd { law, .. } = &plain.cohorts[0].arrivals {
        same_in_halves(law)?;
    }
    let closed: String = CLOSED
        .iter()
        .map(|(from, until)| {
            format!("[multiplier.m{}]\nfactor = 0\nfrom = \"{from} min\"\nuntil = \"{until} min\"\n", until + 9)
        })
        .collect();
    let many = of_crowd(arrival, 1_000_000, DROP, &closed)?;
    let Arrivals::Crowd { count, law, origin, .. } = &many.cohorts[0].arrivals else { return Ok(()) };
    let left = 1.0 - closed_share(law, *origin, many.drop);
    let found = *count as f64 / 1e6;
    let right = (found - left).abs() < 2e-3;
    ensure!(right, "{arrival}: {found} of the people are left, but should be {left}");
    let rest = arrivals(&of_crowd(arrival, 300, DROP, &closed)?);
    let anybody = CLOSED
        .iter()
        .any(|(from, until)| rest[(60 + from) as usize..(60 + until) as usize] != vec![0.0; (until - from) as usize]);
    ensure!(!anybody, "{arrival}: somebody comes while the multiplier is 0");
    Ok(())
}

pub fn are_the_same_everywhere(case: &Case) -> Result<(), String> {
    let audiences = case.drawn.tree.get("audience").and_then(Value::as_table).into_iter().flatten();
    audiences.filter_map(|(_, audience)| audience.get("arrival")).try_for_each(is_the_same_everywhere)
}

#[test]
fn the_quantile_of_a_law_undoes_its_distribution_function() {
    holds(are_inverted);
}

#[test]
fn a_law_is_the_same_alone_in_a_mixture_and_shifted() {
    holds(are_the_same_everywhere);
}

/// Laws with negative values, which drawn scenarios have seldom.
#[test]
fn laws_below_zero_are_the_same_everywhere() {
    for arrival in [
        "'-1 s'",
        "{ mixture = [{ weight = 1, of = '-1 s' }] }",
        "{ uniform = { low = '-10 min', high = '10 min' } }",
        "{ uniform = { low = '-20 min', high = '-5 min' } }",
        "{ mixture = [{ weight = 1, of = '-2 min' }, { weight = 1, of = { uniform = { low = '-9 min', high = '1 min' } } }] }",
        "{ mixture = [{ weight = 1, of = { pareto = { minimum = '1 min', shape = 1.0 } } }, { weight = 2, of = '-10 min' }] }",
        "{ empirical = { file = 'tests/scenarios/spans.txt' }, shift = '-5 min' }",
        "{ exponential = { mean = '4 min' }, shift = '-6 min' }",
    ] {
        let arrival = table(&format!("of = {arrival}"))["of"].clone();
        is_the_same_everywhere(&arrival).unwrap_or_else(|why| panic!("{why}"));
    }
}
