//! Titles of a sweep's charts are decided from `points.csv` alone.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::check::{Decided, agree};
use super::judge::shown;
use crate::desk::{Desk, SMALL};

/// Plans whose charts have titles of each kind.
const PLANS: &[(&str, &str)] = &[
    ("curve", "\"pool.api.servers\" = [1, 2, 4, 8]\n"),
    ("map", "\"pool.api.servers\" = [1, 2, 4, 8]\n\"audience.crowd.viewers\" = [100, 400, 1600]\n"),
    (
        "colours",
        "\"pool.api.servers\" = [1, 2, 4, 8]\n\"audience.crowd.viewers\" = [100, 400, 1600]\n[show]\n\
         heatmap = [{ x = \"pool.api.servers\", y = \"audience.crowd.viewers\", colour = \"latency_ms.p99\" }]\n\
         curves = [{ x = \"audience.crowd.viewers\", y = \"latency_ms.p50\", by = \"pool.api.servers\" }]\n",
    ),
    (
        "medians",
        "\"pool.api.servers\" = [1, 2, 4, 8]\n\"audience.crowd.viewers\" = [100, 400, 1600]\n[show]\n\
         heatmap = [{ x = \"pool.api.servers\", y = \"audience.crowd.viewers\", colour = \"recovery_s\" }]\n\
         curves = [{ x = \"pool.api.servers\", y = \"recovery_s\" }]\n",
    ),
    (
        "cube",
        "\"pool.api.servers\" = [1, 4]\n\"audience.crowd.viewers\" = [100, 1600]\n\
         \"pool.api.queue_timeout\" = [\"1 s\", \"10 s\"]\n",
    ),
];

/// A table of points: the cells of each by the names of the columns.
struct Points(Vec<BTreeMap<String, String>>);

impl Points {
    fn of(bytes: &[u8]) -> Points {
        let mut reader = csv::Reader::from_reader(bytes);
        let names = reader.headers().unwrap().clone();
        let row = |row: csv::StringRecord| {
            names.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect::<BTreeMap<_, _>>()
        };
        Points(reader.records().map(|record| row(record.unwrap())).collect())
    }

    /// The mean of a figure at a point, or its median where the table states medians; `None` unless every replication has a
    /// value.
    fn mean(&self, point: usize, path: &str) -> Option<f64> {
        let row = self.0.get(point)?;
        let whole = row.get(&format!("{path}.n")).is_none_or(|n| *n == row["replications"]);
        let stated = row.get(&format!("{path}.median")).or(row.get(&format!("{path}.mean")));
        stated.filter(|_| whole)?.parse().ok()
    }

    /// The means of the figure of a claim at the points of the claim, in order.
    fn means(&self, claim: &Json) -> Vec<f64> {
        let path = claim["path"].as_str().unwrap_or_default();
        numbers(claim).into_iter().filter_map(|point| self.mean(point, path)).collect()
    }

    /// The range of the means of a claim's figure over the values of a setting.
    fn range_by(&self, claim: &Json, setting: &str) -> Option<f64> {
        let path = claim["path"].as_str()?;
        let mut groups: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for point in numbers(claim) {
            let column = self.0[point].keys().find(|name| name.starts_with(setting))?;
            groups.entry(&self.0[point][column]).or_default().extend(self.mean(point, path));
        }
        let means = groups.values().map(|values| values.iter().sum::<f64>() / values.len() as f64);
        Some(means.clone().reduce(f64::max)? - means.reduce(f64::min)?)
    }
}

fn numbers(claim: &Json) -> Vec<usize> {
    claim["points"].as_array().into_iter().flatten().filter_map(Json::as_u64).map(|number| number as usize).collect()
}

/// Decides a claim by the points.
fn decide(points: &Points, claim: &Json) -> Decided {
    let number = |key: &str| claim[key].as_f64().ok_or_else(|| format!("no `{key}`"));
    let means = points.means(claim);
    let of = || means.iter().copied();
    match claim["kind"].as_str().unwrap_or_default() {
        "point" => agree("the mean", number("value")?, of().sum::<f64>() / of().count() as f64),
        "extreme" => {
            let right = if claim["is"] == "least" { of().reduce(f64::min) } else { of().reduce(f64::max) };
            agree("the end", number("value")?, right.ok_or("no point has a value")?)
        }
        "within" => {
            let bound = number("bound")?;
            agree("the points within", number("k")?, of().filter(|mean| *mean <= bound).count() as f64)
        }
        "known" if numbers(claim).is_empty() => Ok(()),
        "known" => agree("the points with a value", number("k")?, of().count() as f64),
        "moves" => {
            let steps = || means.windows(2).map(|pair| pair[1] - pair[0]);
            let right = match claim["is"].as_str() {
                Some("rises") => steps().all(|step| step >= 0.0),
                Some("falls") => steps().all(|step| step <= 0.0),
                _ => steps().any(|step| step > 0.0) && steps().any(|step| step < 0.0),
            };
            if right { Ok(()) } else { Err(format!("the means are {means:?}")) }
        }
        "moves_more" => {
            let by = |key: &str| {
                let name = claim[key].as_str().unwrap_or_default();
                points.range_by(claim, name).ok_or_else(|| format!("nothing varies with `{name}`"))
            };
            agree("the ratio", number("value")?, by("with")? / by("than")?)
        }
        "name" | "bound" | "explained" => Ok(()),
        other => Err(format!("no claim of a sweep is `{other}`")),
    }
}

/// The titles of a plan's charts, and its points.
fn titles(plan: &str) -> (Json, Points) {
    let text = format!("scenario = \"a.toml\"\nreplications = 3\n[vary]\n{plan}");
    let desk = Desk::with(&[("a.toml", SMALL), ("plan.toml", &text)]);
    desk.run("sweep plan.toml --quiet").must(0, "");
    (desk.json("out/plan/manifest.json")["titles"].clone(), Points::of(&desk.bytes("out/plan/points.csv")))
}

#[test]
fn titles_of_sweeps_say_what_the_points_show_and_lies_are_found() {
    let (mut wrong, mut kinds) = (Vec::new(), BTreeMap::<String, usize>::new());
    let (mut lies, mut found) = (0, 0);
    for (name, plan) in PLANS {
        let (titles, points) = titles(plan);
        let titles: Vec<&Json> = titles.as_object().unwrap().values().collect();
        assert!(!titles.is_empty(), "{name} has no chart");
        for title in titles {
            for claim in title["claims"].as_array().unwrap() {
                *kinds.entry(claim["kind"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
                if let Err(why) = decide(&points, claim) {
                    wrong.push(format!("{name}: {why}\n    claim: {claim}\n    in: {}", shown(title)));
                }
                // A value that is a fiftieth off is no longer that of the points.
                for key in ["value", "k"] {
                    if let Some(value) =
                        claim[key].as_f64().filter(|_| !matches!(claim["kind"].as_str(), Some("bound")))
                    {
                        let mut lie = claim.clone();
                        lie[key] = if key == "k" { value + 1.0 } else { value * 1.02 + 1e-3 }.into();
                        lies += 1;
                        found += usize::from(decide(&points, &lie).is_err());
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let has = |kind: &str| kinds.contains_key(kind);
    assert!(["point", "within", "name"].into_iter().all(has) && (has("moves") || has("moves_more")), "{kinds:?}");
    assert!(lies >= 10 && found == lies, "{found} of {lies} lies are found");
}
