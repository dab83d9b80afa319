//! The load of a pool, as two integrals over time: of busy slots or cores, and of all.

use super::recorder::PoolGauges;
use crate::units::Time;

/// Integrals of the busy slots (serving, answering or held for calls) and of all slots.
pub fn of_slots(gauges: &PoolGauges, now: Time) -> [i128; 2] {
    let [in_service, answering, slots] =
        [&gauges.in_service, &gauges.answering, &gauges.slots].map(|gauge| gauge.integral(now));
    [in_service + answering, slots]
}

/// Integrals of the busy cores and of all cores. Without cores: of the busy slots that are not held for calls, and of
/// all slots.
pub fn of_cores(gauges: &PoolGauges, has_cores: bool, now: Time) -> [i128; 2] {
    if has_cores {
        return [gauges.busy_cores.integral(now), gauges.cores.integral(now)];
    }
    let [held, slots] = of_slots(gauges, now);
    [held - gauges.calling.integral(now), slots]
}
