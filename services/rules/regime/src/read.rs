//! From a tree of YAML to a compiled regime, in one pass that notes every mistake and goes on.

mod chains;
mod clocks;
mod counting;
mod doors;
mod handling;
mod instruments;
mod records;
mod telling;
mod words;

use crate::condition::Variables;
use crate::names::Names;
use crate::node::Node;
use crate::reader::{Reader, Rule};
use crate::{Condition, Numbering, PackError, Regime, Value, Words, parameters, vocabulary};
use std::collections::BTreeMap;

/// What every section is read against.
struct Desk<'a> {
    reader: &'a Reader,
    names: Names,
    variables: Variables,
}

pub(crate) const SECTIONS: &[&str] = &[
    "regime",
    "title",
    "source",
    "in-force",
    "calendar",
    "counting",
    "parameters",
    "words",
    "numbering",
    "channels",
    "scope",
    "grading",
    "routing",
    "recusal",
    "ladder",
    "guards",
    "approvals",
    "clocks",
    "breaches",
    "notices",
    "templates",
    "callback",
    "records",
    "guidance",
    "who",
];

/// Reads and checks a pack. `choices` are an organisation's own values for its parameters.
pub(crate) fn read(file: &str, yaml: &str, choices: &BTreeMap<String, String>) -> Result<Regime, Vec<PackError>> {
    let reader = Reader::new(file);
    let regime = match Node::parse(yaml) {
        Ok(mut root) => {
            let parameters = parameters::settle(&reader, &mut root, choices);
            regime(&reader, &root, parameters)
        }
        Err((line, why)) => {
            reader.fail(line, "", format!("不是有效的 YAML:{why}"), format!("this is not valid YAML: {why}"));
            None
        }
    };
    let errors = reader.into_errors();
    match regime {
        Some(regime) if errors.is_empty() => Ok(regime),
        _ => Err(errors),
    }
}

fn regime(reader: &Reader, root: &Node, parameters: BTreeMap<String, String>) -> Option<Regime> {
    let pack = reader.part(root, ("规则包", "pack"), SECTIONS)?;
    let id = pack.word("regime").map(str::to_owned);
    let title = pack.text("title");
    let words = pack.need("words").map(|node| words::read(reader, node)).unwrap_or_default();
    let numbering = numbering(&pack);
    let templates = telling::templates(reader, pack.get("templates"));
    let keys = |section, noun| pack.get(section).map_or_else(Vec::new, |node| clocks::names(reader, node, noun));
    let (clock_names, breach_names) = (keys("clocks", ("时限", "clocks")), keys("breaches", ("失职情形", "breaches")));
    let names = Names::new(&words, clock_names, breach_names, templates.iter().map(|(id, _)| id.clone()).collect());
    let channels = doors::channels(reader, &names, pack.need("channels"));
    let variables = variables(&words, channels.iter().map(|channel| channel.id.clone()).collect());
    let desk = Desk { reader, names, variables };
    let ladder = desk.ladder(pack.get("ladder"));
    let rungs = desk.list(pack.get("ladder")).len();
    let approvals = desk.approvals(pack.get("approvals"));
    let clocks = desk.clocks(pack.get("clocks"), rungs, &approvals);
    let breaches = desk.breaches(pack.get("breaches"), rungs);
    chains::refuse_loops(reader, (pack.get("clocks"), &clocks), (pack.get("breaches"), &breaches));
    let regime = Regime {
        id: id.unwrap_or_default(),
        title: title.unwrap_or_default(),
        source: pack.get("source").and_then(|node| pack.scalar(node)).unwrap_or_default().to_owned(),
        in_force_from: in_force(reader, &pack),
        calendar: pack.word("calendar").unwrap_or_default().to_owned(),
        counting: counting::manner(reader, pack.get("counting")),
        parameters,
        channels,
        scope: desk.scope(pack.get("scope")),
        grading: desk.grading(pack.get("grading")),
        routing: desk.routing(pack.get("routing")),
        recusal: desk.recusal(pack.get("recusal")),
        guards: desk.guards(pack.get("guards")),
        approvals,
        clocks,
        breaches,
        ladder,
        notices: desk.notices(pack.get("notices")),
        callback: pack.get("callback").and_then(|node| desk.callback(node)),
        records: pack.need("records").and_then(|node| desk.records(node))?,
        guidance: desk.guidance(pack.get("guidance")),
        who: desk.who(pack.need("who")),
        templates: templates.into_iter().collect(),
        words,
        numbering: numbering?,
    };
    Some(regime)
}

fn numbering(pack: &Rule<'_>) -> Option<Numbering> {
    let node = pack.need("numbering")?;
    match Numbering::parse(pack.scalar(node)?) {
        Ok(numbering) => Some(numbering),
        Err((zh, en)) => {
            pack.fail(node.line, zh, en);
            None
        }
    }
}

fn in_force(reader: &Reader, pack: &Rule<'_>) -> Option<chrono::NaiveDate> {
    let part = reader.part(pack.get("in-force")?, ("生效日期", "day in force"), &["from"])?;
    part.parsed(part.need("from")?, ("日期，应如 2020-01-01", "a date such as 2020-01-01"))
}

/// The variables of `case`: those of the house, and the pack's own questions.
fn variables(words: &Words, channels: Vec<String>) -> Variables {
    let ids = |list: &[crate::Word]| list.iter().map(|word| word.id.clone()).collect::<Vec<_>>();
    let mut domains = BTreeMap::from([
        ("kind".to_owned(), ids(&words.kinds)),
        ("category".to_owned(), ids(&words.categories)),
        ("severity".to_owned(), ids(&words.severities)),
        ("validity".to_owned(), ids(&words.validity)),
        ("channel".to_owned(), channels),
    ]);
    let mut defaults: BTreeMap<String, Value> = BTreeMap::new();
    for name in vocabulary::VARIABLES {
        let is_word = domains.contains_key(*name);
        defaults.insert((*name).to_owned(), if is_word { Value::Word(String::new()) } else { Value::Flag(false) });
    }
    for question in &words.facts {
        defaults.insert(question.name.clone(), question.default.clone());
        if question.kind == crate::QuestionKind::Word {
            domains.insert(question.name.clone(), ids(&question.words));
        }
    }
    Variables::new(defaults, domains)
}

impl Desk<'_> {
    /// The rule's `if`; absent, it always holds.
    fn condition(&self, rule: &Rule<'_>) -> Condition {
        rule.get("if").map_or_else(Condition::always, |node| self.condition_of(rule, node))
    }

    /// A condition; one that is wrong is noted and stands for one that always holds.
    fn condition_of<'a>(&self, rule: &Rule<'a>, node: &'a Node) -> Condition {
        let Some(text) = rule.scalar(node) else { return Condition::always() };
        self.variables.compile(text).unwrap_or_else(|mistakes| {
            mistakes.into_iter().for_each(|(zh, en)| rule.fail(node.line, zh, en));
            Condition::always()
        })
    }

    /// The rules of a section that is a list.
    fn list<'n>(&self, section: Option<&'n Node>) -> &'n [Node] {
        section.map_or(&[], Node::members)
    }
}

#[cfg(test)]
mod tests;
