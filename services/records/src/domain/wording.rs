//! An entry in words: its phrase, filled in with the titles of the regime and the names of the organisation.

use super::{Entry, phrases::phrase};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use kit_core::Text;
use organisation::Directory;
use regime::{
    FactRef, Regime, Word,
    vocabulary::{CHANNELS, COMMANDS, FIELDS, SHOWN, Term, WAYS, term},
};
use serde_json::Value;

/// What an entry's words are looked up in.
pub(crate) struct Words<'a> {
    pub(crate) regime: Option<&'a Regime>,
    pub(crate) directory: &'a Directory,
    pub(crate) zone: Tz,
}

impl Words<'_> {
    /// The entry as people read it.
    pub(crate) fn of(&self, entry: &Entry) -> Text {
        let Some((zh, en)) = phrase(&entry.fact) else { return Text::new(&entry.fact, &entry.fact) };
        let (mut zh, mut en) = (zh.to_owned(), en.to_owned());
        for (name, value) in &entry.args {
            let said = self.say(name, value);
            let slot = format!("{{{name}}}");
            zh = zh.replace(&slot, &said.zh);
            en = en.replace(&slot, &said.en);
        }
        // An entry that an older build wrote may lack what a phrase has now.
        let (zh, en) = (without_slots(&zh), without_slots(&en));
        // A full-width bracket brings its own space.
        Text::new(tidy(&zh).replace(" （", "（"), tidy(&en))
    }

    /// The name of whoever acted, where it is a member of staff.
    pub(crate) fn actor(&self, actor: &str) -> String {
        self.directory.staff(actor).map(|staff| staff.name.clone()).unwrap_or_default()
    }

    fn say(&self, name: &str, value: &Value) -> Text {
        match value {
            Value::Array(items) => {
                let all: Vec<Text> = items.iter().map(|item| self.say(name, item)).collect();
                let zh: Vec<&str> = all.iter().map(|t| t.zh.as_str()).collect();
                let en: Vec<&str> = all.iter().map(|t| t.en.as_str()).collect();
                Text::new(zh.join("、"), en.join(", "))
            }
            Value::Bool(flag) => flag_text(name, *flag),
            Value::Number(points) if name == "points" => Text::new(format!("{points} 分"), format!("{points} points")),
            Value::String(text) if text.is_empty() && name == "keep_until" => Text::new("长期保存", "kept long-term"),
            Value::String(text) => self.title(name, text).unwrap_or_else(|| Text::new(text, text)),
            other => Text::new(other.to_string(), other.to_string()),
        }
    }

    /// The title of an id of this sort; none where it has none.
    fn title(&self, name: &str, id: &str) -> Option<Text> {
        match name {
            "staff" | "by" => self.directory.staff(id).map(|s| Text::new(&s.name, &s.name)),
            "unit" => self.directory.unit(id).map(|u| u.name.clone()),
            "channel" => self.of_regime(name, id).or_else(|| shared(CHANNELS, id)),
            "purpose" => self.regime.map(|regime| regime.fact_title(&FactRef::new(id))),
            "way" => shared(WAYS, id),
            "field" => shared(FIELDS, id),
            "outcome" => outcome(id),
            "cite" if !id.is_empty() => Some(Text::new(format!("（{id}）"), format!("({id})"))),
            "due_at" => self.instant(id),
            "until" => Some(more(id)),
            "date" => day(id),
            "then" if !id.is_empty() => Some(Text::new("，案件继续", "; the case goes on")),
            "approved" if !id.is_empty() => {
                let name = self.actor(id);
                Some(Text::new(format!("，由{name}批准"), format!(", approved by {name}")))
            }
            "relation" => relation(id),
            "party" => Some(party(id)),
            "ruling" if id == "upheld" => Some(Text::new("维持", "upheld")),
            "ruling" if id == "redirected" => Some(Text::new("改派", "redirected")),
            "shows" => shared(SHOWN, id),
            "act" => self.act(id),
            "role" | "recipient" => self.regime.map(|regime| regime.role_title(id)),
            "outcome_of" | "tier_outcome" => Some(self.outcome(name, id)),
            "regime" | "from_regime" => self.regime.filter(|regime| regime.id == id).map(|regime| regime.title.clone()),
            "ledger" => self.regime.and_then(|regime| regime.ledger(id)).map(|ledger| ledger.title.clone()),
            "keep_until" => day(id).map(|day| Text::new(format!("保存至{}", day.zh), format!("kept until {}", day.en))),
            _ => self.of_regime(name, id),
        }
    }

    /// A command or a step, some with their one object.
    fn act(&self, act: &str) -> Option<Text> {
        let kind = act.split('(').next().unwrap_or(act);
        shared(COMMANDS, kind).or_else(|| self.regime.and_then(|regime| regime.step_title(kind)))
    }

    /// The outcome in `step(outcome)` or `tier(outcome)`; nothing where there is none.
    fn outcome(&self, name: &str, text: &str) -> Text {
        let of = |regime: &Regime| {
            let (id, outcome) = text.strip_suffix(')')?.split_once('(')?;
            let outcomes = match name {
                "outcome_of" => regime.step(id).map(|step| &step.outcomes),
                _ => regime.appeals.iter().find(|appeal| appeal.tier == id).map(|appeal| &appeal.outcomes),
            };
            let title = outcomes?.iter().find(|one| one.id == outcome).map(|one| one.title.clone())?;
            Some(Text::new(format!("（{}）", title.zh), format!("({})", title.en)))
        };
        self.regime.and_then(of).unwrap_or_default()
    }

    fn of_regime(&self, name: &str, id: &str) -> Option<Text> {
        let known = titles(self.regime?, name)?;
        known.into_iter().find(|(known, _)| known == id).map(|(_, title)| title)
    }

    /// The instant in the unit's zone; a day ends at 24:00, not at 0:00 of the next.
    fn instant(&self, text: &str) -> Option<Text> {
        let there = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&self.zone).naive_local();
        Some(if there.time() == NaiveTime::MIN {
            let day = there.date() - TimeDelta::days(1);
            Text::new(day.format("%Y年%-m月%-d日24:00").to_string(), day.format("%Y-%m-%d 24:00").to_string())
        } else {
            Text::new(there.format("%Y年%-m月%-d日%H:%M").to_string(), there.format("%Y-%m-%d %H:%M").to_string())
        })
    }
}

