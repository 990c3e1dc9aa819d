//! What belongs to no case: the recurring duties.

use super::{Command, Shape, may, must, request_id};
use crate::desk::told;
use contracts::records;

pub(super) const COMMANDS: &[Command] = &[Command {
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
            let (duty, unit, period) = (turn.text("duty"), turn.text("unit"), turn.text("period"));
            // The oldest that is still owed, or else the newest: a second time is for the services to refuse.
            let found: Option<(String, String)> = sqlx::query_as(
                "SELECT unit_id, first_day::text FROM records.duties
                 WHERE duty = $1 AND $2 IN ('', unit_id)
                 ORDER BY done_at IS NOT NULL, CASE WHEN done_at IS NULL THEN first_day END, first_day DESC LIMIT 1",
            )
            .bind(&duty)
            .bind(&unit)
            .fetch_optional(&turn.world.admin)
            .await
            .unwrap_or_default();
            let (unit_id, owed) = found.unwrap_or((unit, String::new()));
            let period = if period.is_empty() { owed } else { period };
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
}];
