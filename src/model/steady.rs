//! The people who are in mid-stream when the window opens, in the steady state.

use super::settings::{Journey, Step};

/// The people who are inside one stream step when the window opens.
#[derive(Clone, Debug)]
pub struct AlreadyInside {
    /// Index of the step.
    pub step: usize,
    /// Mean of the number of people, which is Poisson distributed.
    pub mean: f64,
    /// Factor of the length of the streams.
    pub stretch: f64,
}

/// The people inside each stream step of a journey in the steady state of a Poisson stream of viewers.
///
/// The number of people inside a step is Poisson distributed with mean rate × visits × mean length (M/G/∞; L. Takács,
/// Introduction to the Theory of Queues, 1962, 3.2).
pub fn steady_state(journey: &Journey, rate: f64, stretch: f64) -> Vec<AlreadyInside> {
    let visits = expected_visits(journey);
    let steps = &journey.steps;
    steps
        .iter()
        .enumerate()
        .filter_map(|(step, kind)| match kind {
            Step::Stream { length, .. } => {
                let mean = rate * visits[step] * length.mean() / 1e9 * stretch;
                (mean > 0.0 && mean.is_finite()).then_some(AlreadyInside { step, mean, stretch })
            }
            _ => None,
        })
        .collect()
}

/// The expected number of visits of one viewer to each step, with the loops of `then` and all rounds, by iteration of the flow.
/// Infinite where viewers never leave.
pub fn expected_visits(journey: &Journey) -> Vec<f64> {
    let steps = &journey.steps;
    let mut visits = vec![0.0; steps.len()];
    let mut flow = vec![0.0; steps.len()];
    if let Some(first) = flow.first_mut() {
        *first = 1.0;
    }
    for _ in 0..10_000 {
        let mut next = vec![0.0; steps.len()];
        for (index, back) in journey.thens.iter().enumerate() {
            visits[index] += flow[index];
            let onward = flow[index] * (1.0 - back.map_or(0.0, |then| then.probability));
            if let Some(then) = back {
                next[then.step] += flow[index] * then.probability;
            }
            if index + 1 < steps.len() {
                next[index + 1] += onward;
            }
        }
        flow = next;
        if flow.iter().sum::<f64>() < 1e-12 {
            break;
        }
    }
    let rounds = journey.repeat.map_or(1.0, |repeat| repeat.rounds());
    let stays = flow.iter().sum::<f64>() > 0.5;
    visits.into_iter().map(|visits| if stays { f64::INFINITY } else { visits * rounds }).collect()
}
