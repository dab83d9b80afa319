//! The values of a scenario that may change during a run, by dotted path.

use indexmap::IndexSet;

use super::schema::schema;
use crate::document::diagnostics::nearest;
use crate::document::schema::Shape;
use crate::document::tree::Node;

/// Whether a `[[change]]` may set the value of a dotted path. Names may be written as `*`.
///
/// The schema marks changeable values with `x-change`. Everything below a marked value may change too.
pub fn changeable(path: &str) -> bool {
    let mut shape = schema().root();
    for part in path.split('.') {
        match shape.child(part) {
            Some(below) if below.may_change() => return true,
            Some(below) => shape = below,
            None => return false,
        }
    }
    false
}

/// The keys of a scenario.
pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
    schema().root().keys().map(|(key, _)| key)
}

/// Every path below a shape that a change may set as a whole, with `*` for a name or an index.
fn markings<'s>(shape: Shape<'s>, path: &[&'s str], above: &[Shape<'s>], found: &mut Vec<Vec<&'s str>>) {
    for (key, below) in shape.children() {
        let path = [path, &[key]].concat();
        if below.may_change() {
            found.push(path);
        } else if !above.iter().any(|other| other.is_same(below)) {
            // A law may contain laws, so the descent ends at a shape that it has met above.
            markings(below, &path, &[above, &[below]].concat(), found);
        }
    }
}

/// Whether the value of a dotted path is a whole number wherever it is a number.
pub(crate) fn is_whole(path: &str) -> bool {
    // The path of a value that a change sets contains another path: `change.0.set.pool.api.servers`.
    let set = path.strip_prefix("change.").and_then(|rest| rest.split_once('.')?.1.strip_prefix("set."));
    schema().is_whole(set.unwrap_or(path))
}

/// Whether a file allows a value at a path: it has made no other choice where the path makes one, such as a think time in a
/// step that is a stream.
fn fits(file: &Node, path: &str) -> bool {
    let (mut shape, mut node) = (Some(schema().root()), Some(file));
    path.split('.').all(|part| {
        let (Some(form), Some(here)) = (shape, node) else { return true };
        let keys: Vec<&str> = form.forms().into_iter().flat_map(|form| form.choice()).collect();
        let made = keys.iter().find(|key| here.child(key).is_some());
        (shape, node) = (form.child(part), here.child(part));
        !keys.contains(&part) || made.is_none_or(|key| *key == part)
    })
}

