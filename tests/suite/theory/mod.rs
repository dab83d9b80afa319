//! Simulated figures against exact ones: each test states a textbook's model as a scenario, runs independent
//! replications of it, and asks that the exact value lie in a narrow confidence interval of the simulated one.

mod abandonment;
mod arrivals;
mod balance;
mod balancers;
mod balancers_exact;
mod budgets;
mod budgets_exact;
mod calls;
mod codel;
mod codel_exact;
mod control;
mod crashes;
mod deadlines;
mod demand;
mod differences;
mod erlang;
mod hedges;
mod intervals;
mod lifo;
mod links;
mod peak_ewma;
mod priorities;
mod protections;
mod published;
mod queues;
mod recovery;
mod retries;
mod search;
mod speed;
mod streams;
mod suffering;
mod transient;
