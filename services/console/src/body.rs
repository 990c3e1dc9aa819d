//! JSON bodies, checked against a declared list of fields: every unknown name, missing field and wrong type is told
//! at once, in both languages. The same lists make the OpenAPI document.

use crate::{
    form::{is_kind, not_utf8, nul, read},
    refusal::Refusal,
};
use axum::{
    body::HttpBody as _,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::common;
use kit_core::{FieldProblem, Problem, Text};
use serde_json::{Map, Value};

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Free text, or a word of the regime.
    Text,
    Flag,
    Number,
    /// `2026-11-21`.
    Day,
    /// RFC 3339 with an offset.
    Instant,
    Texts,
    /// Files, which come as `multipart/form-data` and never as JSON.
    Files,
    /// Answers to the regime's questions: true or false, a whole number, or a word.
    Facts,
    /// Texts by name.
    Parts,
    Object(&'static [Field]),
}

/// One field of a body or one parameter of a query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_required: bool,
    pub(crate) about: &'static str,
}

/// A field that may be left out.
pub(crate) const fn may(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, is_required: false, about }
}

/// A field that must be there.
pub(crate) const fn must(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, is_required: true, about }
}

/// A body that fits its list of fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct Checked(Map<String, Value>);

impl Checked {
    /// Holds `map` against `fields`.
    pub(crate) fn new(fields: &[Field], map: Map<String, Value>) -> Result<Self, Problem> {
        let mut found = Vec::new();
        check(fields, &map, "", &mut found);
        if found.is_empty() {
            return Ok(Self(map));
        }
        let mut problem = Problem::invalid("fields", "有些内容需要改正", "Some fields need attention");
        problem.fields = found;
        Err(problem)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    pub(crate) fn optional(&self, name: &str) -> Option<String> {
        self.0.get(name).and_then(Value::as_str).map(str::to_owned).filter(|text| !text.is_empty())
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.0.get(name).and_then(Value::as_u64).unwrap_or_default()
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let values = self.0.get(name).and_then(Value::as_array).into_iter().flatten();
        values.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub(crate) fn instant(&self, name: &str) -> Option<DateTime<Utc>> {
        self.0.get(name).and_then(Value::as_str).and_then(instant)
    }

    pub(crate) fn object(&self, name: &str) -> Self {
        Self(self.0.get(name).and_then(Value::as_object).cloned().unwrap_or_default())
    }

    pub(crate) fn facts(&self, name: &str) -> Vec<common::Fact> {
        let facts = self.0.get(name).and_then(Value::as_object).into_iter().flatten();
        facts.map(|(name, value)| common::Fact { name: name.clone(), value: fact(value) }).collect()
    }

    /// The texts by name, those that say nothing left out.
    pub(crate) fn parts(&self, name: &str) -> Vec<(String, String)> {
        let parts = self.0.get(name).and_then(Value::as_object).into_iter().flatten();
        let said = parts.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        said.filter(|(_, text)| !text.trim().is_empty()).collect()
    }
}

fn fact(value: &Value) -> Option<common::FactValue> {
    use common::fact_value::Kind as K;
    let kind = match value {
        Value::Bool(flag) => K::Flag(*flag),
        Value::Number(number) => K::Number(number.as_i64()?),
        Value::String(word) => K::Word(word.clone()),
        _ => return None,
    };
    Some(common::FactValue { kind: Some(kind) })
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
}

fn check(fields: &[Field], map: &Map<String, Value>, path: &str, found: &mut Vec<FieldProblem>) {
    for name in map.keys().filter(|name| fields.iter().all(|f| f.name != *name)) {
        let known = fields.iter().map(|f| f.name).collect::<Vec<_>>().join(", ");
        found.push(at(
            path,
            name,
            format!("没有这个字段；可用的有:{known}"),
            format!("There is no such field; there are: {known}"),
        ));
    }
    for field in fields {
        match map.get(field.name) {
            None | Some(Value::Null) if field.is_required => {
                found.push(at(path, field.name, "必须填写".into(), "This is needed".into()));
            }
            None => {}
            Some(value) => check_value(field, value, path, found),
        }
    }
}

fn check_value(field: &Field, value: &Value, path: &str, found: &mut Vec<FieldProblem>) {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    let (fits, zh, en) = match field.kind {
        Kind::Text => (value.is_string(), "应为文字", "a text"),
        Kind::Flag => (value.is_boolean(), "应为 true 或 false", "true or false"),
        Kind::Number => (value.is_u64(), "应为不小于 0 的整数", "a whole number, not negative"),
        Kind::Day => (value.as_str().is_some_and(day), "应为日期，如 2026-11-21", "a date such as 2026-11-21"),
        Kind::Instant => (
            value.as_str().is_some_and(|text| instant(text).is_some()),
            "应为带时区的时间，如 2026-11-21T14:05:00+08:00",
            "a time with an offset, such as 2026-11-21T14:05:00+08:00",
        ),
        Kind::Texts => (
            value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
            "应为文字的列表",
            "a list of texts",
        ),
        Kind::Files => (false, "应以 multipart/form-data 上传", "sent as multipart/form-data"),
        Kind::Facts => (
            value.as_object().is_some_and(|map| map.values().all(|value| fact(value).is_some())),
            "应为“名称: 答案”，答案是 true/false、整数或文字",
            "names with answers: true or false, a whole number, or a word",
        ),
        Kind::Parts => (
            value.as_object().is_some_and(|map| map.values().all(Value::is_string)),
            "应为“名称: 文字”",
            "names with texts",
        ),
        Kind::Object(inner) => {
            if let Some(map) = value.as_object() {
                check(inner, map, &join(path, field.name), found);
            }
            (value.is_object(), "应为对象", "an object")
        }
    };
    if !fits {
        found.push(at(path, field.name, zh.to_owned(), format!("This must be {en}")));
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn at(path: &str, name: &str, zh: String, en: String) -> FieldProblem {
    FieldProblem { field: join(path, name), text: Text { zh, en } }
}

/// The query of an address, held against `fields`.
pub(crate) fn query(fields: &[Field], uri: &axum::http::Uri) -> Result<Checked, Problem> {
    let form = crate::form::Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let is_number = |name: &str| fields.iter().any(|f| f.name == name && matches!(f.kind, Kind::Number));
    let value = |name: &str, text: String| match text.parse::<u64>() {
        Ok(number) if is_number(name) => Value::from(number),
        _ => Value::from(text),
    };
    let map = form.0.into_iter().map(|(name, text)| (name.clone(), value(&name, text))).collect();
    Checked::new(fields, map)
}

/// A JSON object as it came in; each way it can be broken answers for itself.
pub(crate) struct Json(pub(crate) Map<String, Value>);

impl Json {
    /// Reads the bytes of a body.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        let text = std::str::from_utf8(bytes).map_err(|_| not_utf8())?;
        let value: Value = serde_json::from_str(text).map_err(|e| {
            let (line, column) = (e.line(), e.column());
            Problem::invalid(
                "broken-json",
                format!("JSON 在第 {line} 行第 {column} 列处有误"),
                format!("The JSON is broken at line {line}, column {column}"),
            )
        })?;
        if let Some(path) = nul_at(&value, "") {
            let Text { zh, en } = nul().text;
            return Err(nul().with_field(&path, zh, en));
        }
        match value {
            Value::Object(map) => Ok(Self(map)),
            _ => Err(Problem::invalid("not-an-object", "正文应为 JSON 对象", "The body must be a JSON object")),
        }
    }
}

/// The path of the first text or name that holds a NUL, such as `identity.name`.
fn nul_at(value: &Value, path: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(|| path.to_owned()),
        Value::Array(list) => list.iter().find_map(|value| nul_at(value, path)),
        Value::Object(map) => map.iter().find_map(|(name, value)| match name.contains('\0') {
            true => Some(path.to_owned()),
            false => nul_at(value, &join(path, name)),
        }),
        _ => None,
    }
}

impl<S: Send + Sync> FromRequest<S> for Json {
    type Rejection = Refusal;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if !request.headers().contains_key(header::CONTENT_TYPE) && request.body().size_hint().exact() == Some(0) {
            // A command that needs nothing said may be given without a body.
            return Ok(Self(Map::new()));
        }
        if !is_kind(&request, "application/json") {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Problem::invalid("not-json", "请以 application/json 提交", "Send the body as application/json"),
            ));
        }
        let bytes = read(request.into_body()).await?;
        Self::parse(&bytes).map_err(|problem| Refusal::new(StatusCode::BAD_REQUEST, problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use serde_json::json;

    const FIELDS: &[Field] = &[
        must("subject", Kind::Text, ""),
        may("version", Kind::Number, ""),
        may("is_anonymous", Kind::Flag, ""),
        may("asked_by", Kind::Day, ""),
        may("facts", Kind::Facts, ""),
        may("parts", Kind::Parts, ""),
        may("identity", Kind::Object(&[may("phone", Kind::Text, "")]), ""),
    ];

    fn fields_of(value: Value) -> Vec<String> {
        let Value::Object(map) = value else { unreachable!() };
        let problem = Checked::new(FIELDS, map).unwrap_err();
        problem.fields.into_iter().map(|f| f.field).collect()
    }

    async fn refused(kind: &str, body: impl Into<Body>) -> Refusal {
        let request = Request::builder().header(header::CONTENT_TYPE, kind).body(body.into()).unwrap();
        Json::from_request(request, &()).await.err().unwrap()
    }

    #[test]
    fn everything_wrong_is_told_at_once_and_by_name() {
        let body = json!({"colour": 1, "version": -1, "is_anonymous": "yes", "asked_by": "2026-13-01",
            "facts": {"a": 1.5}, "parts": {"process": 1}, "identity": {"phone": 1, "fax": "2"}});
        let mut found = fields_of(body);
        found.sort();
        let expected = [
            "asked_by",
            "colour",
            "facts",
            "identity.fax",
            "identity.phone",
            "is_anonymous",
            "parts",
            "subject",
            "version",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_fits_is_read_back() {
        let parts = json!({"process": "三天内", "time": " "});
        let Value::Object(map) =
            json!({"subject": "灯坏", "version": 7, "facts": {"times": 2, "injury": true}, "parts": parts})
        else {
            unreachable!()
        };
        let checked = Checked::new(FIELDS, map).unwrap();
        assert_eq!((checked.text("subject").as_str(), checked.number("version")), ("灯坏", 7));
        assert_eq!(checked.facts("facts").len(), 2);
        assert_eq!(checked.parts("parts"), [("process".to_owned(), "三天内".to_owned())]);
        assert_eq!(checked.optional("asked_by"), None);
    }

    #[tokio::test]
    async fn each_kind_of_broken_body_has_its_own_answer() {
        let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
            ("text/plain", b"{}".to_vec(), 415, "not-json"),
            ("application/json", b"{\"a\":".to_vec(), 400, "broken-json"),
            ("application/json", b"{\"a\":\"\xff\"}".to_vec(), 400, "not-utf-8"),
            ("application/json", br#"{"a":"\u0000"}"#.to_vec(), 400, "nul-character"),
            ("application/json; charset=utf-8", b"[]".to_vec(), 400, "not-an-object"),
            ("application/json", Vec::new(), 400, "broken-json"),
            ("application/json", vec![b' '; 1024 * 1024 + 1], 413, "too-large"),
            ("application/json", "[".repeat(5000).into_bytes(), 400, "broken-json"),
        ];
        for (kind, body, status, code) in cases {
            let refusal = refused(kind, body).await;
            assert_eq!((refusal.status.as_u16(), refusal.problem.code.as_str()), (status, code));
        }
    }
}
