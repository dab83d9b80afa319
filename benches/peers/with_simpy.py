"""The workloads in SimPy, as its manual writes a pool of servers: a process for each request, a resource for the servers."""

import argparse
import json
import math
import random
from dataclasses import dataclass, field
from typing import Iterator

import simpy


@dataclass
class Workload:
    """A workload; times are in seconds. See rust/src/lib.rs for what each number means."""

    name: str
    size: float
    servers: int
    service: float
    queue_limit: float
    queue_timeout: float | None
    attempts: int
    backoff: float
    rate: float
    crowd: int
    crowd_mean: float
    close: float


def workload_of(name: str, size: float) -> Workload:
    if name == "w1":
        return Workload(name, size, 100, 0.09, math.inf, None, 1, 0.0, 1000.0, 0, 1.0, 10_000 * size)
    if name == "w4":
        return Workload(name, size, 10_000, 0.095, math.inf, None, 1, 0.0, 100_000.0, 0, 1.0, 100 * size)
    limit = {"w2": 5_000, "w2b": 50_000}[name]
    close, mean = 600.0, 120.0
    crowd = round(4_800_000 * size * (1 - math.exp(-close / mean)))
    return Workload(
        name, size, round(1000 * size), 0.1, round(limit * size), 2.0, 5, 1.0, 5000 * size, crowd, mean, close
    )


@dataclass
class Simulation:
    workload: Workload
    random: random.Random
    env: simpy.Environment = field(default_factory=simpy.Environment)
    requests: int = 0
    attempts: int = 0
    served: int = 0
    rejected_503: int = 0
    timed_out_504: int = 0
    gave_up: int = 0
    waited: int = 0
    waiting_s: float = 0.0

    def __post_init__(self) -> None:
        if self.workload.name == "w4":
            self.pools = [simpy.Resource(self.env) for _ in range(self.workload.servers)]
        else:
            self.pools = [simpy.Resource(self.env, capacity=self.workload.servers)]
        self.env.process(self.stream())
        self.env.process(self.crowd())

    def stream(self) -> Iterator[simpy.Event]:
        """A Poisson stream until the doors close."""
        while True:
            pause = self.random.expovariate(self.workload.rate)
            if self.env.now + pause >= self.workload.close:
                return
            yield self.env.timeout(pause)
            self.env.process(self.request())

    def crowd(self) -> Iterator[simpy.Event]:
        """A crowd in order: the logarithm of the uniform variable moves by an exponential over the number of those left."""
        after_close = math.exp(-self.workload.close / self.workload.crowd_mean)
        passed = 0.0
        for left in range(self.workload.crowd, 0, -1):
            passed += self.random.expovariate(left)
            time = -self.workload.crowd_mean * math.log(after_close + (1 - after_close) * math.exp(-passed))
            yield self.env.timeout(max(time - self.env.now, 0.0))
            self.env.process(self.request())

    def request(self) -> Iterator[simpy.Event]:
        """One request through all its attempts."""
        self.requests += 1
        for attempt in range(self.workload.attempts):
            if attempt > 0:
                yield self.env.timeout(self.random.random() * self.workload.backoff * 2 ** (attempt - 1))
            self.attempts += 1
            pool = self.pools[0] if len(self.pools) == 1 else self.shorter_of_two()
            if pool.count == pool.capacity and len(pool.queue) >= self.workload.queue_limit:
                self.rejected_503 += 1
                continue
            with pool.request() as slot:
                if not slot.triggered:
                    self.waited += 1
                    self.waiting_s -= self.env.now
                    if self.workload.queue_timeout is None:
                        yield slot
                    else:
                        yield slot | self.env.timeout(self.workload.queue_timeout)
                    self.waiting_s += self.env.now
                if slot.triggered:
                    yield self.env.timeout(self.random.expovariate(1 / self.workload.service))
                    self.served += 1
                    return
                self.timed_out_504 += 1
        self.gave_up += 1

    def shorter_of_two(self) -> simpy.Resource:
        """The server with fewer customers of two different ones drawn at random; among equals the first drawn."""
        return min(self.random.sample(self.pools, 2), key=lambda server: server.count + len(server.queue))

    def counts(self) -> dict[str, float]:
        names = ["requests", "attempts", "served", "rejected_503", "timed_out_504", "gave_up", "waited", "waiting_s"]
        return {name: getattr(self, name) for name in names}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workload", choices=["w1", "w2", "w2b", "w4"])
    parser.add_argument("size", nargs="?", type=float, default=1.0, help="the share of the full size")
    parser.add_argument("seed", nargs="?", type=int, default=1)
    wanted = parser.parse_args()
    simulation = Simulation(workload_of(wanted.workload, wanted.size), random.Random(wanted.seed))
    simulation.env.run()
    events = simulation.attempts + simulation.served + simulation.timed_out_504
    print(json.dumps({"workload": wanted.workload, "size": wanted.size} | simulation.counts() | {"events": events}))


if __name__ == "__main__":
    main()
