//! The caller: the timer, retries, retry budget, breaker and throttle of an app.

pub mod attempt;
mod backoff;
pub mod breaker;
pub mod budget;
pub mod retry;
mod retry_after;
pub mod scope;
pub mod throttle;
pub mod timeout;
mod window;
