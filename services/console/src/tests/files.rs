//! Files over the JSON API, with a stand-in for intake behind it.

use super::{
    fake_intake::{FakeIntake, serve},
    http::{Got, JSON, ask},
};
use crate::{routes, samples};
use axum::Router;
use serde_json::json;

const BEARER: (&str, &str) = ("authorization", "Bearer x");
const KEY: (&str, &str) = ("idempotency-key", "k1");
const PARTS: (&str, &str) = ("content-type", "multipart/form-data; boundary=x");
const SEAL: &str = "/api/v1/cases/case_1/files";
const READ: &str = "/api/v1/cases/case_1/read-file";

async fn console() -> (Router, FakeIntake) {
    let fake = FakeIntake::default();
    (routes::router(&samples::app(serve(fake.clone()).await)), fake)
}

/// One part of a form; a file where it has the name of one.
fn part(name: &str, file: Option<&str>, content: &[u8]) -> Vec<u8> {
    let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), b"--x--\r\n".to_vec()].concat()
}

fn scan() -> Vec<u8> {
    form(&[part("files", Some("扫描.pdf"), b"%PDF-1.7\n\0"), part("files", Some("b.pdf"), b"%PDF-1.4")])
}

/// The status, the code of the problem, and the names of the fields it is told at.
fn told(got: &Got) -> (u16, String, Vec<String>) {
    let problem = got.json();
    let fields = problem["fields"].as_array().unwrap().iter();
    let fields = fields.map(|field| field["field"].as_str().unwrap().to_owned()).collect();
    (got.status.as_u16(), problem["code"].as_str().unwrap().to_owned(), fields)
}

#[tokio::test]
async fn files_are_sealed_once_under_a_key_and_given_out_on_a_reason() {
    let (router, fake) = console().await;
    for _ in 0..2 {
        let got = ask(&router, "POST", SEAL, &[PARTS, KEY, BEARER], scan()).await;
        let files =
            json!({"files": [{"ref_id": "k1-file-0", "name": "扫描.pdf"}, {"ref_id": "k1-file-1", "name": "b.pdf"}]});
        assert_eq!((got.status.as_u16(), got.json()), (201, files));
    }
    assert_eq!(fake.files.lock().unwrap().len(), 2);
    let bare = json!({"ref_id": "k1-file-0"});
    let got = ask(&router, "POST", READ, &[JSON, BEARER], bare.to_string()).await;
    assert_eq!(told(&got), (422, "reason-needed".into(), vec!["reason".into()]));
    let said = json!({"ref_id": "k1-file-0", "reason": "核对"});
    let got = ask(&router, "POST", READ, &[JSON, BEARER], said.to_string()).await;
    assert_eq!(
        (got.status.as_u16(), got.header("content-type"), got.text.as_str()),
        (200, "application/pdf", "%PDF-1.7\n\0")
    );
    assert!(got.header("content-disposition").ends_with("%E6%89%AB%E6%8F%8F%2E%70%64%66"), "{:?}", got.headers);
    assert_eq!(ask(&router, "POST", READ, &[JSON, BEARER], r#"{"ref_id": "k2", "reason": "x"}"#).await.status, 404);
}

#[tokio::test]
async fn what_is_no_file_is_told_in_the_language_asked_for_and_nothing_is_sealed() {
    let (router, fake) = console().await;
    let english = ("accept-language", "en");
    let send = async |headers: &[(&str, &str)], body: Vec<u8>| ask(&router, "POST", SEAL, headers, body).await;
    let image = form(&[part("files", Some("a.pdf"), b"GIF89a")]);
    let got = send(&[PARTS, KEY, BEARER, english], image).await;
    assert_eq!(told(&got), (422, "not-of-its-type".into(), vec!["files".into()]));
    assert!(got.text.contains("a.pdf") && got.text.contains("not what the name says"), "{}", got.text);
    let got = send(&[PARTS, KEY, BEARER], form(&[])).await;
    assert_eq!(told(&got), (422, "missing-field".into(), vec!["files".into()]));
    let got =
        send(&[PARTS, KEY, BEARER], form(&[part("colour", None, b"red"), part("files", Some("a.pdf"), b"%PDF-1")]))
            .await;
    assert_eq!(told(&got), (422, "unknown-field".into(), vec!["colour".into()]));
    let got = send(&[JSON, KEY, BEARER], b"{}".to_vec()).await;
    assert_eq!(told(&got), (415, "not-multipart".into(), vec![]));
    let got =
        send(&[PARTS, KEY, BEARER], b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut".to_vec()).await;
    assert_eq!(told(&got), (400, "broken-upload".into(), vec![]));
    assert_eq!(told(&send(&[PARTS, BEARER], scan()).await).1, "idempotency-key");
    assert_eq!(told(&send(&[PARTS, KEY], scan()).await).0, 401);
    assert!(fake.files.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_file_and_an_upload_that_are_too_large_are_told_with_their_limits() {
    let (router, fake) = console().await;
    let large = |bytes: usize| part("files", Some("长.pdf"), &[b"%PDF-".to_vec(), vec![0; bytes]].concat());
    let got = ask(&router, "POST", SEAL, &[PARTS, KEY, BEARER], form(&[large(12 << 20)])).await;
    assert_eq!(told(&got), (422, "message-too-large".into(), vec!["files".into()]));
    assert!(got.text.contains("长.pdf"), "{}", got.text);
    let got =
        ask(&router, "POST", SEAL, &[PARTS, KEY, BEARER], form(&[large(9 << 20), large(9 << 20), large(9 << 20)]))
            .await;
    assert_eq!(told(&got), (413, "too-large".into(), vec![]));
    assert!(got.text.contains("20 MB"), "{}", got.text);
    assert!(fake.files.lock().unwrap().is_empty());
}