/// The help for a change of a value that cannot change, in a file.
pub(super) fn changeable_help(path: &str, file: &Node) -> String {
    let parts = path.split('.').collect::<Vec<_>>();
    let mut marked = Vec::new();
    markings(schema().root(), &[], &[], &mut marked);
    // The user's own names are filled in, so that the suggested path fits the scenario.
    let candidates = marked.iter().map(|path| {
        let filled = path.iter().enumerate().map(|(i, key)| match *key {
            "*" => parts.get(i).copied().unwrap_or("…"),
            key => key,
        });
        filled.collect::<Vec<_>>().join(".")
    });
    let candidates = candidates.filter(|path| fits(file, path)).collect::<Vec<_>>();
    let below = |candidate: &&String| candidate.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    let below = candidates.iter().filter(below).cloned().collect::<Vec<_>>();
    if !below.is_empty() {
        return format!("what may change here: {}", below.join(", "));
    }
    if let Some(near) = nearest(path, candidates.iter().map(String::as_str)).filter(|near| *near != path) {
        return format!("did you mean `{near}`?");
    }
    let table = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
    let own = candidates.iter().filter(|path| table(path) == parts[0]).cloned().collect::<Vec<_>>();
    if !own.is_empty() {
        return format!("what may change here: {}", own.join(", "));
    }
    let tables = candidates.iter().map(|path| table(path)).collect::<IndexSet<_>>();
    format!("a change may set values of these tables: {}", tables.into_iter().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::source::{Origin, Source};

    /// A path for each key that may change, as a whole or in part.
    const CHANGEABLE: &str = "\
        pool.api.servers pool.*.concurrency pool.api.service pool.api.service.gamma.mean pool.api.queue.shared \
        pool.api.queue.shared.limit \
        pool.api.queue.shared.discipline.codel.target pool.api.queue.per_server.balancer pool.api.timeout pool.api.queue_timeout \
        pool.api.queue_timeout.controlled_delay.target pool.api.queue.shared.discipline.adaptive_lifo.after pool.api.on_timeout pool.api.on_abandon \
        pool.api.turn_away pool.api.failure pool.api.speeds pool.api.speeds.0 pool.api.failures pool.api.down pool.api.down.share \
        pool.api.eject pool.api.eject.at_most \
        pool.api.rate_limit.token_bucket.rate pool.api.shed.cubic.from pool.api.shed.wait.above \
        pool.api.concurrency_limit.aimd.max pool.api.concurrency_limit.vegas.smoothing pool.api.concurrency_limit.gradient2.queue \
        pool.api.retry_after.exponential.mean client.tv.breaker.sleep client.tv.adaptive_throttle.k client.tv.hedge client.tv.hedge.after client.tv.hedge.at_most client.tv.propagate_deadline \
        pool.api.cores pool.api.slowdown pool.api.slowdown.coherency pool.api.warm_up pool.api.warm_up.lasts pool.api.crash pool.api.crash.every.exponential.mean pool.api.crash.notice \
        pool.api.autoscale pool.api.autoscale.at_most pool.api.autoscale.policy.target.value pool.api.autoscale.schedule.0 \
        pool.api.calls.0.probability pool.api.calls.0.optional pool.api.calls.0.latency \
        pool.api.calls.0.latency.exponential.mean pool.api.calls.0.priority pool.api.calls.0.cache.hit pool.api.calls.0.cache.fill pool.api.calls.0.parallel.1.latency \
        client.tv.timeout client.tv.patience client.tv.patience.until_reply.exponential.mean client.tv.retry \
        client.tv.retry.backoff.exponential.base client.tv.retry.jitter client.tv.budget client.tv.budget.tokens.capacity \
        client.tv.scope client.tv.refresh client.tv.refresh.delay \
        client.tv.come_back client.tv.come_back.delay client.tv.report client.tv.report.delay client.tv.stall_patience \
        delivery.ladder delivery.ladder.0 delivery.cap delivery.devices delivery.devices.phone.share \
        region.*.rtt region.*.rtt.uniform.low region.*.loss region.france.link.capacity region.france.route.api region.france.route.api.backup \
        region.france.delivery.ladder region.france.delivery.cap region.france.delivery.devices.phone \
        audience.fans.rate audience.fans.rate.france audience.fans.client audience.fans.client.tv \
        multiplier.lockdown.factor multiplier.lockdown.watch_time multiplier.lockdown.enabled \
        journey.watch.steps.0.think journey.watch.steps.browse.think journey.*.steps.*.think.lognormal.sigma \
        journey.watch.steps.2.spread journey.watch.steps.2.spread.uniform.low journey.watch.steps.3.stream \
        journey.watch.steps.3.stream.mixture.0.of.exponential.mean journey.watch.steps.3.heartbeat.every \
        journey.watch.steps.3.heartbeat.priority journey.watch.steps.0.priority \
        journey.watch.steps.3.then.probability journey.watch.repeat.pacing waiting_room.lobby.admit.rate \
        waiting_room.lobby.admit.inside waiting_room.lobby.poll.priority waiting_room.lobby.patience waiting_room.lobby.patience.exponential.mean \
        reports.usual reports.usual.france";

    /// A path for each kind of value that may not.
    const FIXED: &str = "\
        title seed scale start drop end interval measure measure.from extends change change.0.set threshold.0.at_most \
        pool pool.api pool.api.queue pool.api.calls pool.api.calls.0 pool.api.calls.0.pool pool.api.calls.0.times pool.api.calls.0.cache pool.api.calls.0.cache.per pool.api.calls.0.cache.starts change.0.empty pool.api.severs client client.tv client.tv.tmeout delivery delivery.cp \
        region region.france region.france.label region.france.time_zone region.france.drop_delay region.france.link \
        region.france.route region.france.delivery audience audience.fans audience.fans.viewers audience.fans.arrival \
        audience.fans.arrival.shift audience.fans.profile audience.fans.until audience.fans.journey audience.fans.trace.scale \
        multiplier multiplier.lockdown multiplier.lockdown.from multiplier.lockdown.audiences \
        journey journey.watch journey.watch.steps journey.watch.steps.0 journey.watch.steps.0.request \
        journey.watch.steps.0.times journey.watch.steps.3.then journey.watch.steps.3.then.name \
        journey.watch.steps.3.heartbeat journey.watch.steps.3.until journey.watch.repeat journey.watch.repeat.times journey.watch.steps.3.heartbeat.request reports nothing nothing.at.all";

    #[test]
    fn what_a_change_may_set_is_what_the_schema_marks() {
        for path in CHANGEABLE.split_whitespace() {
            assert!(changeable(path), "{path}");
        }
        for path in FIXED.split_whitespace() {
            assert!(!changeable(path), "{path}");
        }
    }

    #[test]
    fn every_marked_path_may_change_and_is_among_the_examples() {
        let mut marked = Vec::new();
        markings(schema().root(), &[], &[], &mut marked);
        for path in marked {
            assert!(changeable(&path.join(".")), "{path:?}");
            let same = |example: &str| {
                let parts = example.split('.').collect::<Vec<_>>();
                parts.len() >= path.len() && path.iter().zip(parts).all(|(key, part)| *key == "*" || *key == part)
            };
            assert!(CHANGEABLE.split_whitespace().any(same), "{path:?} may change and stands in no example");
        }
    }

    #[test]
    fn whoever_names_a_fixed_path_learns_what_may_change() {
        for (path, help) in [
            ("pool.apy.severs", "did you mean `pool.apy.servers`?"),
            ("client.tv.tmeout", "did you mean `client.tv.timeout`?"),
            ("pool.api.queue", "what may change here: pool.api.queue.shared, pool.api.queue.per_server"),
            ("client.tv", "what may change here: client.tv.timeout, client.tv.patience, client.tv.retry"),
            ("seed", "region, audience, multiplier, journey, waiting_room, pool, client, reports, delivery"),
        ] {
            let told = changeable_help(path, &file(""));
            assert!(told.contains(help), "{path}: {told}");
        }
    }

    #[test]
    fn no_value_is_suggested_that_the_file_has_chosen_against() {
        let file = file("[journey.watch]\nsteps = [{ wait = \"drop\" }, { stream = \"5 min\" }]");
        for (step, none) in [("0.wait", "think"), ("1.until", "think"), ("1.stem", "think")] {
            let told = changeable_help(&format!("journey.watch.steps.{step}"), &file);
            assert!(told.starts_with("did you mean `journey.watch.steps.") && !told.contains(none), "{step}: {told}");
        }
        assert_eq!(
            changeable_help("journey.watch.steps.1.stem", &file),
            "did you mean `journey.watch.steps.1.stream`?"
        );
    }

    fn file(text: &str) -> Node {
        Node::parse(&Source::new("file.toml", text, Origin::File(0))).unwrap()
    }
}
