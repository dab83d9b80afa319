//! Changes of files at random: of bytes, of lines, and of what stands for a value.

/// Random numbers of one input.
pub struct Random(u64);

impl Random {
    pub fn of(seed: u64, number: u64) -> Random {
        let mut random = Random(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.next();
        random
    }

    /// SplitMix64.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound; 0 if the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % (bound.max(1) as u64)) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

/// Numbers and quantities at the edge of what is meant.
const VALUES: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "10",
    "100",
    "1000",
    "65536",
    "1_000_000",
    "4294967296",
    "9223372036854775807",
    "0.5",
    "-0.0",
    "1e-9",
    "1e308",
    "1e999",
    "nan",
    "inf",
    "-inf",
    "true",
    "[]",
    "{}",
    "\"\"",
    "\"0 s\"",
    "\"1 ns\"",
    "\"1 ms\"",
    "\"1 s\"",
    "\"-1 s\"",
    "\"30 s\"",
    "\"5 min\"",
    "\"1 h\"",
    "\"100 d\"",
    "\"1e300 h\"",
    "\"0%\"",
    "\"1%\"",
    "\"50%\"",
    "\"100%\"",
    "\"200%\"",
    "\"0/s\"",
    "\"1/min\"",
    "\"10/s\"",
    "\"1e9/s\"",
    "\"1 kbps\"",
    "\"1 Gbps\"",
    "\"unlimited\"",
    "\"full\"",
    "\"keep\"",
    "\"codel\"",
    "\"drop\"",
    "\"+1 min\"",
    "\"-1 min\"",
    "\"09:00\"",
    "\"23:59\"",
    "\"world\"",
    "\"api\"",
    "\"watch\"",
    "\"all\"",
    "{ exponential = { mean = \"1 s\" } }",
    "{ mixture = [{ weight = 1, of = \"-1 s\" }] }",
    "{ pareto = { minimum = \"1 ms\", shape = 1.0 } }",
    "{ uniform = { from = \"0 s\", to = \"1 s\" } }",
    "{ lognormal = { median = \"1 s\", sigma = 3 } }",
    "{ shared = { limit = 0 } }",
    "{ per_server = { limit = 1 } }",
    "2026-01-09T09:00:00Z",
    "9999-12-31T23:59:59Z",
    "-0001-01-01T00:00:00Z",
    "1970-01-01",
    "\"=HYPERLINK(1)\"",
];

/// Pieces of text that are likely to be taken for something else.
const PIECES: &[&str] = &[
    "\"",
    "'''",
    "\"\"\"",
    "[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    ":",
    "\n",
    "\r",
    "\0",
    "\t",
    "#",
    "é",
    "紙",
    "\u{feff}",
    "\u{1b}[2J",
    "\u{9b}",
    "\u{202e}",
    "\\u001b",
    "[[change]]",
    "[pool.api]",
    "[region.a]",
    "extends = \"scenario.toml\"",
    "..",
    "/",
    "-",
    "1e",
    "_",
    "interval = \"1 s\"\n",
    "measure = { from = \"1 min\" }\n",
    "set = { \"pool.api.servers\" = 0 }\n",
    "already = \"steady\"\n",
    "hedge = 1\n",
    "\"x\" = 1\n",
    "minute,people\n",
    "NaN",
    ",,",
    "\n\n",
];

/// A changed text; at times not even a text.
pub fn text(original: &str, others: &[&str], random: &mut Random) -> Vec<u8> {
    let mut text = original.to_owned();
    // Mostly few changes, since many hide one another.
    for _ in 0..=random.below(4).min(random.below(8)) {
        change(&mut text, others, random);
    }
    let mut bytes = text.into_bytes();
    if random.below(20) == 0 {
        flip(&mut bytes, random);
    }
    bytes
}

/// Changes bytes without regard to characters.
pub fn flip(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match (random.below(5), bytes.get_mut(at)) {
            (0, Some(byte)) => *byte ^= 1 << random.below(8),
            (1, Some(byte)) => *byte = random.next() as u8,
            (2, _) => bytes.truncate(at),
            (3, Some(_)) => drop(bytes.drain(at..(at + 1 + random.below(16)).min(bytes.len()))),
            _ => bytes.insert(at, random.next() as u8),
        }
    }
}

