//! Who files, whom it is about, who acts for them: what is asked at each door, and where it goes.

use crate::{
    harness::{House, code, plain, told},
    pack,
};
use contracts::{
    Fact,
    intake::{
        Agent, FindAlikeRequest, GetCaseRequest, GetContactRequest, GetDoorRequest, HandInRequest, ReadTextsRequest,
        RespondentIdentity, RevealIdentityRequest, VerifyIdentityRequest,
    },
};

pub(crate) fn petition(request_id: &str) -> HandInRequest {
    HandInRequest {
        kind: "petition".to_owned(),
        complainant: "citizen".to_owned(),
        respondent: Some(RespondentIdentity {
            r#type: "shop".to_owned(),
            name: "某商场".to_owned(),
            address: "中山路8号".to_owned(),
            contact: "shop@shop.example".to_owned(),
        }),
        agent: Some(Agent { name: "李四".to_owned(), contact: "13900139000".to_owned() }),
        form: [("reasons".to_owned(), "多收费用".to_owned()), ("place".to_owned(), "一楼".to_owned())].into(),
        ..plain(request_id)
    }
}

pub(crate) fn report(request_id: &str) -> HandInRequest {
    HandInRequest { kind: "report".to_owned(), is_anonymous: true, identity: None, agent: None, ..petition(request_id) }
}

#[tokio::test]
async fn the_parties_are_known_by_their_sort_and_everything_else_is_in_the_vault() {
    let house = House::open_bureau().await;
    let case = house.hand_in(petition("r-1")).await.unwrap();
    let facts = house.facts(&case.case_id).await;
    let Fact::CaseRegistered(event) = &facts[1] else { panic!("{facts:?}") };
    assert_eq!((event.complainant.as_str(), event.respondent.as_str()), ("citizen", "shop"));
    assert_eq!((event.identity.as_str(), event.is_sealed), ("named", false));
    assert_eq!(event.respondent_reach, ["email", "visit"]);
    for field in ["name", "contact", "narrative", "respondent-name", "agent-contact", "reasons", "place"] {
        assert!(event.form_fields.iter().any(|one| one == field), "{field}");
    }
    assert!(!event.form_fields.iter().any(|one| one == "time"));
    let log = format!("{facts:?}");
    for secret in ["某商场", "中山路", "shop@", "李四", "13900139000", "多收费用", "一楼"] {
        assert!(!log.contains(secret), "{secret}");
    }
    let mut client = house.client.clone();
    let read = ReadTextsRequest { case_id: case.case_id.clone(), ref_ids: Vec::new(), reason: "办理".to_owned() };
    let texts = told(client.read_texts(house.by(&pack::manager(), read)).await).unwrap().texts;
    let text = |purpose: &str| texts.iter().find(|text| text.purpose == purpose).map(|text| text.text.as_str());
    assert_eq!(
        (text("respondent-name"), text("reasons"), text("place")),
        (Some("某商场"), Some("多收费用"), Some("一楼"))
    );
    assert_eq!(text("agent-name"), None, "that is an identity");
    let contact = async |party: &str, way: &str| {
        let (case_id, ref_ids) = (case.case_id.clone(), Vec::new());
        let request = GetContactRequest { case_id, way: way.into(), party: party.into(), ref_ids };
        let request = house.by("service:notification", request);
        told(house.client.clone().get_contact(request).await).map(|answer| answer.address)
    };
    assert_eq!(contact("respondent", "email").await.unwrap(), "shop@shop.example");
    assert_eq!(contact("respondent", "phone").await.unwrap(), "");
    assert_eq!(contact("agent", "phone").await.unwrap(), "13900139000");
    assert_eq!(contact("", "phone").await.unwrap(), "13800138000");
    assert_eq!(code(contact("neighbour", "phone").await), "unknown-party");
    let reveal = RevealIdentityRequest {
        case_id: case.case_id.clone(),
        field: "agent-name".to_owned(),
        reason: "核对".to_owned(),
    };
    assert_eq!(code(told(client.reveal_identity(house.by(&pack::manager(), reveal)).await)), "not-permitted");
}

