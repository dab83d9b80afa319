//! The ledger: counts of all viewers and attempts by state.

use crate::vocabulary::Account;

/// Counts of all viewers and attempts by state, which must balance at every instant.
///
/// Counts that change together do not stand side by side, where adding to both at once takes more instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Viewers who were inside when the window opened; counted in `arrived` too.
    pub already: u64,
    /// Attempts sent, heartbeats and calls between pools included.
    pub sent: u64,
    /// Viewers who arrived.
    pub arrived: u64,
    /// Viewers who did their last step.
    pub watched: u64,
    /// Viewers who gave up and are not back.
    pub gave_up: u64,
    /// Attempts ended.
    pub ended: u64,
    /// Viewers inside, in a stream.
    pub streaming: u64,
    /// Viewers inside, in a request step.
    pub asking: u64,
    /// Viewers inside, neither in a stream nor in a request step.
    pub waiting: u64,
    /// Viewers whose first stream began.
    pub started: u64,
    /// Viewers who were shown an error page.
    pub saw_error: u64,
    /// People of crowds and traces whose moment fell outside the window.
    pub outside: u64,
    /// Times that a viewer lost patience in a waiting room and left it.
    pub left_rooms: u64,
    /// Viewers in waiting rooms; counted in `waiting` too.
    pub in_rooms: u64,
    /// Attempts in transit to their pool, waiting, in service, or in transit back.
    pub in_flight: u64,
}

impl Ledger {
    /// Viewers who are inside.
    pub fn inside(&self) -> u64 {
        self.streaming + self.asking + self.waiting
    }

    /// Viewers in an account.
    pub fn viewers(&self, account: Account) -> u64 {
        match account {
            Account::Arrived => self.arrived,
            Account::Already => self.already,
            Account::Watched => self.watched,
            Account::GaveUp => self.gave_up,
            Account::Inside => self.inside(),
            Account::Streaming => self.streaming,
            Account::Asking => self.asking,
            Account::Waiting => self.waiting,
            Account::Started => self.started,
            Account::SawError => self.saw_error,
            Account::Outside => self.outside,
            Account::LeftRooms => self.left_rooms,
            Account::InRooms => self.in_rooms,
        }
    }

    /// Panics if the accounts do not balance. Only a defect of the engine can cause that, no input.
    #[track_caller]
    pub fn assert_balance(&self) {
        assert_eq!(self.arrived, self.watched + self.gave_up + self.inside(), "viewers do not balance: {self:?}");
        assert_eq!(self.sent, self.ended + self.in_flight, "attempts do not balance: {self:?}");
    }
}
