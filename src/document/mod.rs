//! Located, checked TOML: a document is read into a tree, checked against a schema, and turned into types.
//!
//! ```text
//! text ─▶ tree with places ─▶ merged with what it extends ─▶ shape checked ─▶ types ─▶ meaning checked
//!         (tree)              (merge)                        (check)          (schema)  (findings)
//! ```
//!
//! The kind of document is a value, a `schema::Schema` made from the types that read it: scenarios and plans of sweeps
//! are two of them. All errors of a document are found at once, and each is shown with its line, a caret, what is allowed
//! and the nearest name.
//!
//! Values that several kinds of documents hold have their types here: [`moments`], [`distribution`]s of spans, [`bound`]s
//! of figures, and [`unions`] of a plain value and a table.

mod added;
pub mod bound;
pub(crate) mod check;
pub(crate) mod diagnostics;
pub mod distribution;
pub(crate) mod files;
pub(crate) mod findings;
pub(crate) mod kind;
pub mod law;
pub(crate) mod merge;
pub mod moments;
pub(crate) mod over;
pub(crate) mod paths;
pub(crate) mod reference;
pub(crate) mod schema;
pub(crate) mod source;
#[cfg(test)]
mod support;
mod syntax;
pub(crate) mod tree;
mod twice;
pub mod unions;
pub(crate) mod wanted;

pub use diagnostics::{Diagnostic, Diagnostics, Level};
#[cfg(test)]
pub(crate) use support::read;
