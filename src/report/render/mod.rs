//! Draws charts: a [`Sheet`] in, the bytes of a file out. What a chart shows is settled before.

pub mod html;
mod palette;
pub mod png;
pub mod svg;

pub use palette::Theme;

use super::ReportError;
use super::chart::sheet::Sheet;

/// Paper and formats of the charts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The paper.
    pub theme: Theme,
    /// Whether each chart is drawn as SVG too.
    pub svg: bool,
}

/// The ends of the names of charts' files.
pub const ENDS: [&str; 2] = [".png", ".svg"];

/// Draws a chart: the bytes of each file, with the end of the file's name.
///
/// # Errors
/// Only if the machine runs out of memory.
pub fn files(sheet: &Sheet, look: Look) -> Result<Vec<(&'static str, Vec<u8>)>, ReportError> {
    let [png, svg] = ENDS;
    let mut files = vec![(png, png::draw(sheet, look.theme)?)];
    if look.svg {
        files.push((svg, svg::draw(sheet, look.theme)));
    }
    Ok(files)
}
