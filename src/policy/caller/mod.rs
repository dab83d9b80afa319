//! The caller: what an app does about the attempts that it sends.

pub mod budget;
pub mod retry;
pub mod scope;
pub mod timeout;
