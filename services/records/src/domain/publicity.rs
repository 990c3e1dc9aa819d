//! What the public may be shown of a case: titles of what it is, and what whoever publishes writes for the public. And of a
//! period: its figures. Nothing of it comes from the vault.

use super::refusal;
use facts::CaseView;
use kit_core::{Problem, Text};
use organisation::Directory;
use regime::{Publicity, Regime, vocabulary};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest text that is written for the public.
const LONGEST: usize = 2_000;
/// So many digits in a row are a telephone or an identity number.
const TELLING: usize = 7;

/// One thing that the public is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) text: Text,
}

/// The ids of what must not be the case: they are numbered.
pub(crate) fn nevers(rule: &Publicity) -> BTreeMap<String, Text> {
    (1_usize..).zip(&rule.never).map(|(nth, text)| (nth.to_string(), text.clone())).collect()
}

/// Whether whoever publishes writes it.
pub(crate) fn is_written(id: &str) -> bool {
    vocabulary::PUBLIC_TEXTS.contains(&id)
}

/// The title of something that may be shown.
pub(crate) fn title(id: &str) -> Text {
    vocabulary::term(vocabulary::SHOWN, id).map_or_else(|| Text::new(id, id), |term| term.title())
}

/// What is shown of the case now.
///
/// # Errors
/// A `never` is ticked, is unknown, or a text is none that is asked for, is too long, or tells who somebody is.
pub(crate) fn shown(
    regime: &Regime,
    rule: &Publicity,
    view: &CaseView,
    directory: &Directory,
    ticked: &[String],
    written: &BTreeMap<String, String>,
) -> Result<Vec<Shown>, Problem> {
    check_all(rule, ticked, written)?;
    let one = |id: &String| {
        let text = match said(written, id) {
            Some(text) => text,
            None => of_the_case(regime, view, directory, id)?,
        };
        Some(Shown { id: id.clone(), title: title(id), text })
    };
    Ok(rule.shows.iter().filter_map(one).collect())
}

/// The cases of a period by something that they are counted by: its title, and how many there are of each.
pub(crate) struct Counts {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) of: Vec<(Text, i64)>,
}

/// What is shown of figures: how many cases there were, what the rule shows of them, and what is written beside them.
///
/// # Errors
/// As of a case.
pub(crate) fn figures(
    rule: &Publicity,
    totals: &[(&str, Text, i64)],
    counts: &[Counts],
    ticked: &[String],
    written: &BTreeMap<String, String>,
) -> Result<Vec<Shown>, Problem> {
    check_all(rule, ticked, written)?;
    let total = |(id, title, count): &(&str, Text, i64)| {
        let count = count.to_string();
        Shown { id: (*id).to_owned(), title: title.clone(), text: Text::new(&count, &count) }
    };
    let one = |id: &String| {
        let counted = || counts.iter().find(|axis| axis.id == *id && !axis.of.is_empty());
        let (title, text) = match said(written, id) {
            Some(text) => (title(id), text),
            None => counted().map(|axis| (axis.title.clone(), listed(&axis.of)))?,
        };
        Some(Shown { id: id.clone(), title, text })
    };
    Ok(totals.iter().map(total).chain(rule.shows.iter().filter_map(one)).collect())
}

/// How many of each, in one line.
fn listed(counts: &[(Text, i64)]) -> Text {
    let line = |comma: &str, pick: fn(&Text) -> &str| {
        counts.iter().map(|(title, count)| format!("{} {count}", pick(title))).collect::<Vec<_>>().join(comma)
    };
    Text::new(line("、", |title| &title.zh), line(", ", |title| &title.en))
}

/// What was written of it, if anything.
fn said(written: &BTreeMap<String, String>, id: &str) -> Option<Text> {
    written.get(id).map(|text| text.trim()).filter(|text| !text.is_empty()).map(|text| Text::new(text, text))
}

/// Whether nothing forbids it, and what is written for the public is asked for and tells of nobody.
fn check_all(rule: &Publicity, ticked: &[String], written: &BTreeMap<String, String>) -> Result<(), Problem> {
    let nevers = nevers(rule);
    if let Some(unknown) = ticked.iter().find(|id| !nevers.contains_key(*id)) {
        return Err(refusal::unknown_word("nevers", unknown, nevers.keys().map(String::as_str)));
    }
    let forbids: Vec<&Text> = ticked.iter().filter_map(|id| nevers.get(id)).collect();
    if !forbids.is_empty() {
        return Err(refusal::forbids_publishing(&forbids, &rule.cite));
    }
    let asked = || rule.shows.iter().map(String::as_str).filter(|id| is_written(id));
    if let Some(stray) = written.keys().find(|id| !asked().any(|known| known == id.as_str())) {
        return Err(refusal::unknown_word("texts", stray, asked()));
    }
    for (id, text) in written {
        check(id, text)?;
    }
    Ok(())
}

/// What the case itself says of it; nothing where that is not known.
fn of_the_case(regime: &Regime, view: &CaseView, directory: &Directory, id: &str) -> Option<Text> {
    match id {
        "unit" => directory.unit(&view.unit_id).map(|unit| unit.name.clone()),
        "kind" => regime.word_title(id, &view.kind),
        "category" => regime.word_title(id, &view.category),
        "respondent" => regime.word_title(id, &view.respondent),
        "finding" | "result" => regime.word_title("finding", view.finding.as_deref()?),
        _ => None,
    }
}

fn check(id: &str, text: &str) -> Result<(), Problem> {
    if text.chars().count() > LONGEST {
        return Err(refusal::too_long(id, LONGEST));
    }
    if tells_who(text) { Err(refusal::tells_who(id)) } else { Ok(()) }
}

/// Whether a text holds what looks like a number or an address of a person.
pub(crate) fn tells_who(text: &str) -> bool {
    let digits = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    digits >= TELLING || text.contains('@')
}

#[cfg(test)]
mod tests {
    use super::{check, listed};
    use kit_core::Text;

    #[test]
    fn counts_stand_in_one_line() {
        let counts = [(Text::new("电梯", "Lift"), 3), (Text::new("卫生", "Cleaning"), 1)];
        assert_eq!(listed(&counts), Text::new("电梯 3、卫生 1", "Lift 3, Cleaning 1"));
    }

    #[test]
    fn what_tells_who_somebody_is_is_not_shown() {
        assert!(check("result", "已退还押金 1200 元，于 2026年4月15日").is_ok());
        for text in ["电话 13800138000", "someone@home.example", "身份证 110101199001011234"] {
            assert_eq!(check("result", text).unwrap_err().code, "tells-who");
        }
        assert_eq!(check("result", &"长".repeat(2_001)).unwrap_err().code, "too-long");
    }
}
