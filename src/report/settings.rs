//! Settings in words: `gateway servers 8 → 12`.

use super::letters;
use super::numbers::{grouped, trim_zeros};
use crate::scenario::{CacheAt, Changed};

/// The name of a setting: its dotted path without the kinds of things on it.
pub fn words(path: &str) -> String {
    let change = path.strip_prefix("change.").and_then(|rest| rest.split_once('.'));
    match change.map(|(number, rest)| (number, rest.strip_prefix("set."), rest)) {
        Some((_, Some(set), _)) => return format!("{} after the change", words(set)),
        Some((_, None, "at")) => return "time of the change".to_owned(),
        _ => {}
    }
    const KINDS: [&str; 8] = ["pool", "client", "multiplier", "audience", "region", "journey", "delivery", "steps"];
    // The kinds of things that are called by names which the file chooses.
    const NAMED: [&str; 7] = ["pool", "client", "multiplier", "audience", "region", "journey", "waiting_room"];
    // The names of laws, and of what is written in tables only because of TOML, say nothing on a chart.
    const SILENT: [&str; 5] = ["lognormal", "exponential", "gamma", "uniform", "shared"];
    let parts: Vec<&str> = path.split('.').collect();
    let is_name = |index: usize| index.checked_sub(1).is_some_and(|kind| NAMED.contains(&parts[kind]));
    let kept = parts.iter().enumerate().filter(|(_, part)| !KINDS.contains(part) && !SILENT.contains(part));
    // A name stays as the file has it, so that it is found there.
    let words =
        kept.map(|(index, part)| if is_name(index) { (*part).to_owned() } else { part.replace(['_', '-'], " ") });
    words.collect::<Vec<_>>().join(" ")
}

/// A setting whose value changes at some moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The name of the setting.
    pub name: String,
    /// The value before, if it is known and short.
    pub from: Option<String>,
    /// The value after, likewise.
    pub to: Option<String>,
}

impl Step {
    /// The step that a change states.
    pub fn of(changed: &Changed) -> Step {
        let short = |value: &Option<String>| value.as_deref().map(number).filter(|text| text.chars().count() <= 24);
        Step { name: words(&changed.path), from: short(&changed.from), to: short(&changed.to) }
    }

    /// The step of a cache that is emptied.
    pub fn emptied(cache: &CacheAt) -> Step {
        let [pool, of] = &cache.names;
        Step { name: format!("{pool} cache of {of}"), from: None, to: Some("empty".to_owned()) }
    }

    /// The step in words: `gateway servers 8 → 12`.
    pub fn words(&self) -> String {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => format!("{} {from} → {to}", self.name),
            (None, Some(to)) => format!("{} becomes {to}", self.name),
            _ => format!("{} changes", self.name),
        }
    }
}

/// A whole number of many digits in groups, a number without zeros behind its decimals, any other value as it is.
fn number(text: &str) -> String {
    match text.parse::<u64>() {
        Ok(number) if number >= 1000 => grouped(number as f64),
        _ if text.parse::<f64>().is_ok_and(f64::is_finite) => trim_zeros(text).to_owned(),
        _ => letters::clean(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(path: &str, from: Option<&str>, to: Option<&str>) -> String {
        let changed = Changed { path: path.to_owned(), from: from.map(str::to_owned), to: to.map(str::to_owned) };
        Step::of(&changed).words()
    }

    #[test]
    fn a_change_is_told_by_its_setting() {
        assert_eq!(step("pool.gateway.servers", Some("8"), Some("12")), "gateway servers 8 → 12");
        assert_eq!(step("pool.api.queue.shared.limit", Some("500"), Some("20000")), "api queue limit 500 → 20,000");
        assert_eq!(step("pool.recs.failure", Some("0.0"), Some("0.10")), "recs failure 0 → 0.1");
        assert_eq!(step("client.app.retry.jitter", None, Some("full")), "app retry jitter becomes full");
        let long = "{ lognormal = { median = \"5 min\", sigma = 0.5 } }";
        assert_eq!(step("pool.api.service", Some("50 ms"), Some(long)), "api service changes");
    }

    #[test]
    fn an_emptied_cache_is_told_by_who_has_it_and_whom_it_spares() {
        let names = ["web-api", "user_db"].map(str::to_owned);
        let cache = CacheAt { path: "pool.web-api.calls.0.cache".to_owned(), pool: 0, call: 0, names };
        assert_eq!(Step::emptied(&cache).words(), "web-api cache of user_db becomes empty");
    }

    #[test]
    fn paths_have_words() {
        for (path, said) in [
            ("pool.gateway.servers", "gateway servers"),
            ("multiplier.lockdown.factor", "lockdown factor"),
            ("change.0.at", "time of the change"),
            ("change.0.set.pool.gateway.servers", "gateway servers after the change"),
            ("client.app.retry.backoff.exponential.base", "app retry backoff base"),
            ("region.united-kingdom.drop_delay", "united-kingdom drop delay"),
            ("seed", "seed"),
        ] {
            assert_eq!(words(path), said);
        }
    }
}
