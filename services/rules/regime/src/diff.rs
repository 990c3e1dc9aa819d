//! What is different between two packs, rule by rule and field by field, each side with its place.

use crate::check::Pack;
use crate::node::{Data, Node};
use crate::reader::Reader;
use crate::tailor::{complete, is_collection, named};
use crate::{Gravity, PackError};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The rule: `clocks/handling`, `guards/二.3`.
    pub rule: String,
    /// The field of it, such as `within`; none where the whole rule is there on one side only.
    pub field: Option<String>,
    pub was: Option<Side>,
    pub is: Option<Side>,
}

/// One side of a difference, as the pack writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    pub says: String,
    /// The file of whoever wrote it: the pack, or one that it extends.
    pub file: String,
    pub line: u32,
}

/// What is different in `is`. Packs that extend others are compared with all that these say.
///
/// # Errors
/// One of them cannot be read as far as its rules.
pub fn diff(was: &Pack, is: &Pack, shelf: &[Pack]) -> Result<Vec<Difference>, Vec<PackError>> {
    let (was, is) = (Text::read(was, shelf)?, Text::read(is, shelf)?);
    let (old, new) = (was.rules(), is.rules());
    let mut differences = Vec::new();
    for (rule, node) in &old {
        match new.iter().find(|(other, _)| other == rule) {
            None => {
                differences.push(Difference { rule: rule.clone(), field: None, was: Some(was.side(node)), is: None })
            }
            Some((_, other)) => fields(&was, rule, node, &is, other, &mut differences),
        }
    }
    let added = new.iter().filter(|(rule, _)| !old.iter().any(|(other, _)| other == rule));
    differences.extend(added.map(|(rule, node)| Difference {
        rule: rule.clone(),
        field: None,
        was: None,
        is: Some(is.side(node)),
    }));
    differences.extend(reordered(&old, &new));
    Ok(differences)
}

/// A pack, and the names of the files that its lines count in.
struct Text {
    root: Node,
    files: Vec<String>,
}

impl Text {
    fn read(pack: &Pack, shelf: &[Pack]) -> Result<Self, Vec<PackError>> {
        let reader = Reader::new(&pack.file);
        let root = complete(&reader, pack, shelf).map(|(root, _)| root);
        let files = reader.files();
        match root.filter(|_| !reader.has(Gravity::Error)) {
            Some(root) => Ok(Self { root, files }),
            None => Err(reader.into_found()),
        }
    }

    fn rules(&self) -> Vec<(String, &Node)> {
        let mut rules = Vec::new();
        self.root.pairs().iter().for_each(|(key, node)| flat(node, key.name.clone(), &key.name, &mut rules));
        rules
    }

    fn side(&self, node: &Node) -> Side {
        let file = self.files.get(usize::from(node.line.file)).cloned().unwrap_or_default();
        Side { says: node.to_line(), file, line: node.line.number }
    }
}

/// Every rule by its path.
fn flat<'a>(node: &'a Node, path: String, section: &str, rules: &mut Vec<(String, &'a Node)>) {
    match &node.data {
        Data::Map(entries) if is_collection(node, section) => {
            for (key, node) in entries {
                flat(node, format!("{path}/{}", key.name), &key.name, rules);
            }
        }
        Data::List(_) => {
            rules.extend(
                named(node, section).into_iter().map(|(names, rule)| (format!("{path}/{}", names.join("+")), rule)),
            );
        }
        _ => rules.push((path, node)),
    }
}

fn fields(was: &Text, rule: &str, a: &Node, is: &Text, b: &Node, differences: &mut Vec<Difference>) {
    if a.to_line() == b.to_line() {
        return;
    }
    if !matches!((&a.data, &b.data), (Data::Map(_), Data::Map(_))) {
        differences.push(Difference {
            rule: rule.to_owned(),
            field: None,
            was: Some(was.side(a)),
            is: Some(is.side(b)),
        });
        return;
    }
    let names = a.pairs().iter().map(|(key, _)| key).chain(b.pairs().iter().map(|(key, _)| key));
    let mut seen: Vec<&str> = Vec::new();
    for key in names {
        if seen.contains(&key.name.as_str()) {
            continue;
        }
        seen.push(&key.name);
        let (old, new) = (a.get(&key.name), b.get(&key.name));
        if old.map(Node::to_line) != new.map(Node::to_line) {
            let (was, is) = (old.map(|node| was.side(node)), new.map(|node| is.side(node)));
            differences.push(Difference { rule: rule.to_owned(), field: Some(key.name.clone()), was, is });
        }
    }
}

/// Rules that both have, and that stand in another order: where the first that speaks counts, that is a difference.
fn reordered(old: &[(String, &Node)], new: &[(String, &Node)]) -> Vec<Difference> {
    let sections = ["grading", "routing", "ladder", "approvals"];
    let order = |of: &[(String, &Node)], others: &[(String, &Node)], section: &str| -> Vec<String> {
        let in_section = |name: &str| name.split('/').next() == Some(section);
        let both = of.iter().filter(|(name, _)| in_section(name) && others.iter().any(|(other, _)| other == name));
        both.map(|(name, _)| name.clone()).collect()
    };
    let side = |order: &[String], of: &[(String, &Node)]| {
        let line = order.first().and_then(|name| of.iter().find(|(other, _)| other == name)).map(|(_, node)| node.line);
        Some(Side { says: order.join(", "), file: String::new(), line: line.map_or(0, |line| line.number) })
    };
    let moved = |section: &&str| {
        let (was, is) = (order(old, new, section), order(new, old, section));
        (was != is).then(|| Difference {
            rule: (*section).to_owned(),
            field: Some("order".to_owned()),
            was: side(&was, old),
            is: side(&is, new),
        })
    };
    sections.iter().filter_map(moved).collect()
}

#[cfg(test)]
mod tests;
