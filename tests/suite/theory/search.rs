//! The smallest number of servers with few enough losses, against Erlang's loss formula.

use dropstorm::scenario::Scenario;
use dropstorm::sweep::{self, Answer, Search};

use super::erlang::erlang_b;
use super::intervals::after_warm_up;

/// M/M/c/c at 20 erlang. Verdicts called certain must be right. The answer may be off by one where the figure of a value is
/// too near to the bound.
#[test]
fn the_fewest_servers_that_lose_so_little_are_erlangs() {
    let rest = r#"
        [audience.open]
        rate = "20/s"
        journey = "ask"
        [journey.ask]
        steps = [{ request = "api" }]
        [pool.api]
        servers = 1
        service = { exponential = { mean = "1 s" } }
        queue = { shared = { limit = 0 } }"#;
    // A search goes from batch to batch, each of which would wait for the long runs of other tests in the common pool.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let scenario = Scenario::parse("loss.toml", &after_warm_up(3_000, 150, rest)).unwrap();
    for lost in [0.2, 0.05, 0.01, 0.002] {
        let until = format!("error_rate.overall<={lost}");
        let search = Search::new(&scenario, "pool.api.servers=2..200", &until).unwrap().replications(8, 64);
        let finding = pool.install(|| sweep::find(&search, &())).unwrap().unwrap();
        let Answer::Smallest(edge) = &finding.answer else { panic!("{:?}", finding.answer) };
        let number = |setting: &sweep::Setting| setting.number.unwrap() as u64;
        let exact = (1..).find(|servers| erlang_b(*servers, 20.0) <= lost).unwrap();
        let (value, holds, fails) =
            (number(&edge.value), number(edge.holds.as_ref().unwrap()), number(edge.fails.as_ref().unwrap()));
        assert!(value.abs_diff(exact) <= 1, "{value} servers lose {lost}, not {exact}");
        assert!(fails < exact && exact <= holds && holds - fails <= 2, "{exact} is not in ({fails}, {holds}]");
        for trial in &finding.trials {
            let loss = erlang_b(number(&trial.setting), 20.0);
            assert!(trial.low <= loss + 1e-9 && loss <= trial.high + 1e-3, "{loss} is not that of {trial:?}");
        }
    }
}
