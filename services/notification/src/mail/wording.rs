//! The words of a notice: the regime's template, or the house's of the same name, filled in.

use crate::domain::{Params, plan::DEADLINE_NEAR};
use kit_core::Text;
use minijinja::{Environment, UndefinedBehavior};
use regime::{Regime, vocabulary::SEALED};
use std::collections::BTreeMap;

/// What regimes call their text for a deadline that is near.
const REMINDER: &str = "reminder";

/// Subject and body in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) subject: String,
    pub(crate) body: String,
}

/// The words of the template `name` of `regime`, filled in; none when there is no such template or it cannot be
/// filled in. `sealed` is what the vault holds for the reader, by placeholder.
pub(crate) fn words(
    regime: &Regime,
    name: &str,
    params: &Params,
    sealed: &BTreeMap<String, String>,
    language: &str,
) -> Option<Words> {
    // A reminder may have words of its own; else it has those of the regime's reminders, or of the house's.
    let name = if name == DEADLINE_NEAR && !regime.templates.contains_key(name) { REMINDER } else { name };
    let template = regime.template(name)?;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut values: BTreeMap<String, String> = SEALED.iter().map(|name| ((*name).to_owned(), String::new())).collect();
    let Params { number, unit, due, stage, clock, ground, say, promised, redress, duty, period } = params;
    values.insert("redress".to_owned(), redress.get(language).to_owned());
    values.extend(sealed.clone());
    values.insert("number".to_owned(), number.clone());
    let texts = [("unit", unit), ("due", due), ("stage", stage), ("clock", clock)];
    let texts = texts.into_iter().chain([
        ("ground", ground),
        ("say", say),
        ("promised", promised),
        ("duty", duty),
        ("period", period),
    ]);
    values.extend(texts.map(|(name, text)| (name.to_owned(), text.get(language).to_owned())));
    let fill = |text: &Text| {
        environment
            .render_str(text.get(language), &values)
            .inspect_err(|error| tracing::error!(template = name, %error, "a template cannot be filled in"))
            .ok()
    };
    Some(Words { subject: one_line(&fill(&template.subject)?), body: fill(&template.body)? })
}

/// A subject is one line, whatever its template holds.
fn one_line(text: &str) -> String {
    text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_the_house_is_filled_in_with_and_without_what_the_vault_holds() {
        let regime = packs::regime("property-internal-procedure").unwrap();
        let regime = Regime::parse("pack.yaml", &regime.yaml).unwrap();
        let full: BTreeMap<String, String> =
            SEALED.iter().map(|name| ((*name).to_owned(), format!("<{name}>"))).collect();
        for term in regime::vocabulary::TEMPLATES {
            for language in ["zh", "en"] {
                let bare = words(&regime, term.id, &Params::default(), &BTreeMap::new(), language).unwrap();
                assert!(!bare.body.contains("{{") && !bare.body.contains('<'), "{}: {}", term.id, bare.body);
                assert!(words(&regime, term.id, &Params::default(), &full, language).is_some());
            }
        }
        let told = words(&regime, "appeal-result", &Params::default(), &full, "zh").unwrap();
        assert!(told.body.contains("理由：<reasons>\n"), "{}", told.body);
    }

    #[test]
    fn a_subject_cannot_smuggle_a_header() {
        assert_eq!(one_line("投诉 1\r\nBcc: x@y"), "投诉 1 Bcc: x@y");
    }
}
