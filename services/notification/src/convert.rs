//! Between the contracts and this service's own words.

use crate::{
    domain::{Case, Task, task::Attempt},
    mail::folder::Kept,
    store::{notices, tasks::After},
};
use contracts::notification as api;
use facts::Law;
use kit_core::Problem;
use kit_ids::NoticeId;

/// What a person says of a try.
pub(crate) fn attempt(request: &api::CompleteTaskRequest) -> Result<Attempt, Problem> {
    let record = match request.record_ref.as_str() {
        "" => None,
        text => Some(kit_grpc::parse_id("record_ref", text)?),
    };
    Ok(Attempt {
        way: request.way.clone(),
        is_reached: request.is_reached,
        satisfaction: request.satisfaction.clone(),
        record,
    })
}

/// A task as `staff` sees it.
pub(crate) fn task(task: &Task, case: &Case, law: &Law, staff: &str) -> api::Task {
    let regime = law.regime(&case.view.regime_id, case.view.regime_version);
    api::Task {
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
        asks_satisfaction: regime.as_deref().is_some_and(|regime| task.asks_satisfaction(regime)),
    }
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

/// How many rows a page has.
pub(crate) fn page_size(asked: i32) -> usize {
    usize::try_from(asked).ok().filter(|n| *n > 0).map_or(50, |n| n.min(200))
}

/// The token of the page that follows `task`.
pub(crate) fn token(task: &Task) -> String {
    format!("{}.{}", task.opened_at.timestamp_micros(), task.task_id)
}

/// Where the page of `token` begins.
pub(crate) fn after(token: &str) -> Result<Option<After>, Problem> {
    if token.is_empty() {
        return Ok(None);
    }
    let parts = token.split_once('.').and_then(|(at, id)| {
        let opened_at = chrono::DateTime::from_timestamp_micros(at.parse().ok()?)?;
        Some(After { opened_at, task_id: id.parse().ok()? })
    });
    parts.map(Some).ok_or_else(|| {
        Problem::field("page_token", "bad-page-token", "翻页标记无效", "This page token is not one that was given out")
    })
}
