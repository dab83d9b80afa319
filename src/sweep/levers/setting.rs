//! The changes that a lever makes.

/// A step that a lever puts into a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inserted {
    /// Dotted path of the steps of the journey.
    pub path: String,
    /// The step and its place in words.
    pub words: String,
}

/// A setting that a lever changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Dotted path of the setting.
    pub path: String,
    /// The value as it would stand in a file.
    pub value: String,
}

impl Setting {
    /// A setting and its value.
    pub fn new(path: impl Into<String>, value: impl Into<String>) -> Setting {
        Setting { path: path.into(), value: value.into() }
    }
}