/// The titles that the regime has for ids of this sort.
fn titles(regime: &Regime, name: &str) -> Option<Vec<(String, Text)>> {
    let titled = |words: &[Word]| Some(words.iter().map(|w| (w.id.clone(), w.title.clone())).collect());
    match name {
        "kind" => titled(&regime.words.kinds),
        "category" => titled(&regime.words.categories),
        "severity" => titled(&regime.words.severities),
        "validity" => titled(&regime.words.validity),
        "finding" => titled(&regime.words.findings),
        "measures" => Some(regime.words.measures.iter().map(|m| (m.word.id.clone(), m.word.title.clone())).collect()),
        "step" => Some(regime.steps.iter().map(|step| (step.id.clone(), step.title.clone())).collect()),
        "body" => titled(&regime.words.bodies),
        "stage" => Some(regime.course.iter().map(|stage| (stage.id.clone(), stage.title.clone())).collect()),
        "order" => Some(regime.orders.iter().map(|order| (order.id.clone(), order.title.clone())).collect()),
        "team" => Some(regime.teams.iter().map(|team| (team.id.clone(), team.title.clone())).collect()),
        "tier" => Some(regime.appeals.iter().map(|appeal| (appeal.tier.clone(), appeal.title.clone())).collect()),
        "stated" => Some(regime.words.facts.iter().map(|fact| (fact.name.clone(), fact.title.clone())).collect()),
        "satisfaction" => titled(&regime.words.satisfaction),
        "clock" => Some(regime.clocks.iter().map(|c| (c.name.clone(), c.title.clone())).collect()),
        "breach" => Some(regime.breaches.iter().map(|b| (b.name.clone(), b.title.clone())).collect()),
        "channel" => Some(regime.channels.iter().map(|c| (c.id.clone(), c.title.clone())).collect()),
        "ground" => Some(regime.scope.iter().map(|g| (g.id.clone(), g.title.clone())).collect()),
        _ => None,
    }
}

fn shared(list: &'static [Term], id: &str) -> Option<Text> {
    term(list, id).map(Term::title)
}

fn flag_text(name: &str, flag: bool) -> Text {
    match (name, flag) {
        ("reached", true) => Text::new("已联系上", "reached"),
        ("reached", false) => Text::new("未联系上", "not reached"),
        ("on_time", true) => Text::new("按期", "on time"),
        ("on_time", false) => Text::new("超期", "late"),
        ("checked", true) => Text::new("合格", "in order"),
        ("checked", false) => Text::new("不合格，须重新落实", "not in order, owed again"),
        ("courtesy", true) => Text::new("（超出范围，仍予受理）", " (out of scope, as a courtesy)"),
        (_, true) => Text::new("是", "yes"),
        (_, false) => Text::new("否", "no"),
    }
}

/// How a case ended.
pub(crate) fn outcome(id: &str) -> Option<Text> {
    Some(match id {
        "resolved" => Text::new("处理完毕", "resolved"),
        "declined" => Text::new("不予受理", "declined"),
        "withdrawn" => Text::new("投诉人撤回", "withdrawn"),
        "referred" => Text::new("移送", "referred"),
        "answered-at-once" => Text::new("当场答复", "answered at once"),
        "merged" => Text::new("并案", "merged"),
        _ => return None,
    })
}

/// How two cases have to do with each other.
fn relation(id: &str) -> Option<Text> {
    Some(match id {
        "repeat" => Text::new("重复反映", "raised again"),
        "over-level" => Text::new("越级反映", "raised over our heads"),
        "same-report" => Text::new("同一举报", "the same report"),
        "twin" => Text::new("同时提出", "handed in together"),
        "lead" => Text::new("转为案源", "a lead from it"),
        "related" => Text::new("有关联", "related"),
        "merged" => Text::new("并案", "merged"),
        _ => return None,
    })
}

fn party(id: &str) -> Text {
    match id {
        "complainant" => Text::new("投诉人", "the complainant"),
        "respondent" => Text::new("被投诉人", "the respondent"),
        "handler" => Text::new("承办人", "the handler"),
        other => Text::new(other, other),
    }
}

/// A text without the slots that nothing filled.
fn without_slots(text: &str) -> String {
    let mut parts = text.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| said + part.split_once('}').map_or(part, |(_, rest)| rest))
}

fn day(text: &str) -> Option<Text> {
    let day: NaiveDate = text.parse().ok()?;
    Some(Text::new(day.format("%Y年%-m月%-d日").to_string(), day.to_string()))
}

/// More time: until a day, or by a length.
fn more(text: &str) -> Text {
    if let Some(day) = day(text) {
        return Text::new(format!("延至{}", day.zh), format!("to {}", day.en));
    }
    let length = text.parse().map_or_else(|_| Text::new(text, text), |length: regime::Length| length.title());
    Text::new(format!("延长{}", length.zh), format!("by {}", length.en))
}

/// Empty places leave no gaps.
fn tidy(text: &str) -> String {
    text.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
