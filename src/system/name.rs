//! Names that become folders: one plain component of a path on every system.

use std::path::Path;

/// Names of devices on Windows, where a folder of such a name cannot be made.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The name of a file without its extension; `otherwise` where there is none.
pub fn stem(path: &Path, otherwise: &str) -> String {
    path.file_stem().map_or_else(|| otherwise.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// The reason why a name cannot be that of a folder; `None` if it can.
pub fn flaw(name: &str) -> Option<&'static str> {
    let device = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = ["com", "lpt"]
        .iter()
        .any(|port| device.strip_prefix(port).is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9'])));
    match name.chars().next() {
        None => Some("it is empty"),
        Some('.') => Some("it begins with a point"),
        Some('-') => Some("it begins with a minus sign, as options do"),
        _ if name.ends_with(['.', ' ']) => Some("it ends with a point or a space"),
        _ if name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) => {
            Some("it has a character that paths, drives or patterns are made of")
        }
        _ if name.chars().any(super::text::is_hostile) => Some("it has a control character"),
        _ if numbered || DEVICES.contains(&device.as_str()) => Some("it is the name of a device on some systems"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_plain_component_of_a_path() {
        for name in ["my-drop", "Fußball 2026", "v1.2", "紙の家", "console", "com10"] {
            assert_eq!(flaw(name), None, "{name}");
        }
        for name in
            ["", ".", "..", ".git", "-x", "a/b", "a\\b", "c:", "a.", "a ", "x\u{1b}", "NUL", "com1.x", "a\u{202e}b"]
        {
            assert!(flaw(name).is_some(), "{name:?}");
        }
    }

    #[test]
    fn the_name_of_a_file_is_that_before_its_extension() {
        assert_eq!(stem(Path::new("a/...toml"), "x"), "..");
        assert_eq!(stem(Path::new("a/my.drop.toml"), "x"), "my.drop");
        assert_eq!(stem(Path::new(".."), "x"), "x");
    }
}
