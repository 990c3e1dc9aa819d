//! Entering a case into a ledger, and reading one.

use super::{Face, below};
use crate::{
    domain::{refusal, scope},
    store::ledgers::{self, Asked, Listed},
    usecase,
};
use chrono::{Days, NaiveDate};
use contracts::records as api;
use facts::Law;
use kit_core::{Problem, Text};
use kit_db::Result;
use kit_grpc::{
    Ctx,
    page::{self, After},
    parse_id,
};
use kit_ids::CaseId;
use kit_messaging::Command;
use regime::{FactRef, Ledger};

impl Face {
    pub(super) async fn enter(&self, ctx: &Ctx, request: api::EnterLedgerRequest) -> Result<api::EnterLedgerResponse> {
        let staff = ctx.staff()?.to_string();
        let id: CaseId = parse_id("case_id", &request.case_id)?;
        let rules = self.rules.get();
        let command = Command::new("EnterLedger", &request.request_id, &staff, &request);
        self.log
            .command(command, move |tx| {
                Box::pin(async move {
                    usecase::enter(tx, &rules, &staff, id, &request).await?;
                    Ok(api::EnterLedgerResponse {})
                })
            })
            .await
    }

    pub(super) async fn ledger(&self, ctx: &Ctx, request: &api::ListLedgerRequest) -> Result<api::ListLedgerResponse> {
        let staff = ctx.staff()?.to_string();
        let rules = self.rules.get();
        let directory = rules.directory();
        if request.ledger.is_empty() {
            let ledgers = scope::ledgers(&rules, &staff).iter().map(named).collect();
            return Ok(api::ListLedgerResponse { ledgers, ..Default::default() });
        }
        let unit = match request.unit_id.as_str() {
            "" => scope::own_ledger_unit(&rules, &staff, &request.ledger).unwrap_or_default(),
            unit => unit.to_owned(),
        };
        let regimes = scope::kept_by(&rules, &staff, &unit, &request.ledger);
        if regimes.is_empty() {
            return Err(not_here(&rules, &request.ledger).into());
        }
        let size = page::size(request.page_size)?;
        let asked = Asked {
            staff,
            ledger: request.ledger.clone(),
            regimes,
            units: below(directory, &unit),
            from: day("from", &request.from)?,
            until: day("to", &request.to)?.and_then(|day| day.checked_add_days(Days::new(1))),
            zone: directory.zone(&unit).to_owned(),
            after: After::read(&request.page_token)?,
            limit: i64::try_from(size + 1).unwrap_or(i64::MAX),
        };
        let mut rows = ledgers::list(self.log.pool(), &asked).await?;
        let (_, points) = ledgers::sums(self.log.pool(), &asked).await?;
        let next_page_token = page::cut(&mut rows, size, |row| After { at: row.at, id: row.row_id });
        let title = title(&rules, &asked);
        let rows = rows.into_iter().map(|row| listed(&rules, &asked, row)).collect();
        Ok(api::ListLedgerResponse { title, rows, next_page_token, points, ledgers: Vec::new() })
    }
}

/// A ledger to choose.
pub(super) fn named(ledger: &Ledger) -> api::LedgerName {
    api::LedgerName { id: ledger.id.clone(), title: Some(kit_grpc::text(&ledger.title)), cite: ledger.cite.clone() }
}

/// A ledger that is nowhere, or not for this person.
fn not_here(law: &Law, ledger: &str) -> Problem {
    let mut all = law.published().flat_map(|(regime, ..)| &regime.records.ledgers);
    if all.any(|known| known.id == ledger) {
        return refusal::not_permitted("您无权查看该单位的这个台账", "You may not see this ledger of this unit");
    }
    let all = law.published().flat_map(|(regime, ..)| &regime.records.ledgers);
    refusal::unknown_word("ledger", ledger, all.map(|ledger| ledger.id.as_str()))
}

fn title(law: &Law, asked: &Asked) -> Option<contracts::common::Text> {
    let regimes = law.published().filter(|(regime, ..)| asked.regimes.contains(&regime.id));
    let ledgers = regimes.filter_map(|(regime, ..)| regime.ledger(&asked.ledger));
    ledgers.last().map(|ledger| kit_grpc::text(&ledger.title))
}

pub(super) fn listed(law: &Law, asked: &Asked, row: Listed) -> api::LedgerRow {
    let directory = law.directory();
    let subject = match row.about.as_str() {
        "unit" => directory.unit(&row.subject_id).map(|unit| unit.name.clone()),
        "staff" => directory.staff(&row.subject_id).map(|staff| Text::new(&staff.name, &staff.name)),
        _ => None,
    };
    let mut regimes = law.published().filter(|(regime, ..)| asked.regimes.contains(&regime.id));
    let cause = row.cause.parse::<FactRef>().ok();
    let cause = cause.and_then(|fact| regimes.next().map(|(regime, ..)| regime.fact_title(&fact)));
    api::LedgerRow {
        at: Some(kit_grpc::timestamp(row.at)),
        case_id: CaseId::new(row.case_id).to_string(),
        number: row.number,
        about: row.about,
        subject: subject.map(|text| kit_grpc::text(&text)),
        points: u32::try_from(row.points).unwrap_or_default(),
        cause: cause.map(|text| kit_grpc::text(&text)),
        cite: row.cite,
        staff_name: directory.staff(&row.staff_id).map(|staff| staff.name.clone()).unwrap_or_default(),
        ref_id: row.text_ref,
    }
}

fn day(field: &str, text: &str) -> Result<Option<NaiveDate>> {
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(text.parse().map_err(|_| refusal::bad_day(field))?))
}
