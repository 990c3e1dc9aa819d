//! Files whose time is over: those of which somebody decides, and the decision.

use super::{Face, below};
use crate::{
    domain::destruction,
    store::destructions::{self, Proposed},
    usecase,
};
use contracts::records as api;
use facts::Law;
use kit_db::Result;
use kit_grpc::{
    Ctx,
    page::{self, After},
    parse_id, text, timestamp,
};
use kit_ids::CaseId;
use kit_messaging::Command;
use std::collections::BTreeSet;

impl Face {
    pub(super) async fn destructions(
        &self,
        ctx: &Ctx,
        request: &api::ListDestructionsRequest,
    ) -> Result<api::ListDestructionsResponse> {
        let staff = ctx.staff()?.to_string();
        let rules = self.rules.get();
        let size = page::size(request.page_size)?;
        let units = units(&rules, &staff, &request.unit_id);
        let page = (After::read(&request.page_token)?, i64::try_from(size + 1).unwrap_or(i64::MAX));
        let mut rows = destructions::list(self.log.pool(), &staff, &units, page).await?;
        let next_page_token = page::cut(&mut rows, size, |row| After { at: row.at, id: row.case_id });
        rows.retain(|row| destruction::may_rule(&rules, &row.view, &staff).is_ok());
        let proposed = rows.into_iter().map(|row| proposed(&rules, row)).collect();
        Ok(api::ListDestructionsResponse { proposed, next_page_token })
    }

    pub(super) async fn decide_destruction(
        &self,
        ctx: &Ctx,
        request: api::ApproveDestructionRequest,
    ) -> Result<api::ApproveDestructionResponse> {
        let staff = ctx.staff()?.to_string();
        let id: CaseId = parse_id("case_id", &request.case_id)?;
        let rules = self.rules.get();
        let command = Command::new("ApproveDestruction", &request.request_id, &staff, &request);
        self.log
            .command(command, move |tx| {
                Box::pin(async move {
                    let again_on = usecase::approve_destruction(tx, &rules, &staff, id, &request).await?;
                    Ok(api::ApproveDestructionResponse { again_on })
                })
            })
            .await
    }
}

/// The units in which this person holds anything, with all below them; only those below the one that is asked for.
fn units(law: &Law, staff: &str, asked: &str) -> Vec<String> {
    let directory = law.directory();
    let Some(person) = directory.staff(staff).filter(|person| person.is_active) else { return Vec::new() };
    let held: BTreeSet<String> = person.grants.iter().flat_map(|grant| below(directory, &grant.unit)).collect();
    held.into_iter().filter(|unit| asked.is_empty() || directory.is_within(unit, asked)).collect()
}

fn proposed(law: &Law, row: Proposed) -> api::ProposedDestruction {
    let view = row.view.0;
    let regime = law.regime(&view.regime_id, view.regime_version);
    api::ProposedDestruction {
        case_id: CaseId::new(row.case_id).to_string(),
        unit_name: law.directory().unit(&view.unit_id).map(|unit| text(&unit.name)),
        regime_title: regime.map(|regime| text(&regime.title)),
        received_at: Some(timestamp(view.received_at)),
        number: view.number,
        unit_id: view.unit_id,
        since: row.since,
        proposed_at: Some(timestamp(row.at)),
        cite: row.cite,
    }
}
