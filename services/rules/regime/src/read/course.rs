//! The course of a case, its steps, and what rules bring about by themselves.

use super::Desk;
use super::counting::choice;
use super::instruments::{climb, number};
use crate::names::Set;
use crate::node::{Data, Node};
use crate::reader::{Reader, Rule};
use crate::vocabulary::{PARTS, STEPS, TEMPLATES, UNSIGNED, term};
use crate::{Amount, Answer, Apart, Assessed, Effect, EffectRule, Ending, Party, Redress, Stage, Step, Take, TellForm};
use kit_core::Text;
use std::collections::{BTreeMap, BTreeSet};

const TAKES: [(&str, Take); 6] = [
    ("text", Take::Text),
    ("files", Take::Files),
    ("date", Take::Date),
    ("staff", Take::Staff),
    ("amount", Take::Amount),
    ("form", Take::Form),
];
const PARTIES: [(&str, Party); 3] =
    [("complainant", Party::Complainant), ("respondent", Party::Respondent), ("outside", Party::Outside)];
const FORMS: [(&str, TellForm); 2] = [("written", TellForm::Written), ("oral", TellForm::Oral)];
const ASSESSED: [(&str, Assessed); 3] =
    [("handler", Assessed::Handler), ("first-contact", Assessed::FirstContact), ("unit", Assessed::Unit)];
/// The fields of which a rule has one: what it brings about.
pub(super) const EFFECTS: [&str; 8] = ["climb", "order", "do", "reopen", "end", "open", "tell", "assess"];
/// Fields that say more of an effect.
const COMPANIONS: [(&str, &str); 4] =
    [("regime", "open"), ("send", "tell"), ("points", "assess"), ("against", "assess")];
/// A number beyond it is a slip.
const MOST_STAFF: u32 = 100;
const MOST_POINTS: u32 = 10_000;
/// The smallest units of a currency in one.
const CENTS: i64 = 100;

/// The names of the steps with their outcomes, before anything else of them is read: facts may mention any of them.
pub(super) fn steps(reader: &Reader, section: Option<&Node>) -> BTreeMap<String, Vec<String>> {
    let Some(section) = section else { return BTreeMap::new() };
    let outcomes = |node: &Node| {
        let outcomes = node.get("outcomes").map_or(&[][..], Node::pairs);
        outcomes.iter().map(|(key, _)| key.name.clone()).collect()
    };
    let entries = reader.entries(section, ("步骤", "steps")).iter();
    entries.map(|(key, node)| (key.name.clone(), outcomes(node))).collect()
}

