//! What a handler does, and those who rule on it.

use super::{Command, REASON, Shape, TEXT, may, must, request_id, send};
use crate::desk::told;
use contracts::resolution;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        id: "note",
        takes: &[TEXT],
        run: |turn| {
            Box::pin(async move {
                let text_ref = turn.seal("text", "note").await?;
                send!(turn, resolution.add_note(resolution::AddNoteRequest { text_ref }))
            })
        },
    },
    Command {
        id: "measure",
        takes: &[must("measures", Shape::Measures), TEXT],
        run: |turn| {
            Box::pin(async move {
                let text_ref = turn.seal("text", "note").await?;
                send!(
                    turn,
                    resolution
                        .order_measures(resolution::OrderMeasuresRequest { measures: turn.list("measures"), text_ref })
                )
            })
        },
    },
    Command {
        id: "decide",
        takes: &[may("finding", Shape::Finding), TEXT],
        run: |turn| {
            Box::pin(async move {
                let text_ref = turn.seal("text", "decision").await?;
                let finding = turn.or_first("finding", &turn.regime.words.findings);
                send!(turn, resolution.propose_decision(resolution::ProposeDecisionRequest { finding, text_ref }))
            })
        },
    },
    Command {
        id: "approve-decision",
        takes: &[may("approve", Shape::Flag), REASON],
        run: |turn| {
            Box::pin(async move {
                let reason_ref = turn.seal("reason", "reason").await?;
                let is_approved = turn.flag("approve", true);
                send!(turn, resolution.rule_on_decision(resolution::RuleOnDecisionRequest { is_approved, reason_ref }))
            })
        },
    },
    Command {
        id: "answer",
        takes: &[TEXT],
        run: |turn| {
            Box::pin(async move {
                let text_ref = turn.seal("text", "answer").await?;
                send!(turn, resolution.answer_complainant(resolution::AnswerComplainantRequest { text_ref }))
            })
        },
    },
    Command {
        id: "resolve",
        takes: &[may("finding", Shape::Finding), TEXT],
        run: |turn| {
            Box::pin(async move {
                let text_ref = turn.seal("text", "decision").await?;
                let finding = turn.or_first("finding", &turn.regime.words.findings);
                send!(turn, resolution.resolve_case(resolution::ResolveCaseRequest { finding, text_ref }))
            })
        },
    },
    Command {
        id: "carry-out",
        takes: &[must("measure", Shape::Measure), TEXT],
        run: |turn| {
            Box::pin(async move {
                let (measure, text_ref) = (turn.text("measure"), turn.seal("text", "note").await?);
                send!(turn, resolution.carry_out_measure(resolution::CarryOutMeasureRequest { measure, text_ref }))
            })
        },
    },
    Command {
        id: "check-measure",
        takes: &[must("measure", Shape::Measure), may("satisfactory", Shape::Flag), TEXT],
        run: |turn| {
            Box::pin(async move {
                let (measure, text_ref) = (turn.text("measure"), turn.seal("text", "note").await?);
                let is_satisfactory = turn.flag("satisfactory", true);
                send!(
                    turn,
                    resolution.check_measure(resolution::CheckMeasureRequest { measure, is_satisfactory, text_ref })
                )
            })
        },
    },
    Command {
        id: "close",
        takes: &[],
        run: |turn| Box::pin(async move { send!(turn, resolution.close_case(resolution::CloseCaseRequest {})) }),
    },
];
