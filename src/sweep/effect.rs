//! Effects: how much each parameter of a sweep moves a figure, with intervals.
//!
//! On a full grid the variance of the figure over the points is decomposed exactly: into the share of a parameter alone
//! (Sobol's first-order index) and the share of the parameter with all its interactions (its total index); I. M. Sobol,
//! Mathematical Modelling and Computational Experiments 1, 1993. For a sample there is a linear regression: the
//! standardized coefficients of the values or of their ranks, whichever explain more (A. Saltelli et al., Sensitivity
//! Analysis in Practice, 2004, ch. 1 and 5), with intervals by the bootstrap over points (B. Efron, The Annals of Statistics
//! 7, 1979).

mod moments;
mod moved;

use super::table::Table;
use crate::random::{Key, Purpose, Stream};
use moments::{mean, variance};

/// Resamples of the points for an interval.
const ROUNDS: u64 = 500;

/// Groups in which points are resampled; up to this number each point is a group, and larger samples take no longer.
const BLOCKS: usize = 1024;

/// Most columns of a regression; more parameters call for a screening design.
const MOST_COLUMNS: usize = 64;

/// Method by which effects were estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Shares of the variance over a full grid.
    Variance,
    /// Standardized regression coefficients of the values.
    Regression,
    /// Standardized regression coefficients of the ranks.
    RankRegression,
}

/// The effects of all parameters on a figure, the strongest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Effects {
    /// Method by which the effects were estimated.
    pub method: Method,
    /// Share of the variance that the regression explains; on a grid, the sum of the first-order indices.
    pub explained: f64,
    /// Number of points that had a value.
    pub points: usize,
    /// The effect of each parameter that has more than one value.
    pub list: Vec<Effect>,
}

/// The effect of one parameter on a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Index of the parameter.
    pub parameter: usize,
    /// The standardized coefficient, which is negative where the figure falls as the parameter grows; on a grid, the
    /// first-order index. The size of three or more categories, which have no direction, is never negative.
    pub size: f64,
    /// Whether the sign of the size means a direction.
    pub directed: bool,
    /// 95% interval of the size; `None` on a grid, which is no sample.
    pub interval: Option<(f64, f64)>,
    /// The total index; `None` for a sample.
    pub total: Option<f64>,
    /// Mean of the figure over the points in the upper quarter of the parameter's values minus that over those in the lower
    /// quarter, in the unit of the figure; `None` for categories.
    pub moved: Option<f64>,
}

/// The effects of the parameters on a metric of a table; `None` if the metric never varies or the points are too few.
pub fn effects(table: &Table, metric: usize) -> Option<Effects> {
    let mut found = of_grid(table, metric).or_else(|| of_sample(table, metric))?;
    for effect in &mut found.list {
        effect.moved = moved::moved(table, effect.parameter, metric);
    }
    found.list.sort_by(|a, b| b.size.abs().total_cmp(&a.size.abs()));
    Some(found)
}

/// The variance shares on a grid; `None` unless every point has a value.
fn of_grid(table: &Table, metric: usize) -> Option<Effects> {
    let y: Vec<f64> = table.points.iter().map(|point| point.middle(metric)).collect::<Option<_>>()?;
    let lengths: Vec<usize> = (0..table.parameters.len()).map(|parameter| table.values(parameter).len()).collect();
    if !table.grid || lengths.iter().product::<usize>() != y.len() {
        return None;
    }
    let variance = variance(&y);
    if variance <= 0.0 {
        return None;
    }
    let mut list = Vec::new();
    for (parameter, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 1) {
        // The last parameter moves fastest.
        let stride: usize = lengths[parameter + 1..].iter().product();
        let digit = |point: usize| point / stride % length;
        let mut alone = vec![0.0; *length];
        y.iter().enumerate().for_each(|(point, value)| alone[digit(point)] += value);
        let each = (y.len() / length) as f64;
        alone.iter_mut().for_each(|sum| *sum /= each);
        let begins = (0..y.len()).filter(|point| digit(*point) == 0);
        let within: f64 = begins
            .map(|begin| moments::variance(&(0..*length).map(|i| y[begin + i * stride]).collect::<Vec<_>>()))
            .sum();
        list.push(Effect {
            parameter,
            size: moments::variance(&alone) / variance,
            directed: false,
            interval: None,
            total: Some(within / each / variance),
            moved: None,
        });
    }
    let explained = list.iter().map(|effect| effect.size).sum();
    Some(Effects { method: Method::Variance, explained, points: y.len(), list })
}

