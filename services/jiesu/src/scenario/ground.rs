//! What worlds are made of: one Postgres and one NATS server, and in Postgres a database for each organisation under each
//! pack, in which both are known to every service already. A world is a copy of such a database, and these are copies of
//! one in which the services have only made their tables.

use super::{
    rest,
    setting::Setting,
    world::{Place, World},
};
use crate::{
    client::Client,
    desk::told,
    house::{self, Options},
    services,
};
use anyhow::{Context as _, Result, anyhow};
use chrono::{DateTime, TimeZone as _, Utc};
use contracts::{
    deadline_watcher::{ApproveCalendarRequest, ProposeCalendarRequest},
    triage::PublishRegimeRequest,
};
use kit_config::service_key;
use kit_core::{Env, ManualClock, RandomIds};
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgPool, postgres::PgConnectOptions};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::sync::OnceCell;

/// The product's cost of a receipt code takes a core for a sixth of a second at each hand-in and each look.
const RECEIPT_KIB: (&str, &str) = ("JIESU_RECEIPT_ARGON_KIB", "1024");

/// How many databases of ended worlds may lie about; each takes some 17 MB.
const BATCH: usize = 64;

/// Where worlds stand.
pub(super) struct Ground {
    server: PgConnectOptions,
    admin: PgPool,
    nats_url: String,
    /// For the mail of all worlds.
    folder: PathBuf,
    /// First part of every name that is made here.
    mark: String,
    made: AtomicU32,
    base: OnceCell<String>,
    templates: Mutex<BTreeMap<String, Arc<OnceCell<String>>>>,
    /// Databases of worlds that have ended. A file system is slow to make files right after it deleted many, so they go
    /// in batches.
    ended: Mutex<Vec<String>>,
}

impl Ground {
    /// Over these servers, as their administrator; `folder` holds what the houses write to disk.
    ///
    /// # Errors
    /// Postgres does not answer.
    pub(super) async fn open(postgres_url: &str, nats_url: &str, folder: PathBuf) -> Result<Self> {
        let server: PgConnectOptions = postgres_url.parse().context("the address of Postgres cannot be read")?;
        let admin = PgPool::connect_with(server.clone()).await.context("Postgres does not answer")?;
        Ok(Self {
            server,
            admin,
            nats_url: nats_url.to_owned(),
            folder,
            mark: format!("scenario_{:08x}", rand::random::<u32>()),
            made: AtomicU32::new(0),
            base: OnceCell::new(),
            templates: Mutex::default(),
            ended: Mutex::default(),
        })
    }

    /// A world of this setting whose clock shows `start`.
    ///
    /// # Errors
    /// The services refuse the setting, or do not start.
    pub(super) async fn world(&self, setting: &Setting, start: DateTime<Utc>) -> Result<World> {
        let template = self.template(setting).await?;
        let place = self.place();
        self.sql(format!("CREATE DATABASE {} TEMPLATE {template}", place.database)).await?;
        let options = Options { is_migrated: true, ..self.options(&place, start).await? };
        World::start(options, place).await
    }

    /// Takes a world away.
    ///
    /// # Errors
    /// The database or the stream cannot be deleted.
    pub(super) async fn forget(&self, place: Place) -> Result<()> {
        self.drop_stream(&place).await?;
        let _ = tokio::fs::remove_dir_all(&place.mail).await;
        let batch = {
            let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
            ended.push(place.database);
            if ended.len() < BATCH { Vec::new() } else { std::mem::take(&mut *ended) }
        };
        self.drop_databases(batch).await
    }

