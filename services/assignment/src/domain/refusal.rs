//! The refusals of assignment, each with its code, its clause and both languages.

use kit_core::{Problem, Text};
use regime::Missing;

/// The text with its clause in brackets.
fn cited(say: &Text, cite: &str) -> Text {
    match cite {
        "" => say.clone(),
        _ => Text::new(format!("{}（{cite}）", say.zh), format!("{} ({cite})", say.en)),
    }
}

/// Refuses a step while something that the rules ask for before it is missing: everything that is, at once.
pub(crate) fn unless_missing(missing: &[Missing]) -> Result<(), Problem> {
    if missing.is_empty() {
        return Ok(());
    }
    let lines: Vec<Text> = missing.iter().map(|one| cited(&one.say, &one.cite)).collect();
    let zh: Vec<&str> = lines.iter().map(|line| line.zh.as_str()).collect();
    let en: Vec<&str> = lines.iter().map(|line| line.en.as_str()).collect();
    let (zh, en) = (zh.join("；"), en.join("; "));
    // What no fact would free is forbidden, and not merely early.
    let mut problem = if missing.iter().all(|one| one.needs.is_none()) {
        Problem::conflict("forbidden-by-rule", format!("制度不允许：{zh}"), format!("The rules forbid it: {en}"))
    } else {
        Problem::conflict("not-yet", format!("还不能办理，尚缺：{zh}"), format!("Not yet; missing: {en}"))
    };
    for (one, line) in missing.iter().zip(lines) {
        if let Some(needs) = &one.needs {
            problem = problem.with_field(&needs.to_string(), line.zh, line.en);
        }
    }
    Err(problem)
}

/// A field, a code, a text and the clause behind it.
pub(crate) fn of_field(field: &str, code: &str, zh: &str, en: &str, cite: &str) -> Problem {
    let text = cited(&Text::new(zh, en), cite);
    Problem::field(field, code, text.zh, text.en)
}

/// A word that the regime does not know, and those it does.
pub(crate) fn unknown(field: &str, code: &str, word: &str, known: &[&str]) -> Problem {
    let word: String = word.chars().take(40).collect();
    let near = regime::nearest(&word, known.iter().copied());
    let (zh, en) = match near {
        Some(near) => (
            format!("制度里没有“{word}”，是否指“{near}”？"),
            format!("The regime has no `{word}`; did you mean `{near}`?"),
        ),
        None if known.is_empty() => ("制度没有规定这一项".to_owned(), "The regime has none".to_owned()),
        None => {
            let known = known.join(", ");
            (format!("制度里没有“{word}”，可用：{known}"), format!("The regime has no `{word}`; it has: {known}"))
        }
    };
    Problem::field(field, code, zh, en)
}

pub(crate) fn case_ended() -> Problem {
    Problem::conflict("case-ended", "本件已办结", "The case has ended")
}

/// The case is with nobody.
pub(crate) fn not_dispatched() -> Problem {
    Problem::conflict("not-dispatched", "本件目前未转办给任何人", "The case is not dispatched to anybody now")
}

pub(crate) fn not_the_handler() -> Problem {
    Problem::denied("not-the-handler", "本件未转办给您", "The case was not dispatched to you")
}

pub(crate) fn already_dispatched() -> Problem {
    Problem::conflict("already-dispatched", "本件已在此人手中", "The case is with this person already")
}

pub(crate) fn unknown_unit(field: &str) -> Problem {
    Problem::field(field, "unknown-department", "本单位没有这个部门", "There is no such department in the branch")
}

pub(crate) fn not_a_candidate(field: &str) -> Problem {
    Problem::field(
        field,
        "not-a-candidate",
        "此人不能在该部门承办本件",
        "This person cannot handle the case in that department",
    )
}

/// Whoever a rule keeps from handling the case.
pub(crate) fn recused(field: &str, cite: &str) -> Problem {
    let text = cited(
        &Text::new("按回避规定，此人不能承办本件", "By the rules of recusal this person may not handle the case"),
        cite,
    );
    Problem::conflict("recused", text.zh.clone(), text.en.clone()).with_field(field, text.zh, text.en)
}

pub(crate) fn nobody_there(cite: &str) -> Problem {
    let text = Text::new("没有人可以接收，上一级也没有人", "Nobody is there to receive it, nor on any rung above");
    let text = cited(&text, cite);
    Problem::conflict("nobody-there", text.zh, text.en)
}

/// Somebody who is not of the staff, has left, or must not know of the case. These read the same: who is complained of
/// is no business of whoever asks.
pub(crate) fn unavailable(field: &str) -> Problem {
    Problem::field(
        field,
        "unknown-staff",
        "没有这位人员，或其不能参与本件",
        "There is no such person, or they may not take part",
    )
}
