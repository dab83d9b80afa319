//! Retries where attempts fail independently of the load.

use super::intervals::{check, crowd_by_apps, each, figure, window};

#[test]
fn retries_multiply_load_and_success() {
    for failure in [0.1_f64, 0.3, 0.5] {
        let pool = format!("service = {{ exponential = {{ mean = '10 ms' }} }}\nfailure = {failure}");
        let rest = crowd_by_apps(20_000, 60.0, "retry = { attempts = 4 }", &pool);
        let rows = each(&window(120, 10, &rest), 100, |run| {
            let arrived = figure(run, "viewers.arrived");
            assert_eq!(figure(run, "retry_amplification"), figure(run, "attempts.total") / arrived);
            (figure(run, "attempts.total") / arrived, figure(run, "viewers.watched") / arrived)
        });
        let (load, success): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        check(&format!("load at failure {failure}"), (0..4).map(|k| failure.powi(k)).sum(), &load, 0.005);
        check(&format!("success at failure {failure}"), 1.0 - failure.powi(4), &success, 0.005);
    }
}
