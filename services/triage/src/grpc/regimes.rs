//! The regimes: published by the installation or an administrator, amended as those in force say, listed for everybody on
//! the staff.

use super::caller;
use crate::app::App;
use crate::store;
use crate::usecase::amend_regime::{self, Actor};
use crate::usecase::publish_regime;
use contracts::triage as wire;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Caller, Ctx, text};
use kit_messaging::Command;
use std::sync::Arc;

pub(super) async fn publish(
    app: &App,
    ctx: &Ctx,
    request: wire::PublishRegimeRequest,
) -> Result<wire::PublishRegimeResponse> {
    let by = actor(app, ctx)?;
    may_publish(app, &by)?;
    let command = Command::new("publish-regime", &request.request_id, &ctx.actor(), &request);
    let law = app.law();
    let in_force = Arc::clone(&law);
    // Reading and checking a pack keeps a core busy, so it is not done among the calls.
    let check = move || publish_regime::check(&law, request.pack, request.unit_id, &request.in_force_from);
    let checked = tokio::task::spawn_blocking(check)
        .await
        .map_err(|_| kit_db::Error::Corrupt("reading the pack failed".into()))??;
    let publish = app.log.command(command, move |tx| {
        Box::pin(async move { publish_regime::publish(tx, &in_force, &by, checked).await })
    });
    let answer = publish.await?;
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

pub(super) async fn consult(
    app: &App,
    ctx: &Ctx,
    request: wire::RecordConsultationRequest,
) -> Result<wire::RecordConsultationResponse> {
    let (by, law) = (person(app, ctx)?, app.law());
    let command = Command::new("record-consultation", &request.request_id, &ctx.actor(), &request);
    let consult = app.log.command(command, move |tx| {
        Box::pin(async move {
            let missing = amend_regime::consult(tx, &law, &by, &request).await?;
            Ok(wire::RecordConsultationResponse { missing: missing.iter().map(text).collect() })
        })
    });
    consult.await
}

pub(super) async fn approve(
    app: &App,
    ctx: &Ctx,
    request: wire::ApproveRegimeRequest,
) -> Result<wire::ApproveRegimeResponse> {
    let (by, law) = (person(app, ctx)?, app.law());
    let command = Command::new("approve-regime", &request.request_id, &ctx.actor(), &request);
    let approve = app.log.command(command, move |tx| {
        Box::pin(async move {
            amend_regime::approve(tx, &law, &by, &request).await?;
            Ok(wire::ApproveRegimeResponse {})
        })
    });
    approve.await
}

/// The installation itself, or a member of staff.
fn actor(app: &App, ctx: &Ctx) -> std::result::Result<Actor, Problem> {
    match ctx.caller {
        Caller::Service(_) => Ok(Actor { staff_id: String::new(), is_administrator: true }),
        _ => person(app, ctx),
    }
}

/// A member of staff: an opinion and an approval are nobody else's.
fn person(app: &App, ctx: &Ctx) -> std::result::Result<Actor, Problem> {
    let staff_id = caller(app, ctx)?;
    let law = app.law();
    let root = law.directory().units().find(|unit| unit.parent.is_none());
    let is_administrator = root.is_some_and(|root| law.directory().holds(&staff_id, "administrator", &root.id));
    Ok(Actor { staff_id, is_administrator })
}

/// Whether they publish anything at all: reading a pack is dear, and not done for whoever may not publish it.
fn may_publish(app: &App, by: &Actor) -> Result<()> {
    let law = app.law();
    let amends = |regime: &regime::Regime| {
        let role = regime.upkeep.as_ref().and_then(|upkeep| upkeep.amends.as_ref());
        let staff = law.directory().staff(&by.staff_id);
        role.zip(staff).is_some_and(|(role, staff)| staff.grants.iter().any(|grant| grant.role == *role))
    };
    if law.published().any(|(regime, ..)| amends(regime)) { Ok(()) } else { amend_regime::is_administrator(by) }
}
