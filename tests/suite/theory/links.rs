//! Links in overload: water-filling worked by hand, and stalls as processor sharing.

use dropstorm::analysis::figures_of;
use dropstorm::engine;
use dropstorm::measure::Figures;
use dropstorm::vocabulary::Column;

use super::erlang::erlang_c;
use super::intervals::{after_warm_up, check, each, figure, model, seed, window};

const LADDER_KBPS: [f64; 4] = [500.0, 1_000.0, 2_000.0, 4_000.0];
const PHONE_KBPS: f64 = 1_000.0;
const TV_KBPS: f64 = 4_000.0;

/// The bit rate that a stream takes under a peak, and the share of time for which it plays: the highest rung not above the
/// peak; below the lowest rung the whole share, for a part of the time.
fn rung(share: f64) -> (f64, f64) {
    match LADDER_KBPS.iter().rev().find(|rung| **rung <= share) {
        Some(rung) => (*rung, 1.0),
        None => (share, share / LADDER_KBPS[0]),
    }
}

/// A thousand people on phones and televisions share a link whose capacity changes, and each interval is worked out by
/// hand.
#[test]
fn a_link_shares_its_capacity_max_min_fairly() {
    // Ten seconds each, in Mbps for all the thousand. Below 1 Mbps each everyone gets the same; below 0.5 streams
    // stall.
    let capacities = [10_000.0, 2_300.0, 1_400.0, 900.0, 500.0, 250.0, 125.0, 10_000.0];
    let changes: String = capacities
        .iter()
        .enumerate()
        .skip(1)
        .map(|(i, mbps)| {
            format!("[[change]]\nat = \"+{} s\"\nset = {{ \"region.here.link.capacity\" = \"{mbps} Mbps\" }}\n", 10 * i)
        })
        .collect();
    let rest = format!(
        r#"
        [region.here]
        link = {{ capacity = "10000 Mbps" }}
        [delivery]
        ladder = ["500 kbps", "1000 kbps", "2000 kbps", "4000 kbps"]
        devices = {{ phone = {{ peak = "1000 kbps", share = 0.4 }}, tv = {{ peak = "4000 kbps", share = 0.6 }} }}
        [audience.crowd]
        viewers = 1000
        arrival = "0 s"
        journey = "watch"
        [journey.watch]
        steps = [{{ stream = "100 s" }}]
        {changes}"#
    );
    let figures = figures_of(&[engine::run(&model(&window(160, 10, &rest)), seed(0))]);
    let value = |interval, column| figures.value(interval, 0, column);
    let close = |simulated: f64, exact: f64| (simulated - exact).abs() <= 1e-9 * exact.abs().max(1e-3);

    // At first every stream has its peak, so the mean bit rate tells the number of viewers on each device.
    let phones = ((TV_KBPS - value(0, Column::BitrateMean)) * 1_000.0 / (TV_KBPS - PHONE_KBPS)).round();
    assert!((300.0..500.0).contains(&phones));
    let tvs = 1_000.0 - phones;
    let mut played = 0.0;
    for (interval, mbps) in capacities.into_iter().enumerate() {
        let capacity = mbps * 1e3;
        let level = capacity / 1_000.0;
        // Streams whose peak is below the water level have their peak; the others share the rest.
        let phone = PHONE_KBPS.min(level);
        let tv = TV_KBPS.min((capacity - phones * phone) / tvs);
        let ((phone_rate, phone_plays), (tv_rate, tv_plays)) = (rung(phone), rung(tv));
        let carried = phones * phone_rate + tvs * tv_rate;
        let stalled = 1.0 - (phones * phone_plays + tvs * tv_plays) / 1_000.0;
        assert_eq!(value(interval, Column::StreamsMean), 1_000.0);
        assert!(close(value(interval, Column::BitrateMean), carried / 1_000.0), "interval {interval}");
        assert!(close(value(interval, Column::LinkUtilization), carried / capacity), "interval {interval}");
        assert!(close(value(interval, Column::StalledShare), stalled), "interval {interval}: {stalled}");
        assert!(phone_plays == tv_plays, "below the lowest rung all devices are alike");
        played += 10.0 * phone_plays;
    }
    // Half a stall for 10 s, then three quarters of one: 12.5 s are lost, so that 100 s of video end at 112.5 s.
    assert!(close(played, 80.0 - 12.5));
    let streams: Vec<f64> = figures.series(0, Column::StreamsMean).collect();
    assert!(streams[..11].iter().all(|streams| *streams == 1_000.0));
    assert!(close(streams[11], 250.0), "{}", streams[11]);
    assert!(streams[12..].iter().all(|streams| *streams == 0.0));
    assert_eq!(figure_of(&figures, "viewers.watched"), 1_000.0);
}

fn figure_of(figures: &Figures, name: &str) -> f64 {
    figures.summary(name).unwrap().mean
}

/// With a ladder of one rung, a link with the capacity of m rungs is a processor that the streams share equally, each with at
/// most 1/m of it. So the number of streams has the law of M/M/m whatever the law of their length (J. W. Cohen, The Multiple
/// Phase Service Network with Generalized Processor Sharing, Acta Informatica 12, 1979), and the mean number of stalled
/// streams is the mean queue length of M/M/m.
#[test]
fn stalled_streams_are_those_that_wait_in_mmm() {
    let (rungs, load) = (5.0, 3.5);
    let waiting = erlang_c(5, load) * load / (rungs - load);
    for length in [r#"{ exponential = { mean = "1 s" } }"#, r#""1 s""#, r#"{ lognormal = { mean = "1 s", cv = 1.5 } }"#]
    {
        let rest = format!(
            r#"
            [region.here]
            link = {{ capacity = "5 Mbps" }}
            [delivery]
            ladder = ["1 Mbps"]
            [audience.open]
            rate = "{load}/s"
            journey = "watch"
            [journey.watch]
            steps = [{{ stream = {length} }}]"#
        );
        let rows = each(&after_warm_up(25_000, 1_000, &rest), 104, |run| {
            let figures = Figures::of(std::slice::from_ref(run));
            let streams = (1..figures.intervals).map(|i| figures.value(i, 0, Column::StreamsMean)).sum::<f64>()
                / (figures.intervals - 1) as f64;
            (streams, figure(run, "stalled_share"), figure(run, "link_utilization"))
        });
        let column = |pick: fn(&(f64, f64, f64)) -> f64| rows.iter().map(pick).collect::<Vec<f64>>();
        check(&format!("streams that share, {length}"), load + waiting, &column(|row| row.0), 0.01);
        check(&format!("stalled share, {length}"), waiting / (load + waiting), &column(|row| row.1), 0.03);
        check(&format!("utilization of the link, {length}"), load / rungs, &column(|row| row.2), 0.01);
    }
}
