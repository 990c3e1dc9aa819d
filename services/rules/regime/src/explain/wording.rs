//! Names as titles: roles, facts, steps, forms, ways, lengths.

use super::Page;
use crate::{FactRef, Length, vocabulary};
use kit_core::Text;

impl Page<'_> {
    pub(super) fn role(&self, role: &str) -> String {
        let title = self.pick(&self.regime.role_title(role));
        // A sentence brings its own article.
        title.strip_prefix("the ").map(str::to_owned).unwrap_or(title)
    }

    /// A fact, with the clock that it happened to.
    pub(super) fn fact(&self, fact: &FactRef) -> String {
        let title = self.pick(&self.regime.fact_title(fact));
        let clock = fact.arg.as_ref().and_then(|arg| self.regime.clocks.iter().find(|clock| clock.name == *arg));
        match clock {
            Some(clock) => {
                let clock = self.pick(&clock.title);
                self.say(&format!("{clock}{title}"), &format!("{clock}: {title}"))
            }
            None => match fact.arg.as_ref().map(|arg| self.object(&fact.word, arg)) {
                Some(arg) => self.say(&format!("{title}（{arg}）"), &format!("{title} ({arg})")),
                None => title,
            },
        }
    }

    /// Several facts, any of which will do.
    pub(super) fn facts(&self, facts: &[FactRef]) -> String {
        let titles: Vec<String> = facts.iter().map(|fact| self.fact(fact)).collect();
        titles.join(&self.say("”或“", "\" or \""))
    }

    /// What a fact names in its brackets: an outcome, an order, a stage, a word of the pack; else as it is written.
    fn object(&self, word: &str, arg: &str) -> String {
        let regime = self.regime;
        let ending = regime.step(word).and_then(|step| step.outcomes.iter().find(|one| one.id == arg));
        let title = ending.map(|ending| ending.title.clone());
        let title = title.or_else(|| match word {
            "ordered" | "order-answered" => regime.order(arg).map(|order| order.title.clone()),
            "case-reopened" => regime.course.iter().find(|stage| stage.id == arg).map(|stage| stage.title.clone()),
            "team-formed" => regime.teams.iter().find(|team| team.id == arg).map(|team| team.title.clone()),
            "case-graded" => regime.word_title("severity", arg),
            "validity-judged" => regime.word_title("validity", arg),
            "case-resolved" | "decision-proposed" => regime.word_title("finding", arg),
            "case-called-back" | "case-rated" => regime.word_title("satisfaction", arg),
            _ => None,
        });
        title.map_or_else(|| arg.to_owned(), |title| self.pick(&title))
    }

    /// A command, or a step of the regime's own.
    /// An act, and in brackets the object for which alone it is meant.
    pub(super) fn step(&self, step: &str) -> String {
        let (kind, object) = step.split_once('(').unwrap_or((step, ""));
        let known = || vocabulary::term(vocabulary::COMMANDS, kind).map(vocabulary::Term::title);
        let title = self.pick(&self.regime.step_title(kind).or_else(known).unwrap_or_else(|| Text::new(kind, kind)));
        let object = object.trim_end_matches(')');
        if object.is_empty() {
            return title;
        }
        let object = self.pick(&self.regime.argument_title(kind, object));
        title + &self.say(&format!("（{object}）"), &format!(" ({object})"))
    }

    pub(super) fn form(&self, form: &str) -> String {
        let known = self.regime.words.forms.iter().find(|known| known.word.id == form);
        known.map_or_else(|| form.to_owned(), |known| self.pick(&known.word.title))
    }

    pub(super) fn field(&self, field: &str) -> String {
        let term = vocabulary::term(vocabulary::FIELDS, field);
        term.map_or_else(|| field.to_owned(), |term| self.pick(&term.title()))
    }

    pub(super) fn way(&self, way: &str) -> String {
        let term = vocabulary::term(vocabulary::WAYS, way);
        term.map_or_else(|| way.to_owned(), |term| self.pick(&term.title()))
    }

    pub(super) fn length(&self, length: Length) -> String {
        // A person does not join the two words.
        self.pick(&length.title()).replace("working-day", "working day")
    }
}

/// The words that parameters usually choose between; anything else is shown as it is written.
pub(super) fn decided(value: &str) -> Text {
    let known = [
        ("yes", "是", "yes"),
        ("no", "否", "no"),
        ("days", "自然日", "calendar days"),
        ("working-days", "工作日", "working days"),
        ("weekends-and-holidays", "遇周末和节假日顺延", "gives way to weekends and holidays"),
        ("holidays", "遇法定节假日顺延", "gives way to announced holidays"),
        ("none", "不作规定", "none"),
        ("asked", "以投诉人要求的日期为准", "the date asked for governs"),
        ("earlier", "以先到者为准", "the earlier governs"),
        ("later", "以后到者为准", "the later governs"),
    ];
    let fact = vocabulary::term(vocabulary::FACTS, value).map(vocabulary::Term::title);
    let choice = known.iter().find(|(id, ..)| *id == value).map(|(_, zh, en)| Text::new(*zh, *en));
    let length = || value.parse::<Length>().ok().map(Length::title);
    fact.or(choice).or_else(length).unwrap_or_else(|| Text::new(value, value))
}
