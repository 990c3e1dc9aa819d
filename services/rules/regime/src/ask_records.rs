//! What a regime answers about the file of a case: what it lacks, and what the public may be shown.

use crate::{Case, FactRef, Held, Missing, Publicity, PublicityOf, Regime, Value};
use kit_core::Text;
use std::collections::BTreeSet;

/// How a case ends without having been handled: nothing is then owed to its file.
const UNHANDLED: [&str; 4] = ["case-declined", "case-referred", "answered-at-once", "case-withdrawn"];

impl Regime {
    /// What the file of the case lacks, where it must be complete before the case is closed. A form counts as filled where
    /// it is among `filled_forms`, where the case came by a channel that uses it, or where a step that fills it was done.
    pub fn missing_in_file(&self, case: &dyn Case, filled_forms: &BTreeSet<String>) -> Vec<Missing> {
        // A matter that was taken back and goes on all the same is handled.
        let goes_on = case.has(&FactRef::about("case-withdrawn", "go-on"));
        let is_over = |word: &str| case.has(&FactRef::new(word)) && !(word == "case-withdrawn" && goes_on);
        if !self.records.is_complete || UNHANDLED.into_iter().any(is_over) {
            return Vec::new();
        }
        self.records.holds.iter().filter_map(|held| self.lacks(held, case, filled_forms)).collect()
    }

    fn lacks(&self, held: &Held, case: &dyn Case, filled: &BTreeSet<String>) -> Option<Missing> {
        let (needs, title) = match held {
            Held::Form(form) if filled.contains(form) || self.is_filled(form, case) => return None,
            Held::Form(form) => (FactRef::new(&**form), self.form_title(form)),
            Held::Fact(fact) if case.has(fact) => return None,
            Held::Fact(fact) => (fact.clone(), self.fact_title(fact)),
        };
        let say = Text::new(format!("卷内缺少“{}”", title.zh), format!("the file lacks: {}", title.en));
        Some(Missing { needs: Some(needs), say, cite: self.records.cite.clone() })
    }

    fn is_filled(&self, form: &str, case: &dyn Case) -> bool {
        let uses = |used: &Option<String>| used.as_deref() == Some(form);
        let came_by = |id: &str| case.variable("channel") == Some(Value::Word(id.to_owned()));
        self.channels.iter().any(|channel| uses(&channel.form) && came_by(&channel.id))
            || self.steps.iter().any(|step| uses(&step.form) && case.has(&FactRef::new(&*step.id)))
    }

    /// The title of one of the regime's forms.
    pub fn form_title(&self, form: &str) -> Text {
        let known = self.words.forms.iter().find(|known| known.word.id == form);
        known.map_or_else(|| Text::new(form, form), |known| known.word.title.clone())
    }

    /// The title of something by which cases are counted.
    pub fn axis_title(&self, axis: &str) -> Text {
        let (zh, en) = match axis {
            "kind" => ("事项类型", "Kind"),
            "category" => ("类别", "Category"),
            "severity" => ("等级", "Grade"),
            "validity" => ("有效性", "Validity"),
            "channel" => ("来源", "Channel"),
            "unit" => ("单位", "Unit"),
            "finding" => ("认定结果", "Finding"),
            "complainant" => ("投诉人类型", "Who filed"),
            "respondent" => ("被投诉人类型", "Whom it was about"),
            "satisfaction" => ("满意度", "Satisfaction"),
            "outcome" => ("结案方式", "How it ended"),
            fact => {
                let known = self.words.facts.iter().find(|question| question.name == fact);
                return known.map_or_else(|| Text::new(fact, fact), |question| question.title.clone());
            }
        };
        Text::new(zh, en)
    }

    /// The rule by which a case, or the figures of a period, are shown to the public; none where the regime knows of none.
    pub fn publicity(&self, of: PublicityOf) -> Option<&Publicity> {
        self.records.publicity.iter().find(|publicity| publicity.of == of)
    }

    /// The ledgers into which the fact enters the case, with the clause of each.
    pub fn ledgers_on(&self, fact: &FactRef, case: &dyn Case) -> Vec<&crate::Ledger> {
        let speaks = |on: &FactRef| on.matches(&fact.word, fact.arg.as_deref());
        let ledgers = self.records.ledgers.iter();
        ledgers.filter(|ledger| ledger.on.iter().any(speaks) && ledger.condition.holds(case)).collect()
    }

    /// One of its surveys.
    pub fn survey(&self, id: &str) -> Option<&crate::Survey> {
        self.surveys.iter().find(|survey| survey.id == id)
    }

    /// One of its ledgers.
    pub fn ledger(&self, id: &str) -> Option<&crate::Ledger> {
        self.records.ledgers.iter().find(|ledger| ledger.id == id)
    }
}

#[cfg(test)]
mod tests {
    use crate::sample::{FULL, Told};
    use crate::{FactRef, Regime};
    use std::collections::BTreeSet;

    fn regime() -> Regime {
        Regime::parse("pack.yaml", &FULL).unwrap()
    }

    fn missing(case: &Told, filled: &[&str]) -> Vec<String> {
        let filled: BTreeSet<String> = filled.iter().map(|form| (*form).to_owned()).collect();
        regime().missing_in_file(case, &filled).into_iter().map(|missing| missing.say.en).collect()
    }

    #[test]
    fn a_file_lacks_the_forms_nobody_filled_and_the_facts_that_never_happened() {
        let case = Told::default();
        assert_eq!(missing(&case, &[]), ["the file lacks: Complaint sheet", "the file lacks: Resolved"]);
        assert_eq!(missing(&case, &["record-sheet"]), ["the file lacks: Resolved"]);
        assert_eq!(missing(&case.clone().word("channel", "web"), &[]), ["the file lacks: Resolved"]);
        assert_eq!(missing(&case.clone().has("voucher-given").has("case-resolved"), &[]), [""; 0]);
    }

    #[test]
    fn nothing_is_owed_to_the_file_of_a_case_that_was_not_handled() {
        for word in ["case-declined(not-our-shop)", "case-referred(not-our-shop)", "case-withdrawn"] {
            assert_eq!(missing(&Told::default().has(word), &[]), [""; 0], "{word}");
        }
        assert_eq!(missing(&Told::default().has("case-withdrawn(go-on)"), &[]).len(), 2);
    }

    #[test]
    fn ledgers_speak_on_their_facts_while_their_condition_holds() {
        let regime = regime();
        let on = |fact: &str, case: &Told| regime.ledgers_on(&fact.parse::<FactRef>().unwrap(), case).len();
        assert_eq!(on("goods-tested(faulty)", &Told::default()), 1);
        assert_eq!(on("goods-tested(sound)", &Told::default()), 0);
    }
}
