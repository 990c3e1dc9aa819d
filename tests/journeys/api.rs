//! The JSON API: what it takes, and that whatever else it is given gets a specific answer and changes nothing.

use serde_json::{Value, json};
use system_tests::House;

fn good() -> Value {
    json!({ "unit_id": "b01", "channel": "web", "kind": "complaint", "subject": "电梯停运", "narrative": "停了三天", "identity": { "phone": "12000000001" } })
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = good();
    change(&mut body);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_is_handed_in_and_followed_over_json() {
    let house = House::open().await;
    let (status, receipt) = house.post("/api/v1/hand-ins", "first", &good()).await;
    assert_eq!(status, 201, "{receipt}");
    let (_, again) = house.post("/api/v1/hand-ins", "first", &good()).await;
    assert_eq!(again["number"], receipt["number"]);
    assert_eq!(again["receipt_code"], receipt["receipt_code"]);
    let (status, followed) =
        house.post("/api/v1/follow", "", &json!({ "receipt_code": receipt["receipt_code"] })).await;
    assert_eq!(status, 200, "{followed}");
    assert_eq!(followed["number"], receipt["number"]);
    let (status, problem) = house.post("/api/v1/hand-ins", "first", &with(|b| b["subject"] = json!("另一件"))).await;
    assert_eq!(status, 409, "{problem}");
    let document = house.get("/openapi.json").await;
    assert!(document["paths"]["/api/v1/hand-ins"]["post"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_told_by_field_and_never_registers_anything() {
    let house = House::open().await;
    let cases = [
        ("an unknown field", with(|b| b["subjekt"] = json!("x")), "subjekt"),
        ("no narrative", with(|b| b["narrative"] = json!("")), "narrative"),
        ("a text over the limit", with(|b| b["narrative"] = json!("长".repeat(20_001))), "narrative"),
        ("a NUL byte", with(|b| b["narrative"] = json!("a\u{0}b")), "narrative"),
        ("a date that is none", with(|b| b["asked_by"] = json!("2026-02-30")), "asked_by"),
        ("an unknown branch", with(|b| b["unit_id"] = json!("b0x1")), "unit_id"),
        ("an unknown kind", with(|b| b["kind"] = json!("complant")), "kind"),
        ("a door that is not there", with(|b| b["channel"] = json!("fax")), "channel"),
        ("a wrong type", with(|b| b["subject"] = json!(7)), "subject"),
    ];
    for (what, body, field) in cases {
        for language in ["zh", "en"] {
            let (status, problem) =
                house.post_in(language, "/api/v1/hand-ins", what.replace(' ', "-").as_str(), &body).await;
            assert!((400..500).contains(&status), "{what}: {status} {problem}");
            assert!(problem.to_string().contains(field), "{what} does not name `{field}`: {problem}");
        }
    }
    assert_eq!(house.statistics("b01").await.received, 0);
}

/// One file as a form sends it.
fn upload(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n");
    [head.as_bytes(), content, b"\r\n--x--\r\n"].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_sealed_if_it_is_what_its_name_says_and_given_out_to_whoever_may_read_it() {
    let house = House::open().await;
    let receipt = house.hand_in(|_| {}).await;
    house.settle().await;
    let sign_in = async |login: &str| {
        let (_, session) =
            house.post("/api/v1/sessions", "", &json!({"login": login, "password": "demo for tests"})).await;
        session["token"].as_str().unwrap().to_owned()
    };
    let (general, other) = (sign_in("b01.general").await, sign_in("b02.general").await);
    let path = format!("/api/v1/cases/{}/files", receipt.case_id);
    let seal = async |token: &str, name: &str, content: &[u8]| {
        let (status, answer) =
            house.post_as(token, &path, "multipart/form-data; boundary=x", upload(name, content)).await;
        (status, serde_json::from_slice::<Value>(&answer).unwrap())
    };
    let large = [b"%PDF-1.7".to_vec(), vec![0; 10 * 1024 * 1024]].concat();
    for (name, content, code) in [
        ("程序.exe", &b"MZ"[..], "unknown-file-type"),
        ("扫描.pdf", b"GIF89a", "not-of-its-type"),
        ("空.pdf", b"", "empty-file"),
        ("大.pdf", &large, "file-too-large"),
    ] {
        let (status, problem) = seal(&general, name, content).await;
        assert_eq!((status, problem["code"].as_str()), (422, Some(code)), "{name}: {problem}");
        assert!(problem["fields"][0]["message"].as_str().unwrap().contains(name), "{problem}");
    }
    let content = b"%PDF-1.7\n\0\xff";
    let (status, sealed) = seal(&general, "扫描.pdf", content).await;
    assert_eq!(status, 201, "{sealed}");
    assert_eq!(seal(&general, "扫描.pdf", content).await.1, sealed, "the same key, the same file");
    assert_eq!(seal(&other, "扫描.pdf", content).await.0, 404, "another branch knows of no such case");
    let path = format!("/api/v1/cases/{}/read-file", receipt.case_id);
    let read = async |token: &str, reason: &str| {
        let body = json!({"ref_id": sealed["files"][0]["ref_id"], "reason": reason}).to_string();
        house.post_as(token, &path, "application/json", body.into_bytes()).await
    };
    assert_eq!(read(&general, "").await.0, 422, "a reason is needed");
    assert_eq!(read(&general, "核对").await, (200, content.to_vec()));
    assert_eq!(read(&other, "核对").await.0, 404);
    house.wait_for(&receipt.case_id, "narrative-read").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_requests_get_a_problem_and_never_a_500() {
    let house = House::open().await;
    for (what, body, least) in [
        ("no JSON", b"{".to_vec(), 400),
        ("broken UTF-8", b"{\"subject\":\"\xff\xfe\"}".to_vec(), 400),
        ("an array", b"[]".to_vec(), 400),
        ("two megabytes", vec![b' '; 2_000_000], 413),
    ] {
        let (status, text) = house.post_raw("/api/v1/hand-ins", body).await;
        assert!(status >= least && status < 500, "{what}: {status} {text}");
        assert!(text.contains("\"code\""), "{what}: {text}");
    }
    for code in ["", "12", "abcd", "0000 0000 0000 0000", "１２３４"] {
        let (status, problem) = house.post("/api/v1/follow", "", &json!({ "receipt_code": code })).await;
        assert!((400..500).contains(&status), "{code}: {status} {problem}");
    }
    let (status, _) = house.post("/api/v1/nowhere", "", &json!({})).await;
    assert_eq!(status, 404);
}
