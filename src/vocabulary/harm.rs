//! Kinds of harm that a person may come to.

/// Attributes of a kind of harm.
struct HarmRow {
    name: &'static str,
}

table! {
    /// A kind of harm. Each person counts once for each kind, within the window of `measure`.
    Harm, HarmRow;
    /// People who were shown an error page.
    SawError { name: "saw_error" }
    /// People who gave up at least once, those who came back included.
    GaveUp { name: "gave_up" }
    /// People who spent more time than `wait` of `[harm]` in queues and pauses: in one request, through all its
    /// retries, or between the first request after the release and the first stream, delays of refreshes included. Time
    /// in service, in transit, thinking and away is no wait.
    Waited { name: "waited" }
    /// People whose streams stalled for over 1% of their time.
    Stalled { name: "stalled" }
    /// People whose streams had under half of the bit rate that they would have alone, for over a tenth of their time.
    Degraded { name: "degraded" }
}

impl Harm {
    /// The name in figures: `saw_error`.
    pub const fn name(self) -> &'static str {
        self.row().name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_harm_have_unique_names() {
        let mut names: Vec<&str> = Harm::ALL.iter().map(|harm| harm.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Harm::COUNT);
    }
}
