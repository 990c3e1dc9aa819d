//! The gRPC face: decodes, asks the stores within what the caller may know, encodes.

mod destructions;
mod duties;
mod ledgers;
mod publicity;
mod to_publish;

use crate::{
    convert,
    domain::{
        Entry, linked,
        scope::{below, counted_by, own_unit},
        wording::Words,
    },
    store::{cases, entries, lists, own, statistics},
};
use chrono::{Months, NaiveDate};
use chrono_tz::Tz;
use contracts::records::{self as api, records_service_server::RecordsService};
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{
    Ctx,
    page::{self, After},
    parse_id, reply,
};
use kit_ids::CaseId;
use kit_messaging::Log;
use kit_reference::Reference;
use regime::Regime;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tonic::{Request, Response, Status};

/// What the rpcs stand on.
pub(crate) struct Face {
    pub(crate) log: Log,
    pub(crate) rules: Arc<Reference<Law>>,
}

impl Face {
    async fn dossier(&self, ctx: &Ctx, request: &api::GetDossierRequest) -> Result<api::GetDossierResponse> {
        let staff = ctx.staff()?.to_string();
        let id: Option<CaseId> = match request.case_id.as_str() {
            "" => None,
            text => Some(parse_id("case_id", text)?),
        };
        let found = cases::find(self.log.pool(), id, &request.number).await?;
        let rules = self.rules.get();
        let law = &rules;
        let readable = found.filter(|(_, case)| facts::may_read(law, &case.view, &staff));
        let (id, case) = readable.ok_or_else(Problem::unknown_case)?;
        let regime = law.regime(&case.view.regime_id, case.view.regime_version);
        let zone = law.directory().zone(&case.view.unit_id).parse().unwrap_or(Tz::Asia__Shanghai);
        let words = Words { regime: regime.as_deref(), directory: law.directory(), zone };
        let rows = in_time(entries::list(self.log.pool(), id).await?, own::list(self.log.pool(), id).await?);
        let hidden = self.hidden(law, &staff, &case.view.links, &rows).await?;
        let rows = linked::shown(rows, &case.view.links, &hidden);
        let publicity = match &regime {
            Some(regime) => self.publicity_form(law, regime, id, &case, &staff).await?,
            None => None,
        };
        let by_hand = regime
            .iter()
            .flat_map(|regime| &regime.records.ledgers)
            .filter(|ledger| facts::authorise(law, &case.view, &staff, &format!("enter({})", ledger.id)).is_ok());
        let missing = regime.iter().flat_map(|regime| regime.missing_in_file(&case.view, &case.view.form_fields));
        let missing = missing.map(|missing| kit_grpc::text(&missing.say)).collect();
        Ok(api::GetDossierResponse {
            case_id: id.to_string(),
            number: case.view.number.clone(),
            unit_id: case.view.unit_id.clone(),
            regime_id: case.view.regime_id.clone(),
            regime_version: case.view.regime_version,
            severity: case.view.severity.clone(),
            state: case.view.stage().word().to_owned(),
            entries: rows.into_iter().map(|row| convert::entry(row, &words)).collect(),
            is_archived: case.marks.keep_until.is_some(),
            keep_until: case.marks.keep_until.unwrap_or_default(),
            missing,
            publicity,
            ledgers: by_hand.map(ledgers::named).collect(),
        })
    }

    /// Of the cases that this one has to do with, those that this person may not read.
    async fn hidden(
        &self,
        law: &Law,
        staff: &str,
        links: &[(String, String)],
        rows: &[Entry],
    ) -> Result<BTreeSet<String>> {
        let mut hidden = linked::named(rows);
        hidden.extend(links.iter().map(|(_, id)| id.clone()));
        for id in hidden.clone() {
            let other = cases::find(self.log.pool(), Some(parse_id("case_id", &id)?), "").await?;
            if other.is_some_and(|(_, case)| facts::may_read(law, &case.view, staff)) {
                hidden.remove(&id);
            }
        }
        Ok(hidden)
    }

