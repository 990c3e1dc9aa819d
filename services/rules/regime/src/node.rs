//! A pack as YAML says it: a tree in which every key and value knows its line. Nothing is judged here but the YAML.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, MergeKeyPolicy, Options, Spanned};
use std::fmt;

/// A value and the line it stands on, counted from 1.
#[derive(Clone, Debug)]
pub struct Node {
    pub line: u32,
    pub data: Data,
}

#[derive(Clone, Debug)]
pub enum Data {
    Empty,
    /// Its parameter has no value; that is a mistake already noted, and nothing more is asked of this value.
    Broken,
    /// A scalar, as it is written: `yes`, `1.10` and `2020-01-01` stay what the author typed.
    Text(String),
    List(Vec<Node>),
    /// In the order of the file. A key may stand twice; whoever reads the map says so.
    Map(Vec<(Key, Node)>),
}

#[derive(Clone, Debug)]
pub struct Key {
    pub name: String,
    pub line: u32,
}

impl Node {
    /// Reads one YAML document.
    ///
    /// # Errors
    /// It is not YAML: the line, and what is wrong.
    pub fn parse(yaml: &str) -> Result<Self, (u32, String)> {
        let mut options = Options::default();
        options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
        options.merge_keys = MergeKeyPolicy::Error;
        options.with_snippet = false;
        // A pack is a few pages; what is larger or deeper is a slip or an attack, and must cost little.
        options.alias_limits.max_total_replayed_events = 20_000;
        options.budget = options.budget.map(|mut budget| {
            budget.max_events = 200_000;
            budget.max_depth = 32;
            budget
        });
        match serde_saphyr::from_str_with_options::<Spanned<Raw>>(yaml, options) {
            Ok(raw) => Ok(raw.placed(yaml)),
            Err(error) => {
                let line = error.location().map_or(1, |at| line_of(&at));
                Err((line, error.to_string()))
            }
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value under `name`, if this is a map that has it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match &self.data {
            Data::Map(entries) => entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The members of a list; anything else is a list of one, nothing is none.
    pub fn members(&self) -> &[Node] {
        match &self.data {
            Data::List(members) => members,
            Data::Empty | Data::Broken => &[],
            _ => std::slice::from_ref(self),
        }
    }
}

fn line_of(at: &serde_saphyr::Location) -> u32 {
    u32::try_from(at.line()).unwrap_or(u32::MAX).max(1)
}

/// What serde sees, before scalars get back their spelling.
enum Raw {
    Empty,
    Text(String),
    /// A scalar that YAML takes for a number or a truth value.
    Typed,
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

trait Placed {
    fn placed(self, yaml: &str) -> Node;
}

impl Placed for Spanned<Raw> {
    fn placed(self, yaml: &str) -> Node {
        let line = line_of(&self.referenced);
        let data = match self.value {
            Raw::Empty => Data::Empty,
            Raw::Text(text) => Data::Text(text),
            Raw::Typed => Data::Text(spelling(yaml, &self.defined)),
            Raw::List(members) => Data::List(members.into_iter().map(|member| member.placed(yaml)).collect()),
            Raw::Map(entries) => Data::Map(entries.into_iter().map(|entry| pair(entry, yaml)).collect()),
        };
        Node { line, data }
    }
}

fn pair((key, value): (Spanned<String>, Spanned<Raw>), yaml: &str) -> (Key, Node) {
    let key = Key { line: line_of(&key.referenced), name: key.value };
    let mut node = value.placed(yaml);
    if matches!(node.data, Data::Empty) {
        // The place of what is not there would be that of the next key.
        node.line = key.line;
    }
    (key, node)
}

fn spelling(yaml: &str, at: &serde_saphyr::Location) -> String {
    let span = at.span();
    let start = span.byte_offset().and_then(|offset| usize::try_from(offset).ok());
    let length = span.byte_len().and_then(|length| usize::try_from(length).ok());
    let text = start.zip(length).and_then(|(start, length)| yaml.get(start..start + length));
    text.unwrap_or_default().trim().to_owned()
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list or a map")
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Empty)
    }

    fn visit_none<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Empty)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_element()? {
            members.push(member);
        }
        Ok(Raw::List(members))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_line_and_keeps_its_spelling() {
        let root =
            Node::parse("a: 1.10\non: yes\nlist:\n  - {x: 007}\n  - 一.3\nempty:\nblock: >\n  two\n  lines\n").unwrap();
        let spelled = |name: &str| root.get(name).unwrap().text().unwrap().to_owned();
        assert_eq!((spelled("a"), spelled("on")), ("1.10".into(), "yes".into()));
        assert_eq!(spelled("block"), "two lines\n");
        let list = root.get("list").unwrap().members();
        assert_eq!((list[0].line, list[0].get("x").unwrap().text()), (4, Some("007")));
        assert_eq!((list[1].line, list[1].text()), (5, Some("一.3")));
        assert_eq!(root.get("empty").unwrap().line, 6);
    }

    #[test]
    fn what_is_not_yaml_is_refused_at_its_line() {
        assert_eq!(Node::parse("a: 1\nb: [1, 2\nc: 3\n").unwrap_err().0 / 2, 1);
        assert!(Node::parse("a: *nowhere\n").is_err());
        assert!(Node::parse("a: 1\n---\nb: 2\n").is_err());
    }

    #[test]
    fn a_bomb_of_brackets_or_of_aliases_is_refused() {
        assert!(Node::parse(&"[".repeat(100_000)).is_err());
        assert!(Node::parse(&format!("a: {}1{}", "[".repeat(60), "]".repeat(60))).is_err());
        let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..12 {
            let m = n - 1;
            yaml += &format!("a{n}: &a{n} [*a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}]\n");
        }
        assert!(Node::parse(&yaml).is_err());
    }
}
