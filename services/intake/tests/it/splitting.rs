//! A matter that turns out to be of two kinds: it is split later as it would have been at hand-in, under one receipt.

use crate::{
    harness::{House, code, told, uuid},
    pack,
    parties::petition,
};
use contracts::{
    Fact,
    intake::{
        FollowRequest, FollowResponse, GetCaseRequest, ReadTextsRequest, RevealIdentityRequest, SplitRequest,
        SplitResponse, SupplementRequest, WithdrawRequest,
    },
};
use facts::Happened;
use kit_core::Problem;

fn into(request_id: &str, case_id: &str, kind: &str) -> SplitRequest {
    SplitRequest {
        request_id: request_id.to_owned(),
        case_id: case_id.to_owned(),
        kind: kind.to_owned(),
        regime_id: String::new(),
        reason: "另涉服务投诉".to_owned(),
    }
}

async fn split(house: &House, staff: &str, request: SplitRequest) -> Result<SplitResponse, Problem> {
    told(house.client.clone().split(house.by(staff, request)).await)
}

async fn follow(house: &House, code: &str, number: &str) -> Result<FollowResponse, Problem> {
    let request = FollowRequest { receipt_code: code.to_owned(), number: number.to_owned() };
    told(house.client.clone().follow(request).await)
}

async fn kinds_offered(house: &House, case_id: &str) -> Vec<String> {
    let request = house.by(&pack::receptionist(), GetCaseRequest { case_id: case_id.to_owned() });
    let case = told(house.client.clone().get_case(request).await).unwrap();
    let is_offered = case.actions.iter().any(|action| action.id == "split");
    assert_eq!(is_offered, !case.split_into.is_empty());
    case.split_into.into_iter().map(|one| format!("{} {}", one.regime_id, one.kind)).collect()
}

#[tokio::test]
async fn what_is_of_another_kind_becomes_a_case_of_its_own_under_the_regime_that_takes_it() {
    let house = House::open_bureau().await;
    let origin = house.hand_in(petition("r-1")).await.unwrap();
    let (case, desk) = (origin.case_id.as_str(), pack::receptionist());
    let more = SupplementRequest {
        request_id: "s-1".to_owned(),
        receipt_code: origin.receipt_code.clone(),
        text: "还有一张照片".to_owned(),
        ..Default::default()
    };
    told(house.client.clone().supplement(more).await).unwrap();
    house.clock.advance(chrono::TimeDelta::days(3));
    assert_eq!(kinds_offered(&house, case).await, ["bureau report", "front-desk complaint", "front-desk suggestion"]);
    let excluded = pack::head();
    house.edit_view(case, |view| view.excluded.extend([excluded])).await;
    let new = split(&house, &desk, into("p-1", case, "complaint")).await.unwrap();
    assert_eq!(split(&house, &desk, into("p-1", case, "complaint")).await.unwrap(), new);
    assert_eq!((new.number.as_str(), house.count("cases").await), ("TS-b03-2026-00001", 2));
    let (first, twin) = (house.view(case).await, house.view(&new.case_id).await);
    assert_eq!((twin.regime_id.as_str(), twin.kind.as_str()), ("front-desk", "complaint"));
    assert_eq!(twin.received_at, first.received_at, "it was received when it came");
    assert_eq!((twin.identity.as_str(), twin.reach.clone(), twin.is_anonymous), ("named", first.reach.clone(), false));
    assert_eq!((twin.complainant.as_str(), twin.respondent.as_str()), ("", ""), "that regime has no words for them");
    assert!(twin.excluded.contains(&pack::head()), "whoever may not read the one reads not the other");
    assert_eq!(twin.links, [("twin".to_owned(), case.to_owned())]);
    assert_eq!(first.links, [("twin".to_owned(), new.case_id.clone())]);
    let Some(Fact::CaseLinked(link)) = house.facts(case).await.pop() else { panic!("no link") };
    assert_eq!((link.staff_id, link.reason.is_some()), (desk.clone(), true));
    let words: Vec<&str> = house.facts(&new.case_id).await.iter().map(Fact::word).collect();
    assert_eq!(words, ["case-registered", "case-linked"], "the submission was told once");

    // What was said, and by whom, opens under the new keys.
    let read = ReadTextsRequest { case_id: new.case_id.clone(), reason: "受理".to_owned(), ..Default::default() };
    let texts = told(house.client.clone().read_texts(house.by(&desk, read)).await).unwrap().texts;
    let said = |purpose: &str| texts.iter().find(|text| text.purpose == purpose).map(|text| text.text.as_str());
    assert_eq!((said("supplement"), said("respondent-name")), (Some("还有一张照片"), Some("某商场")));
    assert!(said("narrative").is_some_and(|text| text.starts_with("三号楼")));
    let (case_id, field, reason) = (new.case_id.clone(), "phone".to_owned(), "核实".to_owned());
    let reveal = house.by(&pack::manager(), RevealIdentityRequest { case_id, field, reason });
    assert_eq!(told(house.client.clone().reveal_identity(reveal).await).unwrap().value, "13800138000");
    let alike = async |case_id: &str| -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM likeness WHERE case_id = $1").bind(uuid(case_id));
        count.fetch_one(&house.pool).await.unwrap()
    };
    assert!(alike(case).await > 0 && alike(case).await == alike(&new.case_id).await);
    assert_eq!(kinds_offered(&house, case).await, ["bureau report", "front-desk suggestion"]);
}

