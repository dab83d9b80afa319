//! The analysis of one run.

use super::amplification::Amplification;
use super::called::Called;
use super::cold::Cold;
use super::course::Course;
use super::frame::Frame;
use super::harm::Harm;
use super::links::{self, Link};
use super::most_failed::MostFailed;
use super::offered::Offered;
use super::peaks::Peaks;
use super::pool::Pool;
use super::troubled::{self, Troubled};
use super::unmeasured::Unmeasured;
use super::whom::{self, Named};
use super::why::{Why, rows_of_pools};
use crate::measure::{FirstTries, Measurements, Scope};

/// Analysis of one run over its measured intervals: troubles, causes and harm.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The measured intervals, the window and the bounds.
    pub frame: Frame,
    /// Course of the attempts of everything, heartbeats aside.
    pub everything: Course,
    /// Course of the attempts of each region, by index, heartbeats aside.
    pub regions: Vec<Course>,
    /// Course of the attempts of each request, by index.
    pub requests: Vec<Request>,
    /// Attempts, utilization and waits of each pool, by index.
    pub pools: Vec<Pool>,
    /// Which pools lose the attempts, or make them wait.
    pub why: Why,
    /// Attempts sent to a pool that waits for calls, as calls.
    pub offered: Option<Offered>,
    /// Regions and requests that fare worse than everything together, the worst first; then calls between pools, likewise.
    pub named: Vec<Named>,
    /// Links that hold streams down, in the order of the regions.
    pub links: Vec<Link>,
    /// Greatest values of single intervals and windows.
    pub peaks: Peaks,
    /// The region with most failures of each trouble of everything that is told; empty where there is one region.
    pub failed_most: Vec<MostFailed>,
    /// People harmed.
    pub harm: Harm,
    /// People harmed of each region, by index.
    pub harm_by_region: Vec<Harm>,
    /// Whether the run is stuck: it would not end in trouble without its trigger. `None` if that was not asked.
    pub stuck: Option<bool>,
    /// First tries at the saturated pool whose capacity they would fill most, where the run is stuck.
    pub first_tries: Option<FirstTries>,
    /// Attempts beyond first tries.
    pub amplification: Amplification,
    /// The request in trouble with most failures, where other requests of people are not in trouble.
    pub troubled: Option<Troubled>,
    /// Pools to which only other pools send attempts.
    pub called: Vec<Called>,
    /// A cache that answers much less in trouble than at the best.
    pub cold: Option<Cold>,
    /// Trouble before and after the measured intervals.
    pub unmeasured: Vec<Unmeasured>,
}

/// The attempts of one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Course of the attempts.
    pub course: Course,
    /// Whether the request is a call between pools, which does not count in everything.
    pub is_call: bool,
    /// Whether the request is only made as a heartbeat of streams, which does not count in everything.
    pub is_heartbeat: bool,
    /// Whether viewers go on after the request fails.
    pub is_optional: bool,
    /// Attempts sent over first tries; `None` without first tries.
    pub per_first_try: Option<f64>,
}

/// The course that pools are judged by: everything, or where that is calm the region or request that fails worst, calls between
/// pools aside.
fn judged<'a>(everything: &'a Course, named: &[Named], regions: &'a [Course], requests: &'a [Request]) -> &'a Course {
    let of_people = requests.iter().filter(|request| !request.is_call).map(|request| &request.course);
    let places: Vec<&Course> = regions.iter().chain(of_people).filter(|course| course.fails()).collect();
    let worst = named.iter().find_map(|named| places.iter().find(|course| course.scope == named.scope));
    worst.copied().filter(|_| !everything.is_in_trouble()).unwrap_or(everything)
}

impl Analysis {
    /// The analysis of a run.
    pub fn of(run: &Measurements) -> Analysis {
        let layout = &run.layout;
        let frame = Frame::of(run);
        let course = |scope: Scope| layout.row_of(scope).map(|row| Course::of(run, row, &frame));
        let region = |region| course(Scope::region(region));
        let request = |request| {
            let course = course(Scope::request(request))?;
            let is_call = layout.is_call(request);
            let is_heartbeat = !is_call && !layout.cells.iter().any(|([.., of], in_all)| *of == request && *in_all);
            let is_optional = layout.optional.get(request) == Some(&true);
            let per_first_try = troubled::per_first_try(run, &frame, course.scope);
            Some(Request { course, is_call, is_heartbeat, is_optional, per_first_try })
        };
        let everything = Course::of(run, 0, &frame);
        let regions: Vec<Course> = (0..layout.regions).filter_map(region).collect();
        let requests: Vec<Request> = (0..layout.requests).filter_map(request).collect();
        let rows = rows_of_pools(run);
        let courses = |calls: bool| {
            requests.iter().filter(move |request| request.is_call == calls).map(|request| &request.course)
        };
        // What people see comes before calls between pools.
        let mut named = whom::named(&everything, regions.iter().chain(courses(false)));
        named.extend(whom::named(&everything, courses(true)));
        let of_people = requests.iter().filter(|it| !it.is_call && !it.is_heartbeat).map(|it| &it.course);
        let of_people: Vec<&Course> = of_people.filter(|course| course.sent > 0.0).collect();
        let why = Why::of(run, &rows, judged(&everything, &named, &regions, &requests), &frame);
        let peaks = Peaks::of(run, &frame, &everything);
        Analysis {
            named,
            cold: Cold::of(run, &frame, &why),
            offered: Offered::of(run, &rows, &frame, &why).filter(|offered| offered.is_more(&peaks)),
            why,
            pools: rows.iter().enumerate().map(|(pool, row)| Pool::of(run, pool, *row, &frame)).collect(),
            links: links::limited(run, &frame),
            peaks,
            failed_most: MostFailed::of(run, &everything.troubles),
            harm: Harm::of(run, None),
            harm_by_region: (0..layout.regions).map(|region| Harm::of(run, Some(region))).collect(),
            stuck: run.stuck,
            first_tries: run.first_tries,
            amplification: Amplification::of(run, &frame),
            troubled: Troubled::of(run, &frame, &of_people),
            called: Called::of(run, &frame),
            unmeasured: Unmeasured::of(run, &frame),
            everything,
            regions,
            requests,
            frame,
        }
    }

    /// Course of the attempts of everything, of a region or of a request; `None` for other scopes.
    pub fn course(&self, scope: Scope) -> Option<&Course> {
        let others = self.regions.iter().chain(self.requests.iter().map(|request| &request.course));
        std::iter::once(&self.everything).chain(others).find(|course| course.scope == scope)
    }
}
