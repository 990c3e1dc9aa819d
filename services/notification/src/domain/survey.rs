//! An anonymous survey: who may hold it, and what was answered, in a form from which nobody can tell who said what. Pure.

use super::refusal;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::notification::{SurveyClosed, SurveyCount, SurveyOpened};
use kit_core::Problem;
use organisation::Directory;
use regime::{Asks, Regime, Survey, SurveyQuestion};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The longest text of an answer, in characters.
const LONGEST: usize = 1_000;
/// The longest that a survey is open.
const MOST_DAYS: i64 = 366;
/// Letters and digits that nobody takes for one another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CODE: u32 = 10;

/// A survey of a regime in a unit.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) survey_id: Uuid,
    pub(crate) code: String,
    pub(crate) regime_id: String,
    pub(crate) regime_version: u32,
    pub(crate) survey: String,
    pub(crate) unit_id: String,
    pub(crate) first_day: NaiveDate,
    pub(crate) last_day: NaiveDate,
    /// The end of its last day.
    pub(crate) open_until: DateTime<Utc>,
    pub(crate) closed_on: Option<NaiveDate>,
    pub(crate) tally: Tally,
}

/// What was answered: how often what, and texts. It is written anew as a whole with each answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub(crate) answered: u32,
    /// By question and answer.
    pub(crate) counts: BTreeMap<String, BTreeMap<String, u32>>,
    /// By question, in the order of their letters: in none that says who wrote first, or what else they answered.
    pub(crate) texts: BTreeMap<String, Vec<String>>,
    /// Digests of the sheets that were counted, until the survey ends.
    sheets: BTreeSet<String>,
}

impl Held {
    pub(crate) fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.closed_on.is_none() && now < self.open_until
    }

    /// Whether this person may close it.
    pub(crate) fn is_of(&self, survey: &Survey, directory: &Directory, staff: &str) -> bool {
        directory.holds(staff, &survey.role, &self.unit_id)
    }

    /// Whether this person may see what came of it: whoever holds it, and who may see the figures of the unit.
    pub(crate) fn may_read(&self, regime: &Regime, survey: &Survey, directory: &Directory, staff: &str) -> bool {
        let figures = regime.roles_for("statistics").iter().any(|role| directory.holds(staff, role, &self.unit_id));
        figures || self.is_of(survey, directory, staff)
    }

    /// Whether enough answered for anybody to be shown anything.
    pub(crate) fn is_shown(&self, survey: &Survey) -> bool {
        self.closed_on.is_some() && self.tally.answered >= survey.least
    }

    /// Counts one sheet; answers whether it is a new one.
    pub(crate) fn count(
        &mut self,
        survey: &Survey,
        sheet: &str,
        answers: &BTreeMap<String, String>,
    ) -> Result<bool, Problem> {
        if sheet.is_empty() || sheet.len() > 200 {
            return Err(refusal::no_sheet());
        }
        let digest: String = Sha256::digest(sheet).iter().map(|byte| format!("{byte:02x}")).collect();
        if self.tally.sheets.contains(&digest) {
            return Ok(false);
        }
        let answers = checked(survey, answers)?;
        self.tally.sheets.insert(digest);
        self.tally.answered += 1;
        for (question, answer) in answers {
            match question.asks {
                Asks::Words(_) | Asks::Scale => {
                    *self.tally.counts.entry(question.id.clone()).or_default().entry(answer).or_default() += 1;
                }
                Asks::Text => {
                    let texts = self.tally.texts.entry(question.id.clone()).or_default();
                    let place = texts.partition_point(|text| *text <= answer);
                    texts.insert(place, answer);
                }
            }
        }
        Ok(true)
    }

    /// Ends it. What too few answered is forgotten; so is which sheets were counted.
    pub(crate) fn close(&mut self, survey: &Survey, today: NaiveDate) -> SurveyClosed {
        let day = today.min(self.last_day);
        self.closed_on = Some(day);
        let answered = self.tally.answered;
        self.tally = match self.is_shown(survey) {
            true => Tally { sheets: BTreeSet::new(), ..std::mem::take(&mut self.tally) },
            false => Tally { answered, ..Tally::default() },
        };
        SurveyClosed {
            survey_id: self.survey_id.to_string(),
            regime_id: self.regime_id.clone(),
            regime_version: self.regime_version,
            survey: self.survey.clone(),
            unit_id: self.unit_id.clone(),
            day: day.to_string(),
            answered,
            counts: survey.questions.iter().flat_map(|question| self.tally.of(question)).collect(),
            cite: survey.cite.clone(),
        }
    }

    /// The event that tells that it began.
    pub(crate) fn opened(&self, survey: &Survey) -> SurveyOpened {
        SurveyOpened {
            survey_id: self.survey_id.to_string(),
            regime_id: self.regime_id.clone(),
            regime_version: self.regime_version,
            survey: self.survey.clone(),
            unit_id: self.unit_id.clone(),
            last_day: self.last_day.to_string(),
            cite: survey.cite.clone(),
        }
    }
}

