//! Suggestions for a wrong name: a word of another tool, a typing error, or a part of a longer name.

/// Number of names that a message lists where none of them is near.
const LISTED: usize = 24;

/// Number of names with a part of the wrong one that a message proposes.
const PROPOSED: usize = 6;

/// Length of the longest wrong name that is compared with others: one of thousands of characters is no typing error, and its
/// distance takes long to compute.
const COMPARED: usize = 100;

/// Keys of documents, each with its names in Kubernetes, k6, Envoy, resilience4j and similar tools, in lower case
/// without separators. A name may stand with several keys; the first one that is known in its table is meant.
const SYNONYMS: [(&str, &[&str]); 39] = [
    ("at_least", &["min", "minimum", "minreplicas", "mincapacity", "minsize", "minservers", "gt", "gte"]),
    ("at_most", &["max", "maximum", "maxreplicas", "maxcapacity", "maxsize", "maxservers", "limit", "lt", "lte"]),
    ("at_most", &["maxejectionpercent", "maxhedgedrequests", "maxhedges"]),
    ("limit", &["max", "maximum", "size", "maxsize", "length", "capacity", "maxpendingrequests", "backlog"]),
    ("cap", &["max", "maximum", "maxdelay", "maxinterval", "maxbackoff", "limit"]),
    (
        "base",
        &["min", "initial", "initialdelay", "initialinterval", "initialbackoff", "baseinterval", "baseejectiontime"],
    ),
    ("factor", &["multiplier", "exponent", "backoffmultiplier"]),
    ("most", &["maxejectiontime", "capacity", "burst", "max"]),
    ("for", &["baseejectiontime", "ejectiontime"]),
    ("servers", &["replicas", "instances", "nodes", "pods", "hosts", "machines", "desiredcapacity", "minservers"]),
    ("concurrency", &["slots", "threads", "workers", "maxconcurrency", "maxinflight", "maxrequests", "maxconnections"]),
    ("service", &["latency", "servicetime", "responsetime", "duration", "processingtime"]),
    ("end", &["duration", "until", "stop"]),
    ("queue", &["backlog", "queuesize", "queuelimit", "queuelength", "maxqueue", "maxpendingrequests"]),
    ("cores", &["cpu", "cpus", "vcpus"]),
    ("failure", &["errorrate", "failurerate", "errors", "faults", "abort"]),
    ("failures", &["consecutive5xx", "consecutivefailures", "consecutiveerrors", "consecutivegatewayerrors"]),
    ("eject", &["outlierdetection", "outlier"]),
    ("autoscale", &["autoscaler", "autoscaling", "hpa", "scaling"]),
    ("rate_limit", &["ratelimiter", "throttle", "rps", "qps", "maxrps"]),
    ("policy", &["metrics", "rule", "targetutilization", "targetcpu", "averageutilization"]),
    ("boot", &["startup", "startuptime", "boottime", "coldstart", "provisioning", "instancewarmup"]),
    ("scale_out", &["scaleup"]),
    ("scale_in", &["scaledown"]),
    ("stabilization", &["stabilizationwindow", "stabilizationwindowseconds"]),
    ("every", &["period", "interval", "syncperiod"]),
    ("attempts", &["retries", "maxretries", "maxattempts", "numretries", "max", "limit", "count"]),
    ("backoff", &["backoffms", "pause", "delay", "delayms", "wait", "waitduration", "retrybackoff", "interval"]),
    ("timeout", &["timeoutms", "requesttimeout", "deadline", "pertrytimeout"]),
    ("retry", &["retries", "retrypolicy", "retryon", "numretries", "maxretries", "attempts"]),
    ("breaker", &["circuitbreaker", "circuitbreakers"]),
    ("budget", &["retrybudget"]),
    ("hedge", &["hedging", "hedgepolicy"]),
    ("viewers", &["vus", "users", "people", "maxvus", "virtualusers"]),
    ("rate", &["rps", "qps", "requestspersecond", "arrivalrate", "limit"]),
    ("think", &["sleep", "pause"]),
    ("probability", &["chance", "percentage", "percent"]),
    ("hit", &["hitrate", "hitratio"]),
    ("rtt", &["latency", "ping", "delay"]),
];

/// Help for a wrong name: the suggested name, or the list of known names.
pub(crate) fn suggest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known = known.into_iter().collect::<Vec<_>>();
    if let Some(near) = nearest(wrong, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    match (akin(wrong, &known).as_slice(), known.len()) {
        ([], 0) => "there is none".to_owned(),
        ([], 1..=LISTED) => format!("known: {}", known.join(", ")),
        ([], count) => format!("known: {}, … ({count} in all)", known[..LISTED].join(", ")),
        ([one], _) => format!("did you mean `{one}`?"),
        (several, _) => {
            let more = if several.len() > PROPOSED { ", …" } else { "" };
            let names: Vec<String> = several.iter().take(PROPOSED).map(|name| format!("`{name}`")).collect();
            format!("did you mean one of {}{more}?", names.join(", "))
        }
    }
}

