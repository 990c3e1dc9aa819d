//! How a pack counts its periods.

use crate::node::Node;
use crate::reader::{Noun, Reader, Rule};
use crate::{Ends, Manner, Roll};

const ROLLS: [(&str, Roll); 3] =
    [("weekends-and-holidays", Roll::WeekendsAndHolidays), ("holidays", Roll::Holidays), ("none", Roll::Nowhere)];
const ENDS: [(&str, Ends); 2] = [("midnight", Ends::Midnight), ("close", Ends::Close)];

/// The section `counting`; without it, days are counted as the Civil Code does.
pub(super) fn manner(reader: &Reader, section: Option<&Node>) -> Manner {
    let rule = section.and_then(|node| reader.rule(node, ("计算规则", "manner of counting"), &["roll", "ends"]));
    let Some(rule) = rule else { return Manner::default() };
    let roll = rule.get("roll").and_then(|node| choice(&rule, node, &ROLLS));
    let ends = rule.get("ends").and_then(|node| choice(&rule, node, &ENDS));
    Manner { roll: roll.unwrap_or_default(), ends: ends.unwrap_or_default(), cite: rule.cite }
}

/// One of a few words.
pub(super) fn choice<'a, T: Copy>(rule: &Rule<'a>, node: &'a Node, words: &[(&'static str, T)]) -> Option<T> {
    choice_of(rule, node, ("取法", "choice"), words)
}

/// One of a few words of a sort that has a name.
pub(super) fn choice_of<'a, T: Copy>(
    rule: &Rule<'a>,
    node: &'a Node,
    what: Noun,
    words: &[(&'static str, T)],
) -> Option<T> {
    let word = rule.scalar(node)?;
    let known = words.iter().find(|(name, _)| *name == word).map(|(_, choice)| *choice);
    if known.is_none() {
        rule.unknown(node.line, what, word, words.iter().map(|(name, _)| *name));
    }
    known
}
