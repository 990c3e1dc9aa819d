//! The rules of a pack as they stand in its text: every item that cites a clause, and the steps and reminders of clocks.

use regime::node::{Data, Key, Node};
use std::fmt;

/// Parts that decide nothing by themselves: names, choices and texts.
const NO_RULES: &[&str] = &["words", "parameters", "counting", "templates", "title", "in-force", "upkeep"];
/// Lists whose members are rules under the clause of what they stand in.
const UNCITED: &[&str] = &["missed", "remind"];

/// One rule, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(in crate::scenario) line: u32,
    /// As in `clocks`, `handling`, `within`, `2`; members of lists are counted from 1.
    pub(crate) path: Vec<String>,
    pub(in crate::scenario) cite: String,
    /// Its number among the steps that a miss takes later.
    pub(in crate::scenario) step: Option<u32>,
    node: Node,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut path = self.path.iter();
        f.write_str(path.next().map_or("", String::as_str))?;
        for part in path {
            match part.parse::<u32>() {
                Ok(n) => write!(f, "[{n}]")?,
                Err(_) => write!(f, ".{part}")?,
            }
        }
        write!(f, " {}", self.cite)
    }
}

impl Rule {
    /// The text of a field; of a text in two languages, the Chinese.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let node = self.node.get(name)?;
        node.text().or_else(|| node.get("zh")?.text()).map(str::trim)
    }

    /// The words of a field, one or several.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        self.node.get(name).map_or(&[][..], Node::members).iter().filter_map(Node::text).map(str::trim).collect()
    }

    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.text(name) == Some(value)
    }

    /// Whether a word stands anywhere in it, as a name or in a text.
    pub(crate) fn holds(&self, word: &str) -> bool {
        holds(&self.node, word)
    }

    /// Whether it decides something, so that a scenario can exercise it for itself.
    pub(crate) fn is_rule(&self) -> bool {
        self.path.first().is_some_and(|section| !is_no_rule(section))
    }

    pub(super) fn cites(&self, cite: &str) -> bool {
        self.cite == cite
    }
}

/// All rules of a pack, in the order of its text.
pub(in crate::scenario) fn rules(pack: &str) -> Vec<Rule> {
    let mut found = Vec::new();
    for (key, node) in sections(pack).iter().filter(|(key, _)| !is_no_rule(&key.name)) {
        collect(node, vec![key.name.clone()], "", &mut found);
    }
    found.sort_by_key(|rule| rule.line);
    found
}

/// All rules of a pack, and the parts that decide nothing by themselves: each such section, and each entry of it, down to
/// the single word.
pub(crate) fn parts(pack: &str) -> Vec<Rule> {
    let mut found = rules(pack);
    for (key, node) in sections(pack).iter().filter(|(key, _)| is_no_rule(&key.name)) {
        entries(node, vec![key.name.clone()], &mut found);
    }
    found
}

fn entries(node: &Node, path: Vec<String>, found: &mut Vec<Rule>) {
    let cite = node.get("cite").and_then(Node::text).unwrap_or_default().trim().to_owned();
    if path.len() < 3 {
        for (key, node) in node.pairs() {
            entries(node, path.iter().cloned().chain([key.name.clone()]).collect(), found);
        }
    }
    found.push(Rule { line: node.line.number, path, cite, step: None, node: node.clone() });
}

fn sections(pack: &str) -> Vec<(Key, Node)> {
    Node::parse(pack, 0).map(|node| node.pairs().to_vec()).unwrap_or_default()
}

/// Whether this section of a pack holds no rules.
fn is_no_rule(section: &str) -> bool {
    NO_RULES.contains(&section)
}

fn collect(node: &Node, path: Vec<String>, clause: &str, found: &mut Vec<Rule>) {
    let below = |part: String| path.iter().cloned().chain([part]).collect::<Vec<_>>();
    match &node.data {
        Data::List(members) => {
            let is_rules = path.last().is_some_and(|last| UNCITED.contains(&last.as_str()));
            let mut step = 0;
            for (place, member) in members.iter().enumerate() {
                let path = below((place + 1).to_string());
                if is_rules && member.get("cite").is_none() {
                    step += u32::from(member.get("after").is_some());
                    let step = member.get("after").map(|_| step);
                    let (line, cite, node) = (member.line.number, clause.to_owned(), member.clone());
                    found.push(Rule { line, path, cite, step, node });
                } else {
                    collect(member, path, clause, found);
                }
            }
        }
        Data::Map(entries) => {
            let own = node.get("cite").and_then(Node::text).map(str::trim);
            let clause = own.unwrap_or(clause);
            if own.is_some() {
                cited(node, &path, clause, found);
            }
            for (key, node) in entries {
                collect(node, below(key.name.clone()), clause, found);
            }
        }
        _ => {}
    }
}

/// The rule of a map; a door's rule is one for each of its channels.
fn cited(node: &Node, path: &[String], cite: &str, found: &mut Vec<Rule>) {
    let rule = |path: Vec<String>| Rule {
        line: node.line.number,
        path,
        cite: cite.to_owned(),
        step: None,
        node: node.clone(),
    };
    match (path, node.get("channel")) {
        ([section, _], Some(channels)) if section == "channels" => {
            let of = |channel: &str| path.iter().cloned().chain([channel.to_owned()]).collect();
            found.extend(channels.members().iter().filter_map(Node::text).map(|channel| rule(of(channel.trim()))));
        }
        _ => found.push(rule(path.to_vec())),
    }
}

fn holds(node: &Node, word: &str) -> bool {
    match &node.data {
        Data::Map(entries) => entries.iter().any(|(key, node)| key.name.contains(word) || holds(node, word)),
        Data::List(members) => members.iter().any(|node| holds(node, word)),
        _ => node.text().is_some_and(|text| text.contains(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cited_item_is_a_rule_and_so_is_each_reminder_and_each_step_of_a_miss() {
        let pack = "\
words: {kinds: {a: {zh: a, en: a, cite: x}}}
channels:
  - {channel: [phone, web], cite: c1}
clocks:
  handling:
    {cite: c2, within: [{take: 1 days, cite: c3}],
     remind: [{at: 50%, tell: handler}],
     missed: [{climb: 1}, {after: 1 day, climb: 2}]}
callback: {by: a, cite: c4}
";
        let all: Vec<String> = rules(pack).iter().map(ToString::to_string).collect();
        let expected = [
            "channels[1].phone c1",
            "channels[1].web c1",
            "clocks.handling c2",
            "clocks.handling.within[1] c3",
            "clocks.handling.remind[1] c2",
            "clocks.handling.missed[1] c2",
            "clocks.handling.missed[2] c2",
            "callback c4",
        ];
        assert_eq!(all, expected);
        let steps: Vec<_> = rules(pack).into_iter().filter_map(|rule| rule.step).collect();
        assert_eq!(steps, [1]);
    }
}