impl Desk<'_> {
    pub(super) fn course(&self, section: Option<&Node>) -> Vec<Stage> {
        let mut known = BTreeSet::new();
        let stage = |node| {
            let rule =
                self.reader.rule(node, ("办理环节", "stage"), &["stage", "zh", "en", "reached", "if", "loose"])?;
            let (id, title) = (rule.word("stage"), rule.title());
            id.into_iter().for_each(|id| rule.once(("环节", "stage"), id, !known.insert(id.to_owned())));
            let reached = rule.need("reached").map_or_else(Vec::new, |node| self.names.facts_in(&rule, node));
            let (condition, is_loose) = (self.condition(&rule), rule.flag("loose"));
            Some(Stage { id: id?.to_owned(), title: title?, reached, condition, is_loose, cite: rule.cite })
        };
        self.list(section).iter().filter_map(stage).collect()
    }

    pub(super) fn steps(&self, section: Option<&Node>) -> Vec<Step> {
        let Some(Data::Map(entries)) = section.map(|node| &node.data) else { return Vec::new() };
        entries.iter().filter_map(|(key, node)| self.step(&key.name, node)).collect()
    }

    fn step(&self, id: &str, node: &Node) -> Option<Step> {
        let fields =
            ["zh", "en", "if", "say", "takes", "staff", "credentials", "outcomes", "of", "again", "form", "amount"];
        let rule = self.reader.rule(node, ("步骤", "step"), &fields)?;
        super::words::is_step_name(&rule, id);
        let title = match (rule.get("zh").or(rule.get("en")), term(STEPS, id)) {
            (None, Some(house)) => Some(house.title()),
            _ => rule.get("zh").zip(rule.get("en")).and_then(|_| rule.title()),
        };
        if title.is_none() {
            rule.fail(
                rule.line,
                format!("“{id}”不是通用步骤，须写明 zh 和 en"),
                format!("`{id}` is no step of the house: it needs its title, `zh` and `en`"),
            );
        }
        let some = |name| rule.get(name).map_or(&[][..], Node::members).iter();
        let mut takes: Vec<Take> = some("takes").filter_map(|node| choice(&rule, node, &TAKES)).collect();
        let amount = rule.get("amount").and_then(|node| amount(&rule, self.reader, node));
        if amount.is_some() && !takes.contains(&Take::Amount) {
            takes.push(Take::Amount);
        }
        let staff = rule.get("staff").map_or(Some(0), |node| number(&rule, node, MOST_STAFF))?;
        Some(Step {
            id: id.to_owned(),
            title: title?,
            condition: self.condition(&rule),
            say: rule.get("say").and_then(|node| rule.text_of(node)),
            takes,
            staff,
            credentials: rule.flag("credentials"),
            outcomes: self.endings(&rule, "outcomes"),
            of: rule.get("of").and_then(|node| choice(&rule, node, &PARTIES)),
            again: rule.flag("again"),
            amount,
            form: rule.get("form").and_then(|node| self.names.one(&rule, Set::Form, node)),
            cite: rule.cite,
        })
    }

    /// Named ends, each with a title, of a step, an order or an appeal.
    pub(super) fn endings(&self, outer: &Rule<'_>, field: &str) -> Vec<Ending> {
        let entries = outer.get(field).map_or(&[][..], |node| self.reader.entries(node, ("结果", "outcomes")));
        let ending = |id: &str, node| {
            let mut part = self.reader.part(node, ("结果", "outcome"), &["zh", "en", "if", "only", "cite"])?;
            if part.cite.is_empty() {
                outer.cite.clone_into(&mut part.cite);
            }
            part.get("cite").map(|node| part.scalar(node));
            let (condition, only) = (self.condition(&part), part.flag("only"));
            Some(Ending { id: id.to_owned(), title: part.title()?, condition, only, cite: part.cite })
        };
        entries.iter().filter_map(|(key, node)| ending(&key.name, node)).collect()
    }

    /// `rungs` is the height of the ladder.
    pub(super) fn effects(&self, section: Option<&Node>, rungs: usize) -> Vec<EffectRule> {
        let effect = |node| {
            let fields = [&["on", "if", "regime", "send", "points", "against", "enter"][..], &EFFECTS].concat();
            let rule = self.reader.rule(node, ("自动后果", "effect"), &fields)?;
            let on = rule.need("on").map_or_else(Vec::new, |node| self.names.facts_in(&rule, node));
            let condition = self.condition(&rule);
            let [effect] = <[Effect; 1]>::try_from(self.brought(&rule, rungs)?)
                .map_err(|_| {
                    let en = "a rule brings about one thing; make it several rules";
                    rule.fail(rule.line, "一条规则只写一种后果，请分成几条", en);
                })
                .ok()?;
            Some(EffectRule { on, condition, effect, cite: rule.cite })
        };
        self.list(section).iter().filter_map(effect).collect()
    }

    /// What a rule says happens of itself, in the words that `effects`, misses and breaches share.
    pub(super) fn brought(&self, rule: &Rule<'_>, rungs: usize) -> Option<Vec<Effect>> {
        let name = |node, set| self.names.one(rule, set, node);
        let all = [
            rule.get("climb").map(|node| climb(rule, node, rungs).map(Effect::Climb)),
            rule.get("order").map(|node| name(node, Set::Order).map(Effect::Order)),
            rule.get("do").map(|node| self.step_fact(rule, node).map(Effect::Do)),
            rule.get("reopen").map(|node| name(node, Set::Stage).map(Effect::Reopen)),
            rule.get("end").map(|node| name(node, Set::Outcome).map(Effect::End)),
            rule.get("open").map(|node| self.open(rule, node)),
            rule.get("tell").map(|node| self.tell(rule, node)),
            rule.get("assess").map(|node| self.assess(rule, node)),
            rule.get("enter").map(|node| name(node, Set::Ledger).map(Effect::Enter)),
        ];
        for (field, of) in COMPANIONS {
            if let Some(node) = rule.get(field).filter(|_| rule.get(of).is_none()) {
                let (zh, en) = (format!("“{field}”只与“{of}”同用"), format!("`{field}` stands with `{of}` only"));
                rule.fail(node.line, zh, en);
            }
        }
        let all: Vec<Option<Effect>> = all.into_iter().flatten().collect();
        if all.is_empty() {
            let names = [&EFFECTS[..], &["enter"]].concat();
            rule.fail(
                rule.line,
                format!("没有写明后果：{}", names.join("、")),
                format!("it brings nothing about: one of {}", names.join(", ")),
            );
            return None;
        }
        all.into_iter().collect()
    }

    fn open(&self, rule: &Rule<'_>, node: &Node) -> Option<Effect> {
        let regime = rule.get("regime").and_then(|node| rule.scalar(node)).map(str::to_owned);
        let kind = match &regime {
            // Another regime has kinds of its own.
            Some(_) => node.text().map(|text| text.trim().to_owned()),
            None => self.names.one(rule, Set::Kind, node),
        };
        Some(Effect::Open { kind: kind?, regime })
    }

    fn tell(&self, rule: &Rule<'_>, node: &Node) -> Option<Effect> {
        let to = self.recipients(rule, node);
        let template = match rule.get("send") {
            Some(node) => self.names.one(rule, Set::Template, node)?,
            None => term(TEMPLATES, "alert").map(|term| term.id.to_owned())?,
        };
        Some(Effect::Tell { to, template })
    }

    fn assess(&self, rule: &Rule<'_>, node: &Node) -> Option<Effect> {
        let ledger = self.names.one(rule, Set::Ledger, node)?;
        let points = rule.get("points").map_or(Some(1), |node| number(rule, node, MOST_POINTS))?;
        let against = rule.get("against").map_or(Some(Assessed::Handler), |node| choice(rule, node, &ASSESSED))?;
        Some(Effect::Assess { ledger, points, against })
    }

    /// A step with one of its outcomes.
    fn step_fact<'a>(&self, rule: &Rule<'a>, node: &'a Node) -> Option<crate::FactRef> {
        let fact = self.names.fact(rule, node)?;
        if !self.names.of(Set::Step).contains(&fact.word) {
            rule.unknown(node.line, ("步骤", "step"), &fact.word, self.names.of(Set::Step).iter().map(String::as_str));
            return None;
        }
        Some(fact)
    }

    pub(super) fn apart(&self, section: Option<&Node>) -> Vec<Apart> {
        let apart = |node| {
            let rule = self.reader.rule(node, ("岗位分离", "separation of duties"), &["acts", "if"])?;
            let node = rule.need("acts")?;
            let acts = self.names.acts(&rule, node);
            let kind = |act: &String| act.split('(').next().unwrap_or_default().to_owned();
            if let Some(act) = acts.iter().map(kind).find(|act| UNSIGNED.contains(&act.as_str())) {
                let (zh, en) = (
                    format!("案卷不记录由谁“{act}”，不能用于岗位分离"),
                    format!("the file does not say who did `{act}`: nothing can be kept apart from it"),
                );
                rule.fail(node.line, zh, en);
            }
            let few = acts.iter().collect::<BTreeSet<_>>().len() < 2;
            if few && node.members().len() == acts.len() {
                rule.fail(node.line, "岗位分离须写明至少两项操作", "at least two acts are kept apart from each other");
            }
            Some(Apart { acts, condition: self.condition(&rule), cite: rule.cite })
        };
        self.list(section).iter().filter_map(apart).collect()
    }

    pub(super) fn redress(&self, section: Option<&Node>) -> Vec<Redress> {
        let redress = |node| {
            let rule = self.reader.rule(node, ("救济途径", "way of redress"), &["zh", "en", "for", "if"])?;
            let say = rule.title();
            let of = rule.get("for").map_or(Some(Party::Complainant), |node| choice(&rule, node, &PARTIES));
            Some(Redress { say: say?, of: of?, condition: self.condition(&rule), cite: rule.cite })
        };
        self.list(section).iter().filter_map(redress).collect()
    }

    pub(super) fn answers(&self, section: Option<&Node>) -> Vec<Answer> {
        let answer = |node| {
            let rule = self.reader.rule(node, ("答复形式", "form of an answer"), &["of", "if", "in", "holds"])?;
            let of = rule.need("of").and_then(|node| self.names.act(&rule, node));
            let some = |name| rule.get(name).map_or(&[][..], Node::members).iter();
            let ways = some("in").filter_map(|node| choice(&rule, node, &FORMS)).collect();
            let part = |node: &Node| {
                let known = PARTS.iter().map(|part| part.id);
                let name = node.text().unwrap_or_default().trim();
                let is_known = known.clone().any(|id| id == name);
                if !is_known {
                    rule.unknown(node.line, ("答复内容", "part of an answer"), name, known);
                }
                is_known.then(|| name.to_owned())
            };
            let holds = some("holds").filter_map(part).collect();
            Some(Answer { of: of?, condition: self.condition(&rule), ways, holds, cite: rule.cite })
        };
        self.list(section).iter().filter_map(answer).collect()
    }
}

fn amount<'a>(outer: &Rule<'a>, reader: &'a Reader, node: &'a Node) -> Option<Amount> {
    let mut part = reader.part(node, ("金额", "amount"), &["from", "to", "currency", "note"])?;
    outer.cite.clone_into(&mut part.cite);
    let sum = |node: &'a Node| {
        let sum: u32 = part.parsed(node, ("整数金额", "a whole sum of money"))?;
        Some(i64::from(sum) * CENTS)
    };
    let from = part.get("from").map_or(Some(0), sum)?;
    let to = match part.get("to").filter(|node| node.text() != Some("none")) {
        Some(node) => Some(sum(node)?),
        None => None,
    };
    if to.is_some_and(|to| to < from) {
        part.fail(part.line, "金额上限低于下限", "the most is less than the least");
    }
    let note: Option<Text> = part.get("note").and_then(|node| part.text_of(node));
    Some(Amount { from, to, currency: part.word("currency")?.to_owned(), note })
}
