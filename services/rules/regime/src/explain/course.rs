//! The course of a case, its steps and what happens of itself, in sentences.

use super::Page;
use crate::vocabulary::{PARTS, TEMPLATES, term};
use crate::{Assessed, Effect, Step, Take, TellForm};

impl Page<'_> {
    pub(super) fn stages(&mut self) {
        let regime = self.regime;
        if !regime.course.is_empty() {
            self.section("办理流程", "Course");
        }
        for stage in &regime.course {
            let reached: Vec<String> = stage.reached.iter().map(|fact| self.fact(fact)).collect();
            let reached = reached.join(&self.say("或", " or "));
            let title = self.pick(&stage.title);
            let only = self.only(&stage.condition);
            let what =
                self.say(&format!("{only}{title}：以“{reached}”为准"), &format!("{only}{title}: with \"{reached}\""));
            self.item(&what, &stage.cite);
        }
        if !regime.steps.is_empty() {
            self.section("步骤", "Steps");
        }
        for step in &regime.steps {
            let what = self.one_step(step);
            self.item(&what, &step.cite);
        }
        if !regime.apart.is_empty() {
            self.section("岗位分离", "Separation of duties");
        }
        for apart in &regime.apart {
            let acts: Vec<String> = apart.acts.iter().map(|act| self.step(act)).collect();
            let acts = acts.join(&self.say("、", ", "));
            let only = self.only(&apart.condition);
            let what =
                self.say(&format!("{only}不得由同一人办理：{acts}"), &format!("{only}never by one person: {acts}"));
            self.item(&what, &apart.cite);
        }
        if !regime.answers.is_empty() {
            self.section("答复的形式与内容", "How answers are given");
        }
        for answer in &regime.answers {
            let (of, only) = (self.step(&answer.of), self.only(&answer.condition));
            let ways: Vec<String> = answer
                .ways
                .iter()
                .map(|form| match form {
                    TellForm::Written => self.say("书面", "in writing"),
                    TellForm::Oral => self.say("口头", "orally"),
                })
                .collect();
            let mut what = self.say(&format!("{only}“{of}”"), &format!("{only}\"{of}\""));
            if !ways.is_empty() {
                what += &self.say("须以", " is given ");
                what += &(ways.join(&self.say("或", " or ")) + &self.say("作出", ""));
            }
            let holds: Vec<String> = answer.holds.iter().map(|part| self.part(part)).collect();
            if !holds.is_empty() {
                what += &self.say("；须写明：", "; it holds: ");
                what += &holds.join(&self.say("、", ", "));
            }
            self.item(&what, &answer.cite);
        }
        if !regime.redress.is_empty() {
            self.section("救济途径", "Where one may turn against it");
        }
        for redress in &regime.redress {
            let what = self.only(&redress.condition) + &self.pick(&redress.say);
            self.item(&what, &redress.cite);
        }
        if !regime.effects.is_empty() {
            self.section("自动后果", "What happens of itself");
        }
        for rule in &regime.effects {
            let on: Vec<String> = rule.on.iter().map(|fact| self.fact(fact)).collect();
            let (on, only) = (on.join(&self.say("或", " or ")), self.only(&rule.condition));
            let effect = self.effect(&rule.effect);
            let what = self.say(&format!("{only}“{on}”后：{effect}"), &format!("{only}on \"{on}\": {effect}"));
            self.item(&what, &rule.cite);
        }
    }

    fn one_step(&self, step: &Step) -> String {
        let mut said = self.only(&step.condition) + &self.pick(&step.title);
        let takes: Vec<String> = step.takes.iter().map(|take| self.take(*take)).collect();
        if !takes.is_empty() {
            said += &self.say("；须填写", "; takes ");
            said += &takes.join(&self.say("、", ", "));
        }
        if step.staff > 0 {
            let staff = step.staff;
            said += &self.say(&format!("；不少于 {staff} 人"), &format!("; by at least {staff} of the staff"));
        }
        if step.credentials {
            said += &self.say("，出示证件", ", who show their credentials");
        }
        let outcomes: Vec<String> = step.outcomes.iter().map(|outcome| self.pick(&outcome.title)).collect();
        if !outcomes.is_empty() {
            said += &self.say("；结果：", "; outcomes: ");
            said += &outcomes.join(&self.say("、", ", "));
        }
        if step.again {
            said += &self.say("；可多次", "; more than once");
        }
        if let Some(form) = &step.form {
            said += &self.say("；填", "; fills ");
            said += &self.form(form);
        }
        if let Some(amount) = &step.amount {
            let (from, currency) = (amount.from / 100, &amount.currency);
            let most = amount.to.map_or_else(|| self.say("不设上限", "no limit"), |to| (to / 100).to_string());
            said +=
                &self.say(&format!("；金额 {from} 至 {most} {currency}"), &format!("; {from} to {most} {currency}"));
        }
        said
    }

    fn ledger_named(&self, ledger: &str) -> String {
        let known = self.regime.records.ledgers.iter().find(|one| one.id == ledger);
        known.map_or_else(|| ledger.to_owned(), |known| self.pick(&known.title))
    }

    fn template(&self, template: &str) -> String {
        let own = self.regime.templates.get(template).map(|own| self.pick(&own.subject));
        own.or_else(|| term(TEMPLATES, template).map(|term| self.pick(&term.title()))).unwrap_or_default()
    }

    fn part(&self, part: &str) -> String {
        term(PARTS, part).map_or_else(|| part.to_owned(), |term| self.pick(&term.title()))
    }

    fn take(&self, take: Take) -> String {
        match take {
            Take::Text => self.say("说明", "a text"),
            Take::Files => self.say("材料", "files"),
            Take::Date => self.say("日期", "a date"),
            Take::Staff => self.say("人员", "staff"),
            Take::Amount => self.say("金额", "a sum"),
            Take::Form => self.say("表单", "a form"),
        }
    }

    /// What happens of itself.
    pub(super) fn effect(&self, effect: &Effect) -> String {
        match effect {
            Effect::Climb(rung) => {
                let rung = usize::try_from(*rung).ok().and_then(|rung| self.regime.ladder.get(rung.checked_sub(1)?));
                let roles = rung.map_or_else(String::new, |rung| self.roles(&rung.roles));
                self.say("上报", "up to the ") + &roles
            }
            Effect::Order(order) => {
                let title = self.regime.order(order).map_or_else(|| order.clone(), |order| self.pick(&order.title));
                self.say("下达", "order given: ") + &title
            }
            Effect::Do(step) => self.say("转入", "now to be done: ") + &self.fact(step),
            Effect::Reopen(stage) => {
                let stage = self.regime.course.iter().find(|one| one.id == *stage);
                let title = stage.map_or_else(String::new, |stage| self.pick(&stage.title));
                self.say("重新办理，自", "reopened from ") + &title
            }
            Effect::End(outcome) => {
                let fact = crate::FactRef::about("case-closed", &**outcome);
                self.pick(&self.regime.fact_with_argument(&fact))
            }
            Effect::Open { kind, .. } => {
                let title =
                    self.regime.word_title("kind", kind).map_or_else(|| kind.clone(), |title| self.pick(&title));
                self.say("另立案件：", "a linked case: ") + &title
            }
            Effect::Tell { to, template } => {
                let to: Vec<String> = to.iter().map(|to| self.recipient(to)).collect();
                self.say("告知", "told: ")
                    + &to.join(&self.say("、", ", "))
                    + &self.say("，", ", ")
                    + &self.template(template)
            }
            Effect::Assess { ledger, points, against } => {
                let whom = match against {
                    Assessed::Handler => self.say("承办人", "the handler"),
                    Assessed::FirstContact => self.say("首接责任人", "whoever took it in"),
                    Assessed::Unit => self.say("承办单位", "the unit"),
                };
                let ledger = self.ledger_named(ledger);
                let zh = format!("考核{whom}，记 {points} 分（{ledger}）");
                self.say(&zh, &format!("{points} points against {whom} ({ledger})"))
            }
            Effect::Enter(ledger) => self.say("登记台账：", "entered in ") + &self.ledger_named(ledger),
        }
    }

    /// What may want an approval.
    pub(super) fn approvable(&self, of: &str) -> String {
        let (kind, clock) = of.strip_suffix(')').and_then(|of| of.split_once('(')).unwrap_or((of, ""));
        let kind = match kind {
            "overrun" => self.say("延期", "More time"),
            "extension" => self.say("按档延期", "More time in tiers"),
            "suspension" => self.say("挂账", "A suspension"),
            "decision" => self.say("处理意见", "A decision"),
            act => self.say("“", "\"") + &self.step(act) + &self.say("”", "\""),
        };
        let clock = self.regime.clocks.iter().find(|one| one.name == clock);
        clock.map_or_else(|| kind.clone(), |clock| format!("{kind}{}{}", self.say("：", ": "), self.pick(&clock.title)))
    }
}
