//! The hand-in form, its errors beside the fields, and the receipt.

use crate::{
    app::App,
    form::Form,
    hand_in::{self, Receipt},
    language::Language,
    load, origin,
    refusal::{Refusal, status},
    render::Shell,
    typed::Typed,
    view::door::{Channel, Door},
    words::{self, Named},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use kit_core::{Class, Problem};
use serde::Serialize;

/// The form, at a public door or at the desk.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct HandInView {
    pub(crate) door: Door,
    /// The channels to choose from: one for the public, those that staff write down at the desk.
    pub(crate) channels: Vec<Channel>,
    pub(crate) required: Vec<String>,
    /// Further fields that a channel wants filled, and the ways to be known.
    pub(crate) more: Vec<Named>,
    pub(crate) modes: Vec<Named>,
    pub(crate) typed: Typed,
    pub(crate) is_desk: bool,
}

/// The receipt.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct ReceiptView {
    pub(crate) receipt: Receipt,
    pub(crate) unit_name: kit_core::Text,
    pub(crate) is_anonymous: bool,
    pub(crate) is_desk: bool,
}

impl HandInView {
    /// The form of `door` for the public, or for the desk.
    pub(crate) fn new(door: Door, typed: Typed, is_desk: bool) -> Self {
        let channels: Vec<_> = door.channels.iter().filter(|c| c.is_recorded_by_staff == is_desk).cloned().collect();
        let mut required: Vec<String> = channels.iter().flat_map(|c| c.required_fields.clone()).collect();
        required.sort();
        required.dedup();
        let more = required.iter().filter_map(|name| words::form_field(name)).collect();
        let modes = ["contact", "named", "real-name"].into_iter().map(words::known_as).collect();
        Self { door, channels, required, more, modes, typed, is_desk }
    }
}

pub(crate) async fn show(State(app): State<App>, language: Language, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let unit = query.get("unit");
    if unit.is_empty() {
        return Ok(Redirect::to("/").into_response());
    }
    let door = door(&app, language, unit).await?;
    let typed = Typed::new("hand-in", app.request_id());
    let shell = Shell { language, switch: format!("/hand-in?unit={}", door.unit_id), ..Shell::default() };
    Ok(app.page(StatusCode::OK, "public/hand_in.html", &shell, &HandInView::new(door, typed, false)))
}

pub(crate) async fn send(
    State(app): State<App>,
    language: Language,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    origin::check(&headers)?;
    let asker = app.ask_as(None, language);
    let door = door(&app, language, form.get("unit_id")).await?;
    let shell = Shell { language, ..Shell::default() };
    let result = match form.to_json() {
        Ok(body) => hand_in::give(&asker, form.get("request_id"), body).await,
        Err(problem) => Err(problem),
    };
    Ok(match result {
        Ok(receipt) => {
            let is_anonymous = form.get("is_anonymous") == "true";
            let view = ReceiptView { receipt, unit_name: door.unit_name, is_anonymous, is_desk: false };
            app.page(StatusCode::OK, "public/receipt.html", &shell, &view)
        }
        Err(problem) => {
            let status = status(&problem);
            let request_id = app.next_request_id(form.get("request_id"), &problem);
            let view = HandInView::new(door, Typed::refused("hand-in", &form, request_id, problem), false);
            app.page(status, "public/hand_in.html", &shell, &view)
        }
    })
}

async fn door(app: &App, language: Language, unit: &str) -> Result<Door, Problem> {
    let doors = load::doors(app, &app.ask_as(None, language), unit).await?;
    let door = doors.into_iter().next().map(Door::from);
    door.ok_or_else(|| Problem::new(Class::NotFound, "unknown-branch", "没有这个受理单位", "There is no such branch"))
}
