//! The parts of a chart as data: what stands where on a sheet and in which colour, with no drawing in it.
//!
//! Lengths are units of the sheet, counted from its upper left corner; a renderer decides how large a unit is. Series
//! stand in the units of their data, beside the axes that place them.

use crate::report::letters::{self, Face};
use crate::vocabulary::Outcome;

use super::axis::Axis;
use super::ticks::Tick;

/// Width of a sheet.
pub const WIDTH: f64 = 1600.0;
/// Height of a sheet that lies across; a sheet that stands upright states its own.
pub const HEIGHT: f64 = 900.0;

/// A place on the sheet: from the left edge, from the upper edge.
pub type Place = (f64, f64);

/// A rectangle of the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// An entry of the legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Left edge of the sample, which is centred on the height of the name.
    pub left: f64,
    /// The name beside the sample.
    pub name: Text,
    /// The form of the sample.
    pub key: Key,
    /// Colour of the sample.
    pub colour: Colour,
}

/// The form of a sample in a legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A filled area.
    Area,
    /// A line.
    Line,
    /// A dashed line.
    Dashes,
    /// A dot.
    Dot,
}

/// A moment of the run: a dotted line through the plot, with words at the upper end.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Horizontal position of the line.
    pub x: f64,
    /// Upper end of the line.
    pub top: f64,
    /// Lower end of the line.
    pub bottom: f64,
    /// The time, then the note line by line; empty where there is no room.
    pub words: Vec<Text>,
}

/// A bar of colours, and the values that the colours stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// Rectangle of the bar, with the lowest value at the foot.
    pub room: Room,
    /// The values; a tick in the way of the bound has an empty label.
    pub axis: Axis,
    /// The height and the words of the bound that is drawn as a line.
    pub bound: Option<(f64, Text)>,
    /// The words for cells without a value, if there are such cells.
    pub no_value: Option<Text>,
}

/// One part of a plot. Series are points in the units of the axes, from left to right and without gaps.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Horizontal lines at the ticks of the upright axis, with the labels of the ticks.
    Grid,
    /// The line at the foot.
    Base,
    /// Ticks below the foot; the label of a tick is empty where there is no room.
    Ticks(Vec<Tick>),
    /// A line through points.
    Line {
        /// The points.
        points: Vec<(f64, f64)>,
        /// Colour of the line.
        colour: Colour,
        /// Width of the line.
        width: f64,
        /// Whether the line is dashed.
        dashed: bool,
    },
    /// The area between two lines.
    Area {
        /// The upper line.
        upper: Vec<(f64, f64)>,
        /// The lower line.
        lower: Vec<(f64, f64)>,
        /// Colour of the area.
        colour: Colour,
        /// From 0, invisible, to 1.
        opacity: f64,
    },
    /// Bars from the foot: begin, end and height of each.
    Bars {
        /// The bars.
        bars: Vec<(f64, f64, f64)>,
        /// Colour of the bars.
        colour: Colour,
        /// From 0, invisible, to 1.
        opacity: f64,
    },
    /// A dot with a rim of paper.
    Dot(Dot),
    /// The cells of a heat map.
    Cells(Vec<Cell>),
    /// A grid of filled cells in the units of the axes.
    Heat(Heat),
    /// The lines along which a figure has some value, with a rim that sets the lines off from bright cells.
    Contour(Vec<Vec<Place>>),
    /// A plain line on the sheet.
    Rule {
        /// Corners of the line.
        places: Vec<Place>,
        /// Colour of the line.
        colour: Colour,
        /// Width of the line.
        width: f64,
    },
    /// A filled rectangle on the sheet.
    Block(Block),
    /// Words, on a ground that keeps the words readable where something lies below.
    Label {
        /// The words.
        text: Text,
        /// The ground below the words.
        ground: Option<Block>,
    },
}

/// A dot on the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Middle of the dot.
    pub at: Place,
    /// Colour of the dot.
    pub colour: Colour,
    /// Radius of the dot, without the rim.
    pub radius: f64,
}

/// A grid of filled cells; both axes place it.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// Edges of the columns, ascending; one more than there are columns.
    pub xs: Vec<f64>,
    /// Edges of the rows, in the order of the rows; one more than there are rows.
    pub ys: Vec<f64>,
    /// The cells, row by row; none where nothing is drawn.
    pub fills: Vec<Option<Fill>>,
}

/// A cell of a heat map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// One corner.
    pub from: Place,
    /// The opposite corner.
    pub to: Place,
    /// The value of the figure, if there is one.
    pub value: Option<f64>,
    /// The colour of the value.
    pub fill: Fill,
}

