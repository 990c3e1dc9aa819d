//! The clocks of a pack.

use super::Desk;
use super::counting::choice;
use crate::names::Set;
use crate::node::{Data, Node};
use crate::reader::{Noun, Reader, Rule};
use crate::{
    Approval, Clock, Condition, FactRef, Length, Office, Overrun, Pause, Reminder, ReminderAt, Term, Together,
};

const CLOCK: Noun = ("时限", "clock");
/// Stands where a text has no number.
const NONE: &str = "none";
/// Who may be reminded beside people of the house.
const PARTIES: [&str; 2] = ["complainant", "respondent"];
const OFFICE: [(&str, Office); 4] =
    [("open", Office::Open), ("break", Office::Break), ("closed", Office::Closed), ("day-off", Office::DayOff)];
const TOGETHER: [(&str, Together); 3] =
    [("asked", Together::Asked), ("earlier", Together::Earlier), ("later", Together::Later)];
const FIELDS: &[&str] = &[
    "zh",
    "en",
    "if",
    "from",
    "or-after",
    "from-date",
    "until",
    "dropped",
    "anew",
    "within",
    "paused",
    "advisory",
    "missed",
    "remind",
    "overrun",
    "extend",
    "suspend",
];

/// The names of the clocks or breaches, before anything else of them is read: facts may mention any of them.
pub(super) fn names(reader: &Reader, section: &Node, noun: Noun) -> Vec<String> {
    reader.entries(section, noun).iter().map(|(key, _)| key.name.clone()).collect()
}

impl Desk<'_> {
    /// `rungs` is the height of the ladder that a miss may climb.
    pub(super) fn clocks(&self, section: Option<&Node>, rungs: usize, approvals: &[Approval]) -> Vec<Clock> {
        let Some(Data::Map(entries)) = section.map(|node| &node.data) else { return Vec::new() };
        entries.iter().filter_map(|(key, node)| self.clock(&key.name, node, rungs, approvals)).collect()
    }

    fn clock(&self, name: &str, node: &Node, rungs: usize, approvals: &[Approval]) -> Option<Clock> {
        let rule = self.reader.rule(node, CLOCK, FIELDS)?;
        let facts = |node| self.names.facts_in(&rule, node);
        let title = rule.title();
        let needed = |field| rule.need(field).map(facts).filter(|facts| !facts.is_empty());
        let (from, until) = (needed("from"), needed("until"));
        let or_after = rule.get("or-after").filter(|node| node.text() != Some("never"));
        let within = rule.need("within").map_or_else(Vec::new, |node| self.terms(&rule, node));
        let each = |field| rule.get(field).map_or(&[][..], Node::members).iter();
        let clock = Clock {
            name: name.to_owned(),
            condition: self.condition(&rule),
            or_after: or_after.map(facts).unwrap_or_default(),
            is_from_date: rule.flag("from-date"),
            dropped: rule.get("dropped").map(facts).unwrap_or_default(),
            anew: rule.get("anew").map(facts).unwrap_or_default(),
            paused: each("paused").filter_map(|node| self.pause(node)).collect(),
            advisory: rule.flag("advisory"),
            missed: each("missed").filter_map(|node| self.miss(&rule, node, rungs)).collect(),
            remind: each("remind").filter_map(|node| self.reminder(&rule, node)).collect(),
            overrun: rule.get("overrun").and_then(|node| self.overrun(node)),
            extend: self.extends(&rule, name, &within, approvals),
            suspend: rule.get("suspend").and_then(|node| self.suspend(node, name, approvals)),
            within,
            title: title?,
            from: from?,
            until: until?,
            cite: rule.cite.clone(),
        };
        consistent(&rule, &clock);
        Some(clock)
    }

    /// `within` is a length, or a list of terms; `none` where the text sets no number.
    fn terms<'a>(&self, clock: &Rule<'a>, node: &'a Node) -> Vec<Term> {
        let is_terms = node.members().iter().any(|member| matches!(member.data, Data::Map(_)));
        if !is_terms {
            let (condition, cite) = (Condition::always(), clock.cite.clone());
            let take = lengths(clock, node);
            let (during, together) = (Vec::new(), Together::default());
            return vec![Term { condition, during, take, together, advisory: false, cite }];
        }
        node.members().iter().filter_map(|node| self.term(node)).collect()
    }

    fn term(&self, node: &Node) -> Option<Term> {
        let rule = self.reader.rule(node, ("期限", "term"), &["if", "during", "take", "together", "advisory"])?;
        let condition = self.condition(&rule);
        let take = rule.need("take").map_or_else(Vec::new, |node| lengths(&rule, node));
        let together = match rule.get("together") {
            None => Together::default(),
            Some(node) => choice(&rule, node, &TOGETHER)?,
        };
        Some(Term {
            condition,
            during: during(&rule)?,
            take,
            together,
            advisory: rule.flag("advisory"),
            cite: rule.cite,
        })
    }

    fn pause(&self, node: &Node) -> Option<Pause> {
        let rule = self.reader.rule(node, ("暂停", "pause"), &["if", "from", "until", "cap"])?;
        let condition = self.condition(&rule);
        let facts = |field| rule.need(field).map(|node| self.names.facts_in(&rule, node));
        let (from, until) = (facts("from").unwrap_or_default(), facts("until").unwrap_or_default());
        if from.iter().any(|fact| until.contains(fact)) {
            rule.fail(rule.line, "暂停的起点和终点相同", "this pause ends with the fact that starts it");
        }
        let cap = cap(&rule);
        Some(Pause { condition, from, until, cap, cite: rule.cite })
    }

    fn reminder(&self, clock: &Rule<'_>, node: &Node) -> Option<Reminder> {
        let mut part = self.reader.part(node, ("提醒", "reminder"), &["at", "before", "tell"])?;
        clock.cite.clone_into(&mut part.cite);
        let tell = part.need("tell").map_or(&[][..], Node::members).iter();
        let tell = tell.filter_map(|node| self.reminded(&part, node)).collect();
        let at = match (part.get("at"), part.get("before")) {
            (Some(node), None) => ReminderAt::Percent(percent(&part, node)?),
            (None, Some(node)) => ReminderAt::Before(span(&part, node)?),
            _ => {
                part.fail(
                    part.line,
                    "提醒须写明 at(百分比)或 before(提前量)，二者取一",
                    "a reminder has either `at` or `before`",
                );
                return None;
            }
        };
        Some(Reminder { at, tell })
    }

    /// A role, one that the case gives, or one of the parties.
    fn reminded(&self, part: &Rule<'_>, node: &Node) -> Option<String> {
        let party = node.text().map(str::trim).filter(|name| PARTIES.contains(name));
        party.map(str::to_owned).or_else(|| self.names.one(part, Set::RoleOrHandler, node))
    }

    fn overrun(&self, node: &Node) -> Option<Overrun> {
        let rule = self.reader.rule(node, ("超期审批", "overrun"), &["on-approval", "cap"])?;
        let cap = cap(&rule);
        Some(Overrun { on_approval: rule.flag("on-approval"), cap, cite: rule.cite })
    }
}

