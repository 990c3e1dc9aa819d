//! Between the contracts and this service's own words: a fact as the entry of a dossier, and rows as answers.

mod line;

pub(crate) use line::line;

use crate::{
    domain::{
        Entry,
        duties::{self, Owed},
        publicity::Counts,
        wording::{Words, outcome},
    },
    store::{lists, statistics::Counted},
};
use chrono::{DateTime, Utc};
use contracts::{
    notification::{SurveyClosed, SurveyCount},
    records as api,
};
use facts::Law;
use kit_core::Text;
use kit_grpc::page::After;
use kit_ids::CaseId;
use organisation::Directory;
use regime::{Asks, Regime, Survey, SurveyQuestion};
use std::{collections::BTreeMap, sync::Arc};

/// An entry as people read it.
pub(crate) fn entry(entry: Entry, words: &Words<'_>) -> api::Entry {
    api::Entry {
        at: Some(kit_grpc::timestamp(entry.at)),
        text: Some(kit_grpc::text(&words.of(&entry))),
        actor_name: words.actor(&entry.actor),
        seq: entry.log_place.map_or(0, |(_, seq)| seq),
        fact: entry.fact,
        actor: entry.actor,
        producer: entry.producer,
        ref_ids: entry.refs,
    }
}

/// A case of a list.
pub(crate) fn row(row: lists::Row) -> api::CaseRow {
    api::CaseRow {
        case_id: CaseId::new(row.case_id).to_string(),
        number: row.number,
        unit_id: row.unit_id,
        kind: row.kind,
        severity: row.severity,
        state: row.stage,
        received_at: Some(kit_grpc::timestamp(row.received_at)),
        closed_at: row.closed_at.map(kit_grpc::timestamp),
    }
}

/// The figures of a month.
pub(crate) fn statistics(month: String, counted: Counted) -> api::GetStatisticsResponse {
    let count = |(id, count)| api::Count { id, count, title: None };
    let list = |counts: Vec<(String, i64)>| counts.into_iter().map(count).collect();
    let Counted { totals: t, by_severity, by_channel, by_unit, by_category } = counted;
    api::GetStatisticsResponse {
        month,
        received: t.received,
        accepted: t.accepted,
        declined: t.declined,
        withdrawn: t.withdrawn,
        resolved: t.resolved,
        closed: t.closed,
        clocks_missed: t.clocks_missed,
        called_back: t.called_back,
        satisfied: t.satisfied,
        by_severity: list(by_severity),
        by_channel: list(by_channel),
        by_unit: list(by_unit),
        by_category: list(by_category),
        resolved_in_time: t.resolved_in_time,
        resolved_in_time_restated: t.resolved_in_time_restated,
        invalid: t.invalid,
        axes: Vec::new(),
    }
}

/// The figures by everything that the regimes count by, each with its title.
pub(crate) fn axes(
    axes: BTreeMap<String, Arc<Regime>>,
    mut counted: BTreeMap<String, BTreeMap<String, i64>>,
    directory: &Directory,
) -> Vec<api::Axis> {
    let axis = |(id, regime): (String, Arc<Regime>)| {
        let title = |word: &str| match id.as_str() {
            "unit" => directory.unit(word).map(|unit| unit.name.clone()),
            "outcome" => outcome(word),
            axis => regime.word_title(axis, word),
        };
        let mut counts: Vec<(String, i64)> = counted.remove(&id).unwrap_or_default().into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let count = |(id, count): (String, i64)| {
            let title = title(&id).map(|title| kit_grpc::text(&title));
            api::Count { id, count, title }
        };
        let counts = counts.into_iter().map(count).collect();
        api::Axis { title: Some(kit_grpc::text(&regime.axis_title(&id))), counts, id }
    };
    axes.into_iter().map(axis).collect()
}

