//! A condition in words: `case.severity == 'minor' && case.injury` as a person reads it.

use super::Condition;
use crate::{Regime, vocabulary};
use cel::common::ast::{Expr, IdedExpr, LiteralValue, operators};
use kit_core::Text;

impl Condition {
    /// What it says, in both languages, in the words of the regime. What has no words stays as it is written.
    pub fn told(&self, regime: &Regime) -> Text {
        let Some(compiled) = &self.program else { return Text::new("任何情形", "in any case") };
        let expression = compiled.program.expression();
        Teller { regime, is_zh: true }
            .tell(expression)
            .zip(Teller { regime, is_zh: false }.tell(expression))
            .map_or_else(
                || Text::new(format!("`{}`", self.text), format!("`{}`", self.text)),
                |(zh, en)| Text::new(zh, en),
            )
    }

    /// The words before what is only for the cases that meet it; none where all do.
    pub fn only(&self, regime: &Regime) -> Text {
        if self.is_always() {
            return Text::default();
        }
        let Text { zh, en } = self.told(regime);
        Text::new(format!("{zh}的，"), format!("If {en}: "))
    }

    /// Whether it holds in every case because nothing is asked.
    pub fn is_always(&self) -> bool {
        self.program.is_none()
    }
}

struct Teller<'a> {
    regime: &'a Regime,
    is_zh: bool,
}

