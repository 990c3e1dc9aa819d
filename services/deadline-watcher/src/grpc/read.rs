//! What staff and services read of the clocks of cases.

use super::Api;
use crate::convert;
use crate::domain::Watched;
use crate::law::{Ground, House};
use crate::store;
use crate::usecase::{approver, extendable, may_rule};
use contracts::common::Action;
use contracts::deadline_watcher as wire;
use kit_core::{Class, Problem};
use kit_grpc::{Caller, Ctx, parse_id, text};
use kit_ids::CaseId;
use regime::vocabulary::{COMMANDS, term};
use std::collections::BTreeSet;

/// The most cases of one request.
const CASES: usize = 500;

impl Api {
    pub(super) async fn clocks(
        &self,
        ctx: &Ctx,
        request: &wire::ListClocksRequest,
    ) -> kit_db::Result<wire::ListClocksResponse> {
        if request.case_ids.len() > CASES {
            let (zh, en) = (format!("一次最多查询 {CASES} 件"), format!("At most {CASES} cases at once"));
            return Err(Problem::field("case_ids", "too-many-cases", zh, en).into());
        }
        let ids: BTreeSet<CaseId> =
            request.case_ids.iter().map(|id| parse_id("case_ids", id)).collect::<Result<_, Problem>>()?;
        let house = self.reference.get();
        let mut clocks = Vec::new();
        for case in store::list(self.log.pool(), &ids.into_iter().collect::<Vec<_>>()).await? {
            if may_read(&house, ctx, &case)? {
                clocks.extend(of_case(&house, &case));
            }
        }
        Ok(wire::ListClocksResponse { clocks })
    }

    pub(super) async fn explanation(
        &self,
        ctx: &Ctx,
        request: &wire::ExplainClockRequest,
    ) -> kit_db::Result<wire::ExplainClockResponse> {
        let house = self.reference.get();
        let case = self.readable(&house, ctx, &request.case_id).await?;
        let ground = house.ground(&case.view).map_err(kit_db::Error::NotYet)?;
        let unknown = || Problem::not_found("unknown-clock", "本案没有这个时限", "The case has no such clock");
        let clock = case.clock(&request.clock).ok_or_else(unknown)?;
        let lines = legal_time::explain(&ground.regime, &ground.counting(), clock);
        Ok(wire::ExplainClockResponse { lines: lines.iter().map(text).collect() })
    }

    pub(super) async fn case(
        &self,
        ctx: &Ctx,
        request: &wire::GetCaseRequest,
    ) -> kit_db::Result<wire::GetCaseResponse> {
        let house = self.reference.get();
        let case = self.readable(&house, ctx, &request.case_id).await?;
        let ground = house.ground(&case.view).ok();
        let (extensions, actions) = match &ground {
            Some(ground) => (extensions(&house, ctx, &case, ground), actions(&house, ctx, &case, ground)),
            None => (Vec::new(), Vec::new()),
        };
        Ok(wire::GetCaseResponse { clocks: of_case(&house, &case), extensions, actions, version: case.version })
    }

    async fn readable(&self, house: &House, ctx: &Ctx, id: &str) -> kit_db::Result<Watched> {
        let id = parse_id("case_id", id)?;
        let case = store::list(self.log.pool(), &[id]).await?.pop();
        // A caller who may know of no case at all hears that before anything else.
        let Some(case) = case else {
            known(ctx)?;
            return Err(Problem::unknown_case().into());
        };
        if may_read(house, ctx, &case)? { Ok(case) } else { Err(Problem::unknown_case().into()) }
    }
}

/// The clocks of one case as a caller reads them.
pub(super) fn of_case(house: &House, case: &Watched) -> Vec<wire::CaseClock> {
    let ground = house.ground(&case.view).ok();
    case.clocks.iter().map(|clock| convert::clock(case, ground.as_ref(), clock)).collect()
}

/// Whether the caller may know of the case. A service of the house may; it answers to its own callers.
pub(super) fn may_read(house: &House, ctx: &Ctx, case: &Watched) -> Result<bool, Problem> {
    known(ctx)?;
    Ok(match &ctx.caller {
        Caller::Service(_) => true,
        Caller::Staff(staff) => facts::may_read(house, &case.view, &staff.to_string()),
        Caller::Public => false,
    })
}

/// Refuses the public.
pub(super) fn known(ctx: &Ctx) -> Result<(), Problem> {
    if matches!(ctx.caller, Caller::Service(_)) { Ok(()) } else { ctx.staff().map(drop) }
}

fn extensions(house: &House, ctx: &Ctx, case: &Watched, ground: &Ground) -> Vec<wire::Extension> {
    let caller = ctx.staff().map(|staff| staff.to_string()).ok();
    let now = approver(ground, &case.view).map(|(role, _)| role);
    let one = |extension: &facts::Extension| wire::Extension {
        extension_id: extension.extension_id.clone(),
        clock: extension.clock.clone(),
        until: extension.until.map(|until| until.to_string()).unwrap_or_default(),
        state: convert::extension_state(extension.state),
        approver_role: match (&extension.state, &now) {
            (facts::ExtensionState::Asked, Some(role)) => role.clone(),
            _ => extension.approver_role.clone(),
        },
        may_rule: caller.as_ref().is_some_and(|staff| may_rule(house, case, ground, extension, staff)),
    };
    case.view.extensions.iter().map(one).collect()
}

/// Asking for more time, if the caller holds a role for it and the regime has a clock that allows it.
fn actions(house: &House, ctx: &Ctx, case: &Watched, ground: &Ground) -> Vec<Action> {
    const ASK: &str = "ask-overrun";
    let permitted = ctx.staff().and_then(|staff| facts::authorise(house, &case.view, &staff.to_string(), ASK));
    let allowing = |clock: &&regime::Clock| clock.overrun.as_ref().is_some_and(|overrun| overrun.on_approval);
    let asked: Vec<_> =
        ground.regime.clocks.iter().filter(allowing).map(|c| extendable(case, ground, &c.name)).collect();
    if permitted.is_err() || asked.is_empty() {
        return Vec::new();
    }
    let is_allowed = asked.iter().any(Result::is_ok);
    let missing =
        asked.iter().filter_map(|clock| clock.as_ref().err()).filter(|problem| problem.class == Class::Conflict);
    let missing = if is_allowed { Vec::new() } else { missing.map(|problem| text(&problem.text)).collect() };
    let title = term(COMMANDS, ASK).map(|term| text(&term.title()));
    let cite = approver(ground, &case.view).map(|(_, cite)| cite).unwrap_or_default();
    vec![Action { id: ASK.to_owned(), title, is_allowed, missing, cite }]
}
