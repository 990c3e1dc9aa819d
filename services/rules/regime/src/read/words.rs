//! The vocabulary of a pack: its kinds, severities, questions, steps and roles.

use crate::node::{Key, Node};
use crate::reader::{Noun, Reader, Rule};
use crate::{Asked, Form, Measure, Question, QuestionKind, Value, Word, Words, vocabulary};

pub(super) fn read(reader: &Reader, node: &Node) -> Words {
    let lists = [
        "kinds",
        "categories",
        "severities",
        "validity",
        "facts",
        "findings",
        "measures",
        "complainants",
        "respondents",
        "bodies",
        "roles",
        "satisfaction",
        "forms",
    ];
    let Some(part) = reader.part(node, ("词汇", "vocabulary"), &lists) else { return Words::default() };
    let list = |name: &str, what: Noun| part.get(name).map_or_else(Vec::new, |node| words(reader, node, what));
    let needed = |name: &str, what: Noun| part.need(name).map_or_else(Vec::new, |node| words(reader, node, what));
    let facts = part.get("facts").map_or(&[][..], |node| reader.entries(node, ("案件事实", "facts")));
    let words = Words {
        kinds: needed("kinds", ("事项类型", "kind")),
        categories: list("categories", ("类别", "category")),
        severities: list("severities", ("等级", "severity")),
        validity: list("validity", ("有效性", "validity")),
        facts: facts.iter().filter_map(|(key, node)| question(reader, key, node)).collect(),
        findings: list("findings", ("认定结果", "finding")),
        measures: part.get("measures").map_or_else(Vec::new, |node| measures(reader, node)),
        complainants: list("complainants", ("投诉人类型", "complainant")),
        respondents: list("respondents", ("被投诉人类型", "respondent")),
        bodies: list("bodies", ("外部单位", "body")),
        roles: needed("roles", ("角色", "role")),
        satisfaction: list("satisfaction", ("满意度", "satisfaction")),
        forms: part.get("forms").map_or_else(Vec::new, |node| forms(reader, node)),
    };
    for (key, node) in part.get("categories").map_or(&[][..], Node::pairs) {
        let Some(under) = node.get("under") else { continue };
        let wider = || words.categories.iter().map(|word| word.id.as_str()).filter(|id| *id != key.name);
        if let Some(name) = under.text().map(str::trim).filter(|name| !wider().any(|id| id == *name)) {
            part.unknown(under.line, ("类别", "category"), name, wider());
            continue;
        }
        let above = |id: &str| words.categories.iter().find(|word| word.id == id)?.under.as_deref();
        let mut way = std::iter::successors(above(&key.name), |id| above(id)).take(words.categories.len());
        if way.any(|id| id == key.name) {
            let (zh, en) =
                (format!("类别“{}”归在它自己之下", key.name), format!("the category `{}` lies under itself", key.name));
            part.fail(under.line, zh, en);
        }
    }
    words
}

fn measures(reader: &Reader, node: &Node) -> Vec<Measure> {
    let noun = ("措施", "measure");
    let measure = |(key, node): &(Key, Node)| {
        let (word, part) = titled(reader, key, node, noun, &["for", "tracked"])?;
        const FOR: [&str; 5] = ["remedy", "person", "unit", "operator", "process"];
        let of = part.get("for").and_then(|node| {
            let text = part.scalar(node)?;
            let is_known = FOR.contains(&text);
            if !is_known {
                part.unknown(node.line, ("措施对象", "object of a measure"), text, FOR.into_iter());
            }
            is_known.then(|| text.to_owned())
        });
        Some(Measure { word, of, is_tracked: part.flag("tracked") })
    };
    reader.entries(node, noun).iter().filter_map(measure).collect()
}

fn forms(reader: &Reader, node: &Node) -> Vec<Form> {
    let noun = ("表单", "form");
    let form = |(key, node): &(Key, Node)| {
        let (word, part) = titled(reader, key, node, noun, &["fields"])?;
        let fields = part.get("fields").map_or(&[][..], Node::members).iter();
        let fields = fields.filter_map(|node| part.scalar(node).map(str::to_owned)).collect();
        Some(Form { word, fields })
    };
    reader.entries(node, noun).iter().filter_map(form).collect()
}

pub(super) fn words(reader: &Reader, node: &Node, what: Noun) -> Vec<Word> {
    reader.entries(node, what).iter().filter_map(|(key, node)| word(reader, key, node, what)).collect()
}

fn word(reader: &Reader, key: &Key, node: &Node, what: Noun) -> Option<Word> {
    let more: &[&str] = if what.1 == "category" { &["under"] } else { &[] };
    titled(reader, key, node, what, more).map(|(word, _)| word)
}

/// A word, and the map in which it stands with `more` fields.
fn titled<'a>(reader: &'a Reader, key: &Key, node: &'a Node, what: Noun, more: &[&str]) -> Option<(Word, Rule<'a>)> {
    let part = reader.part(node, what, &[&["zh", "en", "meaning", "cite"][..], more].concat())?;
    is_id(&part, key, '-');
    part.get("cite").map(|node| part.scalar(node));
    let meaning = part.get("meaning").and_then(|node| part.text_of(node));
    let under = part.get("under").and_then(|node| part.scalar(node)).map(str::to_owned);
    let word = Word { id: key.name.clone(), title: part.title()?, meaning, under, cite: part.cite.clone() };
    Some((word, part))
}

