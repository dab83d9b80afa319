//! Draws charts: a [`Sheet`](super::chart::model::Sheet) in, the bytes of a file out. What a chart shows is settled before.

mod palette;
pub mod png;
