//! People with one journey, one client, one drop and, where streams may stall, one link, whatever their audience and region.

use super::{coming, link};
use crate::model::{Model, Settings, Step};

/// A group of people.
pub struct Group {
    /// Index of the journey.
    pub journey: usize,
    /// Index of the client.
    pub client: usize,
    /// The drop in nanoseconds from the start of the window.
    pub drop: f64,
    /// The region whose link they share, if its streams may stall.
    pub link: Option<usize>,
    /// A cohort of the group; its multipliers stand for those of all.
    pub cohort: usize,
    /// Arrivals up to each edge of the grid.
    pub arrived: Vec<f64>,
    /// People inside at the start, by step.
    pub inside: Vec<f64>,
    /// Share of the people for whom attempts take time to travel.
    pub far: f64,
    /// Mean round trip in seconds.
    pub rtt: f64,
    /// Share of the attempts that are lost on the way.
    pub loss: f64,
    /// Share of each pool in the requests of each step, and in its heartbeats.
    pub routes: Vec<Vec<(f64, usize)>>,
    /// People who were added up, for means.
    weight: f64,
}

/// The groups of a model, with their arrivals on a grid.
pub fn groups(model: &Model, edges: &[f64]) -> Vec<Group> {
    let settings = &model.epochs[0].settings;
    let mut groups: Vec<Group> = Vec::new();
    let may_stall = link::may_stall(model);
    for (index, cohort) in model.cohorts.iter().enumerate() {
        let mut arrived = coming::arrived(cohort, edges);
        // Who comes at the very start comes in the first step of time.
        if let Some(start) = arrived.first_mut() {
            *start = 0.0;
        }
        let drop = model.drops[cohort.region].0 as f64;
        let link = may_stall[cohort.region].then_some(cohort.region);
        for (share, client) in &settings.mixes[index].clients {
            let key = (cohort.journey, *client, drop, link);
            let same = |group: &&mut Group| (group.journey, group.client, group.drop, group.link) == key;
            let group = match groups.iter_mut().find(same) {
                Some(group) => group,
                None => {
                    groups.push(Group::new(settings, key, index, edges.len()));
                    let last = groups.len() - 1;
                    &mut groups[last]
                }
            };
            group.add(settings, cohort.region, &arrived, *share, model.end.seconds());
            for already in &cohort.already {
                group.inside[already.step] += already.mean * share;
            }
        }
    }
    groups
}

impl Group {
    fn new(
        settings: &Settings,
        (journey, client, drop, link): (usize, usize, f64, Option<usize>),
        cohort: usize,
        edges: usize,
    ) -> Group {
        let steps = settings.journeys[journey].steps.len();
        let (arrived, inside, routes) = (vec![0.0; edges], vec![0.0; steps], vec![Vec::new(); steps]);
        Group {
            journey,
            client,
            drop,
            link,
            cohort,
            arrived,
            inside,
            far: 0.0,
            rtt: 0.0,
            loss: 0.0,
            routes,
            weight: 0.0,
        }
    }

    /// Adds a share of the people of a cohort in a region.
    fn add(&mut self, settings: &Settings, region: usize, arrived: &[f64], share: f64, horizon: f64) {
        for (sum, arrived) in self.arrived.iter_mut().zip(arrived) {
            *sum += arrived * share;
        }
        let region = &settings.regions[region];
        let people = (arrived.last().copied().unwrap_or(0.0) * share).max(1e-9);
        let part = people / (self.weight + people);
        self.weight += people;
        let distance = &region.distance;
        self.far += (f64::from(u8::from(distance.is_far())) - self.far) * part;
        self.rtt += (distance.mean_seconds().min(horizon) - self.rtt) * part;
        self.loss += (distance.loss() - self.loss) * part;
        for (routes, step) in self.routes.iter_mut().zip(&settings.journeys[self.journey].steps) {
            let tier = match step {
                Step::Request { tier, .. } => *tier,
                Step::Stream { heartbeat: Some(beat), .. } | Step::Enter { poll: Some(beat), .. } => beat.tier,
                _ => continue,
            };
            routes.iter_mut().for_each(|(share, _)| *share *= 1.0 - part);
            for (share, pool) in &region.routes[tier].pools {
                match routes.iter_mut().find(|(_, known)| known == pool) {
                    Some((sum, _)) => *sum += share * part,
                    None => routes.push((share * part, *pool)),
                }
            }
        }
    }
}
