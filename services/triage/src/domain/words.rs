//! Whether the words that a person chose are words of the regime, each wrong one with the nearest right one.

use crate::domain::case::Classified;
use facts::{CaseView, Law};
use kit_core::{FieldProblem, Problem, Text};
use regime::{Asked, QuestionKind, Regime, Value, Word, vocabulary::NUMBERS};

/// What a person chose for a case; every problem of it is told at once.
pub(crate) struct Chosen<'a> {
    pub classified: &'a Classified,
    pub validity: &'a str,
    /// Empty takes what the rules give.
    pub severity: &'a str,
}

/// Checks all words against the regime, the units against the branch, and the people against the staff.
pub(crate) fn check(law: &Law, regime: &Regime, view: &CaseView, chosen: &Chosen<'_>) -> Result<(), Problem> {
    let mut fields = Vec::new();
    let words = &regime.words;
    let classified = chosen.classified;
    one_of(&mut fields, "kind", &classified.kind, ids(&words.kinds));
    if !classified.category.is_empty() {
        one_of(&mut fields, "category", &classified.category, ids(&words.categories));
    }
    if !chosen.validity.is_empty() {
        one_of(&mut fields, "validity", chosen.validity, ids(&words.validity));
    }
    if !chosen.severity.is_empty() {
        one_of(&mut fields, "severity", chosen.severity, ids(&words.severities));
    }
    if let Some(unit_id) = &classified.about_unit_id {
        let departments = law.directory().departments(&view.unit_id).into_iter().map(|unit| unit.id.as_str());
        one_of(&mut fields, "about_unit_id", unit_id, departments);
    }
    for (i, staff_id) in classified.about_staff_ids.iter().enumerate() {
        if law.directory().staff(staff_id).is_none() {
            note(&mut fields, &format!("about_staff_ids[{i}]"), "没有这位工作人员", "there is no such member of staff");
        }
    }
    for (i, (name, value)) in classified.facts.iter().enumerate() {
        check_fact(&mut fields, &format!("facts[{i}]"), regime, name, value);
    }
    told(fields)
}

/// Checks one word of a list.
pub(crate) fn check_word(field: &str, word: &str, list: &[Word]) -> Result<(), Problem> {
    check_id(field, word, ids(list))
}

/// Checks answers that are given or corrected after the hand-in.
pub(crate) fn check_stated(regime: &Regime, facts: &[(String, Value)]) -> Result<(), Problem> {
    let mut fields = Vec::new();
    for (i, (name, value)) in facts.iter().enumerate() {
        let field = format!("facts[{i}]");
        check_fact(&mut fields, &field, regime, name, value);
        let question = regime.words.facts.iter().find(|question| question.name == *name);
        if question.is_some_and(|question| question.asked == [Asked::HandIn]) {
            let en = "this is asked only when it is handed in";
            note(&mut fields, &format!("{field}.name"), "此项只在登记时询问", en);
        }
    }
    told(fields)
}

/// Checks an id against those that are known.
pub(crate) fn check_id<'a>(field: &str, id: &str, known: impl Iterator<Item = &'a str>) -> Result<(), Problem> {
    let mut fields = Vec::new();
    one_of(&mut fields, field, id, known);
    told(fields)
}

fn told(fields: Vec<FieldProblem>) -> Result<(), Problem> {
    if fields.is_empty() {
        return Ok(());
    }
    let mut problem =
        Problem::invalid("unknown-word", "所填内容不是本制度所用的词语", "Something is not a word of this regime");
    problem.fields = fields;
    Err(problem)
}

fn check_fact(fields: &mut Vec<FieldProblem>, field: &str, regime: &Regime, name: &str, value: &Value) {
    let Some(question) = regime.words.facts.iter().find(|question| question.name == name) else {
        let names = regime.words.facts.iter().map(|question| question.name.as_str());
        one_of(fields, &format!("{field}.name"), name, names);
        return;
    };
    let field = format!("{field}.value");
    match (question.kind, value) {
        (QuestionKind::Flag, Value::Flag(_)) => {}
        (QuestionKind::Number, Value::Number(number)) if NUMBERS.contains(number) => {}
        (QuestionKind::Word, Value::Word(word)) => one_of(fields, &field, word, ids(&question.words)),
        (QuestionKind::Flag, _) => note(fields, &field, "应答是或否", "this is a yes-or-no question"),
        (QuestionKind::Number, _) => {
            note(fields, &field, "应填不小于 0 的整数", "this question asks for a whole number, 0 or more")
        }
        (QuestionKind::Word, _) => {
            note(fields, &field, "应从所列选项中选择", "this question asks for one of its words")
        }
    }
}

fn one_of<'a>(fields: &mut Vec<FieldProblem>, field: &str, word: &str, known: impl Iterator<Item = &'a str>) {
    let known: Vec<&str> = known.collect();
    if known.contains(&word) {
        return;
    }
    match nearest(word, &known) {
        Some(hint) => note(
            fields,
            field,
            &format!("没有这个词语;是否为“{hint}”?"),
            &format!("there is no such word; did you mean `{hint}`?"),
        ),
        None => note(
            fields,
            field,
            &format!("没有这个词语;可用:{}", known.join("、")),
            &format!("there is no such word; there are: {}", known.join(", ")),
        ),
    }
}

fn ids(words: &[Word]) -> impl Iterator<Item = &str> {
    words.iter().map(|word| word.id.as_str())
}

fn note(fields: &mut Vec<FieldProblem>, field: &str, zh: &str, en: &str) {
    fields.push(FieldProblem { field: field.to_owned(), text: Text::new(zh, en) });
}

/// The known word with the fewest edits, if those are few enough to be a slip of the pen.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    const LONGEST: usize = 64;
    if word.is_empty() || word.chars().count() > LONGEST {
        return None;
    }
    let best = known.iter().map(|candidate| (edits(word, candidate), *candidate)).min()?;
    (best.0 <= best.1.chars().count().max(3) / 3).then_some(best.1)
}

/// Insertions, deletions and replacements between two words.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, have) in from.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((want, diagonal), above) in to.iter().zip(&row).zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(have != *want);
            let inserted = next.last().map_or(usize::MAX, |left| left + 1);
            next.push(replaced.min(above + 1).min(inserted));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_the_word_and_nonsense_finds_none() {
        assert_eq!(nearest("majr", &["minor", "important", "major"]), Some("major"));
        assert_eq!(nearest("importnat", &["minor", "important", "major"]), Some("important"));
        assert_eq!(nearest("banana", &["minor", "important", "major"]), None);
        assert_eq!(nearest("", &["minor"]), None);
    }

    #[test]
    fn edits_are_counted() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "ab"), 2);
        assert_eq!(edits("投诉", "投诉"), 0);
    }
}
