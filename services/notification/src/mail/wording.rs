//! The words of a notice: the regime's template, or the house's own where the fact asks for a notice by itself.

use crate::domain::{
    Params,
    plan::{DEADLINE_NEAR, ESCALATED},
};
use kit_core::Text;
use minijinja::{Environment, UndefinedBehavior, context};
use regime::{Regime, Template};

/// What regimes call their text for a deadline that is near.
const REMINDER: &str = "reminder";

/// Subject and body in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) subject: String,
    pub(crate) body: String,
}

/// The words of the template `name` of `regime`, filled in; none when there is no such template or it cannot be
/// filled in.
pub(crate) fn words(regime: &Regime, name: &str, params: &Params, language: &str) -> Option<Words> {
    let own = |name: &str| regime.templates.get(name).cloned();
    let reminder = || (name == DEADLINE_NEAR).then(|| own(REMINDER)).flatten();
    let template = own(name).or_else(reminder).or_else(|| of_the_house(name))?;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let values = context! {
        number => params.number.as_str(),
        unit => params.unit.get(language),
        due => params.due.get(language),
        stage => params.stage.get(language),
        clock => params.clock.get(language),
    };
    let fill = |text: &Text| {
        environment
            .render_str(text.get(language), &values)
            .inspect_err(|error| tracing::error!(template = name, %error, "a template cannot be filled in"))
            .ok()
    };
    Some(Words { subject: one_line(&fill(&template.subject)?), body: fill(&template.body)? })
}

/// The house's own words, for regimes that have none of their own.
fn of_the_house(name: &str) -> Option<Template> {
    let (subject, body) = match name {
        DEADLINE_NEAR => (
            Text::new("{{ number }} 期限将至：{{ clock }}", "{{ number }}: {{ clock }} is nearly due"),
            Text::new(
                "案件 {{ number }}（{{ unit }}）的“{{ clock }}”将于 {{ due }} 到期，请及时办理。\n",
                "{{ clock }} of case {{ number }} ({{ unit }}) is due at {{ due }}.\n",
            ),
        ),
        ESCALATED => (
            Text::new("{{ number }} 已逾期，现提请督办", "{{ number }} is late and has come up to you"),
            Text::new(
                "案件 {{ number }}（{{ unit }}）已逾期，按督办层级提请您督办。当前进度：{{ stage }}。\n",
                "Case {{ number }} ({{ unit }}) is late; by the ladder it now comes to you. Stage: {{ stage }}.\n",
            ),
        ),
        _ => return None,
    };
    Some(Template { subject, body })
}

/// A subject is one line, whatever its template holds.
fn one_line(text: &str) -> String {
    text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_cannot_smuggle_a_header() {
        assert_eq!(one_line("投诉 1\r\nBcc: x@y"), "投诉 1 Bcc: x@y");
    }
}
