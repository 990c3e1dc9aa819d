//! Every name that a rule may mention, by kind: those of the pack and those of the house.

use crate::node::{Line, Node};
use crate::reader::{Noun, Rule};
use crate::vocabulary::{self, BREACH_FACT, CASE_ROLES, CLOCK_FACTS, COMMANDS, FACTS};
use crate::{FactRef, Words};
use std::collections::BTreeMap;

/// A kind of name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Set {
    Kind,
    Severity,
    Validity,
    Finding,
    Satisfaction,
    Measure,
    Body,
    Role,
    /// A role, or one that the case gives, such as `handler`.
    RoleOrHandler,
    /// A role, or a body outside.
    RoleOrBody,
    /// Whoever may be told.
    Recipient,
    /// By what cases are counted.
    Axis,
    /// A form, a step or another fact without brackets.
    Held,
    /// What of a case the public may be shown.
    Shown,
    /// What a periodic report holds.
    Source,
    Step,
    Clock,
    Breach,
    Template,
    Form,
    Channel,
    Field,
    /// How a machine reaches somebody.
    SendWay,
    /// How a person does.
    TaskWay,
    /// A command, or one of the regime's own steps.
    Command,
    Fact,
    Ground,
    Stage,
    Order,
    Team,
    Tier,
    Ledger,
    Relation,
    Outcome,
    Ruling,
    Manner,
}

impl Set {
    fn noun(self) -> Noun {
        match self {
            Self::Kind => ("事项类型", "kind"),
            Self::Severity => ("等级", "severity"),
            Self::Validity => ("有效性", "validity"),
            Self::Finding => ("认定结果", "finding"),
            Self::Satisfaction => ("满意度", "satisfaction"),
            Self::Measure => ("措施", "measure"),
            Self::Body => ("外部单位", "body"),
            Self::Role | Self::RoleOrHandler => ("角色", "role"),
            Self::RoleOrBody => ("角色或外部单位", "role or body"),
            Self::Recipient => ("通知对象", "recipient"),
            Self::Axis => ("统计项", "way of counting"),
            Self::Held => ("表单、步骤或事实", "form, step or fact"),
            Self::Shown => ("公示内容", "thing to show"),
            Self::Source => ("报告内容", "part of a report"),
            Self::Step => ("步骤", "step"),
            Self::Clock => ("时限", "clock"),
            Self::Breach => ("失职情形", "breach"),
            Self::Template => ("模板", "template"),
            Self::Form => ("表单", "form"),
            Self::Channel => ("渠道", "channel"),
            Self::Field => ("表单字段", "form field"),
            Self::SendWay | Self::TaskWay => ("告知方式", "way"),
            Self::Command => ("操作", "command or step"),
            Self::Fact => ("事实", "fact"),
            Self::Ground => ("情形", "ground"),
            Self::Stage => ("环节", "stage"),
            Self::Order => ("指令", "order"),
            Self::Team => ("工作组", "team"),
            Self::Tier => ("申诉层级", "tier of appeal"),
            Self::Ledger => ("台账", "ledger"),
            Self::Relation => ("关联关系", "relation"),
            Self::Outcome => ("结案方式", "outcome"),
            Self::Ruling => ("裁定", "ruling"),
            Self::Manner => ("告知形式", "form of telling"),
        }
    }
}

/// What a fact of the house may name in its brackets.
const ARGUMENTS: &[(&str, Set)] = &[
    (BREACH_FACT, Set::Breach),
    ("case-declined", Set::Ground),
    ("case-referred", Set::Ground),
    ("report-back-received", Set::Ground),
    ("case-graded", Set::Severity),
    ("validity-judged", Set::Validity),
    ("measures-ordered", Set::Measure),
    ("measure-done", Set::Measure),
    ("measure-checked", Set::Measure),
    ("case-resolved", Set::Finding),
    ("decision-proposed", Set::Finding),
    ("complainant-told", Set::Manner),
    ("case-called-back", Set::Satisfaction),
    ("case-rated", Set::Satisfaction),
    ("case-closed", Set::Outcome),
    ("case-opened", Set::Kind),
    ("case-linked", Set::Relation),
    ("case-reopened", Set::Stage),
    ("ordered", Set::Order),
    ("order-answered", Set::Order),
    ("team-formed", Set::Team),
    ("dispatch-ruled", Set::Ruling),
    ("approval-asked", Set::Command),
    ("approval-given", Set::Command),
    ("approval-refused", Set::Command),
    ("appeal-lodged", Set::Tier),
    ("appeal-decided", Set::Tier),
    ("notice-sent", Set::Template),
    ("notice-failed", Set::Template),
    ("notice-unknown", Set::Template),
    ("task-opened", Set::Fact),
    ("task-done", Set::Fact),
    ("ledger-entered", Set::Ledger),
];

