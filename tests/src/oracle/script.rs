//! What must hold of the script: a case of a kind has the same facts in every log as a case of that kind in a run where
//! nothing failed.

use super::{About, Findings, snapshot::Snapshot};
use crate::load::{Kind, Tally};
use contracts::Fact;
use std::collections::BTreeMap;

/// How many facts of each word a case has, in each log.
pub type Course = BTreeMap<String, usize>;

/// The courses of the cases of a clean run by kind; those of one kind must agree with each other.
pub(super) fn learn(snapshot: &Snapshot, tally: &Tally, findings: &mut Findings) -> BTreeMap<Kind, Course> {
    let mut known: BTreeMap<Kind, Course> = BTreeMap::new();
    each(snapshot, tally, |kind, case, course| {
        let first = known.entry(kind).or_insert_with(|| course.clone());
        if *first != course {
            findings.add(
                "script",
                About::Case(case.to_owned()),
                format!("{case} of kind {}: {}", kind.place, difference(&course, first)),
            );
        }
    });
    known
}

/// Compares every case whose script was played to its end.
pub(super) fn compare(snapshot: &Snapshot, tally: &Tally, clean: &BTreeMap<Kind, Course>, findings: &mut Findings) {
    each(snapshot, tally, |kind, case, course| match clean.get(&kind) {
        Some(expected) if *expected == course => {}
        Some(expected) => {
            findings.add(
                "script",
                About::Case(case.to_owned()),
                format!("{case} of kind {}: {}", kind.place, difference(&course, expected)),
            );
        }
        None => findings.add(
            "script",
            About::Case(case.to_owned()),
            format!("{case}: there was no clean case of kind {}", kind.place),
        ),
    });
}

fn each(snapshot: &Snapshot, tally: &Tally, mut look: impl FnMut(Kind, &str, Course)) {
    let mut courses: BTreeMap<&str, Course> = BTreeMap::new();
    for (service, entry) in snapshot.logs() {
        if let Some(word) = entry.fact.as_ref().and_then(word) {
            *courses.entry(&entry.key).or_default().entry(format!("{service} {word}")).or_default() += 1;
        }
    }
    for handed in tally.handed.iter().filter(|handed| handed.is_done) {
        if let Some(case) = case_of(snapshot, tally, &handed.request_id) {
            let course = courses.get(case.as_str()).cloned().unwrap_or_default();
            look(handed.kind, &case, course);
        }
    }
}

/// The case of a hand-in that was answered.
pub(super) fn case_of(snapshot: &Snapshot, tally: &Tally, request_id: &str) -> Option<String> {
    let handed = tally.handed.iter().find(|handed| handed.request_id == request_id)?;
    snapshot.numbers.get(&handed.receipt.as_ref()?.number)?.first().cloned()
}

/// The word of a fact that depends on the script alone. What a clock does as time passes, and when and whether a mail
/// gets through, depends on the hour and on the outage.
fn word(fact: &Fact) -> Option<&'static str> {
    match fact {
        Fact::DeadlineNear(_) | Fact::ClockMissed(_) | Fact::ClockOverdue(_) | Fact::CaseEscalated(_) => None,
        Fact::NoticeSent(_) | Fact::NoticeFailed(_) | Fact::NoticeUnknown(_) => None,
        fact => Some(fact.word()),
    }
}

fn difference(course: &Course, expected: &Course) -> String {
    let words = course.keys().chain(expected.keys().filter(|word| !course.contains_key(*word)));
    let counts = words.map(|word| (word, course.get(word).unwrap_or(&0), expected.get(word).unwrap_or(&0)));
    let parts = counts.filter(|(_, is, was)| is != was).map(|(word, is, was)| format!("{word} {is} instead of {was}"));
    parts.collect::<Vec<_>>().join(", ")
}
