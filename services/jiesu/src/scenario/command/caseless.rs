//! What belongs to no case: the recurring duties, and surveys.

use super::{Command, Shape, Turn, may, must, request_id};
use crate::desk::told;
use contracts::{notification, records};
use kit_grpc::Call;
use regime::vocabulary::ANNOUNCEMENT;
use sqlx::AssertSqlSafe;

pub(super) const COMMANDS: &[Command] = &[DO_DUTY, PUBLISH_FIGURES, OPEN_SURVEY, ANSWER_SURVEY, CLOSE_SURVEY];

const DO_DUTY: Command = Command {
    id: "do-duty",
    takes: &[
        must("duty", Shape::Duty),
        may("unit", Shape::Unit),
        may("period", Shape::Day),
        may("text", Shape::Text),
        may("files", Shape::Texts),
    ],
    run: |turn| {
        Box::pin(async move {
            // The oldest that is still owed, or else the newest: a second time is for the services to refuse.
            let order = "done_at IS NOT NULL, CASE WHEN done_at IS NULL THEN first_day END, first_day DESC";
            let (duty, unit_id, period) = meant(turn, order).await;
            let given = turn.text("text");
            let request = records::DoDutyRequest {
                request_id: request_id(),
                unit_id,
                regime_id: turn.regime.id.clone(),
                duty,
                period,
                text: match given.as_str() {
                    "" => "本期任务已完成。".to_owned(),
                    "none" => String::new(),
                    _ => given,
                },
                files: turn.list("files"),
            };
            told(turn.world.client.records().do_duty(turn.call().request(request)).await).map(drop)
        })
    },
};

/// The public is shown what a duty reported.
const PUBLISH_FIGURES: Command = Command {
    id: "publish-figures",
    takes: &[
        must("duty", Shape::Duty),
        may("unit", Shape::Unit),
        may("period", Shape::Day),
        may("nevers", Shape::Texts),
        may("text", Shape::Text),
    ],
    run: |turn| {
        Box::pin(async move {
            let (duty, unit_id, period) = meant(turn, "done_at IS NULL, first_day DESC").await;
            let text = turn.text("text");
            let texts = (!text.is_empty()).then(|| (ANNOUNCEMENT.to_owned(), text)).into_iter().collect();
            let request = records::PublishFiguresRequest {
                request_id: request_id(),
                unit_id,
                regime_id: turn.regime.id.clone(),
                duty,
                period,
                nevers: turn.list("nevers"),
                texts,
            };
            told(turn.world.client.records().publish_figures(turn.call().request(request)).await).map(drop)
        })
    },
};

/// The duty that is meant, with its unit and its period: where those are not said, of the first in this order.
async fn meant(turn: &Turn<'_>, order: &'static str) -> (String, String, String) {
    let (duty, unit, period) = (turn.text("duty"), turn.text("unit"), turn.text("period"));
    let sql = format!(
        "SELECT unit_id, first_day::text FROM records.duties WHERE duty = $1 AND $2 IN ('', unit_id) ORDER BY {order} LIMIT 1"
    );
    let found: Option<(String, String)> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(&duty)
        .bind(&unit)
        .fetch_optional(&turn.world.admin)
        .await
        .unwrap_or_default();
    let (unit_id, first) = found.unwrap_or((unit, String::new()));
    (duty, unit_id, if period.is_empty() { first } else { period })
}

const OPEN_SURVEY: Command = Command {
    id: "open-survey",
    takes: &[must("survey", Shape::Survey), must("until", Shape::Day), must("unit", Shape::Unit)],
    run: |turn| {
        Box::pin(async move {
            let request = notification::OpenSurveyRequest {
                request_id: request_id(),
                regime_id: turn.regime.id.clone(),
                survey: turn.text("survey"),
                unit_id: turn.text("unit"),
                until: turn.text("until"),
            };
            told(turn.world.client.notification().open_survey(turn.call().request(request)).await).map(drop)
        })
    },
};

/// Whoever has the address answers, so many of them in the same way; nobody says who they are.
const ANSWER_SURVEY: Command = Command {
    id: "answer-survey",
    takes: &[must("survey", Shape::Survey), must("answers", Shape::Answers), may("times", Shape::Number)],
    run: |turn| {
        Box::pin(async move {
            let (_, code) = latest(turn).await;
            for _ in 0..turn.number("times").max(1) {
                let request = notification::AnswerSurveyRequest {
                    code: code.clone(),
                    sheet: request_id(),
                    answers: turn.answers("answers"),
                };
                told(turn.world.client.notification().answer_survey(Call::default().request(request)).await)?;
            }
            Ok(())
        })
    },
};

const CLOSE_SURVEY: Command = Command {
    id: "close-survey",
    takes: &[must("survey", Shape::Survey)],
    run: |turn| {
        Box::pin(async move {
            let (survey_id, _) = latest(turn).await;
            let request = notification::CloseSurveyRequest { request_id: request_id(), survey_id };
            told(turn.world.client.notification().close_survey(turn.call().request(request)).await).map(drop)
        })
    },
};

/// The id and the code of the survey that is open, or else of the last one.
async fn latest(turn: &Turn<'_>) -> (String, String) {
    let found: Option<(String, String)> = sqlx::query_as(
        "SELECT survey_id::text, code FROM notification.surveys WHERE survey = $1
         ORDER BY closed_on IS NOT NULL, first_day DESC, survey_id DESC LIMIT 1",
    )
    .bind(turn.text("survey"))
    .fetch_optional(&turn.world.admin)
    .await
    .unwrap_or_default();
    found.unwrap_or_default()
}
