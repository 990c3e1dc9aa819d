//! Between a [`Problem`] and a gRPC status, once for all services. The status carries Google's error details for
//! any client, and the whole problem as JSON for our own.

use crate::Ctx;
use kit_core::{Class, Problem};
use std::collections::HashMap;
use tonic::{Code, Response, Status, metadata::MetadataMap, metadata::MetadataValue};
use tonic_types::{ErrorDetails, StatusExt as _};

/// The metadata key of the problem as JSON.
pub const PROBLEM_METADATA: &str = "jiesu-problem-bin";

// A client refuses a header list above 16 KiB. Binary metadata travels as base64: 5000 bytes become 6.7 KB, and the
// details with their share of the fields add at most about 4 KB.
const MAX_PROBLEM_BYTES: usize = 5000;
const MAX_VIOLATIONS: usize = 8;
const MAX_TEXT_CHARS: usize = 300;

impl Ctx {
    /// The status of a failure, in the caller's language. An internal cause is logged here and told to nobody.
    pub fn status(&self, error: impl Into<kit_db::Error>) -> Status {
        to_status(&from_error(error.into()), &self.language)
    }
}

/// The answer of a handler.
///
/// # Errors
/// The status of the failure.
#[expect(clippy::result_large_err, reason = "tonic's handlers return a Status by value")]
pub fn reply<T>(ctx: &Ctx, result: kit_db::Result<T>) -> Result<Response<T>, Status> {
    result.map(Response::new).map_err(|error| ctx.status(error))
}

fn from_error(error: kit_db::Error) -> Problem {
    let class = error.class();
    match error {
        kit_db::Error::Problem(problem) => problem,
        error => {
            tracing::error!(error = %chain(&error), ?class, "a call failed");
            if class == Class::Transient { unavailable() } else { internal() }
        }
    }
}

/// An error with its sources, for the log.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The status that carries `problem`, its message localised for `language`.
pub fn to_status(problem: &Problem, language: &str) -> Status {
    let mut details = ErrorDetails::with_error_info(&problem.code, "jiesu", HashMap::new());
    for field in problem.fields.iter().take(MAX_VIOLATIONS) {
        details.add_bad_request_violation(&field.field, cut(field.text.get(language)));
    }
    let locale = if language == "en" { "en" } else { "zh-CN" };
    details.set_localized_message(locale, cut(problem.text.get(language)));
    let mut metadata = MetadataMap::new();
    metadata.insert_bin(PROBLEM_METADATA, MetadataValue::from_bytes(&encode(problem)));
    // Percent encoding makes nine bytes of each Chinese character, so the message itself is the English one.
    let message = format!("{}: {}", problem.code, cut(&problem.text.en));
    Status::with_error_details_and_metadata(code(problem), message, details, metadata)
}

fn code(problem: &Problem) -> Code {
    match problem.class {
        Class::Invalid => Code::InvalidArgument,
        Class::NotFound => Code::NotFound,
        Class::Conflict if problem.code == "stale" => Code::Aborted,
        Class::Conflict => Code::FailedPrecondition,
        Class::Unauthenticated => Code::Unauthenticated,
        Class::Denied => Code::PermissionDenied,
        Class::Exhausted => Code::ResourceExhausted,
        Class::Transient => Code::Unavailable,
        Class::Corrupt => Code::Internal,
    }
}

/// The problem as JSON, with as many of its fields as fit.
fn encode(problem: &Problem) -> Vec<u8> {
    let mut problem = problem.clone();
    loop {
        let bytes = serde_json::to_vec(&problem).unwrap_or_default();
        if bytes.len() <= MAX_PROBLEM_BYTES {
            return bytes;
        }
        if problem.fields.is_empty() {
            problem.text.zh = cut(&problem.text.zh);
            problem.text.en = cut(&problem.text.en);
            problem.code = problem.code.chars().take(80).collect();
            return serde_json::to_vec(&problem).unwrap_or_default();
        }
        problem.fields.truncate(problem.fields.len() * 3 / 4);
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_TEXT_CHARS {
        return text.to_owned();
    }
    text.chars().take(MAX_TEXT_CHARS).chain(['…']).collect()
}

/// The problem that a status carries. A status that is not from our handlers, such as one of the transport, becomes
/// the problem that fits its code.
pub fn problem(status: &Status) -> Problem {
    let carried = status.metadata().get_bin(PROBLEM_METADATA).and_then(|value| value.to_bytes().ok());
    if let Some(problem) = carried.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
        return problem;
    }
    let message = status.message();
    match status.code() {
        Code::OutOfRange | Code::ResourceExhausted if message.contains("message length too large") => too_large(),
        Code::Internal if message.contains("failed to decode Protobuf message") => malformed(),
        Code::InvalidArgument | Code::OutOfRange => malformed(),
        Code::Unimplemented => Problem::invalid("unknown-method", "没有这个接口", "There is no such method"),
        Code::NotFound => Problem::not_found("not-found", "没有找到", "Not found"),
        Code::AlreadyExists | Code::FailedPrecondition | Code::Aborted => {
            Problem::conflict("conflict", "当前状态下不能这样操作", "This is not possible in the present state")
        }
        Code::Unauthenticated => {
            Problem::new(Class::Unauthenticated, "sign-in-needed", "请先登录", "Please sign in first")
        }
        Code::PermissionDenied => Problem::denied("denied", "无权操作", "You may not do this"),
        Code::ResourceExhausted => Problem::new(
            Class::Exhausted,
            "too-many",
            "请求过多,请稍后再试",
            "Too many requests; please try again later",
        ),
        Code::DeadlineExceeded | Code::Cancelled => Problem::new(
            Class::Transient,
            "timeout",
            "服务响应超时,请稍后再试",
            "The service did not answer in time; please try again",
        ),
        Code::Internal | Code::DataLoss => internal(),
        Code::Ok | Code::Unknown | Code::Unavailable => unavailable(),
    }
}

