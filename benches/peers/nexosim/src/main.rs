//! The workloads in NeXosim, on one thread: an audience and a pool as models, joined by ports.
//!
//! ```text
//!             ┌──────────┐  attempt  ┌────────┐
//!             │          ├──────────►│        │
//!             │ Audience │           │  Pool  │
//!             │          │◄──────────┤        │
//!             └──────────┘   answer  └────────┘
//! ```

use std::collections::VecDeque;
use std::time::Duration;

use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::{Output, QuerySource};
use nexosim::simulation::{EventKey, Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use peers::{Counts, Crowd, Random, Workload, exponential, uniform};
use serde::{Deserialize, Serialize};

/// Events lie in the future, so the shortest delay is the resolution of the clock.
const SOON: Duration = Duration::from_nanos(1);

fn after(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds).max(SOON)
}

fn seconds<M: Model>(cx: &Context<M>) -> f64 {
    cx.time().duration_since(MonotonicTime::EPOCH).as_secs_f64()
}

/// One attempt of a request, as it goes to the pool and comes back.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Attempt {
    request: u32,
    served: bool,
}

/// Who asks: the stream, the crowd, and the app that tries again.
#[derive(Serialize, Deserialize)]
struct Audience {
    attempt: Output<Attempt>,
    workload: Workload,
    random: Random,
    crowd: Crowd,
    stream_now: f64,
    crowd_now: f64,
    /// Attempts made for each request that is not over yet.
    attempts: Vec<u32>,
    free: Vec<u32>,
    counts: Counts,
}

#[Model]
impl Audience {
    fn new(workload: &Workload, random: Random) -> Audience {
        Audience {
            attempt: Output::default(),
            crowd: Crowd::new(workload),
            workload: workload.clone(),
            random,
            stream_now: 0.0,
            crowd_now: 0.0,
            attempts: Vec::new(),
            free: Vec::new(),
            counts: Counts::default(),
        }
    }

    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        self.expect_stream(cx);
        self.expect_crowd(cx);
    }

    fn expect_stream(&mut self, cx: &Context<Self>) {
        if let Some(time) = self.workload.next_of_stream(self.stream_now, &mut self.random) {
            cx.schedule_event(after(time - self.stream_now), schedulable!(Self::next_of_stream), ()).unwrap();
            self.stream_now = time;
        }
    }

    fn expect_crowd(&mut self, cx: &Context<Self>) {
        if let Some(time) = self.crowd.next(&mut self.random) {
            cx.schedule_event(after(time - self.crowd_now), schedulable!(Self::next_of_crowd), ()).unwrap();
            self.crowd_now = time;
        }
    }

    #[nexosim(schedulable)]
    async fn next_of_stream(&mut self, _: (), cx: &Context<Self>) {
        self.expect_stream(cx);
        self.arrive().await;
    }

    #[nexosim(schedulable)]
    async fn next_of_crowd(&mut self, _: (), cx: &Context<Self>) {
        self.expect_crowd(cx);
        self.arrive().await;
    }

    async fn arrive(&mut self) {
        self.counts.requests += 1;
        let request = self.free.pop().unwrap_or_else(|| {
            self.attempts.push(0);
            self.attempts.len() as u32 - 1
        });
        self.attempts[request as usize] = 0;
        self.ask(request).await;
    }

    #[nexosim(schedulable)]
    async fn ask(&mut self, request: u32) {
        self.counts.attempts += 1;
        self.attempts[request as usize] += 1;
        self.attempt.send(Attempt { request, served: false }).await;
    }

    /// The pool's answer -- input port.
    async fn answer(&mut self, attempt: Attempt, cx: &Context<Self>) {
        let made = self.attempts[attempt.request as usize];
        if attempt.served {
            self.free.push(attempt.request);
        } else if made == self.workload.attempts {
            self.counts.gave_up += 1;
            self.free.push(attempt.request);
        } else {
            let longest = self.workload.backoff * f64::from(1_u32 << (made - 1));
            let pause = uniform(&mut self.random) * longest;
            cx.schedule_event(after(pause), schedulable!(Self::ask), attempt.request).unwrap();
        }
    }

    /// What the audience counted -- replier port.
    async fn counts(&mut self) -> Counts {
        self.counts
    }
}

