//! Forms and query strings as the browser sends them: repeated names kept, nothing guessed, nothing lossy.

use crate::refusal::Refusal;
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};
use kit_core::Problem;
use serde_json::{Map, Value};

/// The largest body taken in, in bytes.
pub(crate) const LARGEST_BODY: usize = 1024 * 1024;

/// The pairs of one form in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    /// Reads `a=b&c=d`.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, Problem> {
        let pairs = text.split(|b| *b == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
            let mut halves = pair.splitn(2, |b| *b == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            if name.contains('\0') || value.contains('\0') {
                return Err(nul());
            }
            // Browsers send line ends as CR LF; everyone else in the house counts one character.
            Ok((name, value.replace("\r\n", "\n")))
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    /// The last value of `name`, or nothing as "".
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The form as the JSON body an API caller would send: blank fields left out, `a.b` nested, and the names that
    /// say so read as flags, numbers or lists.
    pub(crate) fn to_json(&self) -> Result<Map<String, Value>, Problem> {
        let mut map = Map::new();
        for (name, value) in &self.0 {
            if value.trim().is_empty() || matches!(name.as_str(), "csrf" | "request_id" | "code" | "confirm" | "basis")
            {
                continue;
            }
            match name.split('.').collect::<Vec<_>>().as_slice() {
                ["facts", kind, fact] => {
                    let value = fact_value(kind, fact, value)?;
                    put(&mut map, "facts", fact, value);
                }
                [outer, inner] => {
                    put(&mut map, outer, inner, Value::from(value.trim()));
                }
                _ => plain(&mut map, name, value)?,
            }
        }
        Ok(map)
    }
}

fn plain(map: &mut Map<String, Value>, name: &str, value: &str) -> Result<(), Problem> {
    if let Some(list) = name.strip_suffix("[]") {
        if let Value::Array(values) = map.entry(list).or_insert_with(|| Value::Array(Vec::new())) {
            values.push(Value::from(value.trim()));
        }
    } else if name.starts_with("is_") || name == "credentials_shown" {
        map.insert(name.to_owned(), Value::from(value == "true"));
    } else if matches!(name, "version" | "no" | "points") {
        map.insert(name.to_owned(), fact_value("number", name, value)?);
    } else if name == "amount" {
        map.insert(name.to_owned(), Value::from(sum(value)?));
    } else {
        map.insert(name.to_owned(), Value::from(value.trim()));
    }
    Ok(())
}

fn put(map: &mut Map<String, Value>, outer: &str, inner: &str, value: Value) {
    match map.get_mut(outer) {
        Some(Value::Object(object)) => {
            object.insert(inner.to_owned(), value);
        }
        _ => {
            map.insert(outer.to_owned(), Value::Object(Map::from_iter([(inner.to_owned(), value)])));
        }
    }
}

/// A sum as people write it, `2000` or `1,999.50`, in the smallest unit of its currency.
fn sum(text: &str) -> Result<u64, Problem> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，') && !c.is_whitespace()).collect();
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let parts = (digits(whole) && digits(rest) && rest.len() <= 2).then(|| format!("{whole}{rest:0<2}"));
    parts.filter(|_| !whole.is_empty()).and_then(|all| all.parse().ok()).ok_or_else(|| {
        let (zh, en) = ("请填写金额，如 2000 或 2000.50", "Give a sum such as 2000 or 2000.50");
        Problem::field("amount", "not-a-sum", zh, en)
    })
}

fn fact_value(kind: &str, name: &str, value: &str) -> Result<Value, Problem> {
    match kind {
        "flag" => Ok(Value::from(value == "true")),
        "number" => value
            .trim()
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| Problem::field(name, "not-a-number", "请填写整数", "Give a whole number")),
        _ => Ok(Value::from(value.trim())),
    }
}

