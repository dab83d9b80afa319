//! Source files as code alone: without comments, without texts, and without what is compiled for tests only.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One Rust file of the repository.
pub struct Source {
    /// The path from the root of the repository, such as `src/engine/mod.rs`.
    pub file: String,
    /// Number of lines, comments and tests included.
    pub lines: usize,
    /// All of its code, tests included.
    pub whole: TokenStream,
    /// Its code without comments and tests.
    pub code: TokenStream,
}

impl Source {
    fn read(file: String) -> Source {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        let whole: TokenStream = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
        Source { file, lines: text.lines().count(), code: without_tests(whole.clone()), whole }
    }

    /// The path from `src/`.
    pub fn in_src(&self) -> &str {
        self.file.strip_prefix("src/").unwrap_or(&self.file)
    }

    /// The path of the module from the root of the crate, part by part.
    pub fn module(&self) -> Vec<String> {
        module_folder(self.in_src()).split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// The code as one line in which only words that would touch are apart: `let v=Vec::new();`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        write(&self.code, &mut text);
        text
    }

    /// The modules that lie in files of their own, by the lines `mod name;`.
    fn modules(&self, code: &TokenStream) -> Vec<String> {
        let folder = module_folder(&self.file);
        let tokens: Vec<TokenTree> = code.clone().into_iter().collect();
        let declared = tokens.windows(3).filter(|three| is_word(&three[0], "mod") && is_mark(&three[2], ';'));
        let names = declared.map(|three| three[1].to_string());
        names.flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")]).collect()
    }
}

/// Every Rust file below some folders, in order of its path.
pub fn below(folders: &[&str]) -> Vec<Source> {
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                files.push(entry.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files.into_iter().map(Source::read).collect()
}

/// The files of the library and the binary, without those that are compiled for tests only.
pub fn house() -> Vec<Source> {
    let mut sources = below(&["src"]);
    let kept: Vec<String> = sources.iter().flat_map(|source| source.modules(&source.code)).collect();
    sources
        .retain(|source| ["src/lib.rs", "src/main.rs"].contains(&source.file.as_str()) || kept.contains(&source.file));
    assert!(sources.len() > 50, "only {} sources were found", sources.len());
    sources
}

/// The folder in which the modules of a file lie.
fn module_folder(file: &str) -> String {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    match file.rsplit('/').next() {
        Some("mod.rs" | "lib.rs" | "main.rs") => folder.to_owned(),
        _ => file.trim_end_matches(".rs").to_owned(),
    }
}

/// Calls `visit` with the tokens of a stream, and with those of every group in it.
pub fn each_level(code: &TokenStream, visit: &mut impl FnMut(&[TokenTree])) {
    let tokens: Vec<TokenTree> = code.clone().into_iter().collect();
    visit(&tokens);
    for token in tokens {
        if let TokenTree::Group(group) = token {
            each_level(&group.stream(), visit);
        }
    }
}

pub fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

pub fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

pub fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The code without doc comments and without the items that `#[cfg(test)]` or `#[cfg(all(test, …))]` marks.
fn without_tests(code: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    let mut tokens = code.into_iter();
    while let Some(token) = tokens.next() {
        let TokenTree::Group(group) = &token else {
            kept.push(token);
            continue;
        };
        let attribute = group.delimiter() == Delimiter::Bracket
            && kept.last().is_some_and(|before| is_mark(before, '#') || is_mark(before, '!'));
        let words = group.stream().to_string().replace(' ', "");
        let for_tests = words == "cfg(test)" || words.starts_with("cfg(all(test,");
        if attribute && (for_tests || words.starts_with("doc=")) {
            while kept.last().is_some_and(|before| is_mark(before, '#') || is_mark(before, '!')) {
                kept.pop();
            }
            if for_tests {
                // An item ends with its braces or its semicolon.
                tokens.find(|token| is_mark(token, ';') || is_group(token, Delimiter::Brace));
            }
            continue;
        }
        kept.push(proc_macro2::Group::new(group.delimiter(), without_tests(group.stream())).into());
    }
    kept.into_iter().collect()
}

fn write(code: &TokenStream, text: &mut String) {
    for token in code.clone() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(&group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => text.push(punct.as_char()),
            TokenTree::Ident(word) => {
                if text.ends_with(|last: char| last.is_alphanumeric() || last == '_') {
                    text.push(' ');
                }
                text.push_str(&word.to_string());
            }
            // What a text says is no code.
            TokenTree::Literal(_) => text.push('0'),
        }
    }
}

#[test]
fn code_is_read_without_comments_texts_and_tests() {
    let text = "//! a::b\n/// c::d\nfn f() { g(\"e::f\", Vec::new()) } // h::i\n#[cfg(test)]\nmod tests { j::k }\n\
                impl X { #[cfg(test)] fn l() {} #[cfg(all(test, unix))] fn m() {} fn last(&self) -> Box<dyn Y> {} }";
    let code = without_tests(text.parse().unwrap());
    let mut written = String::new();
    write(&code, &mut written);
    assert_eq!(written, "fn f(){g(0,Vec::new())}impl X{fn last(&self)->Box<dyn Y>{}}");
}
