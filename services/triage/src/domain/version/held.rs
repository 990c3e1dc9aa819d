//! What a case has in the words of its regime, and which of it another version does not know.

use facts::{CaseView, ExtensionState, SignOffState};
use kit_core::{FieldProblem, Text};
use regime::{Question, QuestionKind, Regime, Value, Word};
use std::collections::BTreeSet;

/// Words that the case has, and those that the other version knows.
struct Held<'a> {
    /// As `expect` and refusals name it.
    field: &'static str,
    zh: &'static str,
    en: &'static str,
    has: Vec<&'a str>,
    known: Vec<&'a str>,
}

/// Everything of the case that the version `to` does not know, each with the title that `from` gives it.
pub(super) fn unknown(view: &CaseView, from: &Regime, to: &Regime) -> Vec<FieldProblem> {
    let stage = from.stage(view).map(|stage| stage.id.as_str()).filter(|_| !to.course.is_empty());
    let course = Held {
        field: "course",
        zh: "环节",
        en: "stage",
        has: stage.into_iter().collect(),
        known: to.course.iter().map(|stage| stage.id.as_str()).collect(),
    };
    let all = words(view, to).into_iter().chain(dealings(view, to)).chain([course]);
    let lacks = all.flat_map(|held| {
        let odd = held.has.iter().filter(|word| !word.is_empty() && !held.known.contains(word));
        odd.map(|word| lack(&held, &title(from, held.field, word))).collect::<Vec<_>>()
    });
    lacks.chain(answers(view, to)).collect()
}

/// What it is.
fn words<'a>(view: &'a CaseView, to: &'a Regime) -> Vec<Held<'a>> {
    let words = &to.words;
    let held =
        |field, zh, en, has: &'a str, known: &'a [Word]| Held { field, zh, en, has: vec![has], known: ids(known) };
    let handler_role = if view.handler.is_some() { view.handler_role.as_str() } else { "" };
    vec![
        held("kind", "类型", "kind", &view.kind, &words.kinds),
        held("category", "类别", "category", &view.category, &words.categories),
        held("severity", "等级", "severity", &view.severity, &words.severities),
        held("validity", "有效性", "validity", &view.validity, &words.validity),
        held("complainant", "投诉人类别", "complainant", &view.complainant, &words.complainants),
        held("respondent", "被投诉人类别", "respondent", &view.respondent, &words.respondents),
        held("finding", "认定", "finding", view.finding.as_deref().unwrap_or_default(), &words.findings),
        held("handler-role", "承办岗位", "role of the handler", handler_role, &words.roles),
    ]
}

/// What is under way in it.
fn dealings<'a>(view: &'a CaseView, to: &'a Regime) -> Vec<Held<'a>> {
    let held = |field, zh, en, has: Vec<&'a str>, known: Vec<&'a str>| Held { field, zh, en, has, known };
    let owed = view.orders.iter().filter(|order| !order.is_answered).map(|order| order.order.as_str());
    let asked = view.sign_offs.iter().filter(|(_, one)| one.state == SignOffState::Asked).map(|(act, _)| act.as_str());
    // What is signed for all objects of an act is signed for each.
    let is_approved = |act: &str| {
        let kind = act.split('(').next().unwrap_or(act);
        to.approvals.iter().any(|approval| approval.of == act || approval.of == kind)
    };
    let more = view.extensions.iter().filter(|one| one.state == ExtensionState::Asked).map(|one| one.clock.as_str());
    let rests = view.suspensions.iter().filter(|one| !one.is_refused && one.ended_at.is_none());
    let still = rests.flat_map(|one| one.clocks.iter().map(String::as_str));
    let of = |word: &'static str| {
        let named = view.history.iter().filter(move |happened| happened.word == word);
        named.filter_map(|happened| happened.arg.as_deref()).collect::<Vec<_>>()
    };
    let decided = of("appeal-decided");
    let appeals = of("appeal-lodged").into_iter().filter(|tier| !decided.contains(tier)).collect();
    let is_referred = view.has_word("case-referred") && !view.has_word("report-back-received");
    let measures = to.words.measures.iter().map(|measure| measure.word.id.as_str()).collect();
    let clocks = to.clocks.iter().map(|clock| clock.name.as_str()).collect();
    vec![
        held("ground", "情形", "ground", view.ground.as_deref().filter(|_| is_referred).into_iter().collect(), {
            to.scope.iter().map(|ground| ground.id.as_str()).collect()
        }),
        held("orders", "指令", "order", owed.collect(), to.orders.iter().map(|order| order.id.as_str()).collect()),
        held(
            "teams",
            "工作组",
            "team",
            keys(view.teams.keys()),
            to.teams.iter().map(|team| team.id.as_str()).collect(),
        ),
        held("measures", "措施", "measure", keys(view.open_measures.keys()), measures),
        held(
            "approvals",
            "报批事项",
            "matter of approval",
            asked.filter(|act| !is_approved(act)).collect(),
            Vec::new(),
        ),
        held("appeals", "申诉层级", "tier of appeal", appeals, {
            to.appeals.iter().map(|appeal| appeal.tier.as_str()).collect()
        }),
        held("clocks", "时限", "clock", more.chain(still).collect::<BTreeSet<_>>().into_iter().collect(), clocks),
    ]
}

/// The answers to its questions that the other version would not take. One whose question it does not ask is no harm.
fn answers(view: &CaseView, to: &Regime) -> impl Iterator<Item = FieldProblem> {
    let fits = |question: &Question, value: &Value| match (question.kind, value) {
        (QuestionKind::Flag, Value::Flag(_)) | (QuestionKind::Number, Value::Number(_)) => true,
        (QuestionKind::Word, Value::Word(word)) => question.words.iter().any(|one| one.id == *word),
        _ => false,
    };
    let given = to.words.facts.iter().filter_map(|question| Some((question, view.facts.get(&question.name)?)));
    let odd = given.filter(move |(question, value)| !fits(question, value));
    odd.map(|(question, _)| {
        let Text { zh, en } = &question.title;
        let text = Text::new(format!("对“{zh}”的回答"), format!("the answer to \"{en}\""));
        FieldProblem { field: format!("facts.{}", question.name), text }
    })
}

fn lack(held: &Held<'_>, title: &Text) -> FieldProblem {
    let text = Text::new(format!("{}“{}”", held.zh, title.zh), format!("the {} \"{}\"", held.en, title.en));
    FieldProblem { field: held.field.to_owned(), text }
}

/// What the case's own version calls it.
fn title(from: &Regime, field: &str, word: &str) -> Text {
    match field {
        "handler-role" => from.role_title(word),
        field => from.word_title(field, word).unwrap_or_else(|| from.argument_title("", word)),
    }
}

fn ids(words: &[Word]) -> Vec<&str> {
    words.iter().map(|word| word.id.as_str()).collect()
}

fn keys<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    names.map(String::as_str).collect()
}
