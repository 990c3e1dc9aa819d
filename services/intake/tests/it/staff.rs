//! What staff may do with a case here, and what is in the log when they have done it.

use crate::{
    harness::{House, code, plain, told},
    pack,
};
use contracts::{
    common::Envelope,
    intake::{
        GetCaseRequest, GetContactRequest, HandInRequest, IdentityRead, NarrativeRead, ReadTextsRequest,
        RevealIdentityRequest, SealTextRequest, SupplementRequest, WithdrawRequest,
    },
};
use kit_core::Class;
use prost::Message;

async fn last<M: Message + Default>(house: &House) -> M {
    let bytes: Vec<u8> = sqlx::query_scalar("SELECT envelope FROM event_log ORDER BY partition DESC, seq DESC LIMIT 1")
        .fetch_one(&house.pool)
        .await
        .unwrap();
    M::decode(Envelope::decode(bytes.as_slice()).unwrap().data.as_slice()).unwrap()
}

fn phone(request_id: &str) -> HandInRequest {
    HandInRequest { channel: "phone".to_owned(), about_unit_id: Some("b03-eng".to_owned()), ..plain(request_id) }
}

#[tokio::test]
async fn only_the_role_of_the_pack_at_that_branch_records() {
    let house = House::open().await;
    house.hand_in_by(&pack::receptionist(), phone("r-1")).await.unwrap();
    for (n, staff) in [pack::stranger(), pack::head(), pack::manager(), pack::staff_id(99)].iter().enumerate() {
        let problem = house.hand_in_by(staff, phone(&format!("p-{n}"))).await.unwrap_err();
        assert_eq!((problem.class, problem.code.as_str()), (Class::Denied, "not-permitted"), "{n}");
        // The web door is open to the public, but whoever comes as staff needs the role there too.
        let problem = house.hand_in_by(staff, plain(&format!("w-{n}"))).await.unwrap_err();
        assert_eq!(problem.code, "not-permitted", "{n}");
    }
    let accused = HandInRequest { about_staff_ids: vec![pack::receptionist()], ..phone("r-2") };
    assert_eq!(code(house.hand_in_by(&pack::receptionist(), accused).await), "recorder-accused");
}

#[tokio::test]
async fn reading_needs_a_reason_and_is_in_the_log() {
    let house = House::open().await;
    let case_id = house.complaint("r-1").await.case_id;
    let read = |staff: String, reason: &str| {
        let request = ReadTextsRequest { case_id: case_id.clone(), reason: reason.to_owned(), ..Default::default() };
        let request = house.by(&staff, request);
        let mut client = house.client.clone();
        async move { told(client.read_texts(request).await) }
    };
    assert_eq!(code(read(pack::receptionist(), " ").await), "missing-field");
    assert_eq!(code(read(pack::stranger(), "好奇").await), "unknown-case");
    assert_eq!(house.events().await.len(), 2);
    let texts = read(pack::receptionist(), "受理前核对").await.unwrap().texts;
    let event: NarrativeRead = last(&house).await;
    assert_eq!((event.case_id.as_str(), event.staff_id), (case_id.as_str(), pack::receptionist()));
    assert_eq!(event.ref_ids, texts.iter().map(|text| text.ref_id.clone()).collect::<Vec<_>>());
    assert!(event.reason.is_some());

    house.edit_view(&case_id, |view| view.handler = Some(pack::head())).await;
    read(pack::head(), "").await.unwrap();
    let event: NarrativeRead = last(&house).await;
    assert_eq!((event.staff_id, event.reason), (pack::head(), None));
}

