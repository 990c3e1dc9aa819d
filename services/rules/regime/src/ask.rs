//! What a regime answers when it is asked about a case.

use crate::vocabulary;
use crate::{
    Answer, Approval, Case, Checked, EffectRule, FactRef, Grade, Graded, Grading, Gravity, Guard, Guidance, Missing,
    Office, Order, Pack, PackError, Regime, Route, Step, Surroundings,
};
use kit_core::Text;
use std::collections::BTreeMap;

impl Regime {
    /// Reads a pack and checks it as a whole. `file` is how its errors name it.
    ///
    /// # Errors
    /// Everything that is wrong with it or left blank, in the order of its lines.
    pub fn parse(file: &str, yaml: &str) -> Result<Self, Vec<PackError>> {
        Self::parse_with(file, yaml, &BTreeMap::new())
    }

    /// The same, with an organisation's own values for the pack's parameters.
    ///
    /// # Errors
    /// Everything that is wrong with it or left blank, in the order of its lines.
    pub fn parse_with(file: &str, yaml: &str, choices: &BTreeMap<String, String>) -> Result<Self, Vec<PackError>> {
        let pack = Pack { file: file.to_owned(), yaml: yaml.to_owned() };
        let around = Surroundings { choices: choices.clone(), ..Surroundings::default() };
        let Checked { regime, mut found, .. } = Self::check(&pack, &around);
        found.retain(|found| found.gravity != Gravity::Warning);
        regime.ok_or(found)
    }

    /// The severity that the rules give to the case as it now is: the first that speaks.
    pub fn grade(&self, case: &dyn Case) -> Option<Graded> {
        let speaks = |rule: &&Grading| match &rule.rule {
            Grade::If(condition) => condition.holds(case),
            Grade::Otherwise => true,
            Grade::On(..) => false,
        };
        self.grading.iter().find(speaks).map(graded)
    }

    /// The severity that a fact gives the case anew, if a rule says so and it is not that grave already.
    pub fn regrade_on(&self, fact: &FactRef, case: &dyn Case) -> Option<Graded> {
        let speaks = |rule: &&Grading| match &rule.rule {
            Grade::On(on, condition) => on.matches(&fact.word, fact.arg.as_deref()) && condition.holds(case),
            _ => false,
        };
        let graded = self.grading.iter().find(speaks).map(graded)?;
        let now = case.variables().remove("severity");
        (now != Some(crate::Value::Word(graded.severity.clone()))).then_some(graded)
    }

    /// Everything that is missing before the step, or forbids it: a command or one of the regime's own steps. A command
    /// for one object, as in `order(supervision)`, meets the guards of all its kind as well.
    pub fn guard(&self, step: &str, case: &dyn Case) -> Vec<Missing> {
        let kind = step.split('(').next().unwrap_or(step);
        let is_before = |guard: &&Guard| guard.before.iter().any(|before| before == step || before == kind);
        let applies = self.guards.iter().filter(is_before).filter(|guard| guard.condition.holds(case));
        let mut missing = Vec::new();
        for guard in applies {
            let lack = |needs| Missing { needs, say: guard.say.clone(), cite: guard.cite.clone() };
            if guard.needs.is_empty() {
                missing.push(lack(None));
            }
            missing.extend(guard.needs.iter().filter(|needs| !case.has(needs)).map(|needs| lack(Some(needs.clone()))));
        }
        missing
    }

    /// Who must sign off on `what`, in their order, and the clause; none where nobody must. More time on one clock is
    /// asked as `extension(handling)`.
    pub fn approvers(&self, what: &str, case: &dyn Case) -> Option<(&[String], &str)> {
        let kind = what.split('(').next().unwrap_or(what);
        let is_of = |approval: &&Approval| approval.of == what || approval.of == kind;
        let rule = self.approvals.iter().filter(is_of).find(|approval| approval.condition.holds(case))?;
        Some((&rule.by, &rule.cite))
    }

    /// The role that must approve `what` (such as `overrun`), and the clause; none where nobody must.
    pub fn approver(&self, what: &str, case: &dyn Case) -> Option<(String, String)> {
        let (by, cite) = self.approvers(what, case)?;
        Some((by.first()?.clone(), cite.to_owned()))
    }

    /// What a fact makes happen of itself.
    pub fn effects_on(&self, fact: &FactRef, case: &dyn Case) -> Vec<&EffectRule> {
        let speaks = |rule: &&EffectRule| rule.on.iter().any(|on| on.matches(&fact.word, fact.arg.as_deref()));
        self.effects.iter().filter(speaks).filter(|rule| rule.condition.holds(case)).collect()
    }

