//! A page: the charts and tables of a run, a comparison or a sweep as one HTML file that needs nothing else.
//!
//! The page asks nobody for anything: its policy allows no request, and no style and script but its own, by their hashes.
//! `page.css` and `page.js` are its style and script. Charts stand in it as SVG from the same models as those of the files,
//! and say all they have to say without the script; the script adds values at the pointer, zoom, and sorting.

mod figure;
mod readings;
mod table;

use std::fmt::Write;
use std::sync::OnceLock;

use serde_json::json;
use sha2::{Digest, Sha256};

pub use table::{Cell, Table};

use super::Theme;
use super::svg::{escaped, variables};
use crate::report::chart::sheet::Sheet;

const SCRIPT: &str = include_str!("page.js");

/// Contents of a page.
#[derive(Debug)]
pub struct Page<'a> {
    /// The title of the page.
    pub title: &'a str,
    /// Scenario, seed, scale and time of the results, in a line below the title.
    pub about: &'a str,
    /// Description from the scenario's file; may be empty.
    pub description: &'a str,
    /// The verdict: sentences.
    pub verdict: Vec<String>,
    /// Sentences beside the verdict.
    pub findings: Vec<String>,
    /// The charts by name.
    pub charts: &'a [(String, Sheet)],
    /// The part of the time that the charts show at first, in seconds from the drop, if not all.
    pub part: Option<(f64, f64)>,
    /// Tables, by the heading under which they stand.
    pub tables: Vec<Table>,
    /// Heading and text of what was run, in the language of its file.
    pub source: Option<(&'static str, &'a str)>,
    /// Program, seed, scale and digest of the results.
    pub provenance: String,
    /// The drop in milliseconds since 1970, from which axes of time count.
    pub drop_ms: i64,
}

/// Draws a page and returns the bytes of the file.
pub fn draw(page: &Page<'_>) -> Vec<u8> {
    let (figures, data) = figure::all(page.charts);
    let data = json!({ "drop_ms": page.drop_ms, "part": page.part, "charts": data });
    let mut html = String::with_capacity(figures.len() + SCRIPT.len() + (1 << 16));
    head(&mut html, page);
    html.push_str("<main id=\"main\">\n");
    verdict(&mut html, page);
    description(&mut html, page.description);
    if !page.charts.is_empty() {
        let over_time = page.charts.iter().flat_map(|(_, sheet)| &sheet.panels).any(|panel| panel.x.time().is_some());
        let zoom = if over_time { ZOOM } else { "" };
        // Writing to a string does not fail.
        let _ = writeln!(
            html,
            "<section id=\"charts\" aria-labelledby=\"h-charts\"><h2 id=\"h-charts\">Charts</h2>\n{BAR}{zoom}</p>\n{figures}</section>"
        );
    }
    for (index, table) in page.tables.iter().enumerate() {
        table.draw(&mut html, index);
    }
    if let Some((heading, text)) = page.source {
        let (heading, text) = (escaped(heading), escaped(text));
        let _ = writeln!(
            html,
            "<section id=\"source\" aria-labelledby=\"h-source\"><h2 id=\"h-source\">{heading}</h2>\n\
             <details><summary>Show</summary><pre tabindex=\"0\" role=\"region\" aria-label=\"{heading}\">{text}</pre></details></section>"
        );
    }
    let _ = writeln!(html, "</main>\n<footer>{}</footer>", escaped(&page.provenance));
    // Nothing in the data can end its element, since no text in it has an angle bracket.
    let data = data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    let _ = writeln!(
        html,
        "<script type=\"application/json\" id=\"data\">{data}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>"
    );
    html.into_bytes()
}

/// Everything before the first section.
fn head(html: &mut String, page: &Page<'_>) {
    let title = escaped(page.title);
    let mut contents: Vec<(String, &str)> = Vec::new();
    if !page.charts.is_empty() {
        contents.push(("charts".to_owned(), "Charts"));
    }
    contents.extend(page.tables.iter().enumerate().map(|(index, table)| (format!("table-{index}"), table.heading)));
    contents.extend(page.source.map(|(heading, _)| ("source".to_owned(), heading)));
    let contents: String =
        contents.iter().map(|(id, name)| format!("<li><a href=\"#{id}\">{}</a></li>", escaped(name))).collect();
    // Writing to a string does not fail.
    let _ = writeln!(
        html,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n<style>{}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the verdict</a>\n<header>\n<h1>{title}</h1>\n<p class=\"about\">{}</p>\n\
         <nav aria-label=\"Contents\"><ul>{contents}</ul></nav>\n</header>",
        policy(),
        style(),
        escaped(page.about),
    );
}

fn verdict(html: &mut String, page: &Page<'_>) {
    if page.verdict.is_empty() {
        return;
    }
    let sentences = escaped(&page.verdict.join(" "));
    let findings: String = page.findings.iter().map(|finding| format!("<li>{}</li>", escaped(finding))).collect();
    let findings = if findings.is_empty() { findings } else { format!("\n<ul class=\"findings\">{findings}</ul>") };
    // Writing to a string does not fail.
    let _ = writeln!(
        html,
        "<section id=\"verdict\" aria-labelledby=\"h-verdict\"><h2 id=\"h-verdict\">Verdict</h2>\n\
         <p class=\"verdict\">{sentences}</p>{findings}</section>"
    );
}

/// Writes the description from the scenario's file: an empty line parts paragraphs.
fn description(html: &mut String, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    let paragraphs = text.trim().split("\n\n").map(|paragraph| format!("<p>{}</p>", escaped(paragraph.trim())));
    // Writing to a string does not fail.
    let _ = writeln!(
        html,
        "<details class=\"about\"><summary>About the scenario</summary>{}</details>",
        paragraphs.collect::<String>()
    );
}

