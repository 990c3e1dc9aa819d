//! The way to Postgres: pools with the house's time limits, migrations, the roles and schemas of an installation, and
//! the error that every store speaks.

mod bootstrap;
mod error;
mod migrate;
mod pools;

pub use bootstrap::{bootstrap, guest, role_name, schema_name};
pub use error::{Error, Result};
pub use migrate::migrate;
pub use pools::{Pools, connect, connect_in};
