//! The house as a browser or an integrator reaches it: over HTTP.

use crate::House;
use serde_json::Value;

fn client() -> reqwest::Client {
    // Only the first call of a process installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

impl House {
    /// Posts JSON, in Chinese, with an idempotency key unless it is empty.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let mut request = client().post(format!("{}{path}", self.http)).json(body);
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        answer(request).await
    }

    /// Posts JSON and asks for the answer in `language`.
    pub async fn post_in(&self, language: &str, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let key = format!("{key}-{language}");
        let request = client().post(format!("{}{path}", self.http)).json(body);
        answer(request.header("idempotency-key", key).header("accept-language", language)).await
    }

    /// Posts bytes that call themselves JSON.
    pub async fn post_raw(&self, path: &str, body: Vec<u8>) -> (u16, String) {
        let request = client().post(format!("{}{path}", self.http)).header("content-type", "application/json");
        let reply = request.header("idempotency-key", "raw").body(body).send().await.unwrap();
        (reply.status().as_u16(), reply.text().await.unwrap())
    }

    /// Posts a body of any kind as someone who is signed in; gives the status and the bytes of the answer.
    pub async fn post_as(&self, token: &str, path: &str, kind: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
        let request = client().post(format!("{}{path}", self.http)).header("content-type", kind).bearer_auth(token);
        let reply = request.header("idempotency-key", "any").body(body).send().await.unwrap();
        (reply.status().as_u16(), reply.bytes().await.unwrap().to_vec())
    }

    /// Gets JSON.
    pub async fn get(&self, path: &str) -> Value {
        client().get(format!("{}{path}", self.http)).send().await.unwrap().json().await.unwrap()
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let reply = request.send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap_or_default())
}

/// Someone at the desk, with a browser that keeps its cookie and has no scripts.
pub struct Desk {
    client: reqwest::Client,
    at: String,
}

impl Desk {
    /// Signs in.
    pub async fn sign_in(house: &House, login: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().cookie_store(true).build().unwrap();
        let desk = Self { client, at: house.http.clone() };
        let (status, _) =
            desk.post("/sign-in", &[("login", login), ("password", crate::house::PASSWORD), ("next", "/desk")]).await;
        assert_eq!(status, 200, "{login} cannot sign in");
        desk
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> (u16, String) {
        let reply = self.client.get(format!("{}{path}", self.at)).send().await.unwrap();
        (reply.status().as_u16(), reply.text().await.unwrap())
    }

    /// Sends a form; answers the page that it leads to.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let reply = self.client.post(format!("{}{path}", self.at)).form(fields).send().await.unwrap();
        (reply.status().as_u16(), reply.text().await.unwrap())
    }

    /// Sends a form of this person's own pages.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let (_, page) = self.get("/desk").await;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf)]).collect();
        self.post(path, &fields).await
    }
}