#[tokio::test]
async fn each_door_asks_for_as_much_as_the_regime_says() {
    let house = House::open_bureau().await;
    let named = |problem: kit_core::Problem| {
        (problem.code.clone(), problem.fields.iter().map(|field| field.field.clone()).collect::<Vec<_>>())
    };
    let without = HandInRequest { form: Default::default(), ..petition("r-1") };
    let refused = named(house.hand_in(without).await.unwrap_err());
    assert_eq!(refused, ("missing-field".to_owned(), vec!["form.reasons".to_owned()]));
    let nameless = HandInRequest { respondent: None, ..report("r-2") };
    let refused = named(house.hand_in(nameless).await.unwrap_err());
    assert_eq!(refused, ("missing-field".to_owned(), vec!["respondent.name".to_owned()]));
    house.hand_in(report("r-3")).await.unwrap();
    let weak = HandInRequest { is_anonymous: true, identity: None, agent: None, ..petition("r-4") };
    let problem = house.hand_in(weak).await.unwrap_err();
    assert!(problem.text.en.contains("(一)"), "{problem:?}");
    assert_eq!(named(problem).0, "identity-too-weak");
    let mut shy = petition("r-5");
    shy.identity.as_mut().unwrap().name.clear();
    shy.identity_mode = "named".to_owned();
    assert_eq!(named(house.hand_in(shy.clone()).await.unwrap_err()).1, ["identity.name"]);
    shy.identity_mode = "contact".to_owned();
    let case = house.hand_in(shy).await.unwrap();
    assert_eq!(house.view(&case.case_id).await.identity, "contact");
    let by_phone = HandInRequest { channel: "phone".to_owned(), ..petition("r-6") };
    let mut unnamed = by_phone.clone();
    unnamed.identity.as_mut().unwrap().name.clear();
    assert_eq!(house.hand_in_by(&pack::head(), unnamed).await.unwrap_err().code, "identity-too-weak");
}

#[tokio::test]
async fn what_anyone_may_record_a_member_of_the_unit_records_and_a_door_of_a_role_only_that_role() {
    let house = House::open_bureau().await;
    let by_phone = |id: &str| HandInRequest { channel: "phone".to_owned(), ..petition(id) };
    let case = house.hand_in_by(&pack::head(), by_phone("r-1")).await.unwrap();
    assert_eq!(house.view(&case.case_id).await.first_contact, Some(pack::head()));
    assert_eq!(house.hand_in_by(&pack::stranger(), by_phone("r-2")).await.unwrap_err().code, "not-permitted");
    assert_eq!(house.hand_in(by_phone("r-3")).await.unwrap_err().code, "recorded-by-staff");
    let letter = |id: &str| HandInRequest { channel: "letter".to_owned(), ..petition(id) };
    let refused = house.hand_in_by(&pack::receptionist(), letter("r-4")).await.unwrap_err();
    assert!(
        refused.code == "not-permitted" && refused.text.zh.contains("主管经理") && refused.text.zh.contains("（二）")
    );
    let case = house.hand_in_by(&pack::manager(), letter("r-5")).await.unwrap();
    assert_eq!(house.view(&case.case_id).await.identity, "named", "until proof was seen");
}

