//! One world: all services over a database, a namespace and a clock of their own.

use crate::{
    client::Client,
    house::{self, Options, Running},
};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use kit_core::{Clock as _, Env, ManualClock};
use kit_grpc::Call;
use sqlx::{PgPool, postgres::PgPoolOptions};
use std::{path::PathBuf, sync::Arc};

/// The names of what a world stands on.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) database: String,
    pub(super) namespace: String,
    pub(super) mail: PathBuf,
}

/// All services, running.
pub(super) struct World {
    pub(super) clock: ManualClock,
    pub(super) client: Client,
    /// Looks behind all services at once.
    pub(super) admin: PgPool,
    pub(super) place: Place,
    /// Whose events each service applies: (follower, producer).
    pub(super) follows: Vec<(&'static str, &'static str)>,
    running: Running,
}

impl World {
    /// Starts the services in a database that knows its roles already.
    ///
    /// # Errors
    /// One of them does not start.
    pub(super) async fn start(mut options: Options, place: Place) -> Result<Self> {
        let clock = ManualClock::new(options.env.now());
        options.env = Env { clock: Arc::new(clock.clone()), ids: options.env.ids };
        let admin = PgPoolOptions::new().max_connections(2).connect(&options.admin_url).await?;
        let running = house::start_in(options).await?;
        let client = Client::new(running.peers());
        let follows = running.follows().collect();
        Ok(Self { clock, client, admin, place, follows, running })
    }

    /// The present instant.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A call in the name of the installation itself.
    pub(super) fn installation(&self) -> Call {
        self.running.call()
    }

    /// A call in the name of a member of staff.
    pub(super) fn staff(&self, staff_id: &str) -> Call {
        Call::with_token(self.running.tokens.issue(staff_id, self.now(), TimeDelta::hours(1)))
    }

    /// Stops every service.
    ///
    /// # Errors
    /// What the first that failed died of.
    pub(super) async fn stop(self) -> Result<()> {
        self.admin.close().await;
        self.running.stop().await
    }
}
