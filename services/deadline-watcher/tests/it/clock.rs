//! A machine's clock that is set to and fro, and the check from outside.

use crate::harness::{House, PATIENCE, at, case, code, told};
use chrono::TimeDelta;
use contracts::deadline_watcher::{ConfirmTimeRequest, GetTimeRequest};
use contracts::resolution::NoteAdded;
use kit_grpc::timestamp;
use kit_testing::eventually;
use uuid::Uuid;

async fn standing(house: &House) -> String {
    told(house.calendars.clone().get_time(house.tool(GetTimeRequest {})).await).unwrap().standing
}

fn confirmation(clock: &str) -> ConfirmTimeRequest {
    ConfirmTimeRequest {
        request_id: Uuid::new_v4().to_string(),
        clock: Some(timestamp(at(clock))),
        actor: "operator:lin".to_owned(),
        reason: "已与授时服务器核对".to_owned(),
    }
}

/// Passes a minute at a time, so that the guard looks in between.
async fn pass(house: &House, minutes: i64) {
    for _ in 0..minutes {
        house.clock.advance(TimeDelta::minutes(1));
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_ahead_misses_nothing_until_it_is_confirmed() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.graded(&case(2), "important", |_| ()).await;
    house.tells(&case(2), "started handling").await;
    // 09:00 on the 17th, and the clock shows three days later.
    house.machine.put_ahead(TimeDelta::days(3));
    assert_eq!(standing(&house).await, "held");
    house.say(&case(1), NoteAdded { case_id: case(1), ..Default::default() }).await;
    house.heard(&case(1), "note-added").await;
    pass(&house, 5).await;
    assert_eq!(house.told(&case(1)).await, ["started handling"]);

    // A restart does not make it believed.
    let again = house.start_another().await;
    assert_eq!(standing(&house).await, "held");
    assert_eq!(house.told(&case(1)).await, ["started handling"]);
    again.stop().await.unwrap();

    let mut client = house.calendars.clone();
    assert_eq!(
        code(client.confirm_time(house.tool(confirmation("2026-11-17 09:05"))).await),
        "not-what-the-clock-shows"
    );
    assert_eq!(code(client.confirm_time(house.by(1, confirmation("2026-11-20 09:05"))).await), "service-only");
    told(client.confirm_time(house.tool(confirmation("2026-11-20 09:05"))).await).unwrap();
    eventually("the clock is believed", PATIENCE, async || {
        house.clock.advance(TimeDelta::seconds(1));
        let is = standing(&house).await;
        if is == "believed" { Ok(()) } else { Err(is) }
    })
    .await;
    let of_minor = house.tells(&case(1), "missed handling climb 1").await;
    assert_eq!(of_minor, ["started handling", "near handling 1", "near handling 2", "missed handling climb 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_counts_for_the_jump_that_it_meant_and_no_later_one() {
    let house = House::open().await;
    house.machine.put_ahead(TimeDelta::days(3));
    let mut client = house.calendars.clone();
    told(client.confirm_time(house.tool(confirmation("2026-11-20 09:00"))).await).unwrap();
    eventually("the clock is believed", PATIENCE, async || {
        house.clock.advance(TimeDelta::seconds(1));
        let is = standing(&house).await;
        if is == "believed" { Ok(()) } else { Err(is) }
    })
    .await;
    // Three days later somebody sets the clock to what was confirmed then.
    house.clock.advance(TimeDelta::days(3));
    house.machine.put_ahead(TimeDelta::minutes(10) - TimeDelta::days(3));
    for _ in 0..20 {
        assert_eq!(standing(&house).await, "behind");
        house.clock.advance(TimeDelta::minutes(1));
    }
    let now = told(client.get_time(house.tool(GetTimeRequest {})).await).unwrap().now.unwrap();
    assert!(kit_grpc::instant(&now).unwrap() >= at("2026-11-23 09:20"), "the present stands still at {now:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_put_back_stops_nothing() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started handling").await;
    house.machine.put_ahead(TimeDelta::days(-1));
    assert_eq!(standing(&house).await, "behind");
    house.until("2026-11-20 00:00");
    let told = house.tells(&case(1), "missed handling climb 1").await;
    assert_eq!(told.len(), 4, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_from_outside_sees_a_sweep_that_stopped_and_cases_that_lie() {
    let mut house = House::open().await;
    let ask = "SELECT check_name, seconds, cases FROM dead_man() ORDER BY check_name";
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started handling").await;
    house.running.take().unwrap().stop().await.unwrap();
    // By Postgres' clock: it became due an hour ago, and nobody has swept for two minutes.
    for change in [
        "UPDATE cases SET next_at = clock_timestamp() - interval '1 hour'",
        "UPDATE clock_mark SET swept_at = clock_timestamp() - interval '2 minutes'",
    ] {
        sqlx::query(change).execute(&house.pool).await.unwrap();
    }
    let found: Vec<(String, Option<f64>, i64)> = sqlx::query_as(ask).fetch_all(&house.pool).await.unwrap();
    let of = |name: &str| found.iter().find(|(check, ..)| check == name).unwrap();
    assert!(of("overdue").1.unwrap() >= 3600.0 && of("overdue").2 == 1, "{found:?}");
    assert!(of("sweep").1.unwrap() >= 120.0, "{found:?}");
    assert_eq!((of("stuck").1, of("held").1), (None, None));

    // A case that cannot be derived rests, and is told apart from one that is swept.
    sqlx::query("UPDATE cases SET clocks = '{}', next_at = '2026-11-17T01:00:00Z'").execute(&house.pool).await.unwrap();
    let _again = house.start_another().await;
    eventually("stuck", PATIENCE, async || {
        let sql = "SELECT cases FROM dead_man() WHERE check_name = 'stuck'";
        let stuck: i64 = sqlx::query_scalar(sql).fetch_one(&house.pool).await.unwrap();
        if stuck == 1 { Ok(()) } else { Err(format!("{stuck}")) }
    })
    .await;
}
