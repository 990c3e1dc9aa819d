//! The open doors of the branches and what their forms ask.

use crate::{convert::text, words::Named};
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
}

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Channel {
    pub(crate) channel: String,
    pub(crate) title: Text,
    pub(crate) is_recorded_by_staff: bool,
    pub(crate) required_fields: Vec<String>,
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
        Self {
            unit_id: door.unit_id,
            unit_name: text(door.unit_name),
            regime_id: door.regime_id,
            regime_title: text(door.regime_title),
            kinds: choices(door.kinds),
            channels: door.channels.into_iter().map(Channel::from).collect(),
            departments: choices(door.departments),
            questions: door.questions.into_iter().map(Question::from).collect(),
            may_be_anonymous: door.may_be_anonymous,
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