/// The buttons above the charts, which the script shows.
const BAR: &str = "<div class=\"bar\" role=\"toolbar\" aria-label=\"Charts\" hidden>\
<button id=\"theme\" type=\"button\">Dark or light</button>\
<span id=\"zoom\"><button id=\"in\" type=\"button\">Zoom in</button> <button id=\"out\" type=\"button\">Zoom out</button> \
<button id=\"whole\" type=\"button\" disabled>Whole time</button></span>\
<output id=\"status\" aria-live=\"polite\"></output></div>\n\
<p class=\"note help\">Values stand at the pointer, and at the arrow keys in a chart.";
/// Remark below charts over time: their controls.
const ZOOM: &str = " Drag across a chart to zoom all of them, double-click to see the whole time; by keyboard with plus and \
minus, Page Up and Page Down, Escape.";

/// The style: the colours of both themes, and the sheet.
fn style() -> &'static str {
    static STYLE: OnceLock<String> = OnceLock::new();
    STYLE.get_or_init(|| {
        let (light, dark) = (variables(Theme::Light), variables(Theme::Dark));
        let sheet = include_str!("page.css");
        format!(
            ":root{{{light}}}\n@media screen{{:root[data-theme=\"dark\"]{{{dark}}}\n\
             @media (prefers-color-scheme:dark){{:root:not([data-theme=\"light\"]){{{dark}}}}}}}\n{sheet}"
        )
    })
}

/// The policy of the page: nothing is allowed but its own style and script.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(style())
    )
}

/// Bytes in base 64, RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::model::{Block, Colour, Fill, SERIES, SHADES};
    use crate::report::chart::shapes::Shape;
    use crate::report::render::svg::{Lettering, Paint, Pen};

    fn page(title: &str) -> String {
        let page = Page {
            title,
            about: "about <it>",
            description: "One\nline.\n\nAnother & <more>.",
            verdict: vec!["\"All\" & <none>.".to_owned()],
            findings: vec!["Also <b>.".to_owned()],
            charts: &[],
            part: None,
            tables: Vec::new(),
            source: Some(("Scenario", "title = \"</pre><script>\"")),
            provenance: "seed 1".to_owned(),
            drop_ms: 0,
        };
        String::from_utf8(draw(&page)).unwrap()
    }

    #[test]
    fn every_colour_that_charts_use_is_declared() {
        use Colour::{Axis, Broken, ComeBacks, Demand, Faint, Good, Grid, Hedges, Ink, Paper, Queue, Refreshes};
        use Colour::{Reports, Retries, Stalls, Streams, Subdued, Waste};
        let named = [
            Axis, Broken, ComeBacks, Demand, Faint, Good, Grid, Hedges, Ink, Paper, Queue, Refreshes, Reports, Retries,
            Stalls, Streams, Subdued, Waste,
        ];
        let shades = (0..=SHADES as usize).map(|step| step as f64 / SHADES);
        let shades = shades.flat_map(|share| [Fill::Harm(share), Fill::Amount(share)]).map(Colour::Fill);
        for colour in named.into_iter().chain((0..SERIES).map(Colour::Series)).chain(shades) {
            let mut pen = Pen::new(Paint::Variables, Lettering::Text);
            pen.shape(&Shape::Block(Block { from: (0.0, 0.0), to: (9.0, 9.0), colour, opacity: 0.5 }));
            let drawn = pen.into_parts().1;
            let used = drawn.split("var(").nth(1).and_then(|rest| rest.split(')').next()).unwrap_or("nothing");
            let declared = style().matches(&format!("{used}:#")).count();
            assert_eq!(declared, 3, "{colour:?} is {used} in {drawn}: light, dark by choice, dark by preference");
        }
    }

    #[test]
    fn a_title_with_markup_is_text() {
        let html = page("</title><script>alert('x')</script> \u{1f3ac} \"a\" & b");
        assert!(html.contains("<title>&lt;/title&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; \u{1f3ac} &quot;a&quot; &amp; b</title>"));
        assert_eq!(html.matches("<script").count(), 2);
        assert!(html.contains("&quot;All&quot; &amp; &lt;none&gt;."));
        assert!(html.contains("<p>One\nline.</p><p>Another &amp; &lt;more&gt;.</p>"));
        assert!(html.contains("title = &quot;&lt;/pre&gt;&lt;script&gt;&quot;"));
    }

    #[test]
    fn the_policy_names_the_style_and_the_script_that_stand_there() {
        let html = page("x");
        let between = |from: &str, to: &str| html.split(from).nth(1).unwrap().split(to).next().unwrap().to_owned();
        let (style, script) = (between("<style>", "</style>"), between("<script>", "</script>"));
        for text in [style, script] {
            assert!(html.contains(&base64(&Sha256::digest(text.as_bytes()))));
        }
        assert!(html.contains("default-src 'none'") && !html.contains("unsafe-inline"));
        // A style attribute would be refused.
        assert!(!html.contains(" style=\""));
    }

    #[test]
    fn a_page_without_data_is_small_and_names_no_address() {
        let html = page("x");
        assert!(html.len() < 150_000, "{}", html.len());
        let addresses = html.replace("http://www.w3.org/2000/svg", "");
        assert!(!addresses.contains("http:") && !addresses.contains("https:") && !addresses.contains("@import"));
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        let of = |text: &str| base64(text.as_bytes());
        assert_eq!([of(""), of("f"), of("fo"), of("foo"), of("foobar")], ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYmFy"]);
    }
}