/// Fewest points with a value that the effects of the parameters on a metric take, unless the table is a grid.
pub fn fewest_points(table: &Table, metric: usize) -> usize {
    let rows: Vec<usize> = (0..table.points.len()).filter(|row| table.points[*row].middle(metric).is_some()).collect();
    needed(columns(table, &rows).0.len())
}

/// Fewest points for a regression on some columns.
const fn needed(columns: usize) -> usize {
    2 * (columns + 2)
}

/// The regression of the values or of their ranks, whichever explains more.
fn of_sample(table: &Table, metric: usize) -> Option<Effects> {
    let rows: Vec<usize> = (0..table.points.len()).filter(|row| table.points[*row].middle(metric).is_some()).collect();
    let y: Vec<f64> = rows.iter().filter_map(|row| table.points[*row].middle(metric)).collect();
    let (columns, owners) = columns(table, &rows);
    if columns.len() > MOST_COLUMNS || rows.len() < needed(columns.len()) || variance(&y) <= 0.0 {
        return None;
    }
    let numeric = |column: usize| table.parameters[owners[column]].numeric;
    let ranked: Vec<Vec<f64>> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| if numeric(index) { ranks(column) } else { column.clone() })
        .collect();
    let plain = Regression::of(&columns, &y, &owners);
    let by_rank = Regression::of(&ranked, &ranks(&y), &owners);
    let (method, regression) = if by_rank.fit(&by_rank.all()).explained > plain.fit(&plain.all()).explained {
        (Method::RankRegression, by_rank)
    } else {
        (Method::Regression, plain)
    };
    let fit = regression.fit(&regression.all());
    let resampled = regression.bootstrap();
    let list = fit.effects.iter().enumerate().map(|(index, (parameter, size))| {
        let mut sizes: Vec<f64> = resampled.iter().map(|fit| fit.effects[index].1).collect();
        sizes.sort_by(f64::total_cmp);
        let at = |share: f64| sizes[((sizes.len() - 1) as f64 * share).round() as usize];
        Effect {
            parameter: *parameter,
            size: *size,
            directed: owners.iter().filter(|owner| *owner == parameter).count() == 1
                && table.parameters[*parameter].numeric,
            interval: Some((at(0.025), at(0.975))),
            total: None,
            moved: None,
        }
    });
    Some(Effects { method, explained: fit.explained, points: rows.len(), list: list.collect() })
}

/// The columns of the regression, and the parameter of each. A numeric parameter has one column, of its values or of their
/// logarithms; categories have one indicator column each, but for the first.
fn columns(table: &Table, rows: &[usize]) -> (Vec<Vec<f64>>, Vec<usize>) {
    let (mut columns, mut owners) = (Vec::new(), Vec::new());
    for (index, parameter) in table.parameters.iter().enumerate() {
        let setting = |row: &usize| table.points[*row].setting(index);
        if parameter.numeric {
            let value = |row| setting(row).number.unwrap_or(0.0);
            let log = parameter.log && rows.iter().all(|row| value(row) > 0.0);
            columns.push(rows.iter().map(|row| if log { libm::log(value(row)) } else { value(row) }).collect());
            owners.push(index);
        } else {
            for category in table.values(index).into_iter().skip(1) {
                columns.push(rows.iter().map(|row| f64::from(u8::from(setting(row) == category))).collect());
                owners.push(index);
            }
        }
        // A column that does not vary has no effect.
        while columns.last().is_some_and(|column: &Vec<f64>| owners.last() == Some(&index) && variance(column) <= 0.0) {
            columns.pop();
            owners.pop();
        }
    }
    (columns, owners)
}

/// Sums of products of the columns, the figure and 1, by block of points, from which every regression is computed.
struct Regression<'a> {
    blocks: Vec<Vec<f64>>,
    owners: &'a [usize],
}

/// The coefficients of one regression.
struct Fit {
    explained: f64,
    /// Index and size of each parameter.
    effects: Vec<(usize, f64)>,
}