    /// How the answer that an act gives is given, where a rule says so.
    pub fn answer_rule(&self, act: &str, case: &dyn Case) -> Option<&Answer> {
        self.answers.iter().filter(|answer| answer.of == act).find(|answer| answer.condition.holds(case))
    }

    /// Where somebody may turn against what was decided in this case, outside of the house.
    pub fn redress_for(&self, of: crate::Party, case: &dyn Case) -> Vec<&crate::Redress> {
        self.redress.iter().filter(|redress| redress.of == of && redress.condition.holds(case)).collect()
    }

    /// The acts of this case that whoever did one of must not do `act`, with the clause.
    pub fn apart_from(&self, act: &str, case: &dyn Case) -> Vec<(&str, &str)> {
        let rules = self.apart.iter().filter(|apart| apart.acts.iter().any(|one| one == act));
        let rules = rules.filter(|apart| apart.condition.holds(case));
        let others = rules.flat_map(|apart| apart.acts.iter().map(|one| (one.as_str(), apart.cite.as_str())));
        others.filter(|(one, _)| *one != act).collect()
    }

    /// The roles on the rungs of the ladder above that of a role; all rungs, for a role that stands on none.
    pub fn roles_above(&self, role: &str) -> impl Iterator<Item = &str> {
        let own = self.ladder.iter().position(|rung| rung.roles.iter().any(|one| one == role));
        self.ladder.iter().skip(own.map_or(0, |at| at + 1)).flat_map(|rung| &rung.roles).map(String::as_str)
    }

