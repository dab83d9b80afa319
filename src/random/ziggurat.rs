//! Exponential and normal draws by the ziggurat method, with the same bits on every machine and mostly one comparison.
//!
//! The area under a density is cut into horizontal layers of equal area. A point is drawn in a random layer; nearly always
//! the point lies in the part of the layer that is wholly under the curve, and no more work is needed. The lowest layer has
//! the tail where the others have a corner (G. Marsaglia and W. W. Tsang, The ziggurat method for generating random
//! variables, Journal of Statistical Software 5 (2000)). The layer and the position in it come from different bits of a
//! number, as J. A. Doornik, An improved ziggurat method to generate normal random samples (2005), requires.
//!
//! The crate `rand_distr` has the same method but takes the logarithm of the system, or another one if any crate of the
//! program enables it in `num-traits`. The last bit would then depend on the machine and on the other crates.

use super::{Draw, exp, minus_ln, open_unit};

const LAYERS: usize = 256;

/// Start of the tail of e^-x and area of each layer, chosen so that the topmost layer ends at the height 1.
const EXPONENTIAL_TAIL: f64 = 7.697_117_470_131_05;
const EXPONENTIAL_AREA: f64 = 0.003_949_659_822_581_557;
/// Start of the tail of e^(-x²/2) and area of each layer to the right of zero, chosen in the same way.
const NORMAL_TAIL: f64 = 3.654_152_885_361_009;
const NORMAL_AREA: f64 = 0.004_928_673_233_974_655;

/// The widths of the layers, from the lowest to the highest, and the height of the curve at each width.
struct Layers {
    curve: Curve,
    /// Width of each layer: for the lowest layer, the width of a rectangle of the same area; after the highest layer, zero.
    widths: [f64; LAYERS + 1],
    /// Lower edge of each layer.
    heights: [f64; LAYERS + 1],
}

/// A density up to a factor, with height 1 at zero.
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
    /// The height of the curve at `x`.
    const fn height(self, x: f64) -> f64 {
        match self {
            Curve::Exponential => exp(-x),
            Curve::Normal => exp(-x * x / 2.0),
        }
    }

    /// The x at which the curve has a height.
    const fn x_at(self, height: f64) -> f64 {
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
            let x = curve.x_at(layers.next_height(layer, area));
            (layers.widths[layer], layers.heights[layer]) = (x, curve.height(x));
            layer += 1;
        }
        layers
    }

    /// The height at which a layer begins, which gives the layer below its area.
    const fn next_height(&self, layer: usize, area: f64) -> f64 {
        self.heights[layer - 1] + area / self.widths[layer - 1]
    }

    /// Whether a point of a layer at `x` and a random height lies under the curve.
    fn is_under(&self, layer: usize, draw: &mut Draw, x: f64) -> bool {
        let (low, high) = (self.heights[layer], self.heights[layer + 1]);
        low + (high - low) * draw.uniform() < self.curve.height(x)
    }
}

/// The square root by Heron's method, for the tables, since `f64::sqrt` cannot be called in a constant.
const fn root(square: f64) -> f64 {
    let mut root = 1.0;
    let mut round = 0;
    while round < 20 {
        root = (root + square / root) / 2.0;
        round += 1;
    }
    root
}

impl Draw {
    /// An exponential number with mean 1.
    #[inline(always)]
    pub fn exponential(&mut self) -> f64 {
        exponential(self)
    }

    /// A standard normal number.
    #[inline(always)]
    pub fn normal(&mut self) -> f64 {
        normal(self)
    }
}

#[inline(always)]
fn exponential(draw: &mut Draw) -> f64 {
    let bits = draw.bits();
    let layer = bits as usize % LAYERS;
    let x = open_unit(bits) * EXPONENTIAL.widths[layer];
    if x < EXPONENTIAL.widths[layer + 1] { x } else { exponential_at_the_edge(draw, layer, x) }
}

/// An exponential number from the tail or from the corner of a layer, or a new draw; one draw in ninety comes here.
#[cold]
fn exponential_at_the_edge(draw: &mut Draw, layer: usize, x: f64) -> f64 {
    if layer == 0 {
        // The exponential distribution has no memory, so the excess over the start of the tail is exponential too.
        return EXPONENTIAL_TAIL + minus_ln(draw.uniform());
    }
    if EXPONENTIAL.is_under(layer, draw, x) { x } else { exponential(draw) }
}

#[inline(always)]
fn normal(draw: &mut Draw) -> f64 {
    let bits = draw.bits();
    let layer = bits as usize % LAYERS;
    let x = (2.0 * open_unit(bits) - 1.0) * NORMAL.widths[layer];
    if x.abs() < NORMAL.widths[layer + 1] { x } else { normal_at_the_edge(draw, layer, x) }
}

/// A normal number from the tail or from the corner of a layer, or a new draw.
#[cold]
fn normal_at_the_edge(draw: &mut Draw, layer: usize, x: f64) -> f64 {
    if layer == 0 {
        return normal_tail(draw).copysign(x);
    }
    if NORMAL.is_under(layer, draw, x) { x } else { normal(draw) }
}

/// A normal number in the tail (G. Marsaglia, Technometrics 6 (1964), 101–102).
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

    /// All layers have the same area and the topmost one ends at the height 1, so the constants above are right.
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
    /// 1,000. The statistic of the draws in the tail alone does too.
    #[test]
    fn draws_follow_the_law_into_the_tail_of_a_million_draws() {
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
