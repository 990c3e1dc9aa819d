//! How surveys stand, as notification keeps them.

use crate::scenario::{
    play::{Failure, Passed, Play, Stop},
    script::SurveyWanted,
};
use anyhow::Context as _;
use serde_json::Value;

pub(super) async fn surveys(play: &Play<'_>, wanted: &[SurveyWanted]) -> Passed {
    for one in wanted {
        let found: Option<(bool, Value)> = sqlx::query_as(
            "SELECT closed_on IS NOT NULL, tally FROM notification.surveys WHERE survey = $1
             ORDER BY closed_on IS NOT NULL, first_day DESC, survey_id DESC LIMIT 1",
        )
        .bind(&one.survey)
        .fetch_optional(&play.world.admin)
        .await
        .context("the surveys cannot be read")?;
        let (state, tally) = match found {
            None => ("none", Value::Null),
            Some((true, tally)) => ("closed", tally),
            Some((false, tally)) => ("open", tally),
        };
        differs(one, "state", one.state.as_str(), state)?;
        let number = |value: Option<&Value>| value.and_then(Value::as_u64).unwrap_or_default().to_string();
        if let Some(answered) = one.answered {
            differs(one, "answered", &answered.to_string(), &number(tally.get("answered")))?;
        }
        for (question, answer, count) in &one.counts {
            let counted = tally.pointer(&format!("/counts/{question}/{answer}"));
            differs(one, &format!("{question}.{answer}"), &count.to_string(), &number(counted))?;
        }
    }
    Ok(())
}

fn differs(one: &SurveyWanted, what: &str, expected: &str, happened: &str) -> Passed {
    if expected == happened {
        return Ok(());
    }
    let told = |value: &str| format!("{} {what}: {value}", one.survey);
    Err(Stop::Unexpected(Failure::new(one.line, told(expected), told(happened))))
}