    async fn cases(&self, ctx: &Ctx, request: &api::ListCasesRequest) -> Result<api::ListCasesResponse> {
        let staff = ctx.staff()?.to_string();
        let rules = self.rules.get();
        let is_open = match request.state.as_str() {
            "" => None,
            "open" => Some(true),
            "closed" => Some(false),
            _ => {
                return Err(Problem::field(
                    "state",
                    "unknown-word",
                    "可用：open、closed 或留空",
                    "Use open, closed or nothing",
                )
                .into());
            }
        };
        let size = page::size(request.page_size)?;
        let units = (!request.unit_id.is_empty()).then(|| below(rules.directory(), &request.unit_id));
        let asked = lists::Asked {
            units,
            is_open,
            severity: request.severity.clone(),
            search: request.search.trim().chars().take(100).collect(),
            after: After::read(&request.page_token)?,
            limit: i64::try_from(size + 1).unwrap_or(i64::MAX),
        };
        let mut rows = lists::list(self.log.pool(), &staff, &scope(&rules, &staff), &asked).await?;
        let next_page_token = page::cut(&mut rows, size, convert::place);
        Ok(api::ListCasesResponse { cases: rows.into_iter().map(convert::row).collect(), next_page_token })
    }

    async fn statistics(&self, ctx: &Ctx, request: &api::GetStatisticsRequest) -> Result<api::GetStatisticsResponse> {
        let staff = ctx.staff()?.to_string();
        let (first_day, next_month) = month(&request.month)?;
        let rules = self.rules.get();
        let directory = rules.directory();
        let unit = match request.unit_id.as_str() {
            "" => own_unit(&rules, &staff).unwrap_or_default(),
            unit => unit.to_owned(),
        };
        let regimes = counted_by(&rules, &staff, &unit);
        if regimes.is_empty() {
            let (zh, en) = ("您无权查看该单位的统计", "You may not see the statistics of this unit");
            return Err(Problem::denied("not-permitted", zh, en).into());
        }
        let asked = statistics::Asked {
            staff,
            regimes,
            units: below(directory, &unit),
            first_day,
            next_month,
            zone: directory.zone(&unit).to_owned(),
        };
        let axes = axes(&rules, &asked.regimes);
        let by = statistics::axes(self.log.pool(), &asked, axes.keys().cloned().collect()).await?;
        let counted = statistics::count(self.log.pool(), &asked).await?;
        let axes = convert::axes(axes, by, directory);
        Ok(api::GetStatisticsResponse { axes, ..convert::statistics(request.month.clone(), counted) })
    }
}

/// Everything in the order in which it happened; what this service said itself comes after what brought it.
fn in_time(mut entries: Vec<Entry>, own: Vec<Entry>) -> Vec<Entry> {
    for entry in own {
        let at = entries.iter().rposition(|other| other.at <= entry.at).map_or(0, |at| at + 1);
        entries.insert(at, entry);
    }
    entries
}

/// By what the regimes count, each with the regime that says so; the last version speaks for all.
fn axes(law: &Law, regimes: &[String]) -> BTreeMap<String, Arc<Regime>> {
    let of = |regime: &Arc<Regime>| regime.records.statistics.as_ref().map_or_else(Vec::new, |one| one.by.clone());
    let meant = law.published().filter(|(regime, ..)| regimes.contains(&regime.id));
    meant.flat_map(|(regime, ..)| of(regime).into_iter().map(|axis| (axis, Arc::clone(regime)))).collect()
}

/// The units whose cases this person may know of, for each version of each regime: where they hold one of its roles.
fn scope(law: &Law, staff: &str) -> lists::Scope {
    let mut scope = lists::Scope::default();
    let directory = law.directory();
    let Some(person) = directory.staff(staff).filter(|p| p.is_active) else { return scope };
    for (regime, version, ..) in law.published() {
        let of_regime = |role: &str| regime.words.roles.iter().any(|word| word.id == role);
        let granted = person.grants.iter().filter(|g| of_regime(&g.role));
        let units: BTreeSet<String> = granted.flat_map(|g| below(directory, &g.unit)).collect();
        for unit in units {
            scope.regimes.push(regime.id.clone());
            scope.versions.push(i32::try_from(version).unwrap_or(i32::MAX));
            scope.units.push(unit);
        }
    }
    scope
}