/// Notes what in a clock contradicts itself.
fn consistent(rule: &Rule<'_>, clock: &Clock) {
    let share = |a: &[FactRef], b: &[FactRef]| a.iter().any(|fact| b.contains(fact));
    if share(&clock.from, &clock.until) {
        rule.fail(rule.line, "时限的起点和终点相同", "this clock ends with the fact that starts it");
    }
    if share(&clock.or_after, &clock.until) || share(&clock.or_after, &clock.from) {
        let en = "`or-after` is another fact than those that start and end this clock";
        rule.fail(rule.line, "or-after 须是另一个事实", en);
    }
    if share(&clock.anew, &clock.until) {
        rule.fail(rule.line, "结束时限的事实不能使其重新计算", "what ends this clock cannot begin it anew");
    }
    if share(&clock.dropped, &clock.until) || share(&clock.dropped, &clock.anew) {
        let en = "what drops a run is another fact than those that end it or count it anew";
        rule.fail(rule.line, "dropped 须是 until 和 anew 以外的事实", en);
    }
    if clock.is_from_date && clock.from != [FactRef::about("date-set", &*clock.name)] {
        let (zh, en) = (
            format!("起算日由人确定的时限，from 须写作 date-set({})", clock.name),
            format!("a clock that starts on a date that is set is `from: date-set({})`", clock.name),
        );
        rule.fail(rule.line, zh, en);
    }
    if clock.is_from_date && !(clock.or_after.is_empty() && clock.anew.is_empty()) {
        let en =
            "a clock that starts on a date that is set has one run from the last such date: no `or-after`, no `anew`";
        rule.fail(rule.line, "起算日由人确定的时限只按最后确定的日期计算一次，不能写 or-after 或 anew", en);
    }
    if clock.is_from_date && clock.within.iter().any(|term| term.take.contains(&Length::Set)) {
        let en = "the date that is set is either where this clock starts or where it ends, not both";
        rule.fail(rule.line, "确定的日期不能既是起算日又是到期日", en);
    }
}

fn lengths<'a>(rule: &Rule<'a>, node: &'a Node) -> Vec<Length> {
    let is_none = |node: &&Node| node.text().map(str::trim) == Some(NONE);
    let lengths: Vec<Length> =
        node.members().iter().filter(|node| !is_none(node)).filter_map(|node| rule.length(node)).collect();
    if lengths == [Length::Asked] && !node.members().iter().any(|node| is_none(&node)) {
        rule.fail(
            node.line,
            "只写 asked 时，对未提出期限的投诉就没有时限；请同时写一个时长",
            "`asked` alone leaves a case without a date; add a length for those who asked for none",
        );
    }
    lengths
}

/// The field `cap`; absent, or `none` where the text sets no maximum, there is none.
pub(super) fn cap(rule: &Rule<'_>) -> Option<Length> {
    rule.get("cap").filter(|node| node.text() != Some(NONE)).and_then(|node| span(rule, node))
}

/// A length that is a distance in time: not `same-day`, `before day 30 of month`, `asked` or `set`.
pub(super) fn span<'a>(rule: &Rule<'a>, node: &'a Node) -> Option<Length> {
    let length = rule.length(node)?;
    if !length.is_span() {
        rule.fail(node.line, format!("此处不能用“{length}”"), format!("`{length}` cannot stand here"));
        return None;
    }
    Some(length)
}

fn percent<'a>(rule: &Rule<'a>, node: &'a Node) -> Option<u32> {
    let text = rule.scalar(node)?;
    let percent = text.strip_suffix('%').and_then(|number| number.trim().parse().ok()).filter(|n| (1..100).contains(n));
    if percent.is_none() {
        rule.fail(node.line, format!("“{text}”应是 1% 至 99%"), format!("`{text}` is not between 1% and 99%"));
    }
    percent
}

/// The hours of the unit to which a rule is confined; empty: all.
pub(super) fn during(rule: &Rule<'_>) -> Option<Vec<Office>> {
    let hours = rule.get("during").map_or(&[][..], Node::members);
    hours.iter().map(|node| choice(rule, node, &OFFICE)).collect()
}
