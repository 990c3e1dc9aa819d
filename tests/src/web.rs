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

    /// Gets JSON.
    pub async fn get(&self, path: &str) -> Value {
        client().get(format!("{}{path}", self.http)).send().await.unwrap().json().await.unwrap()
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let reply = request.send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap_or_default())
}