fn decode(text: &[u8]) -> Result<String, Problem> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = rest.next().and_then(hex).zip(rest.next().and_then(hex));
                let (high, low) = digits.ok_or_else(|| {
                    Problem::invalid(
                        "broken-escape",
                        "地址或表单中的 % 编码不完整",
                        "A % escape in the address or form is broken",
                    )
                })?;
                bytes.push(high * 16 + low);
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).map_err(|_| not_utf8())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// The text is not UTF-8.
pub(crate) fn not_utf8() -> Problem {
    Problem::invalid("not-utf-8", "文字不是有效的 UTF-8 编码", "The text is not valid UTF-8")
}

/// A text holds the NUL character, which no table can keep.
pub(crate) fn nul() -> Problem {
    Problem::invalid("nul-character", "文字中含有不可见的空字符 (U+0000)", "The text holds a NUL character (U+0000)")
}

/// Reads the body up to its limit.
pub(crate) async fn read(body: Body) -> Result<Vec<u8>, Refusal> {
    // The one way this fails beside the limit is a caller who breaks off, and nobody then reads the answer.
    let bytes = to_bytes(body, LARGEST_BODY).await;
    bytes.map(|b| b.to_vec()).map_err(|_| Refusal::of_status(StatusCode::PAYLOAD_TOO_LARGE))
}

/// Whether the request says its body is `kind`.
pub(crate) fn is_kind(request: &Request, kind: &str) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind)
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Refusal;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if !is_kind(&request, "application/x-www-form-urlencoded") {
            return Err(Refusal::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = read(request.into_body()).await?;
        Self::parse(&bytes).map_err(|problem| Refusal::new(StatusCode::BAD_REQUEST, problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_form_keeps_repeated_names_and_decodes_chinese() {
        let form = Form::parse("a=%E4%BD%A0+%E5%A5%BD&a=2&b".as_bytes()).unwrap();
        assert_eq!(form.0, [("a".into(), "你 好".into()), ("a".into(), "2".into()), ("b".into(), String::new())]);
        assert_eq!(form.get("a"), "2");
    }

    #[test]
    fn broken_escapes_broken_utf8_and_nul_are_named() {
        assert_eq!(Form::parse(b"a=%4").unwrap_err().code, "broken-escape");
        assert_eq!(Form::parse(b"a=%FF").unwrap_err().code, "not-utf-8");
        assert_eq!(Form::parse(b"a=%00").unwrap_err().code, "nul-character");
    }

    #[test]
    fn a_form_becomes_the_body_an_api_caller_would_send() {
        let form = Form::parse(
            b"csrf=x&request_id=y&version=3&kind=complaint&note=&is_anonymous=true&identity.phone=138&facts.flag.injury=false&facts.number.times=2&facts.word.loss=heavy&measures%5B%5D=a&measures%5B%5D=b",
        )
        .unwrap();
        let expected = json!({
            "version": 3, "kind": "complaint", "is_anonymous": true, "identity": {"phone": "138"},
            "facts": {"injury": false, "times": 2, "loss": "heavy"}, "measures": ["a", "b"],
        });
        assert_eq!(Value::Object(form.to_json().unwrap()), expected);
    }

    #[test]
    fn a_sum_is_read_as_people_write_it_and_nothing_else_is() {
        let read = |text: &str| sum(text).ok();
        assert_eq!((read("2000"), read("1,999.5"), read(" 0.07 ")), (Some(200_000), Some(199_950), Some(7)));
        for odd in ["", ".5", "12.345", "-3", "1e3", "二十", "99999999999999999999"] {
            assert_eq!(read(odd), None, "{odd}");
        }
        let form = Form::parse(b"amount=20.5&credentials_shown=true&parts.process=x").unwrap();
        let expected = json!({"amount": 2050, "credentials_shown": true, "parts": {"process": "x"}});
        assert_eq!(Value::Object(form.to_json().unwrap()), expected);
    }

    #[test]
    fn a_number_that_is_none_is_a_problem_of_its_field() {
        let problem = Form::parse(b"facts.number.times=two").unwrap().to_json().unwrap_err();
        assert_eq!(problem.fields.first().unwrap().field, "times");
    }
}
