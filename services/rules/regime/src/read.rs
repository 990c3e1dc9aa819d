//! From a tree of YAML to a compiled regime, in one pass that notes every mistake and goes on.

mod chains;
mod clocks;
mod counting;
mod course;
mod dealings;
mod doors;
mod entry;
mod handing;
mod handling;
mod instruments;
mod publicity;
mod records;
mod surveys;
mod telling;
mod words;

use crate::condition::Variables;
use crate::names::{Names, Own};
use crate::node::Node;
use crate::reader::{Reader, Rule};
use crate::{Condition, Numbering, Parameter, Regime, Value, Words, vocabulary};
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
    "upkeep",
    "calendar",
    "counting",
    "parameters",
    "words",
    "numbering",
    "course",
    "steps",
    "channels",
    "splitting",
    "repeats",
    "withdrawal",
    "rating",
    "scope",
    "grading",
    "routing",
    "recusal",
    "ladder",
    "apart",
    "teams",
    "orders",
    "guards",
    "approvals",
    "answers",
    "appeals",
    "redress",
    "effects",
    "clocks",
    "breaches",
    "notices",
    "templates",
    "callbacks",
    "surveys",
    "records",
    "guidance",
    "who",
];

/// Reads a pack of which every parameter is settled: what could be read, and what its conditions may speak of.
pub(crate) fn regime(reader: &Reader, root: &Node, left_open: Vec<Parameter>) -> Option<(Regime, Variables)> {
    let pack = reader.part(root, ("规则包", "pack"), SECTIONS)?;
    let id = pack.word("regime").map(str::to_owned);
    let title = pack.text("title");
    let words = pack.need("words").map(|node| words::read(reader, node)).unwrap_or_default();
    let numbering = numbering(&pack);
    let templates = telling::templates(reader, pack.get("templates"));
    let clock_names = pack.get("clocks").map_or_else(Vec::new, |node| clocks::names(reader, node, ("时限", "clocks")));
    let names = Names::new(
        &words,
        Own {
            clocks: clock_names.clone(),
            breaches: pack
                .get("breaches")
                .map_or_else(Vec::new, |node| clocks::names(reader, node, ("失职情形", "breaches"))),
            templates: templates.iter().map(|(id, _)| id.clone()).collect(),
            steps: course::steps(reader, pack.get("steps")),
            grounds: ids(pack.get("scope"), "ground"),
            stages: ids(pack.get("course"), "stage"),
            orders: keys(pack.get("orders")),
            teams: keys(pack.get("teams")),
            tiers: ids(pack.get("appeals"), "tier"),
            ledgers: keys(pack.get("records").and_then(|records| records.get("ledgers"))),
            surveys: keys(pack.get("surveys")),
            ..Own::default()
        },
    );
    let channels = doors::channels(reader, &names, pack.need("channels"));
    let mut channel_ids: Vec<String> = channels.iter().map(|channel| channel.id.clone()).collect();
    channel_ids.dedup();
    let variables = variables(&words, channel_ids, names.facts());
    let desk = Desk { reader, names, variables };
    let ladder = desk.ladder(pack.get("ladder"));
    let rungs = desk.list(pack.get("ladder")).len();
    let approvals = desk.approvals(pack.get("approvals"), &clock_names);
    let clocks = desk.clocks(pack.get("clocks"), rungs, &approvals);
    let breaches = desk.breaches(pack.get("breaches"), rungs);
    chains::refuse_loops(reader, (pack.get("clocks"), &clocks), (pack.get("breaches"), &breaches));
    let (in_force_from, in_force_to, pending) = entry::in_force(reader, pack.get("in-force"));
    let regime = Regime {
        id: id.unwrap_or_default(),
        title: title.unwrap_or_default(),
        source: pack.get("source").and_then(|node| pack.scalar(node)).unwrap_or_default().to_owned(),
        in_force_from,
        in_force_to,
        pending,
        upkeep: desk.upkeep(pack.get("upkeep")),
        calendar: pack.word("calendar").unwrap_or_default().to_owned(),
        counting: counting::manner(reader, pack.get("counting")),
        parameters: left_open.iter().map(|one| (one.name.clone(), one.value.clone())).collect(),
        left_open,
        channels,
        splitting: desk.splitting(pack.get("splitting")),
        repeats: desk.repeats(pack.get("repeats")),
        withdrawal: desk.withdrawal(pack.get("withdrawal")),
        rating: desk.rating(pack.get("rating")),
        scope: desk.scope(pack.get("scope")),
        grading: desk.grading(pack.get("grading")),
        routing: desk.routing(pack.get("routing")),
        recusal: desk.recusal(pack.get("recusal")),
        guards: desk.guards(pack.get("guards")),
        apart: desk.apart(pack.get("apart")),
        teams: desk.teams(pack.get("teams")),
        orders: desk.orders(pack.get("orders")),
        answers: desk.answers(pack.get("answers")),
        appeals: desk.appeals(pack.get("appeals")),
        redress: desk.redress(pack.get("redress")),
        effects: desk.effects(pack.get("effects"), rungs),
        course: desk.course(pack.get("course")),
        steps: desk.steps(pack.get("steps")),
        approvals,
        clocks,
        breaches,
        ladder,
        notices: desk.notices(pack.get("notices")),
        callbacks: desk.callbacks(pack.get("callbacks")),
        surveys: desk.surveys(pack.get("surveys")),
        records: pack.need("records").and_then(|node| desk.records(node))?,
        guidance: desk.guidance(pack.get("guidance")),
        who: desk.who(pack.need("who")),
        templates: templates.into_iter().collect(),
        facts: desk.names.facts(),
        words,
        numbering: numbering?,
    };
    Some((regime, desk.variables))
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

/// The names of a section that is a map.
fn keys(section: Option<&Node>) -> Vec<String> {
    section.map_or(&[][..], Node::pairs).iter().map(|(key, _)| key.name.clone()).collect()
}

/// The ids that stand in a field of each rule of a section.
fn ids(section: Option<&Node>, field: &str) -> Vec<String> {
    let rules = section.map_or(&[][..], Node::members).iter();
    rules.filter_map(|node| Some(node.get(field)?.text()?.trim().to_owned())).collect()
}

/// The variables of `case`: those of the house, and the pack's own questions.
fn variables(words: &Words, channels: Vec<String>, facts: Vec<String>) -> Variables {
    let ids = |list: &[crate::Word]| list.iter().map(|word| word.id.clone()).collect::<Vec<_>>();
    let few = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let mut domains = BTreeMap::from([
        ("kind".to_owned(), ids(&words.kinds)),
        ("category".to_owned(), ids(&words.categories)),
        ("severity".to_owned(), ids(&words.severities)),
        ("validity".to_owned(), ids(&words.validity)),
        ("channel".to_owned(), channels),
        ("handler_role".to_owned(), ids(&words.roles)),
        ("identity".to_owned(), few(vocabulary::IDENTITIES)),
        ("complainant".to_owned(), ids(&words.complainants)),
        ("respondent".to_owned(), ids(&words.respondents)),
        ("finding".to_owned(), ids(&words.findings)),
        ("satisfaction".to_owned(), ids(&words.satisfaction)),
        ("outcome".to_owned(), few(vocabulary::OUTCOMES)),
        ("done".to_owned(), facts),
        ("linked".to_owned(), few(vocabulary::RELATIONS)),
    ]);
    let mut defaults: BTreeMap<String, Value> = BTreeMap::new();
    for name in vocabulary::VARIABLES {
        let default = match domains.contains_key(*name) {
            true => Value::Word(String::new()),
            false if vocabulary::COUNTS.contains(name) => Value::Number(0),
            false => Value::Flag(false),
        };
        defaults.insert((*name).to_owned(), default);
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
        let compiled = self.variables.compile(text).and_then(|condition| match self.variables.never(&condition) {
            Some(why) => Err(vec![why]),
            None => Ok(condition),
        });
        compiled.unwrap_or_else(|mistakes| {
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
