//! The ways in which a run ends.

/// Attributes of an end.
struct EndedRow {
    word: &'static str,
}

table! {
    /// End of a run that was not stopped from outside.
    Ended, EndedRow;
    /// At the end of its window.
    Done { word: "" }
    /// A queue without a stated limit reached a hundred million attempts.
    QueueLimit { word: "queue limit" }
    /// The run reached the largest number of viewers.
    ViewerLimit { word: "viewer limit" }
    /// The run reached the limit of events.
    EventLimit { word: "event limit" }
    /// The run reached the limit of memory. Another machine may have more, so no store holds such a run.
    MemoryLimit { word: "memory limit" }
    /// A viewer looped a thousand times at one instant.
    EndlessLoop { word: "endless loop" }
    /// A viewer looped more often than can be counted.
    RoundLimit { word: "round limit" }
}

impl Ended {
    /// The word for the end in tables; empty for the end of the window.
    pub fn word(self) -> &'static str {
        self.row().word
    }

    /// The end with a number that was read from a store; `None` if there is none.
    pub fn from_number(number: u8) -> Option<Ended> {
        Ended::ALL.get(usize::from(number)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stores hold the numbers, so the numbers must not change.
    #[test]
    fn an_end_is_known_by_its_number() {
        for (number, ended) in [
            (0, Ended::Done),
            (1, Ended::QueueLimit),
            (2, Ended::ViewerLimit),
            (3, Ended::EventLimit),
            (4, Ended::MemoryLimit),
            (5, Ended::EndlessLoop),
            (6, Ended::RoundLimit),
        ] {
            assert_eq!((ended as u8, Ended::from_number(number)), (number, Some(ended)));
        }
        assert_eq!(Ended::from_number(7), None);
    }
}
