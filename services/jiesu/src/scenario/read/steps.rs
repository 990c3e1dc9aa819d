//! The steps of a scenario.

use super::{
    super::{
        command::{self, COMPLAINANT, Command, Shape, Take},
        reader::{Map, Noun},
        script::{Act, Do, Given, HandIn, Refusal, Step, Value},
    },
    Desk, when,
};
use contracts::common::{Fact, FactValue, fact_value::Kind};
use regime::{
    QuestionKind,
    node::{Data, Node},
    vocabulary::HANDLER,
};

const STEP: &[&str] = &["hand-in", "do", "as", "with", "case", "refused", "pass", "until", "expect"];
const ACTS: &[&str] = &["hand-in", "do", "pass", "until"];
const HAND_IN: &[&str] = &[
    "unit",
    "channel",
    "kind",
    "subject",
    "narrative",
    "contact",
    "anonymous",
    "asked-by",
    "about-unit",
    "about-staff",
    "facts",
    "received",
];
const CONTACT: &[&str] = &["name", "phone", "email", "address"];
/// How a case is called that a scenario with only one does not name.
pub(super) const CASE: &str = "case";

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
                node.line,
                format!("一个步骤只做一件事，这里有“{first}”和“{second}”"),
                format!("a step does one thing; this one has `{first}` and `{second}`"),
            );
        }
        if acts.is_empty() && map.get("expect").is_none() {
            reader.fail(
                node.line,
                format!("步骤什么也没做；可写：{}、expect", ACTS.join("、")),
                format!("the step does nothing; it takes one of: {}, expect", ACTS.join(", ")),
            );
        }
        let refused = map.get("refused").map(|node| self.refusal(node));
        let case = map.text("case").unwrap_or_else(|| CASE.to_owned());
        let act = self.act(&map, refused.is_some());
        match &act {
            Some(Act::HandIn(_)) if cases.contains(&case) => reader.fail(
                node.line,
                format!("已有一件名为“{case}”的案件；另一件请用 case 命名"),
                format!("there is a case `{case}` already; name the other one with `case`"),
            ),
            Some(Act::HandIn(_)) if refused.is_none() => cases.push(case.clone()),
            Some(act) if !cases.contains(&case) && (matches!(act, Act::Do(_)) || map.get("expect").is_some()) => {
                if matches!(act, Act::HandIn(_)) {
                    reader.fail(
                        node.line,
                        "不予登记的，没有案件可以期待",
                        "what is refused is no case to expect anything of",
                    );
                } else if cases.is_empty() {
                    reader.fail(node.line, "这时还没有案件；先 hand-in", "there is no case yet; hand one in first");
                } else {
                    reader.unknown(node.line, ("案件", "case"), &case, cases.iter().map(String::as_str));
                }
            }
            Some(Act::Pass(_) | Act::Until(_)) if refused.is_some() => {
                reader.fail(node.line, "时间不会被拒绝", "time is not refused");
            }
            _ => {}
        }
        let expect = map.get("expect").and_then(|node| self.expect(node));
        Some(Step { line: node.line, case, act: act?, refused, expect })
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
                reader.fail(node.line, format!("“{key}”要与 do 一起写"), format!("`{key}` stands beside `do`"));
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
            self.reader.unknown(node.line, ("操作", "command"), id, command::names(self.regime).into_iter());
            return None;
        };
        let by = map.need("as").and_then(|node| self.who(node));
        let with = self.given(map, command, node.line, is_refused);
        Some(Do { command: id.to_owned(), by: by?, with })
    }

    fn given(&self, map: &Map<'_>, command: &Command, line: u32, is_refused: bool) -> Given {
        let mut given = Given::default();
        let keys: Vec<&str> = command.takes.iter().map(|take| take.name).collect();
        let with = map.get("with");
        let entries = with.map(|node| self.reader.map(node, ("with", "with"), &keys));
        for take in command.takes {
            match entries.and_then(|entries| entries.get(take.name)) {
                Some(node) => {
                    given.0.extend(self.value(take, node, is_refused).map(|value| (take.name.to_owned(), value)))
                }
                None if take.is_needed && !is_refused => self.reader.fail(
                    with.map_or(line, |node| node.line),
                    format!("缺少“{}”", take.name),
                    format!("`{}` is needed here", take.name),
                ),
                None => {}
            }
        }
        given
    }

    /// A value of its shape. Where a refusal is expected, its words may be wrong.
    fn value(&self, take: &Take, node: &Node, is_refused: bool) -> Option<Value> {
        let words = &self.regime.words;
        let ids = |list: &[regime::Word]| list.iter().map(|word| word.id.clone()).collect::<Vec<_>>();
        let one = |what: Noun, known: Vec<String>| {
            if is_refused {
                return self.reader.scalar(node).map(|text| Value::Text(text.to_owned()));
            }
            self.reader.one_of(node, what, known.iter().map(String::as_str)).map(Value::Text)
        };
        match take.shape {
            Shape::Text => self.reader.scalar(node).map(|text| Value::Text(text.to_owned())),
            Shape::Flag => self.reader.flag(node).map(Value::Flag),
            Shape::Facts => Some(Value::Facts(self.facts(node, is_refused))),
            Shape::Day => when::day(self.reader, node).map(|day| Value::Text(day.to_string())),
            Shape::Unit => one(("单位", "unit"), self.units()),
            Shape::Staff => self.login(node).map(Value::Text),
            Shape::StaffList => Some(Value::List(node.members().iter().filter_map(|one| self.login(one)).collect())),
            Shape::Kind => one(("类型", "kind"), ids(&words.kinds)),
            Shape::Category => one(("类别", "category"), ids(&words.categories)),
            Shape::Severity => one(("等级", "severity"), ids(&words.severities)),
            Shape::Validity => one(("有效性", "validity"), ids(&words.validity)),
            Shape::Ground => {
                one(("理由", "ground"), self.regime.scope.iter().map(|ground| ground.id.clone()).collect())
            }
            Shape::Finding => one(("结论", "finding"), ids(&words.findings)),
            Shape::Satisfaction => one(("满意度", "satisfaction"), ids(&words.satisfaction)),
            Shape::Clock => one(("时限", "clock"), self.clocks()),
            Shape::Measures => {
                let known = ids(&words.measures);
                let members = node.members().iter().filter_map(|member| match is_refused {
                    true => self.reader.scalar(member).map(str::to_owned),
                    false => self.reader.one_of(member, ("措施", "measure"), known.iter().map(String::as_str)),
                });
                Some(Value::List(members.collect()))
            }
        }
    }

    pub(super) fn units(&self) -> Vec<String> {
        self.setting.units.iter().map(|unit| unit.unit_id.clone()).collect()
    }

    pub(super) fn clocks(&self) -> Vec<String> {
        self.regime.clocks.iter().map(|clock| clock.name.clone()).collect()
    }

    /// Answers to the regime's questions.
    fn facts(&self, node: &Node, is_refused: bool) -> Vec<Fact> {
        let questions = &self.regime.words.facts;
        let mut facts = Vec::new();
        for (key, node) in self.reader.entries(node, ("事实", "facts")) {
            let question = questions.iter().find(|question| question.name == key.name);
            let kind = match question.map(|question| question.kind) {
                None if !is_refused => {
                    self.reader.unknown(
                        key.line,
                        ("事实", "fact"),
                        &key.name,
                        questions.iter().map(|q| q.name.as_str()),
                    );
                    continue;
                }
                Some(QuestionKind::Flag) => self.reader.flag(node).map(Kind::Flag),
                Some(QuestionKind::Number) => {
                    self.reader.parsed(node, ("数", "a number"), |text| text.parse().ok()).map(Kind::Number)
                }
                Some(QuestionKind::Word) | None => self.reader.scalar(node).map(|text| Kind::Word(text.to_owned())),
            };
            facts.push(Fact { name: key.name.clone(), value: Some(FactValue { kind }) });
        }
        facts
    }

    /// Whoever acts or looks: a login, a role that one person holds, the handler, the complainant.
    pub(super) fn who(&self, node: &Node) -> Option<String> {
        let name = self.reader.scalar(node)?;
        if name == HANDLER || name == COMPLAINANT {
            return Some(name.to_owned());
        }
        self.login(node)
    }

    /// The login of a person, named by it or by a role that nobody else holds.
    fn login(&self, node: &Node) -> Option<String> {
        let name = self.reader.scalar(node)?;
        let staff = &self.setting.staff;
        if staff.iter().any(|person| person.login == name) {
            return Some(name.to_owned());
        }
        let holders: Vec<&str> = staff
            .iter()
            .filter(|person| person.grants.iter().any(|grant| grant.role == name))
            .map(|person| person.login.as_str())
            .collect();
        match holders.as_slice() {
            [one] => Some((*one).to_owned()),
            [] => {
                let roles = staff.iter().flat_map(|person| person.grants.iter().map(|grant| grant.role.as_str()));
                let logins = staff.iter().map(|person| person.login.as_str());
                let mut known: Vec<&str> = logins.chain(roles).chain([HANDLER, COMPLAINANT]).collect();
                known.sort_unstable();
                known.dedup();
                self.reader.unknown(node.line, ("人员或岗位", "person or role"), name, known.into_iter());
                None
            }
            several => {
                let all = several.join(", ");
                self.reader.fail(
                    node.line,
                    format!("“{name}”有多人担任，请写明是谁：{all}"),
                    format!("several people are `{name}`; say which: {all}"),
                );
                None
            }
        }
    }

    fn hand_in(&self, step: &Map<'_>, node: &Node) -> HandIn {
        let reader = self.reader;
        let map = reader.map(node, ("hand-in", "a hand-in"), HAND_IN);
        let is_refused = step.get("refused").is_some();
        let word = |name: &str, what: Noun, known: Vec<String>, otherwise: Option<String>| {
            let given = map.get(name).and_then(|node| {
                if is_refused {
                    reader.scalar(node).map(str::to_owned)
                } else {
                    reader.one_of(node, what, known.iter().map(String::as_str))
                }
            });
            given.or(otherwise).unwrap_or_default()
        };
        let branch = self.setting.units.iter().find(|unit| unit.kind == "branch").map(|unit| unit.unit_id.clone());
        let channels: Vec<String> = self.regime.channels.iter().map(|channel| channel.id.clone()).collect();
        let kinds: Vec<String> = self.regime.words.kinds.iter().map(|word| word.id.clone()).collect();
        let first = |list: &[String]| list.first().cloned();
        let by = step.get("as").and_then(|node| self.who(node)).filter(|by| by != COMPLAINANT);
        let contact = map.get("contact").map(|node| reader.map(node, ("联系方式", "contact"), CONTACT));
        let mut contact: std::collections::BTreeMap<String, String> = contact
            .map(|map| CONTACT.iter().filter_map(|name| Some(((*name).to_owned(), map.text(name)?))).collect())
            .unwrap_or_default();
        let is_anonymous = map.get("anonymous").and_then(|node| reader.flag(node)).unwrap_or(false);
        if map.get("contact").is_none() && !is_anonymous {
            contact.insert("phone".to_owned(), "12000000001".to_owned());
            contact.insert("email".to_owned(), "complainant@home.example".to_owned());
        }
        let text = |name: &str, otherwise: &str| match map.get(name) {
            // A refusal may want to see what becomes of a text that is not there.
            Some(node) if matches!(node.data, Data::Empty) => String::new(),
            Some(node) => node.text().unwrap_or_default().trim().to_owned(),
            None => otherwise.to_owned(),
        };
        HandIn {
            by,
            unit: word("unit", ("单位", "unit"), self.units(), branch),
            channel: word("channel", ("渠道", "channel"), channels.clone(), first(&channels)),
            kind: word("kind", ("类型", "kind"), kinds.clone(), first(&kinds)),
            subject: text("subject", "事由"),
            narrative: text("narrative", "事情的经过。"),
            contact,
            is_anonymous,
            asked_by: map.get("asked-by").and_then(|node| when::day(reader, node)),
            about_unit: map.get("about-unit").map(|_| word("about-unit", ("单位", "unit"), self.units(), None)),
            about_staff: map
                .get("about-staff")
                .map(|node| node.members().iter().filter_map(|one| self.login(one)).collect())
                .unwrap_or_default(),
            facts: map.get("facts").map(|node| self.facts(node, is_refused)).unwrap_or_default(),
            received: map.get("received").and_then(|node| when::instant(reader, node, self.zone)),
        }
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
