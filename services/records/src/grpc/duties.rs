//! Recurring duties: who owes which, what each holds, and that it was done.

use super::{Face, axes, below, ledgers::listed};
use crate::{
    convert,
    domain::{
        duties::{self, Key, Owed},
        refusal,
    },
    store::{self, cases, ledgers, statistics},
    usecase,
};
use contracts::records as api;
use facts::Law;
use kit_core::{Problem, Text};
use kit_db::Result;
use kit_grpc::{
    Ctx,
    page::{self, After},
};
use kit_messaging::Command;
use prost::Message as _;
use regime::{Regime, Survey};
use std::collections::BTreeSet;

/// The rows of one ledger that a draft shows.
const MOST_ROWS: i64 = 1_000;
const STATES: [&str; 3] = ["open", "overdue", "done"];

impl Face {
    pub(super) async fn duties(&self, ctx: &Ctx, request: &api::ListDutiesRequest) -> Result<api::ListDutiesResponse> {
        let staff = ctx.staff()?.to_string();
        let rules = self.rules.get();
        let state = request.state.as_str();
        if !state.is_empty() && !STATES.contains(&state) {
            return Err(refusal::unknown_word("state", state, STATES.into_iter()).into());
        }
        let seen = match request.unit_id.as_str() {
            "" => duties::mine(&rules, &staff),
            unit => known(&rules, &staff, unit)?,
        };
        let (size, now) = (page::size(request.page_size)?, self.log.env().now());
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let after = After::read(&request.page_token)?;
        let mut rows = store::duties::list(self.log.pool(), &seen, state, now, (after, limit)).await?;
        let next_page_token = page::cut(&mut rows, size, |row| After { at: row.due_at, id: row.duty_id });
        let duties = rows.iter().map(|row| convert::duty(row, &rules, &staff, now)).collect();
        Ok(api::ListDutiesResponse { duties, next_page_token })
    }

    pub(super) async fn duty(&self, ctx: &Ctx, request: &api::GetDutyRequest) -> Result<api::GetDutyResponse> {
        let staff = ctx.staff()?.to_string();
        let rules = self.rules.get();
        let api::GetDutyRequest { unit_id, regime_id, duty, period } = request.clone();
        let key = Key { unit_id, regime_id, duty, period };
        let Some(owed) = store::duties::find(self.log.pool(), &key).await? else {
            let periods = store::duties::periods(self.log.pool(), &key).await?;
            return Err(refusal::unknown_duty(&rules, &key, &periods).into());
        };
        if !owed.may_know(&rules, &staff) && !owed.may_publish(&rules, &staff) {
            return Err(refusal::not_permitted("您无权查看该任务", "You may not see this duty").into());
        }
        let (text, files, kept) = match owed.done_at {
            Some(_) => store::duties::written(self.log.pool(), owed.duty_id).await?,
            None => (String::new(), Vec::new(), None),
        };
        let draft = match (owed.done_at, kept) {
            (Some(_), Some(kept)) => Some(self.without_excluded(&staff, &kept).await?),
            (Some(_), None) => None,
            (None, _) => self.draft(&rules, &staff, &owed).await?,
        };
        let publicity = self.figures_form(&rules, &staff, &owed).await?;
        let row = convert::duty(&owed, &rules, &staff, self.log.env().now());
        Ok(api::GetDutyResponse { duty: Some(row), draft, text, files, publicity })
    }

    pub(super) async fn finish_duty(&self, ctx: &Ctx, request: api::DoDutyRequest) -> Result<api::DoDutyResponse> {
        let staff = ctx.staff()?.to_string();
        let rules = self.rules.get();
        let (unit_id, regime_id) = (request.unit_id.clone(), request.regime_id.clone());
        let key = Key { unit_id, regime_id, duty: request.duty.clone(), period: request.period.clone() };
        let draft = match store::duties::find(self.log.pool(), &key).await? {
            Some(owed) if owed.done_at.is_none() && owed.may_do(rules.directory(), &staff) => {
                self.draft(&rules, &staff, &owed).await?
            }
            _ => None,
        };
        let draft = draft.map(|draft| draft.encode_to_vec());
        let command = Command::new("DoDuty", &request.request_id, &staff, &request);
        self.log
            .command(command, move |tx| {
                Box::pin(async move {
                    let is_on_time = usecase::do_duty(tx, &rules, &staff, &key, &request, draft).await?;
                    Ok(api::DoDutyResponse { is_on_time })
                })
            })
            .await
    }

