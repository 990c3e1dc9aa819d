//! The first page: which branch, and what one can do here.

use crate::{app::App, language::Language, load, render::Shell, view::door::Door};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kit_core::Problem;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct HomeView {
    pub(crate) doors: Vec<Door>,
    /// Why the branches cannot be listed; the rest of the page stands.
    pub(crate) problem: Option<Problem>,
}

pub(crate) async fn show(State(app): State<App>, language: Language) -> Response {
    let doors = load::doors(&app, &app.ask_as(None, language), "").await;
    let mut view = HomeView::default();
    match doors {
        Ok(doors) => view.doors = doors.into_iter().map(Door::from).collect(),
        Err(problem) => view.problem = Some(problem),
    }
    // A regime of its own for each kind makes a door each; people choose a branch once.
    view.doors.dedup_by(|a, b| a.unit_id == b.unit_id);
    let shell = Shell { language, switch: "/".to_owned(), ..Shell::default() };
    let page = app.page(StatusCode::OK, "public/home.html", &shell, &view);
    ([(header::CACHE_CONTROL, "no-cache")], page).into_response()
}
