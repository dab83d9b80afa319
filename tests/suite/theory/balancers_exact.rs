//! Exact results for balancers over servers with exponential service of mean 1 and Poisson arrivals: mean times in the
//! system, in service times.

/// One of the servers under the balancer `random`, an M/M/1 of its own: 1 / (1 − ρ).
pub fn random(load: f64) -> f64 {
    1.0 / (1.0 - load)
}

/// One of `servers` under the balancer `round_robin`: every n-th arrival of a Poisson stream is Erlang-n, so each server is
/// an E_n/M/1, whose arrivals find somebody with chance σ, the root below 1 of σ = (nρ / (nρ + 1 − σ))^n
/// (L. Kleinrock, Queueing Systems 1, 1975, 6.4).
pub fn round_robin(servers: u32, load: f64) -> f64 {
    let stages = f64::from(servers) * load;
    let mut sigma = 0.0;
    for _ in 0..10_000 {
        sigma = (stages / (stages + 1.0 - sigma)).powi(servers as i32);
    }
    1.0 / (1.0 - sigma)
}

/// Many servers, each request at the least loaded of `choices` drawn at random: the sum over i ≥ 1 of ρ^((d^i − d)/(d − 1))
/// (M. Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, IEEE TPDS 12, 2001, corollary 3).
pub fn supermarket(load: f64, choices: u32) -> f64 {
    let d = f64::from(choices);
    let exponent = |i: i32| if choices == 1 { f64::from(i - 1) } else { (d.powi(i) - d) / (d - 1.0) };
    (1..).map(|i| load.powf(exponent(i))).take_while(|term| *term > 1e-17).sum()
}

/// Two servers, each request at the one with fewer, any of them among equals: the chain of the shorter queue m and the
/// difference d of the longer one, which is cut off where its mass is below rounding.
///
/// Each level of m follows from the one below it by a matrix R, the least solution of A₀ + R A₁ + R² A₂ = 0 (M. F. Neuts,
/// Matrix-Geometric Solutions in Stochastic Models, 1981, chapter 3), found by R ← A₀ (−A₁ − R A₂)⁻¹ from R = 0 on.
pub struct ShortestOfTwo {
    load: f64,
    /// Stationary chance of each m and d.
    states: Vec<Vec<f64>>,
}

/// Differences kept; each further one is less likely by a factor below a third.
const DIFFERENCES: usize = 36;

type Matrix = Vec<Vec<f64>>;

impl ShortestOfTwo {
    /// The chain at a load of each server.
    pub fn new(load: f64) -> ShortestOfTwo {
        let arrivals = 2.0 * load;
        // From d = 0 either queue joins, and from d > 0 the shorter one, which makes m one more and d one less.
        let up = matrix(|d, to| if d == to + 1 { arrivals } else { 0.0 });
        let down = matrix(|d, to| match d {
            0 if to == 1 => 2.0,
            d if d > 0 && to == d + 1 => 1.0,
            _ => 0.0,
        });
        // Rates at which a state is left, less those at which it is entered from the same level; what the cut would let out
        // does not happen.
        let ends = |d: usize| down[d].iter().sum::<f64>();
        let leaves = |d: usize, to: usize, ends: f64| match d {
            d if d == to => arrivals + f64::from(u8::from(d > 0)) + ends,
            0 if to == 1 => -arrivals,
            d if d == to + 1 => -1.0,
            _ => 0.0,
        };
        let inner = matrix(|d, to| leaves(d, to, ends(d)));
        let mut rate = matrix(|_, _| 0.0);
        loop {
            let back = product(&rate, &down);
            let next = product(&up, &inverse(matrix(|d, to| inner[d][to] - back[d][to])));
            let change: f64 = (0..DIFFERENCES).map(|d| (next[d][0] - rate[d][0]).abs()).sum();
            rate = next;
            if change < 1e-15 {
                break;
            }
        }
        // At m = 0 no service of the shorter queue ends; the first state has the weight 1 until all are known.
        let back = product(&rate, &down);
        let bottom = matrix(|d, to| leaves(d, to, 0.0) - back[d][to]);
        let others = matrix(|d, to| if d > 0 && to > 0 { bottom[d][to] } else { f64::from(u8::from(d == to)) });
        let known = (0..DIFFERENCES).map(|to| if to == 0 { 1.0 } else { -bottom[0][to] }).collect();
        let mut states = product(&vec![known], &inverse(others));
        while states[states.len() - 1].iter().sum::<f64>() > 1e-17 {
            states.extend(product(&vec![states[states.len() - 1].clone()], &rate));
        }
        let total: f64 = states.iter().flatten().sum();
        states.iter_mut().flatten().for_each(|p| *p /= total);
        ShortestOfTwo { load, states }
    }