/// How much there was to do, and how it went: what the public is shown of any figures.
pub(crate) fn totals(figures: &api::GetStatisticsResponse) -> Vec<(&'static str, Text, i64)> {
    vec![
        ("received", Text::new("收到", "Received"), figures.received),
        ("resolved", Text::new("办结", "Resolved"), figures.resolved),
        ("called_back", Text::new("回访", "Called back"), figures.called_back),
        ("satisfied", Text::new("满意", "Satisfied"), figures.satisfied),
    ]
}

/// The axes of figures, as they are published.
pub(crate) fn counts(axes: Vec<api::Axis>) -> Vec<Counts> {
    let text = |text: Option<contracts::common::Text>| text.map(|text| Text::new(text.zh, text.en));
    let count = |one: api::Count| (text(one.title).unwrap_or_else(|| Text::new(&one.id, &one.id)), one.count);
    let axis = |axis: api::Axis| Counts {
        title: text(axis.title).unwrap_or_default(),
        of: axis.counts.into_iter().map(count).collect(),
        id: axis.id,
    };
    axes.into_iter().map(axis).collect()
}

/// The place of a row in the list.
pub(crate) fn place(row: &lists::Row) -> After {
    After { at: row.received_at, id: row.case_id }
}

/// A recurring duty, as this person sees it.
pub(crate) fn duty(owed: &Owed, law: &Law, staff: &str, now: DateTime<Utc>) -> api::DutyRow {
    let (directory, regime) = (law.directory(), owed.regime(law));
    let title = regime.as_deref().and_then(|regime| duties::rule(regime, &owed.duty)).map(|rule| rule.title.clone());
    let role = |role: &str| regime.as_ref().map_or_else(|| Text::new(role, role), |regime| regime.role_title(role));
    let name = |id: &str| directory.staff(id).map(|staff| staff.name.clone()).unwrap_or_default();
    api::DutyRow {
        unit_id: owed.unit_id.clone(),
        unit_name: directory.unit(&owed.unit_id).map(|unit| kit_grpc::text(&unit.name)),
        regime_id: owed.regime_id.clone(),
        duty: owed.duty.clone(),
        title: Some(kit_grpc::text(&title.unwrap_or_else(|| Text::new(&owed.duty, &owed.duty)))),
        period: owed.first_day.to_string(),
        last_day: owed.last_day.to_string(),
        due_at: Some(kit_grpc::timestamp(owed.due_at)),
        state: owed.state(now).to_owned(),
        role: Some(kit_grpc::text(&role(&owed.role))),
        to: Some(kit_grpc::text(&role(&owed.done_to))),
        owners: directory.holders(&owed.role, &owed.unit_id).into_iter().map(|staff| staff.name.clone()).collect(),
        cite: owed.cite.clone(),
        done_at: owed.done_at.map(kit_grpc::timestamp),
        done_by: name(&owed.done_by),
        is_on_time: owed.is_on_time(),
        may_do: owed.done_at.is_none() && owed.may_do(directory, staff),
    }
}

/// What came of a survey, in the words of its regime.
pub(crate) fn surveyed(closed: SurveyClosed, survey: &Survey, directory: &Directory) -> api::DraftSurvey {
    let counted = |question: &SurveyQuestion| {
        let title_of =
            |id: &str| question.choices().into_iter().find(|(choice, _)| choice == id).map(|(_, title)| title);
        let count = |one: &SurveyCount| api::Count {
            id: one.answer.clone(),
            count: i64::from(one.count),
            title: title_of(&one.answer).map(|title| kit_grpc::text(&title)),
        };
        let counts: Vec<_> = closed.counts.iter().filter(|one| one.question == question.id).map(count).collect();
        let axis = || api::Axis { id: question.id.clone(), title: Some(kit_grpc::text(&question.title)), counts };
        (!closed.counts.is_empty() && question.asks != Asks::Text).then(axis)
    };
    api::DraftSurvey {
        title: Some(kit_grpc::text(&survey.title)),
        unit_name: directory.unit(&closed.unit_id).map(|unit| kit_grpc::text(&unit.name)),
        answered: i64::from(closed.answered),
        questions: survey.questions.iter().filter_map(counted).collect(),
        unit_id: closed.unit_id,
        day: closed.day,
    }
}
