//! Whether a pack makes sense as a whole. It is asked only of a pack in which every rule reads, so that no finding here
//! is the echo of a mistake elsewhere; and only what is certain is said.

mod circle;
mod order;
mod sealed;
mod unused;

use crate::condition::Variables;
use crate::node::{Line, Node};
use crate::reader::Reader;
use crate::{Clock, Effect, FactRef, Grade, Gravity, Recipient, Regime, Telling, vocabulary};
use std::collections::BTreeSet;

/// A pack as it is inspected.
struct Whole<'a> {
    reader: &'a Reader,
    root: &'a Node,
    regime: &'a Regime,
    variables: &'a Variables,
}

/// Notes everything that is wrong with a pack as a whole, and everything that is odd. `held` are the roles that somebody
/// holds.
pub(crate) fn inspect(
    reader: &Reader,
    root: &Node,
    regime: &Regime,
    variables: &Variables,
    held: Option<&BTreeSet<String>>,
) {
    let whole = Whole { reader, root, regime, variables };
    whole.steps();
    whole.clocks();
    whole.overruns();
    whole.sealed();
    if let Some(held) = held {
        whole.roles(held);
    }
    whole.order();
    whole.circles();
    if !reader.has(Gravity::Error) {
        whole.unused();
    }
}

/// Facts that nobody brings about but who may give one of these commands.
const MADE_BY: &[(&str, &[&str])] = &[
    ("case-accepted", &["triage", "accept"]),
    ("case-declined", &["decline"]),
    ("case-classified", &["triage"]),
    ("validity-judged", &["judge-validity", "triage"]),
    ("containment-recorded", &["contain", "triage"]),
    ("case-signed", &["sign"]),
    ("case-returned", &["return"]),
    ("measures-ordered", &["measure", "decide", "resolve"]),
    ("decision-proposed", &["decide"]),
    ("decision-approved", &["approve-decision"]),
    ("decision-refused", &["approve-decision"]),
    ("complainant-answered", &["answer"]),
    ("case-resolved", &["resolve"]),
    ("extension-asked", &["ask-overrun", "ask-extension"]),
    ("suspension-asked", &["ask-suspension"]),
    ("date-set", &["set-date"]),
    ("handler-named", &["delegate"]),
    ("dispatch-ruled", &["rule-dispatch"]),
    ("team-formed", &["form-team"]),
    ("order-answered", &["answer-order"]),
];