    /// The mean over all states.
    fn mean(&self, value: impl Fn(usize, usize) -> f64) -> f64 {
        let rows = self.states.iter().enumerate();
        rows.map(|(m, row)| row.iter().enumerate().map(|(d, p)| p * value(m, d)).sum::<f64>()).sum()
    }

    /// Mean time in the system, by Little's law.
    pub fn mean_time(&self) -> f64 {
        self.mean(|m, d| (2 * m + d) as f64) / (2.0 * self.load)
    }
}

fn matrix(entry: impl Fn(usize, usize) -> f64) -> Matrix {
    (0..DIFFERENCES).map(|row| (0..DIFFERENCES).map(|column| entry(row, column)).collect()).collect()
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let mut product = vec![vec![0.0; DIFFERENCES]; a.len()];
    for (row, left) in product.iter_mut().zip(a) {
        for (factor, right) in left.iter().zip(b).filter(|(factor, _)| **factor != 0.0) {
            row.iter_mut().zip(right).for_each(|(sum, value)| *sum += factor * value);
        }
    }
    product
}

/// The inverse by the method of Gauss and Jordan; in matrices of rates the diagonal is large enough to need no exchange of
/// rows.
fn inverse(mut a: Matrix) -> Matrix {
    let mut inverse = matrix(|row, column| f64::from(u8::from(row == column)));
    for pivot in 0..DIFFERENCES {
        let scale = a[pivot][pivot];
        for side in [&mut a, &mut inverse] {
            side[pivot].iter_mut().for_each(|value| *value /= scale);
        }
        for row in (0..DIFFERENCES).filter(|row| *row != pivot) {
            let factor = a[row][pivot];
            for side in [&mut a, &mut inverse] {
                let from = side[pivot].clone();
                side[row].iter_mut().zip(&from).for_each(|(value, pivot)| *value -= factor * pivot);
            }
        }
    }
    inverse
}

#[test]
fn the_supermarket_table_is_that_of_the_literature() {
    // Mitzenmacher 2001, table 1, the column of the limit; five choices computed from the same sum.
    for (load, times) in [
        (0.5, [2.0, 1.2657, 1.1252, 1.0313]),
        (0.7, [3.3333, 1.6145, 1.3568, 1.1681]),
        (0.9, [10.0, 2.6141, 2.0279, 1.6329]),
        (0.99, [100.0, 5.432, 3.8578, 2.9017]),
    ] {
        for (choices, time) in [1, 2, 3, 5].into_iter().zip(times) {
            let computed = supermarket(load, choices);
            assert!((computed / time - 1.0).abs() < 1e-4, "{computed} is not {time}");
        }
    }
}

#[test]
fn round_robin_over_one_server_is_mm1_and_over_many_is_dm1() {
    for load in [0.3, 0.8, 0.95] {
        assert!((round_robin(1, load) - random(load)).abs() < 1e-9);
        // Constant arrivals: σ = e^(−(1 − σ)/ρ).
        let sigma = (0..100_000).fold(0.0_f64, |sigma, _| (-(1.0 - sigma) / load).exp());
        let (many, constant) = (round_robin(100_000, load), 1.0 / (1.0 - sigma));
        assert!((many / constant - 1.0).abs() < 1e-3, "{many} is not {constant}");
        assert!(round_robin(2, load) > round_robin(3, load));
    }
}

/// What is known of the shortest of two queues without solving it.
#[test]
fn the_chain_of_the_shorter_queue_has_its_known_limits() {
    for load in [0.05, 0.3, 0.5, 0.8, 0.9, 0.97] {
        let chain = ShortestOfTwo::new(load);
        // As many are served as come.
        let busy = chain.mean(|m, d| f64::from(u8::from(m > 0)) + f64::from(u8::from(m + d > 0)));
        assert!((busy - 2.0 * load).abs() < 1e-9, "{busy}");
        // Worse than one queue for both, better than chance.
        let one_queue = 1.0 / (1.0 - load * load);
        let time = chain.mean_time();
        println!("{load}: {one_queue} < {time} < {}", random(load));
        assert!(one_queue < time && time < random(load));
        // Both queues grow together by ρ² for each request in both (J. F. C. Kingman, Two similar queues in parallel,
        // Annals of Mathematical Statistics 32, 1961).
        let m = chain.states.len() / 2;
        let decay = chain.states[m + 1][0] / chain.states[m][0];
        assert!((decay / (load * load) - 1.0).abs() < 1e-3, "{decay}");
        // What was cut off is below rounding.
        assert!(chain.states.iter().map(|row| row[DIFFERENCES - 1]).sum::<f64>() < 1e-12);
    }
    // Alone one is served at once; in heavy traffic the two work as one queue with two servers.
    assert!((ShortestOfTwo::new(0.001).mean_time() - 1.0).abs() < 1e-5);
    let heavy = ShortestOfTwo::new(0.99).mean_time() * (1.0 - 0.99 * 0.99);
    assert!((1.0..1.02).contains(&heavy), "{heavy}");
}
