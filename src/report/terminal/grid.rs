//! Tables of a screen: where the width does not suffice, whole columns are left out, and no cell loses a letter.

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Words above the column; a table whose columns have none has no header.
    pub title: &'static str,
    /// Whether cells stand at the right edge of the column.
    pub right: bool,
    /// Rank in which the column is left out: the highest goes first, 0 stays.
    pub rank: u8,
}

impl Column {
    /// A column with a title whose cells stand at the right edge.
    pub const fn right(title: &'static str, rank: u8) -> Column {
        Column { title, right: true, rank }
    }

    /// A column with a title whose cells stand at the left edge.
    pub const fn left(title: &'static str, rank: u8) -> Column {
        Column { title, right: false, rank }
    }
}

/// Spaces between two columns.
const GAP: usize = 2;

/// The table in at most `width` columns of the screen where leaving out columns suffices for that. A row that is wider all
/// the same goes on in the next line. Columns without a cell are left out.
pub fn grid(columns: &[Column], rows: &[Vec<String>], width: usize) -> String {
    let mut kept: Vec<usize> =
        (0..columns.len()).filter(|column| rows.iter().any(|row| !cell(row, *column).is_empty())).collect();
    while total(columns, rows, &kept) > width {
        let Some(last) =
            kept.iter().copied().filter(|column| columns[*column].rank > 0).max_by_key(|c| columns[*c].rank)
        else {
            break;
        };
        kept.retain(|column| *column != last);
    }
    let header: Vec<String> = columns.iter().map(|column| column.title.to_owned()).collect();
    let header = Some(&header).filter(|titles| titles.iter().any(|title| !title.is_empty()));
    header.into_iter().chain(rows).map(|row| line(columns, rows, &kept, row, width)).collect::<Vec<_>>().join("\n")
}

fn cell(row: &[String], column: usize) -> &str {
    row.get(column).map_or("", String::as_str)
}

fn letters(text: &str) -> usize {
    text.chars().count()
}

fn width_of(columns: &[Column], rows: &[Vec<String>], column: usize) -> usize {
    rows.iter().map(|row| letters(cell(row, column))).max().unwrap_or(0).max(letters(columns[column].title))
}

fn total(columns: &[Column], rows: &[Vec<String>], kept: &[usize]) -> usize {
    let widths: usize = kept.iter().map(|column| width_of(columns, rows, *column)).sum();
    widths + GAP * kept.len().saturating_sub(1)
}

fn line(columns: &[Column], rows: &[Vec<String>], kept: &[usize], row: &[String], width: usize) -> String {
    let (mut done, mut line) = (String::new(), String::new());
    for column in kept {
        let (text, room) = (cell(row, *column), width_of(columns, rows, *column));
        let pad = " ".repeat(room.saturating_sub(letters(text)));
        let next = if columns[*column].right { format!("{pad}{text}") } else { format!("{text}{pad}") };
        let gap = if *column == kept[0] { 0 } else { GAP };
        if letters(line.trim_end()) > 0 && letters(&line) + gap + letters(next.trim_end()) > width {
            done.push_str(line.trim_end());
            done.push('\n');
            line = format!("    {}", next.trim_start());
        } else {
            line.push_str(&" ".repeat(gap));
            line.push_str(&next);
        }
    }
    done + line.trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [Column::left("name", 0), Column::right("failed", 2), Column::right("over", 1)];

    fn rows() -> Vec<Vec<String>> {
        [["flagship", "94%", "09:32"], ["twice", "9.2%", "–"]].map(|row| row.map(str::to_owned).to_vec()).to_vec()
    }

    #[test]
    fn a_table_that_is_too_wide_loses_columns_and_no_letters() {
        assert_eq!(
            grid(&COLUMNS, &rows(), 40),
            "name      failed   over\nflagship     94%  09:32\ntwice       9.2%      –"
        );
        assert_eq!(grid(&COLUMNS, &rows(), 20), "name       over\nflagship  09:32\ntwice         –");
        assert_eq!(grid(&COLUMNS, &rows(), 9), "name\nflagship\ntwice");
    }

    #[test]
    fn columns_that_stay_go_on_in_the_next_line() {
        let columns = [Column::left("", 0), Column::right("", 0)];
        assert_eq!(grid(&columns, &rows(), 10), "flagship\n    94%\ntwice\n    9.2%");
    }
}
