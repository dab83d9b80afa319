//! The screen that people read.

/// Width of the screen in columns where neither the shell nor the terminal states it.
const USUAL_WIDTH: usize = 100;

/// Width of the screen in columns: that of the shell, that of the terminal, or the usual width.
pub fn width() -> usize {
    let stated = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    stated.or_else(terminal).unwrap_or(USUAL_WIDTH).clamp(40, 200)
}
