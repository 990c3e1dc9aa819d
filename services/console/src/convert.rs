//! Small conversions from the wire that every view needs.

use chrono::{DateTime, Utc};
use contracts::common;
use kit_core::Text;

/// A text of the wire; one that is missing is empty.
pub(crate) fn text(text: Option<common::Text>) -> Text {
    text.map(|t| Text { zh: t.zh, en: t.en }).unwrap_or_default()
}

/// Texts of the wire.
pub(crate) fn texts(list: Vec<common::Text>) -> Vec<Text> {
    list.into_iter().map(|t| text(Some(t))).collect()
}

/// An instant of the wire.
pub(crate) fn at(at: Option<prost_types::Timestamp>) -> Option<DateTime<Utc>> {
    at.as_ref().and_then(kit_grpc::instant)
}
