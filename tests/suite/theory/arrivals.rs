//! Arrival times: the law of a crowd's delays, and the profile of an open stream.

use dropstorm::engine::{self, Probe, Who};
use dropstorm::units::Time;
use dropstorm::vocabulary::Happening;
use statrs::distribution::{ContinuousCDF, Exp, Gamma, LogNormal, Normal, Pareto, Uniform, Weibull};

use super::intervals::{check, each, figure, level, model, seed, window};

/// The moments of all arrivals, in seconds from the start.
#[derive(Default)]
struct Moments(Vec<f64>);

impl Probe for Moments {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, _: Who, what: Happening) {
        if what == Happening::Arrived {
            self.0.push(now.0 as f64 / 1e9);
        }
    }
}

/// Asserts that ordered values follow a distribution function, by the statistic of Kolmogorov and Smirnov, which is
/// above d with a chance of at most 2 exp(−2nd²) (P. Massart, Annals of Probability 18, 1990).
#[track_caller]
fn check_law(name: &str, values: &[f64], cdf: impl Fn(f64) -> f64) {
    let n = values.len() as f64;
    let distance = values.iter().enumerate().fold(0.0_f64, |worst, (i, value)| {
        let f = cdf(*value);
        worst.max(f - i as f64 / n).max((i + 1) as f64 / n - f)
    });
    let bound = ((2.0 / level()).ln() / (2.0 * n)).sqrt();
    println!("{name}: distance {distance:.6}, bound {bound:.6}, n {n}");
    assert!(distance <= bound, "{name}: distance {distance} from the law is above {bound}");
}

/// A crowd's arrivals, given that they fall in the window, follow the delay law cut to it, and nobody is lost.
#[test]
fn a_crowd_comes_by_its_law() {
    const VIEWERS: usize = 200_000;
    let sigma = 0.8_f64;
    let laws: Vec<(&str, Cdf)> = vec![
        ("exponential = { mean = \"10 min\" }", law(Exp::new(1.0 / 600.0).unwrap())),
        ("lognormal = { median = \"10 min\", sigma = 0.8 }", law(LogNormal::new(600.0_f64.ln(), sigma).unwrap())),
        ("gamma = { mean = \"10 min\", cv = 0.5 }", law(Gamma::new(4.0, 4.0 / 600.0).unwrap())),
        ("weibull = { mean = \"10 min\", shape = 2.0 }", {
            // The mean is λΓ(3/2) = λ√π/2.
            law(Weibull::new(2.0, 1_200.0 / std::f64::consts::PI.sqrt()).unwrap())
        }),
        ("uniform = { low = \"5 min\", high = \"50 min\" }", law(Uniform::new(300.0, 3_000.0).unwrap())),
        ("pareto = { minimum = \"2 min\", shape = 1.5 }", law(Pareto::new(120.0, 1.5).unwrap())),
        ("normal = { mean = \"20 min\", sd = \"10 min\" }", {
            // Redrawn until not negative.
            let normal = Normal::new(1_200.0, 600.0).unwrap();
            let cut = normal.cdf(0.0);
            Box::new(move |x: f64| ((normal.cdf(x) - cut) / (1.0 - cut)).max(0.0))
        }),
        ("hyperexponential = [{ weight = 0.7, mean = \"2 min\" }, { weight = 0.3, mean = \"20 min\" }]", {
            let (short, long) = (Exp::new(1.0 / 120.0).unwrap(), Exp::new(1.0 / 1_200.0).unwrap());
            Box::new(move |x: f64| 0.7 * short.cdf(x) + 0.3 * long.cdf(x))
        }),
    ];
    for (text, cdf) in laws {
        for shift_min in [0.0, -4.0] {
            let arrival = format!("{{ {text}, shift = \"{shift_min} min\" }}");
            let rest = format!(
                r#"
                [audience.crowd]
                viewers = {VIEWERS}
                arrival = {arrival}
                journey = "look"
                [journey.look]
                steps = [{{ think = "1 s" }}]"#
            );
            let mut moments = Moments::default();
            let run = engine::run_with(&model(&window(2_400, 60, &rest)), seed(0), &mut moments);
            let inside = moments.0.len();
            assert_eq!(figure(&run, "viewers.arrived") as usize, inside);
            assert_eq!(inside + figure(&run, "viewers.outside") as usize, VIEWERS);
            assert!(moments.0.is_sorted());
            let delay = |at: f64| cdf(at - 60.0 * shift_min);
            let (first, last) = (delay(0.0), delay(2_400.0));
            check_law(&format!("{arrival}, within the window"), &moments.0, |at| (delay(at) - first) / (last - first));
            // The number of arrivals in the window is binomial.
            let mean = VIEWERS as f64 * (last - first);
            let quantile = Normal::standard().inverse_cdf(1.0 - level() / 2.0);
            let most = quantile * (mean * (1.0 - (last - first)).max(0.0)).sqrt() + 2.0;
            assert!((inside as f64 - mean).abs() <= most, "{arrival}: {inside} inside is not {mean} ± {most}");
        }
    }
}