    /// One of the regime's steps.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// One of its orders.
    pub fn order(&self, id: &str) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == id)
    }

    /// Where the case goes.
    ///
    /// `office` tells what the unit does now, and is asked only where a rule depends on it.
    pub fn route(&self, case: &dyn Case, office: impl Fn() -> Office) -> Option<&Route> {
        let speaks = |route: &&Route| route.during.is_empty() || route.during.contains(&office());
        self.routing.iter().filter(speaks).find(|route| route.condition.holds(case))
    }

    /// Whether where a case or an order goes depends on what the unit does at that instant.
    pub fn asks_office(&self) -> bool {
        let of_orders = self.orders.iter().flat_map(|order| &order.to).map(|row| &row.during);
        !self.routing.iter().map(|route| &route.during).chain(of_orders).all(Vec::is_empty)
    }

    /// The roles that may give the command or do the step; nobody where it is empty.
    pub fn roles_for(&self, command: &str) -> &[String] {
        self.who.get(command).map_or(&[], Vec::as_slice)
    }

    /// All advice at an act that comes before there is a case of which a condition could be asked: what is not for every
    /// case says for which it is.
    pub fn guidance_before(&self, act: &str) -> Vec<Text> {
        let told = |one: &Guidance| {
            let only = one.condition.only(self);
            Text::new(only.zh + &one.say.zh, only.en + &one.say.en)
        };
        self.guidance.iter().filter(|one| one.at == act).map(told).collect()
    }

    /// The title of a role, of a body, or of whoever else may be told; `handler` has one too.
    pub fn role_title(&self, role: &str) -> Text {
        match role {
            vocabulary::HANDLER => return Text::new("承办人", "the handler"),
            vocabulary::FIRST_CONTACT => return Text::new("首接责任人", "whoever took it in"),
            vocabulary::TEAM => return Text::new("工作组成员", "the team"),
            vocabulary::UNIT_HEAD => return Text::new("承办单位负责人", "the head of the unit"),
            vocabulary::COMPLAINANT => return Text::new("投诉人", "the complainant"),
            vocabulary::RESPONDENT => return Text::new("被投诉人", "the respondent"),
            vocabulary::ANYONE => return Text::new("任何工作人员", "any member of staff"),
            vocabulary::ADMINISTRATOR => return Text::new("管理员", "an administrator"),
            _ => {}
        }
        let mut known = self.words.roles.iter().chain(&self.words.bodies);
        known.find(|word| word.id == role).map_or_else(|| Text::new(role, role), |w| w.title.clone())
    }

    /// The title of a word that a variable of a case can be, such as `minor` of `severity`.
    pub fn word_title(&self, variable: &str, word: &str) -> Option<Text> {
        let words = match variable {
            "kind" => &self.words.kinds,
            "category" => &self.words.categories,
            "severity" => &self.words.severities,
            "validity" => &self.words.validity,
            "handler_role" => &self.words.roles,
            "complainant" => &self.words.complainants,
            "respondent" => &self.words.respondents,
            "finding" => &self.words.findings,
            "satisfaction" => &self.words.satisfaction,
            "channel" => return self.channels.iter().find(|channel| channel.id == word).map(|one| one.title.clone()),
            name => &self.words.facts.iter().find(|question| question.name == name)?.words,
        };
        words.iter().find(|known| known.id == word).map(|known| known.title.clone())
    }

    /// The title of one of the regime's own steps.
    pub fn step_title(&self, step: &str) -> Option<Text> {
        self.step(step).map(|step| step.title.clone())
    }

    /// The title of a fact, and of what it names in its brackets.
    pub fn fact_with_argument(&self, fact: &FactRef) -> Text {
        let title = self.fact_title(fact);
        let Some(arg) = &fact.arg else { return title };
        let arg = self.argument_title(&fact.word, arg);
        Text::new(format!("{}（{}）", title.zh, arg.zh), format!("{} ({})", title.en, arg.en))
    }

    /// What a fact names in its brackets, as the regime or the house calls it.
    pub fn argument_title(&self, word: &str, arg: &str) -> Text {
        let of_step = || self.step(word)?.outcomes.iter().find(|one| one.id == arg).map(|one| one.title.clone());
        let clock = || self.clocks.iter().find(|clock| clock.name == arg).map(|clock| clock.title.clone());
        let breach = || self.breaches.iter().find(|breach| breach.name == arg).map(|breach| breach.title.clone());
        let ground = || self.scope.iter().find(|ground| ground.id == arg).map(|ground| ground.title.clone());
        let measure = || self.words.measures.iter().find(|one| one.word.id == arg).map(|one| one.word.title.clone());
        let word_of =
            || ["severity", "validity", "finding", "satisfaction", "kind"].iter().find_map(|v| self.word_title(v, arg));
        let order = || self.order(arg).map(|order| order.title.clone());
        let team = || self.teams.iter().find(|team| team.id == arg).map(|team| team.title.clone());
        let appeal = || self.appeals.iter().find(|appeal| appeal.tier == arg).map(|appeal| appeal.title.clone());
        let ledger = || self.records.ledgers.iter().find(|one| one.id == arg).map(|one| one.title.clone());
        let stage = || self.course.iter().find(|stage| stage.id == arg).map(|stage| stage.title.clone());
        let act = || {
            self.step_title(arg).or_else(|| vocabulary::term(vocabulary::COMMANDS, arg).map(vocabulary::Term::title))
        };
        let template = || vocabulary::term(vocabulary::TEMPLATES, arg).map(vocabulary::Term::title);
        let house = || {
            let (_, zh, en) = HOUSE_ARGUMENTS.iter().find(|(id, ..)| *id == arg)?;
            Some(Text::new(*zh, *en))
        };
        let found = of_step().or_else(clock).or_else(breach).or_else(ground).or_else(measure).or_else(word_of);
        let found = found.or_else(order).or_else(team).or_else(appeal).or_else(ledger).or_else(stage).or_else(act);
        found.or_else(template).or_else(house).unwrap_or_else(|| Text::new(arg, arg))
    }

    /// The title of a fact: one of the house, or one of the regime's own steps.
    pub fn fact_title(&self, fact: &FactRef) -> Text {
        let own = self.step_title(&fact.word);
        let known = || vocabulary::term(vocabulary::FACTS, &fact.word).map(vocabulary::Term::title);
        own.or_else(known).unwrap_or_else(|| Text::new(&*fact.word, &*fact.word))
    }
}

/// What facts of the house name in their brackets, and no regime does.
const HOUSE_ARGUMENTS: &[(&str, &str, &str)] = &[
    ("written", "书面", "in writing"),
    ("oral", "口头", "orally"),
    ("resolved", "已处理", "resolved"),
    ("declined", "不予受理", "declined"),
    ("referred", "移送", "referred"),
    ("withdrawn", "撤回", "withdrawn"),
    ("answered-at-once", "当场答复", "answered at once"),
    ("merged", "并案", "merged"),
    ("upheld", "维持", "upheld"),
    ("redirected", "改派", "redirected"),
    ("repeat", "重复", "a repeat"),
    ("over-level", "越级", "over-level"),
    ("same-report", "同一举报", "the same report"),
    ("twin", "分案", "a twin"),
    ("lead", "线索", "a lead"),
    ("related", "相关", "related"),
];

fn graded(rule: &Grading) -> Graded {
    Graded { severity: rule.then.clone(), cite: rule.cite.clone(), is_automatic: rule.is_automatic }
}

#[cfg(test)]
mod tests;
