//! The line between the cells of a heat map that keep to a bound and those that do not. What lies between two points of a
//! sweep is not known, so the line runs along the edges of cells.

use std::collections::BTreeMap;

/// A line in the coordinates of the edges.
pub type Line = Vec<(f64, f64)>;

/// A corner of cells, by its indices among the edges.
type Corner = (usize, usize);

/// The lines between cells with `true` and cells with `false`, given as `[y][x]`; none beside cells without a value. `xs` and
/// `ys` are the edges of the cells, one more than there are cells.
pub fn boundary(xs: &[f64], ys: &[f64], holds: &[Vec<Option<bool>>]) -> Vec<Line> {
    let at = |x: usize, y: usize| holds.get(y).and_then(|row| row.get(x)).copied().flatten();
    let differ = |a: Option<bool>, b: Option<bool>| a.is_some() && b.is_some() && a != b;
    let (columns, rows) = (xs.len().saturating_sub(1), ys.len().saturating_sub(1));
    let mut pieces: Vec<[Corner; 2]> = Vec::new();
    for y in 0..rows {
        for x in 0..columns {
            if differ(at(x, y), at(x + 1, y)) {
                pieces.push([(x + 1, y), (x + 1, y + 1)]);
            }
            if differ(at(x, y), at(x, y + 1)) {
                pieces.push([(x, y + 1), (x + 1, y + 1)]);
            }
        }
    }
    let place = |(x, y): Corner| (xs[x], ys[y]);
    joined(&pieces).into_iter().map(|line| line.into_iter().map(place).collect()).collect()
}

/// Joins pieces that meet into lines, so that lines turn corners without notches.
fn joined(pieces: &[[Corner; 2]]) -> Vec<Vec<Corner>> {
    let mut meeting: BTreeMap<Corner, Vec<usize>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        piece.iter().for_each(|corner| meeting.entry(*corner).or_default().push(index));
    }
    let mut used = vec![false; pieces.len()];
    let mut lines = Vec::new();
    for first in 0..pieces.len() {
        if std::mem::replace(&mut used[first], true) {
            continue;
        }
        let mut line = pieces[first].to_vec();
        for _ in 0..2 {
            while let Some(end) = line.last().copied()
                && let Some(next) = meeting.get(&end).and_then(|all| all.iter().copied().find(|index| !used[*index]))
            {
                used[next] = true;
                line.push(if pieces[next][0] == end { pieces[next][1] } else { pieces[next][0] });
            }
            line.reverse();
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of rows of letters, the lowest row first: `x` for a cell that holds, `.` for one that does not, a space for
    /// none.
    fn lines(rows: &[&str]) -> Vec<Line> {
        let cell = |letter: char| (letter != ' ').then_some(letter == 'x');
        let holds: Vec<Vec<Option<bool>>> = rows.iter().map(|row| row.chars().map(cell).collect()).collect();
        let edges = |count: usize| (0..=count).map(|edge| edge as f64).collect::<Vec<_>>();
        boundary(&edges(rows[0].len()), &edges(rows.len()), &holds)
    }

    #[test]
    fn the_line_runs_along_edges_from_side_to_side() {
        let found = lines(&["..xx", "..xx", "..xx"]);
        assert_eq!(found, [vec![(2.0, 0.0), (2.0, 1.0), (2.0, 2.0), (2.0, 3.0)]]);
    }

    #[test]
    fn the_line_around_a_cell_is_closed() {
        let found = lines(&["...", ".x.", "..."]);
        assert!(found.len() == 1 && found[0].len() == 5 && found[0][0] == found[0][4], "{found:?}");
        assert!(found[0].iter().all(|(x, y)| (1.0..=2.0).contains(x) && (1.0..=2.0).contains(y)));
    }

    #[test]
    fn there_is_no_line_where_there_is_no_value_or_no_difference() {
        assert!(lines(&["xxx", "xxx"]).is_empty());
        assert!(lines(&["x .", "x ."]).is_empty());
        assert!(boundary(&[0.0], &[0.0], &[]).is_empty());
    }
}