fn question(reader: &Reader, key: &Key, node: &Node) -> Option<Question> {
    let part = reader.part(node, ("案件事实", "fact"), &["type", "zh", "en", "words", "default", "asked", "cite"])?;
    is_id(&part, key, '_');
    part.get("cite").map(|node| part.scalar(node));
    let name = key.name.as_str();
    if vocabulary::VARIABLES.contains(&name) {
        part.fail(key.line, format!("“{name}”是系统已有的案件事实"), format!("`{name}` is a fact that every case has"));
    }
    let kind = match part.word("type")? {
        "flag" => QuestionKind::Flag,
        "number" => QuestionKind::Number,
        "word" => QuestionKind::Word,
        other => {
            part.unknown(node.line, ("类型", "type"), other, ["flag", "number", "word"].into_iter());
            return None;
        }
    };
    let words = part.get("words").map_or_else(Vec::new, |node| words(reader, node, ("选项", "choice")));
    let default = default(&part, kind, &words);
    let asked =
        part.need("asked").map_or(&[][..], Node::members).iter().filter_map(|node| asked(&part, node)).collect();
    Some(Question { name: name.to_owned(), title: part.title()?, kind, words, default, asked, cite: part.cite.clone() })
}

/// The default; where it is wrong, something of its type, so that rules that ask the fact are no further mistakes.
fn default(part: &Rule<'_>, kind: QuestionKind, words: &[Word]) -> Value {
    let given = part.need("default").and_then(|node| Some((node, part.scalar(node)?)));
    let Some((node, text)) = given else { return nothing(kind, words) };
    let fits = match kind {
        QuestionKind::Flag => match text {
            "yes" | "true" => Some(Value::Flag(true)),
            "no" | "false" => Some(Value::Flag(false)),
            _ => {
                part.fail(node.line, "默认值只能是 yes 或 no", "the default is yes or no");
                None
            }
        },
        QuestionKind::Number => number(part, node).map(Value::Number),
        QuestionKind::Word => {
            let is_known = words.iter().any(|word| word.id == text);
            if !is_known {
                part.unknown(node.line, ("选项", "choice"), text, words.iter().map(|word| word.id.as_str()));
            }
            is_known.then(|| Value::Word(text.to_owned()))
        }
    };
    fits.unwrap_or_else(|| nothing(kind, words))
}

/// A default that an answer could not be would let conditions hold that no answer can meet.
fn number<'a>(part: &Rule<'a>, node: &'a Node) -> Option<i64> {
    let number: i64 = part.parsed(node, ("整数", "a whole number"))?;
    let fits = vocabulary::NUMBERS.contains(&number);
    if !fits {
        let (least, most) = (vocabulary::NUMBERS.start(), vocabulary::NUMBERS.end());
        let zh = format!("“{number}”应在 {least} 与 {most} 之间");
        part.fail(node.line, zh, format!("`{number}` is not between {least} and {most}"));
    }
    fits.then_some(number)
}

fn nothing(kind: QuestionKind, words: &[Word]) -> Value {
    match kind {
        QuestionKind::Flag => Value::Flag(false),
        QuestionKind::Number => Value::Number(0),
        QuestionKind::Word => Value::Word(words.first().map(|word| word.id.clone()).unwrap_or_default()),
    }
}

fn asked(part: &Rule<'_>, node: &Node) -> Option<Asked> {
    match node.text().unwrap_or_default().trim() {
        "hand-in" => Some(Asked::HandIn),
        "triage" => Some(Asked::Triage),
        "handling" => Some(Asked::Handling),
        other => {
            let known = ["hand-in", "triage", "handling"].into_iter();
            part.unknown(node.line, ("提问环节", "moment of asking"), other, known);
            None
        }
    }
}

/// An id is lower case, begins with a letter, and joins its words in one way: facts are CEL names.
pub(super) fn is_id(part: &Rule<'_>, key: &Key, join: char) {
    let name = &key.name;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == join;
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(fits) || name.len() > 60 {
        part.fail(
            key.line,
            format!("标识“{name}”只能由小写字母、数字和“{join}”组成，并以字母开头"),
            format!("the id `{name}` is made of small letters, digits and `{join}`, and begins with a letter"),
        );
    }
}

/// A step that bears the name of a fact or a command of the house would make rules ambiguous.
pub(super) fn is_step_name(part: &Rule<'_>, name: &str) {
    let line = part.line;
    is_id(part, &Key { name: name.to_owned(), line }, '-');
    if vocabulary::term(vocabulary::FACTS, name).or(vocabulary::term(vocabulary::COMMANDS, name)).is_some() {
        part.fail(
            line,
            format!("“{name}”是系统已有的名称，不能作步骤名"),
            format!("`{name}` is a name of the house, not of a step"),
        );
    }
}
