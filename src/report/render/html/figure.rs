//! Charts of a page: title, legend and words as HTML, plots as SVG, values for the script.

use std::fmt::Write;

use serde_json::{Value, json};

use super::readings::{self, Readings};
use crate::report::chart::model::{Block, Colour, Entry, Mark, Part, Text, WIDTH};
use crate::report::chart::panel::Panel;
use crate::report::chart::shapes::Shape;
use crate::report::chart::sheet::Sheet;
use crate::report::render::svg::{Lettering, Paint, Pen, escaped};

/// Room above and below of what stands outside of the plots: captions above, ticks below.
const ABOVE: f64 = 30.0;
const BELOW: f64 = 48.0;
/// The place for the table of a chart's values, which the script fills.
const VALUES: &str = "<details class=\"values\"><summary>Values of this chart</summary><div class=\"tall\" tabindex=\"0\"></div></details>\n";

/// The markup of all charts, and their values for the script.
pub fn all(charts: &[(String, Sheet)]) -> (String, Vec<Value>) {
    let mut html = String::new();
    let mut data = Vec::with_capacity(charts.len());
    for (index, (name, sheet)) in charts.iter().enumerate() {
        let readings = Readings::of(name, sheet);
        figure(&mut html, index, name, sheet, !readings.grids.is_empty());
        data.push(json!({ "panels": readings.panels, "grids": readings.grids }));
    }
    (html, data)
}

/// The markup of one chart, with a place for the table of its values where it has series.
fn figure(html: &mut String, index: usize, name: &str, sheet: &Sheet, has_series: bool) {
    let (id, title, subtitle) = (escaped(name), escaped(&sheet.headline()), escaped(&sheet.subtitle.text));
    let legend: String = sheet.legend.iter().map(entry).collect();
    let legend = if legend.is_empty() { legend } else { format!("<ul class=\"legend\">{legend}</ul>") };
    let figures: String = sheet.figures.iter().map(|figure| key_figure(figure)).collect();
    let figures = if figures.is_empty() { figures } else { format!("<ul class=\"figures\">{figures}</ul>") };
    let drawing = drawing(index, sheet);
    let values = if has_series { VALUES } else { "" };
    // Writing to a string does not fail.
    let _ = writeln!(
        html,
        "<figure id=\"chart-{id}\">\n<figcaption><h3>{title}</h3><p>{subtitle}</p>{figures}{legend}</figcaption>\n\
         <div class=\"scroll chart\" tabindex=\"0\" role=\"group\" aria-roledescription=\"chart\" aria-label=\"{title}\">\n{drawing}</div>\n\
         {values}</figure>"
    );
}

/// A key figure: its number, red where it tells of harm, and its words.
fn key_figure(figure: &[Text]) -> String {
    let Some((number, words)) = figure.split_first() else { return String::new() };
    let class = if number.style.colour == Colour::Broken { " class=\"bad\"" } else { "" };
    let words = words.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
    format!("<li><b{class}>{}</b> {}</li>", escaped(&number.text), escaped(&words))
}

fn entry(entry: &Entry) -> String {
    let moved = Entry { left: 0.0, ..entry.clone() };
    let mut pen = Pen::new(Paint::Variables, Lettering::Text);
    for shape in moved.sample() {
        pen.shape(&shape);
    }
    let (_, drawn) = pen.into_parts();
    let middle = entry.name.at.1;
    let name = escaped(&entry.name.text);
    format!("<li><svg viewBox=\"0 {} 24 14\" aria-hidden=\"true\">{drawn}</svg>{name}</li>", middle - 7.0)
}

/// The plots of a chart, in groups that the script moves: `d` data, `x` ticks, `m` what stands at a moment.
fn drawing(index: usize, sheet: &Sheet) -> String {
    let mut pen = Pen::new(Paint::Variables, Lettering::Text);
    let (top, bottom) = ends(sheet);
    let label = escaped(&format!("{}. {}", sheet.headline(), sheet.subtitle.text));
    pen.markup(&format!(
        "<svg viewBox=\"0 {top} {WIDTH} {}\" role=\"img\" aria-label=\"{label}\" fill-rule=\"evenodd\" stroke-linejoin=\"round\">\n<defs>",
        bottom - top
    ));
    for (place, panel) in sheet.panels.iter().enumerate() {
        let room = panel.room;
        pen.markup(&format!(
            "<clipPath id=\"k{index}-{place}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>",
            room.left - 3.0,
            room.top - 4.0,
            room.right - room.left + 6.0,
            room.bottom - room.top + 8.0
        ));
    }
    pen.markup("</defs>\n");
    for (place, panel) in sheet.panels.iter().enumerate() {
        panel.around_marks().0.iter().for_each(|part| self::part(&mut pen, index, place, panel, part));
    }
    sheet.marks.iter().for_each(|mark| self::mark(&mut pen, sheet, mark));
    for (place, panel) in sheet.panels.iter().enumerate() {
        panel.around_marks().1.iter().for_each(|part| self::part(&mut pen, index, place, panel, part));
    }
    for (place, panel) in sheet.panels.iter().enumerate() {
        panel.over.iter().for_each(|part| self::part(&mut pen, index, place, panel, part));
    }
    sheet.shapes_beside().iter().for_each(|shape| pen.shape(shape));
    pen.markup("</svg>\n");
    pen.into_parts().1
}

