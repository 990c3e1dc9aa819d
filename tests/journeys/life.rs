//! The happy life: from the door to the archive and the month's figures.

use contracts::intake::Identity;
use system_tests::House;

#[tokio::test(flavor = "multi_thread")]
async fn one_complaint_goes_from_the_door_to_the_archive() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    assert_eq!(receipt.receipt_code.len(), 16);
    let people = house.branch_people().await;
    let steps = house.walk(&people, &receipt.case_id, &[("fault", "ours")]).await;
    for expected in [
        "triage",
        "sign",
        "note",
        "measure",
        "resolve",
        "opinion-form-returned",
        "complainant-told",
        "case-called-back",
        "close",
    ] {
        assert!(steps.iter().any(|step| step.action == expected), "{expected} is missing in {steps:?}");
    }

    let dossier = house.dossier(&receipt.case_id).await;
    assert!(dossier.is_archived);
    assert_eq!(dossier.severity, "important");
    assert_eq!(dossier.keep_until, "", "opinion forms are kept long-term");
    let facts: Vec<&str> = dossier.entries.iter().map(|entry| entry.fact.as_str()).collect();
    let mut from = 0;
    for expected in [
        "case-registered",
        "case-accepted",
        "case-graded",
        "case-dispatched",
        "case-signed",
        "investigation-opened",
        "case-resolved",
        "step-done",
        "complainant-told",
        "case-called-back",
        "case-closed",
        "case-archived",
    ] {
        let place = facts.iter().skip(from).position(|fact| *fact == expected);
        from += place.unwrap_or_else(|| panic!("{expected} is not in its place: {facts:?}"));
    }
    assert!(facts.contains(&"clock-started") && facts.contains(&"clock-stopped"), "{facts:?}");

    let public = house.follow(&receipt.receipt_code).await;
    assert_eq!(public.stage, "closed");
    let figures = house.statistics("b01").await;
    assert_eq!((figures.received, figures.accepted, figures.closed, figures.satisfied), (1, 1, 1, 1));
    assert_eq!(figures.by_severity.iter().find(|c| c.id == "important").map(|c| c.count), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complainant_with_mail_is_sent_the_receipt_notice_once() {
    let house = House::open().await;
    let receipt = house
        .hand_in(|request| {
            request.identity = Some(Identity { email: "resident@example.invalid".to_owned(), ..Default::default() });
        })
        .await;
    house.wait_for(&receipt.case_id, "notice-sent").await;
    let mails = house.mails().await;
    let ours: Vec<_> = mails.iter().filter(|mail| mail.to.contains("resident@example.invalid")).collect();
    assert_eq!(ours.len(), 1, "{mails:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_hand_in_gives_the_first_receipt() {
    let house = House::open().await;
    let first = house.hand_in(|request| request.request_id = "same".to_owned()).await;
    let again = house.hand_in(|request| request.request_id = "same".to_owned()).await;
    assert_eq!((&first.number, &first.receipt_code), (&again.number, &again.receipt_code));
    assert!(again.is_repeat && !first.is_repeat);
}
