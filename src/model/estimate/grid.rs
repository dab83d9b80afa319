//! The steps of time: even ones, as many where people come, and short ones after each moment at which much may change.

use super::coming;
use crate::model::Model;

/// Most steps of time.
const MOST: usize = 360;
/// Fewest steps of time, however large the model.
const FEWEST: usize = 48;
/// Steps of people in one step of time that a model may take all together.
const WORK: usize = 400_000;
/// Most moments after which steps are short.
const MOST_MOMENTS: usize = 12;

/// The ends of the steps of time in nanoseconds, from zero to the end of the window.
pub fn edges(model: &Model, width: usize) -> Vec<f64> {
    let end = model.end.0 as f64;
    let most = (WORK / (width + model.cohorts.len() * 4).max(1)).clamp(FEWEST, MOST);
    let even: Vec<f64> = (0..=most / 3).map(|step| end * step as f64 / (most / 3) as f64).collect();
    let mut edges = even.clone();
    edges.extend(where_people_come(model, &even, most / 3));
    let epochs = model.epochs.iter().map(|epoch| epoch.at.0 as f64);
    let mut moments: Vec<f64> = model.drops.iter().map(|drop| drop.0 as f64).chain(epochs).collect();
    moments.retain(|at| *at < end);
    moments.sort_by(f64::total_cmp);
    moments.dedup();
    edges.extend(&moments);
    let after = moments.len().div_ceil(MOST_MOMENTS).max(1);
    for at in moments.iter().step_by(after) {
        // From a sixteenth of a second on, each twice as long as the one before.
        edges.extend((0..14).map(|step| at + 62.5e6 * libm::exp2(f64::from(step))).filter(|edge| *edge < end));
    }
    edges.sort_by(f64::total_cmp);
    edges.dedup_by(|next, before| *next - *before < end * 1e-9);
    edges
}

/// Moments between which equal numbers of people come.
fn where_people_come(model: &Model, even: &[f64], count: usize) -> Vec<f64> {
    let mut all = vec![0.0; even.len()];
    for cohort in &model.cohorts {
        for (sum, arrived) in all.iter_mut().zip(coming::arrived(cohort, even)) {
            *sum += arrived;
        }
    }
    let total = all.last().copied().unwrap_or(0.0);
    let moment = |wanted: f64| {
        let next = all.partition_point(|sum| *sum < wanted).clamp(1, all.len() - 1);
        let (below, above) = (all[next - 1], all[next]);
        even[next - 1]
            + (even[next] - even[next - 1]) * ((wanted - below) / (above - below).max(1e-300)).clamp(0.0, 1.0)
    };
    (1..count).filter(|_| total > 0.0).map(|part| moment(total * part as f64 / count as f64)).collect()
}
