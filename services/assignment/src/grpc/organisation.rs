//! Sign-in, and the organisation.

use super::caller;
use crate::app::App;
use crate::convert;
use crate::store;
use crate::usecase::change_organisation;
use chrono::TimeDelta;
use contracts::assignment as wire;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Caller, Ctx};
use kit_messaging::Command;

const TOKEN_HOURS: i64 = 12;

pub(super) async fn sign_in(app: &App, _: &Ctx, request: wire::SignInRequest) -> Result<wire::SignInResponse> {
    let now = app.env.now();
    let person = app.sign_in.check(app.log.pool(), now, &request.login, request.password).await?;
    let life = TimeDelta::hours(TOKEN_HOURS);
    Ok(wire::SignInResponse {
        token: app.tokens.issue(&person.staff_id.to_string(), now, life),
        staff: Some(convert::staff(&person)),
        expires_at: Some(kit_grpc::timestamp(now + life)),
    })
}

pub(super) async fn get_me(app: &App, ctx: &Ctx, _: wire::GetMeRequest) -> Result<wire::GetMeResponse> {
    caller(app, ctx)?;
    let mut conn = app.log.pool().acquire().await?;
    let person = store::organisation::find_person(&mut conn, ctx.staff()?).await?;
    Ok(wire::GetMeResponse { staff: person.as_ref().map(convert::staff) })
}

pub(super) async fn list_units(app: &App, ctx: &Ctx, _: wire::ListUnitsRequest) -> Result<wire::ListUnitsResponse> {
    if !matches!(ctx.caller, Caller::Service(_)) {
        caller(app, ctx)?;
    }
    let mut conn = app.log.pool().acquire().await?;
    let organisation = store::organisation::load(&mut conn).await?;
    Ok(wire::ListUnitsResponse { units: organisation.units.values().map(convert::unit).collect() })
}

pub(super) async fn list_staff(
    app: &App,
    ctx: &Ctx,
    request: wire::ListStaffRequest,
) -> Result<wire::ListStaffResponse> {
    if !matches!(ctx.caller, Caller::Service(_)) {
        caller(app, ctx)?;
    }
    let mut conn = app.log.pool().acquire().await?;
    let organisation = store::organisation::load(&mut conn).await?;
    if !request.unit_id.is_empty() && !organisation.units.contains_key(&request.unit_id) {
        return Err(Problem::field("unit_id", "unknown-unit", "没有这个单位", "There is no such unit").into());
    }
    let law = app.law();
    let is_there = |unit: &str| request.unit_id.is_empty() || law.directory().is_within(unit, &request.unit_id);
    let staff = organisation
        .staff
        .values()
        .filter(|person| request.unit_id.is_empty() || person.grants.iter().any(|grant| is_there(&grant.unit_id)));
    Ok(wire::ListStaffResponse { staff: staff.map(convert::staff).collect() })
}

pub(super) async fn change(
    app: &App,
    ctx: &Ctx,
    request: wire::ChangeOrganisationRequest,
) -> Result<wire::ChangeOrganisationResponse> {
    may_administer(app, ctx)?;
    let known_again = convert::without_passwords(&request);
    let command = Command::new("change-organisation", &request.request_id, &ctx.actor(), &known_again);
    let mut wanted = convert::wanted(request)?;
    let now = {
        let mut conn = app.log.pool().acquire().await?;
        store::organisation::load(&mut conn).await?
    };
    change_organisation::prepare(&now, &mut wanted, &app.sign_in.passwords, &app.env).await?;
    let answer = app
        .log
        .command(command, move |tx| Box::pin(async move { change_organisation::change(tx, &wanted).await }))
        .await?;
    app.refresh().await;
    Ok(answer)
}

/// The installation itself, or an administrator of the whole organisation.
fn may_administer(app: &App, ctx: &Ctx) -> std::result::Result<(), Problem> {
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
        "机构与人员须由总部管理员变更",
        "The organisation is changed by an administrator of its root unit",
    ))
}
