//! To whom a case goes, who is kept away from it, what is demanded within it, and where somebody may turn against it.

use super::Page;
use crate::{Appellant, Instead, Office, Order, OrderTo, Recused, RouteTo};

impl Page<'_> {
    pub(super) fn roles(&self, roles: &[String]) -> String {
        let roles: Vec<String> = roles.iter().map(|role| self.role(role)).collect();
        roles.join(&self.say("、", ", "))
    }

    /// Where a case goes, and who is kept away from it.
    pub(super) fn ways(&mut self) {
        let regime = self.regime;
        self.section("转办、回避与逐级上报", "Routing, recusal and the ladder");
        for route in &regime.routing {
            let only = self.only(&route.condition) + &self.hours(&route.during);
            let what =
                format!("{only}{}{}{}", self.say("转", "to "), self.whither(route.to), self.say("，由", ", by the "))
                    + &self.on_duty(self.role(&route.role), route.on_duty)
                    + &self.say("办理", "");
            self.item(&what, &route.cite);
        }
        for recusal in &regime.recusal {
            let who: Vec<String> = recusal.who.iter().map(|who| self.recused(*who)).collect();
            let who = who.join(&self.say("、", ", "));
            let then = match &recusal.then {
                Instead::Replace => String::new(),
                Instead::Rise => self.say("，由上一级办理", "; the next unit above handles it"),
                Instead::Role(role) => {
                    self.say("，改由", "; handled by the ") + &self.role(role) + &self.say("办理", "")
                }
            };
            let ruled = recusal.ruled_by.as_ref().map_or_else(String::new, |role| {
                self.say("；申请由", "; a request is ruled on by the ") + &self.role(role) + &self.say("决定", "")
            });
            let what = format!("{}{who}{}{then}{ruled}", self.only(&recusal.condition), self.say("回避", ": recused"));
            self.item(&what, &recusal.cite);
        }
        for (number, rung) in (1..).zip(&regime.ladder) {
            let title = rung.title.as_ref().map(|title| self.pick(title));
            let title =
                title.map_or_else(String::new, |title| self.say(&format!("（{title}）"), &format!(" ({title})")));
            let what = self.say(&format!("第 {number} 级{title}："), &format!("Rung {number}{title}: "))
                + &self.roles(&rung.roles);
            self.item(&what, &rung.cite);
        }
    }

    /// The hours to which a rule is confined.
    fn hours(&self, during: &[Office]) -> String {
        if during.is_empty() {
            return String::new();
        }
        let during: Vec<String> = during.iter().map(|office| self.office(*office)).collect();
        let during = during.join(&self.say("、", ", "));
        self.say(&format!("{during}："), &format!("{during}: "))
    }

    fn on_duty(&self, role: String, is_asked: bool) -> String {
        if is_asked { self.say(&format!("值班的{role}"), &format!("{role} on duty")) } else { role }
    }

    fn whither(&self, to: RouteTo) -> String {
        let (zh, en) = match to {
            RouteTo::DepartmentComplainedOf => ("被投诉部门", "the department complained of"),
            RouteTo::Branch => ("本单位", "the unit of the case"),
            RouteTo::Above => ("上一级单位", "the unit above"),
            RouteTo::Chosen => ("投诉人选择的单位", "the unit that the complainant chose"),
            RouteTo::Competent => ("主管该事项的单位", "the unit that has charge of the matter"),
        };
        self.say(zh, en)
    }

    fn recused(&self, who: Recused) -> String {
        let (zh, en) = match who {
            Recused::Accused => ("被投诉人", "whoever is complained of"),
            Recused::AccusedUnit => ("被投诉单位的人员", "everybody of the unit complained of"),
            Recused::AboveAccused => ("被投诉人的各级上级", "whoever stands above those complained of"),
            Recused::DeclaredInterest => ("申明有利害关系的人员", "whoever declares an interest"),
            Recused::OnRequest => ("经申请并决定回避的人员", "whoever is asked to step back, where that is granted"),
            Recused::HandledBefore => ("曾经办理本件的人员", "whoever handled it before"),
        };
        self.say(zh, en)
    }

    /// Orders and teams.
    pub(super) fn dealings(&mut self) {
        let regime = self.regime;
        if !regime.orders.is_empty() {
            self.section("指令", "Orders");
        }
        for order in &regime.orders {
            let what = self.order(order);
            self.item(&what, &order.cite);
            for row in order.to.iter().filter(|row| row.cite != order.cite || !row.during.is_empty()) {
                let only = self.only(&row.condition) + &self.hours(&row.during);
                let what = only + &self.say("下达给", "to the ") + &self.addressee(&row.to);
                self.item(&what, &row.cite);
            }
            for ground in &order.grounds {
                let what = self.only(&ground.condition) + &self.pick(&ground.title);
                self.item(&what, &ground.cite);
            }
        }
        if !regime.teams.is_empty() {
            self.section("工作组", "Teams");
        }
        for team in &regime.teams {
            let (title, least) = (self.pick(&team.title), team.least);
            let mut what =
                self.say(&format!("{title}：不少于 {least} 人"), &format!("{title}: at least {least} members"));
            if !team.of.is_empty() {
                what += &self.say("，来自", ", from: ");
                what += &self.roles(&team.of);
            }
            if let Some(lead) = &team.lead {
                what += &self.say("，组长为", "; led by the ");
                what += &self.role(lead);
            }
            if team.departments > 1 {
                let departments = team.departments;
                what += &self.say(
                    &format!("，来自不少于 {departments} 个部门"),
                    &format!("; from at least {departments} departments"),
                );
            }
            self.item(&what, &team.cite);
        }
    }

    fn order(&self, order: &Order) -> String {
        let (title, answer) = (self.pick(&order.title), self.pick(&order.answer));
        let to: Vec<String> = order.to.iter().map(|row| self.addressee(&row.to)).collect();
        let to = self.on_duty(to.join(&self.say("或", " or ")), order.on_duty);
        let dated = if order.is_dated { self.say("，须定期限", ", by a day that is set") } else { String::new() };
        self.say(
            &format!("{title}：下达给{to}{dated}；回复：{answer}"),
            &format!("{title}: to the {to}{dated}; the answer: {answer}"),
        )
    }

    fn addressee(&self, to: &OrderTo) -> String {
        match to {
            OrderTo::Role(role) => self.role(role),
            OrderTo::Unit => self.say("承办单位负责人", "head of the unit that handles it"),
            OrderTo::Above => self.say("上一级单位负责人", "head of the unit above"),
            OrderTo::Competent => self.say("主管该事项的单位负责人", "head of the unit that has charge of the matter"),
            OrderTo::Body(body) => {
                let known = self.regime.words.bodies.iter().find(|word| word.id == *body);
                known.map_or_else(|| body.clone(), |word| self.pick(&word.title))
            }
        }
    }

    pub(super) fn appeals(&mut self) {
        let regime = self.regime;
        if !regime.appeals.is_empty() {
            self.section("申诉", "Appeals");
        }
        for appeal in &regime.appeals {
            let who = |who: &Appellant| match who {
                Appellant::Complainant => self.say("投诉人", "the complainant"),
                Appellant::Respondent => self.say("被投诉方", "whoever is complained of"),
                Appellant::Handler => self.say("承办人", "the handler"),
            };
            let who: Vec<String> = appeal.who.iter().map(who).collect();
            let after: Vec<String> = appeal.after.iter().map(|fact| self.fact(fact)).collect();
            let (who, after) = (who.join(&self.say("、", ", ")), after.join(&self.say("或", " or ")));
            let title = self.pick(&appeal.title);
            let within = appeal.within.map(|length| self.length(length));
            let within = within.map_or_else(String::new, |length| {
                self.say(&format!(" {length}内"), &format!(", within {length} of it"))
            });
            let (to, role) = (self.whither(appeal.to), self.role(&appeal.role));
            let mut what = self.say(
                &format!("{title}：“{after}”后{within}，{who}可以提出，由{to}的{role}办理"),
                &format!("{title}: after \"{after}\"{within}, by {who}; heard by the {role} of {to}"),
            );
            if appeal.other_handler {
                what += &self.say("，不由原承办人员办理", ", never by whoever handled it before");
            }
            if let Some(form) = &appeal.form {
                what += &self.say("；填", "; on the ");
                what += &self.form(form);
            }
            let outcomes: Vec<String> = appeal.outcomes.iter().map(|outcome| self.pick(&outcome.title)).collect();
            what += &self.say("；结果：", "; outcomes: ");
            what += &outcomes.join(&self.say("、", ", "));
            if appeal.is_final {
                what += &self.say("；为终局决定", "; it is final");
            }
            self.item(&what, &appeal.cite);
        }
    }
}
