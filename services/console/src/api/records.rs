//! Recurring duties, ledgers and what is published, over the API.

use super::{
    caller::{Anyone, Key, Signed},
    ok,
};
use crate::{
    app::App,
    body::{Checked, Field, Json, Kind, may, query},
    load,
    refusal::Refusal,
    view::{
        duties::{Duties, Duty, OneDuty},
        published::{PublishedPage, ToPublish},
    },
};
use axum::{
    extract::{Path, State},
    http::Uri,
    response::Response,
};
use contracts::records as r;
use serde_json::json;

const SIZE: Field = may("page_size", Kind::Number, "Rows of one page");
const PAGE: Field = may("page_token", Kind::Text, "`next_page_token` of the page before");
pub(crate) const DUTIES: &[Field] = &[
    may("unit", Kind::Text, "A unit and what is below it; those that I owe where none is given"),
    may("state", Kind::Text, "`open`, `overdue` or `done`; all where none is given"),
    SIZE,
    PAGE,
];
pub(crate) const DONE: &[Field] = &[
    may("text", Kind::Text, "What was done; needed where the duty holds nothing by itself"),
    may("files", Kind::Texts, "Where the papers lie"),
];
pub(crate) const LEDGER: &[Field] = &[
    may("ledger", Kind::Text, "A ledger of a regime; where none is given, those there are to see"),
    may("unit", Kind::Text, "A unit and what is below it; my own where none is given"),
    may("from", Kind::Day, "The first day"),
    may("to", Kind::Day, "The last day"),
    SIZE,
    PAGE,
];
pub(crate) const PUBLISH: &[Field] = &[
    may("nevers", Kind::Texts, "Those of the regime's bars that are so; any of them forbids it"),
    may("texts", Kind::Parts, "What is written for the public, by what it is"),
];
pub(crate) const TO_PUBLISH: &[Field] = &[may("unit", Kind::Text, "A unit and what is below it"), SIZE, PAGE];
pub(crate) const PUBLISHED: &[Field] = &[may("unit", Kind::Text, "A unit and what is below it"), SIZE, PAGE];

fn size(query: &Checked) -> i32 {
    i32::try_from(query.number("page_size")).unwrap_or(i32::MAX)
}

pub(crate) async fn duties(State(app): State<App>, Signed(asker): Signed, uri: Uri) -> Result<Response, Refusal> {
    let query = query(DUTIES, &uri)?;
    let asked = r::ListDutiesRequest {
        unit_id: query.text("unit"),
        state: query.text("state"),
        page_size: size(&query),
        page_token: query.text("page_token"),
    };
    let list = asker.list_duties(asked).await?;
    let duties = list.duties.into_iter().map(|row| Duty::new(row, app.env.now())).collect();
    Ok(ok(&Duties { duties, next_page_token: list.next_page_token }))
}

/// Unit, regime, duty, and the first day of the period.
type Which = (String, String, String, String);

pub(crate) async fn duty(
    State(app): State<App>,
    Signed(asker): Signed,
    Path((unit_id, regime_id, duty, period)): Path<Which>,
) -> Result<Response, Refusal> {
    let one = asker.get_duty(r::GetDutyRequest { unit_id, regime_id, duty, period }).await?;
    Ok(ok(&OneDuty::new(one, &app.words, app.env.now())))
}

pub(crate) async fn do_duty(
    Signed(asker): Signed,
    Path((unit_id, regime_id, duty, period)): Path<Which>,
    Key(request_id): Key,
    Json(body): Json,
) -> Result<Response, Refusal> {
    let body = Checked::new(DONE, body)?;
    let (text, files) = (body.text("text"), body.texts("files"));
    let asked = r::DoDutyRequest { request_id, unit_id, regime_id, duty, period, text, files };
    Ok(ok(&json!({"is_on_time": asker.do_duty(asked).await?.is_on_time})))
}

/// What a body says of the publication of a duty's figures.
pub(crate) fn publishing(which: r::GetDutyRequest, request_id: String, body: &Checked) -> r::PublishFiguresRequest {
    let r::GetDutyRequest { unit_id, regime_id, duty, period } = which;
    let (nevers, texts) = (body.texts("nevers"), body.parts("texts").into_iter().collect());
    r::PublishFiguresRequest { request_id, unit_id, regime_id, duty, period, nevers, texts }
}

pub(crate) async fn publish_figures(
    Signed(asker): Signed,
    Path((unit_id, regime_id, duty, period)): Path<Which>,
    Key(request_id): Key,
    Json(body): Json,
) -> Result<Response, Refusal> {
    let which = r::GetDutyRequest { unit_id, regime_id, duty, period };
    let asked = publishing(which, request_id, &Checked::new(PUBLISH, body)?);
    Ok(ok(&json!({"shows": asker.publish_figures(asked).await?.shows})))
}

pub(crate) async fn to_publish(State(app): State<App>, Signed(asker): Signed, uri: Uri) -> Result<Response, Refusal> {
    let query = query(TO_PUBLISH, &uri)?;
    let (unit_id, page_token) = (query.text("unit"), query.text("page_token"));
    let asked = r::ListToPublishRequest { unit_id, page_size: size(&query), page_token };
    Ok(ok(&ToPublish::new(asker.list_to_publish(asked).await?, app.env.now())))
}

pub(crate) async fn ledger(Signed(asker): Signed, uri: Uri) -> Result<Response, Refusal> {
    let query = query(LEDGER, &uri)?;
    let asked = r::ListLedgerRequest {
        ledger: query.text("ledger"),
        unit_id: query.text("unit"),
        from: query.text("from"),
        to: query.text("to"),
        page_size: size(&query),
        page_token: query.text("page_token"),
    };
    Ok(ok(&load::lists::ledger(&asker, asked).await?))
}

pub(crate) async fn published(Anyone(asker): Anyone, uri: Uri) -> Result<Response, Refusal> {
    let query = query(PUBLISHED, &uri)?;
    let asked = r::ListPublishedRequest {
        unit_id: query.text("unit"),
        page_size: size(&query),
        page_token: query.text("page_token"),
    };
    Ok(ok(&PublishedPage::from(asker.list_published(asked).await?)))
}
