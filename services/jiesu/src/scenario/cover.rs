//! Which rules of a pack a scenario exercised, as the services themselves tell it: by the clauses and names in their
//! events, by their refusals, and by what they let people do.

mod course;
mod rules;

use super::world::World;
use anyhow::Result;
use contracts::{Fact, common::Envelope};
use kit_core::Problem;
use kit_db::schema_name;
use prost::Message as _;
pub(super) use rules::rules;
pub(crate) use rules::{Rule, parts};
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::{BTreeMap, BTreeSet};

/// What was observed in the course of a scenario: case by case, and what is of no case under the empty name.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    of: BTreeMap<String, Shown>,
}

/// What was observed in one case, or under one regime.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    /// (role, command) of everything that somebody did.
    pub(super) done: BTreeSet<(String, String)>,
    pub(super) refusals: Vec<Problem>,
    /// Advice that was read, in Chinese.
    pub(super) guidance: BTreeSet<String>,
    facts: Vec<Fact>,
    notices: BTreeSet<Told>,
}

/// A notice that a fact asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    on: String,
    template: String,
    to: String,
}

impl Evidence {
    /// What is observed in a case.
    pub(super) fn in_case(&mut self, case: &str) -> &mut Shown {
        self.of.entry(case.to_owned()).or_default()
    }

    /// Adds everything that the logs of a world hold of its cases, duties and surveys.
    ///
    /// # Errors
    /// A log cannot be read.
    pub(super) async fn read(&mut self, world: &World) -> Result<()> {
        for name in crate::services::NAMES {
            let sql = format!(
                "SELECT envelope FROM {}.event_log WHERE key LIKE 'case%' OR type LIKE '%.Duty%' OR type LIKE '%.Survey%'",
                schema_name(name)
            );
            for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&world.admin).await? {
                let envelope = Envelope::decode(row.get::<&[u8], _>(0))?;
                self.hear(Fact::decode(&envelope.r#type, &envelope.data)?);
            }
        }
        // The event of a notice does not say which fact asked for it; the key by which it is sent once does. Those of no
        // case are of duties.
        let sql = "SELECT coalesce('case_' || replace(case_id::text, '-', ''), ''), split_part(dedupe_key, '|', 2),
                          template, recipient FROM notification.notices";
        for row in sqlx::query(sql).fetch_all(&world.admin).await? {
            let told = Told { on: row.get(1), template: row.get(2), to: row.get(3) };
            self.in_case(row.get(0)).notices.insert(told);
        }
        Ok(())
    }

    fn hear(&mut self, fact: Option<Fact>) {
        if let Some(fact) = fact {
            let case = fact.case_id().to_owned();
            self.in_case(&case).facts.push(fact);
        }
    }

    /// What was observed under a regime: in the cases that were pinned to it at any time, and of no case at all.
    pub(super) fn under(&self, regime: &str) -> Shown {
        let mut all = Shown::default();
        for (case, shown) in &self.of {
            if case.is_empty() || shown.facts.iter().any(|fact| named_by(fact) == Some(regime)) {
                all.done.extend(shown.done.iter().cloned());
                all.refusals.extend(shown.refusals.iter().cloned());
                all.guidance.extend(shown.guidance.iter().cloned());
                all.notices.extend(shown.notices.iter().cloned());
                let is_of = |fact: &&Fact| !case.is_empty() || named_by(fact).is_none_or(|id| id == regime);
                all.facts.extend(shown.facts.iter().filter(is_of).cloned());
            }
        }
        all
    }
}

/// The regime that a fact is under by its own word.
fn named_by(fact: &Fact) -> Option<&str> {
    Some(match fact {
        Fact::CaseRegistered(e) => &e.regime_id,
        Fact::CaseMoved(e) => &e.regime_id,
        Fact::DutyDue(e) => &e.regime_id,
        Fact::DutyMissed(e) => &e.regime_id,
        Fact::DutyDone(e) => &e.regime_id,
        Fact::FiguresPublished(e) => &e.regime_id,
        Fact::SurveyOpened(e) => &e.regime_id,
        Fact::SurveyClosed(e) => &e.regime_id,
        _ => return None,
    })
}

impl Shown {
    /// Whether any case was under the regime.
    pub(super) fn has_case(&self) -> bool {
        self.any(|fact| matches!(fact, Fact::CaseRegistered(_)))
    }

