//! Months are taken out of the log oldest first and put back newest first; what stays is one chain.

use crate::house::House;
use anyhow::Result;
use contracts::{intake::CaseWithdrawn, log::read_log_response::Part};
use futures::StreamExt as _;
use kit_core::{Clock as _, Env, ManualClock, Problem, RandomIds};
use kit_messaging::{Decided, Log, LogAdmin, Walker, partition_of};
use std::sync::Arc;

fn by() -> Decided {
    Decided::new("operator:root", "归档满一年的日志").unwrap()
}

fn refusal<T: std::fmt::Debug>(outcome: kit_db::Result<T>) -> Problem {
    match outcome.unwrap_err() {
        kit_db::Error::Problem(problem) => problem,
        error => panic!("{error:?}"),
    }
}

/// A log whose clock is moved through four months that have passed, each with events of forty cases.
async fn aged(house: &House) -> Result<(Log, LogAdmin)> {
    let clock = ManualClock::new("2025-01-15T04:00:00Z".parse()?);
    let env = Env { clock: Arc::new(clock.clone()), ids: Arc::new(RandomIds) };
    let pools = house.db.pools("intake").await?;
    let log = Log::new(pools, env, "intake", kit_messaging::Wake::default());
    for month in ["2025-01-15", "2025-02-15", "2025-04-30", "2025-05-01"] {
        clock.set(format!("{month}T04:00:00Z").parse()?);
        assert_eq!(clock.now().date_naive().to_string(), month);
        events(&log, 40).await?;
    }
    let admin = house.admin(&log).await?;
    Ok((log, admin))
}

async fn events(log: &Log, cases: usize) -> Result<()> {
    for n in 0..cases {
        let case_id = format!("case_{n}");
        log.in_tx("staff_1", move |tx| {
            Box::pin(async move {
                tx.publish(&case_id, &CaseWithdrawn { case_id: case_id.clone(), by: "x".into(), ..Default::default() });
                Ok(())
            })
        })
        .await?;
    }
    Ok(())
}

/// Reads everything and walks it: how many events, and where the first chain begins.
async fn walked(admin: &LogAdmin) -> Result<(u64, u64)> {
    let mut walker = Walker::new("intake");
    let mut parts = admin.read(&[]).await?;
    let mut begins = 0;
    while let Some(part) = parts.next().await {
        let part = part?.part.unwrap();
        if let Part::Chain(chain) = &part {
            begins += chain.after_seq;
        }
        walker.take(&part);
    }
    let counts = walker.finish().map_err(|broken| anyhow::anyhow!("{broken:?}"))?;
    Ok((counts.events, begins))
}