type Cdf = Box<dyn Fn(f64) -> f64>;

fn law(law: impl ContinuousCDF<f64, f64> + 'static) -> Cdf {
    Box::new(move |x| law.cdf(x))
}

/// Given their number, the arrivals of a Poisson stream are independent with density λ(t) / Λ.
#[test]
fn a_stream_comes_by_its_profile() {
    // From 0.5 at the start up to 2 at 20 min, down to 0 at 30 min, and then nobody for 5 min, then up to 1 at 40 min.
    let points = [(0.0, 0.5), (1_200.0, 2.0), (1_800.0, 0.0), (2_100.0, 0.0), (2_400.0, 1.0)];
    let profile: Vec<String> = points.iter().map(|(at, factor)| format!("[\"{at} s\", {factor}]")).collect();
    let rest = format!(
        r#"
        [audience.open]
        rate = "100/s"
        profile = [{}]
        journey = "look"
        [journey.look]
        steps = [{{ think = "1 s" }}]"#,
        profile.join(", ")
    );
    let area = |t: f64| -> f64 {
        let piece = |pair: &[(f64, f64)]| {
            let ((a, first), (b, last)) = (pair[0], pair[1]);
            let x = (t - a).clamp(0.0, b - a);
            first * x + (last - first) * x * x / (2.0 * (b - a))
        };
        100.0 * points.windows(2).map(piece).sum::<f64>()
    };
    let text = window(2_400, 60, &rest);
    let mut moments = Moments::default();
    engine::run_with(&model(&text), seed(0), &mut moments);
    check_law("profile", &moments.0, |at| area(at) / area(2_400.0));
    let counts = each(&text, 60, |run| figure(run, "viewers.arrived"));
    check("arrivals of a profile", area(2_400.0), &counts, 0.005);
    // A Poisson number has its mean as variance; with 60 replications the quotient lies within these bounds but once in
    // a million.
    let mean = counts.iter().sum::<f64>() / 60.0;
    let variance = counts.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / 59.0;
    assert!((0.3..2.2).contains(&(variance / mean)), "{}", variance / mean);
}

/// A load generator that starts, holds a rate and stops, as k6 and vegeta do.
#[test]
fn a_stream_comes_from_its_first_moment_until_its_end() {
    let stream = |bounds: &str| {
        let text = window(
            60,
            10,
            &format!(
                "[audience.open]\nrate = \"10/s\"\nspacing = \"even\"\n{bounds}\njourney = \"look\"\n[journey.look]\nsteps = [{{ think = \"1 s\" }}]"
            ),
        );
        let mut moments = Moments::default();
        engine::run_with(&model(&text), seed(0), &mut moments);
        (moments.0.len(), moments.0.iter().all(|at| (20.0..=35.0).contains(at)))
    };
    // The k-th comes k tenths of a second after the first moment; the last moment of a window is not part of it.
    assert_eq!(stream("from = \"20 s\"\nuntil = \"35 s\""), (149, true));
    assert_eq!(stream("until = \"35 s\"").0, 349);
    assert_eq!(stream("from = \"20 s\"").0, 399);
}

/// The two hundredth comes when the integral of the rate reaches 200, which is at the begin of the pause.
#[test]
fn an_even_stream_that_pauses_puts_nobody_off_to_the_end_of_the_pause() {
    let text = "[audience.open]\nrate = \"10/s\"\nspacing = \"even\"\njourney = \"look\"\n[journey.look]\nsteps = [{ think = \"1 s\" }]\n\
                [multiplier.pause]\nfactor = 0\nfrom = \"20 s\"\nuntil = \"30 s\"";
    let mut moments = Moments::default();
    engine::run_with(&model(&window(60, 10, text)), seed(0), &mut moments);
    let around: Vec<f64> = moments.0.iter().copied().filter(|at| (19.95..30.15).contains(at)).collect();
    assert_eq!(around, [20.0, 30.1]);
    assert_eq!(moments.0.len(), 499);
}
