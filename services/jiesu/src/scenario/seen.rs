//! A case as the services hold it at rest: its fields as all of them fold it, and its dossier in order.

use super::world::World;
use anyhow::Result;
use chrono::{DateTime, Utc};
use facts::CaseView;
use regime::FactRef;
use serde_aux::serde_introspection::serde_introspect;
use serde_json::{Map, Value};
use sqlx::{Row as _, types::Json};

/// Fields of the case that are neither a word nor a list of words.
const NO_WORDS: &[&str] =
    &["history", "extensions", "suspensions", "dates", "facts", "received_at", "orders", "links", "acted", "sign_offs"];

/// What is known of a case.
pub(super) struct Seen {
    fields: Map<String, Value>,
    pub(super) entries: Vec<Entry>,
}

/// Whether records says it itself, and its number there.
pub(super) type Place = (bool, i64);

/// One fact of the dossier.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where it stands in the table that it was read from, so that it is known again.
    pub(super) place: Place,
    pub(super) fact: FactRef,
    names: Vec<FactRef>,
    pub(super) at: DateTime<Utc>,
    /// An id of the staff, `complainant`, or a service.
    pub(super) actor: String,
    pub(super) details: Map<String, Value>,
}

/// The names of the fields that a scenario may ask about: those that services fold, so that a new one is known here.
pub(super) fn fields() -> Vec<String> {
    let names = serde_introspect::<CaseView>().iter();
    names.filter(|name| !NO_WORDS.contains(name)).map(|name| name.replace('_', "-")).collect()
}

impl Seen {
    /// Reads it from the records.
    ///
    /// # Errors
    /// The database does not answer.
    pub(super) async fn of(world: &World, case_id: &str) -> Result<Self> {
        if case_id.is_empty() {
            return Ok(Self { fields: Map::new(), entries: Vec::new() });
        }
        let view = sqlx::query_scalar("SELECT view FROM records.cases WHERE case_id = right($1, 32)::uuid")
            .bind(case_id)
            .fetch_optional(&world.admin)
            .await?;
        let Json(fields): Json<Map<String, Value>> = view.unwrap_or_default();
        let rows = sqlx::query(
            "SELECT place::bigint, fact, at, actor, args, false FROM records.dossier_entries
             WHERE case_id = right($1, 32)::uuid
             UNION ALL
             SELECT place, fact, at, actor, args, true FROM records.own_entries
             WHERE case_id = right($1, 32)::uuid
             ORDER BY 6, 1",
        )
        .bind(case_id)
        .fetch_all(&world.admin)
        .await?;
        let history = fields.get("history").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut place = 0;
        let entry = |row: sqlx::postgres::PgRow| {
            let Json(args): Json<Value> = row.get(4);
            let word: String = row.get(1);
            let details = args.as_object().cloned().unwrap_or_default();
            // The fold names a fact as packs do: a step by its own name, a clock's fact with its clock; some events are
            // known by several names, or by none yet.
            let is_own: bool = row.get(5);
            let many = if is_own { 0 } else { names_of(&word, &details) };
            let mut names: Vec<FactRef> = history.iter().skip(place).take(many).filter_map(named).collect();
            // What records says itself is in no other service's case.
            let ledger = details.get("ledger").and_then(Value::as_str);
            if word == "case-registered" {
                names.push(FactRef::new("case-recorded"));
            }
            names.extend(ledger.filter(|_| is_own).map(|ledger| FactRef::about(&*word, ledger)));
            place += many;
            let fact = names.first().cloned().unwrap_or_else(|| FactRef::new(word));
            let place = (is_own, row.get(0));
            Entry { place, fact, names, at: row.get(2), actor: row.get(3), details }
        };
        let mut entries: Vec<Entry> = rows.into_iter().map(entry).collect();
        entries.sort_by_key(|entry| entry.at);
        Ok(Self { entries, fields })
    }

    /// The case as all services fold it.
    pub(super) fn view(&self) -> CaseView {
        serde_json::from_value(Value::Object(self.fields.clone())).unwrap_or_default()
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

/// How many things the fold takes an event of the dossier for; see `facts::names`.
fn names_of(word: &str, details: &Map<String, Value>) -> usize {
    let is = |name: &str| details.get(name).and_then(Value::as_bool).unwrap_or(false);
    match word {
        "case-registered" => 2,
        "measures-ordered" => details.get("measures").and_then(Value::as_array).map_or(1, |all| all.len().max(1)),
        "approval-given" => usize::from(is("is_last")),
        "decision-approved" => usize::from(!is("is_partial")),
        "measure-checked" => usize::from(is("checked")),
        _ => 1,
    }
}

fn named(happened: &Value) -> Option<FactRef> {
    let text = |key: &str| happened.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(FactRef { word: text("word")?, arg: text("arg") })
}

impl Entry {
    /// Whether it is this fact, by any of its names.
    pub(super) fn is(&self, fact: &FactRef) -> bool {
        let matches = |one: &FactRef| fact.matches(&one.word, one.arg.as_deref());
        matches(&self.fact) || self.names.iter().any(matches)
    }

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
