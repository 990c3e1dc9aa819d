//! What must hold of the logs: chains without gap or break, followers exactly at the heads, no event twice.

use super::{
    About, Findings,
    snapshot::{FOLLOWS, Snapshot},
};
use contracts::Fact;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Every producer's log, per partition: gapless from 1 to the head, each hash linked to the one before, from genesis on.
pub(super) fn chains(snapshot: &Snapshot, findings: &mut Findings) {
    for (service, stored) in &snapshot.services {
        if stored.heads.len() != 16 {
            findings.add("chain", About::Everything, format!("{service} has {} heads", stored.heads.len()));
        }
        for head in &stored.heads {
            let (mut seq, mut hash) = (0, head.genesis.clone());
            for entry in stored.log.iter().filter(|entry| entry.partition == head.partition) {
                let place = format!("{service} {} {}", entry.partition, entry.seq);
                if entry.seq != seq + 1 {
                    findings.add("chain", About::Place(entry.partition), format!("{place} follows {seq}"));
                }
                let link = Sha256::new().chain_update(&hash).chain_update(&entry.bytes).finalize().to_vec();
                if link != entry.hash {
                    findings.add(
                        "chain",
                        About::Place(entry.partition),
                        format!("{place} is not linked to what is before it"),
                    );
                }
                (seq, hash) = (entry.seq, entry.hash.clone());
            }
            if (seq, &hash) != (head.seq, &head.hash) {
                findings.add(
                    "chain",
                    About::Place(head.partition),
                    format!("{service} {}: the head says {}, the log {seq}", head.partition, head.seq),
                );
            }
        }
    }
}

/// Every follower has applied exactly what each of its producers has said.
pub(super) fn positions(snapshot: &Snapshot, findings: &mut Findings) {
    for (follower, producers) in FOLLOWS {
        let stored = snapshot.of(follower);
        for (producer, head) in producers.iter().flat_map(|p| snapshot.of(p).heads.iter().map(move |head| (p, head))) {
            match stored.positions.get(&((*producer).to_owned(), head.partition)) {
                Some((seq, hash)) if (*seq, hash) == (head.seq, &head.hash) => {}
                Some((seq, _)) => findings.add(
                    "position",
                    About::Place(head.partition),
                    format!("{follower} is at {seq} of {}, {producer} {}", head.seq, head.partition),
                ),
                None => findings.add(
                    "position",
                    About::Place(head.partition),
                    format!("{follower} does not know {producer} {}", head.partition),
                ),
            }
        }
        for (key, parked) in &stored.parked {
            findings.add("parked", About::Case(key.clone()), format!("{follower}: {parked}"));
        }
    }
}

/// No event id stands in two places, and every row is what its envelope says.
pub(super) fn identities(snapshot: &Snapshot, findings: &mut Findings) {
    let mut seen: BTreeMap<uuid::Uuid, String> = BTreeMap::new();
    for (service, entry) in snapshot.logs() {
        let place = format!("{service} {} {} {}", entry.partition, entry.seq, entry.kind);
        if let Some(earlier) = seen.insert(entry.event_id, place.clone()) {
            findings.add(
                "identity",
                About::Case(entry.key.clone()),
                format!("{} stands at {earlier} and at {place}", entry.event_id),
            );
        }
        let is_itself = entry.envelope.as_ref().is_some_and(|envelope| {
            envelope.event_id == entry.event_id.to_string()
                && envelope.key == entry.key
                && envelope.r#type == entry.kind
        });
        let home = i16::try_from(kit_messaging::partition_of(&entry.key)).unwrap();
        if !is_itself || entry.fact.is_none() || home != entry.partition {
            findings.add(
                "identity",
                About::Case(entry.key.clone()),
                format!("{place} is not what its envelope says, or not in its partition"),
            );
        }
    }
}

/// What became of a notice is said once: nobody is told the same thing twice.
pub(super) fn notices(snapshot: &Snapshot, findings: &mut Findings) {
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &snapshot.of("notification").log {
        let notice = match &entry.fact {
            Some(Fact::NoticeSent(e)) => &e.notice_id,
            Some(Fact::NoticeFailed(e)) => &e.notice_id,
            Some(Fact::NoticeUnknown(e)) => &e.notice_id,
            _ => continue,
        };
        let count = told.entry(notice).or_default();
        *count += 1;
        if *count > 1 {
            findings.add("notice", About::Case(entry.key.clone()), format!("{notice} came to {count} ends"));
        }
    }
}

/// What was caused by one event happened once: no second one of the same type, key, subject and cause in the same log.
/// Answers the most that there were of a type.
pub(super) fn effects(snapshot: &Snapshot) -> BTreeMap<(String, String), usize> {
    let mut caused: BTreeMap<_, usize> = BTreeMap::new();
    for (service, entry) in snapshot.logs() {
        let cause = entry.envelope.as_ref().map(|envelope| envelope.causation_id.clone()).unwrap_or_default();
        if !cause.is_empty() {
            let subject = entry.fact.as_ref().map_or("", subject);
            *caused.entry((service, &entry.kind, &entry.key, subject, cause)).or_default() += 1;
        }
    }
    let mut most: BTreeMap<(String, String), usize> = BTreeMap::new();
    for ((service, kind, ..), count) in caused {
        let highest = most.entry((service.to_owned(), kind.clone())).or_default();
        *highest = count.max(*highest);
    }
    most
}

/// What of a case it happened to: several clocks may start at once.
fn subject(fact: &Fact) -> &str {
    match fact {
        Fact::ClockStarted(e) => &e.clock,
        Fact::ClockStopped(e) => &e.clock,
        Fact::ClockPaused(e) => &e.clock,
        Fact::ClockResumed(e) => &e.clock,
        Fact::BreachFound(e) => &e.breach,
        Fact::DeadlineMoved(e) => &e.clock,
        Fact::DeadlineNear(e) => &e.clock,
        Fact::ClockMissed(e) => &e.clock,
        Fact::ClockOverdue(e) => &e.clock,
        Fact::TaskOpened(e) => &e.purpose,
        Fact::CaseEscalated(e) => &e.clock,
        _ => "",
    }
}
