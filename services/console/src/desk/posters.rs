//! `/desk/posters/…`: an address to be hung up, as a QR code to print or to take away: of a survey, or of the door of a
//! branch.

use crate::{
    app::App, convert::text, desk::lists::me, load, qr, refusal::Refusal, session::Staff, view::surveys::Survey,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use contracts::{intake, notification::SurveyResultsRequest};
use kit_core::{Problem, Text};
use serde::Serialize;

/// What hangs on the wall.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Poster {
    pub(crate) title: Text,
    pub(crate) unit: Text,
    pub(crate) hint: Text,
    pub(crate) address: String,
    /// Where its code is drawn, and the page that it belongs to.
    pub(crate) code: String,
    pub(crate) back: String,
}

pub(crate) async fn survey(
    State(app): State<App>,
    staff: Staff,
    Path(survey_id): Path<String>,
) -> Result<Response, Refusal> {
    let poster = poster_of_survey(&app, &staff, &survey_id).await?;
    page(&app, &staff, poster).await
}

pub(crate) async fn survey_code(
    State(app): State<App>,
    staff: Staff,
    Path(survey_id): Path<String>,
) -> Result<Response, Refusal> {
    code(&poster_of_survey(&app, &staff, &survey_id).await?)
}

pub(crate) async fn door(State(app): State<App>, staff: Staff, Path(unit): Path<String>) -> Result<Response, Refusal> {
    let poster = poster_of_door(&app, &staff, &unit).await?;
    page(&app, &staff, poster).await
}

pub(crate) async fn door_code(
    State(app): State<App>,
    staff: Staff,
    Path(unit): Path<String>,
) -> Result<Response, Refusal> {
    code(&poster_of_door(&app, &staff, &unit).await?)
}

async fn poster_of_survey(app: &App, staff: &Staff, survey_id: &str) -> Result<Poster, Problem> {
    let asked = SurveyResultsRequest { survey_id: survey_id.to_owned() };
    let row = staff.asker.survey_results(asked).await?.survey.unwrap_or_default();
    let Survey { title, unit, last_day, address, .. } = Survey::new(row, &app.settings.public_url);
    if address.is_empty() {
        return Err(Problem::conflict(
            "survey-over",
            "调查已经结束，没有答题网址",
            "The survey is over and has no address",
        ));
    }
    Ok(Poster {
        title,
        unit: unit.title,
        hint: Text::new(
            format!("匿名作答，不登录。截止 {last_day}"),
            format!("Anonymous, no sign-in. Until {last_day}"),
        ),
        address,
        code: format!("/desk/posters/surveys/{survey_id}/code.svg"),
        back: format!("/desk/surveys/{survey_id}"),
    })
}

async fn poster_of_door(app: &App, staff: &Staff, unit: &str) -> Result<Poster, Problem> {
    let doors = load::doors(app, &staff.asker, unit).await?.into_iter();
    let door = doors.filter(|door| door.unit_id == unit).find(is_public).ok_or_else(|| {
        let (zh, en) =
            ("这个单位没有公众自行提交的渠道", "This branch has no door at which people hand in by themselves");
        Problem::not_found("no-public-door", zh, en)
    })?;
    Ok(Poster {
        title: Text::new("投诉与建议", "Complaints and suggestions"),
        unit: text(door.unit_name),
        hint: Text::new("请用手机扫码提交，请核对页面上的单位名称", "Scan it to hand in; the page names this branch"),
        address: format!("{}/hand-in?unit={unit}", app.settings.public_url),
        code: format!("/desk/posters/doors/{unit}/code.svg"),
        back: format!("/desk/hand-in?unit={unit}"),
    })
}

/// Whether people hand in by themselves there.
fn is_public(door: &intake::Door) -> bool {
    door.channels.iter().any(|channel| !channel.is_recorded_by_staff)
}

async fn page(app: &App, staff: &Staff, poster: Poster) -> Result<Response, Refusal> {
    let shell = staff.shell(&me(staff).await);
    Ok(app.page(StatusCode::OK, "desk/poster.html", &shell, &poster))
}

fn code(poster: &Poster) -> Result<Response, Refusal> {
    match qr::drawn(&poster.address) {
        Ok(drawing) => Ok(([(header::CONTENT_TYPE, "image/svg+xml")], drawing).into_response()),
        Err(error) => {
            tracing::error!(%error, "an address is no code");
            Err(Refusal::of_status(StatusCode::INTERNAL_SERVER_ERROR))
        }
    }
}
