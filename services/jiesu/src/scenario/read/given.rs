//! What a step gives: the arguments of a command, each of its shape, and who is meant by a name.

use super::{
    super::{
        command::{self, COMPLAINANT, Command, Shape, Take},
        reader::{Map, Noun},
        script::{Given, Value},
    },
    Desk, when,
};
use contracts::common::{Fact, FactValue, fact_value::Kind};
use regime::{
    Question, QuestionKind, Word, Words,
    node::Node,
    vocabulary::{HANDLER, RELATIONS},
};
use std::collections::BTreeMap;

impl Desk<'_> {
    pub(super) fn given(&self, map: &Map<'_>, command: &Command, line: u32, is_refused: bool) -> Given {
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
                    with.map_or(line, |node| node.line.number),
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
        let words = |of: fn(&Words) -> &[Word]| {
            self.names(|regime| of(&regime.words).iter().map(|word| word.id.clone()).collect())
        };
        let one = |what: Noun, known: Vec<String>| {
            if is_refused {
                return self.reader.scalar(node).map(|text| Value::Text(text.to_owned()));
            }
            self.reader.one_of(node, what, known.iter().map(String::as_str)).map(Value::Text)
        };
        let many = |what: Noun, known: Vec<String>| {
            let members = node.members().iter().filter_map(|member| match is_refused {
                true => self.reader.scalar(member).map(str::to_owned),
                false => self.reader.one_of(member, what, known.iter().map(String::as_str)),
            });
            members.collect::<Vec<_>>()
        };
        match take.shape {
            Shape::Text => self.reader.scalar(node).map(|text| Value::Text(text.to_owned())),
            Shape::Flag => self.reader.flag(node).map(Value::Flag),
            Shape::Facts => Some(Value::Facts(self.facts(node, is_refused))),
            Shape::Day => when::day(self.reader, node).map(|day| Value::Text(day.to_string())),
            Shape::Unit => one(("单位", "unit"), self.units()),
            Shape::Staff => self.login(node).map(Value::Text),
            Shape::StaffList => Some(Value::List(node.members().iter().filter_map(|one| self.login(one)).collect())),
            Shape::Kind => one(("类型", "kind"), words(|words| &words.kinds)),
            Shape::Regime => one(("制度", "regime"), self.names(|one| vec![one.id.clone()])),
            Shape::Category => one(("类别", "category"), words(|words| &words.categories)),
            Shape::Severity => one(("等级", "severity"), words(|words| &words.severities)),
            Shape::Validity => one(("有效性", "validity"), words(|words| &words.validity)),
            Shape::Ground => {
                one(("理由", "ground"), self.names(|one| one.scope.iter().map(|ground| ground.id.clone()).collect()))
            }
            Shape::Finding => one(("结论", "finding"), words(|words| &words.findings)),
            Shape::Satisfaction => one(("满意度", "satisfaction"), words(|words| &words.satisfaction)),
            Shape::Clock => one(("时限", "clock"), self.clocks()),
            Shape::Measures => Some(Value::List(many(("措施", "measure"), self.measures()))),
            Shape::Measure => one(("措施", "measure"), self.measures()),
            Shape::Order => one(("指令", "order"), self.orders()),
            Shape::Team => {
                one(("工作组", "team"), self.names(|one| one.teams.iter().map(|team| team.id.clone()).collect()))
            }
            Shape::Survey => one(("调查", "survey"), self.surveys()),
            Shape::Answers => Some(Value::Answers(self.answers(node, is_refused))),
            Shape::Tier => one(
                ("申诉层级", "tier"),
                self.names(|one| one.appeals.iter().map(|appeal| appeal.tier.clone()).collect()),
            ),
            Shape::Ledger => one(("台账", "ledger"), self.ledgers()),
            Shape::Duty => one(("定期任务", "duty"), self.duties()),
            Shape::Relation => one(("关联关系", "relation"), RELATIONS.iter().map(|one| (*one).to_owned()).collect()),
            Shape::Body => one(("外部单位", "body"), words(|words| &words.bodies)),
            Shape::Act => {
                let acts = self.names(|one| one.approvals.iter().map(|approval| approval.of.clone()).collect());
                one(("审批事项", "matter of approval"), acts)
            }
            Shape::Case => self.reader.scalar(node).map(|text| Value::Text(text.to_owned())),
            Shape::Number => {
                let number: Option<i64> = self.reader.parsed(node, ("数", "a number"), |text| text.parse().ok());
                number.map(|number| Value::Text(number.to_string()))
            }
            Shape::Texts => Some(Value::List(self.reader.words(node))),
            Shape::Clocks => Some(Value::List(many(("时限", "clock"), self.clocks()))),
        }
    }

    pub(super) fn units(&self) -> Vec<String> {
        self.setting.units.iter().map(|unit| unit.unit_id.clone()).collect()
    }

    fn measures(&self) -> Vec<String> {
        self.names(|regime| regime.words.measures.iter().map(|measure| measure.word.id.clone()).collect())
    }

    pub(super) fn clocks(&self) -> Vec<String> {
        self.names(|regime| regime.clocks.iter().map(|clock| clock.name.clone()).collect())
    }

    pub(super) fn orders(&self) -> Vec<String> {
        self.names(|regime| regime.orders.iter().map(|order| order.id.clone()).collect())
    }

    pub(super) fn ledgers(&self) -> Vec<String> {
        self.names(|regime| regime.records.ledgers.iter().map(|ledger| ledger.id.clone()).collect())
    }

    pub(super) fn duties(&self) -> Vec<String> {
        self.names(|regime| regime.records.duties.iter().map(|duty| duty.id.clone()).collect())
    }

    pub(super) fn surveys(&self) -> Vec<String> {
        self.names(|regime| regime.surveys.iter().map(|survey| survey.id.clone()).collect())
    }

    pub(super) fn commands(&self) -> Vec<String> {
        self.names(|regime| command::names(regime).into_iter().map(str::to_owned).collect())
    }

    /// Answers to the questions of a survey; where it is to be refused, to others too.
    fn answers(&self, node: &Node, is_refused: bool) -> BTreeMap<String, String> {
        let known = self.names(|one| {
            one.surveys.iter().flat_map(|survey| &survey.questions).map(|question| question.id.clone()).collect()
        });
        let mut answers = BTreeMap::new();
        for (key, node) in self.reader.entries(node, ("答案", "answers")) {
            if !is_refused && !known.contains(&key.name) {
                self.reader.unknown(key.line.number, ("题目", "question"), &key.name, known.iter().map(String::as_str));
            }
            answers.extend(self.reader.scalar(node).map(|text| (key.name.clone(), text.to_owned())));
        }
        answers
    }

    /// Answers to the regime's questions.
    pub(super) fn facts(&self, node: &Node, is_refused: bool) -> Vec<Fact> {
        let regimes = self.regimes.borrow();
        let questions: Vec<&Question> = regimes.iter().flat_map(|regime| &regime.words.facts).collect();
        let mut facts = Vec::new();
        for (key, node) in self.reader.entries(node, ("事实", "facts")) {
            let question = questions.iter().find(|question| question.name == key.name);
            let kind = match question.map(|question| question.kind) {
                None if !is_refused => {
                    self.reader.unknown(
                        key.line.number,
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

    /// Whoever looks at cases: staff. What the complainant sees is the public page's to show.
    pub(super) fn looker(&self, node: &Node) -> Option<String> {
        if self.reader.scalar(node)? == COMPLAINANT {
            let (zh, en) = ("sees 和 blind 只能写工作人员", "`sees` and `blind` are about staff");
            self.reader.fail(node.line.number, zh, en);
            return None;
        }
        self.who(node)
    }

    /// The login of a person, named by it or by a role that nobody else holds.
    pub(super) fn login(&self, node: &Node) -> Option<String> {
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
                self.reader.unknown(node.line.number, ("人员或岗位", "person or role"), name, known.into_iter());
                None
            }
            several => {
                let all = several.join(", ");
                self.reader.fail(
                    node.line.number,
                    format!("“{name}”有多人担任，请写明是谁：{all}"),
                    format!("several people are `{name}`; say which: {all}"),
                );
                None
            }
        }
    }
}
