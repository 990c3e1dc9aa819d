//! The closed list of services: a new one is added here, and nowhere else in this crate.

use crate::rebuild::{self, Outcome, Place};
use anyhow::{Result, bail};
use kit_core::Env;
use kit_runtime::{Launch, Running, start as run};

macro_rules! services {
    ($($name:literal $service:ty),* $(,)?) => {
        /// The names of all services, in the order of a case's life.
        pub const NAMES: &[&str] = &[$($name),*];

        /// Starts the service of this name.
        ///
        /// # Errors
        /// There is none, or it cannot start.
        pub async fn start(name: &str, launch: &Launch) -> Result<Running> {
            match name {
                $($name => Box::pin(run::<$service>(launch)).await,)*
                _ => bail!("there is no service {name}; the services are {}", NAMES.join(", ")),
            }
        }

        /// Makes the read model of the service of this name anew, see [`rebuild::rebuild`].
        ///
        /// # Errors
        /// There is no such service, or what the rebuilding says.
        pub async fn rebuild(
            name: &str,
            place: &Place,
            is_check: bool,
            progress: impl Fn(u64),
        ) -> Result<Outcome> {
            match name {
                $($name => Box::pin(rebuild::rebuild::<$service>(place, Env::system(), is_check, progress)).await,)*
                _ => bail!("there is no service {name}; the services are {}", NAMES.join(", ")),
            }
        }
    };
}

services! {
    "intake" intake::Intake,
    "triage" triage::Triage,
    "assignment" assignment::Assignment,
    "resolution" resolution::Resolution,
    "deadline-watcher" deadline_watcher::DeadlineWatcher,
    "notification" notification::Notification,
    "records" records::Records,
    "console" console::Console,
}
