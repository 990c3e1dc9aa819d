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
    for (at, link) in links.iter().enumerate() {
        if let Some(way) = way_back(&links, at) {
            let way = way.join(" → ");
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
fn way_back<'a>(links: &[Link<'a>], start: usize) -> Option<Vec<&'a str>> {
    let mut from: Vec<Option<usize>> = vec![None; links.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let link = links.get(at)?;
        for (next, other) in links.iter().enumerate().filter(|(_, other)| waits_for(link, other)) {
            if next == start {
                let mut way = vec![other.name, link.name];
                let mut at = at;
                while let Some(before) = from.get(at).copied().flatten() {
                    way.push(links.get(before)?.name);
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

fn waits_for(link: &Link<'_>, other: &Link<'_>) -> bool {
    link.facts.iter().any(|fact| {
        let is_of = if other.is_breach { fact.word == BREACH_FACT } else { CLOCK_CHANGES.contains(&&*fact.word) };
        is_of && fact.arg.as_deref().is_none_or(|arg| arg == other.name)
    })
}

fn line_of(section: Option<&Node>, name: &str) -> Line {
    let entries = section.map_or(&[][..], Node::pairs);
    let of_clock = entries.iter().find(|(key, _)| key.name == name).map(|(key, _)| key.line);
    of_clock.or(section.map(|section| section.line)).unwrap_or(Line { file: 0, number: 1 })
}
