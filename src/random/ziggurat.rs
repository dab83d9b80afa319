//! Exponential and normal draws by the ziggurat: the same bits on every machine, and mostly one comparison.
//!
//! The area under a density is cut into layers of equal area, one upon the other. A point is drawn in a random layer;
//! nearly always it lies in the part that is under the curve for certain. The layer at the bottom has the tail in place of
//! a corner. G. Marsaglia and W. W. Tsang, The ziggurat method for generating random variables, Journal of Statistical
//! Software 5 (2000); layer and place come from different bits of a number, as J. A. Doornik, An improved ziggurat method
//! to generate normal random samples (2005), asks for.
//!
//! The crate `rand_distr` has the same method. It takes the logarithm of the system, or another if any crate of the
//! program asks `num-traits` for it, so the last bit would depend on the machine and on who else is linked.

use super::{Draw, exp, minus_ln, open_unit};

const LAYERS: usize = 256;

/// Where the tail of e^-x begins and the area of each layer, both so that the topmost layer ends at the height 1.
const EXPONENTIAL_TAIL: f64 = 7.697_117_470_131_05;
const EXPONENTIAL_AREA: f64 = 0.003_949_659_822_581_557;
/// The same of e^(-x²/2) to the right of zero.
const NORMAL_TAIL: f64 = 3.654_152_885_361_009;
const NORMAL_AREA: f64 = 0.004_928_673_233_974_655;

/// How far the layers reach, from the lowest to the highest, and the height of the curve there.
struct Layers {
    curve: Curve,
    /// Of the lowest, the width of a rectangle of its area; after the highest, zero.
    widths: [f64; LAYERS + 1],
    heights: [f64; LAYERS + 1],
}

/// A density without its factor, and 1 at zero.
#[derive(Clone, Copy)]
enum Curve {
    /// e^-x.
    Exponential,
    /// e^(-x²/2).
    Normal,
}

static EXPONENTIAL: Layers = Layers::new(Curve::Exponential, EXPONENTIAL_TAIL, EXPONENTIAL_AREA);
static NORMAL: Layers = Layers::new(Curve::Normal, NORMAL_TAIL, NORMAL_AREA);

impl Curve {
    const fn height(self, x: f64) -> f64 {
        match self {
            Curve::Exponential => exp(-x),
            Curve::Normal => exp(-x * x / 2.0),
        }
    }

    /// Where the curve has this height.
    const fn place(self, height: f64) -> f64 {
        match self {
            Curve::Exponential => minus_ln(height),
            Curve::Normal => root(2.0 * minus_ln(height)),
        }
    }
}

impl Layers {
    const fn new(curve: Curve, tail: f64, area: f64) -> Layers {
        let mut layers = Layers { curve, widths: [0.0; LAYERS + 1], heights: [1.0; LAYERS + 1] };
        (layers.widths[0], layers.heights[0]) = (area / curve.height(tail), 0.0);
        (layers.widths[1], layers.heights[1]) = (tail, curve.height(tail));
        let mut layer = 2;
        while layer < LAYERS {
            let x = curve.place(layers.next_height(layer, area));
            (layers.widths[layer], layers.heights[layer]) = (x, curve.height(x));
            layer += 1;
        }
        layers
    }

    /// The height at which a layer begins: the one below is as wide as it is and has this area.
    const fn next_height(&self, layer: usize, area: f64) -> f64 {
        self.heights[layer - 1] + area / self.widths[layer - 1]
    }

    /// Whether a point of a layer, drawn at the place x, lies under the curve.
    fn is_under(&self, layer: usize, draw: &mut Draw, x: f64) -> bool {
        let (low, high) = (self.heights[layer], self.heights[layer + 1]);
        low + (high - low) * draw.uniform() < self.curve.height(x)
    }
}

/// The square root by Heron's rule, for the tables: `f64::sqrt` is no constant function.
const fn root(square: f64) -> f64 {
    let mut root = 1.0;
    let mut round = 0;
    while round < 20 {
        root = (root + square / root) / 2.0;
        round += 1;
    }
    root
}

/// Exponential with mean 1.
#[inline(always)]
pub fn exponential(draw: &mut Draw) -> f64 {
    let bits = draw.bits();
    let layer = bits as usize % LAYERS;
    let x = open_unit(bits) * EXPONENTIAL.widths[layer];
    if x < EXPONENTIAL.widths[layer + 1] { x } else { exponential_at_the_edge(draw, layer, x) }
}