pub(crate) fn internal() -> Problem {
    Problem::new(Class::Corrupt, "internal", "系统内部错误,已记录", "An internal error; it has been recorded")
}

fn unavailable() -> Problem {
    Problem::new(
        Class::Transient,
        "unavailable",
        "服务暂时不可用,请稍后再试",
        "The service is not available now; please try again",
    )
}

fn too_large() -> Problem {
    Problem::invalid(
        "message-too-large",
        "提交的内容过大(上限 4 MB,文件 10 MB)",
        "The message is too large (the limit is 4 MB, for a file 10 MB)",
    )
}

fn malformed() -> Problem {
    Problem::invalid("malformed-message", "请求内容无法识别", "The request cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_comes_back_whole_from_its_status() {
        let sent = Problem::field("unit_id", "unknown-branch", "没有这个分支机构", "There is no such branch")
            .with_field("kind", "未知类型", "unknown kind");
        let status = to_status(&sent, "en");
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(problem(&status), sent);
        let details = status.get_error_details();
        assert_eq!(details.error_info().unwrap().reason, "unknown-branch");
        assert_eq!(details.error_info().unwrap().domain, "jiesu");
        assert_eq!(details.bad_request().unwrap().field_violations.len(), 2);
        assert_eq!(details.localized_message().unwrap().message, "There is no such branch");
    }

    #[test]
    fn the_class_decides_the_code_and_stale_is_aborted() {
        assert_eq!(to_status(&Problem::stale(3), "zh").code(), Code::Aborted);
        assert_eq!(to_status(&Problem::conflict("late", "", ""), "zh").code(), Code::FailedPrecondition);
        assert_eq!(to_status(&Problem::unknown_case(), "zh").code(), Code::NotFound);
        for class in [Class::Unauthenticated, Class::Denied, Class::Exhausted, Class::Transient, Class::Corrupt] {
            let sent = Problem::new(class, "x", "中", "en");
            assert_eq!(problem(&to_status(&sent, "zh")).class, class);
        }
    }

    #[test]
    fn an_internal_cause_is_not_told() {
        let status = Ctx::public().status(kit_db::Error::Corrupt("row 7 of secret_table".to_owned()));
        assert_eq!(status.code(), Code::Internal);
        assert!(!format!("{status:?}").contains("secret_table"));
    }

    #[test]
    fn a_problem_with_a_thousand_fields_still_fits_a_header() {
        let mut sent = Problem::invalid("pack", "长".repeat(5000), "long ".repeat(1000));
        for n in 0..1000 {
            sent = sent.with_field(&format!("field-{n}"), "这里不对", "this is wrong");
        }
        let headers = to_status(&sent, "zh").into_http::<String>();
        let size: usize = headers.headers().iter().map(|(k, v)| k.as_str().len() + v.len() + 32).sum();
        assert!(size < 14_000, "{size}");
    }

    #[test]
    fn a_status_of_the_transport_becomes_a_problem_in_words() {
        for (status, code) in [
            (Status::out_of_range("Error, decoded message length too large: found 5 bytes"), "message-too-large"),
            (Status::internal("failed to decode Protobuf message: x"), "malformed-message"),
            (Status::unavailable("tcp connect error"), "unavailable"),
            (Status::unknown("transport error"), "unavailable"),
            (Status::deadline_exceeded("x"), "timeout"),
            (Status::internal("boom"), "internal"),
            (Status::unimplemented(""), "unknown-method"),
        ] {
            assert_eq!(problem(&status).code, code, "{status:?}");
        }
    }
}
