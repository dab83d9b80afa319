//! The caller: what an app does about the attempts that it sends.

pub mod retry;
pub mod timeout;
