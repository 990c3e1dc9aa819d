//! Recurring duties open once a period, in each unit that owes them, whatever restarts.

use crate::harness::{House, REGIME, staff};
use contracts::Fact;
use contracts::assignment::{RoleGrant, StaffChanged};
use contracts::deadline_watcher::{DutyDue, DutyMissed};
use contracts::records::DutyDone;
use kit_testing::eventually;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

/// The duties that were opened in a unit, by their periods.
async fn opened(house: &House, unit: &str) -> Vec<DutyDue> {
    let duty = |fact| if let Fact::DutyDue(duty) = fact { Some(duty) } else { None };
    house.facts(unit).await.into_iter().filter_map(duty).collect()
}

/// The duties that were missed in a unit.
async fn missed(house: &House, unit: &str) -> Vec<DutyMissed> {
    let duty = |fact| if let Fact::DutyMissed(duty) = fact { Some(duty) } else { None };
    house.facts(unit).await.into_iter().filter_map(duty).collect()
}

async fn misses(house: &House, unit: &str, periods: &[&str]) {
    eventually(&format!("{periods:?} missed in {unit}"), PATIENCE, async || {
        let found: Vec<String> = missed(house, unit).await.into_iter().map(|duty| duty.period).collect();
        if found == periods { Ok(()) } else { Err(format!("{found:?}")) }
    })
    .await;
}

async fn opens(house: &House, unit: &str, periods: &[&str]) {
    eventually(&format!("{periods:?} in {unit}"), PATIENCE, async || {
        let found: Vec<String> = opened(house, unit).await.into_iter().map(|duty| duty.period).collect();
        if found == periods { Ok(()) } else { Err(format!("{found:?}")) }
    })
    .await;
}

async fn hire(house: &House, n: u128, unit: &str) {
    let grants = vec![RoleGrant { role: "general-affairs-head".to_owned(), unit_id: unit.to_owned() }];
    let event = StaffChanged {
        staff_id: staff(n),
        login: format!("login-{n}"),
        grants,
        is_active: true,
        ..StaffChanged::default()
    };
    house.say(&staff(n), event).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_monthly_duty_opens_once_a_month_where_its_role_is_held() {
    let mut house = House::open().await;
    // Nobody holds the role yet: the uppermost unit owes it, so that it is not forgotten.
    opens(&house, "g", &["2026-11-01"]).await;
    let duty = opened(&house, "g").await.remove(0);
    assert_eq!((duty.duty.as_str(), duty.role.as_str()), ("monthly-statistics", "general-affairs-head"));
    assert_eq!((duty.to.as_str(), duty.cite.as_str(), duty.regime_id.as_str()), ("manager-in-charge", "二.4", REGIME));
    assert_eq!(duty.last_day, "2026-11-30");
    // Before the 30th: the end of the 29th.
    let due = kit_grpc::instant(duty.due_at.as_ref().unwrap()).unwrap();
    assert_eq!(due, crate::harness::at("2026-11-30 00:00"));
    hire(&house, 20, "b03").await;
    hire(&house, 21, "north").await;
    opens(&house, "b03", &["2026-11-01"]).await;
    opens(&house, "north", &["2026-11-01"]).await;
    house.until("2026-12-01 00:00");
    opens(&house, "b03", &["2026-11-01", "2026-12-01"]).await;
    opens(&house, "north", &["2026-11-01", "2026-12-01"]).await;
    // A process that starts again, two months later, opens what began meanwhile, and nothing twice.
    let running = house.running.take().unwrap();
    running.stop().await.unwrap();
    house.until("2027-02-03 09:00");
    let again = house.start_another().await;
    let all = ["2026-11-01", "2026-12-01", "2027-01-01", "2027-02-01"];
    opens(&house, "b03", &all).await;
    opens(&house, "north", &all).await;
    opens(&house, "g", &["2026-11-01"]).await;
    again.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duty_that_nobody_does_in_time_is_missed_once_and_one_that_was_done_is_not() {
    let mut house = House::open().await;
    hire(&house, 20, "b03").await;
    hire(&house, 21, "north").await;
    opens(&house, "b03", &["2026-11-01"]).await;
    opens(&house, "north", &["2026-11-01"]).await;
    let done = DutyDone {
        unit_id: "b03".to_owned(),
        duty: "monthly-statistics".to_owned(),
        period: "2026-11-01".to_owned(),
        regime_id: REGIME.to_owned(),
        is_on_time: true,
        ..DutyDone::default()
    };
    house.say("b03", done).await;
    eventually("the duty is settled", PATIENCE, async || {
        let sql = "SELECT is_settled FROM duty_run WHERE unit_id = 'b03'";
        let settled: bool = sqlx::query_scalar(sql).fetch_one(&house.pool).await.unwrap();
        if settled { Ok(()) } else { Err("not settled".to_owned()) }
    })
    .await;
    house.until("2026-11-29 23:59");
    assert!(missed(&house, "north").await.is_empty());
    house.until("2026-11-30 00:00");
    misses(&house, "north", &["2026-11-01"]).await;
    let duty = missed(&house, "north").await.remove(0);
    assert_eq!((duty.role.as_str(), duty.to.as_str()), ("general-affairs-head", "manager-in-charge"));
    assert_eq!((duty.cite.as_str(), duty.last_day.as_str(), duty.regime_version), ("二.4", "2026-11-30", 1));
    // A process that starts again says nothing twice, and misses what fell due meanwhile.
    let running = house.running.take().unwrap();
    running.stop().await.unwrap();
    house.until("2026-12-30 00:00");
    let again = house.start_another().await;
    misses(&house, "north", &["2026-11-01", "2026-12-01"]).await;
    misses(&house, "b03", &["2026-12-01"]).await;
    again.stop().await.unwrap();
}