    /// What the duty holds now, as far as this person may know of the cases; none where it holds nothing.
    async fn draft(&self, law: &Law, staff: &str, owed: &Owed) -> Result<Option<api::DutyDraft>> {
        let Some(regime) = owed.regime(law) else { return Ok(None) };
        let holds = duties::rule(&regime, &owed.duty).map(|rule| rule.holds.as_slice()).unwrap_or_default();
        if holds.is_empty() {
            return Ok(None);
        }
        let mut draft = api::DutyDraft { at: Some(kit_grpc::timestamp(self.log.env().now())), ..Default::default() };
        for source in holds {
            match (regime.ledger(source), regime.survey(source)) {
                (Some(ledger), _) => draft.ledgers.push(self.rows(law, staff, owed, &ledger.id, &ledger.title).await?),
                (_, Some(survey)) => draft.surveys.extend(self.surveyed(law, owed, survey).await?),
                _ => draft.statistics = Some(self.figures(law, staff, owed, &regime).await?),
            }
        }
        Ok(Some(draft))
    }

    /// What came of a survey in the period, in the unit and below it.
    async fn surveyed(&self, law: &Law, owed: &Owed, survey: &Survey) -> Result<Vec<api::DraftSurvey>> {
        let units = below(law.directory(), &owed.unit_id);
        let (which, days) = ((owed.regime_id.as_str(), survey.id.as_str()), (owed.first_day, owed.last_day));
        let ended = store::surveys::ended(self.log.pool(), which, &units, days).await?;
        Ok(ended.into_iter().map(|closed| convert::surveyed(closed, survey, law.directory())).collect())
    }

    async fn figures(
        &self,
        law: &Law,
        staff: &str,
        owed: &Owed,
        regime: &Regime,
    ) -> Result<api::GetStatisticsResponse> {
        let asked = statistics::Asked {
            staff: staff.to_owned(),
            regimes: vec![regime.id.clone()],
            units: below(law.directory(), &owed.unit_id),
            first_day: owed.first_day,
            next_month: owed.last_day.succ_opt().unwrap_or(owed.last_day),
            zone: law.directory().zone(&owed.unit_id).to_owned(),
        };
        let axes = axes(law, &asked.regimes);
        let by = statistics::axes(self.log.pool(), &asked, axes.keys().cloned().collect()).await?;
        let counted = statistics::count(self.log.pool(), &asked).await?;
        let axes = convert::axes(axes, by, law.directory());
        let period = format!("{}/{}", owed.first_day, owed.last_day);
        Ok(api::GetStatisticsResponse { axes, ..convert::statistics(period, counted) })
    }

    async fn rows(&self, law: &Law, staff: &str, owed: &Owed, id: &str, title: &Text) -> Result<api::DraftLedger> {
        let asked = ledgers::Asked {
            staff: staff.to_owned(),
            ledger: id.to_owned(),
            regimes: vec![owed.regime_id.clone()],
            units: below(law.directory(), &owed.unit_id),
            from: Some(owed.first_day),
            until: owed.last_day.succ_opt(),
            zone: law.directory().zone(&owed.unit_id).to_owned(),
            after: None,
            limit: MOST_ROWS,
        };
        let rows = ledgers::list(self.log.pool(), &asked).await?;
        let (count, points) = ledgers::sums(self.log.pool(), &asked).await?;
        let rows = rows.into_iter().map(|row| listed(law, &asked, row)).collect();
        Ok(api::DraftLedger { id: id.to_owned(), title: Some(kit_grpc::text(title)), rows, count, points })
    }

    /// The draft as it was kept, without the rows of cases of which this person must not know, and not counting them.
    async fn without_excluded(&self, staff: &str, kept: &[u8]) -> Result<api::DutyDraft> {
        let corrupt = |_| kit_db::Error::Corrupt("the draft of a duty cannot be read".to_owned());
        let mut draft = api::DutyDraft::decode(kept).map_err(corrupt)?;
        let named: BTreeSet<&str> =
            draft.ledgers.iter().flat_map(|ledger| &ledger.rows).map(|row| row.case_id.as_str()).collect();
        let named: Vec<_> = named.into_iter().filter_map(|id| id.parse().ok()).collect();
        let hidden = cases::excluding(self.log.pool(), staff, &named).await?;
        for ledger in &mut draft.ledgers {
            let is_shown = |row: &api::LedgerRow| row.case_id.parse().is_ok_and(|id| !hidden.contains(&id));
            for row in ledger.rows.extract_if(.., |row| !is_shown(row)) {
                ledger.count -= 1;
                ledger.points -= i64::from(row.points);
            }
        }
        Ok(draft)
    }
}

/// The duties of a unit and all below it that this person may know of.
fn known(law: &Law, staff: &str, unit: &str) -> std::result::Result<duties::Scope, Problem> {
    if law.directory().unit(unit).is_none() {
        let units = law.directory().units().map(|unit| unit.id.as_str());
        return Err(refusal::unknown_near("unit_id", unit, units));
    }
    let known = duties::known(law, staff, &below(law.directory(), unit));
    if known.units.is_empty() {
        return Err(refusal::not_permitted("您无权查看该单位的任务", "You may not see the duties of this unit"));
    }
    Ok(known)
}
