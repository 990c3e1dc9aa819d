//! The steps of a scenario.

use super::{
    super::{
        command,
        reader::Map,
        script::{Act, Do, Refusal, Step, Value},
    },
    Desk, when,
};
use regime::{Regime, node::Node};
use std::sync::Arc;

const STEP: &[&str] = &["hand-in", "do", "as", "with", "case", "refused", "pass", "until", "expect"];
const ACTS: &[&str] = &["hand-in", "do", "pass", "until"];
/// How a case is called that a scenario with only one does not name.
const CASE: &str = "case";

/// Whether somebody does something in a case, or something is expected of one. Duties belong to none.
fn needs_case(act: &Act, map: &Map<'_>) -> bool {
    let does = matches!(act, Act::Do(what) if !command::is_caseless(&what.command));
    let expects = map.get("expect").is_some_and(|node| node.pairs().iter().any(|(key, _)| key.name != "duties"));
    does || expects
}

/// The cases that there are at a step, each with the regime that it is under.
#[derive(Default)]
struct Cases<'a>(Vec<(String, &'a Arc<Regime>)>);

impl<'a> Cases<'a> {
    fn of(&self, name: &str) -> Option<&'a Arc<Regime>> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, regime)| *regime)
    }

    fn add<'n>(&mut self, names: impl IntoIterator<Item = &'n String>, regime: &'a Arc<Regime>) {
        self.0.extend(names.into_iter().map(|name| (name.clone(), regime)));
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl<'a> Desk<'a> {
    pub(super) fn steps(&self, node: &Node) -> Vec<Step> {
        let mut cases = Cases::default();
        let steps = node.members().iter().filter_map(|node| self.step(node, &mut cases));
        steps.collect()
    }

    /// The first of the regimes that bears the name, or, where none is named, that takes the kind; that of the file where
    /// none does.
    fn taking(&self, kind: &str, named: &str) -> &'a Arc<Regime> {
        let takes = |regime: &&Arc<Regime>| regime.words.kinds.iter().any(|word| word.id == kind);
        let is_it = |regime: &&Arc<Regime>| if named.is_empty() { takes(regime) } else { regime.id == named };
        self.regimes.iter().find(is_it).unwrap_or(self.regime)
    }

    /// The desk of the regime that this step's case is under, or will be.
    fn of_case(&self, map: &Map<'_>, case: &str, cases: &Cases<'a>) -> Self {
        let kind = map.get("hand-in").and_then(|what| what.get("kind")).and_then(Node::text);
        let regime = match kind {
            Some(kind) => self.taking(kind.trim(), ""),
            None => cases.of(case).unwrap_or(self.regime),
        };
        Self { regime, ..*self }
    }

    fn step(&self, node: &Node, cases: &mut Cases<'a>) -> Option<Step> {
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
        let desk = self.of_case(&map, &case, cases);
        let act = desk.act(&map, refused.is_some());
        match &act {
            Some(Act::HandIn(_)) if cases.of(&case).is_some() => reader.fail(
                node.line.number,
                format!("已有一件名为“{case}”的案件；另一件请用 case 命名"),
                format!("there is a case `{case}` already; name the other one with `case`"),
            ),
            Some(Act::HandIn(_)) if refused.is_none() => {
                cases.add([&case].into_iter().chain(named.iter().skip(1)), desk.regime);
            }
            Some(act) if cases.of(&case).is_none() && needs_case(act, &map) => {
                if matches!(act, Act::HandIn(_)) {
                    reader.fail(
                        node.line.number,
                        "不予登记的，没有案件可以期待",
                        "what is refused is no case to expect anything of",
                    );
                } else if cases.0.is_empty() {
                    reader.fail(
                        node.line.number,
                        "这时还没有案件；先 hand-in",
                        "there is no case yet; hand one in first",
                    );
                } else {
                    reader.unknown(node.line.number, ("案件", "case"), &case, cases.names());
                }
            }
            Some(Act::Pass(_) | Act::Until(_)) if refused.is_some() => {
                reader.fail(node.line.number, "时间不会被拒绝", "time is not refused");
            }
            Some(Act::Do(what)) if refused.is_none() => {
                cases.add(named.iter().skip(1), desk.taking(&plain(what, "kind"), &plain(what, "regime")));
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
        let expect = map.get("expect").and_then(|node| desk.expect(node));
        let regime = Arc::clone(desk.regime);
        Some(Step { line: node.line.number, case, regime, act: act?, refused, expect })
    }

    fn act(&self, map: &Map<'_>, is_refused: bool) -> Option<Act> {
        let reader = self.reader;
        let has_command = map.get("do").is_some();
        for key in ["as", "with"] {
            // Whoever writes something down says so with `as`, too.
            let belongs = has_command || (key == "as" && map.get("hand-in").is_some());
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

    fn command(&self, map: &Map<'_>, node: &Node, is_refused: bool) -> Option<Do> {
        let id = self.reader.scalar(node)?;
        let Some(command) = command::find(self.regime, id) else {
            self.reader.unknown(node.line.number, ("操作", "command"), id, command::names(self.regime).into_iter());
            return None;
        };
        let by = map.need("as").and_then(|node| self.who(node));
        let with = self.given(map, command, node.line.number, is_refused);
        Some(Do { command: id.to_owned(), by: by?, with, into: None })
    }

    /// A code, or what the refusal says.
    fn refusal(&self, node: &Node) -> Refusal {
        if let Some(code) = node.text() {
            return Refusal { code: Some(code.trim().to_owned()), ..Refusal::default() };
        }
        let map = self.reader.map(node, ("refused", "a refusal"), &["code", "say", "cite", "names"]);
        let names = map.get("names").map(|node| self.reader.words(node)).unwrap_or_default();
        Refusal { code: map.text("code"), say: map.text("say"), cite: map.text("cite"), names }
    }
}

fn plain(what: &Do, name: &str) -> String {
    match what.with.0.get(name) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}
