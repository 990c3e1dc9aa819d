//! Anonymous surveys: those who hold them, and those who answer, of whom nothing is asked.

use super::Face;
use crate::{
    convert,
    domain::{
        refusal,
        survey::{self, Held},
    },
    store::surveys as store,
    usecase::surveys as usecase,
};
use contracts::notification as api;
use kit_core::{Budget, Problem};
use kit_db::Result;
use kit_grpc::Ctx;
use kit_messaging::Command;
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};
use uuid::Uuid;

/// The surveys of one list.
const MOST: i64 = 100;

/// Takes one of a budget, or refuses.
fn spend(budget: &Mutex<Budget>, now: chrono::DateTime<chrono::Utc>) -> std::result::Result<(), Problem> {
    let is_left = budget.lock().unwrap_or_else(PoisonError::into_inner).take(now);
    if is_left { Ok(()) } else { Err(refusal::too_many()) }
}

fn give_back(budget: &Mutex<Budget>) {
    budget.lock().unwrap_or_else(PoisonError::into_inner).give_back();
}

fn survey_id(text: &str) -> std::result::Result<Uuid, Problem> {
    text.parse().map_err(|_| refusal::unknown_survey())
}

impl Face {
    pub(super) async fn open_survey(
        &self,
        ctx: &Ctx,
        request: api::OpenSurveyRequest,
    ) -> Result<api::OpenSurveyResponse> {
        let (staff, rules) = (ctx.staff()?.to_string(), self.rules.get());
        let command = Command::new("OpenSurvey", &request.request_id, &staff, &request);
        let opened = self
            .log
            .command(command, move |tx| {
                Box::pin(async move {
                    let held = usecase::open(tx, &rules, &staff, &request).await?;
                    Ok(api::OpenSurveyResponse { survey_id: held.survey_id.to_string(), code: held.code })
                })
            })
            .await?;
        self.opened.notify_one();
        Ok(opened)
    }

    pub(super) async fn close_survey(
        &self,
        ctx: &Ctx,
        request: &api::CloseSurveyRequest,
    ) -> Result<api::CloseSurveyResponse> {
        let (staff, rules) = (ctx.staff()?.to_string(), self.rules.get());
        let id = survey_id(&request.survey_id)?;
        let command = Command::new("CloseSurvey", &request.request_id, &staff, request);
        self.log
            .command(command, move |tx| {
                Box::pin(async move {
                    usecase::close(tx, &rules, &staff, id).await?;
                    Ok(api::CloseSurveyResponse {})
                })
            })
            .await
    }

    pub(super) async fn surveys(&self, ctx: &Ctx) -> Result<api::ListSurveysResponse> {
        let (staff, rules) = (ctx.staff()?.to_string(), self.rules.get());
        let (directory, now) = (rules.directory(), self.log.env().now());
        let person = directory.staff(&staff).filter(|person| person.is_active).ok_or_else(super::not_staff)?;
        let is_mine = |unit: &str| person.grants.iter().any(|grant| directory.is_within(unit, &grant.unit));
        let units: BTreeSet<String> = directory.units().map(|unit| unit.id.clone()).filter(|id| is_mine(id)).collect();
        let mut offers = Vec::new();
        for unit in units.iter().filter(|id| directory.unit(id).is_some_and(|unit| !unit.is_closed)) {
            for (regime, _) in rules.regimes_for(unit, "", usecase::today(&rules, unit, now)) {
                let held = regime.surveys.iter().filter(|survey| directory.holds(&staff, &survey.role, unit));
                offers.extend(held.map(|survey| convert::survey_offer(&regime, survey, directory, unit)));
            }
        }
        let units: Vec<String> = units.into_iter().collect();
        let mut surveys = Vec::new();
        for held in store::list(self.log.pool(), &units, MOST).await? {
            let regime = usecase::regime_of(&rules, &held)?;
            let rule = usecase::rule(&regime, &held.survey)?;
            if held.may_read(&regime, rule, directory, &staff) {
                surveys.push(convert::survey_row(&held, rule, directory, &staff));
            }
        }
        Ok(api::ListSurveysResponse { offers, surveys })
    }

    pub(super) async fn results(
        &self,
        ctx: &Ctx,
        request: &api::SurveyResultsRequest,
    ) -> Result<api::SurveyResultsResponse> {
        let (staff, rules) = (ctx.staff()?.to_string(), self.rules.get());
        let found = store::find(self.log.pool(), survey_id(&request.survey_id)?).await?;
        let held = found.ok_or_else(refusal::unknown_survey)?;
        let regime = usecase::regime_of(&rules, &held)?;
        let rule = usecase::rule(&regime, &held.survey)?;
        if !held.may_read(&regime, rule, rules.directory(), &staff) {
            return Err(refusal::not_your_results().into());
        }
        let (is_open, is_shown) = (held.closed_on.is_none(), held.is_shown(rule));
        Ok(api::SurveyResultsResponse {
            survey: Some(convert::survey_row(&held, rule, rules.directory(), &staff)),
            // While it is open even the number would tell when somebody answers.
            answered: if is_open { 0 } else { held.tally.answered },
            least: rule.least,
            is_shown,
            is_open,
            questions: rule
                .questions
                .iter()
                .map(|question| convert::asked(question, is_shown.then_some(&held)))
                .collect(),
        })
    }

    pub(super) async fn survey(&self, request: &api::GetSurveyRequest) -> Result<api::GetSurveyResponse> {
        let rules = self.rules.get();
        let held = self.open_by_code(&request.code).await?;
        let (regime, directory) = (usecase::regime_of(&rules, &held)?, rules.directory());
        let rule = usecase::rule(&regime, &held.survey)?;
        Ok(convert::sheet(&held, rule, directory))
    }

    pub(super) async fn answer_survey(&self, request: api::AnswerSurveyRequest) -> Result<api::AnswerSurveyResponse> {
        let rules = self.rules.get();
        let id = self.open_by_code(&request.code).await?.survey_id;
        spend(&self.sheets, self.log.env().now())?;
        let answers = request.answers.into_iter().collect();
        let done = self
            .log
            .in_tx("survey", move |tx| {
                Box::pin(async move { usecase::answer(tx, &rules, id, &request.sheet, &answers).await })
            })
            .await;
        if done.is_err() {
            give_back(&self.sheets);
        }
        done.map(|()| api::AnswerSurveyResponse {})
    }

    /// The open survey of this code. A wrong code costs the budget, so that nobody finds one by trying.
    async fn open_by_code(&self, code: &str) -> Result<Held> {
        let now = self.log.env().now();
        spend(&self.codes, now)?;
        let held = store::by_code(self.log.pool(), &survey::typed(code)).await?.ok_or_else(refusal::unknown_survey)?;
        give_back(&self.codes);
        if held.is_open(now) { Ok(held) } else { Err(refusal::survey_over().into()) }
    }
}