impl Whole<'_> {
    /// The value at a path of keys; as much of it as there is.
    fn at(&self, path: &[&str]) -> &Node {
        let mut node = self.root;
        for name in path {
            node = node.get(name).unwrap_or(node);
        }
        node
    }

    fn line(&self, path: &[&str]) -> Line {
        self.at(path).line
    }

    /// Neither at all nor for one object, as in `set-date(promised)`.
    fn nobody_may(&self, command: &str) -> bool {
        let is_of = |may: &str| may.split('(').next() == Some(command);
        !self.regime.who.iter().any(|(may, roles)| is_of(may) && !roles.is_empty())
    }

    /// The commands of which somebody would have to be allowed one, if the fact can never happen.
    fn impossible(&self, fact: &FactRef) -> Option<Vec<String>> {
        let word = fact.word.as_str();
        if self.regime.step_title(word).is_some() {
            return (self.nobody_may(word) && !self.happens(word)).then(|| vec![word.to_owned()]);
        }
        if self.tells(word) {
            return None;
        }
        let (_, commands) = MADE_BY.iter().find(|(fact, _)| *fact == word)?;
        let is_possible = commands.iter().any(|command| !self.nobody_may(command));
        (!is_possible).then(|| commands.iter().map(|command| (*command).to_owned()).collect())
    }

    /// Whether a step comes about without a person: by a rule, or with something that is sent.
    fn happens(&self, step: &str) -> bool {
        let misses = self.regime.clocks.iter().flat_map(|clock| &clock.missed).flat_map(|miss| &miss.effects);
        let breaches = self.regime.breaches.iter().flat_map(|breach| &breach.effects);
        let rules = self.regime.effects.iter().map(|rule| &rule.effect);
        misses.chain(breaches).chain(rules).any(|effect| matches!(effect, Effect::Do(fact) if fact.word == step))
            || self.tells(step)
    }

    /// Whether somebody is told, and the fact has then happened.
    fn tells(&self, word: &str) -> bool {
        self.regime.notices.iter().any(|notice| match &notice.telling {
            Telling::Task { done, .. } => done.word == word,
            Telling::Send(sending) => sending.done.as_ref().is_some_and(|done| done.word == word),
        })
    }

    fn steps(&self) {
        for step in self.regime.steps.iter().filter(|step| self.nobody_may(&step.id) && !self.happens(&step.id)) {
            let (id, line) = (&step.id, self.line(&["steps", &step.id]));
            self.reader.fail(
                line,
                &step.cite,
                format!("步骤“{id}”在 who 中没有任何人可以办理"),
                format!("nobody may do the step `{id}`: no rule of `who` names it"),
            );
        }
    }

    fn clocks(&self) {
        // What the text gives no length runs in no case.
        for clock in self.regime.clocks.iter().filter(|clock| !clock.is_absent()) {
            // A step is its own mistake, told where it stands.
            let is_step = |fact: &FactRef| self.regime.step_title(&fact.word).is_some();
            let starts: Vec<&FactRef> = clock.from.iter().chain(&clock.or_after).collect();
            for (field, facts) in [("from", starts), ("until", clock.until.iter().collect())] {
                // One that can happen, or that is a mistake of its own, is enough.
                if facts.iter().any(|fact| is_step(fact) || self.impossible(fact).is_none()) {
                    continue;
                }
                let commands: Vec<String> = facts.iter().filter_map(|fact| self.impossible(fact)).flatten().collect();
                let fact = facts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let (name, commands) = (&clock.name, commands.join(", "));
                let (zh, en) = if field == "from" { ("开始", "starts") } else { ("停止", "stops") };
                self.reader.fail(
                    self.line(&["clocks", name, field]),
                    &clock.cite,
                    format!("时限“{name}”永远不会{zh}:“{fact}”须有人可以办理 {commands}"),
                    format!(
                        "nothing {en} the clock `{name}`: for `{fact}` somebody would have to be allowed {commands}"
                    ),
                );
            }
        }
    }

    /// More time may be asked for, and nobody can grant it, or nobody can ask.
    fn overruns(&self) {
        let may = |clock: &&Clock| !clock.is_absent() && clock.overrun.as_ref().is_some_and(|one| one.on_approval);
        for clock in self.regime.clocks.iter().filter(may) {
            let of = [String::from("overrun"), format!("overrun({})", clock.name)];
            let approves = self.regime.approvals.iter().any(|approval| of.contains(&approval.of));
            let (name, line) = (&clock.name, self.line(&["clocks", &clock.name, "overrun"]));
            let cite = clock.overrun.as_ref().map_or("", |overrun| overrun.cite.as_str());
            if !approves {
                let zh = format!("时限“{name}”可经批准延长，但没有“of: overrun”的审批规则");
                let en = format!("the clock `{name}` may be overrun on approval, and no approval is `of: overrun`");
                self.reader.note(Gravity::Warning, line, cite, zh, en);
            } else if self.nobody_may("ask-overrun") {
                let zh = format!("时限“{name}”可经批准延长，但没有人可以申请(ask-overrun)");
                let en =
                    format!("the clock `{name}` may be overrun on approval, and nobody may ask for it (ask-overrun)");
                self.reader.note(Gravity::Warning, line, cite, zh, en);
            }
        }
    }

    /// Whoever has to be told or has to act must be somebody.
    fn roles(&self, held: &BTreeSet<String>) {
        let list = |section: &str| self.at(&[section]).members();
        let is_of_case = |role: &str| vocabulary::CASE_ROLES.contains(&role);
        let mut asked: Vec<(&str, Line, &str)> = Vec::new();
        for (notice, node) in self.regime.notices.iter().zip(list("notices")) {
            match &notice.telling {
                Telling::Send(sending) => {
                    let told = sending.to.iter().filter(|to| matches!(to, Recipient::Role(_))).map(Recipient::name);
                    let roles = told.chain(sending.role.as_deref().filter(|role| !is_of_case(role)));
                    asked.extend(roles.map(|role| (role, node.line, notice.cite.as_str())));
                }
                Telling::Task { role, .. } if is_of_case(role) => {}
                Telling::Task { role, .. } => asked.push((role, node.line, &notice.cite)),
            }
        }
        for clock in &self.regime.clocks {
            let line = self.line(&["clocks", &clock.name, "remind"]);
            let told = clock.remind.iter().flat_map(|reminder| &reminder.tell);
            // The case gives the others: whoever handles it, its parties.
            let is_role = |role: &str| self.regime.words.roles.iter().any(|word| word.id == role);
            asked.extend(told.filter(|role| is_role(role)).map(|role| (role.as_str(), line, &*clock.cite)));
        }
        for clock in &self.regime.clocks {
            let line = |field| self.line(&["clocks", &clock.name, field]);
            let tiers =
                clock.extend.iter().filter_map(|tier| Some((tier.approve.as_deref()?, line("extend"), &*tier.cite)));
            let suspend =
                clock.suspend.iter().filter_map(|one| Some((one.approve.as_deref()?, line("suspend"), &*one.cite)));
            asked.extend(tiers.chain(suspend));
        }
        let rows = self.regime.ladder.iter().zip(list("ladder"));
        asked.extend(
            rows.flat_map(|(rung, node)| rung.roles.iter().map(|role| (role.as_str(), node.line, rung.cite.as_str()))),
        );
        let rows = self.regime.approvals.iter().zip(list("approvals"));
        asked.extend(rows.flat_map(|(approval, node)| {
            approval.by.iter().map(|by| (by.as_str(), node.line, approval.cite.as_str()))
        }));
        for (role, line, cite) in asked.into_iter().filter(|(role, ..)| !held.contains(*role)) {
            let title = self.regime.role_title(role);
            self.reader.fail(
                line,
                cite,
                format!("没有人担任“{role}”({})", title.zh),
                format!("nobody holds the role `{role}` ({})", title.en),
            );
        }
    }

    /// Severities that something can give: a rule, or a person who grades.
    fn gradable(&self) -> Option<BTreeSet<&str>> {
        let by_hand = ["triage", "regrade"].iter().any(|command| !self.nobody_may(command));
        let given = self.regime.grading.iter().filter(|rule| !matches!(rule.rule, Grade::On(..)) || rule.is_automatic);
        (!by_hand).then(|| given.map(|rule| rule.then.as_str()).collect())
    }
}

#[cfg(test)]
mod tests;
