//! A calendar change: found out, approved and moved, while deadlines go on.

use super::firing::{rest, steady};
use super::world::{PATIENCE, World};
use super::{Options, float};
use crate::bench::sheet::Sheet;
use crate::desk::{told, until};
use anyhow::{Context as _, Result};
use chrono::{Datelike as _, TimeDelta, Weekday};
use contracts::deadline_watcher::{
    ApproveCalendarRequest, CalendarChange, ListCalendarChangesRequest, ProposeCalendarRequest,
};
use kit_core::Env;
use kit_grpc::{Call, Tokens};
use std::time::{Duration, Instant};

/// Proposes a day off within the next weeks, and measures the walk through all cases and the moving of those it touches.
pub(super) async fn measure(world: &mut World<'_>, options: &Options, sheet: &mut Sheet) -> Result<()> {
    let call = Call::with_token(Tokens::new(world.token_key()).issue(
        "service:jiesu",
        Env::system().now(),
        TimeDelta::hours(8),
    ));
    let day = Env::system().now().date_naive().iter_days().skip(7).find(|day| day.weekday() == Weekday::Wed);
    let day = day.context("no Wednesday")?;
    let (actor, reason) = ("operator:bench".to_owned(), "基准测试".to_owned());
    let request = ProposeCalendarRequest {
        request_id: "bench-propose".to_owned(),
        calendar_id: "cn".to_owned(),
        body: format!("date,kind,name\n{day},off,基准测试\n"),
        actor: actor.clone(),
        reason: reason.clone(),
    };
    let start = Instant::now();
    let id = told(world.client.calendars().propose_calendar(call.request(request)).await)?.change_id;
    let checked = reaches(world, &call, &id, "checked").await?;
    let seconds = start.elapsed().as_secs_f64();
    sheet.put("calendar change: looked at", "cases/s", float(checked.cases) / seconds);
    sheet.put("calendar change: looked at in", "s", seconds);
    sheet.put("calendar change: cases that would move", "cases", float(checked.moved_cases));

    sheet.put("one statement that moves every due instant", "cases/s", one_statement(world).await?);
    let request =
        ApproveCalendarRequest { request_id: "bench-approve".to_owned(), change_id: id.clone(), actor, reason };
    let start = Instant::now();
    told(world.client.calendars().approve_calendar(call.request(request)).await)?;
    let moving = async {
        let done = reaches(world, &call, &id, "done").await?;
        anyhow::Ok((done, start.elapsed().as_secs_f64()))
    };
    let beside = steady(world, options, "late when published, while a calendar moves", sheet);
    let (moved, beside) = tokio::join!(moving, beside);
    beside?;
    let (done, seconds) = moved?;
    let (moved, walked) = ("calendar change: moved", "calendar change: walked while moving");
    sheet.put("calendar change: moved in", "s", seconds);
    sheet.put(moved, "cases/s", float(done.moved_cases) / seconds);
    sheet.put(walked, "cases/s", float(done.cases) / seconds);
    sheet.ratio("calendar change: walked / one statement", walked, "one statement that moves every due instant");
    Ok(())
}

async fn reaches(world: &World<'_>, call: &Call, id: &str, state: &str) -> Result<CalendarChange> {
    let change = until("the calendar change", PATIENCE, async || {
        rest(Duration::from_millis(200)).await;
        let listed = world.client.calendars().list_calendar_changes(call.request(ListCalendarChangesRequest {})).await;
        let changes = told(listed)?.changes;
        Ok(changes.into_iter().find(|change| change.change_id == id && change.state == state))
    });
    Ok(change.await?)
}

/// The machine's own limit: the due instants of one shard moved by one statement, and moved back.
async fn one_statement(world: &World<'_>) -> Result<f64> {
    let start = Instant::now();
    let mut tx = world.admin.begin().await?;
    let moved = sqlx::query(
        "UPDATE deadline_watcher.cases SET next_at = next_at + interval '1 day' WHERE shard = 3 AND next_at > now() + interval '1 day'",
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    let rate = float(moved) / start.elapsed().as_secs_f64();
    tx.rollback().await?;
    Ok(rate)
}