/// The commands that may be permitted or guarded for one object alone, as in `order(supervision)`.
const OBJECTS: &[(&str, Set)] =
    &[("order", Set::Order), ("measure", Set::Measure), ("set-date", Set::Clock), ("enter", Set::Ledger)];

/// Whom a notice may name beside roles and bodies.
const RECIPIENTS: &[&str] = &[
    vocabulary::COMPLAINANT,
    vocabulary::RESPONDENT,
    vocabulary::HANDLER,
    vocabulary::FIRST_CONTACT,
    vocabulary::TEAM,
    vocabulary::UNIT_HEAD,
];

/// The names that a pack gives to its own things, section by section.
#[derive(Default)]
pub(crate) struct Own {
    pub(crate) clocks: Vec<String>,
    pub(crate) breaches: Vec<String>,
    pub(crate) templates: Vec<String>,
    /// Steps, each with its outcomes.
    pub(crate) steps: BTreeMap<String, Vec<String>>,
    pub(crate) grounds: Vec<String>,
    pub(crate) stages: Vec<String>,
    pub(crate) orders: Vec<String>,
    pub(crate) teams: Vec<String>,
    pub(crate) tiers: Vec<String>,
    pub(crate) ledgers: Vec<String>,
    pub(crate) surveys: Vec<String>,
}

/// The names that are known.
pub(crate) struct Names {
    sets: BTreeMap<Set, Vec<String>>,
    outcomes: BTreeMap<String, Vec<String>>,
}

impl Names {
    /// The names of a vocabulary, with those of its other sections.
    pub(crate) fn new(words: &Words, own: Own) -> Self {
        let ids = |list: &[crate::Word]| list.iter().map(|word| word.id.clone()).collect::<Vec<_>>();
        let house = |list: &[vocabulary::Term]| list.iter().map(|term| term.id.to_owned()).collect::<Vec<_>>();
        let few = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let steps: Vec<String> = own.steps.keys().cloned().collect();
        let forms: Vec<String> = words.forms.iter().map(|form| form.word.id.clone()).collect();
        let word_facts = words.facts.iter().filter(|fact| fact.kind == crate::QuestionKind::Word);
        let word_facts: Vec<String> = word_facts.map(|fact| fact.name.clone()).collect();
        let sets = BTreeMap::from([
            (Set::Kind, ids(&words.kinds)),
            (Set::Severity, ids(&words.severities)),
            (Set::Validity, ids(&words.validity)),
            (Set::Finding, ids(&words.findings)),
            (Set::Satisfaction, ids(&words.satisfaction)),
            (Set::Measure, words.measures.iter().map(|measure| measure.word.id.clone()).collect()),
            (Set::Body, ids(&words.bodies)),
            (Set::Role, ids(&words.roles)),
            (Set::RoleOrHandler, [ids(&words.roles), few(CASE_ROLES)].concat()),
            (Set::RoleOrBody, [ids(&words.roles), ids(&words.bodies)].concat()),
            (Set::Recipient, [ids(&words.roles), few(RECIPIENTS), ids(&words.bodies)].concat()),
            (Set::Axis, [few(vocabulary::AXES), word_facts].concat()),
            (Set::Held, [forms.clone(), house(FACTS), steps.clone()].concat()),
            (Set::Shown, house(vocabulary::SHOWN)),
            (Set::Source, [few(&["statistics"]), own.ledgers.clone(), own.surveys].concat()),
            (Set::Step, steps.clone()),
            (Set::Clock, own.clocks),
            (Set::Breach, own.breaches),
            (Set::Template, [own.templates, house(vocabulary::TEMPLATES)].concat()),
            (Set::Form, forms),
            (Set::Channel, house(vocabulary::CHANNELS)),
            (Set::Field, house(vocabulary::FIELDS)),
            (Set::SendWay, few(&["email"])),
            (Set::TaskWay, few(&["call", "visit"])),
            (Set::Command, [house(COMMANDS), steps.clone()].concat()),
            (Set::Fact, [house(FACTS), steps].concat()),
            (Set::Ground, own.grounds),
            (Set::Stage, own.stages),
            (Set::Order, own.orders),
            (Set::Team, own.teams),
            (Set::Tier, own.tiers),
            (Set::Ledger, own.ledgers),
            (Set::Relation, few(vocabulary::RELATIONS)),
            (Set::Outcome, few(vocabulary::OUTCOMES)),
            (Set::Ruling, few(&["upheld", "redirected"])),
            (Set::Manner, few(&["written", "oral"])),
        ]);
        Self { sets, outcomes: own.steps }
    }