#[tokio::test]
async fn an_identity_is_revealed_field_by_field_with_a_reason_by_whoever_may() {
    let house = House::open().await;
    let case_id = house.complaint("r-1").await.case_id;
    let reveal = |staff: String, field: &str, reason: &str| {
        let request =
            RevealIdentityRequest { case_id: case_id.clone(), field: field.to_owned(), reason: reason.to_owned() };
        let request = house.by(&staff, request);
        let mut client = house.client.clone();
        async move { told(client.reveal_identity(request).await) }
    };
    assert_eq!(code(reveal(pack::manager(), "phone", "").await), "missing-field");
    assert_eq!(code(reveal(pack::manager(), "name,phone", "核实").await), "unknown-identity-field");
    assert_eq!(code(reveal(pack::manager(), "address", "核实").await), "identity-not-given");
    assert_eq!(code(reveal(pack::receptionist(), "phone", "核实").await), "not-permitted");
    assert_eq!(code(reveal(pack::stranger(), "phone", "核实").await), "unknown-case");
    assert_eq!(house.events().await.len(), 2);
    assert_eq!(reveal(pack::manager(), "phone", "电话核实").await.unwrap().value, "13800138000");
    let event: IdentityRead = last(&house).await;
    assert_eq!((event.staff_id, event.field.as_str()), (pack::manager(), "phone"));
    // The reason itself is sealed, and may be read by its name.
    let reason = event.reason.unwrap().ref_id;
    let request = ReadTextsRequest { case_id, ref_ids: vec![reason], reason: "抽查".to_owned() };
    let read = told(house.client.clone().read_texts(house.by(&pack::manager(), request)).await).unwrap();
    assert_eq!(read.texts[0].text, "电话核实");
}

#[tokio::test]
async fn a_text_of_staff_is_sealed_once_and_read_by_its_name() {
    let house = House::open().await;
    let (case_id, other) = (house.complaint("r-1").await.case_id, house.complaint("r-2").await.case_id);
    let seal = |staff: String, request_id: &str, purpose: &str, text: &str| {
        let request = SealTextRequest {
            request_id: request_id.to_owned(),
            case_id: case_id.clone(),
            purpose: purpose.to_owned(),
            text: text.to_owned(),
        };
        let request = house.by(&staff, request);
        let mut client = house.client.clone();
        async move { told(client.seal_text(request).await) }
    };
    let sealed = seal(pack::receptionist(), "t-1", "note", "现场查看").await.unwrap();
    assert_eq!(seal(pack::receptionist(), "t-1", "note", "现场查看").await.unwrap(), sealed);
    assert_eq!(code(seal(pack::receptionist(), "t-1", "note", "别的").await), "request-id-reused");
    assert_eq!(code(seal(pack::receptionist(), "t-2", "diary", "x").await), "unknown-purpose");
    assert_eq!(code(seal(pack::receptionist(), "t-3", "note", "").await), "missing-field");
    assert_eq!(code(seal(pack::receptionist(), "t-4", "note", &"长".repeat(20_001)).await), "text-too-long");
    assert_eq!(code(seal(pack::stranger(), "t-5", "note", "x").await), "unknown-case");
    let ref_id = sealed.r#ref.unwrap().ref_id;
    let read = |case_id: &str, ref_id: &str| {
        let request = ReadTextsRequest {
            case_id: case_id.to_owned(),
            ref_ids: vec![ref_id.to_owned()],
            reason: "核对".to_owned(),
        };
        let request = house.by(&pack::receptionist(), request);
        let mut client = house.client.clone();
        async move { told(client.read_texts(request).await) }
    };
    assert_eq!(read(&case_id, &ref_id).await.unwrap().texts[0].text, "现场查看");
    assert_eq!(code(read(&other, &ref_id).await), "unknown-text");
    assert_eq!(code(read(&case_id, "ref_x").await), "malformed-id");
    // An identity is not a text: its reference opens nothing here.
    let name: uuid::Uuid = sqlx::query_scalar("SELECT ref_id FROM sealed WHERE field = 'name' LIMIT 1")
        .fetch_one(&house.pool)
        .await
        .unwrap();
    assert_eq!(code(read(&case_id, &kit_ids::RefId::new(name).to_string()).await), "unknown-text");
}

