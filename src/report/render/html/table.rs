//! Tables of a page, which the script can sort by any column.

use std::fmt::Write;

use crate::report::numbers::capital;
use crate::report::render::svg::escaped;

/// A table with a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The heading above the table.
    pub heading: &'static str,
    /// Caption, which says in words what the table shows.
    pub caption: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The cells, row by row; the first of a row names it.
    pub rows: Vec<Vec<Cell>>,
    /// Whether the table is long, and shown only when it is asked for.
    pub folded: bool,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is known.
    Empty,
    /// A name.
    Name(String),
    /// Words, which may take several lines.
    Words(String),
    /// Words about something that is wrong.
    Bad(String),
    /// A number as it is shown, the number itself, and the ends of its interval as they are shown.
    Number(String, f64, Option<(String, String)>),
}

impl Table {
    /// Appends the table to a page.
    pub fn draw(&self, html: &mut String, index: usize) {
        let (heading, caption) = (escaped(self.heading), escaped(&capital(&self.caption)));
        let columns = self.columns.iter().enumerate().map(|(place, name)| {
            let class = if self.has_words(place) { " class=\"words\"" } else { "" };
            format!("<th scope=\"col\"{class}>{}</th>", breakable(name))
        });
        let columns: String = columns.collect();
        // Writing to a string does not fail.
        let _ = writeln!(
            html,
            "<section id=\"table-{index}\" aria-labelledby=\"h-table-{index}\"><h2 id=\"h-table-{index}\">{heading}</h2>{}\n\
             <div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-labelledby=\"h-table-{index}\">\
             <table class=\"sorts\"><caption><span>{caption}</span></caption>\n<thead><tr>{columns}</tr></thead>\n<tbody>",
            if self.folded { "<details><summary>Show</summary>" } else { "" },
        );
        for row in &self.rows {
            html.push_str("<tr>");
            for (place, cell) in row.iter().enumerate() {
                cell.draw(html, place == 0);
            }
            html.push_str("</tr>\n");
        }
        let _ = writeln!(html, "</tbody></table></div>{}</section>", if self.folded { "</details>" } else { "" });
    }

    /// Whether a column has words, which begin at the left.
    fn has_words(&self, place: usize) -> bool {
        let cell = |row: &Vec<Cell>| matches!(row.get(place), Some(Cell::Words(_) | Cell::Bad(_)));
        self.rows.iter().any(cell)
    }
}

/// A name in which a line may break after the parts of a path, since a narrow column would break it within a word.
fn breakable(name: &str) -> String {
    let is_path = !name.contains(' ');
    if is_path { escaped(name).replace('_', "_<wbr>").replace('.', ".<wbr>") } else { escaped(name) }
}

/// Words in which a line may break after the parts of each path: `pool.api.servers = 16`.
fn breakable_paths(words: &str) -> String {
    let is_path = |word: &str| word.starts_with(char::is_alphabetic) && word.contains(['.', '_']);
    let broken = |word: &str| if is_path(word) { breakable(word) } else { escaped(word) };
    words.split(' ').map(broken).collect::<Vec<_>>().join(" ")
}

impl Cell {
    fn draw(&self, html: &mut String, is_first: bool) {
        // Writing to a string does not fail.
        let _ = match self {
            Cell::Empty => write!(html, "<td>\u{2013}</td>"),
            Cell::Name(name) if is_first => write!(html, "<th scope=\"row\">{}</th>", breakable(name)),
            Cell::Name(name) => write!(html, "<td>{}</td>", escaped(name)),
            Cell::Words(words) => write!(html, "<td class=\"words\">{}</td>", breakable_paths(words)),
            Cell::Bad(words) => write!(html, "<td class=\"words\"><span class=\"bad\">{}</span></td>", escaped(words)),
            Cell::Number(shown, value, interval) => {
                let ends = interval.as_ref().map_or_else(String::new, |(low, high)| {
                    format!(" <span class=\"low\">{} to {}</span>", escaped(low), escaped(high))
                });
                write!(html, "<td data-v=\"{}\">{}{ends}</td>", crate::report::numbers::cell(*value), escaped(shown))
            }
        };
    }
}
