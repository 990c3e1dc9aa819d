//! A tree as YAML again: each rule on a line of its own, so that two texts can be compared line by line.

use super::{Data, Node};
use std::fmt::Write as _;

/// Sections and lists of words stand in blocks; what is inside of a rule stands on its line.
const BLOCKS: usize = 2;

impl Node {
    /// The tree as a text that reads as the same tree.
    pub(crate) fn to_yaml(&self) -> String {
        let mut yaml = String::new();
        block(&mut yaml, self, 0);
        yaml
    }

    /// The value on one line.
    pub(crate) fn to_line(&self) -> String {
        let mut line = String::new();
        flow(&mut line, self);
        line
    }
}

fn block(yaml: &mut String, node: &Node, depth: usize) {
    let indent = "  ".repeat(depth);
    for (key, value) in node.pairs() {
        let is_block = depth < BLOCKS && !value.pairs().is_empty() && holds_rules(value);
        let is_list = depth < BLOCKS && matches!(&value.data, Data::List(members) if !members.is_empty());
        let _ = write!(yaml, "{indent}{}:", scalar(&key.name));
        if is_block {
            yaml.push('\n');
            block(yaml, value, depth + 1);
        } else if is_list {
            yaml.push('\n');
            for member in value.members() {
                let _ = writeln!(yaml, "{indent}  - {}", member.to_line());
            }
        } else {
            let _ = writeln!(yaml, " {}", value.to_line());
        }
        if depth == 0 && (is_block || is_list) {
            yaml.push('\n');
        }
    }
}

/// Whether it is a map of maps or lists, rather than a rule itself.
fn holds_rules(node: &Node) -> bool {
    node.pairs().iter().all(|(_, value)| matches!(value.data, Data::Map(_) | Data::List(_)))
}

fn flow(line: &mut String, node: &Node) {
    match &node.data {
        Data::Empty | Data::Broken => line.push('~'),
        Data::Text(text) => line.push_str(&scalar(text)),
        Data::List(members) => {
            line.push('[');
            for (at, member) in members.iter().enumerate() {
                line.push_str(if at == 0 { "" } else { ", " });
                flow(line, member);
            }
            line.push(']');
        }
        Data::Map(entries) => {
            line.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                let _ = write!(line, "{}{}: ", if at == 0 { "" } else { ", " }, scalar(&key.name));
                flow(line, value);
            }
            line.push('}');
        }
    }
}

/// Plain where that can be read in no other way. The spelling is kept: `yes` and `1.10` are read as they are written.
fn scalar(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '$' | '%' | '(' | ')' | '/');
    let is_plain = text.starts_with(|c: char| c.is_alphanumeric() || c == '$')
        && text.split(' ').all(|word| !word.is_empty() && word.chars().all(is_word))
        && !matches!(text.to_ascii_lowercase().as_str(), "null" | "nan" | "inf");
    if is_plain {
        return text.to_owned();
    }
    // A JSON string is a YAML string.
    serde_json::Value::from(text).to_string()
}
