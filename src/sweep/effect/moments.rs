//! Mean and variance of values.

/// The mean of some values; 0 without values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The variance of some values around their mean; 0 if they are equal.
pub fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    // Equal values leave a rounding error, which is no variance.
    let sum: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let variance = sum / values.len().max(1) as f64;
    if variance <= mean * mean * 1e-24 { 0.0 } else { variance }
}
