//! Amending a regime in force: as that regime says, and not as the text says that is to follow it.

use crate::harness::*;
use contracts::Fact;
use contracts::triage as wire;
use kit_core::{Class, Problem};
use sha2::{Digest as _, Sha256};

/// The pack of the tests, which is amended by the head of general affairs, after the reception and complainants were asked
/// and the head of a department has approved.
fn kept() -> String {
    let upkeep = "\nupkeep: {amends: general-affairs-head, consults: [receptionist, complainant], approves: head, cite: 十二}\ncalendar:";
    pack().replacen("\ncalendar:", upkeep, 1)
}

fn amended(remark: &str) -> String {
    format!("{}\n# {remark}\n", kept())
}

fn digest(pack: &str) -> Vec<u8> {
    Sha256::digest(pack.as_bytes()).to_vec()
}

async fn publish_as(house: &House, who: u128, id: &str, pack: &str) -> Result<u32, Problem> {
    let request = wire::PublishRegimeRequest { request_id: id.into(), pack: pack.into(), ..Default::default() };
    let reply = house.api.clone().publish_regime(as_staff(who, request)).await.map_err(problem)?;
    Ok(reply.into_inner().version)
}

async fn consult(house: &House, who: u128, id: &str, pack: &str, role: &str) -> Result<Vec<String>, Problem> {
    let request = wire::RecordConsultationRequest {
        request_id: id.into(),
        regime_id: REGIME.into(),
        sha256: digest(pack),
        role: role.into(),
        text: "没有不同意见。".into(),
    };
    let reply = house.api.clone().record_consultation(as_staff(who, request)).await.map_err(problem)?;
    Ok(reply.into_inner().missing.into_iter().map(|text| text.zh).collect())
}

async fn approve(house: &House, who: u128, id: &str, pack: &str) -> Result<(), Problem> {
    let (request_id, regime_id, sha256) = (id.into(), REGIME.into(), digest(pack));
    let request = wire::ApproveRegimeRequest { request_id, regime_id, sha256 };
    house.api.clone().approve_regime(as_staff(who, request)).await.map_err(problem).map(drop)
}

#[tokio::test]
async fn an_amendment_waits_for_those_who_are_asked_and_for_the_approval_and_is_published_by_whom_the_regime_names() {
    let house = House::bare().await;
    assert_eq!(house.publish("first", &kept()).await.unwrap().version, 1, "the first publication is free");
    assert_eq!(house.publish("again", &kept()).await.unwrap().version, 1, "and a repeat of it is none");
    let text = amended("第二版");
    for (refused, code) in [
        (house.publish("installation", &text).await.map(|reply| reply.version), "not-permitted"),
        (publish_as(&house, ADMIN, "admin", &text).await, "not-permitted"),
        (publish_as(&house, RECEPTIONIST, "desk", &text).await, "administrators-only"),
        (publish_as(&house, GENERAL_AFFAIRS, "early", &text).await, "not-yet"),
    ] {
        assert_eq!(refused.unwrap_err().code, code);
    }
    let early = publish_as(&house, GENERAL_AFFAIRS, "early too", &text).await.unwrap_err();
    assert_eq!(early.class, Class::Conflict);
    for part in ["征求住户服务中心接待员意见（十二）", "征求投诉人意见（十二）", "批准（十二）"]
    {
        assert!(early.text.zh.contains(part), "{}", early.text.zh);
    }
    assert!(early.text.en.contains("the approval of"), "{}", early.text.en);

    let waiting = approve(&house, HEAD, "approve early", &text).await.unwrap_err();
    assert_eq!((waiting.class, waiting.code.as_str()), (Class::Conflict, "not-yet"));
    assert_eq!(consult(&house, RECEPTIONIST, "asked 1", &text, "receptionist").await.unwrap().len(), 2);
    let left = consult(&house, GENERAL_AFFAIRS, "asked 2", &text, "complainant").await.unwrap();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(publish_as(&house, GENERAL_AFFAIRS, "unapproved", &text).await.unwrap_err().code, "not-yet");
    let stranger = approve(&house, GENERAL_AFFAIRS, "approve by another", &text).await.unwrap_err();
    assert_eq!((stranger.class, stranger.code.as_str()), (Class::Denied, "not-permitted"));
    assert!(stranger.text.zh.contains("十二"), "{}", stranger.text.zh);
    approve(&house, HEAD, "approve", &text).await.unwrap();
    approve(&house, HEAD, "approve", &text).await.unwrap();
    assert_eq!(approve(&house, HEAD, "approve again", &text).await.unwrap_err().code, "already-approved");

    // What was approved is this text and no other.
    assert_eq!(publish_as(&house, GENERAL_AFFAIRS, "other", &amended("别的")).await.unwrap_err().code, "not-yet");
    assert_eq!(publish_as(&house, GENERAL_AFFAIRS, "publish", &text).await.unwrap(), 2);
    let words: Vec<&str> = house.published(REGIME).await.iter().map(Fact::word).collect();
    let said = ["regime-published", "regime-consulted", "regime-consulted", "regime-approved", "regime-published"];
    assert_eq!(words, said);
    let facts = house.published(REGIME).await;
    assert!(
        matches!(&facts[2], Fact::RegimeConsulted(e) if e.role == "complainant" && e.over == 1 && e.cite == "十二")
    );
    assert!(matches!(&facts[3], Fact::RegimeApproved(e) if e.staff_id == staff(HEAD) && e.sha256 == digest(&text)));

    // Over another version it begins anew.
    assert_eq!(publish_as(&house, GENERAL_AFFAIRS, "back", &kept()).await.unwrap_err().code, "not-yet");
}

