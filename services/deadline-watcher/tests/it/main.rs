//! The watcher over real Postgres and a real stream: what facts start and stop, what the time brings, more time asked
//! for and granted, and what people may read.

mod calendars;
mod century;
mod clock;
mod duties;
mod extensions;
mod harness;
mod instruments;
mod moving;
mod reading;
mod started;
mod time;
mod trouble;