#[tokio::test]
async fn proof_of_an_identity_is_seen_once() {
    let house = House::open_bureau().await;
    let case = house.hand_in(petition("r-1")).await.unwrap();
    let verify = async |id: &str, staff: &str, case_id: &str, way: &str| {
        let (request_id, case_id, way) = (id.to_owned(), case_id.to_owned(), way.to_owned());
        let request = VerifyIdentityRequest { request_id, case_id, way };
        told(house.client.clone().verify_identity(house.by(staff, request)).await)
    };
    assert_eq!(code(verify("a", &pack::manager(), &case.case_id, "id-card").await), "not-permitted");
    assert_eq!(code(verify("b", &pack::receptionist(), &case.case_id, "by-guess").await), "unknown-word");
    verify("c", &pack::receptionist(), &case.case_id, "id-card").await.unwrap();
    verify("c", &pack::receptionist(), &case.case_id, "id-card").await.unwrap();
    assert_eq!(code(verify("d", &pack::receptionist(), &case.case_id, "").await), "already-done");
    assert_eq!(house.view(&case.case_id).await.identity, "real-name");
    let anonymous = house.hand_in(report("r-2")).await.unwrap();
    // A sealed case is an envelope to whoever could not handle it, and yet has no identity to prove.
    assert_eq!(code(verify("e", &pack::receptionist(), &anonymous.case_id, "").await), "anonymous");
}

#[tokio::test]
async fn a_door_tells_what_it_takes() {
    let house = House::open_bureau().await;
    let request = GetDoorRequest { unit_id: "b03".to_owned() };
    let doors = told(house.client.clone().get_door(request).await).unwrap().doors;
    let door = doors.iter().find(|door| door.regime_id == "bureau").unwrap();
    let ids = |list: &[contracts::intake::Choice]| list.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&door.complainants), ids(&door.respondents)),
        (vec!["citizen".into(), "firm".into()], vec!["shop".into(), "officer".into()])
    );
    assert_eq!(door.apart[0].kinds, ["petition", "report"]);
    let web: Vec<_> = door.channels.iter().filter(|channel| channel.channel == "web").collect();
    assert_eq!(
        (web[0].kinds[0].as_str(), web[0].identity.as_str(), web[0].shows.as_str()),
        ("petition", "contact", "12345")
    );
    assert!(web[0].gives_receipt && web[1].is_sealed && web[1].identity == "anonymous");
}

#[tokio::test]
async fn an_earlier_case_of_the_same_person_is_suggested_with_its_rule() {
    let house = House::open_bureau().await;
    let first = house.hand_in(petition("r-1")).await.unwrap();
    let mut other = petition("r-2");
    other.identity.as_mut().unwrap().phone = "138-0013 8000".to_owned();
    other.identity.as_mut().unwrap().email.clear();
    house.clock.advance(chrono::TimeDelta::days(5));
    let again = house.hand_in(other).await.unwrap();
    let mut stranger = petition("r-3");
    let identity = stranger.identity.as_mut().unwrap();
    (identity.phone, identity.email) = ("13700137000".to_owned(), String::new());
    let stranger = house.hand_in(stranger).await.unwrap();
    let find = async |case_id: &str| {
        let request = FindAlikeRequest { case_id: case_id.to_owned() };
        told(house.client.clone().find_alike(house.by(&pack::receptionist(), request)).await).unwrap().cases
    };
    let found = find(&again.case_id).await;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].case_id.as_str(), found[0].relation.as_str(), found[0].cite.as_str()),
        (first.case_id.as_str(), "repeat", "四")
    );
    assert!(find(&first.case_id).await.is_empty(), "what comes later is no earlier case");
    assert!(find(&stranger.case_id).await.is_empty());
    house.clock.advance(chrono::TimeDelta::days(100));
    assert!(find(&again.case_id).await.is_empty());
    let request = GetCaseRequest { case_id: again.case_id.clone() };
    let seen = told(house.client.clone().get_case(house.by(&pack::receptionist(), request)).await).unwrap();
    assert_eq!(
        (seen.complainant.as_str(), seen.respondent.as_str(), seen.identity.as_str()),
        ("citizen", "shop", "named")
    );
    let offered: Vec<&str> = seen.actions.iter().map(|action| action.id.as_str()).collect();
    assert_eq!(offered, ["verify-identity", "chase", "link", "merge", "split", "withdraw"]);
}
