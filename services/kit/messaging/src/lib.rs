//! The log between the services: append, relay, follow. The only code of the house that names the broker's client, and
//! the home of its two commit sites, [`Log::in_tx`] for commands and the follower's for events.

mod admin;
mod append;
mod broker;
mod command;
mod crash;
mod error;
mod follow;
mod fork;
mod genesis;
mod heads;
mod lease;
mod log;
mod meters;
mod pace;
mod parked;
mod partition;
mod position;
mod produce;
mod received;
mod relay;
mod rewind;
mod trace;
mod tx;
mod upkeep;
mod verify;

pub use admin::{Decided, LogAdmin, Parts};
pub use broker::Broker;
pub use command::Command;
pub use error::BrokerError;
pub use follow::{Handler, Skipped, follow, replay, skipped};
pub use log::{Log, Wake};
pub use partition::{PARTITIONS, partition_of};
pub use produce::produce;
pub use received::{Received, case_ids};
pub use tx::Tx;
pub use verify::{Broken, Counts, Fault, Walker};

/// Kit's own tables, versions below 1000; every service applies them before its own migrations.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
