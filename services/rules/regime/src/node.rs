//! A pack as YAML says it: a tree in which every key and value knows its line. Nothing is judged here but the YAML.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, MergeKeyPolicy, Options, Spanned};
use std::fmt;

mod write;

/// A place in the files that are read together: the number of the file, and the line in it, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub file: u8,
    pub number: u32,
}

/// The most entries of one map, and members of one list. A pack has some dozens; rules are held against each other, and what
/// is more is a slip or an attack, and must cost little.
pub(crate) const MOST: usize = 1_000;

/// A value and the line it stands on.
#[derive(Clone, Debug)]
pub struct Node {
    pub line: Line,
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
    pub line: Line,
}

impl Node {
    /// Reads one YAML document, which is the file of this number.
    ///
    /// # Errors
    /// It is not YAML: the line, and what is wrong.
    pub fn parse(yaml: &str, file: u8) -> Result<Self, (Line, String)> {
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
            Ok(raw) => Ok(raw.placed(&Text { yaml, file })),
            Err(error) => {
                let number = error.location().map_or(1, |at| line_of(&at));
                Err((Line { file, number }, error.to_string()))
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

    /// The same, to be changed; it is put there, empty, if it is not.
    pub fn entry(&mut self, name: &str, line: Line) -> Option<&mut Node> {
        let Data::Map(entries) = &mut self.data else { return None };
        if !entries.iter().any(|(key, _)| key.name == name) {
            entries.push((Key { name: name.to_owned(), line }, Node { line, data: Data::Empty }));
        }
        entries.iter_mut().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The first place with more than [`MOST`] entries, and how many there are.
    pub(crate) fn crowd(&self) -> Option<(Line, usize)> {
        let (many, within) = match &self.data {
            Data::List(members) => (members.len(), members.iter().find_map(Self::crowd)),
            Data::Map(entries) => (entries.len(), entries.iter().find_map(|(_, node)| node.crowd())),
            Data::Empty | Data::Broken | Data::Text(_) => return None,
        };
        if many > MOST { Some((self.line, many)) } else { within }
    }

    /// Whether something in it has no value because its parameter has none.
    pub fn is_broken(&self) -> bool {
        match &self.data {
            Data::Broken => true,
            Data::List(members) => members.iter().any(Self::is_broken),
            Data::Map(entries) => entries.iter().any(|(_, node)| node.is_broken()),
            Data::Empty | Data::Text(_) => false,
        }
    }

    /// The keys and values of a map; anything else has none.
    pub fn pairs(&self) -> &[(Key, Node)] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
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

/// What a tree is read from.
struct Text<'a> {
    yaml: &'a str,
    file: u8,
}

impl Text<'_> {
    fn line(&self, at: &serde_saphyr::Location) -> Line {
        Line { file: self.file, number: line_of(at) }
    }
}

trait Placed {
    fn placed(self, text: &Text<'_>) -> Node;
}

impl Placed for Spanned<Raw> {
    fn placed(self, text: &Text<'_>) -> Node {
        let line = text.line(&self.referenced);
        let data = match self.value {
            Raw::Empty => Data::Empty,
            Raw::Text(said) => Data::Text(said),
            Raw::Typed => Data::Text(spelling(text.yaml, &self.defined)),
            Raw::List(members) => Data::List(members.into_iter().map(|member| member.placed(text)).collect()),
            Raw::Map(entries) => Data::Map(entries.into_iter().map(|entry| pair(entry, text)).collect()),
        };
        Node { line, data }
    }
}

fn pair((key, value): (Spanned<String>, Spanned<Raw>), text: &Text<'_>) -> (Key, Node) {
    let key = Key { line: text.line(&key.referenced), name: key.value };
    let mut node = value.placed(text);
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
mod tests;