    /// Takes everything away that was made here.
    ///
    /// # Errors
    /// A database cannot be deleted.
    pub(super) async fn close(self) -> Result<()> {
        let templates = std::mem::take(&mut *self.templates.lock().unwrap_or_else(PoisonError::into_inner));
        let templates = templates.into_values().filter_map(|cell| cell.get().cloned()).chain(self.base.get().cloned());
        let ended = std::mem::take(&mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner));
        self.drop_databases(ended.into_iter().chain(templates)).await?;
        self.admin.close().await;
        Ok(())
    }

    async fn drop_databases(&self, names: impl IntoIterator<Item = String>) -> Result<()> {
        for name in names {
            self.sql(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        }
        Ok(())
    }

    /// The database that worlds of this setting are copied from.
    async fn template(&self, setting: &Setting) -> Result<String> {
        let cell = {
            let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(templates.entry(setting.key()).or_default())
        };
        cell.get_or_try_init(|| self.make(setting)).await.cloned()
    }

    async fn make(&self, setting: &Setting) -> Result<String> {
        let base = self.base.get_or_try_init(|| self.make_base()).await?;
        let place = self.place();
        self.sql(format!("CREATE DATABASE {} TEMPLATE {base}", place.database)).await?;
        let options = Options { is_migrated: true, ..self.options(&place, long_before()?).await? };
        let world = World::start(options, place.clone()).await?;
        let seeded = seed(&world, setting).await;
        world.stop().await?;
        seeded?;
        self.drop_stream(&place).await?;
        Ok(place.database)
    }

    async fn make_base(&self) -> Result<String> {
        let place = self.place();
        self.sql(format!("CREATE DATABASE {}", place.database)).await?;
        let options = self.options(&place, long_before()?).await?;
        house::bootstrap(&options.admin_url, &options.passwords).await?;
        let world = World::start(options, place.clone()).await?;
        // What they have told each other by then need not be asked for again in every copy.
        let rested = rest::settle(&world).await;
        world.stop().await?;
        rested?;
        self.drop_stream(&place).await?;
        Ok(place.database)
    }

    async fn drop_stream(&self, place: &Place) -> Result<()> {
        let nats = async_nats::connect(&self.nats_url).await?;
        async_nats::jetstream::new(nats).delete_stream(kit_config::stream_name(&place.namespace)).await?;
        Ok(())
    }

    fn place(&self) -> Place {
        let database = format!("{}_{}", self.mark, self.made.fetch_add(1, Ordering::Relaxed));
        let namespace = database.replace('_', "-");
        Place { mail: self.folder.join(&database), database, namespace }
    }

    async fn options(&self, place: &Place, start: DateTime<Utc>) -> Result<Options> {
        tokio::fs::create_dir_all(&place.mail).await?;
        let url = self.server.clone().database(&place.database).to_url_lossy();
        let mut options = Options::new(url, self.nats_url.clone(), place.namespace.clone());
        options.env = Env { clock: Arc::new(ManualClock::new(start)), ids: Arc::new(RandomIds) };
        options.http = None;
        options.settings.insert("JIESU_MAIL_FOLDER".to_owned(), place.mail.display().to_string());
        options.settings.insert(RECEIPT_KIB.0.to_owned(), RECEIPT_KIB.1.to_owned());
        for name in services::NAMES {
            // Nobody crowds here, and every connection that is opened takes Postgres a moment.
            options.settings.insert(service_key(name, "COMMAND_CONNECTIONS"), "2".to_owned());
        }
        Ok(options)
    }

    async fn sql(&self, statement: String) -> Result<()> {
        // Names are of our own making.
        sqlx::query(AssertSqlSafe(statement)).execute(&self.admin).await?;
        Ok(())
    }
}

/// Long before any scenario, since clocks never go back.
fn long_before() -> Result<DateTime<Utc>> {
    Utc.with_ymd_and_hms(2000, 1, 1, 0, 0, 0).single().context("no such day")
}

/// Tells the services the organisation, the pack and the calendars.
async fn seed(world: &World, setting: &Setting) -> Result<()> {
    let client: &Client = &world.client;
    let refused = |problem: kit_core::Problem| anyhow!("{problem}");
    let change = world.installation().request(setting.organisation());
    told(client.assignment().change_organisation(change).await).map_err(refused)?;
    for pack in std::iter::once(&setting.pack).chain(&setting.also) {
        let publish = PublishRegimeRequest {
            request_id: format!("publish {}", pack.file),
            pack: pack.yaml.clone(),
            unit_id: String::new(),
            in_force_from: String::new(),
        };
        told(client.triage().publish_regime(world.installation().request(publish)).await).map_err(refused)?;
        rest::settle(world).await?;
    }
    for (calendar_id, body) in &setting.calendars {
        let (actor, reason) = ("scenario".to_owned(), "场景所定 / as the scenario says".to_owned());
        let propose = ProposeCalendarRequest {
            request_id: format!("propose {calendar_id}"),
            calendar_id: calendar_id.clone(),
            body: body.clone(),
            actor: actor.clone(),
            reason: reason.clone(),
        };
        let proposed = client.calendars().propose_calendar(world.installation().request(propose)).await;
        let change_id = told(proposed).map_err(refused)?.change_id;
        rest::settle(world).await?;
        let request_id = format!("approve {calendar_id}");
        let approve = ApproveCalendarRequest { request_id, change_id, actor, reason };
        told(client.calendars().approve_calendar(world.installation().request(approve)).await).map_err(refused)?;
        rest::settle(world).await?;
    }
    Ok(())
}
