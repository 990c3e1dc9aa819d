//! Reading a scenario's YAML while collecting everything that is wrong with it, each mistake with its line and the
//! nearest right word.

use regime::{
    Gravity, PackError, nearest,
    node::{Data, Key, Node},
};
use std::cell::RefCell;

/// A noun in both languages, for messages: (zh, en).
pub(super) type Noun = (&'static str, &'static str);

/// Collects what is wrong with one file.
pub(super) struct Reader {
    file: String,
    errors: RefCell<Vec<PackError>>,
}

impl Reader {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), errors: RefCell::default() }
    }

    /// Notes a mistake.
    pub(super) fn fail(&self, line: u32, zh: impl Into<String>, en: impl Into<String>) {
        let (file, clause) = (self.file.clone(), String::new());
        self.errors.borrow_mut().push(PackError {
            file,
            line,
            clause,
            gravity: Gravity::Error,
            zh: zh.into(),
            en: en.into(),
        });
    }

    /// All mistakes, in the order of their lines.
    pub(super) fn into_errors(self) -> Vec<PackError> {
        let mut errors = self.errors.into_inner();
        errors.sort();
        errors.dedup();
        errors
    }

    /// Notes a name that is none of `known`.
    pub(super) fn unknown<'n>(&self, line: u32, (zh, en): Noun, name: &str, known: impl Iterator<Item = &'n str>) {
        let known: Vec<&str> = known.collect();
        match nearest(name, known.iter().copied()) {
            Some(near) => self.fail(
                line,
                format!("没有名为“{name}”的{zh}；是否指“{near}”？"),
                format!("there is no {en} `{name}`; did you mean `{near}`?"),
            ),
            None => self.fail(
                line,
                format!("没有名为“{name}”的{zh}；可用的有：{}", known.join("、")),
                format!("there is no {en} `{name}`; there are: {}", known.join(", ")),
            ),
        }
    }

    /// A map of these keys and no others.
    pub(super) fn map<'a>(&'a self, node: &'a Node, what: Noun, keys: &[&str]) -> Map<'a> {
        let map = Map { reader: self, line: node.line.number, what, entries: self.entries(node, what) };
        for (key, _) in map.entries.iter().filter(|(key, _)| !keys.contains(&key.name.as_str())) {
            self.unknown(key.line.number, ("字段", "key"), &key.name, keys.iter().copied());
        }
        map
    }

    /// The entries of a map whose keys are free, each once.
    pub(super) fn entries<'a>(&self, node: &'a Node, (zh, en): Noun) -> &'a [(Key, Node)] {
        let entries = match &node.data {
            Data::Map(entries) => entries.as_slice(),
            Data::Empty | Data::Broken => &[],
            _ => {
                self.fail(
                    node.line.number,
                    format!("{zh}应写成“名称: 值”的形式"),
                    format!("{en} is written as names and values"),
                );
                &[]
            }
        };
        for (at, (key, _)) in entries.iter().enumerate() {
            if entries.iter().take(at).any(|(earlier, _)| earlier.name == key.name) {
                let name = &key.name;
                self.fail(key.line.number, format!("“{name}”重复出现"), format!("`{name}` stands here twice"));
            }
        }
        entries
    }

    /// A word or a text.
    pub(super) fn scalar<'a>(&self, node: &'a Node) -> Option<&'a str> {
        let text = node.text().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.fail(node.line.number, "此处应是一个词或一段文字", "a word or a text belongs here");
        }
        text
    }

    /// One word or a list of them.
    pub(super) fn words(&self, node: &Node) -> Vec<String> {
        node.members().iter().filter_map(|member| self.scalar(member)).map(str::to_owned).collect()
    }

    /// `yes` or `no`.
    pub(super) fn flag(&self, node: &Node) -> Option<bool> {
        match self.scalar(node)? {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => {
                self.fail(node.line.number, "此处只能是 yes 或 no", "yes or no belongs here");
                None
            }
        }
    }

    /// What a scalar says in its own grammar.
    pub(super) fn parsed<T>(&self, node: &Node, (zh, en): Noun, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.scalar(node)?;
        let parsed = parse(text);
        if parsed.is_none() {
            self.fail(node.line.number, format!("“{text}”不是{zh}"), format!("`{text}` is not {en}"));
        }
        parsed
    }

    /// One of the names of a closed list.
    pub(super) fn one_of<'n>(
        &self,
        node: &Node,
        what: Noun,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> Option<String> {
        let name = self.scalar(node)?;
        if known.clone().any(|one| one == name) {
            return Some(name.to_owned());
        }
        self.unknown(node.line.number, what, name, known);
        None
    }
}

/// One map being read.
#[derive(Clone, Copy)]
pub(super) struct Map<'a> {
    pub(super) reader: &'a Reader,
    pub(super) line: u32,
    what: Noun,
    pub(super) entries: &'a [(Key, Node)],
}

impl<'a> Map<'a> {
    /// A map some of whose keys are free.
    pub(super) fn of(reader: &'a Reader, node: &Node, what: Noun, entries: &'a [(Key, Node)]) -> Self {
        Self { reader, line: node.line.number, what, entries }
    }

    /// A value that may be absent.
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// A value that must be there.
    pub(super) fn need(&self, name: &str) -> Option<&'a Node> {
        let node = self.get(name);
        if node.is_none() {
            let (zh, en) = self.what;
            self.reader.fail(self.line, format!("{zh}缺少“{name}”"), format!("{en} lacks `{name}`"));
        }
        node
    }

    /// A scalar that may be absent.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.reader.scalar(self.get(name)?).map(str::to_owned)
    }
}
