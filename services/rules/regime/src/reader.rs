//! Reading rules out of a tree of YAML while collecting everything that is wrong, each with its line and clause.

use crate::nearest::nearest;
use crate::node::{Data, Key, Line, Node};
use crate::{FactRef, Gravity, Length, PackError};
use kit_core::Text;
use std::cell::RefCell;

/// A noun in both languages, for messages: (zh, en).
pub(crate) type Noun = (&'static str, &'static str);

/// Collects what is wrong with a file, or with several that are read together.
pub(crate) struct Reader {
    files: RefCell<Vec<String>>,
    found: RefCell<Vec<(Line, PackError)>>,
    /// Which fields each kind of map may have, to hold the schema to.
    #[cfg(test)]
    pub(crate) shapes: RefCell<std::collections::BTreeMap<&'static str, std::collections::BTreeSet<String>>>,
}

impl Reader {
    pub(crate) fn new(file: &str) -> Self {
        Self {
            files: RefCell::new(vec![file.to_owned()]),
            found: RefCell::default(),
            #[cfg(test)]
            shapes: RefCell::default(),
        }
    }

    /// One more file to read; answers its number. Beyond 255 they share the last one, which no chain of packs reaches.
    pub(crate) fn file(&self, name: &str) -> u8 {
        let mut files = self.files.borrow_mut();
        files.push(name.to_owned());
        u8::try_from(files.len() - 1).unwrap_or(u8::MAX)
    }

    /// The names of the files, by their numbers.
    pub(crate) fn files(&self) -> Vec<String> {
        self.files.borrow().clone()
    }

    /// Notes a mistake.
    pub(crate) fn fail(&self, line: Line, clause: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.note(Gravity::Error, line, clause, zh, en);
    }

    /// Notes something, of whatever gravity.
    pub(crate) fn note(
        &self,
        gravity: Gravity,
        line: Line,
        clause: &str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        let file = self.files.borrow().get(usize::from(line.file)).cloned().unwrap_or_default();
        let clause = clause.to_owned();
        let found = PackError { file, line: line.number, clause, gravity, zh: zh.into(), en: en.into() };
        self.found.borrow_mut().push((line, found));
    }

    /// Whether anything of this gravity was noted.
    pub(crate) fn has(&self, gravity: Gravity) -> bool {
        self.found.borrow().iter().any(|(_, found)| found.gravity == gravity)
    }

    /// All that was noted, in the order of its lines; of several files, the one that was handed in first.
    pub(crate) fn into_found(self) -> Vec<PackError> {
        let mut found = self.found.into_inner();
        found.sort_by(|(at, a), (other, b)| (at, &a.en).cmp(&(other, &b.en)));
        let mut found: Vec<_> = found.into_iter().map(|(_, found)| found).collect();
        found.dedup();
        found
    }

    /// A rule: a map of these fields with a clause.
    pub(crate) fn rule<'a>(&'a self, node: &'a Node, what: Noun, fields: &[&'static str]) -> Option<Rule<'a>> {
        let mut rule = self.part(node, what, &[fields, &["cite"]].concat())?;
        match rule.get("cite").and_then(Node::text).map(str::trim).filter(|cite| !cite.is_empty()) {
            Some(cite) => cite.clone_into(&mut rule.cite),
            None => rule.fail(
                rule.line,
                format!("{}没有注明依据的条款(cite)", what.0),
                format!("this {} does not cite its clause (cite)", what.1),
            ),
        }
        Some(rule)
    }

    /// A map of these fields, whose clause is not needed.
    pub(crate) fn part<'a>(&'a self, node: &'a Node, what: Noun, fields: &[&str]) -> Option<Rule<'a>> {
        let Data::Map(entries) = &node.data else {
            self.fail(
                node.line,
                "",
                format!("{}应写成“名称: 值”的形式", what.0),
                format!("a {} is written as names and values", what.1),
            );
            return None;
        };
        #[cfg(test)]
        self.shapes.borrow_mut().entry(what.1).or_default().extend(fields.iter().map(|field| (*field).to_owned()));
        let cite = node.get("cite").and_then(Node::text).unwrap_or_default().trim().to_owned();
        let line = entries.first().map_or(node.line, |(key, _)| key.line.min(node.line));
        let rule = Rule { reader: self, line, what, cite, entries };
        rule.each_once();
        for (key, _) in entries.iter().filter(|(key, _)| !fields.contains(&key.name.as_str())) {
            rule.unknown(key.line, ("字段", "field"), &key.name, fields.iter().copied());
        }
        Some(rule)
    }

    /// The entries of a map whose keys are free.
    pub(crate) fn entries<'a>(&self, node: &'a Node, what: Noun) -> &'a [(Key, Node)] {
        match &node.data {
            Data::Map(entries) => {
                Rule { reader: self, line: node.line, what, cite: String::new(), entries }.each_once();
                entries
            }
            Data::Empty | Data::Broken => &[],
            _ => {
                self.fail(
                    node.line,
                    "",
                    format!("{}应写成“名称: 值”的形式", what.0),
                    format!("{} are written as names and values", what.1),
                );
                &[]
            }
        }
    }
}

/// One map being read: it knows its clause, so that every mistake in it can name it.
pub(crate) struct Rule<'a> {
    reader: &'a Reader,
    pub(crate) line: Line,
    what: Noun,
    pub(crate) cite: String,
    entries: &'a [(Key, Node)],
}

