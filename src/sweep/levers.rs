//! Levers: single changes of a scenario that operators can make, each as a scenario of its own.

mod room;
mod setting;

pub use setting::Inserted;

use self::setting::Setting;
use crate::scenario::Scenario;
use crate::units::Span;

/// A change of a scenario.
#[derive(Clone, Debug)]
pub struct Lever {
    /// The change in words.
    pub name: String,
    /// The change as a clause after "with".
    pub with: String,
    /// The scenario with the change.
    pub scenario: Scenario,
    /// Steps that the lever puts into journeys.
    pub steps: Vec<Inserted>,
}

/// A lever before it is known whether the scenario allows it.
struct Idea {
    name: String,
    with: String,
    settings: Vec<Setting>,
}

impl Idea {
    /// An idea whose name is also the clause after "with".
    fn alike(name: impl Into<String>, settings: Vec<Setting>) -> Idea {
        let name = name.into();
        Idea { with: name.clone(), name, settings }
    }

    /// The lever; `None` if it changes nothing, or if the scenario does not allow it.
    fn lever(self, scenario: &Scenario) -> Option<Lever> {
        let Idea { name, with, settings } = self;
        if settings.is_empty() {
            return None;
        }
        let steps: Vec<String> =
            settings.iter().filter(|it| it.path.ends_with(".steps")).map(|it| it.path.clone()).collect();
        let pairs: Vec<(String, String)> = settings.into_iter().map(|it| (it.path, it.value)).collect();
        let changed = scenario.with_all(&pairs).ok()?;
        let steps = steps.into_iter().filter_map(|path| room::inserted(&changed, path)).collect();
        Some(Lever { name, with, steps, scenario: changed })
    }
}

/// Additional servers that are tried, in percent, and how they are called.
const MORE: [(u64, &str); 5] = [
    (25, "a quarter more servers"),
    (50, "half as many servers again"),
    (100, "twice the servers"),
    (200, "three times the servers"),
    (400, "five times the servers"),
];
/// Levers that a scenario has at most.
pub const MOST_LEVERS: usize = 12;
/// Seconds by which operators act earlier.
const EARLIER_S: f64 = 600.0;
/// The time over which regions are released one after the other.
const STAGGER_S: f64 = 1800.0;

/// Ends of the paths of settings that make a pool fail, which nobody sets on purpose.
const OUTAGES: [&str; 3] = [".failure", ".failures", ".down"];

/// The levers that a scenario has whose `pools` are its bottlenecks. A lever that changes nothing, or that the scenario does
/// not allow, is left out.
pub fn levers(scenario: &Scenario, pools: &[usize]) -> Vec<Lever> {
    let pools = pools.iter().filter_map(|pool| scenario.spec().pool.get_index(*pool));
    let pools: Vec<&str> = pools.map(|(name, _)| name.as_str()).collect();
    let (named, told) = (pools.join(", "), listed(&pools));
    let more = MORE.iter().map(|(more, words)| Idea {
        name: format!("{named} servers +{more}%"),
        with: format!("{words} in {told}"),
        settings: servers(scenario, &pools, *more),
    });
    let mut ideas: Vec<Idea> = more.collect();
    // A quarter more than one server is twice as many: the last of those that come to the same is called what it is.
    ideas.reverse();
    ideas.dedup_by(|larger, smaller| larger.settings == smaller.settings);
    ideas.reverse();
    let earlier = earlier(scenario);
    ideas.push(Idea::alike(format!("operators {} earlier", earlier.ahead), earlier.settings));
    ideas.push(Idea::alike("full jitter", jitter(scenario)));
    ideas.push(Idea::alike("regions staggered over 30 min", stagger(scenario)));
    let budgeted = "retry budget of 20% at an edge";
    ideas.push(Idea { name: budgeted.to_owned(), with: format!("a {budgeted}"), settings: budget(scenario) });
    ideas.push(Idea {
        name: "queue timeout at half patience".to_owned(),
        with: format!("a queue timeout at half the patience in {told}"),
        settings: queue_timeout(scenario, &pools),
    });
    ideas.push(Idea {
        name: "waiting room at 90% of capacity".to_owned(),
        with: format!("a waiting room for 90% of what {told} can serve"),
        settings: room::new(scenario, &pools),
    });
    ideas.push(Idea {
        name: "rate of the waiting room at 90% of capacity".to_owned(),
        with: format!("a waiting room that lets in 90% of what {told} can serve"),
        settings: room::rates(scenario, &pools),
    });
    ideas.into_iter().filter_map(|idea| idea.lever(scenario)).collect()
}

/// Names as a person lists them: `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.join(", "),
    }
}

/// More servers of some pools, also after each change of their number, and with the bounds of their autoscalers.
fn servers(scenario: &Scenario, pools: &[&str], more: u64) -> Vec<Setting> {
    let raised = |servers: u64| (u128::from(servers) * u128::from(100 + more)).div_ceil(100).to_string();
    let mut settings = Vec::new();
    for name in pools {
        let path = format!("pool.{name}.servers");
        for (index, change) in scenario.spec().change.iter().enumerate() {
            if let Some(servers) = change.set.get(&path).and_then(serde_json::Value::as_u64) {
                settings.push(Setting::new(format!("change.{index}.set.{path}"), raised(servers)));
            }
        }
        let pool = &scenario.spec().pool[*name];
        settings.push(Setting::new(path, raised(pool.slots.servers)));
        if let Some(autoscale) = &pool.autoscale {
            // The fleet goes as far as its bounds, however many servers it begins with.
            settings.push(Setting::new(format!("pool.{name}.autoscale.at_least"), raised(autoscale.at_least)));
            settings.push(Setting::new(format!("pool.{name}.autoscale.at_most"), raised(autoscale.at_most)));
        }
    }
    settings
}

