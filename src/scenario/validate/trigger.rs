//! Checks of `trigger`: what it lists is there.

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
            // The scenario after a change has no list of changes, and was checked as a whole before.
            Some(Cause::Change(number)) if number >= spec.change.len() && !spec.change.is_empty() => {
                let help = format!("there are {} changes, counted from 0", spec.change.len());
                out.value(&path, format!("there is no change {number}"), "not there", help);
            }
            None => {
                let help = "for example \"audience.fans\", \"multiplier.lockdown\" or \"change.0\"";
                out.value(&path, format!("`{name}` is no trigger"), "of another kind", help);
            }
            Some(_) => {}
        }
    }
}