impl Regression<'_> {
    fn of<'a>(columns: &[Vec<f64>], y: &[f64], owners: &'a [usize]) -> Regression<'a> {
        let mut scaled: Vec<Vec<f64>> = columns.iter().map(|column| standardized(column)).collect();
        scaled.push(standardized(y));
        scaled.push(vec![1.0; y.len()]);
        let size = scaled.len();
        let count = y.len().min(BLOCKS);
        let mut blocks = vec![vec![0.0; size * size]; count];
        for row in 0..y.len() {
            let block = &mut blocks[row % count];
            for i in 0..size {
                for j in 0..size {
                    block[i * size + j] += scaled[i][row] * scaled[j][row];
                }
            }
        }
        Regression { blocks, owners }
    }

    /// Weights with which every block counts once.
    fn all(&self) -> Vec<u32> {
        vec![1; self.blocks.len()]
    }

    /// The regression with each block as many times as `times` states.
    fn fit(&self, times: &[u32]) -> Fit {
        let columns = self.owners.len();
        let size = columns + 2;
        let mut sums = vec![0.0; size * size];
        for (block, times) in self.blocks.iter().zip(times).filter(|(_, times)| **times > 0) {
            sums.iter_mut().zip(block).for_each(|(sum, value)| *sum += value * f64::from(*times));
        }
        let (y, one) = (columns, columns + 1);
        let n = sums[one * size + one];
        let covariance =
            |i: usize, j: usize| sums[i * size + j] / n - sums[i * size + one] / n * (sums[j * size + one] / n);
        let matrix = (0..columns).map(|i| (0..columns).map(|j| covariance(i, j)).collect()).collect();
        let beta = solve(matrix, (0..columns).map(|i| covariance(i, y)).collect());
        let total = covariance(y, y).max(f64::MIN_POSITIVE);
        let explained = (0..columns).map(|i| beta[i] * covariance(i, y)).sum::<f64>() / total;
        let mut effects: Vec<(usize, f64)> = Vec::new();
        for owner in self.owners {
            if effects.last().is_some_and(|(parameter, _)| parameter == owner) {
                continue;
            }
            let own: Vec<usize> = (0..columns).filter(|i| self.owners[*i] == *owner).collect();
            let moved: f64 = own
                .iter()
                .flat_map(|i| own.iter().map(move |j| (*i, *j)))
                .map(|(i, j)| beta[i] * beta[j] * covariance(i, j))
                .sum();
            let size = (moved.max(0.0) / total).sqrt();
            effects.push((*owner, if own.len() == 1 && beta[own[0]] < 0.0 { -size } else { size }));
        }
        Fit { explained, effects }
    }

    /// The regressions on resampled points; the resamples are the same for every table.
    fn bootstrap(&self) -> Vec<Fit> {
        let key = Key::root(0, 0).named("bootstrap");
        let round = |round: u64| {
            let mut stream = Stream::new(key.with(round).draw(Purpose::Design));
            let mut times = vec![0; self.blocks.len()];
            for _ in 0..self.blocks.len() {
                times[(stream.uniform() * self.blocks.len() as f64) as usize] += 1;
            }
            self.fit(&times)
        };
        (0..ROUNDS).map(round).collect()
    }
}

/// Solves a symmetric system by elimination. The coefficient of a column that depends linearly on the columns before is zero;
/// two settings that always move together would otherwise have huge opposite coefficients.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for k in 0..size {
        if matrix[k][k] < 1e-9 {
            matrix[k].fill(0.0);
            matrix.iter_mut().for_each(|row| row[k] = 0.0);
            (matrix[k][k], right[k]) = (1.0, 0.0);
        }
        let pivot = matrix[k].clone();
        for row in k + 1..size {
            let factor = matrix[row][k] / pivot[k];
            matrix[row].iter_mut().zip(&pivot).for_each(|(value, above)| *value -= factor * above);
            right[row] -= factor * right[k];
        }
    }
    for k in (0..size).rev() {
        let known: f64 = (k + 1..size).map(|j| matrix[k][j] * right[j]).sum();
        right[k] = (right[k] - known) / matrix[k][k];
    }
    right
}

