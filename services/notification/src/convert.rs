//! Between the contracts and this service's own words.

use crate::{
    domain::{Case, Task, survey::Held, task::Attempt},
    mail::folder::Kept,
    store::notices,
};
use contracts::{Fact, intake::SealedText, notification as api};
use facts::Law;
use kit_core::Problem;
use kit_grpc::page::After;
use kit_ids::NoticeId;
use organisation::Directory;
use regime::{Asks, Regime, Survey, SurveyQuestion};
use std::collections::BTreeMap;

/// What a person says of a try at a task of the case.
pub(crate) fn attempt(case_id: &str, request: &api::CompleteTaskRequest) -> Result<Attempt, Problem> {
    Ok(Attempt {
        parts: kit_grpc::parse_refs(case_id, "parts", &request.parts)?,
        way: request.way.clone(),
        is_reached: request.is_reached,
        satisfaction: request.satisfaction.clone(),
        record: kit_grpc::parse_ref(case_id, "record_ref", &request.record_ref)?,
    })
}

/// What staff wrote for the complainant with this fact: the reference of each text by the placeholder that it fills.
pub(crate) fn parts(fact: &Fact) -> BTreeMap<String, String> {
    let parts = match fact {
        Fact::CaseAccepted(e) => &e.parts,
        Fact::CaseDeclined(e) => &e.parts,
        Fact::ComplainantTold(e) => &e.parts,
        _ => return BTreeMap::new(),
    };
    parts.iter().map(|(name, text)| (name.replace('-', "_"), text.ref_id.clone())).collect()
}

/// The texts of `parts` as the vault gave them, by placeholder.
pub(crate) fn sealed(parts: &BTreeMap<String, String>, texts: Vec<SealedText>) -> BTreeMap<String, String> {
    let texts: BTreeMap<String, String> = texts.into_iter().map(|text| (text.ref_id, text.text)).collect();
    parts.iter().filter_map(|(name, id)| Some((name.clone(), texts.get(id)?.clone()))).collect()
}

/// What staff wrote with a step or a decision.
pub(crate) fn text(fact: &Fact) -> Option<String> {
    let text = match fact {
        Fact::StepDone(e) => &e.text,
        Fact::AppealDecided(e) => &e.text,
        _ => return None,
    };
    text.as_ref().map(|text| text.ref_id.clone())
}

/// A task as `staff` sees it.
pub(crate) fn task(task: &Task, case: &Case, law: &Law, staff: &str) -> api::Task {
    let regime = law.regime(&case.view.regime_id, case.view.regime_version);
    let asked = regime.as_deref().filter(|regime| task.asks_satisfaction(regime));
    let parts = regime.as_deref().map(|regime| task.parts(case, regime)).unwrap_or_default();
    api::Task {
        parts: parts.iter().map(|part| named(part.id, &part.title())).collect(),
        task_id: task.task_id.to_string(),
        case_id: task.case_id.to_string(),
        number: case.view.number.clone(),
        purpose: task.purpose.clone(),
        title: Some(kit_grpc::text(&task.title)),
        ways: task.ways.clone(),
        role: task.role.clone(),
        unit_id: task.unit_id.clone(),
        state: task.state.clone(),
        opened_at: Some(kit_grpc::timestamp(task.opened_at)),
        may_complete: regime.as_deref().is_some_and(|regime| task.may_complete(case, regime, law.directory(), staff)),
        asks_satisfaction: asked.is_some(),
        satisfactions: asked.iter().flat_map(|regime| &regime.words.satisfaction).map(word).collect(),
    }
}

fn word(word: &regime::Word) -> api::Word {
    named(&word.id, &word.title)
}

fn named(id: &str, title: &kit_core::Text) -> api::Word {
    api::Word { id: id.to_owned(), title: Some(kit_grpc::text(title)) }
}

/// A notice as people see it.
pub(crate) fn delivery(row: notices::Delivery) -> api::Delivery {
    api::Delivery {
        notice_id: NoticeId::new(row.notice_id).to_string(),
        way: row.way,
        recipient: row.recipient,
        template: row.template,
        state: row.state,
        at: Some(kit_grpc::timestamp(row.changed_at)),
        document: row.document,
        cite: row.cite,
    }
}

/// A message of the mail folder.
pub(crate) fn mail(kept: &Kept) -> api::Mail {
    api::Mail {
        mail_id: kept.mail_id.to_string(),
        to: kept.to.clone(),
        subject: kept.subject.clone(),
        at: Some(kit_grpc::timestamp(kept.at)),
    }
}

/// The place of a task in the list.
pub(crate) fn place(task: &Task) -> After {
    After { at: task.opened_at, id: task.task_id.uuid() }
}

/// A survey that may be opened in a unit.
pub(crate) fn survey_offer(regime: &Regime, survey: &Survey, directory: &Directory, unit: &str) -> api::SurveyOffer {
    api::SurveyOffer {
        regime_id: regime.id.clone(),
        survey: survey.id.clone(),
        title: Some(kit_grpc::text(&survey.title)),
        unit_id: unit.to_owned(),
        unit_name: unit_name(directory, unit),
        cite: survey.cite.clone(),
    }
}

fn unit_name(directory: &Directory, unit: &str) -> Option<contracts::common::Text> {
    directory.unit(unit).map(|unit| kit_grpc::text(&unit.name))
}

/// A survey as `staff` sees it.
pub(crate) fn survey_row(held: &Held, survey: &Survey, directory: &Directory, staff: &str) -> api::SurveyRow {
    let is_open = held.closed_on.is_none();
    api::SurveyRow {
        survey_id: held.survey_id.to_string(),
        regime_id: held.regime_id.clone(),
        survey: held.survey.clone(),
        title: Some(kit_grpc::text(&survey.title)),
        unit_id: held.unit_id.clone(),
        unit_name: unit_name(directory, &held.unit_id),
        first_day: held.first_day.to_string(),
        last_day: held.last_day.to_string(),
        state: if is_open { "open" } else { "closed" }.to_owned(),
        closed_on: held.closed_on.map(|day| day.to_string()).unwrap_or_default(),
        code: if is_open { held.code.clone() } else { String::new() },
        may_close: is_open && held.is_of(survey, directory, staff),
        cite: survey.cite.clone(),
    }
}

/// A question, with what was answered to it where that may be shown.
pub(crate) fn asked(question: &SurveyQuestion, shown: Option<&Held>) -> api::SurveyAsked {
    let kind = match question.asks {
        Asks::Words(_) => "words",
        Asks::Scale => "scale",
        Asks::Text => "text",
    };
    let texts = shown.and_then(|held| held.tally.texts.get(&question.id)).cloned();
    api::SurveyAsked {
        id: question.id.clone(),
        title: Some(kit_grpc::text(&question.title)),
        r#type: kind.to_owned(),
        cite: question.cite.clone(),
        choices: question.choices().iter().map(|(id, title)| named(id, title)).collect(),
        counts: shown.map(|held| held.tally.of(question)).unwrap_or_default(),
        texts: texts.unwrap_or_default(),
    }
}

/// What whoever has the address is shown.
pub(crate) fn sheet(held: &Held, survey: &Survey, directory: &Directory) -> api::GetSurveyResponse {
    api::GetSurveyResponse {
        title: Some(kit_grpc::text(&survey.title)),
        unit_name: unit_name(directory, &held.unit_id),
        last_day: held.last_day.to_string(),
        least: survey.least,
        questions: survey.questions.iter().map(|question| asked(question, None)).collect(),
    }
}