#[tokio::test]
async fn an_opinion_is_of_whom_the_regime_asks_written_down_by_them_or_by_whoever_amends() {
    let house = House::bare().await;
    house.publish("first", &kept()).await.unwrap();
    let text = amended("第二版");
    let unknown = consult(&house, GENERAL_AFFAIRS, "a", &text, "receptionst").await.unwrap_err();
    assert!(
        unknown.text.zh.contains("是否指“receptionist”") && unknown.text.zh.contains("十二"),
        "{}",
        unknown.text.zh
    );
    let foreign = consult(&house, HEAD, "b", &text, "complainant").await.unwrap_err();
    assert_eq!((foreign.class, foreign.code.as_str()), (Class::Denied, "not-permitted"));
    assert_eq!(consult(&house, GENERAL_AFFAIRS, "c", &kept(), "complainant").await.unwrap_err().code, "no-amendment");
    let silent = wire::RecordConsultationRequest {
        request_id: "d".into(),
        regime_id: REGIME.into(),
        sha256: digest(&text),
        role: "complainant".into(),
        text: " ".into(),
    };
    let call = async |request| {
        let mut api = house.api.clone();
        api.record_consultation(as_staff(GENERAL_AFFAIRS, request)).await
    };
    assert_eq!(problem(call(silent.clone()).await.unwrap_err()).code, "text-needed");
    let short = wire::RecordConsultationRequest { request_id: "e".into(), sha256: vec![1], ..silent.clone() };
    assert_eq!(problem(call(short).await.unwrap_err()).code, "malformed-digest");
    let elsewhere = wire::RecordConsultationRequest { regime_id: "property-internal".into(), ..silent };
    let near = problem(call(elsewhere).await.unwrap_err());
    assert!(near.text.zh.contains(REGIME), "{}", near.text.zh);
    let request =
        wire::ApproveRegimeRequest { request_id: "f".into(), regime_id: REGIME.into(), sha256: digest(&text) };
    let by_service = house.api.clone().approve_regime(service(request)).await.map_err(problem).unwrap_err();
    assert_ne!(by_service.class, Class::Corrupt, "an approval is a person's");
}

#[tokio::test]
async fn a_regime_that_says_nothing_of_amendments_is_published_as_before() {
    let house = House::start().await;
    let text = format!("{}\n# 第二版\n", pack());
    assert_eq!(approve(&house, ADMIN, "a", &text).await.unwrap_err().code, "no-upkeep");
    // What follows cannot bind itself.
    assert_eq!(house.publish("bound", &kept()).await.unwrap().version, 2);
    assert_eq!(house.publish("back", &pack()).await.unwrap_err().code, "not-permitted");
}
