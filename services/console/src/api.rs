//! The HTTP API: the same things as the pages, as JSON, for programs.

pub(crate) mod caller;
pub(crate) mod desk;
pub(crate) mod document;
pub(crate) mod files;
pub(crate) mod operations;
pub(crate) mod public;
pub(crate) mod records;
pub(crate) mod schemas;
pub(crate) mod surveys;

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// An answer as JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, "application/json")], Body::from(bytes)).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A good answer as JSON.
pub(crate) fn ok(value: &impl Serialize) -> Response {
    json(StatusCode::OK, value)
}
