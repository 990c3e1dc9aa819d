//! Adding to a matter, and taking it back.

use crate::{
    harness::{House, code, told},
    pack,
};
use contracts::intake::{FollowRequest, SupplementRequest, WithdrawRequest};
use facts::Happened;

fn withdraw(request_id: &str, receipt_code: &str, case_id: &str) -> WithdrawRequest {
    WithdrawRequest {
        request_id: request_id.to_owned(),
        receipt_code: receipt_code.to_owned(),
        case_id: case_id.to_owned(),
        ..Default::default()
    }
}

fn add(request_id: &str, receipt_code: &str, case_id: &str) -> SupplementRequest {
    SupplementRequest {
        request_id: request_id.to_owned(),
        receipt_code: receipt_code.to_owned(),
        case_id: case_id.to_owned(),
        text: "还有一张照片".to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn the_complainant_withdraws_once() {
    let house = House::open().await;
    let case = house.complaint("r-1").await;
    let mut client = house.client.clone();
    told(client.withdraw(withdraw("w-1", &case.receipt_code, "")).await).unwrap();
    told(client.withdraw(withdraw("w-1", &case.receipt_code, "")).await).unwrap();
    assert_eq!(code(told(client.withdraw(withdraw("w-2", &case.receipt_code, "")).await)), "already-withdrawn");
    assert_eq!(code(told(client.supplement(add("s-1", &case.receipt_code, "")).await)), "already-closed");
    assert_eq!(house.events().await.iter().filter(|word| *word == "CaseWithdrawn").count(), 1);
    let follow =
        told(client.follow(FollowRequest { receipt_code: case.receipt_code, ..Default::default() }).await).unwrap();
    assert_eq!(follow.stage, "withdrawn");
    assert!(!follow.may_withdraw && !follow.may_supplement);
    assert_eq!(follow.entries.last().unwrap().text.as_ref().unwrap().zh, "已撤回");
}

#[tokio::test]
async fn a_closed_matter_is_neither_withdrawn_nor_added_to() {
    let house = House::open().await;
    let case = house.complaint("r-1").await;
    let closed = |at| Happened { word: "case-closed".to_owned(), arg: None, at, lapsed: false, dated: false };
    house.edit_view(&case.case_id, |view| view.history.push(closed(view.received_at))).await;
    let mut client = house.client.clone();
    assert_eq!(code(told(client.withdraw(withdraw("w-1", &case.receipt_code, "")).await)), "already-closed");
    assert_eq!(code(told(client.supplement(add("s-1", &case.receipt_code, "")).await)), "already-closed");
    assert_eq!(house.events().await.len(), 2);
}

#[tokio::test]
async fn staff_withdraw_and_add_only_with_the_right() {
    let house = House::open().await;
    let case_id = house.complaint("r-1").await.case_id;
    let mut client = house.client.clone();
    for (n, (staff, expected)) in
        [(pack::manager(), "not-permitted"), (pack::stranger(), "unknown-case")].into_iter().enumerate()
    {
        let (w, s) = (format!("w-{n}"), format!("s-{n}"));
        assert_eq!(code(told(client.withdraw(house.by(&staff, withdraw(&w, "", &case_id))).await)), expected);
        assert_eq!(code(told(client.supplement(house.by(&staff, add(&s, "", &case_id))).await)), expected);
    }
    assert_eq!(code(told(client.withdraw(withdraw("w-8", "", &case_id)).await)), "sign-in-needed");
    assert_eq!(code(told(client.withdraw(withdraw("w-9", "", "")).await)), "missing-field");
    assert_eq!(code(told(client.withdraw(withdraw("w-9", "1234567890123456", &case_id)).await)), "code-or-case");
    assert_eq!(house.events().await.len(), 2);
    told(client.supplement(house.by(&pack::receptionist(), add("s-9", "", &case_id))).await).unwrap();
    told(client.withdraw(house.by(&pack::receptionist(), withdraw("w-9", "", &case_id))).await).unwrap();
    assert_eq!(house.events().await[2..], ["CaseSupplemented", "CaseWithdrawn"]);
}

#[tokio::test]
async fn added_material_is_read_with_the_rest_and_shown_in_the_course() {
    let house = House::open().await;
    let case = house.complaint("r-1").await;
    let mut client = house.client.clone();
    told(client.supplement(add("s-1", &case.receipt_code, "")).await).unwrap();
    told(client.supplement(add("s-1", &case.receipt_code, "")).await).unwrap();
    let changed = SupplementRequest { text: "别的".to_owned(), ..add("s-1", &case.receipt_code, "") };
    assert_eq!(code(told(client.supplement(changed).await)), "request-id-reused");
    let blank = SupplementRequest { text: " ".to_owned(), ..add("s-2", &case.receipt_code, "") };
    assert_eq!(code(told(client.supplement(blank).await)), "missing-field");
    let read =
        contracts::intake::ReadTextsRequest {
            case_id: case.case_id, reason: "核对".to_owned(), ..Default::default()
        };
    let texts = told(client.read_texts(house.by(&pack::receptionist(), read)).await).unwrap().texts;
    assert_eq!(
        texts.iter().map(|text| text.purpose.as_str()).collect::<Vec<_>>(),
        ["subject", "narrative", "supplement"]
    );
    let follow =
        told(client.follow(FollowRequest { receipt_code: case.receipt_code, ..Default::default() }).await).unwrap();
    assert_eq!(follow.entries.len(), 2);
}

#[tokio::test]
async fn a_case_full_of_the_longest_texts_can_still_be_read() {
    let house = House::open().await;
    // Four bytes each, the most that a character has.
    let longest = "𠮷".repeat(20_000);
    let request = contracts::intake::HandInRequest { narrative: longest.clone(), ..crate::harness::plain("r-1") };
    let case = house.hand_in(request).await.unwrap();
    let mut client = house.client.clone();
    for n in 0..50 {
        let request = SupplementRequest { text: longest.clone(), ..add(&format!("s-{n}"), "", &case.case_id) };
        told(client.supplement(house.by(&pack::receptionist(), request)).await).unwrap();
    }
    let more = house.by(&pack::receptionist(), add("s-50", "", &case.case_id));
    assert_eq!(code(told(client.supplement(more).await)), "too-many-supplements");
    let read =
        contracts::intake::ReadTextsRequest {
            case_id: case.case_id, reason: "核对".to_owned(), ..Default::default()
        };
    let texts = told(client.read_texts(house.by(&pack::receptionist(), read)).await).unwrap().texts;
    assert_eq!(texts.iter().filter(|text| text.text == longest).count(), 51);
}