impl Teller<'_> {
    fn say(&self, zh: &str, en: &str) -> String {
        (if self.is_zh { zh } else { en }).to_owned()
    }

    fn pick(&self, text: &Text) -> String {
        self.say(&text.zh, &text.en)
    }

    fn tell(&self, expression: &IdedExpr) -> Option<String> {
        match &expression.expr {
            Expr::Select(_) => self.flag(expression, true),
            Expr::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
                (operators::LOGICAL_AND, [left, right]) => {
                    self.joined(left, right, operators::LOGICAL_OR, "，且", " and ")
                }
                (operators::LOGICAL_OR, [left, right]) => {
                    self.joined(left, right, operators::LOGICAL_AND, "，或", " or ")
                }
                (operators::LOGICAL_NOT, [inner]) => self
                    .flag(inner, false)
                    .or_else(|| Some(format!("{}({})", self.say("并非", "not "), self.tell(inner)?))),
                (operators::IN, [left, right]) => self.among(left, right),
                (operator, [left, right]) => self.compared(operator, left, right),
                _ => None,
            },
            _ => None,
        }
    }

    /// Both sides; a side that is joined by the other word stands in brackets.
    fn joined(&self, left: &IdedExpr, right: &IdedExpr, other: &str, zh: &str, en: &str) -> Option<String> {
        let side = |side: &IdedExpr| {
            let told = self.tell(side)?;
            let is_other = matches!(&side.expr, Expr::Call(call) if call.func_name == other);
            Some(if is_other { format!("({told})") } else { told })
        };
        Some(format!("{}{}{}", side(left)?, self.say(zh, en), side(right)?))
    }

    fn flag(&self, expression: &IdedExpr, is: bool) -> Option<String> {
        let name = variable(expression)?;
        Some(match (name, is) {
            ("valid", true) => self.say("投诉有效", "it is valid"),
            ("valid", false) => self.say("投诉未认定有效", "it is not found valid"),
            ("anonymous", true) => self.say("匿名", "it is anonymous"),
            ("anonymous", false) => self.say("非匿名", "it is not anonymous"),
            ("real_name", true) => self.say("实名", "it is under a real name"),
            ("real_name", false) => self.say("未经实名核验", "the name is not verified"),
            ("courtesy", true) => self.say("破例受理", "it is taken as a courtesy"),
            ("courtesy", false) => self.say("非破例受理", "it is not a courtesy"),
            (name, is) => {
                let title = self.title(name)?;
                let answer = if is { self.say("是", "yes") } else { self.say("否", "no") };
                if self.is_zh {
                    format!("“{title}”答“{answer}”")
                } else {
                    format!("\"{title}\" is answered {answer}")
                }
            }
        })
    }

    fn compared(&self, operator: &str, left: &IdedExpr, right: &IdedExpr) -> Option<String> {
        let word = match operator {
            operators::EQUALS => self.say("为", "is"),
            operators::NOT_EQUALS => self.say("不为", "is not"),
            operators::GREATER_EQUALS => self.say("不少于", "is at least"),
            operators::LESS_EQUALS => self.say("不超过", "is at most"),
            operators::GREATER => self.say("多于", "is more than"),
            operators::LESS => self.say("少于", "is less than"),
            _ => return None,
        };
        let name = variable(left)?;
        if let Expr::Literal(LiteralValue::Boolean(flag)) = &right.expr {
            return self.flag(left, *flag.inner() == (operator == operators::EQUALS));
        }
        let value = self.value(name, right)?;
        let title = self.quoted(name)?;
        Some(if self.is_zh { format!("{title}{word}{value}") } else { format!("{title} {word} {value}") })
    }

    /// That something has happened, or that the case is linked.
    fn listed(&self, left: &IdedExpr, right: &IdedExpr) -> Option<String> {
        let (Expr::Literal(LiteralValue::String(member)), list) = (&left.expr, variable(right)?) else { return None };
        let member = member.inner();
        if list == "linked" {
            let title = relation_title(member);
            return Some(self.say(&format!("有关联案件（{}）", title.zh), &format!("it is linked ({})", title.en)));
        }
        let title = self.regime.fact_with_argument(&member.parse().ok()?);
        Some(self.say(&format!("已“{}”", title.zh), &format!("\"{}\" has happened", title.en)))
    }

    fn among(&self, left: &IdedExpr, right: &IdedExpr) -> Option<String> {
        if let Some(said) = self.listed(left, right) {
            return Some(said);
        }
        let name = variable(left)?;
        let Expr::List(list) = &right.expr else { return None };
        let values: Vec<String> =
            list.elements.iter().map(|element| self.value(name, element)).collect::<Option<_>>()?;
        let (title, values) = (self.quoted(name)?, values.join(&self.say("或", " or ")));
        Some(if self.is_zh { format!("{title}为{values}") } else { format!("{title} is {values}") })
    }

    /// The title of a variable; that of a question in quotes.
    fn quoted(&self, name: &str) -> Option<String> {
        let title = self.title(name)?;
        let is_question = !vocabulary::VARIABLES.contains(&name);
        Some(if is_question { self.say(&format!("“{title}”"), &format!("\"{title}\"")) } else { title })
    }

    fn title(&self, name: &str) -> Option<String> {
        Some(match name {
            "kind" => self.say("事项类型", "the kind"),
            "category" => self.say("类别", "the category"),
            "severity" => self.say("等级", "the severity"),
            "validity" => self.say("有效性", "the validity"),
            "channel" => self.say("渠道", "the channel"),
            "handler_role" => self.say("承办人的角色", "the role of the handler"),
            "identity" => self.say("身份程度", "how well the complainant is known"),
            "complainant" => self.say("投诉人类型", "who complains"),
            "respondent" => self.say("被投诉人类型", "whom it is about"),
            "finding" => self.say("认定结果", "the finding"),
            "satisfaction" => self.say("满意度", "the satisfaction"),
            "outcome" => self.say("结案方式", "the outcome"),
            "rung" => self.say("升级层级", "the rung"),
            "round" => self.say("办理轮次", "the round"),
            "chases" => self.say("催问次数", "the number of chases"),
            "repeats" => self.say("重复投诉次数", "the number of repeats"),
            name => self.pick(&self.regime.words.facts.iter().find(|question| question.name == name)?.title),
        })
    }

    fn value(&self, name: &str, expression: &IdedExpr) -> Option<String> {
        match &expression.expr {
            Expr::Literal(LiteralValue::Int(number)) => Some(number.inner().to_string()),
            Expr::Literal(LiteralValue::String(word)) if word.inner().is_empty() => {
                Some(self.say("未定", "not known yet"))
            }
            Expr::Literal(LiteralValue::String(word)) => {
                let title = self.regime.word_title(name, word.inner())?;
                Some(self.say(&format!("“{}”", title.zh), &format!("\"{}\"", title.en)))
            }
            _ => None,
        }
    }
}

/// How two cases are linked, as people say it.
fn relation_title(relation: &str) -> Text {
    match relation {
        "repeat" => Text::new("重复", "a repeat"),
        "over-level" => Text::new("越级", "over the head of a lower level"),
        "same-report" => Text::new("同一举报", "the same report"),
        "twin" => Text::new("分案", "a twin"),
        "lead" => Text::new("线索", "a lead"),
        "merged" => Text::new("并案", "merged"),
        _ => Text::new("相关", "related"),
    }
}

/// The variable of `case` that an expression is.
fn variable(expression: &IdedExpr) -> Option<&str> {
    match &expression.expr {
        Expr::Select(select) if matches!(&select.operand.expr, Expr::Ident(root) if root == "case") && !select.test => {
            Some(&select.field)
        }
        _ => None,
    }
}
