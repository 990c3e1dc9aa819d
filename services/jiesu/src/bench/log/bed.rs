//! What all measures of one run share: the servers, how much is asked, the progress bar, and what the three of program,
//! Postgres and NATS have used so far.

use super::Options;
use crate::{bench::usage::Used, private::Servers};
use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use kit_config::{NatsSettings, Provision};
use sqlx::{AssertSqlSafe, PgPool, postgres::PgConnectOptions};
use std::{
    process,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use tokio::sync::OnceCell;

/// How long anything is waited for.
pub(super) const PATIENCE: Duration = Duration::from_mins(15);

pub(super) struct Bed<'a> {
    pub(super) options: &'a Options,
    pub(super) servers: &'a Servers,
    pub(super) rounds: usize,
    /// The password of every service's role.
    pub(super) password: String,
    /// The administrator, in a database that nothing is measured in.
    pub(super) admin: PgPool,
    pub(super) server: PgConnectOptions,
    bar: ProgressBar,
    names: AtomicU32,
    /// A database to copy, with the schemas and tables of the measured services.
    template: OnceCell<String>,
}

impl<'a> Bed<'a> {
    pub(super) async fn new(options: &'a Options, servers: &'a Servers, steps: u64) -> Result<Self> {
        let server: PgConnectOptions = servers.postgres_url.parse().context("the address of Postgres")?;
        let bar = ProgressBar::new(steps);
        bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {msg}")?);
        // Once a second: the drawing belongs to what is measured at rest.
        bar.enable_steady_tick(Duration::from_secs(1));
        Ok(Self {
            options,
            servers,
            rounds: usize::try_from(options.rounds)?,
            password: hex::encode(rand::random::<[u8; 16]>()),
            admin: PgPool::connect_with(server.clone()).await?,
            server,
            bar,
            names: AtomicU32::new(0),
            template: OnceCell::new(),
        })
    }

    /// A name that nothing of this run has yet.
    fn name(&self) -> String {
        format!("bench_log_{}", self.names.fetch_add(1, Ordering::Relaxed))
    }

    /// An empty database.
    pub(super) async fn database(&self) -> Result<String> {
        let name = self.name();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&self.admin).await?;
        Ok(name)
    }

    /// A database with what `make` has made, once in the run, in the one that is copied.
    pub(super) async fn copy(&self, make: impl AsyncFnOnce(&str) -> Result<()>) -> Result<String> {
        let making = async || {
            let template = self.database().await?;
            make(&template).await?;
            anyhow::Ok(template)
        };
        let (name, template) = (self.name(), self.template.get_or_try_init(making).await?);
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"))).execute(&self.admin).await?;
        Ok(name)
    }

    /// A stream of its own, which nobody has made yet.
    pub(super) fn namespace(&self) -> NatsSettings {
        let (url, namespace) = (self.servers.nats_url.clone(), self.name());
        NatsSettings { url, namespace, replicas: 1, provision: Provision::Create }
    }

    /// Drops it. That ends with a checkpoint, so what follows starts with an idle disk.
    pub(super) async fn drop_database(&self, name: &str) -> Result<()> {
        sqlx::query(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).execute(&self.admin).await?;
        Ok(())
    }

    /// Says what comes next.
    pub(super) fn step(&self, what: impl Into<String>) {
        self.bar.set_message(what.into());
        self.bar.inc(1);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// As many as fill a round at this rate.
    pub(super) fn fill(&self, rate: f64) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate is neither huge nor negative"
        )]
        let count = (rate * self.options.round.as_secs_f64()) as usize;
        count.clamp(1000, 300_000)
    }

    /// What was used up to now.
    pub(super) fn used(&self) -> Used {
        Used::now(process::id(), self.servers)
    }
}
