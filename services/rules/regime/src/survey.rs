//! Surveys that belong to no case and to nobody: what is asked, and when the answers may be looked at.

use crate::Word;
use kit_core::Text;

/// The highest mark of a scale; the lowest is 1.
pub const SCALE: u32 = 5;

/// A survey (匿名调查).
#[derive(Clone, Debug)]
pub struct Survey {
    pub id: String,
    pub title: Text,
    /// Who opens and closes it, and reads what came of it.
    pub role: String,
    /// What fewer answered is shown to nobody.
    pub least: u32,
    pub questions: Vec<SurveyQuestion>,
    pub cite: String,
}

#[derive(Clone, Debug)]
pub struct SurveyQuestion {
    pub id: String,
    pub title: Text,
    pub asks: Asks,
    pub cite: String,
}

/// What kind of answer a question wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    /// One of these.
    Words(Vec<Word>),
    /// A mark from 1 to `SCALE`.
    Scale,
    /// Free text, which may be left out.
    Text,
}

impl Survey {
    /// One of its questions.
    pub fn question(&self, id: &str) -> Option<&SurveyQuestion> {
        self.questions.iter().find(|question| question.id == id)
    }
}

impl SurveyQuestion {
    /// The answers that can be counted, with what people call them; none where anything may be written.
    pub fn choices(&self) -> Vec<(String, Text)> {
        match &self.asks {
            Asks::Words(words) => words.iter().map(|word| (word.id.clone(), word.title.clone())).collect(),
            Asks::Scale => {
                (1..=SCALE).map(|mark| (mark.to_string(), Text::new(mark.to_string(), mark.to_string()))).collect()
            }
            Asks::Text => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sample::FULL;
    use crate::{Asks, Regime};

    #[test]
    fn a_survey_reads_with_its_questions_in_their_order() {
        let regime = Regime::parse("pack.yaml", &FULL).unwrap();
        let survey = regime.survey("shop-visit").unwrap();
        assert_eq!((survey.role.as_str(), survey.least, survey.cite.as_str()), ("manager", 8, "第八条"));
        let ids: Vec<&str> = survey.questions.iter().map(|question| question.id.as_str()).collect();
        assert_eq!(ids, ["overall", "speed", "wishes"]);
        let choices =
            |id: &str| survey.question(id).unwrap().choices().into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(choices("overall"), ["content", "not-content"]);
        assert_eq!(choices("speed"), ["1", "2", "3", "4", "5"]);
        assert_eq!(survey.question("wishes").unwrap().asks, Asks::Text);
        assert!(regime.survey("shop-visits").is_none());
    }

    #[test]
    fn five_are_the_least_where_the_pack_says_nothing_and_fewer_than_two_hide_nobody() {
        let without = FULL.replace("least: 8, ", "");
        assert_eq!(Regime::parse("pack.yaml", &without).unwrap().survey("shop-visit").unwrap().least, 5);
        for (least, told) in
            [("1", "is not a number of people, 2 or more"), ("few", "is not a number of people, 2 or more")]
        {
            let errors =
                Regime::parse("pack.yaml", &FULL.replace("least: 8, ", &format!("least: {least}, "))).unwrap_err();
            assert!(errors.iter().any(|error| error.en.contains(told) && error.clause == "第八条"), "{errors:#?}");
        }
    }

    #[test]
    fn choices_stand_with_words_alone_and_a_survey_asks_something() {
        let bent = [
            ("type: words, words:", "type: scale, words:", "only a question of the type `words` has choices"),
            ("type: scale,", "type: words,", "a question of the type `words` has at least two choices"),
            ("type: text,", "type: txt,", "there is no type `txt`; did you mean `text`?"),
            ("role: manager, least", "role: maneger, least", "there is no role `maneger`; did you mean `manager`?"),
            (
                "holds: [statistics, faulty-goods, shop-visit]",
                "holds: [statistics, shop-visits]",
                "did you mean `shop-visit`?",
            ),
        ];
        for (right, wrong, told) in bent {
            let yaml = FULL.replacen(right, wrong, 1);
            assert_ne!(yaml, *FULL, "{right}");
            let errors = Regime::parse("pack.yaml", &yaml).unwrap_err();
            assert!(errors.iter().any(|error| error.en.contains(told)), "{told}: {errors:#?}");
        }
        let empty = "surveys: {nothing: {zh: 空, en: Empty, role: manager, questions: {}, cite: 第八条}}\nsurvey-was:";
        let errors = Regime::parse("pack.yaml", &FULL.replacen("surveys:", empty, 1)).unwrap_err();
        assert!(errors.iter().any(|error| error.en.contains("a survey asks at least one question")), "{errors:#?}");
    }
}