#[tokio::test]
async fn a_month_goes_and_comes_back_and_the_chain_holds_throughout() -> Result<()> {
    let house = House::new().await?;
    let (log, admin) = aged(&house).await?;
    assert_eq!(walked(&admin).await?, (160, 0));

    // The refusals name the month, and the nearest right one.
    let newer = refusal(admin.detach_month("2025-02", by()).await);
    assert_eq!(newer.code, "not-oldest-month");
    assert!(newer.text.zh.contains("2025-01") && newer.text.en.contains("2025-02"), "{newer:?}");
    let absent = refusal(admin.detach_month("2025-03", by()).await);
    assert_eq!(absent.code, "month-not-attached");
    assert!(absent.text.zh.contains("2025-01") && absent.text.en.contains("2025-01 can be"), "{absent:?}");
    for bad in ["2025-3", "2025-13", "x", ""] {
        assert_eq!(refusal(admin.detach_month(bad, by()).await).code, "bad-month", "{bad}");
    }
    assert_eq!(refusal(admin.attach_month("2025-01", by()).await).code, "month-not-detached");

    let gone = admin.detach_month("2025-01", by()).await?;
    assert_eq!((gone.table.as_str(), gone.events), ("event_log_detached_202501", 40));
    assert_eq!(walked(&admin).await?, (120, 40));
    assert_eq!(admin.detach_month("2025-02", by()).await?.events, 40);
    assert_eq!(walked(&admin).await?, (80, 80));
    events(&log, 16).await?;
    assert_eq!(walked(&admin).await?, (96, 80));
    let months = admin.months().await?;
    let listed: Vec<_> = months.iter().map(|m| (m.month.as_str(), m.is_attached)).take(4).collect();
    assert_eq!(listed, [("2025-01", false), ("2025-02", false), ("2025-04", true), ("2025-05", true)]);
    assert_eq!(months.iter().map(|month| month.events).take(4).collect::<Vec<_>>(), [40, 40, 40, 56]);

    let older = refusal(admin.attach_month("2025-01", by()).await);
    assert_eq!(older.code, "not-newest-month");
    assert!(older.text.zh.contains("2025-02"), "{older:?}");
    assert_eq!(admin.attach_month("2025-02", by()).await?.events, 40);
    assert_eq!(admin.attach_month("2025-01", by()).await?.events, 40);
    assert_eq!(walked(&admin).await?, (176, 0));
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM detached_month").fetch_one(log.pool()).await?;
    assert_eq!(kept, 0);
    // All of one instant, by the clock that stands still.
    let mut decided: Vec<_> = admin.decisions(None, 9).await?.into_iter().map(|d| (d.what, d.subject)).collect();
    decided.sort();
    let wanted = [("attach", "2025-01"), ("attach", "2025-02"), ("detach", "2025-01"), ("detach", "2025-02")];
    assert_eq!(decided, wanted.map(|(what, month)| (what.to_owned(), month.to_owned())));
    // As before: found by its case, and written to.
    events(&log, 1).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_appends_meanwhile_is_not_in_the_way_nor_stopped() -> Result<()> {
    let house = House::new().await?;
    let (log, admin) = aged(&house).await?;
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let log = log.clone();
            tokio::spawn(async move { events(&log, 50).await })
        })
        .collect();
    for _ in 0..5 {
        admin.detach_month("2025-01", by()).await?;
        admin.detach_month("2025-02", by()).await?;
        admin.attach_month("2025-02", by()).await?;
        admin.attach_month("2025-01", by()).await?;
    }
    for writer in writers {
        writer.await??;
    }
    assert_eq!(walked(&admin).await?, (360, 0));
    Ok(())
}

#[tokio::test]
async fn a_month_that_has_not_passed_or_holds_an_end_stays() -> Result<()> {
    let house = House::new().await?;
    let (log, admin) = aged(&house).await?;
    for month in ["2025-01", "2025-02", "2025-04"] {
        admin.detach_month(month, by()).await?;
    }
    let held = refusal(admin.detach_month("2025-05", by()).await);
    assert_eq!(held.code, "month-holds-heads");
    let partition = format!("{:02}", partition_of("case_1"));
    assert!(held.text.zh.contains(&partition) && held.text.en.contains("2025-05"), "{held:?}");
    let this: String =
        sqlx::query_scalar("SELECT to_char(event_month(now()), 'YYYY-MM')").fetch_one(log.pool()).await?;
    assert_eq!(refusal(admin.detach_month(&this, by()).await).code, "month-not-passed");
    Ok(())
}

#[tokio::test]
async fn a_month_that_was_changed_while_it_was_out_is_not_put_back() -> Result<()> {
    let house = House::new().await?;
    let (log, admin) = aged(&house).await?;
    admin.detach_month("2025-01", by()).await?;
    let table = "event_log_detached_202501";
    sqlx::query("CREATE TABLE kept AS SELECT * FROM event_log_detached_202501").execute(log.pool()).await?;
    sqlx::query(
        "DELETE FROM event_log_detached_202501 WHERE (partition, seq) IN
                 (SELECT partition, max(seq) FROM event_log_detached_202501 GROUP BY partition ORDER BY 1 LIMIT 1)",
    )
    .execute(log.pool())
    .await?;
    assert_eq!(refusal(admin.attach_month("2025-01", by()).await).code, "month-changed");
    sqlx::query("DROP TABLE event_log_detached_202501").execute(log.pool()).await?;
    let missing = refusal(admin.attach_month("2025-01", by()).await);
    assert_eq!(missing.code, "month-not-here");
    assert!(missing.text.en.contains(table), "{missing:?}");
    // Restored from an export it goes back.
    sqlx::query("ALTER TABLE kept RENAME TO event_log_detached_202501").execute(log.pool()).await?;
    for column in ["partition", "seq", "hash", "event_id", "key", "type", "envelope", "appended_at", "month"] {
        let sql = format!("ALTER TABLE event_log_detached_202501 ALTER COLUMN {column} SET NOT NULL");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(log.pool()).await?;
    }
    admin.attach_month("2025-01", by()).await?;
    assert_eq!(walked(&admin).await?, (160, 0));
    Ok(())
}