#[tokio::test]
async fn one_code_opens_both_and_each_goes_its_own_way() {
    let house = House::open_bureau().await;
    let origin = house.hand_in(petition("r-1")).await.unwrap();
    let (code_of_both, desk) = (origin.receipt_code.as_str(), pack::receptionist());
    let new = split(&house, &desk, into("p-1", &origin.case_id, "report")).await.unwrap();
    assert!(house.view(&new.case_id).await.is_sealed && !house.view(&origin.case_id).await.is_sealed);
    let seen = follow(&house, code_of_both, "").await.unwrap();
    assert_eq!((seen.number.as_str(), seen.others.len()), (origin.number.as_str(), 1));
    assert_eq!((seen.others[0].number.as_str(), seen.others[0].kind.as_str()), (new.number.as_str(), "report"));
    let seen = follow(&house, code_of_both, &new.number).await.unwrap();
    assert_eq!((seen.number.as_str(), seen.others[0].number.as_str()), (new.number.as_str(), origin.number.as_str()));
    assert_eq!(code(follow(&house, code_of_both, "XF-b03-2026-09999").await), "unknown-number");
    let stranger = house.hand_in(petition("r-2")).await.unwrap();
    assert_eq!(code(follow(&house, &stranger.receipt_code, &new.number).await), "unknown-number");
    let back = WithdrawRequest {
        request_id: "w-1".to_owned(),
        receipt_code: code_of_both.to_owned(),
        number: new.number.clone(),
        ..Default::default()
    };
    // The report goes on all the same; the petition hears nothing of it.
    assert_eq!(told(house.client.clone().withdraw(back).await).unwrap().then, "go-on");
    assert!(house.view(&new.case_id).await.has_word("case-withdrawn"));
    assert!(!house.view(&origin.case_id).await.has_word("case-withdrawn"));
    // The twin may be split as well: it knows what the others of the submission are.
    assert_eq!(code(split(&house, &desk, into("p-2", &new.case_id, "petition")).await), "already-split");
    split(&house, &desk, into("p-3", &new.case_id, "suggestion")).await.unwrap();
    assert_eq!(follow(&house, code_of_both, "").await.unwrap().others.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_split_is_refused_with_its_reason() {
    let house = House::open_bureau().await;
    let case = house.hand_in(petition("r-1")).await.unwrap().case_id;
    let desk = pack::receptionist();
    for (n, (staff, request, expected)) in [
        (pack::stranger(), into("", &case, "report"), "unknown-case"),
        (pack::manager(), into("", &case, "report"), "not-permitted"),
        (desk.clone(), into("", &case, "reprot"), "unknown-kind"),
        (desk.clone(), into("", &case, "petition"), "already-split"),
        (desk.clone(), SplitRequest { regime_id: "bureua".to_owned(), ..into("", &case, "report") }, "unknown-regime"),
        (desk.clone(), SplitRequest { regime_id: "bureau".to_owned(), ..into("", &case, "complaint") }, "unknown-kind"),
        (desk.clone(), SplitRequest { reason: " ".to_owned(), ..into("", &case, "report") }, "missing-field"),
    ]
    .into_iter()
    .enumerate()
    {
        let request = SplitRequest { request_id: format!("x-{n}"), ..request };
        assert_eq!(code(split(&house, &staff, request).await), expected, "{n}");
    }
    let problem = split(&house, &desk, into("x-8", &case, "reprot")).await.unwrap_err();
    assert!(problem.fields[0].field == "kind" && problem.text.en.contains("report"), "{problem:?}");
    let closed = |at| Happened { word: "case-closed".to_owned(), arg: None, at, lapsed: false, dated: false };
    house.edit_view(&case, |view| view.history.push(closed(view.received_at))).await;
    assert_eq!(code(split(&house, &desk, into("x-9", &case, "report")).await), "already-closed");
    assert_eq!((house.count("cases").await, house.count("case_keys").await), (1, 2));
}