    /// The rules of a pack that were exercised.
    pub(super) fn fired<'r>(&self, rules: &'r [Rule]) -> impl Iterator<Item = &'r Rule> {
        rules.iter().filter(|rule| self.shows(rule))
    }

    fn shows(&self, rule: &Rule) -> bool {
        let path: Vec<&str> = rule.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["channels", _, channel] => self.any(|fact| matches!(fact, Fact::CaseRegistered(e) if e.channel == *channel)),
            ["scope", _] => self.any(|fact| match fact {
                Fact::CaseDeclined(e) => rule.is("ground", &e.ground),
                Fact::CaseReferred(e) => rule.is("ground", &e.ground),
                Fact::CaseAccepted(e) => e.is_courtesy && rule.is("then", "courtesy"),
                _ => false,
            }),
            ["grading", _] => self.any(|fact| match fact {
                Fact::CaseGraded(e) => {
                    (rule.is("then", &e.severity) || rule.is("otherwise", &e.severity)) && rule.cites(&e.cite)
                }
                _ => false,
            }),
            ["routing", _] => {
                self.any(|fact| matches!(fact, Fact::CaseDispatched(e) if e.is_automatic && rule.cites(&e.cite)))
            }
            ["recusal", _] => {
                self.any(|fact| matches!(fact, Fact::HandlerRecused(e) if rule.cites(&e.cite)))
                    || self.refused_as("recused", rule)
            }
            ["ladder", rung] => {
                self.any(|fact| matches!(fact, Fact::CaseEscalated(e) if e.rung.to_string() == *rung && rule.list("role").contains(&e.role.as_str())))
            }
            ["guards", _] => self.refused(|text| rule.text("say").is_some_and(|say| is_said(say, text))),
            ["approvals", _] => self.approval(rule),
            ["clocks", clock, rest @ ..] => self.clock(rule, clock, rest),
            ["breaches", breach, ..] => {
                self.any(|fact| matches!(fact, Fact::BreachFound(e) if e.breach == *breach && rule.cites(&e.cite)))
            }
            ["notices", _] => self.notice(rule),
            ["records", "file"] => self.any(|fact| matches!(fact, Fact::CaseArchived(e) if rule.cites(&e.cite))),
            ["guidance", _] => {
                rule.text("say").is_some_and(|say| self.guidance.iter().any(|text| is_said(say, text)))
            }
            ["who", _] => {
                let may = rule.list("may");
                self.done.iter().any(|(role, command)| {
                    let is_it = |act: &&str| act.split('(').next() == Some(command);
                    rule.list("role").contains(&role.as_str()) && may.iter().any(is_it)
                })
            }
            path => self.course(rule, path),
        }
    }

    fn any(&self, is_it: impl Fn(&Fact) -> bool) -> bool {
        self.facts.iter().any(is_it)
    }

    fn refused(&self, is_it: impl Fn(&str) -> bool) -> bool {
        self.refusals
            .iter()
            .any(|problem| is_it(&problem.text.zh) || problem.fields.iter().any(|field| is_it(&field.text.zh)))
    }

    fn approval(&self, rule: &Rule) -> bool {
        let by = rule.list("by");
        self.any(|fact| match fact {
            Fact::ExtensionAsked(e) => by.contains(&e.approver_role.as_str()) && rule.cites(&e.cite),
            Fact::SuspensionAsked(e) => by.contains(&e.approver_role.as_str()) && rule.cites(&e.cite),
            Fact::ApprovalAsked(e) => rule.is("of", &e.act) && rule.cites(&e.cite),
            Fact::DecisionApproved(_) | Fact::DecisionRefused(_) => {
                let signed = |role: &&str| self.done.contains(&((*role).to_owned(), "approve-decision".to_owned()));
                rule.is("of", "decision") && by.iter().any(signed)
            }
            _ => false,
        })
    }

    fn clock(&self, rule: &Rule, clock: &str, rest: &[&str]) -> bool {
        self.any(|fact| match (fact, rest) {
            (Fact::ClockStarted(e), []) => e.clock == clock,
            (Fact::ClockStarted(e), ["within", ..]) => e.clock == clock && rule.cites(&e.cite),
            (Fact::ClockPaused(e), ["paused", ..]) => e.clock == clock && rule.cites(&e.cite),
            (Fact::ExtensionGranted(e), ["overrun"]) => e.clock == clock && e.tier == 0,
            (Fact::ExtensionGranted(e), ["extend"]) => e.clock == clock && e.tier > 0,
            (Fact::ExtensionGranted(e), ["extend", tier]) => e.clock == clock && e.tier.to_string() == *tier,
            (Fact::SuspensionGranted(e), ["suspend"]) => e.clocks.iter().any(|one| one == clock),
            (Fact::DeadlineNear(e), ["remind", n]) => e.clock == clock && e.reminder.to_string() == *n,
            (Fact::ClockMissed(e), ["missed", _]) => e.clock == clock && rule.text("after").is_none(),
            (Fact::ClockOverdue(e), ["missed", _]) => {
                e.clock == clock && rule.text("after").is_some() && rule.step == Some(e.step)
            }
            _ => false,
        })
    }

    fn notice(&self, rule: &Rule) -> bool {
        if let (Some(done), None) = (rule.text("done"), rule.text("send")) {
            return self
                .any(|fact| matches!(fact, Fact::TaskOpened(e) if e.purpose == done && rule.is("role", &e.role)));
        }
        let (on, to) = (rule.list("on"), rule.list("to"));
        let is_of = |told: &Told| on.iter().any(|on| told.on == *on || told.on.split('(').next() == Some(on));
        self.notices.iter().any(|told| is_of(told) && rule.is("send", &told.template) && to.contains(&told.to.as_str()))
    }
}

