//! The regimes: published by the installation or an administrator, listed for everybody on the staff.

use super::caller;
use crate::app::App;
use crate::store;
use crate::usecase::publish_regime;
use contracts::triage as wire;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Caller, Ctx, text};
use kit_messaging::Command;

pub(super) async fn publish(
    app: &App,
    ctx: &Ctx,
    request: wire::PublishRegimeRequest,
) -> Result<wire::PublishRegimeResponse> {
    may_publish(app, ctx)?;
    let command = Command::new("publish-regime", &request.request_id, &ctx.actor(), &request);
    let law = app.law();
    // Reading and checking a pack keeps a core busy, so it is not done among the calls.
    let check = move || publish_regime::check(&law, request.pack, request.unit_id, &request.in_force_from);
    let checked = tokio::task::spawn_blocking(check)
        .await
        .map_err(|_| kit_db::Error::Corrupt("reading the pack failed".into()))??;
    let answer =
        app.log.command(command, move |tx| Box::pin(async move { publish_regime::publish(tx, checked).await })).await?;
    app.refresh().await;
    Ok(answer)
}

pub(super) async fn list(app: &App, ctx: &Ctx, _: wire::ListRegimesRequest) -> Result<wire::ListRegimesResponse> {
    if !matches!(ctx.caller, Caller::Service(_)) {
        caller(app, ctx)?;
    }
    let mut conn = app.log.pool().acquire().await?;
    let regimes = store::regime::list(&mut conn).await?.into_iter().map(|published| wire::RegimeVersion {
        regime_id: published.regime_id,
        version: published.version,
        title: Some(text(&published.title)),
        unit_id: published.unit_id,
        in_force_from: published.in_force_from.to_string(),
    });
    Ok(wire::ListRegimesResponse { regimes: regimes.collect() })
}

/// The installation itself, or an administrator of the whole organisation.
fn may_publish(app: &App, ctx: &Ctx) -> std::result::Result<(), Problem> {
    if matches!(ctx.caller, Caller::Service(_)) {
        return Ok(());
    }
    let staff_id = caller(app, ctx)?;
    let law = app.law();
    let root = law.directory().units().find(|unit| unit.parent.is_none());
    if root.is_some_and(|root| law.directory().holds(&staff_id, "administrator", &root.id)) {
        return Ok(());
    }
    Err(Problem::denied(
        "administrators-only",
        "制度须由总部管理员发布",
        "Regimes are published by an administrator of the root unit",
    ))
}