/// Changes that come earlier.
struct Earlier {
    /// Time by which the change is moved ahead.
    ahead: Span,
    /// The moments of the changes.
    settings: Vec<Setting>,
}

/// All changes that come after the drop ten minutes earlier, or so much that the first comes with the drop; and how much that is.
/// What triggers the trouble or makes a pool fail is nothing that operators do, and neither is what ends that.
fn earlier(scenario: &Scenario) -> Earlier {
    let (drop, spec) = (scenario.spec().drop, scenario.spec());
    let triggers = spec.trigger.iter().flatten();
    let triggers: Vec<usize> = triggers.filter_map(|path| path.strip_prefix("change.")?.parse().ok()).collect();
    let set = |path: &String| {
        triggers.iter().any(|index| spec.change.get(*index).is_some_and(|it| it.set.contains_key(path)))
    };
    let is_outage = |path: &String| OUTAGES.iter().any(|end| path.ends_with(end));
    let is_trigger = |index: &usize| {
        let paths = &spec.change[*index].set;
        triggers.contains(index) || (!paths.is_empty() && paths.keys().all(set)) || paths.keys().any(is_outage)
    };
    let changes = spec.change.iter().enumerate().map(|(index, change)| (index, change.at.from_drop(drop)));
    let late = changes.filter(|(index, at)| *at > Span::ZERO && !is_trigger(index));
    let late: Vec<(usize, f64)> = late.map(|(index, at)| (index, at.seconds())).collect();
    let ahead = late.iter().map(|(_, at)| *at).fold(EARLIER_S, f64::min);
    let moved = |(index, at): &(usize, f64)| {
        Setting::new(format!("change.{index}.at"), format!("+{}", Span::from_seconds(at - ahead)))
    };
    Earlier { ahead: Span::from_seconds(ahead), settings: late.iter().map(moved).collect() }
}

/// A budget for each client that retries without one, by the rule of Finagle and Linkerd with its defaults. An edge keeps it
/// for all apps of a region: with a budget of its own each app could still retry ten times a second.
fn budget(scenario: &Scenario) -> Vec<Setting> {
    let clients = scenario.spec().client.iter().filter(|(_, client)| client.retry.is_some() && client.budget.is_none());
    let at_the_edge = |name: &String| {
        [
            Setting::new(format!("client.{name}.budget"), "{ ratio = {} }"),
            Setting::new(format!("client.{name}.scope"), "region"),
        ]
    };
    clients.flat_map(|(name, _)| at_the_edge(name)).collect()
}

/// Full jitter for each client that pauses before a retry.
fn jitter(scenario: &Scenario) -> Vec<Setting> {
    let pauses = |path: &str| scenario.value(&format!("{path}.retry.backoff.exponential")).is_some();
    let has_full =
        |path: &str| scenario.value(&format!("{path}.retry.jitter")).is_some_and(|it| it.as_str() == Some("full"));
    let clients = scenario.spec().client.keys().map(|name| format!("client.{name}"));
    let clients = clients.filter(|path| pauses(path) && !has_full(path));
    clients.map(|path| Setting::new(format!("{path}.retry.jitter"), "full")).collect()
}

/// A timer of the wait at pools without one that acts: half of the time that a pool or the least patient app waits for a reply.
fn queue_timeout(scenario: &Scenario, pools: &[&str]) -> Vec<Setting> {
    let stated = |name: &String| scenario.value(&format!("client.{name}.timeout"))?.as_str()?.parse::<Span>().ok();
    let apps = scenario.spec().client.keys().filter_map(stated);
    let least = apps.min();
    let timed = pools.iter().filter_map(|name| {
        let timers = &scenario.spec().pool[*name].timers;
        let patience = [timers.timeout, least].into_iter().flatten().min()?;
        // A timer that is longer than the patience never acts.
        let own = scenario.value(&format!("pool.{name}.queue_timeout"));
        let never_acts = own.as_ref().is_some_and(|own| {
            own.as_str().and_then(|own| own.parse::<Span>().ok()).is_some_and(|own| own >= patience)
        });
        if timers.queue_timeout.is_some() && !never_acts {
            return None;
        }
        let half = format!("{} ms", (patience.seconds() * 500.0).round().max(1.0));
        Some(Setting::new(format!("pool.{name}.queue_timeout"), half))
    });
    timed.collect()
}

/// One region after the other, in the order of the file, where all are released at once.
fn stagger(scenario: &Scenario) -> Vec<Setting> {
    let regions = &scenario.spec().region;
    if regions.len() < 2 || regions.values().any(|region| region.drop_delay != Span::ZERO) {
        return Vec::new();
    }
    let apart = STAGGER_S / (regions.len() - 1) as f64;
    let delays = regions.keys().enumerate().skip(1);
    let delay = |index: usize| Span::from_seconds((index as f64 * apart).round()).to_string();
    delays.map(|(index, name)| Setting::new(format!("region.{name}.drop_delay"), delay(index))).collect()
}

#[cfg(test)]
mod tests;
