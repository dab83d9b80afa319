//! The effect of a scale on each pool: rounding changes its slots, and with them its capacity.

use super::{Epoch, Model};
use crate::policy::slots::VISIBLY_OFF;
use crate::units::{NANOS_PER_SECOND, Span};

/// The effect of a scale on a pool, at the moment of the largest rounding error, the first of equals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rounding {
    /// Index of the pool.
    pub pool: usize,
    /// The moment, in seconds from the drop.
    pub at_s: f64,
    /// Attempts per second that the slots as stated can serve; `None` where slots are unlimited.
    pub capacity_at_full: Option<f64>,
    /// Attempts per second that the simulated slots can serve, at full size; `None` where slots are unlimited.
    pub capacity_at_scale: Option<f64>,
    /// The simulated slots over the slots that the scale asks for.
    pub factor: f64,
}

impl Rounding {
    /// Whether the factor is far enough from 1 for a warning.
    pub fn is_visible(&self) -> bool {
        (self.factor - 1.0).abs() > VISIBLY_OFF
    }

    /// Distance of the factor from 1, equal for a factor and its inverse.
    pub fn distance(&self) -> f64 {
        libm::log(self.factor).abs()
    }

    fn of(pool: usize, epoch: &Epoch, drop: Span, scale: f64) -> Rounding {
        let settings = &epoch.settings.pools[pool];
        let factor = settings.slots.factor_at(scale);
        let speed = if settings.slots.count == 0 {
            1.0
        } else {
            settings.work_rate(settings.servers()) / settings.slots.count as f64
        };
        let each_s = settings.hold_at(speed) / NANOS_PER_SECOND;
        let full = (!settings.slots.are_unlimited()).then(|| settings.slots.full as f64 / each_s);
        Rounding {
            pool,
            at_s: (Span(epoch.at.0 as i64) - drop).seconds(),
            capacity_at_full: full.filter(|capacity| capacity.is_finite()),
            capacity_at_scale: full.map(|capacity| capacity * factor).filter(|capacity| capacity.is_finite()),
            factor,
        }
    }
}

impl Model {
    /// The effect of the scale on each pool.
    pub fn roundings(&self) -> Vec<Rounding> {
        let worst = |pool| {
            let epochs = self.epochs.iter().map(|epoch| Rounding::of(pool, epoch, self.drop, self.scale));
            epochs.reduce(|worst, next| if next.distance() > worst.distance() { next } else { worst })
        };
        (0..self.pools).filter_map(worst).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn a_pool_is_told_as_it_is_when_it_is_furthest_off() {
        let text = "title = \"t\"\nstart = 2026-01-09T09:00:00Z\ndrop = 2026-01-09T09:00:00Z\nend = 2026-01-09T09:10:00Z\n\
                    scale = 0.1\nforce_scale = true\n\
                    [audience.a]\nviewers = 100\narrival = \"1 s\"\njourney = \"j\"\n[journey.j]\nsteps = [{ request = \"p\" }]\n\
                    [pool.p]\nservers = 10\nservice = \"100 ms\"\n\
                    [[change]]\nat = \"+2 min\"\nset = { \"pool.p.servers\" = 2 }\n";
        let scenario = Scenario::parse("scale.toml", text).unwrap_or_else(|problems| panic!("{problems}"));
        let roundings = Model::compile(&scenario).roundings();
        let [rounding] = roundings[..] else { panic!("{roundings:?}") };
        assert_eq!((rounding.factor, rounding.at_s, rounding.is_visible()), (5.0, 120.0, true));
        assert_eq!((rounding.capacity_at_full, rounding.capacity_at_scale), (Some(20.0), Some(100.0)));
        let refused = Scenario::parse("scale.toml", &text.replace("force_scale = true", "")).unwrap_err().to_string();
        assert!(refused.contains("at scale 0.1 the slots of pool `p` are +400% off"), "{refused}");
        assert!(refused.contains("--force-scale"), "{refused}");
    }
}
