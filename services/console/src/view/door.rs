//! The open doors of the branches and what their forms ask.

use crate::{
    convert::{text, texts},
    words::Named,
};
use contracts::intake;
use kit_core::Text;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Door {
    pub(crate) unit_id: String,
    pub(crate) unit_name: Text,
    pub(crate) regime_id: String,
    pub(crate) regime_title: Text,
    pub(crate) kinds: Vec<Named>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) departments: Vec<Named>,
    pub(crate) questions: Vec<Question>,
    pub(crate) may_be_anonymous: bool,
    /// Who may file, and whom it may be about.
    pub(crate) complainants: Vec<Named>,
    pub(crate) respondents: Vec<Named>,
    /// Kinds that may be handed in together, and become a case each.
    pub(crate) apart: Vec<Named>,
    /// What the regime advises whoever takes a matter in.
    pub(crate) guidance: Vec<Text>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Channel {
    pub(crate) channel: String,
    pub(crate) title: Text,
    pub(crate) is_recorded_by_staff: bool,
    pub(crate) required_fields: Vec<String>,
    /// The kinds that come by it; empty: all.
    pub(crate) kinds: Vec<String>,
    /// The least that a complainant says of themselves.
    pub(crate) identity: String,
    /// A number, an address or hours, made known beside it.
    pub(crate) shows: String,
}

/// A question of the regime about the case; `type` is `flag`, `number` or `word`.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Question {
    pub(crate) name: String,
    pub(crate) title: Text,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) words: Vec<Named>,
    pub(crate) cite: String,
}

impl From<intake::Door> for Door {
    fn from(door: intake::Door) -> Self {
        let choices = |list: Vec<intake::Choice>| list.into_iter().map(|c| Named::new(c.id, text(c.title))).collect();
        let kinds: Vec<Named> = choices(door.kinds);
        let is_apart = |kind: &&Named| door.apart.iter().any(|group| group.kinds.contains(&kind.id));
        Self {
            apart: kinds.iter().filter(is_apart).cloned().collect(),
            complainants: choices(door.complainants),
            respondents: choices(door.respondents),
            unit_id: door.unit_id,
            unit_name: text(door.unit_name),
            regime_id: door.regime_id,
            regime_title: text(door.regime_title),
            kinds,
            channels: door.channels.into_iter().map(Channel::from).collect(),
            departments: choices(door.departments),
            questions: door.questions.into_iter().map(Question::from).collect(),
            may_be_anonymous: door.may_be_anonymous,
            guidance: texts(door.guidance),
        }
    }
}

impl From<intake::ChannelDoor> for Channel {
    fn from(channel: intake::ChannelDoor) -> Self {
        let named = text(channel.title);
        let title = if named.zh.is_empty() { crate::words::way(&channel.channel).title } else { named };
        Self {
            channel: channel.channel,
            title,
            is_recorded_by_staff: channel.is_recorded_by_staff,
            required_fields: channel.required_fields,
            kinds: channel.kinds,
            identity: channel.identity,
            shows: channel.shows,
        }
    }
}

impl From<intake::Question> for Question {
    fn from(question: intake::Question) -> Self {
        Self {
            name: question.name,
            title: text(question.title),
            kind: question.r#type,
            words: question.words.into_iter().map(|c| Named::new(c.id, text(c.title))).collect(),
            cite: question.cite,
        }
    }
}

impl From<contracts::triage::Question> for Question {
    fn from(question: contracts::triage::Question) -> Self {
        Self {
            name: question.name,
            title: text(question.title),
            kind: question.r#type,
            words: question.words.into_iter().map(|w| Named::new(w.id, text(w.title))).collect(),
            cite: question.cite,
        }
    }
}
