//! Cases that have to do with each other.

use crate::{
    harness::{House, Producer, code, told},
    pack,
    parties::petition,
};
use contracts::{
    Fact,
    assignment::HandlerRecused,
    intake::{FollowRequest, GetCaseRequest, HandInRequest, LinkRequest, MergeRequest, ReadTextsRequest},
    resolution::LinkedCaseOwed,
};
use kit_testing::eventually;
use std::time::Duration;

#[tokio::test]
async fn both_cases_learn_of_a_link_and_only_one_of_them_is_the_repetition() {
    let house = House::open_bureau().await;
    let first = house.hand_in(petition("r-1")).await.unwrap().case_id;
    let again = house.hand_in(petition("r-2")).await.unwrap().case_id;
    let link = async |id: &str, staff: &str, other: &str, relation: &str| {
        let (request_id, case_id) = (id.to_owned(), again.clone());
        let request = LinkRequest { request_id, case_id, other_case_id: other.into(), relation: relation.into() };
        told(house.client.clone().link(house.by(staff, request)).await)
    };
    assert_eq!(code(link("a", &pack::manager(), &first, "repeat").await), "not-permitted");
    assert_eq!(code(link("b", &pack::receptionist(), &again, "repeat").await), "links-itself");
    assert_eq!(code(link("c", &pack::receptionist(), &first, "repaet").await), "unknown-word");
    let nowhere = kit_ids::CaseId::new(uuid::Uuid::from_u128(1)).to_string();
    assert_eq!(code(link("d", &pack::receptionist(), &nowhere, "repeat").await), "unknown-case");
    link("e", &pack::receptionist(), &first, "repeat").await.unwrap();
    link("e", &pack::receptionist(), &first, "repeat").await.unwrap();
    assert_eq!(code(link("f", &pack::receptionist(), &first, "repeat").await), "already-done");
    assert_eq!(house.view(&again).await.links, [("repeat".to_owned(), first.clone())]);
    assert_eq!(house.view(&first).await.links, [("related".to_owned(), again.clone())]);
    assert!(
        matches!(house.facts(&first).await.last(), Some(Fact::CaseLinked(e)) if e.staff_id == pack::receptionist())
    );
    let request = GetCaseRequest { case_id: again };
    let seen = told(house.client.clone().get_case(house.by(&pack::receptionist(), request)).await).unwrap();
    assert_eq!((seen.linked[0].relation.as_str(), seen.linked[0].number.as_str()), ("repeat", "XF-b03-2026-00001"));
}

#[tokio::test]
async fn whoever_must_not_know_of_a_case_does_not_learn_of_it_from_the_one_that_it_is_linked_to() {
    let house = House::open_bureau().await;
    let assignment = Producer::open(&house, "assignment").await;
    let first = house.hand_in(petition("r-1")).await.unwrap().case_id;
    let again = house.hand_in(petition("r-2")).await.unwrap().case_id;
    let link = LinkRequest {
        request_id: "l-1".to_owned(),
        case_id: again.clone(),
        other_case_id: first.clone(),
        relation: "repeat".to_owned(),
    };
    told(house.client.clone().link(house.by(&pack::receptionist(), link)).await).unwrap();
    let linked = async |case_id: &str| {
        let request = GetCaseRequest { case_id: case_id.to_owned() };
        told(house.client.clone().get_case(house.by(&pack::receptionist(), request)).await)
            .map(|seen| seen.linked.len())
    };
    assert_eq!((linked(&again).await.unwrap(), linked(&first).await.unwrap()), (1, 1));
    let recused =
        HandlerRecused { case_id: first.clone(), staff_id: pack::receptionist(), ..HandlerRecused::default() };
    assignment.say(&first, recused).await;
    eventually("the receptionist is excluded", Duration::from_secs(20), async || match linked(&first).await {
        Ok(count) => Err(count.to_string()),
        Err(problem) if problem.code == "unknown-case" => Ok(()),
        Err(problem) => Err(problem.code),
    })
    .await;
    assert_eq!(linked(&again).await.unwrap(), 0, "neither a number nor a relation");
}

#[tokio::test]
async fn the_later_case_becomes_a_part_of_the_earlier_one() {
    let house = House::open_bureau().await;
    let older = house.hand_in(petition("r-1")).await.unwrap().case_id;
    house.clock.advance(chrono::TimeDelta::hours(1));
    let newer = house.hand_in(petition("r-2")).await.unwrap().case_id;
    let merge = async |id: &str, case_id: &str, into: &str| {
        let (request_id, case_id, into_case_id) = (id.to_owned(), case_id.to_owned(), into.to_owned());
        let request = MergeRequest { request_id, case_id, into_case_id };
        told(house.client.clone().merge(house.by(&pack::receptionist(), request)).await)
    };
    assert_eq!(code(merge("a", &older, &newer).await), "merge-into-older");
    assert_eq!(code(merge("b", &newer, &newer).await), "links-itself");
    merge("c", &newer, &older).await.unwrap();
    assert!(matches!(house.facts(&older).await.last(), Some(Fact::CasesMerged(e)) if e.other_case_id == newer));
    assert!(house.view(&older).await.has_word("cases-merged"));
    assert!(matches!(house.facts(&newer).await.last(), Some(Fact::CaseLinked(e)) if e.relation == "merged"));
    assert_eq!(house.view(&newer).await.links, [("merged".to_owned(), older)]);
}

