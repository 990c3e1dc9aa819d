//! How the rules of a pack are named, so that another pack can change them: by their key, by what they are about, or by
//! the clause that they cite.

use crate::node::{Data, Node};

/// Whether a map holds rules by their names, rather than being a rule. `section` is the name of a section, or empty.
pub(crate) fn is_collection(map: &Node, section: &str) -> bool {
    let is_rule = |node: &Node| matches!(node.data, Data::Map(_) | Data::List(_));
    matches!(section, "words" | "clocks" | "steps" | "orders" | "teams" | "templates" | "parameters" | "records")
        || !map.pairs().is_empty() && map.pairs().iter().all(|(_, node)| is_rule(node))
}

/// The rules of a list with their names. Of several that would bear one name each has its number.
pub(crate) fn named<'a>(list: &'a Node, section: &str) -> Vec<(Vec<String>, &'a Node)> {
    let bare: Vec<Vec<String>> = list.members().iter().map(|rule| names(rule, section)).collect();
    let mut seen: Vec<&String> = Vec::new();
    let mut named = Vec::new();
    for (names, rule) in bare.iter().zip(list.members()) {
        let mut own = Vec::new();
        for name in names {
            let all = bare.iter().flatten().filter(|other| *other == name).count();
            seen.push(name);
            let number = seen.iter().filter(|other| **other == name).count();
            own.push(if all > 1 { format!("{name}#{number}") } else { name.clone() });
        }
        named.push((own, rule));
    }
    named
}

/// What a rule of a list is about: one word or several.
fn key(section: &str) -> &'static str {
    match section {
        "channels" => "channel",
        "course" => "stage",
        "appeals" => "tier",
        "scope" => "ground",
        "who" => "role",
        "duties" => "do",
        _ => "cite",
    }
}

fn names(rule: &Node, section: &str) -> Vec<String> {
    let words = |field: &str| -> Vec<String> {
        let members = rule.get(field).map_or(&[][..], Node::members).iter();
        members.filter_map(|node| Some(node.text()?.trim().to_owned())).collect()
    };
    if section == "notices" {
        let (on, to) = (words("on").join("+"), words("to").join("+"));
        let done = words("done");
        return vec![match words("send").first() {
            Some(template) => format!("{on}/{template}/{to}"),
            None => format!("{on}/{}", done.join("")),
        }];
    }
    words(key(section))
}

pub(super) fn find(list: &Node, section: &str, name: &str) -> Option<usize> {
    named(list, section).iter().position(|(names, _)| names.iter().any(|known| known == name))
}

/// Makes the rule at `at` one of `name` alone; what it says of other names stays, in a rule behind it.
pub(super) fn part_from(list: &mut Node, at: usize, section: &str, name: &str) {
    let Data::List(members) = &mut list.data else { return };
    let key = key(section);
    let Some(rule) = members.get(at).filter(|rule| rule.get(key).is_some_and(|node| node.members().len() > 1)) else {
        return;
    };
    let mut rest = rule.clone();
    let line = rule.line;
    if let Some(Data::List(words)) = rest.entry(key, line).map(|node| &mut node.data) {
        words.retain(|word| word.text().map(str::trim) != Some(name));
    }
    if let Some(node) = members.get_mut(at).and_then(|rule| rule.entry(key, line)) {
        node.data = Data::Text(name.to_owned());
    }
    members.insert(at + 1, rest);
}

/// Takes the field out of a map.
pub(super) fn take(rule: &mut Node, field: &str) -> Option<Node> {
    let Data::Map(entries) = &mut rule.data else { return None };
    let at = entries.iter().position(|(key, _)| key.name == field)?;
    Some(entries.remove(at).1)
}

/// Removes what the path names: `clocks/form-back`, `guards/二.3`, `channels/phone`, `clocks/handling/overrun`.
pub(super) fn remove(root: &mut Node, path: &str) -> bool {
    remove_in(root, path, "")
}

fn remove_in(node: &mut Node, path: &str, section: &str) -> bool {
    match &mut node.data {
        Data::Map(entries) => {
            if let Some(at) = entries.iter().position(|(key, _)| key.name == path) {
                entries.remove(at);
                return true;
            }
            entries.iter_mut().any(|(key, node)| {
                let rest = path.strip_prefix(key.name.as_str()).and_then(|rest| rest.strip_prefix('/'));
                rest.is_some_and(|rest| remove_in(node, rest, &key.name))
            })
        }
        Data::List(_) => {
            let Some(at) = find(node, section, path) else { return false };
            part_from(node, at, section, path);
            let Data::List(members) = &mut node.data else { return false };
            members.remove(at);
            true
        }
        _ => false,
    }
}

/// The paths of all that can be removed, but for the fields of rules.
pub(super) fn all(root: &Node) -> Vec<String> {
    let mut paths = Vec::new();
    for (key, node) in root.pairs() {
        below(node, &key.name, &key.name, &mut paths);
    }
    paths
}

fn below(node: &Node, path: &str, section: &str, paths: &mut Vec<String>) {
    paths.push(path.to_owned());
    match &node.data {
        Data::Map(entries) if is_collection(node, section) => {
            for (key, node) in entries {
                below(node, &format!("{path}/{}", key.name), &key.name, paths);
            }
        }
        Data::List(_) => {
            for name in named(node, section).into_iter().flat_map(|(names, _)| names) {
                paths.push(format!("{path}/{name}"));
            }
        }
        _ => {}
    }
}
