//! Who may see what: nothing personal outside the vault, no service in another's schema, the accused sees nothing.

use contracts::intake::Identity;
use system_tests::{House, choice, word};

const CANARY: &str = "金丝雀壹贰叁";
const PHONE: &str = "12098765432";

#[tokio::test(flavor = "multi_thread")]
async fn no_identity_or_narrative_is_in_any_table_or_log_line_after_a_whole_life() {
    let house = House::open().await;
    let receipt = house
        .hand_in(|request| {
            request.narrative = format!("{CANARY}在三栋,电话{PHONE},电梯坏了");
            request.subject = format!("{CANARY}反映电梯");
            request.identity = Some(Identity {
                name: CANARY.to_owned(),
                phone: PHONE.to_owned(),
                address: format!("{CANARY}路"),
                ..Default::default()
            });
        })
        .await;
    let people = house.branch_people().await;
    house.walk_saying(&people, &receipt.case_id, &[("fault", "ours")], CANARY).await;
    let places = house.search_everything(&[CANARY, PHONE, &receipt.receipt_code]).await;
    assert!(places.is_empty(), "found in {places:?}");
    let read = house.narrative(&people[0], &receipt.case_id).await;
    assert!(read.iter().any(|text| text.contains(CANARY)), "who may read it still can");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_service_role_reads_another_services_schema() {
    let house = House::open().await;
    for reader in house.schemas() {
        for owner in house.schemas() {
            let allowed = house.may_read_as(reader, owner).await;
            assert_eq!(allowed, reader == owner, "jiesu_{reader} on {owner}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_accused_is_never_given_the_case_and_cannot_find_it() {
    let house = House::open().await;
    let accused = house.person("b01.head").await;
    let staff_id = accused.staff.staff_id.clone();
    let receipt = house.hand_in(|request| request.about_staff_ids = vec![staff_id.clone()]).await;
    house.triage(&receipt.case_id, choice(&[word("fault", "ours")])).await;
    house
        .wait_until("a dispatch or a wait for one", &receipt.case_id, |facts| facts.contains(&"case-graded".to_owned()))
        .await;
    house.settle().await;
    for seen in [
        accused.dossier(&receipt.case_id).await.err().map(|p| p.class),
        accused.triage_view(&receipt.case_id).await.err().map(|p| p.class),
        accused.assignment_view(&receipt.case_id).await.err().map(|p| p.class),
        accused.resolution_view(&receipt.case_id).await.err().map(|p| p.class),
        accused.watcher_view(&receipt.case_id).await.err().map(|p| p.class),
    ] {
        assert_eq!(seen, Some(kit_core::Class::NotFound));
    }
    for view in ["mine", "watched", "to-dispatch"] {
        let queue = house.queue("b01.head", view).await;
        assert!(queue.iter().all(|case| case.case_id != receipt.case_id), "in the accused's {view}");
    }
    let view = house.person("b01.general").await.assignment_view(&receipt.case_id).await.unwrap();
    assert_ne!(view.handler_id, staff_id);
    assert!(view.candidates.iter().all(|candidate| candidate.staff_id != staff_id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_code_opens_its_own_case_and_a_wrong_one_opens_none() {
    let house = House::open().await;
    let first = house.hand_in(|_| {}).await;
    let second = house.hand_in(|_| {}).await;
    assert_eq!(house.follow(&first.receipt_code).await.number, first.number);
    assert_eq!(house.follow(&second.receipt_code).await.number, second.number);
    let problem = house.try_follow("0000000000000000").await.unwrap_err();
    assert_eq!(problem.class, kit_core::Class::NotFound, "{problem}");
}
