//! A regime as a document to lay before whoever has to approve it: Markdown in one language, each rule with its clause,
//! no id and no code in it.

mod clocks;
mod course;
mod doors;
mod handing;
mod handling;
mod records;
mod telling;
mod wording;

use crate::{Effect, Grade, Pending, Regime, Roll, Word};
use kit_core::Text;
use std::fmt::Write as _;

/// The document, in Chinese or in English.
pub fn explain(regime: &Regime, is_zh: bool) -> String {
    let mut page = Page { regime, is_zh, text: String::new() };
    page.head();
    page.left_open();
    page.words();
    page.doors();
    page.grading();
    page.ways();
    page.dealings();
    page.stages();
    page.handling();
    page.appeals();
    page.clocks();
    page.breaches();
    page.telling();
    page.records();
    page.who();
    page.text
}

/// What an effect is, in a few words of both languages.
pub fn effect_title(regime: &Regime, effect: &Effect) -> Text {
    let say = |is_zh| Page { regime, is_zh, text: String::new() }.effect(effect);
    Text::new(say(true), say(false))
}

struct Page<'a> {
    regime: &'a Regime,
    is_zh: bool,
    text: String,
}

impl Page<'_> {
    fn pick(&self, text: &Text) -> String {
        if self.is_zh { text.zh.clone() } else { text.en.clone() }
    }

    fn say(&self, zh: &str, en: &str) -> String {
        (if self.is_zh { zh } else { en }).to_owned()
    }

    fn section(&mut self, zh: &str, en: &str) {
        let title = self.say(zh, en);
        let _ = write!(self.text, "\n## {title}\n\n");
    }

    /// A rule as an item, with its clause.
    fn item(&mut self, what: &str, cite: &str) {
        let cite = self.cited(cite);
        let _ = writeln!(self.text, "- {what}{cite}");
    }

    fn cited(&self, cite: &str) -> String {
        match cite {
            "" => String::new(),
            _ => self.say(&format!("（{cite}）"), &format!(" ({cite})")),
        }
    }

    fn head(&mut self) {
        let regime = self.regime;
        let title = self.pick(&regime.title);
        let _ = write!(self.text, "# {title}\n\n");
        if !regime.source.is_empty() {
            let source = format!("{}{}", self.say("出处：", "Source: "), regime.source);
            self.item(&source, "");
        }
        if let Some(from) = regime.in_force_from {
            let from = format!("{}{from}", self.say("施行日期：", "In force from "));
            self.item(&from, "");
        }
        if let Some(to) = regime.in_force_to {
            let to = format!("{}{to}", self.say("失效日期：", "In force until "));
            self.item(&to, "");
        }
        if regime.pending == Pending::MovedByDecision {
            let moved = self.say(
                "本版施行时，办理中的案件经决定转入本版",
                "Cases under way are moved to this version by a decision",
            );
            self.item(&moved, "");
        }
        self.upkeep();
        let numbering = format!("{}{}", self.say("编号：", "Numbers: "), regime.numbering.pattern());
        self.item(&numbering, "");
        let (zh, en) = match regime.counting.roll {
            Roll::WeekendsAndHolidays => (
                "期间届满日为周末或节假日的，顺延",
                "A period that ends on a weekend or holiday ends on the next day that is neither",
            ),
            Roll::Holidays => (
                "期间届满日为法定节假日的，顺延",
                "A period that ends on an announced holiday ends on the next day that is none",
            ),
            Roll::Nowhere => ("期间届满日遇休息日不顺延", "A period ends where it ends, also on a day off"),
        };
        let counting = self.say(zh, en);
        self.item(&counting, &regime.counting.cite);
    }

    /// What the text leaves open, and how it was decided.
    fn left_open(&mut self) {
        if self.regime.left_open.is_empty() {
            return;
        }
        self.section("原文未定、由本单位选定的事项", "What the text leaves open, as decided here");
        for parameter in &self.regime.left_open {
            let reads = if parameter.reads.is_empty() { &parameter.name } else { &parameter.reads };
            let decided = wording::decided(&parameter.value);
            let what = format!("{reads}{}{}", self.say("：", ": "), self.pick(&decided));
            self.item(&what, &parameter.cite);
        }
    }

    fn words(&mut self) {
        let words = &self.regime.words;
        self.section("事项与等级", "Matters and grades");
        let lists: [(&str, &str, &[Word]); 7] = [
            ("事项类型", "Kinds", &words.kinds),
            ("投诉人", "Who may file", &words.complainants),
            ("被投诉人", "Whom it may be about", &words.respondents),
            ("外部单位", "Bodies outside", &words.bodies),
            ("类别", "Categories", &words.categories),
            ("等级（由轻到重）", "Grades, from the lightest to the gravest", &words.severities),
            ("有效性", "Validity", &words.validity),
        ];
        for (zh, en, list) in lists.into_iter().filter(|(_, _, list)| !list.is_empty()) {
            let title = self.say(zh, en);
            let mut titles = Vec::new();
            for word in list {
                let meaning =
                    word.meaning.as_ref().map(|meaning| format!("{}{}", self.say("：", ": "), self.pick(meaning)));
                let wider = word.under.as_ref().and_then(|wider| list.iter().find(|word| word.id == *wider));
                let wider = wider.map(|wider| self.pick(&wider.title) + &self.say("之", " › ")).unwrap_or_default();
                titles.push(format!(
                    "{wider}{}{}{}",
                    self.pick(&word.title),
                    meaning.unwrap_or_default(),
                    self.cited(&word.cite)
                ));
            }
            let _ = writeln!(self.text, "- {title}{}{}", self.say("：", ": "), titles.join(&self.say("；", "; ")));
        }
        if !words.facts.is_empty() {
            let title =
                self.say("登记、受理或办理时要查明：", "Asked at the hand-in, at triage or while it is handled:");
            let _ = write!(self.text, "\n{title}\n\n");
        }
        for question in &words.facts {
            let choices: Vec<String> = question.words.iter().map(|word| self.pick(&word.title)).collect();
            let choices = if choices.is_empty() { String::new() } else { format!(" [{}]", choices.join(" / ")) };
            let what = format!("{}{choices}", self.pick(&question.title));
            self.item(&what, &question.cite);
        }
    }

    fn grading(&mut self) {
        if self.regime.grading.is_empty() {
            return;
        }
        self.section("定级", "Grading");
        for rule in &self.regime.grading {
            let grade = self.regime.word_title("severity", &rule.then).unwrap_or_default();
            let grade = self.pick(&grade);
            let told = |condition: &crate::Condition| self.pick(&condition.told(self.regime));
            let what = match &rule.rule {
                Grade::If(condition) => self
                    .say(&format!("{}的，定为{grade}", told(condition)), &format!("If {}: {grade}", told(condition))),
                Grade::Otherwise => self.say(&format!("其余定为{grade}"), &format!("All others: {grade}")),
                Grade::On(fact, condition) => {
                    let fact = self.fact(fact);
                    let only = if condition.is_always() { String::new() } else { told(condition) };
                    let by = if rule.is_automatic { self.say("自动", " by itself") } else { String::new() };
                    let zh = format!(
                        "{fact}{}，{by}改定为{grade}",
                        if only.is_empty() { "时".to_owned() } else { format!("且{only}的") }
                    );
                    let en_only = if only.is_empty() { String::new() } else { format!(" and {only}") };
                    self.say(&zh, &format!("On \"{fact}\"{en_only}: becomes {grade}{by}"))
                }
            };
            self.item(&what, &rule.cite);
        }
    }
}

#[cfg(test)]
mod tests;