/// The first day of a month such as `2026-11`, and of the next.
fn month(text: &str) -> Result<(NaiveDate, NaiveDate)> {
    let first = (text.len() == 7).then(|| format!("{text}-01").parse::<NaiveDate>().ok()).flatten();
    let both = first.and_then(|first| Some((first, first.checked_add_months(Months::new(1))?)));
    Ok(both
        .ok_or_else(|| Problem::field("month", "bad-month", "月份格式应如 2026-11", "Write the month as in 2026-11"))?)
}

#[tonic::async_trait]
impl RecordsService for Face {
    async fn get_dossier(
        &self,
        request: Request<api::GetDossierRequest>,
    ) -> std::result::Result<Response<api::GetDossierResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.dossier(&ctx, request.get_ref()).await)
    }

    async fn list_cases(
        &self,
        request: Request<api::ListCasesRequest>,
    ) -> std::result::Result<Response<api::ListCasesResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.cases(&ctx, request.get_ref()).await)
    }

    async fn get_statistics(
        &self,
        request: Request<api::GetStatisticsRequest>,
    ) -> std::result::Result<Response<api::GetStatisticsResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.statistics(&ctx, request.get_ref()).await)
    }

    async fn enter_ledger(
        &self,
        request: Request<api::EnterLedgerRequest>,
    ) -> std::result::Result<Response<api::EnterLedgerResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.enter(&ctx, request.into_inner()).await)
    }

    async fn list_ledger(
        &self,
        request: Request<api::ListLedgerRequest>,
    ) -> std::result::Result<Response<api::ListLedgerResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.ledger(&ctx, request.get_ref()).await)
    }

    async fn publish(
        &self,
        request: Request<api::PublishRequest>,
    ) -> std::result::Result<Response<api::PublishResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.show(&ctx, request.into_inner()).await)
    }

    async fn withhold(
        &self,
        request: Request<api::WithholdRequest>,
    ) -> std::result::Result<Response<api::WithholdResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.keep_back(&ctx, request.into_inner()).await)
    }

    async fn publish_figures(
        &self,
        request: Request<api::PublishFiguresRequest>,
    ) -> std::result::Result<Response<api::PublishFiguresResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.show_figures(&ctx, request.into_inner()).await)
    }

    async fn list_to_publish(
        &self,
        request: Request<api::ListToPublishRequest>,
    ) -> std::result::Result<Response<api::ListToPublishResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.to_publish(&ctx, request.get_ref()).await)
    }

    async fn list_published(
        &self,
        request: Request<api::ListPublishedRequest>,
    ) -> std::result::Result<Response<api::ListPublishedResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.published(request.get_ref()).await)
    }

    async fn list_duties(
        &self,
        request: Request<api::ListDutiesRequest>,
    ) -> std::result::Result<Response<api::ListDutiesResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.duties(&ctx, request.get_ref()).await)
    }

    async fn get_duty(
        &self,
        request: Request<api::GetDutyRequest>,
    ) -> std::result::Result<Response<api::GetDutyResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.duty(&ctx, request.get_ref()).await)
    }

    async fn list_destructions(
        &self,
        request: Request<api::ListDestructionsRequest>,
    ) -> std::result::Result<Response<api::ListDestructionsResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.destructions(&ctx, request.get_ref()).await)
    }

    async fn approve_destruction(
        &self,
        request: Request<api::ApproveDestructionRequest>,
    ) -> std::result::Result<Response<api::ApproveDestructionResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.decide_destruction(&ctx, request.into_inner()).await)
    }

    async fn do_duty(
        &self,
        request: Request<api::DoDutyRequest>,
    ) -> std::result::Result<Response<api::DoDutyResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.finish_duty(&ctx, request.into_inner()).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_reaches_to_the_first_day_of_the_next() {
        let (first, next) = month("2026-12").unwrap();
        assert_eq!((first.to_string(), next.to_string()), ("2026-12-01".to_owned(), "2027-01-01".to_owned()));
        for bad in ["", "2026-13", "2026-1", "十一月", "2026-11-1"] {
            assert!(month(bad).is_err(), "{bad}");
        }
    }
}
