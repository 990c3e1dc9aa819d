//! Whole lives of a case through all services, in one process, over real Postgres and NATS, with the test's own clock.

mod api;
mod confidentiality;
mod life;
mod overdue;
mod rebuild;
mod trace;
mod unhappy;
