//! What is decided at the door, and what the complainant adds.

use super::{Command, REASON, Shape, TEXT, Take, may, must, request_id, send};
use crate::desk::told;
use contracts::{intake, triage};

const PROCESS: Take = may("process", Shape::Text);
const TIME: Take = may("time", Shape::Text);
const REASONS: Take = may("reasons", Shape::Text);

pub(super) const COMMANDS: &[Command] = &[
    Command {
        id: "accept",
        takes: &[REASONS, PROCESS, TIME, may("courtesy", Shape::Flag)],
        run: |turn| {
            Box::pin(async move {
                let (parts, is_courtesy) = (turn.parts("accept").await?, turn.flag("courtesy", false));
                send!(turn, triage.accept_case(triage::AcceptCaseRequest { parts, is_courtesy }))
            })
        },
    },
    Command {
        id: "refer",
        takes: &[must("ground", Shape::Ground), may("body", Shape::Body), may("unit", Shape::Unit), REASON],
        run: |turn| {
            Box::pin(async move {
                let (ground, body, unit_id) = (turn.text("ground"), turn.text("body"), turn.text("unit"));
                let reason_ref = turn.seal("reason", "reason").await?;
                send!(turn, triage.refer_case(triage::ReferCaseRequest { ground, body, unit_id, reason_ref }))
            })
        },
    },
    Command {
        id: "report-back",
        takes: &[may("ground", Shape::Ground), TEXT],
        run: |turn| {
            Box::pin(async move {
                let (ground, text_ref) = (turn.text("ground"), turn.seal("text", "note").await?);
                send!(turn, triage.report_back(triage::ReportBackRequest { ground, text_ref }))
            })
        },
    },
    Command {
        id: "state",
        takes: &[must("facts", Shape::Facts)],
        run: |turn| {
            Box::pin(async move {
                let facts = turn.facts();
                send!(turn, triage.state_facts(triage::StateFactsRequest { facts }))
            })
        },
    },
    Command {
        id: "verify-identity",
        takes: &[may("way", Shape::Text)],
        run: |turn| {
            Box::pin(async move {
                let way = turn.text("way");
                send!(turn, intake.verify_identity(intake::VerifyIdentityRequest { way }))
            })
        },
    },
    Command {
        id: "answer-at-once",
        takes: &[may("way", Shape::Text), TEXT],
        run: |turn| {
            Box::pin(async move {
                let (way, text_ref) = (turn.text("way"), turn.seal("text", "answer").await?);
                send!(turn, intake.answer_at_once(intake::AnswerAtOnceRequest { way, text_ref }))
            })
        },
    },
    Command {
        id: "ask-complainant",
        takes: &[TEXT],
        run: |turn| {
            Box::pin(async move {
                let text_ref = turn.seal("text", "note").await?;
                send!(turn, intake.ask_complainant(intake::AskComplainantRequest { text_ref }))
            })
        },
    },
    Command {
        id: "link",
        takes: &[must("to", Shape::Case), must("relation", Shape::Relation)],
        run: |turn| {
            Box::pin(async move {
                let (other_case_id, relation) = (turn.other("to"), turn.text("relation"));
                send!(turn, intake.link(intake::LinkRequest { other_case_id, relation }))
            })
        },
    },
    Command {
        id: "merge",
        takes: &[must("to", Shape::Case)],
        run: |turn| {
            Box::pin(async move {
                let into_case_id = turn.other("to");
                send!(turn, intake.merge(intake::MergeRequest { into_case_id }))
            })
        },
    },
];
