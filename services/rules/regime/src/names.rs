//! Every name that a rule may mention, by kind: those of the pack and those of the house.

use crate::node::Node;
use crate::reader::{Noun, Rule};
use crate::vocabulary::{self, BREACH_FACT, CLOCK_FACTS, COMMANDS, FACTS, HANDLER};
use crate::{FactRef, Words};
use std::collections::BTreeMap;

/// A kind of name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Set {
    Severity,
    Role,
    /// A role, or `handler`.
    RoleOrHandler,
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
    Approval,
    Fact,
}

impl Set {
    fn noun(self) -> Noun {
        match self {
            Self::Severity => ("等级", "severity"),
            Self::Role | Self::RoleOrHandler => ("角色", "role"),
            Self::Step => ("步骤", "step"),
            Self::Clock => ("时限", "clock"),
            Self::Breach => ("失职情形", "breach"),
            Self::Template => ("模板", "template"),
            Self::Form => ("表单", "form"),
            Self::Channel => ("渠道", "channel"),
            Self::Field => ("表单字段", "form field"),
            Self::SendWay | Self::TaskWay => ("告知方式", "way"),
            Self::Command => ("操作", "command or step"),
            Self::Approval => ("审批事项", "matter of approval"),
            Self::Fact => ("事实", "fact"),
        }
    }
}

/// The names that are known.
pub(crate) struct Names {
    sets: BTreeMap<Set, Vec<String>>,
}

impl Names {
    /// The names of a vocabulary, with those of its clocks, breaches and templates.
    pub(crate) fn new(words: &Words, clocks: Vec<String>, breaches: Vec<String>, templates: Vec<String>) -> Self {
        let ids = |list: &[crate::Word]| list.iter().map(|word| word.id.clone()).collect::<Vec<_>>();
        let house = |list: &[vocabulary::Term]| list.iter().map(|term| term.id.to_owned()).collect::<Vec<_>>();
        let few = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let steps = ids(&words.steps);
        let sets = BTreeMap::from([
            (Set::Severity, ids(&words.severities)),
            (Set::Role, ids(&words.roles)),
            (Set::RoleOrHandler, [ids(&words.roles), few(&[HANDLER])].concat()),
            (Set::Step, steps.clone()),
            (Set::Clock, clocks),
            (Set::Breach, breaches),
            (Set::Template, templates),
            (Set::Form, ids(&words.forms)),
            (Set::Channel, house(vocabulary::CHANNELS)),
            (Set::Field, house(vocabulary::FIELDS)),
            (Set::SendWay, few(&["email"])),
            (Set::TaskWay, few(&["call", "visit"])),
            (Set::Command, [house(COMMANDS), steps.clone()].concat()),
            (Set::Approval, few(vocabulary::APPROVALS)),
            (Set::Fact, [house(FACTS), steps].concat()),
        ]);
        Self { sets }
    }

    fn of(&self, set: Set) -> &[String] {
        self.sets.get(&set).map_or(&[], Vec::as_slice)
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

    /// The fact that stands in `node`, if it can happen.
    pub(crate) fn fact<'a>(&self, rule: &Rule<'a>, node: &'a Node) -> Option<FactRef> {
        let fact = rule.fact(node)?;
        if !self.known(rule, Set::Fact, node.line, &fact.word) {
            return None;
        }
        if let Some(arg) = &fact.arg {
            let set = match fact.word.as_str() {
                BREACH_FACT => Set::Breach,
                word if CLOCK_FACTS.contains(&word) => Set::Clock,
                word => {
                    rule.fail(node.line, format!("“{word}”后面不能带括号"), format!("`{word}` takes no brackets"));
                    return None;
                }
            };
            if !self.known(rule, set, node.line, arg) {
                return None;
            }
        }
        Some(fact)
    }

    fn known(&self, rule: &Rule<'_>, set: Set, line: u32, name: &str) -> bool {
        let is_known = self.of(set).iter().any(|known| known == name);
        if !is_known {
            rule.unknown(line, set.noun(), name, self.of(set).iter().map(String::as_str));
        }
        is_known
    }
}
