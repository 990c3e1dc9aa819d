//! What stands still between the services, and the administrator who decides about it at the desk.

use system_tests::{Desk, House};

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_why_an_event_failed_and_skips_it_with_a_reason() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    house.settle().await;
    let case = receipt.case_id.as_str();
    house
        .run(&format!(
            "INSERT INTO triage.parked_event
                 (key, producer, partition, seq, type, envelope, state, reason, parked_at, failures)
             SELECT '{case}', 'intake', 15, n, 'jiesu.intake.v1.CaseSupplemented', '',
                    CASE n WHEN 991 THEN 'failed' ELSE 'behind' END, 'it cannot be', now(),
                    '[{{\"reason\": \"it never could be\", \"times\": 4, \"first_at\": \"2026-11-16T01:02:03Z\", \"last_at\": \"2026-11-16T01:02:04Z\"}}]'
             FROM generate_series(991, 992) AS n"
        ))
        .await;
    let head = Desk::sign_in(&house, "b01.head").await;
    let admin = Desk::sign_in(&house, "hq.admin").await;
    let (status, page) = admin.get("/desk/parked").await;
    assert_eq!(status, 200);
    for part in [case, "intake/15#991", "it never could be", "×4", "name=\"reason\"", "再试"] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page.matches("action=\"/desk/parked/skip\"").count(), 1, "what is only behind cannot be skipped");

    let event = [("service", "triage"), ("key", case), ("producer", "intake"), ("partition", "15")];
    let skip = |seq: &'static str, reason: &'static str| [&event[..], &[("seq", seq), ("reason", reason)]].concat();
    assert_eq!(head.get("/desk/parked").await.0, 403);
    assert_eq!(head.submit("/desk/parked/skip", &skip("991", "重复录入")).await.0, 403);
    assert_eq!(admin.post("/desk/parked/skip", &skip("991", "重复录入")).await.0, 403, "a form of another page");
    let (status, page) = admin.submit("/desk/parked/skip", &skip("992", "重复录入")).await;
    assert!(status == 409 && page.contains("15#991"), "{status} {page}");
    let (status, page) = admin.submit("/desk/parked/skip", &skip("991", " ")).await;
    assert!(status == 422 && page.contains("请填写理由"), "{status} {page}");
    let (status, page) = admin.submit("/desk/parked/skip", &skip("991", "重复录入")).await;
    assert_eq!(status, 200);
    assert!(
        page.contains("重复录入") && page.contains("跳过事件") && page.contains("staff_"),
        "the decision is listed"
    );
    house.wait_for(case, "event-skipped").await;
    assert!(house.search_everything(&["重复录入"]).await.iter().all(|place| place.contains("operator_decision")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_is_loud_at_the_desk_until_it_is_settled() {
    let house = House::open().await;
    house.hand_in(|_| {}).await;
    house.settle().await;
    let admin = Desk::sign_in(&house, "hq.admin").await;
    assert!(!admin.get("/desk").await.1.contains("处日志分歧"));
    house
        .run(
            "INSERT INTO triage.fork (producer, partition, kind, seq, hash, resume_seq, resume_hash)
             SELECT producer, partition, 'other', seq, hash, seq, hash FROM triage.follower_position
             WHERE producer = 'intake' AND seq > 0 LIMIT 1",
        )
        .await;
    assert!(admin.get("/desk").await.1.contains("有 1 处日志分歧"));
    let head = Desk::sign_in(&house, "b01.head").await;
    assert!(!head.get("/desk").await.1.contains("处日志分歧"), "others have nothing to decide");
    let (_, page) = admin.get("/desk/parked").await;
    assert!(page.contains("重新核对") && page.contains("同一序号处的链值不同"));
    let partition = page.split("name=\"partition\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let settle = |decision: &'static str| {
        let place = [("service", "triage"), ("producer", "intake"), ("partition", partition)];
        [&place[..], &[("decision", decision), ("reason", "已从备份恢复")]].concat()
    };
    assert_eq!(head.submit("/desk/forks", &settle("recheck")).await.0, 403);
    assert_eq!(admin.submit("/desk/forks", &settle("guess")).await.0, 400);
    // The producer agrees after all, so there is nothing to accept.
    let (status, page) = admin.submit("/desk/forks", &settle("accept")).await;
    assert!(status == 409 && page.contains("重新核对"), "{status} {page}");
    let (status, page) = admin.submit("/desk/forks", &settle("recheck")).await;
    assert!(status == 200 && page.contains("已从备份恢复") && !page.contains("同一序号处的链值不同"), "{page}");
    assert!(!admin.get("/desk").await.1.contains("处日志分歧"));
}
