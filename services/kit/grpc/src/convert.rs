//! Between the wire's own types and ours, where every service needs the same few lines.

use chrono::{DateTime, Utc};
use kit_core::{Problem, Text};
use kit_ids::{CaseId, RefId};
use prost_types::Timestamp;
use std::{collections::BTreeMap, str::FromStr};

/// Reads an identifier from the field `field` of a request.
///
/// # Errors
/// It is not an identifier of that kind.
pub fn parse_id<T: FromStr>(field: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| {
        Problem::field(field, "malformed-id", "编号格式不正确", "This is not an identifier of the right form")
    })
}

/// Reads a reference to a sealed text or file of the case from the field `field` of a request; empty text is none.
///
/// # Errors
/// It is no reference, or one to something of another case.
pub fn parse_ref(case_id: &str, field: &str, text: &str) -> Result<Option<RefId>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let (case, reference): (CaseId, RefId) = (parse_id("case_id", case_id)?, parse_id(field, text)?);
    if reference.may_be_of(case) {
        return Ok(Some(reference));
    }
    let (zh, en) = ("这份内容属于另一案件，须在本案中重新提交", "This is of another case; hand it in for this one");
    Err(Problem::field(field, "of-another-case", zh, en))
}

/// The same of one that must be there.
///
/// # Errors
/// There is none, it is no reference, or one to something of another case.
pub fn need_ref(case_id: &str, field: &str, text: &str) -> Result<RefId, Problem> {
    let given = parse_ref(case_id, field, text)?;
    given.ok_or_else(|| Problem::field(field, "text-needed", "须填写说明", "A text is needed here"))
}

/// The same of several, each under a name of its own, from the map `field`; those of empty text are left out.
///
/// # Errors
/// The first that is no reference, or one to something of another case.
pub fn parse_refs(
    case_id: &str,
    field: &str,
    refs: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, RefId>, Problem> {
    let one = |(name, text): (&String, &String)| {
        let reference = parse_ref(case_id, &format!("{field}.{name}"), text);
        reference.map(|reference| Some((name.clone(), reference?))).transpose()
    };
    refs.iter().filter_map(one).collect()
}

/// An instant as the wire carries it.
pub fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp { seconds: at.timestamp(), nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0) }
}

/// The instant that the wire carried; `None` where it is out of range.
pub fn instant(timestamp: &Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(timestamp.seconds, u32::try_from(timestamp.nanos).ok()?)
}

/// A text as the wire carries it.
pub fn text(text: &Text) -> contracts::common::Text {
    contracts::common::Text { zh: text.zh.clone(), en: text.en.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_reference_to_something_of_another_case_is_refused_where_it_is_named() {
        let (case, other) = (CaseId::new(Uuid::from_u128(7)), CaseId::new(Uuid::from_u128(8)));
        let reference = RefId::of(case, Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001));
        let read = |case: CaseId, text: &str| parse_ref(&case.to_string(), "text_ref", text);
        assert_eq!(read(case, &reference.to_string()), Ok(Some(reference)));
        assert_eq!(read(case, ""), Ok(None));
        assert_eq!(need_ref(&case.to_string(), "text_ref", "").unwrap_err().code, "text-needed");
        let refused = read(other, &reference.to_string()).unwrap_err();
        assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("of-another-case", "text_ref"));
        assert_eq!(read(case, "楼道灯坏了").unwrap_err().code, "malformed-id");
        let several =
            BTreeMap::from([("process".to_owned(), String::new()), ("reasons".to_owned(), reference.to_string())]);
        assert_eq!(
            parse_refs(&case.to_string(), "parts", &several).unwrap().into_keys().collect::<Vec<_>>(),
            ["reasons"]
        );
        let refused = parse_refs(&other.to_string(), "parts", &several).unwrap_err();
        assert_eq!(refused.fields[0].field, "parts.reasons");
        // One that was given before references bore their case.
        assert!(read(other, "ref_01990000000070008000000000000001").unwrap().is_some());
    }

    #[test]
    fn an_instant_survives_the_wire_and_nonsense_is_none() {
        let at: DateTime<Utc> = "2026-04-15T04:00:00.123456789Z".parse().unwrap();
        assert_eq!(instant(&timestamp(at)), Some(at));
        assert_eq!(instant(&Timestamp { seconds: i64::MAX, nanos: 0 }), None);
        assert_eq!(instant(&Timestamp { seconds: 0, nanos: -1 }), None);
    }
}
