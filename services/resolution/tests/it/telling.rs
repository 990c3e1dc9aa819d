//! What others' facts make happen: the telling, the callback, and cases that end without a result.

use crate::harness::{House, case, pack, staff};
use contracts::{Fact, intake, notification::TaskDone, triage};
use kit_config::MapSource;
use resolution::Resolution;

/// A call or a visit was made.
pub(crate) fn done(case_id: &str, purpose: &str, is_reached: bool, satisfaction: &str) -> TaskDone {
    TaskDone {
        case_id: case_id.to_owned(),
        task_id: "task_1".to_owned(),
        purpose: purpose.to_owned(),
        way: "call".to_owned(),
        is_reached,
        satisfaction: satisfaction.to_owned(),
        staff_id: staff("reception"),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_task_that_reached_the_complainant_proves_the_telling_and_one_that_did_not_does_not() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.hear(&done(&id, "complainant-told", false, "")).await;
    assert!(house.words().await.is_empty());
    house.hear(&done(&id, "complainant-told", true, "")).await;
    let said = house.said().await;
    let [Fact::ComplainantTold(told)] = said.as_slice() else { panic!("{said:?}") };
    assert_eq!((told.way.as_str(), told.staff_id.clone()), ("call", staff("reception")));
}

#[tokio::test]
async fn a_callback_counts_once_the_complainant_is_reached_with_what_they_thought() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.hear(&done(&id, "case-called-back", false, "")).await;
    assert!(house.words().await.is_empty(), "a call that nobody answered is no callback");
    house.hear(&done(&id, "case-called-back", true, "mostly")).await;
    let said = house.said().await;
    let [Fact::CaseCalledBack(called)] = said.as_slice() else { panic!("{said:?}") };
    assert!(called.is_reached);
    assert_eq!(called.satisfaction, "mostly");
}

#[tokio::test]
async fn a_case_withdrawn_or_declined_closes_at_once_and_only_once() {
    let house = House::start::<Resolution>(&pack(), MapSource::default()).await;
    let (first, second) = (house.dispatched(1, "minor").await, house.dispatched(2, "minor").await);
    let withdrawn =
        intake::CaseWithdrawn { case_id: first.clone(), by: "complainant".to_owned(), ..Default::default() };
    house.hear(&withdrawn).await;
    house.hear(&withdrawn).await;
    house.hear(&done(&first, "complainant-told", true, "")).await;
    house.hear(&triage::CaseDeclined { case_id: second.clone(), ..Default::default() }).await;
    let said = house.said().await;
    let mut outcomes: Vec<(String, String)> = said
        .into_iter()
        .map(|fact| match fact {
            Fact::CaseClosed(closed) => (closed.case_id, closed.outcome),
            other => panic!("{other:?}"),
        })
        .collect();
    outcomes.sort();
    assert_eq!(outcomes, [(case(1), "withdrawn".to_owned()), (case(2), "declined".to_owned())]);
}
