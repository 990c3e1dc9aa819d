//! A Postgres and a NATS server of our own, from the programs on this machine, on free ports of the loopback, with
//! their data in one folder. They end with us, however we end.

mod find;
mod folder;
mod guarded;
mod nats;
mod postgres;

pub use folder::{Folder, data_folder, write_secret};

use anyhow::Result;
use kit_config::Source;
use std::path::Path;

/// How the two servers are run.
#[derive(Clone, Debug)]
pub enum Keep {
    /// For tests: nothing is asked for at the door, and nothing is safe from a power cut.
    ThrowAway,
    /// For use: the administrator's password of Postgres, and that of NATS.
    Safe { postgres: String, nats: String },
}

/// Both servers, running.
#[derive(Debug)]
pub struct Servers {
    postgres: guarded::Guarded,
    nats: guarded::Guarded,
    /// The administrator's address of Postgres.
    pub postgres_url: String,
    pub nats_url: String,
}

impl Servers {
    /// Starts both in `folder`, which may hold the data of an earlier run.
    ///
    /// # Errors
    /// A program is missing or too old, or a server did not come up.
    pub async fn start(folder: &Path, source: &dyn Source, keep: &Keep) -> Result<Self> {
        let programs = find::Programs::find(source)?;
        let (postgres_data, nats_data) = (folder.join("postgres"), folder.join("nats"));
        let (postgres, nats) =
            tokio::join!(postgres::start(&programs, &postgres_data, keep), nats::start(&programs, &nats_data, keep));
        let ((postgres, postgres_url), (nats, nats_url)) = (postgres?, nats?);
        Ok(Self { postgres, nats, postgres_url, nats_url })
    }

    /// The processes that Postgres and NATS are the children of, for those who look at what they use.
    pub fn guards(&self) -> (u32, u32) {
        (self.postgres.pid(), self.nats.pid())
    }

    /// Stops both and waits until they have ended.
    pub async fn stop(self) {
        tokio::join!(self.nats.stop(), self.postgres.stop());
    }
}
