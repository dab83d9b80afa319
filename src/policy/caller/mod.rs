//! The caller: the timer, retries and retry budget of an app.

pub mod attempt;
pub mod budget;
pub mod retry;
pub mod scope;
pub mod timeout;
