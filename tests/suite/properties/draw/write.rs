//! A drawn scenario as TOML in which every value has a line of its own, so that the line of a message names the value.

use toml::Value;

/// A text, and the path of the value on each of its lines.
pub struct Written {
    pub text: String,
    pub paths: Vec<String>,
}

impl Written {
    pub fn of(tree: &toml::Table) -> Written {
        let mut written = Written { text: String::new(), paths: Vec::new() };
        for (key, value) in tree {
            written.line(key, &format!("{} = ", quoted(key)));
            written.value(key, value, "");
        }
        written
    }

    /// The path of the value on a line, counted from 1.
    pub fn path(&self, line: usize) -> Option<&str> {
        self.paths.get(line.checked_sub(1)?).map(String::as_str)
    }

    /// Begins a line.
    fn line(&mut self, path: &str, begin: &str) {
        self.text.push_str(begin);
        self.paths.push(path.to_owned());
    }

    /// Writes a value and ends its last line.
    fn value(&mut self, path: &str, value: &Value, end: &str) {
        match value {
            Value::Table(table) if !table.is_empty() => {
                self.text.push_str("{\n");
                for (key, value) in table {
                    let below = format!("{path}.{key}");
                    self.line(&below, &format!("{} = ", quoted(key)));
                    self.value(&below, value, ",");
                }
                self.line(path, "}");
            }
            Value::Array(items) if !items.is_empty() => {
                self.text.push_str("[\n");
                for (index, value) in items.iter().enumerate() {
                    let below = format!("{path}.{index}");
                    self.line(&below, "");
                    self.value(&below, value, ",");
                }
                self.line(path, "]");
            }
            scalar => self.text.push_str(&scalar.to_string()),
        }
        self.text.push_str(end);
        self.text.push('\n');
    }
}

fn quoted(key: &str) -> String {
    let bare = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare { key.to_owned() } else { format!("\"{key}\"") }
}

#[test]
fn every_line_knows_its_value() {
    let tree: toml::Table = "a = 1\nb = { c = [{ d = 2 }, { e = 3 }], \"f.g\" = {} }".parse().unwrap();
    let written = Written::of(&tree);
    assert_eq!(written.text.parse::<toml::Table>().unwrap(), tree);
    let lines: Vec<_> = written.text.lines().zip(&written.paths).collect();
    assert!(lines.contains(&("e = 3,", &"b.c.1.e".to_owned())), "{lines:?}");
    assert!(lines.contains(&("\"f.g\" = {},", &"b.f.g".to_owned())), "{lines:?}");
}
