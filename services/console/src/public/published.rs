//! `/published`: what of cases is shown to everybody, the newest first.

use crate::{
    app::App, form::Form, language::Language, load, refusal::Refusal, render::Shell, view::published::PublishedPage,
    words::Named,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use contracts::records::ListPublishedRequest;
use kit_core::Text;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct PublishedView {
    pub(crate) page: PublishedPage,
    pub(crate) units: Vec<Named>,
    pub(crate) unit: String,
}

pub(crate) async fn show(State(app): State<App>, language: Language, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let asker = app.ask_as(None, language);
    let asked = ListPublishedRequest {
        unit_id: query.get("unit").to_owned(),
        page_size: load::PAGE,
        page_token: query.get("page").to_owned(),
    };
    let (page, doors) = tokio::join!(asker.list_published(asked), load::doors(&app, &asker, ""));
    // Without the names of the branches there is no choice of one; what is published stands all the same.
    let doors = doors.unwrap_or_default().into_iter();
    let named = doors.map(|door| {
        let name = door.unit_name.unwrap_or_default();
        Named::new(door.unit_id, Text::new(name.zh, name.en))
    });
    let mut units: Vec<Named> = named.collect();
    units.dedup();
    let view = PublishedView { page: PublishedPage::from(page?), units, unit: query.get("unit").to_owned() };
    let shell = Shell { language, switch: "/published".to_owned(), ..Shell::default() };
    Ok(app.page(StatusCode::OK, "public/published.html", &shell, &view))
}