/// Values with mean 0 and standard deviation 1; zeros if the values do not vary.
fn standardized(values: &[f64]) -> Vec<f64> {
    let (mean, deviation) = (mean(values), variance(values).sqrt());
    values.iter().map(|value| if deviation > 0.0 { (value - mean) / deviation } else { 0.0 }).collect()
}

/// The rank of each value, from 0; equal values share the mean of their ranks.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    for group in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let first = order.partition_point(|index| values[*index] < values[group[0]]);
        group.iter().for_each(|index| ranks[*index] = first as f64 + (group.len() - 1) as f64 / 2.0);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Estimate;
    use crate::sweep::{Parameter, Point, Setting};

    /// A table of a function at some points.
    fn table(points: &[Vec<f64>], grid: bool, figure: impl Fn(&[f64]) -> f64) -> Table {
        let names = ["a.x", "a.y", "a.z"];
        let parameter = |name: &str| Parameter {
            label: String::new(),
            paths: vec![name.to_owned()],
            units: vec![String::new()],
            numeric: true,
            log: false,
        };
        let estimate = |mean| Some(Estimate { mean, low: mean, high: mean, n: 1 });
        let point = |at: &Vec<f64>| Point {
            settings: at.iter().map(|x| vec![Setting { text: x.to_string(), number: Some(*x) }]).collect(),
            replications: 1,
            figures: vec![estimate(figure(at))],
            spreads: vec![None],
            paired: vec![None],
        };
        Table {
            title: String::new(),
            parameters: names[..points[0].len()].iter().map(|name| parameter(name)).collect(),
            metrics: vec!["error_rate.peak".to_owned()],
            points: points.iter().map(point).collect(),
            baseline: 0,
            grid,
        }
    }

    fn sample() -> Vec<Vec<f64>> {
        (0..400).map(|i| (0..3).map(|d| f64::from(sobol_burley::sample(i, d, 7))).collect()).collect()
    }

    #[test]
    fn the_coefficients_of_a_linear_function_are_found_with_their_signs() {
        let found = effects(&table(&sample(), false, |x| 3.0 * x[0] - 4.0 * x[1]), 0).unwrap();
        assert_eq!(found.list.iter().map(|effect| effect.parameter).collect::<Vec<_>>(), [1, 0, 2]);
        for (effect, exact) in found.list.iter().zip([-0.8, 0.6, 0.0]) {
            assert!((effect.size - exact).abs() < 0.02, "{effect:?}");
            let (low, high) = effect.interval.unwrap();
            assert!(low <= effect.size + 1e-9 && effect.size <= high + 1e-9 && high - low < 0.1, "{effect:?}");
        }
        assert!(found.explained > 0.999);
    }

    #[test]
    fn ranks_are_taken_where_they_explain_more() {
        let found = effects(&table(&sample(), false, |x| libm::exp(8.0 * x[0] + x[1])), 0).unwrap();
        assert_eq!((found.method, found.list[0].parameter), (Method::RankRegression, 0));
        assert!(found.explained > 0.95);
    }

    #[test]
    fn the_variance_over_a_grid_is_taken_apart_exactly() {
        let grid: Vec<Vec<f64>> =
            (0..4).flat_map(|x| (0..3).map(move |y| vec![f64::from(x) - 1.5, f64::from(y) - 1.0])).collect();
        // The variances of x, y and x·y over the grid are 5/4, 2/3 and 5/6.
        let found = effects(&table(&grid, true, |x| 2.0 * x[0] + 3.0 * x[1] + x[0] * x[1]), 0).unwrap();
        let all = 5.0 + 6.0 + 5.0 / 6.0;
        assert_eq!(found.list.iter().map(|effect| effect.parameter).collect::<Vec<_>>(), [1, 0]);
        // From the lowest to the highest value, in the unit of the figure.
        assert!(found.list.iter().all(|effect| (effect.moved.unwrap() - 6.0).abs() < 1e-12), "{:?}", found.list);
        assert!((found.list[0].size - 6.0 / all).abs() < 1e-12);
        assert!((found.list[1].total.unwrap() - (5.0 + 5.0 / 6.0) / all).abs() < 1e-12);
    }

    #[test]
    fn what_never_varies_has_no_ranking() {
        assert_eq!(effects(&table(&sample(), false, |_| 0.1), 0), None);
        assert_eq!(effects(&table(&sample()[..6], false, |x| x[0]), 0), None);
    }
}
