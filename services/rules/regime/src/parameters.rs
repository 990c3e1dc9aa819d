//! What a text leaves open: each parameter has a value, the pack's own or an organisation's, and `$name` stands for it.

use crate::node::{Data, Node};
use crate::reader::{Reader, unknown};
use std::collections::BTreeMap;

const PARAMETER: (&str, &str) = ("参数", "parameter");

/// Reads the `parameters` of a pack, takes the organisation's `choices` before the defaults, and puts the values into
/// the rest of the tree.
pub(crate) fn settle(reader: &Reader, root: &mut Node, choices: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let section = root.get("parameters");
    let entries = section.map_or(&[][..], |section| reader.entries(section, ("参数", "parameters")));
    // A parameter that is wrong itself is known all the same: its uses are not further mistakes.
    let values: BTreeMap<String, Option<String>> = entries
        .iter()
        .map(|(key, node)| (key.name.clone(), value(reader, &key.name, node, choices.get(&key.name))))
        .collect();
    for name in choices.keys().filter(|name| !values.contains_key(*name)) {
        let (zh, en) = unknown(PARAMETER, name, values.keys().map(String::as_str));
        reader.fail(section.map_or(1, |section| section.line), "", zh, en);
    }
    if let Data::Map(entries) = &mut root.data {
        let rest = entries.iter_mut().filter(|(key, _)| key.name != "parameters");
        rest.for_each(|(_, node)| put(reader, node, &values, ""));
    }
    values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn value(reader: &Reader, name: &str, node: &Node, choice: Option<&String>) -> Option<String> {
    let rule = reader.rule(node, PARAMETER, &["default", "one-of", "reads"])?;
    let given = choice.map(|choice| (choice.as_str(), node.line));
    let Some((value, line)) =
        given.or_else(|| rule.get("default").and_then(|node| Some((node.text()?.trim(), node.line))))
    else {
        rule.fail(rule.line, format!("参数“{name}”没有取值"), format!("the parameter `{name}` is left blank"));
        return None;
    };
    let choices: Vec<&str> = rule.get("one-of").map_or(&[][..], Node::members).iter().filter_map(Node::text).collect();
    if !choices.is_empty() && !choices.contains(&value) {
        let all = choices.join(", ");
        rule.fail(
            line,
            format!("参数“{name}”不能取“{value}”；可取：{all}"),
            format!("the parameter `{name}` cannot be `{value}`; it is one of: {all}"),
        );
        return None;
    }
    Some(value.to_owned())
}

fn put(reader: &Reader, node: &mut Node, values: &BTreeMap<String, Option<String>>, clause: &str) {
    let own = node.get("cite").and_then(Node::text).map(str::to_owned);
    let clause = own.as_deref().unwrap_or(clause);
    let line = node.line;
    match &mut node.data {
        Data::Text(text) if text.contains('$') => match filled(reader, text, values, line, clause) {
            Some(filled) => *text = filled,
            None => node.data = Data::Broken,
        },
        Data::Text(_) | Data::Empty | Data::Broken => {}
        Data::List(members) => {
            members.iter_mut().for_each(|member| put(reader, member, values, clause));
            if members.iter().any(|member| matches!(member.data, Data::Broken)) {
                node.data = Data::Broken;
            }
        }
        Data::Map(entries) => entries.iter_mut().for_each(|(_, node)| put(reader, node, values, clause)),
    }
}

/// The text with its parameters filled in; none if one of them has no value.
fn filled(
    reader: &Reader,
    text: &str,
    values: &BTreeMap<String, Option<String>>,
    line: u32,
    clause: &str,
) -> Option<String> {
    let mut parts = text.split('$');
    let mut filled = parts.next().map(str::to_owned);
    for part in parts {
        let end =
            part.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')).unwrap_or(part.len());
        let (name, rest) = part.split_at_checked(end).unwrap_or((part, ""));
        let value = match values.get(name) {
            // A dollar before anything but a letter is a dollar.
            _ if !name.starts_with(|c: char| c.is_ascii_lowercase()) => Some(format!("${part}")),
            Some(value) => value.as_ref().map(|value| format!("{value}{rest}")),
            None => {
                let (zh, en) = unknown(PARAMETER, name, values.keys().map(String::as_str));
                reader.fail(line, clause, zh, en);
                None
            }
        };
        filled = filled.zip(value).map(|(filled, value)| filled + &value);
    }
    filled
}
