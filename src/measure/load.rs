//! The loads of a pool: integrals over time of what is busy, and of what there is.

use super::recorder::PoolGauges;
use crate::units::Time;

/// Slots that serve, answer those who are turned away or are held for calls; and all slots.
pub fn of_slots(gauges: &PoolGauges, now: Time) -> [i128; 2] {
    let [in_service, answering, slots] =
        [&gauges.in_service, &gauges.answering, &gauges.slots].map(|gauge| gauge.integral(now));
    [in_service + answering, slots]
}

/// Cores that work, and all cores; where a pool states no cores, slots that work, and all slots. A slot that is held for a call
/// does not work.
pub fn of_cores(gauges: &PoolGauges, has_cores: bool, now: Time) -> [i128; 2] {
    if has_cores {
        return [gauges.busy_cores.integral(now), gauges.cores.integral(now)];
    }
    let [held, slots] = of_slots(gauges, now);
    [held - gauges.calling.integral(now), slots]
}
