//! The rules of the course, of what people demand of each other, of what happens of itself, and of the records.

use super::{Rule, Shown};
use contracts::Fact;
use regime::FactRef;

impl Shown {
    pub(super) fn course(&self, rule: &Rule, path: &[&str]) -> bool {
        match path {
            ["course", _] => rule.list("reached").iter().any(|fact| self.happened(fact)),
            ["steps", step, ..] => self.any(|fact| matches!(fact, Fact::StepDone(e) if e.step == *step)),
            ["apart", _] => self.refused_as("same-person", rule),
            ["teams", team] => self.any(|fact| matches!(fact, Fact::TeamFormed(e) if e.team == *team)),
            ["orders", order, ..] => self.any(|fact| matches!(fact, Fact::OrderGiven(e) if e.order == *order)),
            ["answers", _] => {
                let of = rule.text("of").unwrap_or_default();
                self.done.iter().any(|(_, command)| command == of)
            }
            ["redress", _] => self.happened("complainant-told"),
            ["effects", _] => self.effect(rule),
            ["splitting", _] => self.happened("case-linked(twin)"),
            ["repeats", _] => match rule.text("is") {
                Some("chase") => self.happened("complainant-chased"),
                relation => self.any(|fact| matches!(fact, Fact::CaseLinked(e) if relation == Some(&e.relation))),
            },
            ["withdrawal", _] => self.any(|fact| match fact {
                Fact::CaseWithdrawn(e) => rule.is("then", if e.then.is_empty() { "end" } else { &e.then }),
                _ => false,
            }),
            ["rating"] => self.happened("case-rated"),
            ["appeals", _] => self.any(|fact| matches!(fact, Fact::AppealLodged(e) if rule.is("tier", &e.tier))),
            ["callbacks", _] => self.any(
                |fact| matches!(fact, Fact::TaskOpened(e) if e.purpose == "case-called-back" && rule.is("by", &e.role)),
            ),
            ["surveys", survey] => self.any(|fact| matches!(fact, Fact::SurveyOpened(e) if e.survey == *survey)),
            ["surveys", survey, ..] => self.any(|fact| matches!(fact, Fact::SurveyClosed(e) if e.survey == *survey)),
            ["records", rest @ ..] => self.records(rule, rest),
            // What no event tells of is not exercised as far as anybody can see.
            _ => false,
        }
    }

    fn records(&self, rule: &Rule, path: &[&str]) -> bool {
        match path {
            ["ledgers", ledger] => self.any(|fact| matches!(fact, Fact::LedgerEntered(e) if e.ledger == *ledger)),
            ["duties", _] => self.any(|fact| matches!(fact, Fact::DutyDue(e) if rule.is("do", &e.duty))),
            ["statistics"] => self.done.iter().any(|(_, command)| command == "statistics"),
            ["publicity", _] if rule.is("of", "summary") => {
                self.any(|fact| matches!(fact, Fact::FiguresPublished(e) if rule.cites(&e.cite)))
            }
            ["publicity", _] => self.happened("case-published") || self.happened("case-withheld"),
            ["confidential", _] => self.refused_as("confidential", rule),
            _ => false,
        }
    }

    /// What a rule brings about is told with its clause, by whoever did it.
    fn effect(&self, rule: &Rule) -> bool {
        self.any(|fact| match fact {
            Fact::CaseEscalated(e) => rule.text("climb").is_some() && rule.cites(&e.cite),
            Fact::OrderGiven(e) => e.is_automatic && rule.is("order", &e.order) && rule.cites(&e.cite),
            Fact::StepDone(e) => e.is_automatic && rule.text("do").is_some() && rule.cites(&e.cite),
            Fact::CaseReopened(e) => rule.is("reopen", &e.stage) && rule.cites(&e.cite),
            Fact::CaseClosed(e) => rule.is("end", &e.outcome) && rule.cites(&e.cite),
            Fact::LinkedCaseOwed(e) => rule.is("open", &e.kind) && rule.cites(&e.cite),
            Fact::LedgerEntered(e) => {
                (rule.is("enter", &e.ledger) || rule.is("assess", &e.ledger)) && rule.cites(&e.cite)
            }
            Fact::NoticeSent(e) => {
                let template = rule.text("send").unwrap_or("alert");
                !rule.list("tell").is_empty() && e.template == template && rule.cites(&e.cite)
            }
            _ => false,
        })
    }

    /// Whether the fact, as packs name it, happened in some case.
    fn happened(&self, name: &str) -> bool {
        let Ok(wanted) = name.parse::<FactRef>() else { return false };
        self.any(|fact| {
            wanted.word == "case-recorded" && matches!(fact, Fact::CaseRegistered(_))
                || facts::names(fact).iter().any(|(word, arg)| wanted.matches(word, *arg))
        })
    }

    pub(super) fn refused_as(&self, code: &str, rule: &Rule) -> bool {
        self.refusals.iter().any(|problem| problem.code == code && problem.text.zh.contains(&rule.cite))
    }
}