/// A filled rectangle on the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block {
    /// One corner.
    pub from: Place,
    /// The opposite corner.
    pub to: Place,
    /// Colour of the rectangle.
    pub colour: Colour,
    /// From 0, invisible, to 1.
    pub opacity: f64,
}

/// A colour by its meaning; renderers have the palettes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Colour {
    /// Text and the lines that matter most.
    Ink,
    /// Text that stands back.
    Subdued,
    /// The footer.
    Faint,
    /// Grid lines.
    Grid,
    /// Axes and marks.
    Axis,
    /// The sheet itself.
    Paper,
    /// Attempts that were served, and all that goes well.
    Good,
    /// Attempts that are sent.
    Demand,
    /// Work in vain.
    Waste,
    /// Reports to an outage tracker.
    Reports,
    /// A limit that is broken.
    Broken,
    /// Attempts that wait.
    Queue,
    /// Attempts that apps make again after an error.
    Retries,
    /// Attempts of people who refresh.
    Refreshes,
    /// Attempts of people who come back.
    ComeBacks,
    /// Hedged copies of attempts.
    Hedges,
    /// Streams, and the traffic of streams.
    Streams,
    /// Time of streams in which the picture stands still.
    Stalls,
    /// One of several scenarios, regions or pools, by rank below [`SERIES`].
    Series(usize),
    /// A fill whose colour is its meaning.
    Fill(Fill),
    /// Letters on such a fill.
    On(Fill),
}

/// Number of series with colours of their own; no chart needs a sixth.
pub const SERIES: usize = 5;

/// Steps from nothing to all in the shades of [`Fill::Harm`] and [`Fill::Amount`]; between them there is no shade.
pub const SHADES: f64 = 24.0;

/// A fill whose colour is its meaning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    /// Attempts that failed with this outcome.
    Outcome(Outcome),
    /// A value between the lowest (0) and the highest (1) of a scale.
    Value(f64),
    /// A share of what goes wrong, from nothing (0) to all (1).
    Harm(f64),
    /// A share of what there is, from nothing (0) to all (1).
    Amount(f64),
    /// No value.
    Empty,
}

/// Size, weight and colour of letters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Height of the em.
    pub size: f64,
    /// Weight.
    pub face: Face,
    /// Colour.
    pub colour: Colour,
}

impl Style {
    /// The style in another colour.
    pub fn coloured(self, colour: Colour) -> Style {
        Style { colour, ..self }
    }

    /// The style in smaller letters, down to `least`, where the text is wider than `room`.
    pub fn fitting(self, text: &str, room: f64, least: f64) -> Style {
        let mut style = self;
        while style.size > least && style.measure(text) > room {
            style.size -= 1.0;
        }
        style
    }

    /// Width of a cleaned text in letters of this style.
    pub fn measure(self, text: &str) -> f64 {
        letters::width(&letters::clean(text), self.face, self.size)
    }

    /// The cleaned text, cut with an ellipsis if wider than `room`.
    pub fn shorten(self, text: &str, room: f64) -> String {
        letters::shorten(&letters::clean(text), self.face, self.size, room)
    }
}

/// Which point of a text stands at the text's place, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Across {
    /// The left end.
    Left,
    /// The middle.
    Centre,
    /// The right end.
    Right,
}

/// Which point of a text stands at the text's place, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upright {
    /// The upper edge.
    Top,
    /// Half the height of a capital letter.
    Middle,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The letters, all of which the embedded fonts have.
    pub text: String,
    /// Place of the text.
    pub at: Place,
    /// Size, weight and colour of the letters.
    pub style: Style,
    /// Which point of the text stands at `at`, from left to right.
    pub across: Across,
    /// Which point of the text stands at `at`, from top to bottom.
    pub upright: Upright,
}

impl Text {
    /// A text that begins at a place, half the height of a capital letter below its top.
    pub fn new(text: &str, at: Place, style: Style) -> Text {
        Text { text: letters::clean(text), at, style, across: Across::Left, upright: Upright::Middle }
    }

    /// A text that begins at a place, cut with an ellipsis if wider than `room`.
    pub fn within(text: &str, at: Place, style: Style, room: f64) -> Text {
        Text::new(&style.shorten(text, room), at, style)
    }

    /// The text with the middle at its place.
    pub fn centred(self) -> Text {
        Text { across: Across::Centre, ..self }
    }

    /// The text with the end at its place.
    pub fn ending(self) -> Text {
        Text { across: Across::Right, ..self }
    }

    /// The text below its place.
    pub fn hanging(self) -> Text {
        Text { upright: Upright::Top, ..self }
    }
}
