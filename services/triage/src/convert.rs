//! Between the wire and the domain, where both vocabularies meet.

use contracts::common;
use contracts::triage as wire;
use kit_core::Problem;
use kit_grpc::text;
use organisation::Unit;
use regime::{Answer, Outcome, Regime, Value, Word, vocabulary};

/// The answers that a request gives; one without a value is a problem.
pub(crate) fn answers(facts: Vec<common::Fact>) -> Result<Vec<(String, Value)>, Problem> {
    let mut problem = Problem::invalid("missing-value", "有事实未填写", "An answer has no value");
    let mut answers: Vec<(String, Value)> = Vec::with_capacity(facts.len());
    for (i, fact) in facts.into_iter().enumerate() {
        if answers.iter().any(|(name, _)| *name == fact.name) {
            problem = problem.with_field(&format!("facts[{i}].name"), "重复作答", "answered twice");
        }
        match fact.value.as_ref().and_then(facts::answered) {
            Some(value) => answers.push((fact.name, value)),
            None => problem = problem.with_field(&format!("facts[{i}].value"), "未填写", "no value is given"),
        }
    }
    if problem.fields.is_empty() { Ok(answers) } else { Err(problem) }
}

/// The words that a person chooses from.
pub(crate) fn vocabulary(regime: &Regime, departments: &[&Unit]) -> wire::Vocabulary {
    let words = &regime.words;
    wire::Vocabulary {
        kinds: all(&words.kinds),
        categories: all(&words.categories),
        severities: all(&words.severities),
        validities: all(&words.validity),
        grounds: grounds(regime, &[Outcome::Refuse, Outcome::Guide]),
        referrals: grounds(regime, &[Outcome::Refer]),
        courtesies: grounds(regime, &[Outcome::Courtesy]),
        bodies: all(&words.bodies),
        departments: departments
            .iter()
            .map(|unit| wire::Word { id: unit.id.clone(), title: Some(text(&unit.name)), cite: String::new() })
            .collect(),
        questions: words.facts.iter().map(question).collect(),
    }
}

fn grounds(regime: &Regime, outcomes: &[Outcome]) -> Vec<wire::Word> {
    let fitting = regime.scope.iter().filter(|ground| outcomes.contains(&ground.outcome));
    let word = |ground: &regime::Ground| wire::Word {
        id: ground.id.clone(),
        title: Some(text(&ground.title)),
        cite: ground.cite.clone(),
    };
    fitting.map(word).collect()
}

/// What an answer must hold, with the clause.
pub(crate) fn parts(rule: Option<&Answer>) -> Vec<wire::Word> {
    let Some(rule) = rule else { return Vec::new() };
    let word = |part: &String| {
        let title = vocabulary::term(vocabulary::PARTS, part).map(|term| text(&term.title()));
        wire::Word { id: part.clone(), title, cite: rule.cite.clone() }
    };
    rule.holds.iter().map(word).collect()
}

fn question(question: &regime::Question) -> wire::Question {
    wire::Question {
        name: question.name.clone(),
        title: Some(text(&question.title)),
        r#type: question.kind.name().to_owned(),
        words: all(&question.words),
        cite: question.cite.clone(),
    }
}

fn all(words: &[Word]) -> Vec<wire::Word> {
    words
        .iter()
        .map(|word| wire::Word { id: word.id.clone(), title: Some(text(&word.title)), cite: word.cite.clone() })
        .collect()
}
