//! Which entries of a dossier tell of another case, so that whoever may not read that one does not learn of it. Pure.

use super::Entry;
use std::collections::BTreeSet;

/// What tells that there is another case.
const TELLING: [&str; 3] = ["case-linked", "cases-merged", "case-opened"];

/// The other cases that entries name.
pub(crate) fn named(entries: &[Entry]) -> BTreeSet<String> {
    let telling = entries.iter().filter(|entry| TELLING.contains(&entry.fact.as_str()));
    telling.filter_map(|entry| entry.args.get("other")?.as_str().map(str::to_owned)).collect()
}

/// The entries that may be shown to whom these cases must not be known. `links` are the relations of the case, each with
/// the other one; an entry that names none itself is one of its relation's.
pub(crate) fn shown(entries: Vec<Entry>, links: &[(String, String)], hidden: &BTreeSet<String>) -> Vec<Entry> {
    // An entry of an earlier build may say neither: then it could be any.
    let of_relation = |relation: &str| {
        links.iter().any(|(known, id)| (relation.is_empty() || known == relation) && hidden.contains(id))
    };
    let tells = |entry: &Entry| {
        let arg = |name: &str| entry.args.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        match arg("other") {
            "" => of_relation(arg("relation")),
            other => hidden.contains(other),
        }
    };
    let is_telling = |entry: &Entry| TELLING.contains(&entry.fact.as_str()) && tells(entry);
    entries.into_iter().filter(|entry| !is_telling(entry)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use serde_json::json;

    fn entry(fact: &str, args: &serde_json::Value) -> Entry {
        Entry {
            case_id: kit_ids::CaseId::new(uuid::Uuid::from_u128(1)),
            place: 1,
            producer: "intake".to_owned(),
            log_place: None,
            at: DateTime::UNIX_EPOCH,
            fact: fact.to_owned(),
            args: args.as_object().cloned().unwrap_or_default(),
            refs: Vec::new(),
            actor: String::new(),
        }
    }

    #[test]
    fn what_tells_of_a_case_that_one_may_not_read_is_left_out_and_nothing_else() {
        let entries = || {
            vec![
                entry("case-registered", &json!({"relation": "twin"})),
                entry("case-linked", &json!({"relation": "twin", "other": "a"})),
                entry("case-linked", &json!({"relation": "lead", "other": "b"})),
                entry("cases-merged", &json!({"staff": "s", "other": "a"})),
                entry("case-opened", &json!({"kind": "report", "relation": "lead"})),
                // As an earlier build wrote them.
                entry("case-linked", &json!({"relation": "twin"})),
                entry("cases-merged", &json!({"staff": "s"})),
            ]
        };
        let links = [("twin".to_owned(), "a".to_owned()), ("lead".to_owned(), "b".to_owned())];
        let kept = |hidden: &[&str]| {
            let hidden = hidden.iter().map(|id| (*id).to_owned()).collect();
            shown(entries(), &links, &hidden).len()
        };
        assert_eq!((kept(&[]), kept(&["a"]), kept(&["b"]), kept(&["a", "b"])), (7, 3, 4, 1));
        assert_eq!(named(&entries()), BTreeSet::from(["a".to_owned(), "b".to_owned()]));
    }
}
