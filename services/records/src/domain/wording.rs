//! An entry in words: its phrase, filled in with the titles of the regime and the names of the organisation.

use super::{Entry, phrases::phrase};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use kit_core::Text;
use organisation::Directory;
use regime::{
    FactRef, Regime, Word,
    vocabulary::{CHANNELS, FIELDS, Term, WAYS, term},
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
            Value::String(text) if text.is_empty() && name == "keep_until" => Text::new("长期保存", "kept long-term"),
            Value::String(text) => self.title(name, text).unwrap_or_else(|| Text::new(text, text)),
            other => Text::new(other.to_string(), other.to_string()),
        }
    }

    /// The title of an id of this sort; none where it has none.
    fn title(&self, name: &str, id: &str) -> Option<Text> {
        match name {
            "staff" => self.directory.staff(id).map(|s| Text::new(&s.name, &s.name)),
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
            "keep_until" => day(id).map(|day| Text::new(format!("保存至{}", day.zh), format!("kept until {}", day.en))),
            "recipient" if id == "complainant" => Some(Text::new("投诉人", "the complainant")),
            _ => self.of_regime(name, id),
        }
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
        "measures" => titled(&regime.words.measures),
        "step" => titled(&regime.words.steps),
        "role" | "recipient" => titled(&regime.words.roles),
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
        (_, true) => Text::new("是", "yes"),
        (_, false) => Text::new("否", "no"),
    }
}

fn outcome(id: &str) -> Option<Text> {
    Some(match id {
        "resolved" => Text::new("处理完毕", "resolved"),
        "declined" => Text::new("不予受理", "declined"),
        "withdrawn" => Text::new("投诉人撤回", "withdrawn"),
        _ => return None,
    })
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