impl Tally {
    /// How many chose each answer to a question, those that nobody chose too.
    pub(crate) fn of(&self, question: &SurveyQuestion) -> Vec<SurveyCount> {
        let Some(counts) = self.counts.get(&question.id) else { return Vec::new() };
        let count = |answer: String| {
            let count = counts.get(&answer).copied().unwrap_or_default();
            SurveyCount { question: question.id.clone(), answer, count }
        };
        question.choices().into_iter().map(|(answer, _)| count(answer)).collect()
    }
}

/// The answers by question, or everything that is wrong with them. Only texts may be left out.
fn checked<'s>(
    survey: &'s Survey,
    answers: &BTreeMap<String, String>,
) -> Result<Vec<(&'s SurveyQuestion, String)>, Problem> {
    let mut found = Vec::new();
    let mut problem = Problem::invalid("answers", "有些题目需要改正", "Some answers need attention");
    for question in &survey.questions {
        let answer = answers.get(&question.id).map(|answer| answer.trim()).unwrap_or_default();
        let is_text = question.asks == Asks::Text;
        let wrong = match answer {
            "" if is_text => continue,
            "" => Some(("请选择一项".to_owned(), "Please choose one".to_owned())),
            text if is_text && text.contains('\0') => Some(refusal::unreadable()),
            text if is_text && text.chars().count() > LONGEST => {
                Some((format!("最多 {LONGEST} 字"), format!("At most {LONGEST} characters")))
            }
            answer if !is_text && !question.choices().iter().any(|(id, _)| id == answer) => {
                let choices = question.choices();
                let known: Vec<&str> = choices.iter().map(|(id, _)| id.as_str()).collect();
                Some(refusal::no_choice(answer, &known))
            }
            answer => {
                found.push((question, answer.to_owned()));
                None
            }
        };
        if let Some((zh, en)) = wrong {
            problem = problem.with_field(&format!("answers.{}", question.id), zh, en);
        }
    }
    let known: Vec<&str> = survey.questions.iter().map(|question| question.id.as_str()).collect();
    for id in answers.keys().filter(|id| !known.contains(&id.as_str())) {
        let (zh, en) = refusal::no_question(id, &known);
        problem = problem.with_field("answers", zh, en);
    }
    if problem.fields.is_empty() { Ok(found) } else { Err(problem) }
}

/// The last day of a survey that begins today.
pub(crate) fn until(text: &str, today: NaiveDate) -> Result<NaiveDate, Problem> {
    let Ok(day) = text.parse::<NaiveDate>() else { return Err(refusal::no_day(text)) };
    if day < today || (day - today).num_days() > MOST_DAYS {
        return Err(refusal::day_out_of_reach(today, MOST_DAYS));
    }
    Ok(day)
}

/// A code from the random part of an id: fifty bits, of which ten letters are made.
pub(crate) fn code(id: Uuid) -> String {
    let bits = id.as_u128();
    let letter = |place: u32| LETTERS.get(usize::try_from(bits >> (place * 5) & 31).unwrap_or_default());
    (0..CODE).filter_map(letter).map(|letter| char::from(*letter)).collect()
}

/// A code as it was typed from a poster.
pub(crate) fn typed(code: &str) -> String {
    let plain = code.chars().filter(char::is_ascii_alphanumeric).map(|letter| match letter.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        letter => letter,
    });
    plain.take(40).collect()
}

#[cfg(test)]
mod tests;
