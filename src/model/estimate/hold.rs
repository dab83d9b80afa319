//! Stays of random length, as chains of exponential stages.

use crate::random::Law;

/// Most stages of a stay; a constant length has as many.
const MOST_STAGES: usize = 16;

/// Values of a distribution function that an integral takes.
const POINTS: usize = 48;

/// Stages of one mean, which together have about the mean and the spread of a law.
#[derive(Clone, Copy, Debug)]
pub struct Hold {
    /// Mean of one stage in seconds.
    pub mean: f64,
    /// Number of stages.
    pub stages: usize,
}

impl Hold {
    /// The stages of a law over a window of `horizon` seconds; a longer stay lasts to the end of the window.
    pub fn of(law: &Law, horizon: f64) -> Hold {
        let mean = mean_within(law, horizon);
        let squared = match law {
            Law::Constant(_) => 0.0,
            Law::Uniform { low, high } => square((high - low) / (low + high).max(1.0)) / 3.0,
            Law::Normal { mean, sd } => square(sd / mean.max(1.0)),
            Law::Gamma { shape, .. } => 1.0 / shape,
            Law::Lognormal { sigma, .. } => libm::expm1(sigma * sigma),
            _ => 1.0,
        };
        let stages = (1.0 / squared.max(1e-3)).round().clamp(1.0, MOST_STAGES as f64);
        Hold { mean: (mean / stages).max(1e-10), stages: stages as usize }
    }

    /// Mean of the whole stay in seconds.
    pub fn whole(self) -> f64 {
        self.mean * self.stages as f64
    }

    /// The stay stretched by a factor.
    pub fn stretched(self, factor: f64) -> Hold {
        Hold { mean: (self.mean * factor).max(1e-10), ..self }
    }

    /// Lets people flow through the stages for `dt` seconds: `before` becomes `after`, `coming` come in. Returns how many go
    /// out. Implicit, so that stages far shorter than `dt` pass everything on.
    pub fn pass(self, before: &[f64], after: &mut [f64], mut coming: f64, dt: f64) -> f64 {
        for (before, after) in before.iter().zip(after) {
            *after = (before + coming) / (1.0 + dt / self.mean);
            coming += before - *after;
        }
        coming
    }
}

/// The mean in seconds of a law that is cut off at `horizon` seconds.
pub fn mean_within(law: &Law, horizon: f64) -> f64 {
    let mean = law.mean() / 1e9;
    // A mean that lies well within the window has hardly a part beyond it.
    if mean >= 0.0
        && mean * 20.0 < horizon
        && !matches!(law, Law::Lognormal { .. } | Law::Pareto { .. } | Law::Mixture(_))
    {
        return mean;
    }
    // ∫ (1 − F) over the window, at points that are denser near zero.
    let (mut sum, mut last) = (0.0, 0.0);
    for point in 0..POINTS {
        let next = horizon * libm::exp2(-((POINTS - 1 - point) as f64) / 2.0);
        sum += (next - last) * (1.0 - law.cdf((last + next) / 2.0 * 1e9));
        last = next;
    }
    sum
}

fn square(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_within_a_window_is_finite_whatever_the_law() {
        let close = |law: Law, horizon: f64, mean: f64| {
            let found = mean_within(&law, horizon);
            assert!((found / mean - 1.0).abs() < 0.1, "{law:?}: {found} s is not {mean} s");
        };
        close(Law::Exponential { mean: 1e9 }, 1e3, 1.0);
        close(Law::Exponential { mean: 1e12 }, 100.0, 95.2);
        close(Law::Constant(5e12), 100.0, 100.0);
        // ∫ of the minimum over x from 1 s to 100 s is ln 100, after one second that everybody stays.
        close(Law::Pareto { minimum: 1e9, shape: 1.0 }, 100.0, 5.6);
    }

    #[test]
    fn nobody_is_lost_between_the_stages() {
        let hold = Hold::of(&Law::Constant(10e9), 1e3);
        let (mut inside, mut out) = (vec![0.0; hold.stages], 0.0);
        for step in 0..400 {
            let mut after = inside.clone();
            out += hold.pass(&inside, &mut after, if step == 0 { 100.0 } else { 0.0 }, 0.1);
            inside = after;
            assert!((inside.iter().sum::<f64>() + out - 100.0).abs() < 1e-9);
            // Half are out after the mean.
            assert!(step != 100 || (30.0..70.0).contains(&out), "{out}");
        }
        assert!(out > 99.9);
    }
}
