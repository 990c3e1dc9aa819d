//! How a problem leaves over HTTP: the status it answers with. What it looks like is decided in `dress`.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kit_core::{Class, Problem};

/// A problem on its way out; `dress` writes it as a page or as `application/problem+json`.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) problem: Problem,
}

impl Refusal {
    /// A problem that HTTP has an own status for.
    pub(crate) fn new(status: StatusCode, problem: Problem) -> Self {
        Self { status, problem }
    }

    /// What a status means, for answers that come from below our own code.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let (class, code, zh, en) = match status.as_u16() {
            404 => (Class::NotFound, "no-such-page", "没有这个页面", "There is no such page"),
            405 => (
                Class::Invalid,
                "method-not-allowed",
                "这个地址不接受这种请求方法",
                "This address does not take this method",
            ),
            408 | 504 => (Class::Transient, "too-slow", "处理超时，请稍后再试", "It took too long; please try again"),
            413 => (Class::Invalid, "too-large", "提交的内容超过 1 MB", "What was sent is larger than 1 MB"),
            415 => {
                (Class::Invalid, "unsupported-media-type", "不支持这种内容类型", "This content type is not supported")
            }
            400..=499 => (Class::Invalid, "malformed-request", "请求格式有误", "The request is malformed"),
            _ => (
                Class::Corrupt,
                "internal",
                "系统出了问题，已记录，请稍后再试",
                "Something went wrong here; it has been recorded",
            ),
        };
        Self { status, problem: Problem::new(class, code, zh, en) }
    }
}

/// The HTTP status of a class.
pub(crate) fn status(problem: &Problem) -> StatusCode {
    match problem.class {
        Class::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Class::NotFound => StatusCode::NOT_FOUND,
        Class::Conflict => StatusCode::CONFLICT,
        Class::Unauthenticated => StatusCode::UNAUTHORIZED,
        Class::Denied => StatusCode::FORBIDDEN,
        Class::Exhausted => StatusCode::TOO_MANY_REQUESTS,
        Class::Transient => StatusCode::SERVICE_UNAVAILABLE,
        Class::Corrupt => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { status: status(&problem), problem }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}
