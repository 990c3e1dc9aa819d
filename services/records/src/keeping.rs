//! The end of keeping. Where the regime's period is the least, a person decides what becomes of the file: it is proposed
//! once. Nothing is destroyed here.

use crate::{publish, store::cases};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use facts::Law;
use kit_core::Env;
use kit_db::Result;
use kit_messaging::Log;
use kit_reference::Reference;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// How often files are looked at whose time is over; a day is the unit of keeping.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// The earliest zone is so far ahead.
const AHEAD: TimeDelta = TimeDelta::hours(14);

/// Proposes until the process stops. A failure of Postgres is waited out.
pub(crate) async fn run(log: Log, env: Env, rules: Arc<Reference<Law>>, stop: CancellationToken) -> anyhow::Result<()> {
    while !stop.is_cancelled() {
        if let Err(error) = pass(&log, &rules.get(), env.now()).await {
            tracing::warn!(%error, "files whose time is over wait");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = env.clock.sleep_until(env.now() + EVERY) => {}
        }
    }
    Ok(())
}

/// Proposes for every file whose time is over, one transaction each.
pub(crate) async fn pass(log: &Log, law: &Law, now: DateTime<Utc>) -> Result<()> {
    let least = law.published().filter(|(regime, ..)| regime.records.is_least);
    let least: Vec<(String, u32)> = least.map(|(regime, version, ..)| (regime.id.clone(), version)).collect();
    if least.is_empty() {
        return Ok(());
    }
    for kept in cases::over(log.pool(), &least, (now + AHEAD).date_naive()).await? {
        let zone: Tz = law.directory().zone(&kept.unit_id).parse().unwrap_or(Tz::Asia__Shanghai);
        if kept.keep_until >= now.with_timezone(&zone).date_naive().to_string() {
            continue;
        }
        let Some(regime) = law.regime(&kept.regime_id, kept.regime_version) else { continue };
        let cite = regime.records.cite.clone();
        log.in_tx("records", move |tx| {
            Box::pin(async move {
                // Another process may have been here meanwhile.
                if cases::is_proposed(tx.conn(), kept.case_id).await? {
                    return Ok(());
                }
                publish::destruction(tx, kept.case_id, &kept.keep_until, &cite).await
            })
        })
        .await?;
    }
    Ok(())
}
