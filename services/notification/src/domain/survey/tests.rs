//! What is counted, what is forgotten, and what is never told.

use super::*;
use kit_core::Text;
use regime::Word;

fn survey() -> Survey {
    let title = || Text::new("题", "Question");
    let word = |id: &str| Word { id: id.to_owned(), title: title(), meaning: None, under: None, cite: String::new() };
    let question = |id: &str, asks| SurveyQuestion { id: id.to_owned(), title: title(), asks, cite: "九".to_owned() };
    let questions = vec![
        question("overall", Asks::Words(vec![word("good"), word("bad")])),
        question("speed", Asks::Scale),
        question("wishes", Asks::Text),
    ];
    Survey {
        id: "yearly".to_owned(),
        title: title(),
        role: "hr".to_owned(),
        least: 3,
        questions,
        cite: "九".to_owned(),
    }
}

fn held() -> Held {
    let day = |text: &str| text.parse().unwrap();
    Held {
        survey_id: Uuid::from_u128(1),
        code: "abc".to_owned(),
        regime_id: "r".to_owned(),
        regime_version: 1,
        survey: "yearly".to_owned(),
        unit_id: "b03".to_owned(),
        first_day: day("2026-04-01"),
        last_day: day("2026-04-30"),
        open_until: "2026-04-30T16:00:00Z".parse().unwrap(),
        closed_on: None,
        tally: Tally::default(),
    }
}

fn sheet(overall: &str, speed: &str, wishes: &str) -> BTreeMap<String, String> {
    let all = [("overall", overall), ("speed", speed), ("wishes", wishes)];
    all.into_iter().filter(|(_, said)| !said.is_empty()).map(|(id, said)| (id.to_owned(), said.to_owned())).collect()
}

#[test]
fn a_sheet_counts_once_and_texts_lie_in_the_order_of_their_letters() {
    let mut held = held();
    for (n, (overall, wishes)) in [("good", "乙"), ("bad", "甲"), ("good", ""), ("good", "乙")].into_iter().enumerate()
    {
        let name = format!("sheet-{n}");
        assert!(held.count(&survey(), &name, &sheet(overall, "4", wishes)).unwrap());
        assert!(!held.count(&survey(), &name, &sheet("bad", "1", "again")).unwrap());
    }
    assert_eq!(held.tally.answered, 4);
    assert_eq!(held.tally.counts["overall"], BTreeMap::from([("good".to_owned(), 3), ("bad".to_owned(), 1)]));
    let mut sorted = vec!["甲", "乙", "乙"];
    sorted.sort_unstable();
    assert_eq!(held.tally.texts["wishes"], sorted);
    let kept = serde_json::to_string(&held.tally).unwrap();
    assert!(!kept.contains("sheet-0"), "{kept}");
}

#[test]
fn what_is_wrong_is_told_at_its_question_and_nothing_of_it_is_counted() {
    let mut held = held();
    let long = "长".repeat(LONGEST + 1);
    for (answers, field) in [
        (sheet("", "4", ""), "answers.overall"),
        (sheet("god", "4", ""), "answers.overall"),
        (sheet("good", "6", ""), "answers.speed"),
        (sheet("good", "4", &long), "answers.wishes"),
        (sheet("good", "4", "a\0"), "answers.wishes"),
        (BTreeMap::from([("overal".to_owned(), "good".to_owned())]), "answers"),
    ] {
        let problem = held.count(&survey(), "s", &answers).unwrap_err();
        assert!(problem.fields.iter().any(|one| one.field == field), "{field}: {problem:?}");
    }
    assert_eq!(held.count(&survey(), "", &sheet("good", "4", "")).unwrap_err().fields[0].field, "sheet");
    assert_eq!(held.tally, Tally::default());
}

#[test]
fn what_too_few_answered_is_forgotten_when_it_ends() {
    let mut few = held();
    for n in 0..2 {
        few.count(&survey(), &n.to_string(), &sheet("good", "4", "认得出我的字")).unwrap();
    }
    let told = few.close(&survey(), "2026-04-15".parse().unwrap());
    assert_eq!((told.answered, told.counts.len(), told.day.as_str()), (2, 0, "2026-04-15"));
    assert_eq!(few.tally, Tally { answered: 2, ..Tally::default() });
    let mut enough = held();
    for n in 0..3 {
        enough.count(&survey(), &n.to_string(), &sheet("good", "4", "灯亮一些")).unwrap();
    }
    assert!(!enough.is_shown(&survey()), "while it is open nobody looks: the difference of two looks is one answer");
    // The loop may come later than the day; the day is the last of the survey.
    let told = enough.close(&survey(), "2026-05-02".parse().unwrap());
    assert!(enough.is_shown(&survey()));
    assert_eq!((told.answered, told.counts.len(), told.day.as_str()), (3, 7, "2026-04-30"));
    assert_eq!((enough.tally.texts["wishes"].len(), enough.tally.sheets.len()), (3, 0));
}

#[test]
fn a_code_is_read_as_it_was_written_by_hand() {
    let id = Uuid::from_u128(0x0123_4567_89ab_7def_8123_4567_89ab_cdef);
    let code = code(id);
    assert_eq!((code.len(), typed(&code)), (10, code.clone()));
    assert_eq!(typed(" 0Oi-Ll "), "00111");
}

#[test]
fn a_survey_ends_within_a_year_and_not_before_it_began() {
    let today = "2026-04-01".parse().unwrap();
    assert_eq!(until("2026-04-01", today).unwrap(), today);
    for (text, code) in [("soon", "no-date"), ("2026-03-31", "date-out-of-reach"), ("2028-01-01", "date-out-of-reach")]
    {
        let problem = until(text, today).unwrap_err();
        assert_eq!((problem.code.as_str(), problem.fields[0].field.as_str()), (code, "until"));
    }
}
