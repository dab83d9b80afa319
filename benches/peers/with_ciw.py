"""The workloads in Ciw, as its manual writes them: nodes with servers, and a customised arrival node that chooses a node."""

import argparse
import json
import math
import random

import ciw


class UntilClose(ciw.dists.Exponential):
    """The gaps of a Poisson stream until the doors close."""

    def __init__(self, rate: float, close: float) -> None:
        super().__init__(rate)
        self.close = close

    def sample(self, t: float, ind: ciw.Individual | None = None) -> float:
        gap = super().sample(t, ind)
        return gap if t + gap < self.close else math.inf


class ShorterOfTwo(ciw.ArrivalNode):
    """Arrivals join the node with fewer customers of two different ones drawn at random; among equals the first drawn."""

    def send_individual(self, next_node: ciw.Node, next_individual: ciw.Individual) -> None:
        two = random.sample(self.simulation.transitive_nodes, 2)
        super().send_individual(min(two, key=lambda node: node.number_of_individuals), next_individual)


class OneServer(ciw.Node):
    """A node whose next event is the end of its only server's service; Ciw's own look at all that may happen takes longer."""

    def update_next_event_date(self) -> None:
        server = self.servers[0]
        self.next_event_type, self.next_individual = "end_service", [server.cust]
        self.next_event_date = server.next_end_service_date


def simulation_of(name: str, size: float) -> ciw.Simulation:
    """A workload, not yet run; times are in seconds."""
    if name == "w1":
        network = ciw.create_network(
            arrival_distributions=[UntilClose(1000.0, 10_000 * size)],
            service_distributions=[ciw.dists.Exponential(1 / 0.09)],
            number_of_servers=[100],
        )
        return ciw.Simulation(network)
    servers = 10_000
    network = ciw.create_network(
        arrival_distributions=[UntilClose(100_000.0, 100 * size)] + [None] * (servers - 1),
        service_distributions=[ciw.dists.Exponential(1 / 0.095)] * servers,
        number_of_servers=[1] * servers,
        routing=ciw.routing.NetworkRouting([ciw.routing.Leave()] * servers),
    )
    return ciw.Simulation(network, arrival_node_class=ShorterOfTwo, node_class=OneServer)


def counts(simulation: ciw.Simulation) -> dict[str, float]:
    """What the records of all customers say; nobody is turned away, times out or gives up."""
    waits = [record.waiting_time for record in simulation.get_all_records(only=["service"])]
    arrived = simulation.nodes[0].number_of_individuals
    none = {"rejected_503": 0, "timed_out_504": 0, "gave_up": 0}
    waited = {"waited": sum(wait > 0 for wait in waits), "waiting_s": math.fsum(waits)}
    return {"requests": arrived, "attempts": arrived, "served": len(waits)} | none | waited


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workload", choices=["w1", "w4"])
    parser.add_argument("size", nargs="?", type=float, default=1.0, help="the share of the full size")
    parser.add_argument("seed", nargs="?", type=int, default=1)
    wanted = parser.parse_args()
    ciw.seed(wanted.seed)
    simulation = simulation_of(wanted.workload, wanted.size)
    # Ends with the last event, since no arrival is due after the doors have closed.
    simulation.simulate_until_max_time(math.inf)
    found = counts(simulation)
    events = found["attempts"] + found["served"]
    print(json.dumps({"workload": wanted.workload, "size": wanted.size} | found | {"events": events}))


if __name__ == "__main__":
    main()
