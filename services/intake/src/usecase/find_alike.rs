//! Earlier cases that a rule of the regime takes for the same matter. They are suggested; a person links them.

use crate::{
    app::App,
    domain::term,
    store::{case, likeness},
    usecase::target,
};
use contracts::intake::{AlikeCase, FindAlikeRequest, FindAlikeResponse};
use facts::{CaseView, Stage};
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, timestamp};
use kit_ids::CaseId;
use regime::{Alike, Length, Repeat, While};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Finds them, the latest first; only those that the caller may see.
#[tracing::instrument(name = "usecase.case.find_alike", skip_all)]
pub(crate) async fn find_alike(app: &App, ctx: &Ctx, request: FindAlikeRequest) -> Result<FindAlikeResponse> {
    let staff = ctx.staff()?.to_string();
    let case = parse_id::<CaseId>("case_id", &request.case_id)?.uuid();
    let (law, db) = (app.law(), app.log.pool());
    let view = case::get(db, case).await?.view.0;
    if !facts::may_read(&law, &view, &staff) {
        return Err(Problem::unknown_case().into());
    }
    let regime = target::regime_of(&law, &view)?;
    if regime.repeats.is_empty() {
        return Ok(FindAlikeResponse::default());
    }
    // A rule that looks back a while counts it as the case's own clocks are counted.
    let ground = match regime.repeats.iter().any(|rule| rule.within.is_some()) {
        true => Some(term::ground(&law, &view)?),
        false => None,
    };
    let mut same: BTreeMap<Uuid, BTreeSet<Alike>> = BTreeMap::new();
    for (other, sort) in likeness::alike(db, case).await? {
        let alike = if sort == "complainant" { Alike::Complainant } else { Alike::Respondent };
        same.entry(other).or_default().insert(alike);
    }
    let ids: Vec<Uuid> = same.keys().copied().collect();
    let mut cases = Vec::new();
    for row in case::list(db, &ids).await? {
        let other = &row.view.0;
        let Some(mut same) = same.remove(&row.case_id).filter(|_| facts::may_read(&law, other, &staff)) else {
            continue;
        };
        if is_same_problem(&view, other) {
            same.insert(Alike::Problem);
        }
        let is_over = |within| {
            ground
                .as_ref()
                .is_some_and(|ground| term::passed(ground, within, other.received_at, app.env.now()).is_some())
        };
        let speaks = |rule: &&Repeat| speaks(rule, &same, (&view, other), &is_over);
        if let Some(rule) = regime.repeats.iter().find(speaks) {
            cases.push(AlikeCase {
                case_id: CaseId::new(row.case_id).to_string(),
                number: row.number.clone(),
                relation: rule.is.clone(),
                cite: rule.cite.clone(),
                received_at: Some(timestamp(other.received_at)),
            });
        }
    }
    cases.sort_by_key(|one| std::cmp::Reverse(one.received_at.map(|at| (at.seconds, at.nanos))));
    Ok(FindAlikeResponse { cases })
}

/// The same kind, about the same department, and of the same category as far as both have one.
fn is_same_problem(one: &CaseView, other: &CaseView) -> bool {
    let agree = |a: &str, b: &str| a.is_empty() || b.is_empty() || a == b;
    let unit = |view: &CaseView| view.about_unit_id.clone().unwrap_or_default();
    one.kind == other.kind && agree(&one.category, &other.category) && agree(&unit(one), &unit(other))
}

fn speaks(
    rule: &Repeat,
    same: &BTreeSet<Alike>,
    (view, other): (&CaseView, &CaseView),
    is_over: &dyn Fn(Length) -> bool,
) -> bool {
    let is_answered = matches!(other.stage(), Stage::Answered | Stage::Resolved | Stage::Closed);
    let fits = match rule.during {
        While::Open => other.is_open(),
        While::Answered => is_answered,
        While::Any => true,
    };
    let is_recent = !rule.within.is_some_and(is_over);
    fits && is_recent && other.received_at <= view.received_at && rule.same.iter().all(|alike| same.contains(alike))
}
