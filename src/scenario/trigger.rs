//! The trigger: the causes of a trouble, and the scenario without them.

use super::Scenario;
use super::cause::Cause;
use super::spec::Spec;
use super::{Diagnostic, Diagnostics};
use crate::document::tree::{Node, Value};

impl Scenario {
    /// The scenario without its trigger: without the causes that `trigger` lists, or without all crowds. `None` if
    /// there are none, or if the rest is no scenario. The rest may have no audience.
    pub fn without_trigger(&self) -> Option<Scenario> {
        let crowds = || {
            let audiences = self.spec.audience.iter().filter(|(_, audience)| audience.viewers.is_some());
            audiences.map(|(name, _)| format!("audience.{name}")).collect()
        };
        let trigger: Vec<String> = self.spec.trigger.clone().unwrap_or_else(crowds);
        let causes: Vec<Cause<'_>> = trigger.iter().filter_map(|name| Cause::of(name)).collect();
        if causes.is_empty() {
            return None;
        }
        let changes = changes(&causes);
        let mut left = if changes.is_empty() { self.clone() } else { self.without_changes(&changes)?.ok()? };
        let epochs = left.timeline.iter_mut().map(|epoch| &mut epoch.spec);
        for spec in std::iter::once(&mut left.spec).chain(epochs) {
            causes.iter().for_each(|cause| take_out(spec, *cause));
        }
        Some(left)
    }

    /// The first error of the scenario without the changes that its `trigger` lists; `None` if there is none. With an
    /// error no second run is possible.
    pub fn error_without_trigger(&self) -> Option<Diagnostic> {
        let causes: Vec<Cause<'_>> = self.spec.trigger.iter().flatten().filter_map(|name| Cause::of(name)).collect();
        let changes = changes(&causes);
        if changes.is_empty() {
            return None;
        }
        self.without_changes(&changes)?.err()?.into_iter().next()
    }

    /// The scenario without the changes of these numbers, or the errors of the rest.
    fn without_changes(&self, numbers: &[usize]) -> Option<Result<Scenario, Diagnostics>> {
        let mut tree = Node::clone(&self.tree);
        if let Value::Array(changes, _) = &mut tree.as_table_mut()?.get_mut("change")?.value {
            let mut number = 0;
            changes.retain(|_| {
                number += 1;
                !numbers.contains(&(number - 1))
            });
        }
        // A trigger that names a change which is gone would be an error.
        tree.as_table_mut()?.shift_remove("trigger");
        Some(Scenario::build(self.name.clone(), tree, super::Loader::clone(&self.data), Vec::new()))
    }
}

/// The numbers of the changes among some causes.
fn changes(causes: &[Cause<'_>]) -> Vec<usize> {
    causes.iter().filter_map(|cause| if let Cause::Change(number) = cause { Some(*number) } else { None }).collect()
}

/// Removes the audience or the multiplier of a cause; changes are removed before the scenario is built.
fn take_out(spec: &mut Spec, cause: Cause<'_>) {
    match cause {
        Cause::Audience(name) => {
            spec.audience.shift_remove(name);
        }
        Cause::Multiplier(name) => {
            spec.multiplier.shift_remove(name);
        }
        Cause::Change(_) => {}
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A drop at ten, with one crowd, one stream, one multiplier and two changes.
    pub const STORM: &str = r#"
title = "x"
start = 2026-01-09T09:00:00Z
drop = 2026-01-09T10:00:00Z
end = 2026-01-09T11:00:00Z
audience.fans = { viewers = 500, arrival = "1 min", journey = "watch" }
audience.everyday = { rate = "2/s", journey = "watch" }
multiplier.lockdown = { factor = 1.3 }
journey.watch.steps = [{ request = "api" }]
pool.api = { servers = 2, service = "20 ms" }
[[change]]
at = "+5 min"
set = { "pool.api.servers" = 0 }
[[change]]
at = "+6 min"
set = { "pool.api.servers" = 3 }
"#;

    fn without(trigger: &str) -> Option<Scenario> {
        let scenario =
            Scenario::parse("a.toml", &format!("{trigger}{STORM}")).unwrap_or_else(|errors| panic!("{errors}"));
        scenario.without_trigger()
    }

    #[test]
    fn all_crowds_are_the_trigger_unless_the_file_lists_another() {
        let left = without("").unwrap();
        assert!(left.spec().audience.keys().eq(["everyday"]) && left.timeline().len() == 2);
        assert!(left.timeline().iter().all(|epoch| !epoch.spec.audience.contains_key("fans")));
        assert!(without("trigger = []").is_none());
    }

    #[test]
    fn listed_changes_and_multipliers_are_left_out() {
        let left = without("trigger = ['change.0', 'multiplier.lockdown']").unwrap();
        assert!(left.spec().audience.len() == 2 && left.spec().multiplier.is_empty());
        let values = left.timeline().iter().map(|epoch| epoch.set[0].to.clone());
        assert_eq!(values.collect::<Vec<_>>(), [Some("3".to_owned())]);
    }

    #[test]
    fn what_the_file_without_its_trigger_lacks_is_known() {
        let text = STORM.replace(
            "{ \"pool.api.servers\" = 0 }",
            "{ \"pool.api.rate_limit\" = { token_bucket = { rate = \"1/s\", burst = 9 } } }",
        );
        let text = text.replace("\"pool.api.servers\" = 3", "\"pool.api.rate_limit.token_bucket.rate\" = \"9/s\"");
        let of = |trigger: &str| Scenario::parse("a.toml", &format!("{trigger}{text}")).unwrap();
        let lacking = of("trigger = ['change.0']");
        assert!(lacking.without_trigger().is_none() && lacking.error_without_trigger().is_some());
        for whole in ["", "trigger = ['change.1']", "trigger = ['audience.fans']", "trigger = ['change.0', 'change.1']"]
        {
            assert!(of(whole).without_trigger().is_some() && of(whole).error_without_trigger().is_none(), "{whole}");
        }
    }

    #[test]
    fn a_trigger_that_is_not_there_is_an_error() {
        let plain = STORM.split("[[change]]").next().unwrap_or_default();
        for (text, trigger, said) in [
            (STORM, "audience.nobody", "there is no audience `nobody`"),
            (STORM, "multiplier.down", "there is no multiplier `down`"),
            (STORM, "change.2", "there is no change 2"),
            (plain, "change.0", "there is no change 0"),
            (STORM, "pool.api", "`pool.api` is no trigger"),
            (STORM, "fans", "did you mean \"audience.fans\"?"),
            (STORM, "lockdown", "did you mean \"multiplier.lockdown\"?"),
        ] {
            let text = format!("trigger = ['{trigger}']{text}");
            let found = Scenario::parse("a.toml", &text).map(|_| ()).unwrap_err().to_string();
            assert!(found.contains(said) && found.contains("a.toml:1:"), "{trigger}: {found}");
        }
    }
}
