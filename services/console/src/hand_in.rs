//! Handing a case in: one list of fields for the public form, the desk form and the API.

use crate::{
    asker::Asker,
    body::{Checked, Field, Kind, may, must},
    convert::at,
};
use chrono::{DateTime, Utc};
use contracts::intake;
use kit_core::Problem;
use serde::Serialize;
use serde_json::{Map, Value};

const IDENTITY: &[Field] = &[
    may("name", Kind::Text, "Name"),
    may("phone", Kind::Text, "Phone number"),
    may("email", Kind::Text, "E-mail address"),
    may("address", Kind::Text, "Postal address, or building and room"),
];

const RESPONDENT: &[Field] = &[
    may("type", Kind::Text, "In the regime's words"),
    may("name", Kind::Text, "Name"),
    may("address", Kind::Text, "Address"),
    may("contact", Kind::Text, "An e-mail address or a telephone number"),
];

const AGENT: &[Field] = &[may("name", Kind::Text, "Name"), may("contact", Kind::Text, "How to reach them")];

/// What a hand-in may say.
pub(crate) const FIELDS: &[Field] = &[
    must("unit_id", Kind::Text, "The branch it is handed in at"),
    may("channel", Kind::Text, "The channel it came by; `web` where none is given"),
    may("kind", Kind::Text, "A kind that the branch takes in"),
    may("subject", Kind::Text, "What it is about, in one line"),
    may("narrative", Kind::Text, "What happened"),
    may("identity", Kind::Object(IDENTITY), "Who speaks and how to reach them; kept in the vault"),
    may("is_anonymous", Kind::Flag, "Leaves no identity at all"),
    may("asked_by", Kind::Day, "By which day the complainant asks for an answer"),
    may("about_unit_id", Kind::Text, "The department complained of"),
    may("about_staff_ids", Kind::Texts, "Staff complained of"),
    may("facts", Kind::Facts, "Answers to the regime's questions"),
    may("received_at", Kind::Instant, "When it reached us, if earlier than now"),
    may("complainant", Kind::Text, "Who files, in the regime's words"),
    may("respondent", Kind::Object(RESPONDENT), "Whom it is about; kept in the vault"),
    may("agent", Kind::Object(AGENT), "Who acts for the complainant; kept in the vault"),
    may("identity_mode", Kind::Text, "`contact`, `named` or `real-name`; as what was filled says where none is given"),
    may("form", Kind::Parts, "Further fields of the form, such as `place` or `request`; kept in the vault"),
    may("kinds", Kind::Texts, "Several kinds that the regime keeps apart: each becomes a case"),
    may("regime_id", Kind::Text, "Where a branch has several regimes for the kind"),
];

/// What the one who handed in gets. The code is shown here and nowhere else.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Receipt {
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) receipt_code: String,
    pub(crate) registered_at: Option<DateTime<Utc>>,
    pub(crate) is_repeat: bool,
    /// The other cases that it became.
    pub(crate) twins: Vec<Receipt>,
}

/// Hands in what `body` says.
pub(crate) async fn give(asker: &Asker, request_id: &str, body: Map<String, Value>) -> Result<Receipt, Problem> {
    let body = Checked::new(FIELDS, body)?;
    let answer = asker.hand_in(request(request_id, &body)).await?;
    Ok(Receipt::from(answer))
}

impl From<intake::HandInResponse> for Receipt {
    fn from(answer: intake::HandInResponse) -> Self {
        Self {
            case_id: answer.case_id,
            number: answer.number,
            receipt_code: answer.receipt_code,
            registered_at: at(answer.registered_at),
            is_repeat: answer.is_repeat,
            twins: answer.twins.into_iter().map(Self::from).collect(),
        }
    }
}

fn request(request_id: &str, body: &Checked) -> intake::HandInRequest {
    let is_anonymous = body.flag("is_anonymous");
    let identity = body.object("identity");
    // What an anonymous person typed before they ticked the box goes no further than this line.
    let identity = (!is_anonymous).then(|| intake::Identity {
        name: identity.text("name"),
        phone: identity.text("phone"),
        email: identity.text("email"),
        address: identity.text("address"),
    });
    let (respondent, agent) = (body.object("respondent"), body.object("agent"));
    let respondent = intake::RespondentIdentity {
        r#type: respondent.text("type"),
        name: respondent.text("name"),
        address: respondent.text("address"),
        contact: respondent.text("contact"),
    };
    let agent = intake::Agent { name: agent.text("name"), contact: agent.text("contact") };
    intake::HandInRequest {
        request_id: request_id.to_owned(),
        unit_id: body.text("unit_id"),
        channel: body.optional("channel").unwrap_or_else(|| "web".to_owned()),
        kind: body.text("kind"),
        subject: body.text("subject"),
        narrative: body.text("narrative"),
        identity,
        is_anonymous,
        asked_by: body.optional("asked_by"),
        about_unit_id: body.optional("about_unit_id"),
        about_staff_ids: body.texts("about_staff_ids"),
        facts: body.facts("facts"),
        received_at: body.instant("received_at").map(kit_grpc::timestamp),
        regime_id: body.text("regime_id"),
        complainant: body.text("complainant"),
        respondent: (respondent != intake::RespondentIdentity::default()).then_some(respondent),
        agent: (!is_anonymous && agent != intake::Agent::default()).then_some(agent),
        identity_mode: if is_anonymous { String::new() } else { body.text("identity_mode") },
        form: body.parts("form").into_iter().collect(),
        kinds: body.texts("kinds"),
    }
}

/// A receipt code as people type it: spaces, dashes and full-width digits allowed.
pub(crate) fn receipt_code(typed: &str) -> String {
    typed
        .chars()
        .filter_map(|c| match c {
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
            c if c.is_whitespace() || matches!(c, '-' | '—' | '–' | '－' | '‐') => None,
            c => Some(c),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(value: Value) -> Checked {
        let Value::Object(map) = value else { unreachable!() };
        Checked::new(FIELDS, map).unwrap()
    }

    #[test]
    fn an_anonymous_hand_in_carries_no_identity_even_if_one_was_typed() {
        let typed = json!({"unit_id": "b01", "is_anonymous": true, "identity": {"phone": "13800000000"}});
        assert_eq!(request("r", &body(typed)).identity, None);
        let typed = json!({"unit_id": "b01", "identity": {"phone": "13800000000"}});
        assert_eq!(request("r", &body(typed)).identity.unwrap().phone, "13800000000");
    }

    #[test]
    fn the_parties_and_the_form_go_in_as_they_were_named() {
        let typed = json!({"unit_id": "b01", "complainant": "consumer", "respondent": {"type": "operator", "name": "甲店"},
            "agent": {"name": "张三"}, "form": {"place": "三号楼", "time": " "}, "kinds": ["complaint", "report"]});
        let message = request("r", &body(typed.clone()));
        assert_eq!(message.respondent.unwrap().name, "甲店");
        assert_eq!((message.agent.unwrap().name.as_str(), message.form.len(), message.kinds.len()), ("张三", 1, 2));
        let mut anonymous = typed;
        anonymous["is_anonymous"] = json!(true);
        assert_eq!(request("r", &body(anonymous)).agent, None);
    }

    #[test]
    fn a_receipt_code_may_be_typed_as_people_type() {
        assert_eq!(receipt_code(" 1234-5678 ９０12—3456 "), "1234567890123456");
    }
}
