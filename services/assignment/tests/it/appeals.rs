//! Appeals send a case anew, past whoever handled it before.

use crate::harness::*;
use contracts::Fact;
use contracts::assignment::CaseDispatched;
use contracts::intake::AppealLodged;
use contracts::resolution::{AppealDecided, CaseClosed, CaseReopened};

const APPEALS: &str = "appeals:
  - {tier: first, zh: 申诉, en: Appeal, who: complainant, after: complainant-told, within: 15 days, to: branch, role: head, needs: [reasons], other-handler: yes, outcomes: {upheld: {zh: 维持, en: Upheld}}, cite: 诉1}
  - {tier: final, zh: 终审, en: Final appeal, who: complainant, after: appeal-decided(first), to: above, role: general-manager, other-handler: yes, reopen: handled, outcomes: {upheld: {zh: 维持, en: Upheld}}, final: yes, cite: 诉2}

guards:
";
const COURSE: &str = "course:
  - {stage: handled, zh: 处理, en: Handled, reached: case-resolved, cite: 程1}

guards:
";

async fn house() -> House {
    let house = House::under(bent(&[("guards:\n", COURSE), ("guards:\n", APPEALS)])).await;
    let request = contracts::assignment::ChangeOrganisationRequest {
        request_id: "more heads".into(),
        units: Vec::new(),
        staff: vec![person(20, "branch-head", "head", "b03")],
        ..Default::default()
    };
    house.api.clone().change_organisation(service(request)).await.unwrap();
    house.about_engineering(1).await;
    house
}

async fn dispatches(house: &House) -> Vec<CaseDispatched> {
    let facts = house.published(&case(1)).await.into_iter();
    facts.filter_map(|fact| if let Fact::CaseDispatched(e) = fact { Some(e) } else { None }).collect()
}

fn lodged(tier: &str) -> AppealLodged {
    AppealLodged { case_id: case(1), tier: tier.into(), by: "complainant".into(), ..Default::default() }
}

fn closed() -> CaseClosed {
    CaseClosed { case_id: case(1), outcome: "resolved".into(), ..Default::default() }
}

fn reopened(cause: &str) -> CaseReopened {
    let (case_id, stage, cause) = (case(1), "handled".into(), cause.into());
    CaseReopened { case_id, stage, round: 2, cause, ..Default::default() }
}

#[tokio::test]
async fn each_tier_sends_the_case_to_its_own_role_and_to_nobody_who_had_it() {
    let house = house().await;
    house.feed(&case(1), &lodged("first")).await;
    let second = dispatches(&house).await.remove(1);
    assert_eq!((second.staff_id, second.unit_id.as_str(), second.cite.as_str()), (staff(20), "b03", "诉1"));
    house.feed(&case(1), &AppealDecided { case_id: case(1), tier: "first".into(), ..Default::default() }).await;
    house.feed(&case(1), &lodged("final")).await;
    let third = dispatches(&house).await.remove(2);
    assert_eq!((third.staff_id, third.role.as_str()), (staff(GENERAL_MANAGER), "general-manager"));
    assert_eq!(third.unit_id, "r");
}

#[tokio::test]
async fn an_appeal_against_a_closed_case_waits_for_its_reopening_in_whatever_order_they_are_heard() {
    for is_reopened_first in [true, false] {
        let house = house().await;
        house.feed(&case(1), &closed()).await;
        assert_eq!(house.get(1, RECEPTIONIST).await.unwrap().state, "done");
        if is_reopened_first {
            house.feed(&case(1), &reopened("appeal-lodged(final)")).await;
            assert_eq!(house.get(1, RECEPTIONIST).await.unwrap().state, "dispatched");
            house.feed(&case(1), &lodged("final")).await;
        } else {
            house.feed(&case(1), &lodged("final")).await;
            assert_eq!(house.get(1, RECEPTIONIST).await.unwrap().state, "done");
            house.feed(&case(1), &reopened("appeal-lodged(final)")).await;
        }
        let all = dispatches(&house).await;
        assert_eq!((all.len(), all[1].staff_id.clone()), (2, staff(GENERAL_MANAGER)));
        assert_eq!(house.get(1, GENERAL_MANAGER).await.unwrap().state, "dispatched");
    }
}

#[tokio::test]
async fn a_case_that_is_reopened_for_another_reason_stays_with_its_handler() {
    let house = house().await;
    house.sign(1, HEAD_A).await.unwrap();
    house.feed(&case(1), &closed()).await;
    house.feed(&case(1), &reopened("case-called-back(dissatisfied)")).await;
    let seen = house.get(1, HEAD_A).await.unwrap();
    assert_eq!((seen.state.as_str(), seen.handler_id), ("signed", staff(HEAD_A)));
    assert_eq!(dispatches(&house).await.len(), 1);
}
