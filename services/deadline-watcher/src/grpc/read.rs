//! What staff and services read of the clocks of cases.

use super::Api;
use super::seen;
use crate::convert;
use crate::domain::Watched;
use crate::law::House;
use crate::store;
use contracts::deadline_watcher as wire;
use kit_core::Problem;
use kit_grpc::{Caller, Ctx, parse_id, text};
use kit_ids::CaseId;
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
        let clocks = of_case(&house, &case);
        let answer = wire::GetCaseResponse { clocks, version: case.version, ..Default::default() };
        Ok(match &ground {
            Some(ground) => wire::GetCaseResponse {
                extensions: seen::extensions(&house, ctx, &case, ground),
                suspensions: seen::suspensions(&house, ctx, &case, ground),
                dates: seen::dates(&case),
                actions: seen::actions(&house, ctx, &case, ground),
                ..answer
            },
            None => answer,
        })
    }

    pub(super) async fn readable(&self, house: &House, ctx: &Ctx, id: &str) -> kit_db::Result<Watched> {
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
pub(in crate::grpc) fn known(ctx: &Ctx) -> Result<(), Problem> {
    if matches!(ctx.caller, Caller::Service(_)) { Ok(()) } else { ctx.staff().map(drop) }
}
