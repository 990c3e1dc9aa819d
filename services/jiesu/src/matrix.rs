//! The capability matrix: which parts of each shipped pack give a regime what is asked of it, and which scenarios show it.
//! What there is to ask is data: `services/rules/packs/capabilities.yaml`.

mod told;

use crate::scenario::{Report, Rule, parts};
use packs::Pack;
use regime::node::Node;
use std::collections::{BTreeMap, BTreeSet};

/// Something that a regime may need.
#[derive(Clone, Debug)]
struct Capability {
    id: String,
    zh: String,
    en: String,
    /// The service that it is of.
    of: String,
    /// None: the platform gives it to every regime.
    by: Vec<Pattern>,
    asked_by: Vec<String>,
}

/// Parts of a pack: by their path, in which `*` stands for anything, and by words of which they hold one.
#[derive(Clone, Debug)]
struct Pattern {
    path: String,
    words: Vec<String>,
}

/// What gives a regime a capability.
#[derive(Clone, Debug, Default)]
struct Cell {
    /// Each with its clause, in the order of the pack.
    rules: Vec<String>,
    /// The scenarios that exercise any of them.
    scenarios: BTreeSet<String>,
    is_asked: bool,
}

/// Regimes and capabilities.
#[derive(Debug)]
pub struct Matrix {
    capabilities: Vec<Capability>,
    /// By regime and capability; what a regime neither asks for nor has is not there.
    cells: BTreeMap<(String, String), Cell>,
    regimes: Vec<(String, String)>,
}

impl Matrix {
    /// The matrix of all shipped packs, with what the scenarios of `report` exercised.
    pub fn of(report: &Report) -> Self {
        let capabilities = capabilities();
        let mut cells = BTreeMap::new();
        let mut regimes = Vec::new();
        for pack in packs::regimes() {
            let Some(id) = pack.id().map(str::to_owned) else { continue };
            let parts = parts(&pack.yaml);
            for capability in &capabilities {
                let cell = cell(capability, &id, &pack, &parts, report);
                if cell.is_asked || !cell.rules.is_empty() {
                    cells.insert((id.clone(), capability.id.clone()), cell);
                }
            }
            regimes.push((id, title(&pack)));
        }
        Self { capabilities, cells, regimes }
    }

    /// What a regime is asked for and no rule of its pack gives, and what no scenario shows: `regime capability`.
    pub fn unfilled(&self) -> Vec<String> {
        let is_empty = |cell: &Cell| cell.is_asked && cell.scenarios.is_empty();
        let empty = self.cells.iter().filter(|(_, cell)| is_empty(cell));
        empty.map(|((regime, capability), _)| format!("{regime} {capability}")).collect()
    }
}

fn cell(capability: &Capability, regime: &str, pack: &Pack, parts: &[Rule], report: &Report) -> Cell {
    let is_asked = capability.asked_by.iter().any(|one| one == regime);
    if capability.by.is_empty() {
        return Cell { scenarios: report.played(&pack.file), is_asked: true, ..Cell::default() };
    }
    let fitting: Vec<&Rule> = parts.iter().filter(|part| capability.by.iter().any(|one| one.fits(part))).collect();
    Cell {
        rules: fitting.iter().map(ToString::to_string).collect(),
        scenarios: fitting.iter().flat_map(|part| report.exercised_by(&pack.file, part)).collect(),
        is_asked,
    }
}

impl Pattern {
    fn read(text: &str) -> Self {
        let (path, words) = text.split_once('|').unwrap_or((text, ""));
        let words = words.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Self { path: path.trim().to_owned(), words }
    }

    fn fits(&self, part: &Rule) -> bool {
        let path = part.path.join(".");
        is_like(&path, &self.path)
            && (self.words.is_empty() || self.words.iter().any(|word| path.contains(word) || part.holds(word)))
    }
}

/// Whether a text is as the pattern, in which `*` stands for anything.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return text == pattern };
    let Some(left) = text.strip_prefix(head) else { return false };
    left.char_indices()
        .map(|(at, _)| at)
        .chain([left.len()])
        .any(|at| left.get(at..).is_some_and(|rest| is_like(rest, tail)))
}

fn capabilities() -> Vec<Capability> {
    let Ok(node) = Node::parse(packs::CAPABILITIES, 0) else { return Vec::new() };
    let listed = node.get("capabilities").map(Node::pairs).unwrap_or_default();
    let read = |(key, node): &(regime::node::Key, Node)| {
        let text = |name: &str| node.get(name).and_then(Node::text).unwrap_or_default().trim().to_owned();
        let list = |name: &str| {
            let members = node.get(name).map_or(&[][..], Node::members);
            members.iter().filter_map(Node::text).map(|text| text.trim().to_owned()).collect::<Vec<_>>()
        };
        Capability {
            id: key.name.clone(),
            zh: text("zh"),
            en: text("en"),
            of: text("of"),
            by: list("by").iter().map(|one| Pattern::read(one)).collect(),
            asked_by: list("asked-by"),
        }
    };
    listed.iter().map(read).collect()
}

/// The title of a regime, in Chinese.
fn title(pack: &Pack) -> String {
    let node = Node::parse(&pack.yaml, 0).ok();
    let title = node.as_ref().and_then(|node| node.get("title")?.get("zh")?.text());
    title.unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_parts_by_path_and_by_words() {
        assert!(is_like("clocks.answer.within.1", "clocks.*.within*"));
        assert!(is_like("steps.case-verified", "steps.*verif*"));
        assert!(!is_like("steps.case-filed", "steps.*verif*"));
        assert!(!is_like("notices.1", "notices"));
        let parts = parts("steps:\n  seen: {takes: [text], staff: 2, cite: a}\n  done: {takes: text, cite: b}\n");
        let of = |pattern: &str| {
            let pattern = Pattern::read(pattern);
            parts.iter().filter(|part| pattern.fits(part)).map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(of("steps.* | staff, none"), ["steps.seen a"]);
        assert_eq!(of("steps.*"), ["steps.seen a", "steps.done b"]);
    }

    #[test]
    fn every_capability_has_titles_and_an_owner_and_is_asked_for_by_packs_that_there_are() {
        let all = capabilities();
        assert_eq!(all.len(), 93);
        let ids: Vec<String> = packs::regimes().iter().filter_map(|pack| pack.id().map(str::to_owned)).collect();
        for one in all {
            assert!(!one.zh.is_empty() && !one.en.is_empty() && !one.of.is_empty(), "{}", one.id);
            let odd: Vec<&String> = one.asked_by.iter().filter(|id| !ids.contains(id)).collect();
            assert!(odd.is_empty(), "{}: {odd:?}", one.id);
        }
    }
}
