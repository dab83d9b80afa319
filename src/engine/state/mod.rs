//! The state of a run: rows of viewers and attempts, pools, links, arrival processes, itineraries.
//!
//! No type here knows the [`World`](super::world::World): each holds one kind of state and keeps its invariants.

mod admission;
pub mod arrivals;
pub mod ask;
pub mod asked;
pub mod attempt;
pub mod beside;
pub mod bounds;
pub mod caches;
pub mod callers;
pub mod cores;
pub mod deadlines;
pub mod fleet;
pub mod guard;
pub mod health;
pub mod hedges;
mod held;
pub mod itinerary;
pub mod kept;
mod lane;
mod line;
pub mod link;
pub mod people;
pub mod pool;
pub mod request;
pub mod requests;
pub mod restarts;
mod ring;
pub mod rooms;
pub mod roster;
pub mod rounds;
pub mod rows;
pub mod server;
pub mod slab;
pub mod spacing;
mod standing;
pub mod under_way;
pub mod viewer;
pub mod words;
