//! The steps of a scenario.

use super::{
    super::{
        command,
        reader::Map,
        script::{Act, Do, Publish, Refusal, Step},
    },
    Desk, when,
};
use regime::node::Node;
use std::sync::Arc;

const STEP: &[&str] = &["hand-in", "do", "publish", "as", "with", "case", "refused", "pass", "until", "expect"];
const ACTS: &[&str] = &["hand-in", "do", "publish", "pass", "until"];
const PUBLISH: &[&str] = &["regime", "pack", "parameters", "unit", "from"];
/// How a case is called that a scenario with only one does not name.
const CASE: &str = "case";
/// What is expected of no case.
const CASELESS: [&str; 2] = ["duties", "surveys"];

/// Whether somebody does something in a case, or something is expected of one. Duties and surveys belong to none.
fn needs_case(act: &Act, map: &Map<'_>) -> bool {
    let does = matches!(act, Act::Do(what) if !command::is_caseless(&what.command));
    let expects = map
        .get("expect")
        .is_some_and(|node| node.pairs().iter().any(|(key, _)| !CASELESS.contains(&key.name.as_str())));
    does || expects
}

impl Desk<'_> {
    pub(super) fn steps(&self, node: &Node) -> Vec<Step> {
        let mut cases: Vec<String> = Vec::new();
        let steps = node.members().iter().filter_map(|node| self.step(node, &mut cases));
        steps.collect()
    }

    fn step(&self, node: &Node, cases: &mut Vec<String>) -> Option<Step> {
        let reader = self.reader;
        let map = reader.map(node, ("步骤", "a step"), STEP);
        let acts: Vec<&str> = ACTS.iter().copied().filter(|act| map.get(act).is_some()).collect();
        if let [first, second, ..] = acts.as_slice() {
            reader.fail(
                node.line.number,
                format!("一个步骤只做一件事，这里有“{first}”和“{second}”"),
                format!("a step does one thing; this one has `{first}` and `{second}`"),
            );
        }
        if acts.is_empty() && map.get("expect").is_none() {
            reader.fail(
                node.line.number,
                format!("步骤什么也没做；可写：{}、expect", ACTS.join("、")),
                format!("the step does nothing; it takes one of: {}, expect", ACTS.join(", ")),
            );
        }
        let refused = map.get("refused").map(|node| self.refusal(node));
        let named: Vec<String> = map.get("case").map(|node| reader.words(node)).unwrap_or_default();
        let case = named.first().cloned().unwrap_or_else(|| CASE.to_owned());
        let act = self.act(&map, refused.is_some());
        match &act {
            Some(Act::HandIn(_)) if cases.contains(&case) => reader.fail(
                node.line.number,
                format!("已有一件名为“{case}”的案件；另一件请用 case 命名"),
                format!("there is a case `{case}` already; name the other one with `case`"),
            ),
            Some(Act::HandIn(_)) if refused.is_none() => {
                cases.push(case.clone());
                cases.extend(named.iter().skip(1).cloned());
            }
            Some(act) if !cases.contains(&case) && needs_case(act, &map) => {
                if matches!(act, Act::HandIn(_)) {
                    reader.fail(
                        node.line.number,
                        "不予登记的，没有案件可以期待",
                        "what is refused is no case to expect anything of",
                    );
                } else if cases.is_empty() {
                    reader.fail(
                        node.line.number,
                        "这时还没有案件；先 hand-in",
                        "there is no case yet; hand one in first",
                    );
                } else {
                    reader.unknown(node.line.number, ("案件", "case"), &case, cases.iter().map(String::as_str));
                }
            }
            // What a command makes of a case is named beside it.
            Some(Act::Do(_)) if refused.is_none() => cases.extend(named.iter().skip(1).cloned()),
            Some(Act::Pass(_) | Act::Until(_)) if refused.is_some() => {
                reader.fail(node.line.number, "时间不会被拒绝", "time is not refused");
            }
            _ => {}
        }
        let act = act.map(|act| match act {
            Act::HandIn(mut what) => {
                what.twins = named.iter().skip(1).cloned().collect();
                Act::HandIn(what)
            }
            Act::Do(what) => Act::Do(Do { into: named.get(1).cloned(), ..what }),
            other => other,
        });
        let expect = map.get("expect").and_then(|node| self.expect(node));
        Some(Step { line: node.line.number, case, act: act?, refused, expect })
    }

    fn act(&self, map: &Map<'_>, is_refused: bool) -> Option<Act> {
        let reader = self.reader;
        let has_command = map.get("do").is_some();
        for key in ["as", "with"] {
            // Whoever writes something down or puts it in force says so with `as`, too.
            let has_other = || ["hand-in", "publish"].iter().any(|act| map.get(act).is_some());
            let belongs = has_command || (key == "as" && has_other());
            if let Some(node) = map.get(key)
                && !belongs
            {
                reader.fail(node.line.number, format!("“{key}”要与 do 一起写"), format!("`{key}` stands beside `do`"));
            }
        }
        if let Some(node) = map.get("hand-in") {
            return Some(Act::HandIn(Box::new(self.hand_in(map, node))));
        }
        if let Some(node) = map.get("do") {
            return self.command(map, node, is_refused).map(Act::Do);
        }
        if let Some(node) = map.get("publish") {
            return self.publish(map, node, is_refused).map(|publish| Act::Publish(Box::new(publish)));
        }
        if let Some(node) = map.get("pass") {
            let length =
                reader.parsed(node, ("时长，如 2 working-days", "a length such as 2 working-days"), |text| {
                    text.parse().ok().filter(|length: &regime::Length| length.is_span())
                });
            return length.map(Act::Pass);
        }
        match map.get("until") {
            Some(node) => when::instant(reader, node, self.zone).map(Act::Until),
            None => Some(Act::Look),
        }
    }

    /// What is put in force; the steps after it may use its words.
    fn publish(&self, step: &Map<'_>, node: &Node, is_refused: bool) -> Option<Publish> {
        let map = self.reader.map(node, ("publish", "a publication"), PUBLISH);
        let (pack, regime) = super::pack(&map, self.file)?;
        let units = self.units();
        let unit =
            map.get("unit").map(|node| self.reader.one_of(node, ("单位", "unit"), units.iter().map(String::as_str)));
        let from = map.get("from").map(|node| when::day(self.reader, node));
        let by = step.get("as").map(|node| self.login(node));
        if !is_refused {
            self.regimes.borrow_mut().push(Arc::clone(&regime));
        }
        let (unit, from, by) = (unit.map_or(Some(String::new()), |unit| unit)?, from.flatten(), by.flatten());
        Some(Publish { pack, regime, by, unit, from })
    }

    fn command(&self, map: &Map<'_>, node: &Node, is_refused: bool) -> Option<Do> {
        let id = self.reader.scalar(node)?;
        let found = self.regimes.borrow().iter().find_map(|regime| command::find(regime, id));
        let Some(command) = found else {
            let known = self.commands();
            self.reader.unknown(node.line.number, ("操作", "command"), id, known.iter().map(String::as_str));
            return None;
        };
        let by = map.need("as").and_then(|node| self.who(node));
        let with = self.given(map, command, node.line.number, is_refused);
        Some(Do { command: id.to_owned(), by: by?, with, into: None })
    }

    /// A code, or what the refusal says; `yes` is any.
    fn refusal(&self, node: &Node) -> Refusal {
        if let Some(code) = node.text() {
            if code.trim() == "yes" {
                return Refusal::default();
            }
            return Refusal { code: Some(code.trim().to_owned()), ..Refusal::default() };
        }
        let map = self.reader.map(node, ("refused", "a refusal"), &["code", "say", "cite", "names"]);
        let names = map.get("names").map(|node| self.reader.words(node)).unwrap_or_default();
        Refusal { code: map.text("code"), say: map.text("say"), cite: map.text("cite"), names }
    }
}
