//! What a step expects.

use super::{
    super::{
        command,
        script::{ClockWanted, DutyWanted, Expect, Happened, NoticeWanted, SurveyWanted},
        seen,
    },
    Desk, when,
};
use regime::{
    FactRef,
    node::{Data, Node},
    vocabulary::{CASE_ROLES, FACTS, TEMPLATES},
};

const OWN: &[&str] = &[
    "facts",
    "no-facts",
    "clocks",
    "notices",
    "no-notices",
    "sees",
    "blind",
    "may",
    "may-not",
    "guidance",
    "stage",
    "course",
    "orders",
    "linked",
    "ledgers",
    "dossier-lacks",
    "duties",
    "surveys",
];
const CLOCK: &[&str] = &["state", "run", "started", "due", "stopped", "advisory", "cite"];
const STATES: &[&str] = &["running", "paused", "missed", "stopped", "none"];
const DUTY: &[&str] = &["duty", "unit", "period", "state"];
const SURVEY: &[&str] = &["state", "answered", "counts"];
const NOTICE: &[&str] = &["template", "task", "to", "by", "state"];

impl Desk<'_> {
    pub(super) fn expect(&self, node: &Node) -> Option<Expect> {
        let reader = self.reader;
        let fields = seen::fields();
        let keys: Vec<&str> = OWN.iter().copied().chain(fields.iter().map(String::as_str)).collect();
        let map = reader.map(node, ("expect", "an expectation"), &keys);
        if map.entries.is_empty() {
            reader.fail(node.line.number, "expect 什么也没写", "nothing is expected");
        }
        let stages = self.names(|regime| regime.course.iter().map(|stage| stage.id.clone()).collect());
        let orders = self.orders();
        let list = |name: &str| map.get(name).map_or(&[][..], Node::members);
        let people = |name: &str| list(name).iter().filter_map(|node| self.looker(node)).collect();
        let allowed = |name: &str| {
            let entries = map.get(name).map_or(&[][..], |node| reader.entries(node, ("人员", "people")));
            let one = |(key, node): &(regime::node::Key, Node)| {
                let who = self.who(&Node { line: key.line, data: Data::Text(key.name.clone()) })?;
                let known = self.commands();
                let what = node
                    .members()
                    .iter()
                    .filter_map(|node| reader.one_of(node, ("操作", "command"), known.iter().map(String::as_str)));
                Some((who, what.collect()))
            };
            entries.iter().filter_map(one).collect()
        };
        Some(Expect {
            line: node.line.number,
            lines: map.entries.iter().map(|(key, _)| (key.name.clone(), key.line.number)).collect(),
            facts: list("facts").iter().filter_map(|node| self.happened(node)).collect(),
            no_facts: list("no-facts").iter().filter_map(|node| self.fact(node)).collect(),
            clocks: map.get("clocks").map(|node| self.clocks_wanted(node)).unwrap_or_default(),
            notices: list("notices").iter().filter_map(|node| self.notice(node)).collect(),
            no_notices: list("no-notices").iter().filter_map(|node| self.notice(node)).collect(),
            sees: people("sees"),
            blind: people("blind"),
            may: allowed("may"),
            may_not: allowed("may-not"),
            guidance: map.get("guidance").map(|node| reader.words(node)).unwrap_or_default(),
            stage: map.text("stage"),
            course: map
                .get("course")
                .and_then(|node| reader.one_of(node, ("环节", "stage"), stages.iter().map(String::as_str))),
            orders: map
                .get("orders")
                .map(|node| self.pairs(node, &orders, &["open", "answered", "none"]))
                .unwrap_or_default(),
            linked: map.get("linked").map(|node| reader.words(node)),
            ledgers: map.get("ledgers").map(|node| self.counts(node)).unwrap_or_default(),
            duties: list("duties").iter().filter_map(|node| self.duty(node)).collect(),
            surveys: map.get("surveys").map(|node| self.surveys_wanted(node)).unwrap_or_default(),
            dossier_lacks: map.get("dossier-lacks").map(|node| reader.words(node)),
            fields: fields
                .iter()
                .filter_map(|name| Some((name.clone(), map.get(name)?)))
                .map(|(name, node)| (name, self.field(node)))
                .collect(),
        })
    }

    /// Ledgers, each with how many rows the case has in it.
    fn counts(&self, node: &Node) -> Vec<(String, usize)> {
        let known = self.ledgers();
        let mut counts = Vec::new();
        for (key, node) in self.reader.entries(node, ("台账", "ledgers")) {
            if !known.contains(&key.name) {
                self.reader.unknown(key.line.number, ("台账", "ledger"), &key.name, known.iter().map(String::as_str));
                continue;
            }
            let count = self.reader.parsed(node, ("数", "a number"), |text| text.parse().ok());
            counts.extend(count.map(|count| (key.name.clone(), count)));
        }
        counts
    }

    /// Names, each with a word of its own.
    fn pairs(&self, node: &Node, known: &[String], words: &[&str]) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (key, node) in self.reader.entries(node, ("名称", "names")) {
            if !known.contains(&key.name) {
                self.reader.unknown(
                    key.line.number,
                    ("名称", "name"),
                    &key.name,
                    known.iter().map(|name| name.as_str()),
                );
                continue;
            }
            let word = self.reader.one_of(node, ("状态", "state"), words.iter().copied());
            pairs.extend(word.map(|word| (key.name.clone(), word)));
        }
        pairs
    }

    /// The value of a field of the case: a word, or a list of them.
    fn field(&self, node: &Node) -> Vec<String> {
        match node.text() {
            Some("none") => Vec::new(),
            _ => self.reader.words(node),
        }
    }

    fn happened(&self, node: &Node) -> Option<Happened> {
        if node.text().is_some() {
            let fact = self.fact(node)?;
            return Some(Happened { line: node.line.number, fact, at: None, by: None, details: Vec::new() });
        }
        let entries = self.reader.entries(node, ("事实", "a fact"));
        let map = super::super::reader::Map::of(self.reader, node, ("事实", "a fact"), entries);
        let fact = map.need("fact").and_then(|node| self.fact(node));
        let at = map.get("at").and_then(|node| when::instant(self.reader, node, self.zone));
        let by = map.get("by").and_then(|node| self.actor(node));
        let own = ["fact", "at", "by"];
        let details = entries.iter().filter(|(key, _)| !own.contains(&key.name.as_str()));
        let details = details.filter_map(|(key, node)| {
            let text = self.reader.scalar(node)?;
            // An instant is one however it is written.
            let at = when::parse(text, self.zone).map(|at| at.to_rfc3339());
            Some((key.name.clone(), at.unwrap_or_else(|| text.to_owned())))
        });
        Some(Happened { line: node.line.number, details: details.collect(), fact: fact?, at, by })
    }

    /// Whoever made a fact happen: somebody, or a service by itself.
    fn actor(&self, node: &Node) -> Option<String> {
        match node.text() {
            Some(name) if crate::services::NAMES.contains(&name) => Some(name.to_owned()),
            _ => self.who(node),
        }
    }

    /// A fact by the name that packs use, perhaps with what it happened to in brackets.
    fn fact(&self, node: &Node) -> Option<FactRef> {
        let fact: FactRef = self.reader.parsed(node, ("事实的写法", "a fact"), |text| text.parse().ok())?;
        let steps = self.names(|regime| regime.steps.iter().map(|step| step.id.clone()).collect());
        let known: Vec<&str> = FACTS.iter().map(|term| term.id).chain(steps.iter().map(String::as_str)).collect();
        if !known.contains(&fact.word.as_str()) {
            self.reader.unknown(node.line.number, ("事实", "fact"), &fact.word, known.into_iter());
            return None;
        }
        let facts = self.names(|regime| regime.facts.iter().cloned().collect());
        if let Some(arg) = &fact.arg
            && !facts.contains(&fact.to_string())
        {
            let of_word = |name: &'_ String| {
                name.strip_prefix(&fact.word)?.strip_prefix('(')?.strip_suffix(')').map(str::to_owned)
            };
            let known: Vec<String> = facts.iter().filter_map(of_word).collect();
            let noun = ("事实的对象", "object of the fact");
            self.reader.unknown(node.line.number, noun, arg, known.iter().map(String::as_str));
            return None;
        }
        Some(fact)
    }

    fn clocks_wanted(&self, node: &Node) -> Vec<(String, ClockWanted)> {
        let known = self.clocks();
        let mut wanted = Vec::new();
        for (key, node) in self.reader.entries(node, ("时限", "clocks")) {
            if !known.contains(&key.name) {
                self.reader.unknown(
                    key.line.number,
                    ("时限", "clock"),
                    &key.name,
                    known.iter().map(|name| name.as_str()),
                );
                continue;
            }
            wanted.push((key.name.clone(), self.clock(node)));
        }
        wanted
    }

    /// A state alone, or what is known of it.
    fn clock(&self, node: &Node) -> ClockWanted {
        let state = |node: &Node| self.reader.one_of(node, ("状态", "state"), STATES.iter().copied());
        if node.text().is_some() {
            return ClockWanted { line: node.line.number, state: state(node), ..ClockWanted::default() };
        }
        let map = self.reader.map(node, ("时限", "a clock"), CLOCK);
        let at = |name: &str| map.get(name).and_then(|node| when::instant(self.reader, node, self.zone));
        ClockWanted {
            line: node.line.number,
            state: map.get("state").and_then(state),
            run: map
                .get("run")
                .and_then(|node| self.reader.parsed(node, ("数", "a number"), |text| text.parse().ok())),
            started: at("started"),
            due: at("due"),
            stopped: at("stopped"),
            is_advisory: map.get("advisory").and_then(|node| self.reader.flag(node)),
            cite: map.text("cite"),
        }
    }

    /// A recurring duty, where and of which period, and how it stands.
    fn duty(&self, node: &Node) -> Option<DutyWanted> {
        let map = self.reader.map(node, ("定期任务", "a duty"), DUTY);
        let known = self.duties();
        let known = known.iter().map(String::as_str);
        let duty = map.need("duty").and_then(|node| self.reader.one_of(node, ("定期任务", "duty"), known));
        let units = self.units();
        let unit = map
            .get("unit")
            .and_then(|node| self.reader.one_of(node, ("单位", "unit"), units.iter().map(String::as_str)));
        let period = map.get("period").and_then(|node| when::day(self.reader, node)).map(|day| day.to_string());
        let states = ["open", "overdue", "done"].into_iter();
        let state = map.need("state").and_then(|node| self.reader.one_of(node, ("状态", "state"), states));
        Some(DutyWanted { line: node.line.number, duty: duty?, unit, period, state: state? })
    }

    /// Surveys by their names, each with its state alone or with what was counted.
    fn surveys_wanted(&self, node: &Node) -> Vec<SurveyWanted> {
        let (reader, regimes) = (self.reader, self.regimes.borrow());
        let state = |node: &Node| reader.one_of(node, ("状态", "state"), ["open", "closed", "none"].into_iter());
        let number = |node: &Node| reader.parsed(node, ("数", "a number"), |text| text.parse().ok());
        let mut wanted = Vec::new();
        for (key, node) in reader.entries(node, ("调查", "surveys")) {
            let Some(survey) = regimes.iter().rev().find_map(|regime| regime.survey(&key.name)) else {
                let known = self.surveys();
                reader.unknown(key.line.number, ("调查", "survey"), &key.name, known.iter().map(String::as_str));
                continue;
            };
            let mut one = SurveyWanted { line: node.line.number, survey: key.name.clone(), ..SurveyWanted::default() };
            if node.text().is_some() {
                one.state = state(node).unwrap_or_default();
                wanted.push(one);
                continue;
            }
            let map = reader.map(node, ("调查", "a survey"), SURVEY);
            one.state = map.need("state").and_then(state).unwrap_or_default();
            one.answered = map.get("answered").and_then(number);
            for (question, node) in
                map.get("counts").map_or(&[][..], |node| reader.entries(node, ("题目", "questions")))
            {
                let choices = survey.question(&question.name).map(|question| question.choices()).unwrap_or_default();
                if choices.is_empty() {
                    let known = survey.questions.iter().filter(|question| !question.choices().is_empty());
                    let known = known.map(|question| question.id.as_str());
                    reader.unknown(
                        question.line.number,
                        ("可计数的题目", "question that is counted"),
                        &question.name,
                        known,
                    );
                    continue;
                }
                for (answer, node) in reader.entries(node, ("选项", "answers")) {
                    if !choices.iter().any(|(id, _)| *id == answer.name) {
                        let known = choices.iter().map(|(id, _)| id.as_str());
                        reader.unknown(answer.line.number, ("选项", "answer"), &answer.name, known);
                    }
                    one.counts.extend(number(node).map(|count| (question.name.clone(), answer.name.clone(), count)));
                }
            }
            wanted.push(one);
        }
        wanted
    }

    /// A template alone, or who is told what and how.
    fn notice(&self, node: &Node) -> Option<NoticeWanted> {
        let sent = || "sent".to_owned();
        let template = |node: &Node| {
            let own = self.names(|regime| regime.templates.keys().cloned().collect());
            let own = own.iter().map(String::as_str);
            let known: Vec<&str> = own.chain(TEMPLATES.iter().map(|one| one.id)).chain(["deadline-near"]).collect();
            self.reader.one_of(node, ("模板", "template"), known.into_iter())
        };
        if node.text().is_some() {
            let template = Some(template(node)?);
            return Some(NoticeWanted { line: node.line.number, template, state: sent(), ..NoticeWanted::default() });
        }
        let map = self.reader.map(node, ("通知", "a notice"), NOTICE);
        let known =
            self.names(|regime| regime.words.roles.iter().chain(&regime.words.bodies).map(|w| w.id.clone()).collect());
        let others = [command::COMPLAINANT, "respondent", "unit-head"];
        let to: Vec<&str> = known.iter().map(String::as_str).chain(CASE_ROLES.iter().copied()).chain(others).collect();
        let states = ["sent", "failed", "unknown"];
        let state = map.get("state").and_then(|node| self.reader.one_of(node, ("结果", "outcome"), states.into_iter()));
        Some(NoticeWanted {
            line: node.line.number,
            template: map.get("template").and_then(template),
            task: map.text("task"),
            to: map.get("to").and_then(|node| self.reader.one_of(node, ("对象", "recipient"), to.iter().copied())),
            by: map.get("by").map(|node| self.reader.words(node)).unwrap_or_default(),
            state: state.unwrap_or_else(sent),
        })
    }
}
