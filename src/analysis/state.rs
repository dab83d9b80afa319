//! The state of a scope, in one word.

/// State of the attempts of a scope over the measured time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is no trouble.
    Calm,
    /// There is trouble, and the last of it is over.
    Over,
    /// The last trouble is not over when the measured intervals end.
    NotOver,
    /// Attempts fail at the same rate throughout, be it within the bound or not.
    Steady,
    /// Nothing is sent, and nobody waits for long.
    Silent,
    /// Too few attempts follow the last trouble to say that it is over, or attempts fail that are too few for a rate.
    TooFew,
}

impl State {
    /// All states, in the order of `summary.json`.
    pub const ALL: [State; 6] = [State::Calm, State::Over, State::NotOver, State::Steady, State::Silent, State::TooFew];

    /// The name in `summary.json` and in claims.
    pub fn name(self) -> &'static str {
        match self {
            State::Calm => "calm",
            State::Over => "over",
            State::NotOver => "not_over",
            State::Steady => "steady",
            State::Silent => "silent",
            State::TooFew => "too_few",
        }
    }
}
