//! Between the wire's own types and ours, where every service needs the same few lines.

use chrono::{DateTime, Utc};
use kit_core::{Problem, Text};
use prost_types::Timestamp;
use std::str::FromStr;

/// Reads an identifier from the field `field` of a request.
///
/// # Errors
/// It is not an identifier of that kind.
pub fn parse_id<T: FromStr>(field: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| {
        Problem::field(field, "malformed-id", "编号格式不正确", "This is not an identifier of the right form")
    })
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

    #[test]
    fn an_instant_survives_the_wire_and_nonsense_is_none() {
        let at: DateTime<Utc> = "2026-04-15T04:00:00.123456789Z".parse().unwrap();
        assert_eq!(instant(&timestamp(at)), Some(at));
        assert_eq!(instant(&Timestamp { seconds: i64::MAX, nanos: 0 }), None);
        assert_eq!(instant(&Timestamp { seconds: 0, nanos: -1 }), None);
    }
}
