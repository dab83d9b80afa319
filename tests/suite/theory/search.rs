//! The smallest number of servers with few enough losses, and the cheapest servers of two pools, against Erlang's loss formula.

use dropstorm::scenario::Scenario;
use dropstorm::sweep::cheapest::{self, Effort};
use dropstorm::sweep::{self, Answer, Plan, Search, Store};

use super::erlang::erlang_b;
use super::intervals::{after_warm_up, open};

/// M/M/c/c at 20 erlang. Verdicts called certain must be right. The answer may be off by one where the figure of a value is
/// too near to the bound.
#[test]
fn the_fewest_servers_that_lose_so_little_are_erlangs() {
    let service = "service = { exponential = { mean = '1 s' } }\nqueue = { shared = { limit = 0 } }";
    let rest = open(20, &format!("servers = 1\n{service}"));
    // A search goes from batch to batch, each of which would wait for the long runs of other tests in the common pool.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let scenario = Scenario::parse("loss.toml", &after_warm_up(3_000, 150, &rest)).unwrap();
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

/// Two loss systems at 8 and at 3 erlang, whose servers cost 2 and 3: the cheapest numbers of servers with which at most 10.4% of
/// all are turned away.
#[test]
fn the_cheapest_servers_of_two_pools_are_those_of_erlangs_formula() {
    let rest = r#"
        [audience.first]
        rate = "8/s"
        journey = "first"
        [audience.second]
        rate = "3/s"
        journey = "second"
        [journey.first]
        steps = [{ request = "first" }]
        [journey.second]
        steps = [{ request = "second" }]
        [pool.first]
        servers = 9
        service = { exponential = { mean = "1 s" } }
        queue = { shared = { limit = 0 } }
        [pool.second]
        servers = 3
        service = { exponential = { mean = "1 s" } }
        queue = { shared = { limit = 0 } }
        [[threshold]]
        metric = "error_rate.overall"
        at_most = "10.4%""#;
    let (first, second) = (9..=14_u64, 3..=6_u64);
    let each = || first.clone().flat_map(|one| second.clone().map(move |other| (one, other)));
    let cost = |(one, other): (u64, u64)| (2 * (one - 9) + 3 * (other - 3)) as f64;
    let loss = |(one, other)| (8.0 * erlang_b(one, 8.0) + 3.0 * erlang_b(other, 3.0)) / 11.0;
    let exact = each().filter(|servers| loss(*servers) <= 0.104).min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap();
    // No other is so near to the bound that chance decides.
    assert!(each().filter(|other| cost(*other) <= cost(exact) && *other != exact).all(|other| loss(other) > 0.114));
    assert!(loss(exact) < 0.094);

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("loss.toml"), after_warm_up(2_600, 100, rest)).unwrap();
    let costs = |servers: &[u64], each: u64| servers.iter().map(|n| (n - servers[0]) * each).collect::<Vec<_>>();
    let lever = |pool: &str, servers: Vec<u64>, each: u64| {
        format!("[[lever]]\npath = \"pool.{pool}.servers\"\nvalues = {servers:?}\ncost = {:?}\n", costs(&servers, each))
    };
    let plan = [lever("first", first.clone().collect(), 2), lever("second", second.clone().collect(), 3)].concat();
    std::fs::write(folder.path().join("plan.toml"), format!("scenario = \"loss.toml\"\n{plan}")).unwrap();
    let plan =
        Plan::read(&folder.path().join("plan.toml"), &[]).unwrap_or_else(|errors| panic!("{errors}")).replicated(64);
    let store = Store::open(&folder.path().join("store"), plan.outline(), None).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let effort = Effort { first: 2, at_most: 64, sure: 0.97 };
    let prices = plan.prices().unwrap();
    let found = pool.install(|| cheapest::cheapest(&plan, prices, &store, &effort, &())).unwrap().unwrap();
    let servers = |choice: cheapest::Choice| {
        let digits = &found.combinations[choice.index].digits;
        (9 + digits[0] as u64, 3 + digits[1] as u64)
    };
    let winner = found.winner.unwrap();
    assert!(servers(winner) == exact && winner.sure >= 0.97, "{winner:?} is not {exact:?}");
    let saves = |(one, other): (u64, u64)| one < exact.0 || other < exact.1;
    let others = each().filter(|servers| saves(*servers) && loss(*servers) <= 0.104);
    let next = others.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap();
    assert_eq!(cost(servers(found.runner_up.unwrap())), cost(next));
    assert!(found.runs() < 64 * 24 / 4, "{} runs", found.runs());
}
