//! Between the wire and the domain.

use crate::{
    domain::{
        draft::{Agent, Arrival, Draft, Identity, Respondent, Submitter},
        pii::Pii,
        vault::Master,
    },
    usecase::hand_in::{HandedIn, Outcome, Row, Who},
};
use contracts::intake::{self, HandInRequest, HandInResponse, RowProblem, RowResult, row_result};
use kit_core::Problem;
use kit_grpc::{Caller, Ctx, instant, text, timestamp};
use prost::Message as _;
use zeroize::Zeroizing;

/// Who hands in. Staff write in the complainant's stead, so their own language says nothing about the complainant's.
pub(crate) fn who(ctx: &Ctx) -> Who {
    let (submitter, language) = match &ctx.caller {
        Caller::Staff(id) => (Submitter::Staff(id.to_string()), "zh"),
        Caller::Service(_) => (Submitter::Service, ctx.language.as_str()),
        Caller::Public => (Submitter::Public, ctx.language.as_str()),
    };
    Who { submitter, actor: ctx.actor(), language: language.to_owned() }
}

/// One row of a hand-in. The digest is taken here, over the bytes as the wire orders them.
pub(crate) fn row(master: &Master, actor: &str, request: HandInRequest) -> Row {
    let digest = master.digest(&[actor.as_bytes(), &Zeroizing::new(request.encode_to_vec())]);
    let identity = request.identity.unwrap_or_default();
    let respondent = request.respondent.unwrap_or_default();
    let agent = request.agent.unwrap_or_default();
    let draft = Draft {
        unit_id: request.unit_id,
        channel: request.channel,
        kind: request.kind,
        regime_id: request.regime_id,
        subject: Pii::new(request.subject),
        narrative: Pii::new(request.narrative),
        identity: Identity {
            name: Pii::new(identity.name),
            phone: Pii::new(identity.phone),
            email: Pii::new(identity.email),
            address: Pii::new(identity.address),
        },
        is_anonymous: request.is_anonymous || request.identity_mode == "anonymous",
        asked_by: request.asked_by,
        about_unit_id: request.about_unit_id,
        about_staff_ids: request.about_staff_ids,
        facts: request
            .facts
            .into_iter()
            .map(|fact| (fact.name, fact.value.as_ref().and_then(facts::answered)))
            .collect(),
        received_at: match request.received_at.as_ref() {
            None => Arrival::Now,
            Some(at) => instant(at).map_or(Arrival::Unreadable, Arrival::At),
        },
        complainant: request.complainant,
        respondent: Respondent {
            sort: respondent.r#type,
            name: Pii::new(respondent.name),
            address: Pii::new(respondent.address),
            contact: Pii::new(respondent.contact),
        },
        agent: Agent { name: Pii::new(agent.name), contact: Pii::new(agent.contact) },
        identity_mode: request.identity_mode,
        form: request.form.into_iter().map(|(name, text)| (name, Pii::new(text))).collect(),
    };
    Row { request_id: request.request_id, digest, draft }
}

/// The answer to a hand-in. The code leaves grouped by fours only on a page; here it is bare.
pub(crate) fn handed_in(done: HandedIn) -> HandInResponse {
    HandInResponse {
        case_id: done.case_id.to_string(),
        number: done.number,
        receipt_code: done.code.as_str().to_owned(),
        registered_at: Some(timestamp(done.registered_at)),
        is_repeat: done.is_repeat,
        twins: Vec::new(),
    }
}

/// The answer to one row of many.
pub(crate) fn row_result(outcome: Outcome) -> RowResult {
    let result = match outcome {
        Ok(done) => row_result::Result::Accepted(handed_in(done)),
        Err(problem) => row_result::Result::Problem(row_problem(problem)),
    };
    RowResult { result: Some(result) }
}

fn row_problem(problem: Problem) -> RowProblem {
    let field = |f: kit_core::FieldProblem| intake::FieldProblem { text: Some(text(&f.text)), field: f.field };
    RowProblem {
        code: problem.code,
        text: Some(text(&problem.text)),
        fields: problem.fields.into_iter().map(field).collect(),
    }
}
