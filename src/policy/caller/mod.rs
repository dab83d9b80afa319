//! The caller: the timer, retries, hedged copies, retry budget, breaker and throttle of an app.

pub mod attempt;
mod backoff;
pub mod breaker;
pub mod budget;
pub mod hedge;
pub mod retry;
mod retry_after;
pub mod scope;
pub mod throttle;
pub mod timeout;
pub mod window;