impl<'a> Rule<'a> {
    pub(crate) fn fail(&self, line: Line, zh: impl Into<String>, en: impl Into<String>) {
        self.reader.fail(line, &self.cite, zh, en);
    }

    /// Notes a name that is not known, with the nearest that is.
    pub(crate) fn unknown<'n>(&self, line: Line, kind: Noun, name: &str, known: impl Iterator<Item = &'n str> + Clone) {
        let (zh, en) = unknown(kind, name, known);
        self.fail(line, zh, en);
    }

    /// A field that may be absent.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Node> {
        self.entry(name).filter(|node| !matches!(node.data, Data::Empty | Data::Broken))
    }

    fn entry(&self, name: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// A field that must be there.
    pub(crate) fn need(&self, name: &str) -> Option<&'a Node> {
        let node = self.get(name);
        let is_broken = self.entry(name).is_some_and(|node| matches!(node.data, Data::Broken));
        if node.is_none() && !is_broken {
            let (zh, en) = self.what;
            self.fail(self.line, format!("{zh}缺少“{name}”"), format!("this {en} lacks `{name}`"));
        }
        node
    }

    /// A scalar.
    pub(crate) fn scalar(&self, node: &'a Node) -> Option<&'a str> {
        let text = node.text().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.fail(node.line, "此处应是一个词或一段文字", "a word or a text belongs here");
        }
        text
    }

    /// A scalar that must be there.
    pub(crate) fn word(&self, name: &str) -> Option<&'a str> {
        self.scalar(self.need(name)?)
    }

    /// The `zh` and `en` that stand in this map itself.
    pub(crate) fn title(&self) -> Option<Text> {
        let (zh, en) = (self.word("zh"), self.word("en"));
        Some(Text::new(zh?, en?))
    }

    /// A text in both languages that must be there.
    pub(crate) fn text(&self, name: &str) -> Option<Text> {
        self.text_of(self.need(name)?)
    }

    /// A text in both languages.
    pub(crate) fn text_of(&self, node: &'a Node) -> Option<Text> {
        let mut part = self.reader.part(node, ("双语文字", "text in both languages"), &["zh", "en"])?;
        self.cite.clone_into(&mut part.cite);
        part.title()
    }

    /// `yes` or `no`; absent is no.
    pub(crate) fn flag(&self, name: &str) -> bool {
        let Some(node) = self.get(name) else { return false };
        match node.text() {
            Some("yes" | "true") => true,
            Some("no" | "false") => false,
            _ => {
                self.fail(node.line, format!("“{name}”只能是 yes 或 no"), format!("`{name}` is yes or no"));
                false
            }
        }
    }

    /// What a scalar says, in its own grammar.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, node: &'a Node, what: Noun) -> Option<T> {
        let text = self.scalar(node)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.fail(node.line, format!("“{text}”不是{}", what.0), format!("`{text}` is not {}", what.1));
        }
        parsed
    }

    /// A length such as `2 days`.
    pub(crate) fn length(&self, node: &'a Node) -> Option<Length> {
        let text = self.scalar(node)?;
        match text.parse() {
            Ok(length) => Some(length),
            Err(why) => {
                let (zh, en) =
                    (format!("“{text}”不是时长:{}", why.zh), format!("`{text}` is not a length: {}", why.en));
                self.fail(node.line, zh, en);
                None
            }
        }
    }

    /// A fact as it is written; whether it exists is asked elsewhere.
    pub(crate) fn fact(&self, node: &'a Node) -> Option<FactRef> {
        let text = self.scalar(node)?;
        match text.parse() {
            Ok(fact) => Some(fact),
            Err(why) => {
                self.fail(node.line, format!("“{text}”不是事实的写法"), format!("`{text}` is not a fact: {why}"));
                None
            }
        }
    }

    /// Notes a name that another rule of the list bears already.
    pub(crate) fn once(&self, (zh, en): Noun, name: &str, is_again: bool) {
        if is_again {
            self.fail(self.line, format!("{zh}“{name}”重复出现"), format!("the {en} `{name}` stands here twice"));
        }
    }

    fn each_once(&self) {
        for (at, (key, _)) in self.entries.iter().enumerate() {
            if self.entries.iter().take(at).any(|(earlier, _)| earlier.name == key.name) {
                let name = &key.name;
                self.fail(key.line, format!("“{name}”重复出现"), format!("`{name}` stands here twice"));
            }
        }
    }
}

/// The message about a name that is not known: (zh, en).
pub(crate) fn unknown<'n>(
    (zh, en): (&str, &str),
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> (String, String) {
    if let Some(near) = nearest(name, known.clone()) {
        return (
            format!("没有名为“{name}”的{zh}；是否指“{near}”？"),
            format!("there is no {en} `{name}`; did you mean `{near}`?"),
        );
    }
    let all: Vec<&str> = known.take(12).collect();
    if all.is_empty() {
        return (
            format!("没有名为“{name}”的{zh}；规则中未定义任何{zh}"),
            format!("there is no {en} `{name}`; the pack declares none"),
        );
    }
    (
        format!("没有名为“{name}”的{zh}；可用的有：{}", all.join("、")),
        format!("there is no {en} `{name}`; there are: {}", all.join(", ")),
    )
}
