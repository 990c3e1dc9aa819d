//! What the matter is about: the department and the staff complained of, the day asked for, and the facts told.

use crate::domain::{check::Door, draft::Draft, nearest::nearest, wrong::Wrong};
use chrono::{Months, NaiveDate};
use facts::Law;
use kit_ids::StaffId;
use regime::{Question, QuestionKind, Value, Word, vocabulary::NUMBERS};
use std::collections::BTreeSet;

/// More people than this are named in a text, not picked from a list.
const MOST_STAFF: usize = 50;

/// Who files and whom it is about are of the sorts that the regime names.
pub(crate) fn parties(wrong: &mut Wrong, draft: &Draft, door: &Door) {
    let words = &door.regime.words;
    let mut sort = |field: &str, given: &str, known: &[Word]| {
        if given.is_empty() || known.iter().any(|word| word.id == given) {
            return;
        }
        let ids = || known.iter().map(|word| word.id.as_str());
        let hint = nearest(given, ids()).map_or_else(|| ids().collect::<Vec<_>>().join(", "), str::to_owned);
        let (zh, en) =
            (format!("制度中没有这一类；可用：{hint}"), format!("The regime names no such sort; try: {hint}"));
        wrong.add(field, "unknown-word", zh, en);
    };
    sort("complainant", &draft.complainant, &words.complainants);
    sort("respondent.type", &draft.respondent.sort, &words.respondents);
}

/// The department complained of lies under the branch.
pub(crate) fn unit(wrong: &mut Wrong, draft: &Draft, law: &Law, door: &Door) {
    let Some(about) = draft.about_unit_id.as_deref().filter(|id| !id.is_empty()) else { return };
    let directory = law.directory();
    if directory.unit(about).is_some_and(|unit| !unit.is_closed) && directory.is_within(about, &door.unit_id) {
        return;
    }
    let departments = directory.departments(&door.unit_id);
    let meant = nearest(about, departments.iter().map(|unit| unit.id.as_str()));
    wrong.add(
        "about_unit_id",
        "unknown-department",
        format!("该分支机构没有这个部门{}", meant.map(|m| format!(";是否为 {m}?")).unwrap_or_default()),
        format!(
            "The branch has no such department{}",
            meant.map(|m| format!("; did you mean {m}?")).unwrap_or_default()
        ),
    );
}

/// The staff complained of are staff.
pub(crate) fn staff(wrong: &mut Wrong, draft: &Draft, law: &Law) {
    if draft.about_staff_ids.len() > MOST_STAFF {
        wrong.add(
            "about_staff_ids",
            "too-many",
            format!("最多列出 {MOST_STAFF} 人"),
            format!("At most {MOST_STAFF} people can be named here"),
        );
        return;
    }
    let unknown = |id: &String| id.parse::<StaffId>().is_err() || law.directory().staff(id).is_none();
    if draft.about_staff_ids.iter().any(unknown) {
        wrong.add(
            "about_staff_ids",
            "unknown-staff",
            "所列人员中有不存在的人员",
            "One of these people is not on the staff",
        );
    }
}

/// The day by which a result was asked for: a day, and not a past one where the branch is.
pub(crate) fn asked_by(wrong: &mut Wrong, draft: &Draft, door: &Door) {
    let Some(text) = draft.asked_by.as_deref().filter(|text| !text.is_empty()) else { return };
    let parsed =
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.format("%Y-%m-%d").to_string() == text);
    let Some(day) = parsed else {
        wrong.add("asked_by", "malformed-date", "日期格式应为 2026-11-22", "A date is written like 2026-11-22");
        return;
    };
    if day < door.today {
        wrong.add("asked_by", "date-in-past", "希望办结的日期不能早于今天", "The date asked for lies in the past");
    } else if door.today.checked_add_months(Months::new(120)).is_some_and(|last| day > last) {
        wrong.add("asked_by", "date-too-far", "希望办结的日期过远", "The date asked for lies too far ahead");
    }
}

/// Facts that the regime asks for, each with a value of its sort.
pub(crate) fn facts(wrong: &mut Wrong, draft: &Draft, door: &Door) -> Vec<(String, Value)> {
    let questions = &door.regime.words.facts;
    let mut seen = BTreeSet::new();
    let mut good = Vec::new();
    for (index, (name, value)) in draft.facts.iter().take(questions.len().saturating_add(10)).enumerate() {
        let field = format!("facts[{index}]");
        let Some(question) = questions.iter().find(|q| q.name == *name) else {
            unknown_fact(wrong, &field, name, questions);
            continue;
        };
        if !seen.insert(name) {
            wrong.add(&field, "repeated-fact", "同一事实填写了两次", "The same fact is given twice");
            continue;
        }
        match value.as_ref().filter(|value| fits(question, value)) {
            Some(value) => good.push((name.clone(), value.clone())),
            None => wrong_value(wrong, &field, question, value.as_ref()),
        }
    }
    if draft.facts.len() > questions.len().saturating_add(10) {
        wrong.add("facts", "too-many", "填写的事实过多", "Too many facts are given");
    }
    good
}

fn fits(question: &Question, value: &Value) -> bool {
    match (question.kind, value) {
        (QuestionKind::Flag, Value::Flag(_)) => true,
        (QuestionKind::Number, Value::Number(number)) => NUMBERS.contains(number),
        (QuestionKind::Word, Value::Word(word)) => question.words.iter().any(|w| w.id == *word),
        _ => false,
    }
}

fn unknown_fact(wrong: &mut Wrong, field: &str, name: &str, questions: &[Question]) {
    let meant = nearest(name, questions.iter().map(|q| q.name.as_str()));
    wrong.add(
        field,
        "unknown-fact",
        format!("制度中没有这项事实{}", meant.map(|m| format!(";是否为 {m}?")).unwrap_or_default()),
        format!(
            "The regime asks for no such fact{}",
            meant.map(|m| format!("; did you mean {m}?")).unwrap_or_default()
        ),
    );
}

fn wrong_value(wrong: &mut Wrong, field: &str, question: &Question, value: Option<&Value>) {
    let (zh, en) = match question.kind {
        QuestionKind::Flag => ("应填是或否".to_owned(), "is answered by yes or no".to_owned()),
        QuestionKind::Number => {
            ("应填不小于 0 的整数".to_owned(), "is answered by a whole number, 0 or more".to_owned())
        }
        QuestionKind::Word => {
            let words: Vec<&str> = question.words.iter().map(|w| w.id.as_str()).collect();
            let typed = if let Some(Value::Word(word)) = value { word.as_str() } else { "" };
            let meant = nearest(typed, words.iter().copied());
            (
                format!("应为 {} 之一{}", words.join("、"), meant.map(|m| format!(";是否为 {m}?")).unwrap_or_default()),
                format!(
                    "is one of {}{}",
                    words.join(", "),
                    meant.map(|m| format!("; did you mean {m}?")).unwrap_or_default()
                ),
            )
        }
    };
    wrong.add(
        field,
        "wrong-fact-value",
        format!("“{}”{zh}", question.title.zh),
        format!("\u{201c}{}\u{201d} {en}", question.title.en),
    );
}
