//! The warning about a trigger without which the file is no scenario.

use super::found::Found;

/// Warns where the changes that `trigger` lists cannot be taken out: no run can tell then whether another is stuck.
pub(super) fn lacking(found: &mut Found<'_>) {
    let Some(error) = found.scenario.error_without_trigger() else { return };
    found.add(
        "trigger",
        "whether a run is stuck cannot be told".to_owned(),
        format!("without these changes the file is no scenario: {}", error.title),
        "what a later change needs has to be in the file itself, or in a change that stays",
    );
}
