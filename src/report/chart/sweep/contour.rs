//! Marching squares: the line along which a figure has a value.

/// A line in the coordinates of the grid.
pub type Line = Vec<(f64, f64)>;

/// The lines at `level` through values at the crossings of `xs` and `ys`, given as `[y][x]`. Between two crossings the
/// figure is taken to be straight; squares with a corner that has no value have no line.
///
/// W. E. Lorensen and H. E. Cline, Marching Cubes, 1987, in two dimensions. The mean of the four corners decides between the
/// two ways through a saddle.
pub fn contour(xs: &[f64], ys: &[f64], values: &[Vec<Option<f64>>], level: f64) -> Vec<Line> {
    let mut pieces: Vec<[(f64, f64); 2]> = Vec::new();
    for row in 1..ys.len() {
        for column in 1..xs.len() {
            // Counter-clockwise from the lower left.
            let corners = [(column - 1, row - 1), (column, row - 1), (column, row), (column - 1, row)];
            let Some(at) = corners.iter().map(|(x, y)| values[*y][*x]).collect::<Option<Vec<f64>>>() else { continue };
            let above: Vec<bool> = at.iter().map(|value| *value > level).collect();
            let mut crossings = Vec::new();
            for side in 0..4 {
                let next = (side + 1) % 4;
                if above[side] != above[next] {
                    crossings.push(crossing(corners[side], corners[next], at[side], at[next], level, xs, ys));
                }
            }
            match crossings[..] {
                [a, b] => pieces.push([a, b]),
                [a, b, c, d] => {
                    let middle = at.iter().sum::<f64>() / 4.0 > level;
                    // The corners on the middle's side belong together, so the lines cut off the other two.
                    if middle == above[0] {
                        pieces.extend([[a, b], [c, d]]);
                    } else {
                        pieces.extend([[d, a], [b, c]]);
                    }
                }
                _ => {}
            }
        }
    }
    // Where a corner is at the level itself, a piece may be no longer than a point.
    pieces.retain(|[a, b]| a != b);
    joined(pieces)
}

/// Where the level lies between two neighbours; the same bits for a pair of neighbours in both squares that share it.
fn crossing(
    a: (usize, usize),
    b: (usize, usize),
    value_a: f64,
    value_b: f64,
    level: f64,
    xs: &[f64],
    ys: &[f64],
) -> (f64, f64) {
    if b < a {
        return crossing(b, a, value_b, value_a, level, xs, ys);
    }
    let share = (level - value_a) / (value_b - value_a);
    let between = |low: f64, high: f64| low + (high - low) * share;
    (between(xs[a.0], xs[b.0]), between(ys[a.1], ys[b.1]))
}

/// Joins pieces that meet into lines, so that lines turn corners without notches.
fn joined(mut pieces: Vec<[(f64, f64); 2]>) -> Vec<Line> {
    let mut lines = Vec::new();
    while let Some(piece) = pieces.pop() {
        let mut line: Line = piece.to_vec();
        for _ in 0..2 {
            while let Some(end) = line.last().copied()
                && let Some(next) = pieces.iter().position(|piece| piece.contains(&end))
            {
                let piece = pieces.swap_remove(next);
                line.push(if piece[0] == end { piece[1] } else { piece[0] });
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

    fn grid(count: usize, figure: impl Fn(f64, f64) -> f64) -> (Vec<f64>, Vec<Vec<Option<f64>>>) {
        let at: Vec<f64> = (0..count).map(|i| i as f64 / (count - 1) as f64 * 2.0 - 1.0).collect();
        let values = at.iter().map(|y| at.iter().map(|x| Some(figure(*x, *y))).collect()).collect();
        (at, values)
    }

    #[test]
    fn the_contour_of_a_plane_is_a_straight_line_in_its_place() {
        let (at, values) = grid(6, |x, y| x + 2.0 * y);
        let lines = contour(&at, &at, &values, 0.3);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|(x, y)| (x + 2.0 * y - 0.3).abs() < 1e-12), "{lines:?}");
        assert!(lines[0].len() > 5);
    }

    #[test]
    fn the_contour_of_a_bowl_is_a_closed_ring() {
        let (at, values) = grid(81, |x, y| x * x + y * y);
        let lines = contour(&at, &at, &values, 0.5);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        assert!(lines[0].iter().all(|(x, y)| (x.hypot(*y) - 0.5_f64.sqrt()).abs() < 1e-3));
    }

    #[test]
    fn there_is_no_line_where_there_is_no_value_or_no_crossing() {
        let (at, mut values) = grid(2, |x, _| x);
        assert!(contour(&at, &at, &values, 5.0).is_empty());
        values[0][0] = None;
        assert!(contour(&at, &at, &values, 0.0).is_empty());
    }
}