/// Upper and lower end of what is drawn; title, legend and footer stand in the page around it.
fn ends(sheet: &Sheet) -> (f64, f64) {
    let mut upper: Vec<f64> = sheet.panels.iter().map(|panel| panel.room.top - ABOVE).collect();
    upper.extend(sheet.marks.iter().flat_map(|mark| &mark.words).map(|words| words.at.1 - 16.0));
    let labels = sheet.panels.iter().flat_map(|panel| &panel.over).filter_map(|part| match part {
        Part::Label { text, .. } => Some(text),
        _ => None,
    });
    upper.extend(sheet.texts.iter().chain(labels).map(|text| text.at.1 - 8.0 - 0.6 * text.style.size));
    let mut lower: Vec<f64> = sheet.panels.iter().map(|panel| panel.room.bottom + BELOW).collect();
    lower.extend(sheet.texts.iter().map(|text| text.at.1 + 16.0));
    let top = upper.into_iter().fold(f64::INFINITY, f64::min);
    let bottom = lower.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let (top, bottom) = (top.max(0.0), bottom.min(sheet.height - 32.0));
    if bottom > top { (top.floor(), bottom.ceil()) } else { (0.0, 100.0) }
}

fn part(pen: &mut Pen, index: usize, place: usize, panel: &Panel, part: &Part) {
    let shapes = panel.shapes_of(part);
    let still = panel.x.time().is_none();
    match part {
        Part::Ticks(_) => {
            pen.markup(&format!("<g class=\"x\" data-p=\"{place}\">\n"));
            shapes.iter().for_each(|shape| pen.shape(shape));
            pen.markup("</g>\n");
        }
        Part::Dot(dot) if !still => moved(pen, place, dot.at.0, &shapes),
        Part::Label { text, .. } if !still && within(panel, text.at) => moved(pen, place, text.at.0, &shapes),
        // What lies wholly outside of the plot, such as a legend beside it, stands still.
        Part::Block(block) if is_beside(panel, block) => shapes.iter().for_each(|shape| pen.shape(shape)),
        Part::Grid | Part::Base | Part::Dot(_) | Part::Label { .. } => shapes.iter().for_each(|shape| pen.shape(shape)),
        drawn => {
            pen.markup(&format!("<g clip-path=\"url(#k{index}-{place})\"><g class=\"d\" data-p=\"{place}\">\n"));
            match drawn {
                // A cell is one shape.
                Part::Cells(cells) => cells.iter().zip(&shapes).for_each(|(cell, shape)| {
                    pen.titled(shape, &cell.value.map_or_else(|| "no value".to_owned(), readings::plain));
                }),
                _ => pen.shapes(&shapes),
            }
            pen.markup("</g></g>\n");
        }
    }
}

/// Whether a place lies within the plot, so that what stands there stands at a moment.
fn within(panel: &Panel, (x, y): (f64, f64)) -> bool {
    let room = panel.room;
    x >= room.left && x < room.right && y >= room.top && y <= room.bottom
}

/// Whether a block lies outside of the plot.
fn is_beside(panel: &Panel, block: &Block) -> bool {
    let (room, (from, to)) = (panel.room, (block.from, block.to));
    from.0.min(to.0) >= room.right
        || from.0.max(to.0) <= room.left
        || from.1.min(to.1) >= room.bottom
        || from.1.max(to.1) <= room.top
}

/// Shapes that move with the moment at which they stand.
fn moved(pen: &mut Pen, place: usize, x: f64, shapes: &[Shape]) {
    pen.markup(&format!("<g data-p=\"{place}\" data-x=\"{x}\">\n"));
    shapes.iter().for_each(|shape| pen.shape(shape));
    pen.markup("</g>\n");
}

/// A mark stands at a moment of the first plot that it goes through.
fn mark(pen: &mut Pen, sheet: &Sheet, mark: &Mark) {
    let through =
        |panel: &Panel| panel.x.time().is_some() && panel.room.top < mark.bottom && panel.room.bottom > mark.top;
    let shapes = mark.shapes();
    match sheet.panels.iter().position(through) {
        Some(place) => moved(pen, place, mark.x, &shapes),
        None => shapes.iter().for_each(|shape| pen.shape(shape)),
    }
}