/// The known name that was most likely meant: by the name in another tool, or at the smallest edit distance up to a
/// third of its length.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.len() > COMPARED {
        return None;
    }
    let folded: String = wrong.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let called_so =
        |name: &str| SYNONYMS.iter().position(|(key, words)| *key == name && words.contains(&folded.as_str()));
    let known = known.into_iter().collect::<Vec<_>>();
    let synonym = known.iter().filter_map(|name| Some((called_so(name)?, *name))).min();
    let distance =
        |name: &str| if name.eq_ignore_ascii_case(wrong) { 0 } else { strsim::damerau_levenshtein(name, wrong) };
    let near = known.iter().map(|name| (distance(name), *name)).min_by_key(|(distance, _)| *distance);
    let near = near.filter(|(distance, name)| *distance <= name.chars().count().max(3) / 3);
    // A name that is one letter off is a typing error, even if it is a word of another tool.
    let typed = near.filter(|(distance, _)| *distance <= 1 || synonym.is_none()).map(|(_, name)| name);
    typed.or(synonym.map(|(_, name)| name))
}

/// The key that is called by this word of other tools, if the word means one key alone; for words whose table does not know it.
pub(crate) fn elsewhere(wrong: &str) -> Option<&'static str> {
    let folded: String = wrong.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let mut keys = SYNONYMS.iter().filter(|(_, words)| words.contains(&folded.as_str())).map(|(key, _)| *key);
    let only = keys.next();
    only.filter(|_| wrong.len() <= COMPARED && keys.next().is_none())
}

/// The known name that is called by this word of other tools.
pub(crate) fn called_so<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let is_called = |name: &str| SYNONYMS.iter().any(|(key, words)| *key == name && words.contains(&wrong));
    known.into_iter().find(|name| is_called(name))
}

/// The known names that have most parts of the wrong one, or parts near them: those that begin with one first, then the short ones.
fn akin<'a>(wrong: &str, known: &[&'a str]) -> Vec<&'a str> {
    if wrong.len() > COMPARED {
        return Vec::new();
    }
    let wanted: Vec<String> = parts(wrong).filter(|part| part.len() >= 3).map(str::to_ascii_lowercase).collect();
    let mut found: Vec<(usize, usize, &str)> = Vec::new();
    for name in known {
        let of_name: Vec<String> = parts(name).map(str::to_ascii_lowercase).collect();
        let has = |part: &&String| of_name.iter().any(|other| are_near(part, other));
        let shared = wanted.iter().filter(has).count();
        if shared > 0 {
            let first = of_name.iter().position(|other| wanted.iter().any(|part| are_near(part, other)));
            found.push((shared, first.unwrap_or(0), name));
        }
    }
    let most = found.iter().map(|(shared, ..)| *shared).max().unwrap_or(0);
    found.retain(|(shared, ..)| *shared == most);
    found.sort_by_key(|(_, first, name)| (*first, parts(name).count()));
    found.into_iter().map(|(.., name)| name).collect()
}

/// The parts of a name between dots, lines and the like.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty())
}

/// Whether two parts are the same word, but for a plural or a typing error.
fn are_near(a: &str, b: &str) -> bool {
    a == b || (a.len().min(b.len()) >= 4 && strsim::damerau_levenshtein(a, b) <= a.len().max(b.len()) / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_the_one_that_was_mistyped() {
        let known = ["service", "servers", "timeout"];
        assert_eq!(nearest("timout", known), Some("timeout"));
        assert_eq!(nearest("SERVERS", known), Some("servers"));
        assert_eq!(nearest("entirely", known), None);
        assert_eq!(suggest("servrs", known), "did you mean `servers`?");
        assert_eq!(suggest("entirely", known), "known: service, servers, timeout");
    }

    #[test]
    fn words_of_other_tools_are_understood_where_their_key_is_known() {
        let autoscale = ["policy", "at_least", "at_most", "boot"];
        let of = |wrong: &str| nearest(wrong, autoscale);
        let found = ["min", "maxReplicas", "limit", "startup_time", "target-cpu", "replicas"].map(of);
        assert_eq!(
            found,
            ["at_least", "at_most", "at_most", "boot", "policy", ""].map(|key| Some(key).filter(|key| !key.is_empty()))
        );
        assert_eq!(nearest("max", ["base", "factor", "cap"]), Some("cap"));
        assert_eq!(nearest("replicas", ["servers", "concurrency"]), Some("servers"));
        assert_eq!(["vus", "maxVUs", "max", "scale"].map(elsewhere), [Some("viewers"), Some("viewers"), None, None]);
        assert_eq!(nearest("rps", ["viewers", "rate"]), Some("rate"));
        for (key, words) in SYNONYMS {
            assert!(
                words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())),
                "{key}"
            );
        }
    }

    #[test]
    fn names_with_parts_of_the_wrong_one_are_proposed() {
        let figures =
            ["viewers.saw_error", "error_rate.peak", "pools.api.error_rate.peak", "latency_ms.p95", "latency_ms.p99"];
        let errors = "did you mean one of `error_rate.peak`, `viewers.saw_error`, `pools.api.error_rate.peak`?";
        assert_eq!(suggest("errors", figures), errors);
        assert_eq!(suggest("p99", figures), "did you mean `latency_ms.p99`?");
        assert_eq!(suggest("p99_latency", figures), "did you mean `latency_ms.p99`?");
        assert_eq!(suggest("other", ["alpha", "beta"]), "known: alpha, beta");
    }
}