/// One draw in ninety comes here: to the tail, to the corner of a layer, or to begin anew.
#[cold]
fn exponential_at_the_edge(draw: &mut Draw, layer: usize, x: f64) -> f64 {
    if layer == 0 {
        // What is left of an exponential time is exponential.
        return EXPONENTIAL_TAIL + minus_ln(draw.uniform());
    }
    if EXPONENTIAL.is_under(layer, draw, x) { x } else { exponential(draw) }
}

/// Standard normal.
#[inline(always)]
pub fn normal(draw: &mut Draw) -> f64 {
    let bits = draw.bits();
    let layer = bits as usize % LAYERS;
    let x = (2.0 * open_unit(bits) - 1.0) * NORMAL.widths[layer];
    if x.abs() < NORMAL.widths[layer + 1] { x } else { normal_at_the_edge(draw, layer, x) }
}

#[cold]
fn normal_at_the_edge(draw: &mut Draw, layer: usize, x: f64) -> f64 {
    if layer == 0 {
        return normal_tail(draw).copysign(x);
    }
    if NORMAL.is_under(layer, draw, x) { x } else { normal(draw) }
}

/// A normal draw beyond the place where the tail begins (G. Marsaglia, Technometrics 6 (1964), 101–102).
fn normal_tail(draw: &mut Draw) -> f64 {
    loop {
        let beyond = minus_ln(draw.uniform()) / NORMAL_TAIL;
        if beyond * beyond < 2.0 * minus_ln(draw.uniform()) {
            return NORMAL_TAIL + beyond;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose, normal_cdf};

    /// The layers have one area and the last of them ends at the height 1; then the constants above are right.
    #[test]
    fn the_layers_fill_the_area_under_the_curve() {
        for (layers, area) in [(&EXPONENTIAL, EXPONENTIAL_AREA), (&NORMAL, NORMAL_AREA)] {
            assert!(layers.widths.is_sorted_by(|wider, narrower| wider > narrower));
            let top = layers.next_height(LAYERS, area);
            assert!((top - 1.0).abs() < 1e-12, "{top}");
        }
        let tail = libm::exp(-EXPONENTIAL_TAIL);
        assert!((EXPONENTIAL_AREA / (EXPONENTIAL_TAIL * tail + tail) - 1.0).abs() < 1e-13);
        let height = libm::exp(-NORMAL_TAIL * NORMAL_TAIL / 2.0);
        let tail = (2.0 * std::f64::consts::PI).sqrt() * normal_cdf(-NORMAL_TAIL);
        assert!((NORMAL_AREA / (NORMAL_TAIL * height + tail) - 1.0).abs() < 1e-13);
    }

    /// The Kolmogorov–Smirnov statistic of a million draws stays under 1.95/√n, which a correct sampler exceeds once in
    /// 1,000; so does that of the draws in the tail alone.
    #[test]
    fn draws_follow_the_law_as_far_out_as_a_million_of_them_go() {
        let distance = |mut draws: Vec<f64>, cdf: &dyn Fn(f64) -> f64| {
            draws.sort_by(f64::total_cmp);
            let n = draws.len() as f64;
            let off = |(i, x): (usize, &f64)| (cdf(*x) - i as f64 / n).abs().max(((i + 1) as f64 / n - cdf(*x)).abs());
            draws.iter().enumerate().map(off).fold(0.0, f64::max) * n.sqrt()
        };
        let mut draw = Key::root(3, 0).draw(Purpose::Service);
        let exponentials: Vec<f64> = (0..1_000_000).map(|_| exponential(&mut draw)).collect();
        let normals: Vec<f64> = (0..1_000_000).map(|_| normal(&mut draw)).collect();
        let far = |draws: &[f64], from: f64| draws.iter().copied().filter(|x| *x > from).collect::<Vec<f64>>();
        let beyond = normal_cdf(-2.0);
        let of_tail = |x: f64| 1.0 - normal_cdf(-x) / beyond;
        assert!(distance(far(&exponentials, 5.0), &|x| -libm::expm1(5.0 - x)) < 1.95);
        assert!(distance(far(&normals, 2.0), &of_tail) < 1.95);
        assert!(distance(normals.iter().map(|x| -x).filter(|x| *x > 2.0).collect(), &of_tail) < 1.95);
        assert!(distance(exponentials, &|x| -libm::expm1(-x)) < 1.95);
        assert!(distance(normals, &normal_cdf) < 1.95);
    }
}
