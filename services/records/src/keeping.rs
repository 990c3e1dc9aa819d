//! The end of keeping. Where the regime's period is the least, a person decides what becomes of the file, and it is proposed;
//! where it is the period, the file is destroyed. Intake does it, on the word of the event.

use crate::{
    publish,
    store::destructions::{self, Decided},
};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use facts::Law;
use kit_core::Env;
use kit_db::Result;
use kit_messaging::Log;
use kit_reference::Reference;
use regime::Keep;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// How often files are looked at whose time is over; a day is the unit of keeping.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// The earliest zone is so far ahead.
const AHEAD: TimeDelta = TimeDelta::hours(14);

/// Looks until the process stops. A failure of Postgres is waited out.
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

/// Proposes or orders for every file whose time is over, one transaction each.
pub(crate) async fn pass(log: &Log, law: &Law, now: DateTime<Utc>) -> Result<()> {
    let ending = law.published().filter(|(regime, ..)| matches!(regime.records.keep, Keep::For(_)));
    let ending: Vec<(String, u32)> = ending.map(|(regime, version, ..)| (regime.id.clone(), version)).collect();
    if ending.is_empty() {
        return Ok(());
    }
    for kept in destructions::over(log.pool(), &ending, (now + AHEAD).date_naive()).await? {
        let zone: Tz = law.directory().zone(&kept.unit_id).parse().unwrap_or(Tz::Asia__Shanghai);
        let today = now.with_timezone(&zone).date_naive();
        let Some(regime) = law.regime(&kept.regime_id, kept.regime_version) else { continue };
        let (since, cite) = (kept.keep_until, regime.records.cite.clone());
        let state = if regime.records.is_least { "proposed" } else { "ordered" };
        log.in_tx("records", move |tx| {
            Box::pin(async move {
                // The day may have come only elsewhere, and another process may have been here meanwhile.
                if !destructions::is_over(tx.conn(), kept.case_id, today).await? {
                    return Ok(());
                }
                let decided = Decided { state, since, cite, ..Decided::default() };
                publish::destruction(tx, kept.case_id, decided).await
            })
        })
        .await?;
    }
    Ok(())
}
