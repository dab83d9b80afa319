//! Handlers of events on the [`World`](super::world::World), one file for each subject.
//!
//! Viewers: `arrive`, `walk` (the journey), `turn` (`then` and rounds), `room`, `human`, `stream`, `beat` (heartbeats),
//! `harm`. Attempts of apps: `call`, `caller` (protections), `retry`, `hedge`, `cancel`, `deadline`. Calls between
//! pools: `between`, `send_call`. Pools: `protect`, `serve`, `cores`, `health`, `crash`, `scale`. Settings: `change`.

mod arrive;
mod beat;
mod between;
mod call;
mod caller;
mod cancel;
mod change;
mod cores;
mod crash;
mod deadline;
mod harm;
mod health;
mod hedge;
mod human;
mod protect;
mod retry;
mod room;
mod scale;
mod send_call;
mod serve;
mod stream;
mod turn;
mod walk;
