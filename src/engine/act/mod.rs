//! Handlers of events on the [`World`](super::world::World), one file for each subject.
//!
//! A viewer `arrive`s and `walk`s from step to step; the app `call`s, as its `caller` allows; the pool `protect`s itself, `serve`s, or
//! the attempt is `cancel`led, `hedge`d copies are sent, a `deadline` passes; calls go `between` pools, which `send_call`s; the
//! `human` waits, refreshes, reports, gives up and comes back; a `stream` plays over a link and `beat`s; people come to
//! `harm`; the `health` of servers and the settings `change`, and fleets `scale`, and servers `crash`.

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