/// Whether the text of a pack, in which parameters stand as `$name`, was said so.
fn is_said(say: &str, text: &str) -> bool {
    let mut left = text;
    let mut parts = say.split('$').enumerate().map(|(place, part)| match place {
        0 => part,
        _ => part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-'),
    });
    parts.all(|part| match left.find(part) {
        Some(at) => {
            left = left.get(at + part.len()..).unwrap_or_default();
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{Evidence, Fact, is_said};
    use contracts::{assignment, deadline_watcher, intake};

    #[test]
    fn what_happens_in_a_case_shows_the_rules_of_its_own_regime_alone() {
        let mut evidence = Evidence::default();
        for (case_id, regime_id) in [("case_1", "library"), ("case_2", "clinic")] {
            let (case_id, regime_id) = (case_id.to_owned(), regime_id.to_owned());
            evidence.hear(Some(Fact::CaseRegistered(intake::CaseRegistered {
                case_id,
                regime_id,
                ..Default::default()
            })));
        }
        let signed = assignment::CaseSigned { case_id: "case_2".to_owned(), ..Default::default() };
        evidence.hear(Some(Fact::CaseSigned(signed)));
        evidence.in_case("case_1").done.insert(("desk".to_owned(), "note".to_owned()));
        let due = deadline_watcher::DutyDue { regime_id: "library".to_owned(), ..Default::default() };
        evidence.hear(Some(Fact::DutyDue(due)));
        let words = |regime: &str| evidence.under(regime).facts.iter().map(Fact::word).collect::<Vec<_>>();
        assert_eq!(words("library"), ["duty-due", "case-registered"]);
        assert_eq!(words("clinic"), ["case-registered", "case-signed"]);
        assert!(evidence.under("clinic").done.is_empty() && evidence.under("library").done.len() == 1);
        assert!(!evidence.under("third").has_case() && evidence.under("third").facts.is_empty());
    }

    #[test]
    fn a_text_is_known_again_whatever_stands_for_its_parameters() {
        assert!(is_said("标准办法：$answer-products，见手册", "请注意：标准办法：退货，见手册"));
        assert!(is_said("请耐心", "请耐心"));
        assert!(!is_said("标准办法：$answer，见手册", "标准办法：退货"));
        assert!(!is_said("甲 $a 乙", "乙 甲"));
    }
}
