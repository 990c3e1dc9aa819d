//! Clocks that start each other: a chain is welcome, a circle is refused, for it would never begin or never end.

use crate::node::{Line, Node};
use crate::reader::Reader;
use crate::vocabulary::{BREACH_FACT, CLOCK_CHANGES};
use crate::{Breach, Clock, FactRef};

/// What a clock or a breach waits for: those facts of others that come with nobody's word.
struct Link<'a> {
    name: &'a str,
    is_breach: bool,
    facts: Vec<&'a FactRef>,
    cite: &'a str,
    line: Line,
}

/// A section as it is written, and as it was read.
type Section<'a, T> = (Option<&'a Node>, &'a [T]);

/// Notes each clock and each breach that waits for itself, directly or through others.
pub(super) fn refuse_loops(reader: &Reader, clocks: Section<'_, Clock>, breaches: Section<'_, Breach>) {
    let of_clock = |clock: &Clock| -> Vec<FactRef> {
        let pauses = clock.paused.iter().flat_map(|pause| pause.from.iter().chain(&pause.until));
        clock.from.iter().chain(&clock.or_after).chain(&clock.anew).chain(pauses).cloned().collect()
    };
    let waits: Vec<Vec<FactRef>> = clocks.1.iter().map(of_clock).collect();
    let linked = clocks.1.iter().zip(&waits).map(|(clock, facts)| Link {
        name: &clock.name,
        is_breach: false,
        facts: facts.iter().collect(),
        cite: &clock.cite,
        line: line_of(clocks.0, &clock.name),
    });
    let found = breaches.1.iter().map(|breach| Link {
        name: &breach.name,
        is_breach: true,
        facts: breach.on.iter().collect(),
        cite: &breach.cite,
        line: line_of(breaches.0, &breach.name),
    });
    let links: Vec<Link<'_>> = linked.chain(found).collect();
    let waits: Vec<Vec<usize>> = links.iter().map(|link| waits_for(link, &links)).collect();
    for (at, link) in links.iter().enumerate() {
        if let Some(way) = way_back(&waits, at) {
            let names: Vec<&str> = way.into_iter().filter_map(|at| links.get(at)).map(|link| link.name).collect();
            let way = names.join(" → ");
            reader.fail(
                link.line,
                link.cite,
                format!("“{}”以自身的变化为起因：{way}", link.name),
                format!("`{}` waits for itself: {way}", link.name),
            );
        }
    }
}

/// The shortest way from a link back to itself, if there is one: breadth first, each link once.
fn way_back(waits: &[Vec<usize>], start: usize) -> Option<Vec<usize>> {
    let mut from: Vec<Option<usize>> = vec![None; waits.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for next in waits.get(at)?.iter().copied() {
            if next == start {
                let mut way = vec![start, at];
                let mut at = at;
                while let Some(before) = from.get(at).copied().flatten() {
                    way.push(before);
                    at = before;
                }
                return Some(way.into_iter().rev().collect());
            }
            let seen = from.get_mut(next)?;
            if seen.is_none() {
                *seen = Some(at);
                queue.push_back(next);
            }
        }
    }
    None
}

/// The places of those for which a link waits.
fn waits_for(link: &Link<'_>, links: &[Link<'_>]) -> Vec<usize> {
    let is_it = |other: &Link<'_>| {
        link.facts.iter().any(|fact| {
            let is_of = if other.is_breach { fact.word == BREACH_FACT } else { CLOCK_CHANGES.contains(&&*fact.word) };
            is_of && fact.arg.as_deref().is_none_or(|arg| arg == other.name)
        })
    };
    links.iter().enumerate().filter(|(_, other)| is_it(other)).map(|(place, _)| place).collect()
}

fn line_of(section: Option<&Node>, name: &str) -> Line {
    let entries = section.map_or(&[][..], Node::pairs);
    let of_clock = entries.iter().find(|(key, _)| key.name == name).map(|(key, _)| key.line);
    of_clock.or(section.map(|section| section.line)).unwrap_or(Line { file: 0, number: 1 })
}
