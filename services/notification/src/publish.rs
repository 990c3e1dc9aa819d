//! The events of this service.

use crate::{
    domain::{EMAIL, Outcome, Sendable, task::Attempt},
    store::sending::Named,
    store::tasks::NewTask,
};
use contracts::{
    common::VaultRef,
    notification::{self as message, SurveyClosed, SurveyOpened},
};
use kit_ids::{CaseId, NoticeId};
use kit_messaging::{Received, Tx};

/// What came of a notice, where that is final.
pub(crate) fn delivered(tx: &mut Tx, notice: &Sendable, outcome: &Outcome, is_last: bool) {
    // The dossier of a case tells what it was told; a duty has none, and its own page tells how it stands.
    let Some((case_id, _)) = notice.case() else { return };
    let case_id = case_id.to_string();
    let notice_id = notice.notice_id.to_string();
    let (recipient, template) = (notice.recipient.clone(), notice.template.clone());
    let way = EMAIL.to_owned();
    match outcome {
        Outcome::Sent => {
            let (done, document, cite) = (notice.done.clone(), notice.document.clone(), notice.cite.clone());
            let sent = message::NoticeSent { case_id, notice_id, way, recipient, template, done, document, cite };
            tx.publish(&sent.case_id.clone(), &sent);
        }
        Outcome::Failed { .. } => {
            tx.publish(&case_id.clone(), &message::NoticeFailed { case_id, notice_id, way, recipient, template });
        }
        Outcome::Later { .. } if is_last => {
            tx.publish(&case_id.clone(), &message::NoticeFailed { case_id, notice_id, way, recipient, template });
        }
        Outcome::Unknown => {
            tx.publish(&case_id.clone(), &message::NoticeUnknown { case_id, notice_id, way, recipient, template });
        }
        Outcome::Later { .. } | Outcome::Dropped { .. } => {}
    }
}

/// A notice whose sender died after handing it over.
pub(crate) fn in_doubt(tx: &mut Tx, notice: &Named) {
    let Some(case_id) = notice.case_id else { return };
    let case_id = CaseId::new(case_id).to_string();
    let unknown = message::NoticeUnknown {
        case_id: case_id.clone(),
        notice_id: NoticeId::new(notice.notice_id).to_string(),
        way: EMAIL.to_owned(),
        recipient: notice.recipient.clone(),
        template: notice.template.clone(),
    };
    tx.publish(&case_id, &unknown);
}

/// Somebody owes a call, a visit or a delivery, because of a fact.
pub(crate) fn opened(tx: &mut Tx, cause: &Received, task: &NewTask) {
    tx.publish_after(cause, &task.case_id.to_string(), &open(task));
}

/// Somebody owes a delivery, because no machine could make it.
pub(crate) fn fell_to(tx: &mut Tx, task: &NewTask) {
    tx.publish(&task.case_id.to_string(), &open(task));
}

fn open(task: &NewTask) -> message::TaskOpened {
    message::TaskOpened {
        case_id: task.case_id.to_string(),
        task_id: task.task_id.to_string(),
        purpose: task.planned.purpose.clone(),
        ways: task.planned.ways.clone(),
        role: task.planned.role.clone(),
        unit_id: task.unit_id.clone(),
    }
}

/// A try at a task, whether or not it reached the complainant.
pub(crate) fn tried(tx: &mut Tx, task: &crate::domain::Task, attempt: &Attempt, staff: &str) {
    let case_id = task.case_id.to_string();
    let done = message::TaskDone {
        case_id: case_id.clone(),
        task_id: task.task_id.to_string(),
        purpose: task.purpose.clone(),
        way: attempt.way.clone(),
        is_reached: attempt.is_reached,
        satisfaction: attempt.satisfaction.clone(),
        staff_id: staff.to_owned(),
        parts: attempt.parts.iter().map(|(part, text)| (part.clone(), VaultRef { ref_id: text.to_string() })).collect(),
    };
    tx.publish(&case_id, &done);
}

/// A survey began in a unit.
pub(crate) fn survey_opened(tx: &mut Tx, event: &SurveyOpened) {
    tx.publish(&event.unit_id, event);
}

/// A survey ended in a unit.
pub(crate) fn survey_closed(tx: &mut Tx, event: &SurveyClosed) {
    tx.publish(&event.unit_id, event);
}
