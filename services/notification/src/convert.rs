//! Between the contracts and this service's own words.

use crate::{
    domain::{Case, Task, task::Attempt},
    mail::folder::Kept,
    store::notices,
};
use contracts::{Fact, intake::SealedText, notification as api};
use facts::Law;
use kit_core::Problem;
use kit_grpc::page::After;
use kit_ids::NoticeId;
use std::collections::BTreeMap;

/// What a person says of a try.
pub(crate) fn attempt(request: &api::CompleteTaskRequest) -> Result<Attempt, Problem> {
    let record = match request.record_ref.as_str() {
        "" => None,
        text => Some(kit_grpc::parse_id("record_ref", text)?),
    };
    let written = request.parts.iter().filter(|(_, text)| !text.is_empty());
    let parts = written.map(|(part, text)| Ok((part.clone(), kit_grpc::parse_id(&format!("parts.{part}"), text)?)));
    Ok(Attempt {
        parts: parts.collect::<Result<_, Problem>>()?,
        way: request.way.clone(),
        is_reached: request.is_reached,
        satisfaction: request.satisfaction.clone(),
        record,
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
