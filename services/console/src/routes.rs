//! Every address of the console, once.

use crate::{
    api::{self, document},
    app::App,
    command::COMMANDS,
    desk, layers, public,
    render::AssetFiles,
    upload::LARGEST_UPLOAD,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Path},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};

/// One method of one path.
pub(crate) struct Route {
    /// Lower case, as the API document writes it.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds the routes against the API document"))]
    pub(crate) method: &'static str,
    pub(crate) path: String,
    handler: MethodRouter<App>,
}

fn at(method: &'static str, path: &str, handler: MethodRouter<App>) -> Route {
    Route { method, path: path.to_owned(), handler }
}

/// The whole console as one router.
pub(crate) fn router(app: &App) -> Router {
    let router = all().into_iter().fold(Router::new(), |router, route| router.route(&route.path, route.handler));
    layers::wrap(router, app)
}

/// All routes.
pub(crate) fn all() -> Vec<Route> {
    let mut routes = pages();
    routes.extend(desk_pages());
    routes.extend(api());
    routes
}

fn pages() -> Vec<Route> {
    vec![
        at("get", "/", get(public::home::show)),
        at("get", "/hand-in", get(public::hand_in::show)),
        at("post", "/hand-in", post(public::hand_in::send)),
        at("get", "/follow", get(public::follow::ask)),
        at("post", "/follow", post(public::follow::show)),
        at("post", "/follow/supplement", post(public::follow::supplement)),
        at("post", "/follow/chase", post(public::follow::chase)),
        at("post", "/follow/rate", post(public::follow::rate)),
        at("post", "/follow/appeal", post(public::follow::appeal)),
        at("post", "/follow/withdraw", post(public::follow::withdraw)),
        at("get", "/published", get(public::published::show)),
        at("get", "/survey/{code}", get(public::survey::show)),
        at("post", "/survey/{code}", post(public::survey::send)),
        at("get", "/api", get(document::page)),
        at("get", "/openapi.json", get(document::show)),
        at("get", "/assets/{file}", get(asset)),
        at("get", "/robots.txt", get(|| async { "User-agent: *\nDisallow: /desk\nDisallow: /api/\n" })),
    ]
}

fn desk_pages() -> Vec<Route> {
    vec![
        at("get", "/sign-in", get(desk::sign_in::show)),
        at("post", "/sign-in", post(desk::sign_in::send)),
        at("post", "/sign-out", post(desk::sign_in::leave)),
        at("get", "/desk", get(desk::queue::show)),
        at("get", "/desk/hand-in", get(desk::hand_in::show)),
        at("post", "/desk/hand-in", post(desk::hand_in::send)),
        at("get", "/desk/cases", get(desk::lists::show)),
        at("get", "/desk/cases/{case_id}", get(desk::case::show)),
        at("get", "/desk/cases/{case_id}/joint", get(desk::joint::show)),
        at("post", "/desk/cases/{case_id}/read-texts", post(desk::case::read_texts)),
        at("post", "/desk/cases/{case_id}/reveal", post(desk::case::reveal)),
        at("post", "/desk/cases/{case_id}/read-file", post(desk::files::read)),
        at(
            "post",
            "/desk/cases/{case_id}/{command}",
            post(desk::case::give).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)),
        ),
        at("get", "/desk/late", get(desk::late::show)),
        at("get", "/desk/statistics", get(desk::statistics::show)),
        at("get", "/desk/duties", get(desk::duties::list)),
        at("get", "/desk/duties/{unit}/{regime}/{duty}/{period}", get(desk::duties::show)),
        at("post", "/desk/duties/{unit}/{regime}/{duty}/{period}", post(desk::duties::send)),
        at("get", "/desk/destruction", get(desk::destruction::list)),
        at("post", "/desk/destruction/{case_id}", post(desk::destruction::send)),
        at("get", "/desk/ledgers", get(desk::ledgers::show)),
        at("get", "/desk/cases/{case_id}/documents/{document}", get(desk::document::show)),
        at("get", "/desk/surveys", get(desk::surveys::list)),
        at("post", "/desk/surveys", post(desk::surveys::open)),
        at("get", "/desk/surveys/{survey_id}", get(desk::surveys::show)),
        at("post", "/desk/surveys/{survey_id}/close", post(desk::surveys::close)),
        at("get", "/desk/publicity", get(desk::publicity::show)),
        at("post", "/desk/duties/{unit}/{regime}/{duty}/{period}/publish", post(desk::duties::publish)),
        at("get", "/desk/posters/surveys/{survey_id}", get(desk::posters::survey)),
        at("get", "/desk/posters/surveys/{survey_id}/code.svg", get(desk::posters::survey_code)),
        at("get", "/desk/posters/doors/{unit}", get(desk::posters::door)),
        at("get", "/desk/posters/doors/{unit}/code.svg", get(desk::posters::door_code)),
        at("get", "/desk/mail", get(desk::mail::list)),
        at("get", "/desk/mail/{mail_id}", get(desk::mail::show)),
        at("get", "/desk/parked", get(desk::parked::show)),
        at("post", "/desk/parked", post(desk::parked::retry)),
        at("post", "/desk/parked/skip", post(desk::parked::skip)),
        at("post", "/desk/forks", post(desk::forks::settle)),
    ]
}

