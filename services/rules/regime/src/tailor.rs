//! Tailoring: a pack that `extends` another says only what is different, and becomes one pack with it. Every value
//! keeps the file and the line of whoever wrote it.

use crate::check::Pack;
use crate::node::{Data, Key, Line, MOST, Node};
use crate::reader::{Noun, Reader, Rule, unknown};
use crate::{parameters, read};

mod names;

pub(crate) use names::{is_collection, named};

/// What a tailoring has besides the sections of a pack.
pub(crate) const OWN: [&str; 3] = ["extends", "set", "remove"];

/// The pack with all that it extends, and whether it extends anything. None if there is nothing to go on with.
pub(crate) fn complete(reader: &Reader, pack: &Pack, shelf: &[Pack]) -> Option<(Node, bool)> {
    let mut root = tree(reader, pack, 0)?;
    let mut chain = Vec::new();
    let mut extended: Vec<&str> = pack.id().into_iter().collect();
    while root.get("extends").is_some() {
        let base = base(reader, &root, shelf, &mut extended)?;
        let number = reader.file(&base.file);
        chain.push(std::mem::replace(&mut root, tree(reader, base, number)?));
    }
    let is_tailored = !chain.is_empty();
    for own in chain.iter().rev() {
        tailor(reader, &mut root, own);
    }
    Some((root, is_tailored))
}

fn tree(reader: &Reader, pack: &Pack, file: u8) -> Option<Node> {
    let failed = |(line, why): (Line, String)| {
        reader.fail(line, "", format!("不是有效的 YAML:{why}"), format!("this is not valid YAML: {why}"));
    };
    let root = Node::parse(&pack.yaml, file).map_err(failed).ok()?;
    if let Some((line, many)) = root.crowd() {
        let (zh, en) = (
            format!("这里有 {many} 项，一处至多 {MOST} 项"),
            format!("there are {many} entries here; {MOST} are the most in one place"),
        );
        reader.fail(line, "", zh, en);
        return None;
    }
    Some(root)
}

/// The pack that this one extends; each is met once.
fn base<'a>(reader: &Reader, root: &Node, shelf: &'a [Pack], extended: &mut Vec<&'a str>) -> Option<&'a Pack> {
    let node = root.get("extends")?;
    let id = node.text().unwrap_or_default().trim();
    if extended.contains(&id) {
        reader.fail(
            node.line,
            "",
            "规则包经由“extends”引用了自己",
            format!("by way of `{id}` this pack extends itself"),
        );
        return None;
    }
    let known = || shelf.iter().filter_map(Pack::id);
    let base = shelf.iter().find(|pack| pack.id() == Some(id));
    if let Some(id) = base.and_then(Pack::id) {
        extended.push(id);
    } else {
        let (zh, en) = unknown(("规则包", "pack to extend"), id, known());
        reader.fail(node.line, "", zh, en);
    }
    base
}

/// Puts what `own` says into the pack that it extends.
fn tailor(reader: &Reader, root: &mut Node, own: &Node) {
    let sections = read::SECTIONS.iter().copied();
    let fields: Vec<&str> = sections.chain(OWN).collect();
    let Some(part) = reader.part(own, ("规则包", "pack"), &fields) else { return };
    part.word("regime");
    for name in part.get("remove").map_or(&[][..], Node::members) {
        if let Some(path) = part.scalar(name)
            && !names::remove(root, path)
        {
            missing(&part, name, ("规则", "rule to remove"), path, &names::all(root));
        }
    }
    let set = part.get("set").map_or(&[][..], |node| reader.entries(node, ("参数取值", "values of parameters")));
    let set: Vec<(Key, String)> =
        set.iter().filter_map(|(key, node)| Some((key.clone(), part.scalar(node)?.to_owned()))).collect();
    parameters::choose(reader, root, &set);
    let entries = own.pairs().iter().filter(|(key, _)| read::SECTIONS.contains(&key.name.as_str()));
    for (key, node) in entries {
        put(&part, root, key, node, &key.name);
    }
}

/// Notes a name that no rule bears, or that several do.
fn missing(part: &Rule<'_>, node: &Node, what: Noun, name: &str, known: &[String]) {
    let is_twin = |known: &&String| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('#'));
    let twins: Vec<&str> = known.iter().filter(is_twin).map(String::as_str).collect();
    if twins.is_empty() {
        return part.unknown(node.line, what, name, known.iter().map(String::as_str));
    }
    part.fail(
        node.line,
        format!("有几条规则名为“{name}”，请写明是哪一条：{}", twins.join("、")),
        format!("several rules bear the name `{name}`; say which: {}", twins.join(", ")),
    );
}

/// Puts one entry of a map into the map that it changes.
fn put(part: &Rule<'_>, map: &mut Node, key: &Key, own: &Node, section: &str) {
    if is_nothing(part, key, own) {
        return;
    }
    let Some(base) = map.entry(&key.name, key.line) else { return };
    match (&base.data, &own.data) {
        // A ladder is an order, and makes sense only as a whole.
        (Data::List(_), _) if key.name != "ladder" => rules(part, base, own, &key.name),
        (Data::Map(_), Data::Map(_)) if is_collection(base, section) => {
            for (key, node) in own.pairs() {
                put(part, base, key, node, "");
            }
        }
        (Data::Map(_), Data::Map(_)) => overlay(part, base, own),
        _ => *base = own.clone(),
    }
}

/// Notes a name after which nothing stands: it could be a slip as well as a removal.
fn is_nothing(part: &Rule<'_>, key: &Key, own: &Node) -> bool {
    let is_nothing = matches!(own.data, Data::Empty);
    if is_nothing {
        let name = &key.name;
        let zh = format!("“{name}”后没有内容；要去掉，请写在 remove 中");
        part.fail(own.line, zh, format!("nothing stands after `{name}`; what has to go is named in `remove`"));
    }
    is_nothing
}

/// Lays the fields of `own` over those of the rule that it changes.
fn overlay(part: &Rule<'_>, base: &mut Node, own: &Node) {
    if base.get("cite").is_some() && own.get("cite").is_none() {
        part.fail(
            own.line,
            "改动的规则须另行注明依据(cite)",
            "a rule that changes another says on what it rests itself (cite)",
        );
    }
    for (key, node) in own.pairs() {
        if !is_nothing(part, key, node)
            && let Some(field) = base.entry(&key.name, key.line)
        {
            *field = node.clone();
        }
    }
    // What is wrong with the rule now is for the author of the change to mend.
    base.line = own.line;
}

/// Puts rules into a list: in the place of the one that they say they replace, otherwise before all others, so that
/// where the first that speaks counts, it is the organisation's own.
fn rules(part: &Rule<'_>, base: &mut Node, own: &Node, section: &str) {
    let mut added = Vec::new();
    for rule in own.members() {
        let mut rule = rule.clone();
        let Some(replaced) = names::take(&mut rule, "replaces") else {
            added.push(rule);
            continue;
        };
        let name = replaced.text().unwrap_or_default().trim();
        let Some(at) = names::find(base, section, name) else {
            let known: Vec<String> = named(base, section).into_iter().flat_map(|(names, _)| names).collect();
            missing(part, &replaced, ("规则", "rule"), name, &known);
            continue;
        };
        names::part_from(base, at, section, name);
        let Data::List(members) = &mut base.data else { continue };
        if let Some(member) = members.get_mut(at) {
            overlay(part, member, &rule);
        }
    }
    if let Data::List(members) = &mut base.data {
        added.append(members);
        *members = added;
    }
}

#[cfg(test)]
mod tests;