#[tokio::test]
async fn one_submission_of_two_kinds_becomes_two_cases_or_none() {
    let house = House::open_bureau().await;
    let kinds = vec!["petition".to_owned(), "report".to_owned()];
    let both = HandInRequest { kinds: kinds.clone(), kind: String::new(), ..petition("r-1") };
    let lacking = HandInRequest { respondent: None, request_id: "r-0".to_owned(), ..both.clone() };
    assert_eq!(house.hand_in(lacking).await.unwrap_err().code, "missing-field");
    assert_eq!(house.count("cases").await, 0, "the petition alone is not taken either");
    let answer = house.hand_in(both.clone()).await.unwrap();
    assert_eq!(answer.twins.len(), 1);
    let twin = &answer.twins[0];
    assert_eq!((answer.number.as_str(), twin.number.as_str()), ("XF-b03-2026-00001", "XF-b03-2026-00002"));
    let again = house.hand_in(both).await.unwrap();
    assert!(again.is_repeat && again.case_id == answer.case_id && again.twins[0].receipt_code == twin.receipt_code);
    assert_eq!(house.count("cases").await, 2);
    for (case, other, kind) in
        [(&answer.case_id, &twin.case_id, "petition"), (&twin.case_id, &answer.case_id, "report")]
    {
        let view = house.view(case).await;
        assert_eq!((view.kind.as_str(), view.links.as_slice()), (kind, &[("twin".to_owned(), other.clone())][..]));
        assert!(matches!(house.facts(case).await.last(), Some(Fact::CaseLinked(e)) if e.relation == "twin"));
    }
    let received = house.events().await.iter().filter(|word| *word == "SubmissionReceived").count();
    assert_eq!(received, 1);
    assert!(house.view(&twin.case_id).await.is_sealed && !house.view(&answer.case_id).await.is_sealed);
    let follow = FollowRequest { receipt_code: twin.receipt_code.clone(), ..Default::default() };
    assert_eq!(told(house.client.clone().follow(follow).await).unwrap().kind, "report");
}

#[tokio::test]
async fn a_case_that_a_rule_wants_is_registered_with_the_matter_and_without_the_person() {
    let house = House::open_bureau().await;
    let resolution = Producer::open(&house, "resolution").await;
    let origin = house.hand_in(petition("r-1")).await.unwrap().case_id;
    let owed = LinkedCaseOwed {
        case_id: origin.clone(),
        kind: "report".to_owned(),
        relation: "lead".to_owned(),
        ..LinkedCaseOwed::default()
    };
    resolution.say(&origin, owed).await;
    eventually("the linked case is there", Duration::from_secs(20), async || {
        let count = house.count("cases").await;
        if count == 2 { Ok(()) } else { Err(count.to_string()) }
    })
    .await;
    let links = house.view(&origin).await.links;
    assert_eq!(links[0].0, "lead");
    let lead = links[0].1.clone();
    let view = house.view(&lead).await;
    assert_eq!(
        (view.kind.as_str(), view.number.as_str(), view.respondent.as_str()),
        ("report", "XF-b03-2026-00002", "shop")
    );
    assert!(view.is_anonymous && view.reach.is_empty() && view.complainant.is_empty());
    assert_eq!(view.links, [("lead".to_owned(), origin.clone())]);
    let words: Vec<&str> = house.facts(&lead).await.iter().map(Fact::word).collect();
    assert_eq!(words.last(), Some(&"case-linked"));
    assert!(matches!(house.facts(&origin).await.last(), Some(Fact::CaseLinked(e)) if e.other_case_id == lead));
    let read = ReadTextsRequest { case_id: lead, ref_ids: Vec::new(), reason: "核查".to_owned() };
    let texts = told(house.client.clone().read_texts(house.by(&pack::manager(), read)).await).unwrap().texts;
    let fields: Vec<&str> = texts.iter().map(|text| text.purpose.as_str()).collect();
    assert!(
        fields.contains(&"narrative") && fields.contains(&"respondent-name") && fields.contains(&"place"),
        "{fields:?}"
    );
    assert!(texts.iter().any(|text| text.text == "某商场"));
}
