//! One matter comes in.

use crate::{
    harness::{House, code, morning, plain, told},
    pack,
};
use contracts::intake::{GetCaseRequest, HandInRequest, Identity};
use futures::future::join_all;
use kit_grpc::timestamp;
use std::collections::BTreeSet;

#[tokio::test]
async fn a_matter_gets_its_number_its_receipt_and_its_events() {
    let house = House::open().await;
    let answer = house.complaint("r-1").await;
    assert_eq!(answer.number, "TS-b03-2026-00001");
    assert!(answer.receipt_code.len() == 16 && answer.receipt_code.bytes().all(|b| b.is_ascii_digit()));
    assert_eq!(answer.registered_at, Some(timestamp(morning())));
    assert!(!answer.is_repeat);
    assert_eq!(house.events().await, ["SubmissionReceived", "CaseRegistered"]);
    assert_eq!((house.count("cases").await, house.count("submissions").await), (1, 1));
    assert_eq!((house.count("case_keys").await, house.count("sealed").await), (2, 5));
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_number_and_code() {
    let house = House::open().await;
    let first = house.complaint("r-1").await;
    let again = house.complaint("r-1").await;
    assert!(again.is_repeat);
    assert_eq!(
        (&again.number, &again.receipt_code, &again.case_id),
        (&first.number, &first.receipt_code, &first.case_id)
    );
    let other = HandInRequest { narrative: "另一件事".to_owned(), ..plain("r-1") };
    assert_eq!(code(house.hand_in(other).await), "request-id-reused");
    // The same words from somebody else are another request.
    assert_eq!(code(house.hand_in_by(&pack::receptionist(), plain("r-1")).await), "request-id-reused");
    assert_eq!(house.count("cases").await, 1);
}

#[tokio::test]
async fn twenty_identical_requests_at_once_make_one_case() {
    let house = House::open().await;
    let answers = join_all((0..20).map(|_| house.hand_in(plain("r-1")))).await;
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.unwrap()).collect();
    assert_eq!(house.count("cases").await, 1);
    assert_eq!(answers.iter().filter(|answer| !answer.is_repeat).count(), 1);
    assert_eq!(answers.iter().map(|answer| &answer.receipt_code).collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(house.complaint("r-2").await.number, "TS-b03-2026-00002");
}

#[tokio::test]
async fn numbers_have_no_gap_however_many_come_at_once_and_however_many_fail() {
    let house = House::open().await;
    let requests = (0..40).map(|n| {
        let unit_id = if n % 2 == 0 { "b03" } else { "b17" }.to_owned();
        // Every fifth is refused, and every seventh comes twice.
        let kind = if n % 5 == 4 { "petition" } else { "complaint" }.to_owned();
        let id = if n % 7 == 6 { "twice".to_owned() + &unit_id } else { format!("r-{n}") };
        house.hand_in(HandInRequest { unit_id, kind, ..plain(&id) })
    });
    let answers: Vec<_> = join_all(requests).await.into_iter().filter_map(Result::ok).collect();
    for unit in ["b03", "b17"] {
        let numbers: BTreeSet<_> = answers.iter().map(|a| a.number.clone()).filter(|n| n.contains(unit)).collect();
        let expected: BTreeSet<_> = (1..=numbers.len()).map(|n| format!("TS-{unit}-2026-{n:05}")).collect();
        assert_eq!(numbers, expected);
        assert!(numbers.len() > 10);
    }
}

#[tokio::test]
async fn the_year_of_a_number_is_the_branchs_and_not_that_of_greenwich() {
    let house = House::open().await;
    house.clock.set("2026-12-31T15:59:59Z".parse().unwrap());
    assert_eq!(house.complaint("r-1").await.number, "TS-b03-2026-00001");
    house.clock.set("2026-12-31T16:00:00Z".parse().unwrap());
    assert_eq!(house.complaint("r-2").await.number, "TS-b03-2027-00001");
}

#[tokio::test]
async fn staff_write_down_a_letter_that_came_days_ago() {
    let house = House::open().await;
    let arrived = morning() - chrono::TimeDelta::days(3);
    let letter = HandInRequest {
        channel: "letter".to_owned(),
        about_unit_id: Some("b03-eng".to_owned()),
        received_at: Some(timestamp(arrived)),
        asked_by: Some("2026-03-09".to_owned()),
        ..plain("r-1")
    };
    let answer = house.hand_in_by(&pack::receptionist(), letter).await.unwrap();
    let request = house.by(&pack::receptionist(), GetCaseRequest { case_id: answer.case_id });
    let case = told(house.client.clone().get_case(request).await).unwrap();
    assert_eq!(case.received_at, Some(timestamp(arrived)));
    assert_eq!(case.asked_by.as_deref(), Some("2026-03-09"));
    assert_eq!(case.reach, ["email", "phone"]);
    assert_eq!(case.identity_fields, ["email", "name", "phone"]);
}

#[tokio::test]
async fn an_anonymous_matter_needs_no_contact_and_keeps_none() {
    let house = House::open().await;
    let anonymous = HandInRequest { channel: "box".to_owned(), is_anonymous: true, identity: None, ..plain("r-1") };
    house.hand_in(anonymous.clone()).await.unwrap();
    let empty = HandInRequest { identity: Some(Identity::default()), request_id: "r-2".to_owned(), ..anonymous };
    house.hand_in(empty).await.unwrap();
    let identities: i64 = sqlx::query_scalar("SELECT count(*) FROM sealed WHERE purpose = 'identity'")
        .fetch_one(&house.pool)
        .await
        .unwrap();
    assert_eq!(identities, 0);
}