fn change(text: &mut String, others: &[&str], random: &mut Random) {
    match random.below(12) {
        // The value behind an equals sign, in half of all cases: this is what leaves files valid.
        0..=4 => replace_value(text, random.pick(VALUES), random),
        5 => scale_number(text, random),
        6 | 7 => move_line(text, random),
        8 => insert(text, random.pick(PIECES), random),
        9 => {
            // A line of another file.
            let other = random.pick(others);
            let lines: Vec<&str> = other.lines().collect();
            let line = lines.get(random.below(lines.len())).copied().unwrap_or_default();
            insert_line(text, line, random);
        }
        10 => {
            let (from, to) = range(text, 40, random);
            let piece = if random.below(2) == 0 { String::new() } else { text[from..to].repeat(2) };
            text.replace_range(from..to, &piece);
        }
        _ => {
            let (from, to) = range(text, 6, random);
            let piece = text[from..to].chars().rev().collect::<String>();
            text.replace_range(from..to, &piece);
        }
    }
}

/// Replaces a piece of a line between an equals sign or a comma and the next delimiter.
fn replace_value(text: &mut String, value: &str, random: &mut Random) {
    let starts: Vec<usize> =
        text.char_indices().filter(|(_, c)| matches!(c, '=' | ',' | '[')).map(|(at, _)| at + 1).collect();
    if starts.is_empty() {
        return insert(text, value, random);
    }
    let start = starts[random.below(starts.len())];
    let rest = &text[start..];
    // To the end of the value, which may be a table, or to that of its first part.
    let whole = random.below(2) == 0;
    let end = rest.find(if whole { &['\n'][..] } else { &[',', '}', ']', '\n'][..] }).unwrap_or(rest.len());
    text.replace_range(start..start + end, &format!(" {value}"));
}

/// Multiplies a number, so that quantities keep their units.
fn scale_number(text: &mut String, random: &mut Random) {
    let is_digit = |c: char| c.is_ascii_digit();
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|(at, c)| is_digit(*c) && !text[..*at].ends_with(|before: char| is_digit(before) || before == '.'))
        .map(|(at, _)| at)
        .collect();
    let Some(start) = starts.get(random.below(starts.len())).copied() else { return };
    let end = start + text[start..].find(|c: char| !is_digit(c)).unwrap_or(text.len() - start);
    let number: f64 = text[start..end].parse().unwrap_or(1.0);
    let scaled = match random.below(6) {
        0 => 0.0,
        1 => number + 1.0,
        2 => (number - 1.0).max(0.0),
        3 => number * 10.0,
        4 => (number / 10.0).floor(),
        _ => number * 1000.0,
    };
    text.replace_range(start..end, &format!("{scaled:.0}"));
}

/// Drops a line, doubles it or puts it elsewhere.
fn move_line(text: &mut String, random: &mut Random) {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return;
    }
    let (from, to) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(3) {
        0 => drop(lines.remove(from)),
        1 => lines.insert(to, lines[from].clone()),
        _ => lines.swap(from, to),
    }
    *text = lines.join("\n");
}

fn insert(text: &mut String, piece: &str, random: &mut Random) {
    let (at, _) = range(text, 0, random);
    text.insert_str(at, piece);
}

fn insert_line(text: &mut String, line: &str, random: &mut Random) {
    let breaks: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let at = breaks.get(random.below(breaks.len())).copied().unwrap_or(text.len());
    text.insert_str(at, &format!("\n{line}"));
}

/// A range of a text between characters.
fn range(text: &str, longest: usize, random: &mut Random) -> (usize, usize) {
    let floor = |mut index: usize| {
        while !text.is_char_boundary(index) {
            index -= 1;
        }
        index
    };
    let from = floor(random.below(text.len() + 1));
    (from, floor((from + random.below(longest + 1)).min(text.len())))
}