/// An attempt that waits, and the timer that will end its wait.
#[derive(Serialize, Deserialize)]
struct Waiting {
    attempt: Attempt,
    number: u64,
    timer: Option<EventKey>,
}

/// Who answers: servers and a queue. Waits time out in the order in which they began, so it is the head of the queue
/// that does.
#[derive(Serialize, Deserialize)]
struct Pool {
    answer: Output<Attempt>,
    workload: Workload,
    random: Random,
    queue: VecDeque<Waiting>,
    busy: usize,
    counts: Counts,
}

#[Model]
impl Pool {
    fn new(workload: &Workload, random: Random) -> Pool {
        Pool {
            answer: Output::default(),
            workload: workload.clone(),
            random,
            queue: VecDeque::new(),
            busy: 0,
            counts: Counts::default(),
        }
    }

    /// An attempt -- input port.
    async fn attempt(&mut self, attempt: Attempt, cx: &Context<Self>) {
        if self.busy < self.workload.servers {
            self.busy += 1;
            self.serve(attempt, cx);
        } else if self.queue.len() < self.workload.queue_limit {
            self.wait(attempt, cx);
        } else {
            self.counts.rejected_503 += 1;
            self.answer.send(attempt).await;
        }
    }

    fn wait(&mut self, attempt: Attempt, cx: &Context<Self>) {
        let number = self.counts.waited;
        self.counts.waited += 1;
        self.counts.waiting_s -= seconds(cx);
        let timer = self
            .workload
            .queue_timeout
            .map(|timeout| cx.schedule_keyed_event(after(timeout), schedulable!(Self::timed_out), number).unwrap());
        self.queue.push_back(Waiting { attempt, number, timer });
    }

    fn serve(&mut self, attempt: Attempt, cx: &Context<Self>) {
        let service = exponential(&mut self.random) * self.workload.service;
        cx.schedule_event(after(service), schedulable!(Self::served), attempt).unwrap();
    }

    #[nexosim(schedulable)]
    async fn served(&mut self, attempt: Attempt, cx: &Context<Self>) {
        self.counts.served += 1;
        match self.queue.pop_front() {
            Some(next) => {
                self.counts.waiting_s += seconds(cx);
                if let Some(timer) = next.timer {
                    timer.cancel();
                }
                self.serve(next.attempt, cx);
            }
            None => self.busy -= 1,
        }
        self.answer.send(Attempt { served: true, ..attempt }).await;
    }

    #[nexosim(schedulable)]
    async fn timed_out(&mut self, number: u64, cx: &Context<Self>) {
        // A service that ended at this very instant may have taken the head away.
        if let Some(waiting) = self.queue.pop_front_if(|waiting| waiting.number == number) {
            self.counts.waiting_s += seconds(cx);
            self.counts.timed_out_504 += 1;
            self.answer.send(waiting.attempt).await;
        }
    }

    /// What the pool counted -- replier port.
    async fn counts(&mut self) -> Counts {
        self.counts
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (workload, random) = Workload::from_arguments()?;
    // The pool draws from a part of the generator's sequence that the audience never reaches.
    let mut jumped = random.clone();
    jumped.jump();
    let mut audience = Audience::new(&workload, random);
    let mut pool = Pool::new(&workload, jumped);
    let (audience_mailbox, pool_mailbox) = (Mailbox::new(), Mailbox::new());
    audience.attempt.connect(Pool::attempt, &pool_mailbox);
    pool.answer.connect(Audience::answer, &audience_mailbox);

    let mut bench = SimInit::with_num_threads(1);
    let of_audience = QuerySource::new().connect(Audience::counts, &audience_mailbox).register(&mut bench);
    let of_pool = QuerySource::new().connect(Pool::counts, &pool_mailbox).register(&mut bench);
    let mut simulation = bench
        .add_model(audience, audience_mailbox, "audience")
        .add_model(pool, pool_mailbox, "pool")
        .init(MonotonicTime::EPOCH)?;
    simulation.run()?;

    let audience = simulation.process_query(&of_audience, ())?;
    let pool = simulation.process_query(&of_pool, ())?;
    Counts { requests: audience.requests, attempts: audience.attempts, gave_up: audience.gave_up, ..pool }
        .print(&workload.name, workload.size);
    Ok(())
}
