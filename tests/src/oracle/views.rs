//! What must hold of derived state: what a service has stored of each case is the fold of the logs that it follows and of
//! its own.

use super::{
    About, Findings,
    snapshot::{Entry, FOLLOWS, Snapshot},
};
use chrono::{DateTime, Utc};
use contracts::Fact;
use facts::CaseView;
use kit_grpc::instant;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// When each event happened.
type Instants = HashMap<Uuid, DateTime<Utc>>;

/// Compares case by case; answers a hash over all views for each service, as stored and as folded.
pub(super) fn views(snapshot: &Snapshot, findings: &mut Findings) -> BTreeMap<String, (String, String)> {
    let mut hashes = BTreeMap::new();
    let instants: Instants = snapshot.logs().filter_map(|(_, entry)| Some((entry.event_id, at(entry)?))).collect();
    for (service, producers) in FOLLOWS {
        let mut folded = fold(snapshot, service, producers, &instants);
        let (mut of_stored, mut of_folded) = (Sha256::new(), Sha256::new());
        let mut stored: Vec<_> = snapshot.of(service).cases.iter().collect();
        stored.sort_by_key(|(case, _)| case);
        for (case, view) in stored {
            let (view, expected) = (comparable(view.clone()), comparable(folded.remove(case).unwrap_or_default()));
            of_stored.update(&view);
            of_folded.update(&expected);
            if view != expected {
                findings.add(
                    "view",
                    About::Case(case.clone()),
                    format!("{service} {case}: {}", difference(&view, &expected)),
                );
            }
        }
        let (of_stored, of_folded) = (hex::encode(of_stored.finalize()), hex::encode(of_folded.finalize()));
        hashes.insert((*service).to_owned(), (of_stored, of_folded));
    }
    hashes
}

fn fold(snapshot: &Snapshot, service: &str, producers: &[&str], instants: &Instants) -> BTreeMap<String, CaseView> {
    let mut of_case: BTreeMap<&str, Vec<Vec<&Entry>>> = BTreeMap::new();
    let logs: Vec<&str> = producers.iter().copied().chain([service]).collect();
    for (place, producer) in logs.iter().enumerate() {
        for entry in &snapshot.of(producer).log {
            let Some(fact) = entry.fact.as_ref().filter(|fact| !fact.case_id().is_empty()) else { continue };
            if *producer != service || keeps_own(service, fact) {
                let streams = of_case.entry(&entry.key).or_insert_with(|| vec![Vec::new(); logs.len()]);
                streams[place].push(entry);
            }
        }
    }
    let folded = of_case.into_iter().map(|(case, streams)| {
        let mut view = CaseView::default();
        for entry in merge(streams) {
            let told = told(service, entry, instants);
            if let Some((fact, at)) = entry.fact.as_ref().zip(told) {
                view.apply(fact, at);
            }
        }
        (case.to_owned(), view)
    });
    folded.collect()
}

/// By the instants at which things happened, but each producer's in the order of its log; the registration is first.
fn merge(streams: Vec<Vec<&Entry>>) -> Vec<&Entry> {
    let mut heads: Vec<_> = streams.into_iter().map(|stream| stream.into_iter().peekable()).collect();
    let mut merged = Vec::new();
    loop {
        let next = heads.iter_mut().enumerate().filter_map(|(place, stream)| {
            let entry = stream.peek()?;
            let is_first = matches!(entry.fact, Some(Fact::CaseRegistered(_)));
            Some(((!is_first, at(entry), place), place))
        });
        let Some((_, place)) = next.min() else { return merged };
        merged.extend(heads[place].next());
    }
}

/// Since when a service says that the event counts. Records can be made anew from what it follows, so what it adds itself
/// counts since its cause.
fn told(service: &str, entry: &Entry, instants: &Instants) -> Option<DateTime<Utc>> {
    if service == "records" && matches!(entry.fact, Some(Fact::CaseArchived(_))) {
        let cause = entry.envelope.as_ref()?.causation_id.parse().ok()?;
        return instants.get(&cause).copied();
    }
    at(entry)
}

fn at(entry: &Entry) -> Option<DateTime<Utc>> {
    instant(entry.envelope.as_ref()?.occurred_at.as_ref()?)
}

/// Whether a service takes its own fact into its own view. Who reads an identity or is told something changes nothing
/// that these two decide.
fn keeps_own(service: &str, fact: &Fact) -> bool {
    match service {
        "intake" => !matches!(fact, Fact::IdentityRead(_) | Fact::NarrativeRead(_)),
        "notification" => false,
        _ => true,
    }
}

/// As text, with the history in an order that does not depend on which producer was heard first.
fn comparable(mut view: CaseView) -> String {
    view.history.sort_by(|a, b| (a.at, &a.word, &a.arg).cmp(&(b.at, &b.word, &b.arg)));
    serde_json::to_string(&view).unwrap()
}

/// Where the two texts part.
fn difference(one: &str, other: &str) -> String {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let part = |text: &str| text.chars().skip(same.saturating_sub(60)).take(160).collect::<String>();
    format!("stored …{}…, folded …{}…", part(one), part(other))
}
