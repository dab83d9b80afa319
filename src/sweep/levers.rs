//! Levers: single changes of a scenario that operators can make, each as a scenario of its own.

use crate::scenario::{Scenario, offset};
use crate::units::Span;

/// A change of a scenario.
#[derive(Clone, Debug)]
pub struct Lever {
    /// What is changed, in words.
    pub name: String,
    /// The scenario with the change.
    pub scenario: Scenario,
}

/// Settings by dotted path.
type Settings = Vec<(String, String)>;

/// Shares of additional servers that are tried, in percent.
const MORE: [u64; 3] = [25, 50, 100];
/// How much earlier operators act, in seconds.
const EARLIER_S: f64 = 600.0;
/// The time over which regions are released one after the other.
const STAGGER_S: f64 = 1800.0;

/// The levers that a scenario has whose `pools` are its bottlenecks. A lever that changes nothing, or that the scenario does
/// not allow, is left out.
pub fn levers(scenario: &Scenario, pools: &[usize]) -> Vec<Lever> {
    let pools = pools.iter().filter_map(|pool| scenario.spec().pool.get_index(*pool));
    let pools: Vec<&str> = pools.map(|(name, _)| name.as_str()).collect();
    let named = pools.join(", ");
    let mut found: Vec<(String, Settings)> = Vec::new();
    for more in MORE {
        found.push((format!("{named} servers +{more}%"), servers(scenario, &pools, more)));
    }
    found.push(("operators 10 min earlier".to_owned(), earlier(scenario)));
    found.push(("retry budget of 20%".to_owned(), budget(scenario)));
    found.push(("full jitter".to_owned(), jitter(scenario)));
    found.push((format!("{named} queue timeout at half the patience"), queue_timeout(scenario, &pools)));
    found.push(("regions staggered over 30 min".to_owned(), stagger(scenario)));
    let tried = found.into_iter().filter(|(_, settings)| !settings.is_empty());
    tried.filter_map(|(name, settings)| Some(Lever { name, scenario: scenario.with_all(&settings).ok()? })).collect()
}

/// More servers of some pools, also after each change of their number.
fn servers(scenario: &Scenario, pools: &[&str], more: u64) -> Settings {
    let raised = |servers: u64| (u128::from(servers) * u128::from(100 + more)).div_ceil(100).to_string();
    let mut settings = Settings::new();
    for name in pools {
        let path = format!("pool.{name}.servers");
        for (index, change) in scenario.spec().change.iter().enumerate() {
            if let Some(servers) = change.set.get(&path).and_then(serde_json::Value::as_u64) {
                settings.push((format!("change.{index}.set.{path}"), raised(servers)));
            }
        }
        settings.push((path, raised(scenario.spec().pool[*name].slots.servers)));
    }
    settings
}

/// Each change that comes after the drop ten minutes earlier, but not before the drop.
fn earlier(scenario: &Scenario) -> Settings {
    let drop = scenario.spec().drop;
    let changes = scenario.spec().change.iter().enumerate().map(|(index, change)| (index, offset(change.at, drop)));
    let late = changes.filter(|(_, at)| *at > Span::ZERO);
    late.map(|(index, at)| (format!("change.{index}.at"), format!("+{} s", (at.seconds() - EARLIER_S).max(0.0))))
        .collect()
}

/// A budget for each client that retries without one, by the rule of Finagle and Linkerd with its defaults.
fn budget(scenario: &Scenario) -> Settings {
    let clients = scenario.spec().client.iter().filter(|(_, client)| client.retry.is_some() && client.budget.is_none());
    clients.map(|(name, _)| (format!("client.{name}.budget"), "{ ratio = {} }".to_owned())).collect()
}

/// Full jitter for each client that pauses before a retry.
fn jitter(scenario: &Scenario) -> Settings {
    let pauses = |path: &str| scenario.value(&format!("{path}.retry.backoff.exponential")).is_some();
    let has_full =
        |path: &str| scenario.value(&format!("{path}.retry.jitter")).is_some_and(|it| it.as_str() == Some("full"));
    let clients = scenario.spec().client.keys().map(|name| format!("client.{name}"));
    let clients = clients.filter(|path| pauses(path) && !has_full(path));
    clients.map(|path| (format!("{path}.retry.jitter"), "full".to_owned())).collect()
}

/// A timer of the wait at pools without one: half of the time that a pool or the least patient app waits for a reply.
fn queue_timeout(scenario: &Scenario, pools: &[&str]) -> Settings {
    let stated = |name: &String| scenario.value(&format!("client.{name}.timeout"))?.as_str()?.parse::<Span>().ok();
    let apps = scenario.spec().client.keys().filter_map(stated);
    let least = apps.min();
    let timed = pools.iter().filter_map(|name| {
        let timers = &scenario.spec().pool[*name].timers;
        if timers.queue_timeout.is_some() {
            return None;
        }
        let patience = [timers.timeout, least].into_iter().flatten().min()?;
        Some((format!("pool.{name}.queue_timeout"), format!("{} ms", (patience.seconds() * 500.0).round().max(1.0))))
    });
    timed.collect()
}

/// One region after the other, in the order of the file, where all are released at once.
fn stagger(scenario: &Scenario) -> Settings {
    let regions = &scenario.spec().region;
    if regions.len() < 2 || regions.values().any(|region| region.drop_delay != Span::ZERO) {
        return Settings::new();
    }
    let apart = STAGGER_S / (regions.len() - 1) as f64;
    let delays = regions.keys().enumerate().skip(1);
    delays
        .map(|(index, name)| (format!("region.{name}.drop_delay"), format!("{} s", (index as f64 * apart).round())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::starter;

    fn scenario(more: &str) -> Scenario {
        Scenario::parse("a.toml", &format!("{}\n{more}", starter())).unwrap_or_else(|errors| panic!("{errors}"))
    }

    #[test]
    fn servers_are_raised_before_and_after_changes() {
        let with = scenario("[[change]]\nat = \"+20 min\"\nset = { \"pool.playback.servers\" = 9 }\n");
        let pool = with.spec().pool.get_index_of("playback").unwrap();
        let before = with.spec().pool["playback"].slots.servers;
        let found = levers(&with, &[pool]);
        let twice = found.iter().find(|lever| lever.name == "playback servers +100%").unwrap();
        assert_eq!(twice.scenario.spec().pool["playback"].slots.servers, 2 * before);
        assert_eq!(twice.scenario.timeline().last().unwrap().spec.pool["playback"].slots.servers, 18);
        let soon = found.iter().find(|lever| lever.name == "operators 10 min earlier").unwrap();
        let last = |scenario: &Scenario| scenario.timeline().last().unwrap().at.seconds();
        assert_eq!((last(&with), last(&soon.scenario)), (1200.0, 600.0));
    }

    #[test]
    fn levers_that_change_nothing_are_left_out() {
        let plain = scenario("");
        let names: Vec<String> = levers(&plain, &[0]).into_iter().map(|lever| lever.name).collect();
        assert!(names.iter().any(|name| name.ends_with("+25%")), "{names:?}");
        let staggered = plain.spec().region.len() > 1;
        assert_eq!(names.iter().any(|name| name.starts_with("regions")), staggered, "{names:?}");
        let budgeted = levers(&plain, &[0]).into_iter().find(|lever| lever.name.starts_with("retry budget"));
        if let Some(lever) = budgeted {
            assert!(lever.scenario.spec().client.values().any(|client| client.budget.is_some()));
            assert!(levers(&lever.scenario, &[0]).iter().all(|other| !other.name.starts_with("retry budget")));
        }
    }
}
