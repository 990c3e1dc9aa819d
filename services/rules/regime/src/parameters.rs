//! What a text leaves open: each parameter has a value, the pack's own or an organisation's, and `$name` stands for it.

use crate::node::{Data, Key, Line, Node};
use crate::reader::{Reader, Rule, unknown};
use crate::{Gravity, Parameter};
use std::collections::BTreeMap;

const PARAMETER: (&str, &str) = ("参数", "parameter");

/// A parameter as it is settled.
enum Settled {
    /// Its value; and where it was set, if that is another file than the one that declares it.
    Value(String, Option<Line>),
    /// It has no value, and nothing can stand for one; or it is wrong itself.
    Nothing,
}

/// Writes values of an organisation into the `parameters` of a pack: each stands as if it were the pack's own.
pub(crate) fn choose(reader: &Reader, root: &mut Node, choices: &[(Key, String)]) {
    let line = root.get("parameters").map_or(root.line, |section| section.line);
    let names: Vec<String> =
        root.get("parameters").map_or(&[][..], Node::pairs).iter().map(|(key, _)| key.name.clone()).collect();
    for (key, choice) in choices {
        let Some(node) = root
            .entry("parameters", line)
            .and_then(|section| names.contains(&key.name).then(|| section.entry(&key.name, key.line)).flatten())
        else {
            let (zh, en) = unknown(PARAMETER, &key.name, names.iter().map(String::as_str));
            reader.fail(key.line, "", zh, en);
            continue;
        };
        if let Data::Map(entries) = &mut node.data {
            entries.retain(|(field, _)| field.name != "blank");
        }
        if let Some(default) = node.entry("default", key.line) {
            *default = Node { line: key.line, data: Data::Text(choice.clone()) };
        }
    }
}

/// What may stand for a parameter that is left blank: its example, or else the first of its choices.
pub fn example(parameter: &Node) -> Option<&str> {
    let choices = parameter.get("one-of").map_or(&[][..], Node::members);
    parameter.get("such-as").or(choices.first())?.text().map(str::trim)
}

/// Reads the `parameters` of a pack and puts their values into the rest of the tree. What is left blank is noted, and an
/// example stands for it, so that the rest can be checked.
pub(crate) fn settle(reader: &Reader, root: &mut Node) -> Vec<Parameter> {
    let section = root.get("parameters");
    let entries = section.map_or(&[][..], |section| reader.entries(section, ("参数", "parameters")));
    let mut values = BTreeMap::new();
    let mut settled = Vec::new();
    for (key, node) in entries {
        let value = value(reader, key, node);
        if let Settled::Value(value, _) = &value {
            let says = |field| node.get(field).and_then(Node::text).unwrap_or_default().trim().to_owned();
            let (name, value) = (key.name.clone(), value.clone());
            settled.push(Parameter { name, value, reads: says("reads"), cite: says("cite") });
        }
        // A parameter that is wrong itself is known all the same: its uses are not further mistakes.
        values.insert(key.name.clone(), value);
    }
    if let Data::Map(entries) = &mut root.data {
        let rest = entries.iter_mut().filter(|(key, _)| key.name != "parameters");
        rest.for_each(|(_, node)| put(reader, node, &values, ""));
    }
    settled
}

fn value(reader: &Reader, key: &Key, node: &Node) -> Settled {
    let name = &key.name;
    let Some(rule) = reader.rule(node, PARAMETER, &["default", "blank", "one-of", "such-as", "reads"]) else {
        return Settled::Nothing;
    };
    let choices = rule.get("one-of").map_or(&[][..], Node::members);
    let choices: Vec<&str> = choices.iter().filter_map(|node| rule.scalar(node)).collect();
    rule.get("reads").map(|node| rule.scalar(node));
    let example = rule.get("such-as").and_then(|node| rule.scalar(node)).or(choices.first().copied());
    let default = rule.get("default").map(|node| (rule.scalar(node), node.line));
    if let Some((None, _)) = default {
        return Settled::Nothing;
    }
    let Some((Some(value), line)) = default else {
        blank(reader, name, &rule);
        if example.is_none() {
            let (zh, en) = (
                format!("参数“{name}”既无可选值(one-of)也无示例(such-as)，用到它的规则未能检查"),
                format!("`{name}` has neither one-of nor such-as: the rules that use it could not be checked"),
            );
            reader.note(Gravity::Warning, rule.line, &rule.cite, zh, en);
        }
        return example.map_or(Settled::Nothing, |example| Settled::Value(example.to_owned(), None));
    };
    if rule.flag("blank") {
        rule.fail(line, "参数不能既留空(blank)又有默认值(default)", "a parameter is blank or has a default, not both");
    }
    if !choices.is_empty() && !choices.contains(&value) {
        let all = choices.join(", ");
        rule.fail(
            line,
            format!("参数“{name}”不能取“{value}”；可取：{all}"),
            format!("the parameter `{name}` cannot be `{value}`; it is one of: {all}"),
        );
        return Settled::Nothing;
    }
    Settled::Value(value.to_owned(), (line.file != key.line.file).then_some(line))
}

fn blank(reader: &Reader, name: &str, rule: &Rule<'_>) {
    let reads = rule.get("reads").and_then(Node::text).unwrap_or_default();
    let (zh, en) = match reads {
        "" => (String::new(), String::new()),
        _ => (format!("；原文：{reads}"), format!("; the text reads: {reads}")),
    };
    reader.note(
        Gravity::Blank,
        rule.line,
        &rule.cite,
        format!("参数“{name}”留空，须由本单位填写后才能发布{zh}"),
        format!("the parameter `{name}` is left blank and has to be set before the pack can be published{en}"),
    );
}

fn put(reader: &Reader, node: &mut Node, values: &BTreeMap<String, Settled>, clause: &str) {
    let own = node.get("cite").and_then(Node::text).map(str::to_owned);
    let clause = own.as_deref().unwrap_or(clause);
    let line = node.line;
    match &mut node.data {
        Data::Text(text) if text.contains('$') => match filled(reader, text, values, line, clause) {
            Some((filled, line)) => {
                *text = filled;
                node.line = line;
            }
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

/// The text with its parameters filled in, and where what is wrong with it now would have to be mended: where a value was
/// set. None if one of them has no value.
fn filled(
    reader: &Reader,
    text: &str,
    values: &BTreeMap<String, Settled>,
    line: Line,
    clause: &str,
) -> Option<(String, Line)> {
    let mut parts = text.split('$');
    let mut filled = parts.next().map(str::to_owned);
    let mut place = line;
    for part in parts {
        let end =
            part.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')).unwrap_or(part.len());
        let (name, rest) = part.split_at_checked(end).unwrap_or((part, ""));
        let value = match values.get(name) {
            // A dollar before anything but a letter is a dollar.
            _ if !name.starts_with(|c: char| c.is_ascii_lowercase()) => Some(format!("${part}")),
            Some(Settled::Value(value, set)) => {
                place = set.unwrap_or(place);
                Some(format!("{value}{rest}"))
            }
            Some(Settled::Nothing) => None,
            None => {
                let (zh, en) = unknown(PARAMETER, name, values.keys().map(String::as_str));
                reader.fail(line, clause, zh, en);
                None
            }
        };
        filled = filled.zip(value).map(|(filled, value)| filled + &value);
    }
    filled.map(|filled| (filled, place))
}