fn api() -> Vec<Route> {
    let mut routes = vec![
        at("get", "/api/v1/doors", get(api::public::doors)),
        at("post", "/api/v1/hand-ins", post(api::public::hand_in)),
        at("post", "/api/v1/follow", post(api::public::follow)),
        at("post", "/api/v1/supplement", post(api::public::supplement)),
        at("post", "/api/v1/chase", post(api::public::chase)),
        at("post", "/api/v1/rate", post(api::public::rate)),
        at("post", "/api/v1/appeal", post(api::public::appeal)),
        at("post", "/api/v1/withdraw", post(api::public::withdraw)),
        at("get", "/api/v1/duties", get(api::records::duties)),
        at("get", "/api/v1/duties/{unit}/{regime}/{duty}/{period}", get(api::records::duty)),
        at("post", "/api/v1/duties/{unit}/{regime}/{duty}/{period}", post(api::records::do_duty)),
        at("get", "/api/v1/ledgers", get(api::records::ledger)),
        at("post", "/api/v1/duties/{unit}/{regime}/{duty}/{period}/publish", post(api::records::publish_figures)),
        at("get", "/api/v1/to-publish", get(api::records::to_publish)),
        at("get", "/api/v1/published", get(api::records::published)),
        at("get", "/api/v1/survey/{code}", get(api::surveys::sheet)),
        at("post", "/api/v1/survey/{code}", post(api::surveys::answer)),
        at("get", "/api/v1/surveys", get(api::surveys::list)),
        at("post", "/api/v1/surveys", post(api::surveys::open)),
        at("get", "/api/v1/surveys/{survey_id}", get(api::surveys::results)),
        at("post", "/api/v1/surveys/{survey_id}/close", post(api::surveys::close)),
        at("post", "/api/v1/sessions", post(api::public::sign_in)),
        at("get", "/api/v1/me", get(api::desk::me)),
        at("get", "/api/v1/units", get(api::desk::units)),
        at("get", "/api/v1/queue", get(api::desk::queue)),
        at("get", "/api/v1/tasks", get(api::desk::tasks)),
        at("get", "/api/v1/late", get(api::desk::late)),
        at("get", "/api/v1/statistics", get(api::desk::statistics)),
        at("get", "/api/v1/cases", get(api::desk::cases)),
        at("get", "/api/v1/cases/{case_id}", get(api::desk::case)),
        at("get", "/api/v1/cases/{case_id}/timeline", get(api::desk::timeline)),
        at("get", "/api/v1/cases/{case_id}/joint", get(api::desk::joint)),
        at("get", "/api/v1/cases/{case_id}/clocks", get(api::desk::clocks)),
        at(
            "post",
            "/api/v1/cases/{case_id}/files",
            post(api::files::seal).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)),
        ),
        at("post", "/api/v1/cases/{case_id}/read-file", post(api::files::read)),
        at("post", "/api/v1/cases/{case_id}/read-texts", post(api::desk::read_texts)),
        at("post", "/api/v1/cases/{case_id}/reveal-identity", post(api::desk::reveal)),
    ];
    routes.extend(COMMANDS.iter().map(|command| {
        let name = command.name;
        let handler = post(move |signed, case_id, key, body| api::desk::give(name, (signed, case_id, key, body)));
        at("post", &format!("/api/v1/cases/{{case_id}}/{name}"), handler)
    }));
    routes
}

/// The style sheet. Its address changes with its content, so it may be kept for good.
async fn asset(Path(file): Path<String>) -> Response {
    let Some(found) = AssetFiles::get(&file) else { return StatusCode::NOT_FOUND.into_response() };
    let kind = match file.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, found.data.into_owned()).into_response()
}
