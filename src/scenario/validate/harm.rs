//! Checks of `[harm]`: the requests exist, and each is named once.

use crate::document::diagnostics::quoted;
use crate::document::findings::Findings;
use crate::scenario::spec::Spec;

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    let known = super::journeys::requests(spec);
    for (index, request) in spec.harm.requests.iter().enumerate() {
        let path = format!("harm.requests.{index}");
        if !known.contains(request) {
            out.unknown(&path, "request", request, &known);
        } else if spec.harm.requests[..index].contains(request) {
            let title = format!("the request {} is named twice", quoted(request));
            out.value(&path, title, "named before", "name each request once");
        }
    }
}
