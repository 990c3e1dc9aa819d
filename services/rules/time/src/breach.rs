//! Failures that are no time limits: each occurrence of their fact is one, and is found once.

use crate::story::Matter;
use chrono::{DateTime, Utc};
use regime::Breach;
use regime::vocabulary::{BREACH_FACT, MOVED_FACT};

/// A failure that nobody has been told of yet.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    pub breach: &'a Breach,
    /// When the fact happened in which it lies.
    pub at: DateTime<Utc>,
}

/// The failures of the case that were not told of yet, in the order of their instants. What was told stands in the case
/// as `breach-found`, with the instant of its occurrence: so none comes twice, in whatever order facts become known. What
/// happened before the case moved to this version of the rules was no failure by them.
pub fn breaches<'a>(rules: &'a [Breach], case: &dyn Matter) -> Vec<Found<'a>> {
    if rules.is_empty() {
        return Vec::new();
    }
    let story = case.story();
    let moved = story.happened.iter().filter(|fact| fact.word == MOVED_FACT).map(|fact| fact.at).max();
    let mut found = Vec::new();
    for breach in rules.iter().filter(|breach| breach.condition.holds(case)) {
        let is_told = |fact: &&crate::Happening<'_>| fact.word == BREACH_FACT && fact.arg == Some(&breach.name);
        let mut told: Vec<DateTime<Utc>> = story.happened.iter().filter(is_told).map(|fact| fact.at).collect();
        let most = if breach.is_once { usize::from(told.is_empty()) } else { usize::MAX };
        let since = story.happened.iter().filter(|fact| moved.is_none_or(|moved| fact.at >= moved));
        for fact in since.filter(|fact| fact.is(&breach.on)).take(most) {
            match told.iter().position(|at| *at == fact.at) {
                Some(place) => drop(told.swap_remove(place)),
                None => found.push(Found { breach, at: fact.at }),
            }
        }
    }
    found.sort_by_key(|one| one.at);
    found
}

#[cfg(test)]
mod tests;
