//! Wilson's interval for a share.

/// The ends of the interval around `hits` of `of`; everything where there is nothing to go by.
pub fn wilson(hits: f64, of: f64, z: f64) -> (f64, f64) {
    if of <= 0.0 {
        return (0.0, 1.0);
    }
    let share = hits / of;
    let shrink = 1.0 + z * z / of;
    let middle = (share + z * z / (2.0 * of)) / shrink;
    let half = z * (share * (1.0 - share) / of + z * z / (4.0 * of * of)).sqrt() / shrink;
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[test]
fn the_interval_is_that_of_the_textbook() {
    let (low, high) = wilson(10.0, 100.0, 1.96);
    assert!((low - 0.05523).abs() < 1e-4 && (high - 0.17437).abs() < 1e-4, "{low} {high}");
    assert_eq!(wilson(0.0, 0.0, 7.0), (0.0, 1.0));
    assert!(wilson(0.0, 50.0, 7.0).0 < 1e-12);
}
