//! Samples of anonymous surveys.

use super::{NASTY, refused, t, v};
use crate::{
    desk::surveys::{ResultsView, SurveysView},
    form::Form,
    public::survey::SurveyView,
    typed::Typed,
    view::surveys::{Results, Sheet, Surveys},
};
use contracts::{notification, records};
use kit_core::Problem;
use serde_json::Value;

pub(super) fn ended() -> Vec<records::DraftSurvey> {
    let counts = vec![records::Count { id: "good".into(), count: 5, title: t("满意", "Content") }];
    let survey = records::DraftSurvey {
        title: t("员工满意度调查", "Satisfaction of staff"),
        unit_id: "b03".into(),
        unit_name: t("翠湖", "Cuihu"),
        day: "2026-11-20".into(),
        answered: 7,
        questions: vec![records::Axis { id: "overall".into(), title: t("是否满意？", "Content?"), counts }],
    };
    vec![records::DraftSurvey { answered: 2, questions: vec![], ..survey.clone() }, survey]
}

fn row(state: &str) -> notification::SurveyRow {
    let is_open = state == "open";
    notification::SurveyRow {
        survey_id: "survey-1".into(),
        regime_id: "procedure".into(),
        survey: "yearly".into(),
        title: t("员工满意度调查", "Satisfaction of staff"),
        unit_id: "b03".into(),
        unit_name: t("翠湖花园管理处", "Cuihu Garden office"),
        first_day: "2026-11-01".into(),
        last_day: "2026-11-30".into(),
        state: state.into(),
        closed_on: if is_open { String::new() } else { "2026-11-20".into() },
        code: if is_open { "k7m2pq9x4t".into() } else { String::new() },
        may_close: is_open,
        cite: "监督".into(),
    }
}

/// A question of each type, with answers where there are any.
fn questions(is_shown: bool) -> Vec<notification::SurveyAsked> {
    let word = |id: &str, zh: &str, en: &str| notification::Word { id: id.into(), title: t(zh, en) };
    let asked = |id: &str, kind: &str, choices: Vec<notification::Word>| {
        let count = |word: &notification::Word| notification::SurveyCount {
            question: id.into(),
            answer: word.id.clone(),
            count: 3,
        };
        notification::SurveyAsked {
            id: id.into(),
            title: t("是否满意？", "Are you satisfied?"),
            r#type: kind.into(),
            cite: "监督".into(),
            counts: if is_shown { choices.iter().map(count).collect() } else { vec![] },
            texts: if is_shown && kind == "text" { vec![NASTY.into()] } else { vec![] },
            choices,
        }
    };
    let marks = (1..=5).map(|n: u32| word(&n.to_string(), &n.to_string(), &n.to_string())).collect();
    vec![
        asked("overall", "words", vec![word("good", "满意", "Satisfied"), word("bad", "不满意", "Not satisfied")]),
        asked("speed", "scale", marks),
        asked("wishes", "text", vec![]),
    ]
}

pub(crate) fn sheet() -> Sheet {
    Sheet::from(notification::GetSurveyResponse {
        title: t("员工满意度调查", "Satisfaction of staff"),
        unit_name: t("翠湖花园管理处", "Cuihu Garden office"),
        last_day: "2026-11-30".into(),
        least: 5,
        questions: questions(false),
    })
}

pub(crate) fn list() -> Surveys {
    let offer = notification::SurveyOffer {
        regime_id: "procedure".into(),
        survey: "yearly".into(),
        title: t("员工满意度调查", "Satisfaction of staff"),
        unit_id: "b03".into(),
        unit_name: t("翠湖花园管理处", "Cuihu Garden office"),
        cite: "监督".into(),
    };
    let rows = vec![row("open"), row("closed")];
    Surveys::new(notification::ListSurveysResponse { offers: vec![offer], surveys: rows }, "https://jiesu.example/")
}

pub(crate) fn results(state: &str, answered: u32) -> Results {
    let is_shown = state == "closed" && answered >= 5;
    let results = notification::SurveyResultsResponse {
        survey: Some(row(state)),
        answered,
        least: 5,
        is_shown,
        is_open: state == "open",
        questions: questions(is_shown),
    };
    Results::new(results, "https://jiesu.example/")
}

pub(super) fn pages() -> Vec<(&'static str, &'static str, bool, Value)> {
    let sheet = |typed: Typed, is_done| SurveyView { sheet: sheet(), code: "k7m2pq9x4t".into(), typed, is_done };
    let wrong = Problem::invalid("answers", "有些题目需要改正", "Some answers need attention");
    let wrong = wrong.with_field("answers.overall", "请选择一项", "Please choose one");
    let sent = Form(vec![("answers.speed".into(), "4".into()), ("answers.wishes".into(), NASTY.into())]);
    let refused_sheet = Typed::refused("survey", &sent, "form-1".into(), wrong);
    let plain = || Typed::new("survey", "form-1".into());
    let one = |results: Results| v(&ResultsView { results, typed: plain() });
    vec![
        ("survey", "public/survey.html", false, v(&sheet(plain(), false))),
        ("survey-refused", "public/survey.html", false, v(&sheet(refused_sheet, false))),
        ("survey-done", "public/survey.html", false, v(&sheet(plain(), true))),
        ("surveys", "desk/surveys.html", true, v(&SurveysView::new(list(), Typed::new("surveys", "form-1".into())))),
        ("surveys-refused", "desk/surveys.html", true, v(&SurveysView::new(list(), refused("surveys")))),
        ("surveys-none", "desk/surveys.html", true, v(&SurveysView::default())),
        ("survey-open", "desk/survey.html", true, one(results("open", 0))),
        ("survey-few", "desk/survey.html", true, one(results("closed", 2))),
        ("survey-over", "desk/survey.html", true, one(results("closed", 8))),
    ]
}