#[tokio::test]
async fn to_the_accused_the_case_does_not_exist_by_any_path() {
    let house = House::open().await;
    let about = HandInRequest { about_staff_ids: vec![pack::receptionist()], ..plain("r-1") };
    let case_id = house.hand_in(about).await.unwrap().case_id;
    house.edit_view(&case_id, |view| view.handler = Some(pack::receptionist())).await;
    let by = pack::receptionist();
    let mut client = house.client.clone();
    let get = GetCaseRequest { case_id: case_id.clone() };
    assert_eq!(code(told(client.get_case(house.by(&by, get)).await)), "unknown-case");
    let read = ReadTextsRequest { case_id: case_id.clone(), reason: "x".to_owned(), ..Default::default() };
    assert_eq!(code(told(client.read_texts(house.by(&by, read)).await)), "unknown-case");
    let reveal = RevealIdentityRequest { case_id: case_id.clone(), field: "name".to_owned(), reason: "x".to_owned() };
    assert_eq!(code(told(client.reveal_identity(house.by(&by, reveal)).await)), "unknown-case");
    let seal = SealTextRequest {
        request_id: "t".to_owned(),
        case_id: case_id.clone(),
        purpose: "note".to_owned(),
        text: "x".to_owned(),
    };
    assert_eq!(code(told(client.seal_text(house.by(&by, seal)).await)), "unknown-case");
    let add = SupplementRequest {
        request_id: "s".to_owned(),
        case_id: case_id.clone(),
        text: "x".to_owned(),
        ..Default::default()
    };
    assert_eq!(code(told(client.supplement(house.by(&by, add)).await)), "unknown-case");
    let withdraw = WithdrawRequest { request_id: "w".to_owned(), case_id, ..Default::default() };
    assert_eq!(code(told(client.withdraw(house.by(&by, withdraw)).await)), "unknown-case");
    assert_eq!(house.events().await.len(), 2);
}

#[tokio::test]
async fn a_contact_is_for_notification_alone() {
    let house = House::open().await;
    let case = house.complaint("r-1").await;
    let contact =
        |way: &str| GetContactRequest { case_id: case.case_id.clone(), way: way.to_owned(), ..Default::default() };
    let mut client = house.client.clone();
    let answer = told(client.get_contact(house.by("service:notification", contact("email"))).await).unwrap();
    assert_eq!(
        (answer.address.as_str(), answer.number.as_str(), answer.language.as_str()),
        ("zhang.san@example.cn", case.number.as_str(), "zh")
    );
    assert_eq!(code(told(client.get_contact(house.by("service:notification", contact("visit"))).await)), "unknown-way");
    for (caller, expected) in [("service:triage".to_owned(), "not-permitted"), (pack::manager(), "service-only")] {
        assert_eq!(code(told(client.get_contact(house.by(&caller, contact("email"))).await)), expected);
    }
    assert_eq!(code(told(client.get_contact(contact("email")).await)), "sign-in-needed");
}

#[tokio::test]
async fn a_case_tells_which_fields_exist_and_what_may_be_done() {
    let house = House::open().await;
    let case_id = house.complaint("r-1").await.case_id;
    let get = |staff: &str| house.by(staff, GetCaseRequest { case_id: case_id.clone() });
    let mut client = house.client.clone();
    let case = told(client.get_case(get(&pack::manager())).await).unwrap();
    assert_eq!(case.identity_fields, ["email", "name", "phone"]);
    assert_eq!(
        case.actions.iter().map(|a| (a.id.as_str(), a.is_allowed)).collect::<Vec<_>>(),
        [("reveal-identity", true)]
    );
    let case = told(client.get_case(get(&pack::receptionist())).await).unwrap();
    let offered: Vec<(&str, bool)> = case.actions.iter().map(|a| (a.id.as_str(), a.is_allowed)).collect();
    assert_eq!(offered, [("split", true), ("withdraw", true)]);
    assert_eq!(code(told(client.get_case(get(&pack::stranger())).await)), "unknown-case");
    assert_eq!(code(told(client.get_case(GetCaseRequest { case_id: case_id.clone() }).await)), "sign-in-needed");
    let absent = GetCaseRequest { case_id: kit_ids::CaseId::new(uuid::Uuid::from_u128(9)).to_string() };
    assert_eq!(code(told(client.get_case(house.by(&pack::manager(), absent)).await)), "unknown-case");
    let nonsense = GetCaseRequest { case_id: "case_\u{0}".to_owned() };
    assert_eq!(code(told(client.get_case(house.by(&pack::manager(), nonsense)).await)), "malformed-id");
}
