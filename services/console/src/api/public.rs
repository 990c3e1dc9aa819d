//! The public's part of the API.

use super::{
    caller::{Anyone, Key},
    json, ok,
};
use crate::{
    app::App,
    body::{Checked, Field, Json, Kind, may, must, query},
    convert::at,
    hand_in::{self, receipt_code},
    load,
    refusal::Refusal,
    view::{door::Door, follow::Followed},
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use contracts::{assignment, intake};
use serde_json::json;

const CODE: Field = must("receipt_code", Kind::Text, "The code from the receipt");
const NUMBER: Field = may("number", Kind::Text, "One of `others`; empty: the case that the receipt is of");
pub(crate) const FOLLOW: &[Field] = &[CODE, NUMBER];
pub(crate) const SUPPLEMENT: &[Field] = &[CODE, NUMBER, must("text", Kind::Text, "What is added")];
pub(crate) const CHASE: &[Field] = &[CODE, NUMBER, may("text", Kind::Text, "What is said with it")];
pub(crate) const RATE: &[Field] = &[
    CODE,
    NUMBER,
    must("satisfaction", Kind::Text, "A word of `ratings`"),
    may("text", Kind::Text, "What is said with it"),
];
pub(crate) const APPEAL: &[Field] = &[
    CODE,
    NUMBER,
    may("tier", Kind::Text, "One of `appeals`; empty takes the one that is open"),
    may("reasons", Kind::Text, "Why"),
    may("request", Kind::Text, "What is asked for"),
];
pub(crate) const SESSION: &[Field] =
    &[must("login", Kind::Text, "Login name"), must("password", Kind::Text, "Password")];
pub(crate) const DOORS: &[Field] = &[may("unit", Kind::Text, "One branch; all where none is given")];

pub(crate) async fn doors(State(app): State<App>, Anyone(asker): Anyone, uri: Uri) -> Result<Response, Refusal> {
    let query = query(DOORS, &uri)?;
    let doors: Vec<_> = load::doors(&app, &asker, &query.text("unit")).await?.into_iter().map(Door::from).collect();
    Ok(ok(&json!({"doors": doors})))
}

pub(crate) async fn hand_in(Anyone(asker): Anyone, Key(key): Key, Json(body): Json) -> Result<Response, Refusal> {
    let receipt = hand_in::give(&asker, &key, body).await?;
    Ok(json(StatusCode::CREATED, &receipt))
}

pub(crate) async fn follow(Anyone(asker): Anyone, Json(body): Json) -> Result<Response, Refusal> {
    let body = Checked::new(FOLLOW, body)?;
    let (receipt_code, number) = (receipt_code(&body.text("receipt_code")), body.text("number"));
    let message = intake::FollowRequest { receipt_code, number };
    Ok(ok(&Followed::from(asker.follow(message).await?)))
}

pub(crate) async fn supplement(
    Anyone(asker): Anyone,
    Key(request_id): Key,
    Json(body): Json,
) -> Result<Response, Refusal> {
    let body = Checked::new(SUPPLEMENT, body)?;
    let message = intake::SupplementRequest {
        request_id,
        receipt_code: receipt_code(&body.text("receipt_code")),
        case_id: String::new(),
        text: body.text("text"),
        number: body.text("number"),
    };
    asker.supplement(message).await?;
    Ok(ok(&json!({})))
}

pub(crate) async fn withdraw(
    Anyone(asker): Anyone,
    Key(request_id): Key,
    Json(body): Json,
) -> Result<Response, Refusal> {
    let body = Checked::new(FOLLOW, body)?;
    let (receipt_code, number) = (receipt_code(&body.text("receipt_code")), body.text("number"));
    let message = intake::WithdrawRequest { request_id, receipt_code, case_id: String::new(), number };
    let done = asker.withdraw(message).await?;
    Ok(ok(&json!({"then": done.then})))
}

pub(crate) async fn chase(Anyone(asker): Anyone, Key(request_id): Key, Json(body): Json) -> Result<Response, Refusal> {
    let body = Checked::new(CHASE, body)?;
    let (receipt_code, text) = (receipt_code(&body.text("receipt_code")), body.text("text"));
    let (case_id, number) = (String::new(), body.text("number"));
    asker.chase(intake::ChaseRequest { request_id, receipt_code, case_id, text, number }).await?;
    Ok(ok(&json!({})))
}

pub(crate) async fn rate(Anyone(asker): Anyone, Key(request_id): Key, Json(body): Json) -> Result<Response, Refusal> {
    let body = Checked::new(RATE, body)?;
    let (satisfaction, text) = (body.text("satisfaction"), body.text("text"));
    let receipt_code = receipt_code(&body.text("receipt_code"));
    let number = body.text("number");
    asker.rate(intake::RateRequest { request_id, receipt_code, satisfaction, text, number }).await?;
    Ok(ok(&json!({})))
}

pub(crate) async fn appeal(Anyone(asker): Anyone, Key(request_id): Key, Json(body): Json) -> Result<Response, Refusal> {
    let body = Checked::new(APPEAL, body)?;
    let message = intake::AppealRequest {
        request_id,
        receipt_code: receipt_code(&body.text("receipt_code")),
        tier: body.text("tier"),
        reasons: body.text("reasons"),
        request: body.text("request"),
        number: body.text("number"),
        ..Default::default()
    };
    Ok(ok(&json!({"tier": asker.appeal(message).await?.tier})))
}

pub(crate) async fn sign_in(Anyone(asker): Anyone, Json(body): Json) -> Result<Response, Refusal> {
    let body = Checked::new(SESSION, body)?;
    let message = assignment::SignInRequest { login: body.text("login"), password: body.text("password") };
    let answer = asker.sign_in(message).await?;
    let staff = answer.staff.map(|staff| super::desk::person(&staff));
    let answer = json!({"token": answer.token, "expires_at": at(answer.expires_at), "staff": staff});
    Ok(json(StatusCode::CREATED, &answer))
}
