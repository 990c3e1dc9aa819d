//! What must hold of the cases: every acknowledged hand-in is one case, in every service once; nothing half made; and the
//! dossier holds every event once.

use super::{
    About, Findings,
    snapshot::{FOLLOWS, Snapshot},
};
use crate::load::Tally;
use contracts::Fact;
use std::collections::{BTreeMap, BTreeSet};

/// What was acknowledged against what there is; answers how many hand-ins are lost and how many doubled.
pub(super) fn hand_ins(snapshot: &Snapshot, tally: &Tally, findings: &mut Findings) -> (usize, usize) {
    let (mut lost, mut doubled) = (0, 0);
    let mut numbers = BTreeSet::new();
    for handed in &tally.handed {
        let Some(receipt) = &handed.receipt else { continue };
        if !numbers.insert(&receipt.number) {
            doubled += 1;
            findings.add(
                "hand-in",
                About::Everything,
                format!("{} was answered with a number of another", handed.request_id),
            );
        }
        match snapshot.numbers.get(&receipt.number).map_or(0, Vec::len) {
            1 => {}
            0 => {
                lost += 1;
                findings.add(
                    "hand-in",
                    About::Everything,
                    format!("{}, {} is lost", handed.request_id, receipt.number),
                );
            }
            more => {
                doubled += 1;
                findings.add(
                    "hand-in",
                    About::Everything,
                    format!("{}, {} is {more} cases", handed.request_id, receipt.number),
                );
            }
        }
        if !snapshot.answers.contains(&handed.request_id) {
            findings.add("hand-in", About::Everything, format!("{} has no answer to give again", handed.request_id));
        }
    }
    // Each answer is one case, and each case has one answer: what nobody was told of cannot be there twice either.
    let cases: usize = snapshot.numbers.values().map(Vec::len).sum();
    if cases != snapshot.answers.len() {
        doubled += cases.saturating_sub(snapshot.answers.len());
        findings.add(
            "hand-in",
            About::Everything,
            format!("{cases} cases for {} answered hand-ins", snapshot.answers.len()),
        );
    }
    let asked: BTreeSet<&str> = tally.handed.iter().map(|handed| handed.request_id.as_str()).collect();
    for stranger in snapshot.answers.iter().filter(|id| !asked.contains(id.as_str())) {
        findings.add("hand-in", About::Everything, format!("nobody asked for {stranger}"));
    }
    for case in &snapshot.half_made {
        findings.add("hand-in", About::Case(case.clone()), format!("{case} is half made"));
    }
    (lost, doubled)
}

/// Every case is in every service that keeps cases, once, and was registered once.
pub(super) fn everywhere(snapshot: &Snapshot, findings: &mut Findings) {
    let all: BTreeSet<&String> = snapshot.numbers.values().flatten().collect();
    for (service, _) in FOLLOWS {
        let mut here: BTreeMap<&String, usize> = BTreeMap::new();
        for (case, _) in &snapshot.of(service).cases {
            *here.entry(case).or_default() += 1;
        }
        compare(&format!("in {service}"), &all, &here, findings);
    }
    let mut registered: BTreeMap<&String, usize> = BTreeMap::new();
    for entry in &snapshot.of("intake").log {
        if matches!(entry.fact, Some(Fact::CaseRegistered(_))) {
            *registered.entry(&entry.key).or_default() += 1;
        }
    }
    compare("registered", &all, &registered, findings);
}

fn compare(place: &str, all: &BTreeSet<&String>, here: &BTreeMap<&String, usize>, findings: &mut Findings) {
    for case in all {
        let count = here.get(case).copied().unwrap_or(0);
        if count != 1 {
            findings.add("case", About::Case((*case).clone()), format!("{case} is {count} times {place}"));
        }
    }
    for stranger in here.keys().filter(|case| !all.contains(*case)) {
        findings.add("case", About::Case((*stranger).clone()), format!("{stranger} is {place} but not in intake"));
    }
}

/// The dossier has each event of a case of each producer that records follows, once, and nothing else of them.
pub(super) fn dossiers(snapshot: &Snapshot, findings: &mut Findings) {
    let mut entries: BTreeMap<(&str, i16, i64), (usize, &str)> = BTreeMap::new();
    for (case, producer, partition, seq) in &snapshot.dossiers {
        if let (Some(partition), Some(seq)) = (partition, seq) {
            entries.entry((producer, *partition, *seq)).or_insert((0, case)).0 += 1;
        }
    }
    let follows = FOLLOWS.iter().find(|(service, _)| *service == "records").unwrap().1;
    for producer in follows {
        for entry in
            snapshot.of(producer).log.iter().filter(|e| e.fact.as_ref().is_some_and(|f| !f.case_id().is_empty()))
        {
            let found = entries.remove(&(*producer, entry.partition, entry.seq));
            if found != Some((1, entry.key.as_str())) {
                let place = format!("{producer} {} {}", entry.partition, entry.seq);
                findings.add(
                    "dossier",
                    About::Case(entry.key.clone()),
                    format!("{place} of {} is in the dossiers as {found:?}", entry.key),
                );
            }
        }
    }
    for (place, found) in entries {
        findings.add(
            "dossier",
            About::Case(found.1.to_owned()),
            format!("an entry {place:?} of {found:?} that nobody said"),
        );
    }
}
