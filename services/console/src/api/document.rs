//! The OpenAPI 3.1 document, made from the same tables that check what comes in; and the page that lists it.

use super::{
    operations::{Operation, operations},
    schemas::schemas,
};
use crate::{
    app::App,
    body::{Field, Kind},
    language::Language,
    render::Shell,
};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// `/openapi.json`.
pub(crate) async fn show(State(app): State<App>) -> Response {
    let document = document(&app.settings.public_url);
    ([(header::CACHE_CONTROL, "no-cache")], super::ok(&document)).into_response()
}

/// What `/api` lists.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct ApiView {
    pub(crate) operations: Vec<ApiRow>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct ApiRow {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) about: &'static str,
    pub(crate) needs_token: bool,
    pub(crate) needs_key: bool,
    pub(crate) fields: Vec<String>,
}

impl ApiView {
    pub(crate) fn new() -> Self {
        let row = |operation: Operation| ApiRow {
            method: operation.method.to_ascii_uppercase(),
            path: operation.path,
            about: operation.about,
            needs_token: operation.needs_token,
            needs_key: operation.needs_key,
            fields: operation
                .query
                .iter()
                .chain(operation.body.unwrap_or_default())
                .map(|field| format!("{}{}", field.name, if field.is_required { "*" } else { "" }))
                .collect(),
        };
        Self { operations: operations().into_iter().map(row).collect() }
    }
}

/// `/api`.
pub(crate) async fn page(State(app): State<App>, language: Language) -> Response {
    let shell = Shell { language, switch: "/api".to_owned(), ..Shell::default() };
    let page = app.page(StatusCode::OK, "api.html", &shell, &ApiView::new());
    ([(header::CACHE_CONTROL, "no-cache")], page).into_response()
}

/// The whole document.
pub(crate) fn document(url: &str) -> Value {
    let mut paths = Map::new();
    for operation in operations() {
        let path = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        if let Value::Object(methods) = path {
            methods.insert(operation.method.to_owned(), describe(&operation));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Jiesu (接诉)",
            "version": "1.0.0",
            "description": "Complaints from hand-in to archive. Texts come in Chinese and English; problems are RFC 9457 \
                            documents in the language of Accept-Language.",
        },
        "servers": [{"url": url}],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    })
}

fn describe(operation: &Operation) -> Value {
    let mut parameters: Vec<Value> = Vec::new();
    let named = operation.path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    parameters
        .extend(named.map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}})));
    parameters.extend(operation.query.iter().map(|field| {
        json!({
            "name": field.name, "in": "query", "required": field.is_required, "description": field.about,
            "schema": kind(field.kind),
        })
    }));
    if operation.needs_key {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "Names this request; the same key gives the same answer",
            "schema": {"type": "string", "minLength": 1, "maxLength": 80},
        }));
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.about,
        "parameters": parameters,
        "responses": {
            operation.status.to_string(): {
                "description": "Done",
                "content": {media_of(operation.answer): {"schema": {"$ref": format!("#/components/schemas/{}", operation.answer)}}},
            },
            "default": {
                "description": "What is wrong",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    });
    if let Value::Object(map) = &mut described {
        if let Some(fields) = operation.body {
            let is_needed = fields.iter().any(|field| field.is_required);
            map.insert(
                "requestBody".to_owned(),
                json!({"required": is_needed, "content": {media_of_body(fields): {"schema": object(fields)}}}),
            );
        }
        if operation.needs_token {
            map.insert("security".to_owned(), json!([{"token": []}]));
        }
    }
    described
}

/// Everything is answered as JSON but a file, which is of any type.
fn media_of(answer: &str) -> &'static str {
    if answer == "File" { "*/*" } else { "application/json" }
}

/// Everything is sent as JSON but files.
fn media_of_body(fields: &[Field]) -> &'static str {
    let has_files = fields.iter().any(|field| matches!(field.kind, Kind::Files));
    if has_files { "multipart/form-data" } else { "application/json" }
}

fn object(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut schema = kind(field.kind);
            if let Value::Object(map) = &mut schema {
                map.insert("description".to_owned(), Value::from(field.about));
            }
            (field.name.to_owned(), schema)
        })
        .collect();
    let required: Vec<_> = fields.iter().filter(|field| field.is_required).map(|field| field.name).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn kind(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Number => json!({"type": "integer", "minimum": 0}),
        Kind::Day => json!({"type": "string", "format": "date"}),
        Kind::Instant => json!({"type": "string", "format": "date-time"}),
        Kind::Texts => json!({"type": "array", "items": {"type": "string"}}),
        Kind::Files => {
            json!({"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}})
        }
        Kind::Facts => json!({"type": "object", "additionalProperties": {"type": ["boolean", "integer", "string"]}}),
        Kind::Parts => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Kind::Object(fields) => object(fields),
    }
}
