//! Checks of `trigger`: the causes that it lists exist.

use crate::document::diagnostics::quoted;
use crate::document::findings::Findings;
use crate::scenario::cause::Cause;
use crate::scenario::spec::Spec;

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    for (index, name) in spec.trigger.iter().flatten().enumerate() {
        let path = format!("trigger.{index}");
        match Cause::of(name) {
            Some(Cause::Audience(audience)) if !spec.audience.contains_key(audience) => {
                out.unknown(&path, "audience", audience, spec.audience.keys());
            }
            Some(Cause::Multiplier(multiplier)) if !spec.multiplier.contains_key(multiplier) => {
                out.unknown(&path, "multiplier", multiplier, spec.multiplier.keys());
            }
            Some(Cause::Change(number)) if number >= spec.change.len() => {
                let help = match spec.change.len() {
                    0 => "the timeline has no changes".to_owned(),
                    1 => "there is one change, \"change.0\"".to_owned(),
                    many => format!("the changes are \"change.0\" to \"change.{}\"", many - 1),
                };
                out.value(&path, format!("there is no change {number}"), "no such change", help);
            }
            None => {
                let help = match name {
                    _ if spec.audience.contains_key(name) => format!("did you mean \"audience.{name}\"?"),
                    _ if spec.multiplier.contains_key(name) => format!("did you mean \"multiplier.{name}\"?"),
                    _ => "an audience, a multiplier or a change, such as \"audience.fans\" or \"change.0\"".to_owned(),
                };
                out.value(&path, format!("{} is no trigger", quoted(name)), "no such cause", help);
            }
            Some(_) => {}
        }
    }
}
