//! The HTTP edge, with a stand-in for intake behind it and nobody else.

use super::{
    fake_intake::{FakeIntake, nobody, serve},
    fake_notification::{self, FakeNotification},
};
use crate::{routes, samples};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(super) struct Got {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Got {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn console() -> (Router, FakeIntake) {
    let fake = FakeIntake::default();
    let source = serve(fake.clone()).await;
    (routes::router(&samples::app(source)), fake)
}

pub(super) async fn ask(
    router: &Router,
    method: &str,
    uri: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Got {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Got { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

async fn get(router: &Router, uri: &str) -> Got {
    ask(router, "GET", uri, &[], "").await
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
pub(super) const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn the_first_page_lists_the_branches_and_keeps_to_itself() {
    let (router, _) = console().await;
    let got = get(&router, "/").await;
    assert_eq!(got.status, 200);
    assert!(got.text.contains("翠湖花园管理处") && got.text.contains("/hand-in?unit=b03"));
    assert!(got.header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(got.header("referrer-policy"), "no-referrer");
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert_eq!(got.headers.get(header::SET_COOKIE), None);
}

#[tokio::test]
async fn a_language_chosen_in_the_address_is_remembered() {
    let (router, _) = console().await;
    let got = get(&router, "/?lang=en").await;
    assert!(got.text.contains("<html lang=\"en\">") && got.header("set-cookie").starts_with("lang=en;"));
    let got = ask(&router, "GET", "/", &[("cookie", "lang=en")], "").await;
    assert!(got.text.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn handing_in_twice_with_one_form_gives_one_receipt() {
    let (router, fake) = console().await;
    let page = get(&router, "/hand-in?unit=b03").await;
    let id = page.text.split("name=\"request_id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let body = format!("request_id={id}&unit_id=b03&kind=complaint&subject=a&narrative=b&identity.phone=13800001111");
    for is_repeat in [false, true] {
        let got = ask(&router, "POST", "/hand-in", &[FORM], body.clone()).await;
        assert_eq!(got.status, 200);
        assert!(got.text.contains("1234-5678-9012-3456"));
        assert_eq!(got.text.contains("没有重复登记"), is_repeat);
        assert_eq!(got.header("cache-control"), "no-store");
    }
    let seen = fake.seen.lock().unwrap();
    assert_eq!(seen.len(), 1);
    let message = seen.values().next().unwrap();
    assert_eq!((message.channel.as_str(), message.identity.as_ref().unwrap().phone.as_str()), ("web", "13800001111"));
}

#[tokio::test]
async fn a_refused_hand_in_comes_back_with_everything_typed() {
    let (router, _) = console().await;
    let body = "request_id=r&unit_id=b03&kind=suggestion&subject=%E7%94%B5%E6%A2%AF&facts.flag.injury=false";
    let got = ask(&router, "POST", "/hand-in", &[FORM], body).await;
    assert_eq!(got.status, 422);
    assert!(got.text.contains("value=\"电梯\"") && got.text.contains("请写明经过"));
    assert!(got.text.contains("<option value=\"suggestion\" selected>"));
    let got = ask(&router, "POST", "/hand-in", &[FORM], "request_id=r&unit_id=b03&facts.number.times_raised=x").await;
    assert_eq!(got.status, 422);
    assert!(got.text.contains("请填写整数"));
}

#[tokio::test]
async fn a_form_from_a_foreign_page_is_refused() {
    let (router, _) = console().await;
    let foreign = ("sec-fetch-site", "cross-site");
    let got = ask(&router, "POST", "/hand-in", &[FORM, foreign], "unit_id=b03").await;
    assert_eq!(got.status, 403);
    assert!(got.text.contains("foreign-origin"));
}

#[tokio::test]
async fn a_case_is_followed_by_its_code_and_a_wrong_code_is_told() {
    let (router, _) = console().await;
    let got = ask(&router, "POST", "/follow", &[FORM], "code=1234-5678-9012-3456").await;
    assert_eq!(got.status, 200);
    assert!(got.text.contains("TS-1") && got.text.contains("aria-current=\"step\""));
    assert!(got.text.contains("name=\"code\" value=\"1234567890123456\""));
    assert_eq!(got.headers.get(header::SET_COOKIE), None);
    let got = ask(&router, "POST", "/follow", &[FORM], "code=1").await;
    assert_eq!(got.status, 404);
    assert!(got.text.contains("查询码不正确"));
    let got = ask(&router, "POST", "/follow/withdraw", &[FORM], "code=1234567890123456&request_id=r").await;
    assert_eq!(got.status, 422);
    assert!(got.text.contains("请先勾选"));
    let body = "code=1234567890123456&request_id=r&confirm=true";
    let got = ask(&router, "POST", "/follow/withdraw", &[FORM], body).await;
    assert!(got.text.contains("已撤回。"));
}

#[tokio::test]
async fn the_holder_of_the_code_chases_rates_and_appeals() {
    let (router, _) = console().await;
    let code = "code=1234567890123456&request_id=r";
    let post = async |path: &str, more: &str| ask(&router, "POST", path, &[FORM], format!("{code}{more}")).await;
    assert!(post("/follow/chase", "").await.text.contains("催问已收到"));
    let got = post("/follow/rate", "&satisfaction=furious&text=x").await;
    assert_eq!(got.status, 422);
    assert!(post("/follow/rate", "&satisfaction=satisfied").await.text.contains("评价已收到"));
    assert!(post("/follow/appeal", "&tier=review&reasons=x").await.text.contains("申诉已收到"));
    let key = ("idempotency-key", "k");
    let body = r#"{"receipt_code": "1234-5678-9012-3456", "tier": "review"}"#;
    let got = ask(&router, "POST", "/api/v1/appeal", &[JSON, key], body).await;
    assert_eq!((got.status.as_u16(), got.json()["tier"].as_str()), (200, Some("review")));
}

#[tokio::test]
async fn pages_that_are_not_there_answer_in_the_language_asked_for() {
    let (router, _) = console().await;
    let english = ("accept-language", "en");
    let got = ask(&router, "GET", "/nowhere", &[english], "").await;
    assert_eq!(got.status, 404);
    assert!(got.text.contains("There is no such page") && got.text.contains("<html lang=\"en\">"));
    let got = ask(&router, "PUT", "/follow", &[], "").await;
    assert_eq!(got.status, 405);
    assert!(got.text.contains("不接受这种请求方法") && got.header("allow").contains("POST"));
    let got = ask(&router, "DELETE", "/api/v1/hand-ins", &[english], "").await;
    assert_eq!((got.status.as_u16(), got.json()["code"].as_str()), (405, Some("method-not-allowed")));
    assert_eq!(got.header("content-type"), "application/problem+json");
    let got = get(&router, "/hand-in?unit=b99").await;
    assert_eq!(got.status, 404);
    assert!(got.text.contains("没有这个受理单位"));
}

#[tokio::test]
async fn the_desk_asks_who_it_is_and_the_api_says_so() {
    let (router, _) = console().await;
    let got = get(&router, "/desk/cases/case_1").await;
    assert_eq!(got.status, 303);
    assert_eq!(got.header("location"), "/sign-in?next=/desk/cases/case_1");
    let got = get(&router, "/api/v1/queue").await;
    assert_eq!((got.status.as_u16(), got.header("www-authenticate")), (401, "Bearer"));
    assert_eq!(got.json()["code"], "signed-out");
}

#[tokio::test]
async fn the_api_takes_a_hand_in_once_and_names_what_is_wrong() {
    let (router, _) = console().await;
    let key = ("idempotency-key", "k1");
    let body = json!({"unit_id": "b03", "kind": "complaint", "subject": "a", "narrative": "b"}).to_string();
    let got = ask(&router, "POST", "/api/v1/hand-ins", &[JSON, key], body.clone()).await;
    assert_eq!((got.status.as_u16(), got.json()["receipt_code"].as_str()), (201, Some("1234567890123456")));
    let again = ask(&router, "POST", "/api/v1/hand-ins", &[JSON, key], body.clone()).await;
    assert_eq!(again.json()["is_repeat"], true);
    let got = ask(&router, "POST", "/api/v1/hand-ins", &[JSON], body).await;
    assert_eq!((got.status.as_u16(), got.json()["code"].as_str()), (400, Some("idempotency-key")));
    let wrong = json!({"unit_id": 3, "colour": "red", "identity": {"fax": "1"}}).to_string();
    let got = ask(&router, "POST", "/api/v1/hand-ins", &[JSON, key, ("accept-language", "en")], wrong).await;
    assert_eq!(got.status, 422);
    let problem = got.json();
    let mut fields: Vec<_> =
        problem["fields"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["colour", "identity.fax", "unit_id"]);
    assert_eq!(problem["title"], "Needs attention");
    let got = ask(&router, "POST", "/api/v1/hand-ins", &[JSON, key], vec![b' '; 2 << 20]).await;
    assert_eq!((got.status.as_u16(), got.json()["code"].as_str()), (413, Some("too-large")));
}

#[tokio::test]
async fn no_broken_request_is_ever_our_fault() {
    let (router, _) = console().await;
    let key = ("idempotency-key", "k");
    let bearer = ("authorization", "Bearer x");
    let requests: Vec<(&str, &str, Vec<(&str, &str)>, Vec<u8>)> = vec![
        ("POST", "/hand-in", vec![FORM], b"unit_id=%FF".to_vec()),
        ("POST", "/hand-in", vec![JSON], b"{}".to_vec()),
        ("POST", "/hand-in", vec![FORM], vec![b'a'; 2 << 20]),
        ("GET", "/hand-in?unit=%", vec![], vec![]),
        ("GET", "/desk/cases/%FF", vec![], vec![]),
        ("GET", "/assets/..%2Fsecret", vec![], vec![]),
        ("POST", "/api/v1/follow", vec![JSON], b"{\"receipt_code\":\"\xff\"}".to_vec()),
        ("POST", "/api/v1/follow", vec![JSON], b"[[[[".to_vec()),
        ("GET", "/api/v1/doors?branch=1", vec![], vec![]),
        ("GET", "/api/v1/cases/%FF", vec![bearer], vec![]),
        ("POST", "/api/v1/cases/case_1/sign", vec![bearer, key, JSON], b"{\"version\":\"x\"}".to_vec()),
        ("POST", "/api/v1/cases/case_1/fly", vec![bearer, key, JSON], b"{}".to_vec()),
        ("GET", "/api/v1/me", vec![("authorization", "Basic eA==")], vec![]),
    ];
    for (method, uri, headers, body) in requests {
        let got = ask(&router, method, uri, &headers, body).await;
        assert!(got.status.is_client_error() || got.status.is_redirection(), "{method} {uri}: {}", got.status);
        let kind = got.header("content-type").to_owned();
        let is_ours =
            kind.starts_with("text/html") || kind == "application/problem+json" || got.status.is_redirection();
        assert!(is_ours, "{method} {uri}: {kind}: {}", got.text);
    }
}

#[tokio::test]
async fn a_case_is_shown_with_what_is_missing_when_services_are_away() {
    let (router, _) = console().await;
    let got = ask(&router, "GET", "/api/v1/cases/case_1", &[("authorization", "Bearer x")], "").await;
    assert_eq!(got.status, 200);
    let case = got.json();
    assert_eq!(case["number"], "TS-1");
    assert!(case["missing"].as_array().unwrap().len() >= 5);
    let got = ask(&router, "GET", "/api/v1/cases/case_2", &[("authorization", "Bearer x")], "").await;
    assert_eq!((got.status.as_u16(), got.json()["code"].as_str()), (404, Some("unknown-case")));
}

#[tokio::test]
async fn the_first_page_stands_when_nobody_answers() {
    let router = routes::router(&samples::app(nobody()));
    let got = get(&router, "/").await;
    assert_eq!(got.status, 200);
    assert!(got.text.contains("暂时读不到单位列表"));
    let got = get(&router, "/api/v1/doors").await;
    assert_eq!((got.status.as_u16(), got.header("content-type")), (503, "application/problem+json"));
}

#[tokio::test]
async fn the_document_and_the_style_sheet_are_served() {
    let (router, _) = console().await;
    assert_eq!(get(&router, "/openapi.json").await.json()["openapi"], "3.1.0");
    let home = get(&router, "/").await.text;
    let sheet = home.split("href=\"/assets/").nth(1).unwrap().split('"').next().unwrap();
    let got = get(&router, &format!("/assets/{sheet}")).await;
    assert!(got.header("content-type").starts_with("text/css") && got.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn three_readers_of_linked_cases_see_what_each_may() {
    let (router, _) = console().await;
    let seen = async |who: &str, path: &str| {
        let bearer = format!("Bearer {who}");
        ask(&router, "GET", &format!("/api/v1/cases/{path}"), &[("authorization", bearer.as_str())], "").await
    };
    let both = seen("both", "case_1/joint").await;
    assert_eq!(both.status, 200);
    let numbers: Vec<Value> =
        both.json()["cases"].as_array().unwrap().iter().map(|one| one["number"].clone()).collect();
    assert_eq!(numbers, ["TS-1", "TS-2"]);
    assert_eq!(seen("both", "case_1").await.json()["linked"][0]["number"], "TS-2");
    // Whoever may read one alone is told what they would be told of a case that is linked to none.
    let (one, none) = (seen("one", "case_1/joint").await, seen("both", "case_3/joint").await);
    assert_eq!((one.status, one.json()["code"].clone()), (none.status, none.json()["code"].clone()));
    assert_eq!((one.status.as_u16(), one.json()["code"].as_str()), (404, Some("nothing-linked")));
    let case = seen("one", "case_1").await;
    assert!(
        !case.text.contains("TS-2") && !case.text.contains("case_2") && !case.text.contains("twin"),
        "{}",
        case.text
    );
    for path in ["case_1", "case_1/joint"] {
        let excluded = seen("excluded", path).await;
        assert_eq!((excluded.status.as_u16(), excluded.json()["code"].as_str()), (404, Some("unknown-case")));
    }
}

#[tokio::test]
async fn a_survey_is_answered_without_a_name_a_cookie_or_a_second_count() {
    let fake = FakeNotification::default();
    let router = routes::router(&samples::app(fake_notification::serve(fake.clone(), nobody()).await));
    let page = get(&router, "/survey/k7m2pq9x4t").await;
    assert_eq!((page.status.as_u16(), page.headers.get(header::SET_COOKIE)), (200, None));
    let sheet = page.text.split("name=\"request_id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let send = async |answers: &str| {
        ask(&router, "POST", "/survey/k7m2pq9x4t", &[FORM], format!("request_id={sheet}&{answers}")).await
    };
    let wrong = send("answers.wishes=%E7%81%AF").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("请选择一项") && wrong.text.contains("灯"), "what was written is kept");
    assert!(wrong.text.contains(&format!("value=\"{sheet}\"")), "the same sheet is sent again");
    for _ in 0..2 {
        let done = send("answers.overall=good&answers.wishes=%E7%81%AF").await;
        assert!(done.status == 200 && done.text.contains("没有记下您是谁"), "{}", done.text);
        assert_eq!(done.headers.get(header::SET_COOKIE), None);
    }
    let counted = fake.sheets.lock().unwrap().clone();
    assert_eq!(counted.len(), 1);
    assert_eq!(counted[sheet]["wishes"], "灯");
    assert_eq!(get(&router, "/survey/other").await.status, 404);
    let foreign = [FORM, ("sec-fetch-site", "cross-site")];
    assert_eq!(ask(&router, "POST", "/survey/k7m2pq9x4t", &foreign, "answers.overall=good").await.status, 403);
    let body = json!({"answers": {"overall": "good"}}).to_string();
    let api = |key: &'static str| [JSON, ("idempotency-key", key)];
    assert_eq!(ask(&router, "POST", "/api/v1/survey/k7m2pq9x4t", &api("s1"), body.clone()).await.status, 200);
    assert_eq!(
        ask(&router, "POST", "/api/v1/survey/k7m2pq9x4t", &[JSON], body).await.status,
        400,
        "a sheet has a name"
    );
    assert_eq!(get(&router, "/api/v1/survey/k7m2pq9x4t").await.json()["questions"][0]["id"], "overall");
}