    /// All names of a kind.
    pub(crate) fn of(&self, set: Set) -> &[String] {
        self.sets.get(&set).map_or(&[], Vec::as_slice)
    }

    /// What a fact may name in its brackets; none for a fact that takes none.
    fn arguments(&self, word: &str) -> Option<(Noun, &[String])> {
        if let Some(outcomes) = self.outcomes.get(word) {
            return (!outcomes.is_empty()).then_some((("结果", "outcome"), outcomes.as_slice()));
        }
        let set = match ARGUMENTS.iter().find(|(fact, _)| *fact == word) {
            Some((_, set)) => *set,
            None if CLOCK_FACTS.contains(&word) => Set::Clock,
            None => return None,
        };
        Some((set.noun(), self.of(set)))
    }

    /// Every fact that may be named, bare and with each argument.
    pub(crate) fn facts(&self) -> Vec<String> {
        let with = |word: &String| {
            let arguments = self.arguments(word).map_or(&[][..], |(_, arguments)| arguments);
            let named = arguments.iter().map(|argument| format!("{word}({argument})")).collect::<Vec<_>>();
            std::iter::once(word.clone()).chain(named).collect::<Vec<_>>()
        };
        self.of(Set::Fact).iter().flat_map(with).collect()
    }

    /// The name that stands in `node`, if it is known; a mistake is noted.
    pub(crate) fn one(&self, rule: &Rule<'_>, set: Set, node: &Node) -> Option<String> {
        let Some(name) = node.text().map(str::trim) else {
            let (zh, en) = set.noun();
            rule.fail(node.line, format!("此处应是{zh}的名称"), format!("the name of a {en} belongs here"));
            return None;
        };
        self.known(rule, set, node.line, name).then(|| name.to_owned())
    }

    /// The names that stand in `node`, one or a list of them.
    pub(crate) fn many(&self, rule: &Rule<'_>, set: Set, node: &Node) -> Vec<String> {
        node.members().iter().filter_map(|member| self.one(rule, set, member)).collect()
    }

    /// The commands or steps that stand in `node`; some may name their one object, as in `order(supervision)`.
    pub(crate) fn acts(&self, rule: &Rule<'_>, node: &Node) -> Vec<String> {
        node.members().iter().filter_map(|member| self.act(rule, member)).collect()
    }

    /// One command or step, as [`Self::acts`] reads it.
    pub(crate) fn act(&self, rule: &Rule<'_>, node: &Node) -> Option<String> {
        let Some((word, object)) = node.text().and_then(|text| text.trim().strip_suffix(')')?.split_once('(')) else {
            return self.one(rule, Set::Command, node);
        };
        if !self.known(rule, Set::Command, node.line, word) {
            return None;
        }
        let Some((_, set)) = OBJECTS.iter().find(|(command, _)| *command == word) else {
            rule.fail(node.line, format!("“{word}”后面不能带括号"), format!("`{word}` takes no brackets"));
            return None;
        };
        self.known(rule, *set, node.line, object).then(|| format!("{word}({object})"))
    }

    /// The fact that stands in `node`, if it can happen.
    pub(crate) fn fact<'a>(&self, rule: &Rule<'a>, node: &'a Node) -> Option<FactRef> {
        let fact = rule.fact(node)?;
        if !self.known(rule, Set::Fact, node.line, &fact.word) {
            return None;
        }
        let Some(arg) = &fact.arg else { return Some(fact) };
        let word = fact.word.as_str();
        let Some((noun, arguments)) = self.arguments(word) else {
            rule.fail(node.line, format!("“{word}”后面不能带括号"), format!("`{word}` takes no brackets"));
            return None;
        };
        if !arguments.contains(arg) {
            rule.unknown(node.line, noun, arg, arguments.iter().map(String::as_str));
            return None;
        }
        Some(fact)
    }

    /// The facts that stand in `node`, one or a list of them.
    pub(crate) fn facts_in<'a>(&self, rule: &Rule<'a>, node: &'a Node) -> Vec<FactRef> {
        node.members().iter().filter_map(|member| self.fact(rule, member)).collect()
    }

    fn known(&self, rule: &Rule<'_>, set: Set, line: Line, name: &str) -> bool {
        let is_known = self.of(set).iter().any(|known| known == name);
        if !is_known {
            rule.unknown(line, set.noun(), name, self.of(set).iter().map(String::as_str));
        }
        is_known
    }
}
