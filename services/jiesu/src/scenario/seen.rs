//! A case as the services hold it at rest: its fields as all of them fold it, and its dossier in order.

use super::world::World;
use anyhow::Result;
use chrono::{DateTime, Utc};
use facts::CaseView;
use regime::FactRef;
use serde_json::{Map, Value};
use sqlx::{Row as _, types::Json};

/// Fields of the case that are neither a word nor a list of words.
const NO_WORDS: &[&str] = &["history", "extensions", "suspensions", "dates", "facts", "received_at"];

/// What is known of a case.
pub(super) struct Seen {
    fields: Map<String, Value>,
    pub(super) entries: Vec<Entry>,
}

/// One fact of the dossier.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) fact: FactRef,
    pub(super) at: DateTime<Utc>,
    /// An id of the staff, `complainant`, or a service.
    pub(super) actor: String,
    pub(super) details: Map<String, Value>,
}

/// The names of the fields that a scenario may ask about: those that services fold, so that a new one is known here.
pub(super) fn fields() -> Vec<String> {
    let view = serde_json::to_value(CaseView::default()).unwrap_or_default();
    let names = view.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    names.filter(|name| !NO_WORDS.contains(name)).map(|name| name.replace('_', "-")).collect()
}

impl Seen {
    /// Reads it from the records.
    ///
    /// # Errors
    /// The database does not answer.
    pub(super) async fn of(world: &World, case_id: &str) -> Result<Self> {
        let view = sqlx::query_scalar("SELECT view FROM records.cases WHERE case_id = right($1, 32)::uuid")
            .bind(case_id)
            .fetch_optional(&world.admin)
            .await?;
        let Json(fields): Json<Map<String, Value>> = view.unwrap_or_default();
        let rows = sqlx::query(
            "SELECT place, fact, at, actor, args FROM records.dossier_entries
             WHERE case_id = right($1, 32)::uuid ORDER BY place",
        )
        .bind(case_id)
        .fetch_all(&world.admin)
        .await?;
        let history = fields.get("history").and_then(Value::as_array);
        let entries = rows.into_iter().map(|row| {
            let (place, Json(args)): (i32, Json<Value>) = (row.get(0), row.get(4));
            // The fold names a fact as packs do: a step by its own name, a clock's fact with its clock.
            let folded = usize::try_from(place - 1).ok().and_then(|place| history?.get(place));
            let text = |key: &str| folded.and_then(|one| one.get(key)?.as_str()).map(str::to_owned);
            let word = text("word").unwrap_or_else(|| row.get(1));
            let details = args.as_object().cloned().unwrap_or_default();
            Entry { fact: FactRef { word, arg: text("arg") }, at: row.get(2), actor: row.get(3), details }
        });
        let entries = entries.collect();
        Ok(Self { entries, fields })
    }

    /// The values of a field: none, one, or those of a list.
    pub(super) fn field(&self, name: &str) -> Vec<String> {
        match self.fields.get(&name.replace('-', "_")) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(members)) => members.iter().map(plain).collect(),
            Some(value) => Some(plain(value)).filter(|text| !text.is_empty()).into_iter().collect(),
        }
    }
}

impl Entry {
    /// A detail as text.
    pub(super) fn detail(&self, name: &str) -> Option<String> {
        self.details.get(&name.replace('-', "_")).map(plain)
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(members) => members.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
