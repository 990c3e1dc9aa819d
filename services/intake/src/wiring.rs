//! How intake is put together.

use crate::{
    app::App,
    backlog,
    consume::Follower,
    domain::vault::Master,
    grpc::Face,
    receipts::Receipts,
    store::vault::{Check, check},
};
use anyhow::{Context as _, bail};
use contracts::intake::intake_service_server::IntakeServiceServer;
use house::House;
use kit_config::{ExposeSecret as _, Source, parse, secret};
use kit_reference::Reference;
use kit_runtime::{Context, Parts};
use std::sync::Arc;

const BOUND: &[u8] = b"vault-check";
const KNOWN: &[u8] = b"this is the key of this vault";

/// | key | default | |
/// |---|---|---|
/// | `JIESU_VAULT_KEY` (or `_FILE`) | required | the master key: 32 bytes as 64 hexadecimal digits |
/// | `JIESU_RECEIPT_ARGON_KIB` | 65536 | memory of the receipts' slow hash |
/// | `JIESU_RECEIPT_ARGON_PASSES` | 3 | its passes |
pub(crate) struct Settings {
    pub(crate) master: Master,
    pub(crate) argon_kib: u32,
    pub(crate) argon_passes: u32,
}

impl Settings {
    /// Reads the section.
    pub(crate) fn read(source: &dyn Source) -> anyhow::Result<Self> {
        let key = secret(source, "JIESU_VAULT_KEY")?;
        Ok(Self {
            master: Master::parse(key.expose_secret()).context("JIESU_VAULT_KEY")?,
            argon_kib: parse(source, "JIESU_RECEIPT_ARGON_KIB", 65_536)?,
            argon_passes: parse(source, "JIESU_RECEIPT_ARGON_PASSES", 3)?,
        })
    }
}

/// Builds the service.
pub(crate) async fn build(ctx: Context) -> anyhow::Result<Parts> {
    let settings = Settings::read(ctx.settings.as_ref())?;
    check_vault(&ctx, &settings).await?;
    let receipts = Receipts::try_new(&settings.master, settings.argon_kib, settings.argon_passes, ctx.env.clone())
        .map_err(anyhow::Error::msg)?;
    let law = Reference::open(ctx.log.pool().clone(), House::build, house::entry).await?;
    let master = Arc::new(settings.master);
    let app = Arc::new(App { log: ctx.log, env: ctx.env, law: Arc::clone(&law), master, receipts });
    let mut parts = Parts::default();
    parts.loops.push(Box::pin(backlog::run(Arc::clone(&app), ctx.stop)));
    let face = IntakeServiceServer::new(Face(Arc::clone(&app))).max_decoding_message_size(kit_grpc::MAX_FILE_BYTES);
    parts.grpc.add_service(face);
    parts.health.push("jiesu.intake.v1.IntakeService");
    parts.handler = Some(Arc::new(Follower { app }));
    Ok(parts)
}

/// Refuses to start with another master key or other receipt parameters than the data were made with: every identity
/// and every receipt would silently be unreadable, and new ones would be mixed in.
async fn check_vault(ctx: &Context, settings: &Settings) -> anyhow::Result<()> {
    let mine = Check {
        sealed: settings.master.seal(BOUND, KNOWN)?,
        argon_kib: i32::try_from(settings.argon_kib).context("JIESU_RECEIPT_ARGON_KIB is too large")?,
        argon_passes: i32::try_from(settings.argon_passes).context("JIESU_RECEIPT_ARGON_PASSES is too large")?,
    };
    let mut connection = ctx.log.pool().acquire().await?;
    let found = check(&mut connection, &mine).await?;
    if settings.master.open(BOUND, &found.sealed).is_err() {
        bail!("JIESU_VAULT_KEY is not the key of this vault: with it no identity, text or receipt of it can be read");
    }
    if (found.argon_kib, found.argon_passes) != (mine.argon_kib, mine.argon_passes) {
        bail!(
            "the receipts of this vault were made with JIESU_RECEIPT_ARGON_KIB={} and JIESU_RECEIPT_ARGON_PASSES={}; \
             with other values none of them would be found",
            found.argon_kib,
            found.argon_passes
        );
    }
    Ok(())
}
