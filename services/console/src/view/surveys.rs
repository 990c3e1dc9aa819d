//! Anonymous surveys: as they are answered, as they are held, and what came of them.

use crate::{convert::text, words::Named};
use contracts::notification as n;
use kit_core::Text;
use serde::Serialize;

/// A question, with what was answered to it where that may be shown.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Question {
    pub(crate) id: String,
    pub(crate) title: Text,
    /// `words`, `scale` or `text`.
    pub(crate) r#type: String,
    pub(crate) cite: String,
    pub(crate) choices: Vec<Named>,
    pub(crate) counts: Vec<Count>,
    pub(crate) texts: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Count {
    pub(crate) answer: Named,
    pub(crate) count: u32,
}

/// What whoever has the address is asked.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Sheet {
    pub(crate) title: Text,
    pub(crate) unit_name: Text,
    pub(crate) last_day: String,
    pub(crate) least: u32,
    pub(crate) questions: Vec<Question>,
}

/// The surveys that one may open, and those that one may know of.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Surveys {
    pub(crate) offers: Vec<Offer>,
    pub(crate) surveys: Vec<Survey>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Offer {
    pub(crate) regime_id: String,
    pub(crate) survey: String,
    pub(crate) title: Text,
    pub(crate) unit: Named,
    pub(crate) cite: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Survey {
    pub(crate) survey_id: String,
    pub(crate) regime_id: String,
    pub(crate) survey: String,
    pub(crate) title: Text,
    pub(crate) unit: Named,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    pub(crate) state: Named,
    pub(crate) closed_on: String,
    /// Of its address; empty once it is closed.
    pub(crate) code: String,
    /// Where it is answered.
    pub(crate) address: String,
    pub(crate) may_close: bool,
    pub(crate) cite: String,
}

/// What came of one.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Results {
    pub(crate) survey: Survey,
    pub(crate) answered: u32,
    pub(crate) least: u32,
    pub(crate) is_open: bool,
    pub(crate) is_shown: bool,
    pub(crate) questions: Vec<Question>,
}

impl From<n::SurveyAsked> for Question {
    fn from(asked: n::SurveyAsked) -> Self {
        let choices: Vec<Named> = asked.choices.into_iter().map(|c| Named::new(c.id, text(c.title))).collect();
        let title = |id: &str| choices.iter().find(|choice| choice.id == id).map(|choice| choice.title.clone());
        let count = |one: n::SurveyCount| Count {
            answer: Named::new(&one.answer, title(&one.answer).unwrap_or_default()),
            count: one.count,
        };
        Self {
            id: asked.id,
            title: text(asked.title),
            r#type: asked.r#type,
            cite: asked.cite,
            counts: asked.counts.into_iter().map(count).collect(),
            choices,
            texts: asked.texts,
        }
    }
}

impl From<n::GetSurveyResponse> for Sheet {
    fn from(sheet: n::GetSurveyResponse) -> Self {
        Self {
            title: text(sheet.title),
            unit_name: text(sheet.unit_name),
            last_day: sheet.last_day,
            least: sheet.least,
            questions: sheet.questions.into_iter().map(Question::from).collect(),
        }
    }
}

impl Survey {
    pub(crate) fn new(row: n::SurveyRow, public_url: &str) -> Self {
        let (zh, en) = if row.state == "open" { ("正在进行", "Open") } else { ("已结束", "Over") };
        let base = public_url.trim_end_matches('/');
        Self {
            address: if row.code.is_empty() { String::new() } else { format!("{base}/survey/{}", row.code) },
            code: row.code,
            survey_id: row.survey_id,
            regime_id: row.regime_id,
            survey: row.survey,
            title: text(row.title),
            unit: Named::new(row.unit_id, text(row.unit_name)),
            first_day: row.first_day,
            last_day: row.last_day,
            state: Named::new(row.state, Text::new(zh, en)),
            closed_on: row.closed_on,
            may_close: row.may_close,
            cite: row.cite,
        }
    }
}

impl Surveys {
    pub(crate) fn new(list: n::ListSurveysResponse, public_url: &str) -> Self {
        let offer = |offer: n::SurveyOffer| Offer {
            regime_id: offer.regime_id,
            survey: offer.survey,
            title: text(offer.title),
            unit: Named::new(offer.unit_id, text(offer.unit_name)),
            cite: offer.cite,
        };
        Self {
            offers: list.offers.into_iter().map(offer).collect(),
            surveys: list.surveys.into_iter().map(|row| Survey::new(row, public_url)).collect(),
        }
    }
}

impl Results {
    pub(crate) fn new(results: n::SurveyResultsResponse, public_url: &str) -> Self {
        Self {
            survey: Survey::new(results.survey.unwrap_or_default(), public_url),
            answered: results.answered,
            least: results.least,
            is_open: results.is_open,
            is_shown: results.is_shown,
            questions: results.questions.into_iter().map(Question::from).collect(),
        }
    }
}
