//! Taking a matter in, and who handles it.

use super::{Command, REASON, Shape, TEXT, Take, may, must, request_id, send, with_parts};
use crate::desk::told;
use contracts::{assignment, triage};

const DECLINE: [Take; 10] = with_parts([must("ground", Shape::Ground), REASON]);

pub(super) const COMMANDS: &[Command] = &[
    Command {
        id: "triage",
        takes: &[
            may("kind", Shape::Kind),
            may("category", Shape::Category),
            may("about-unit", Shape::Unit),
            may("about-staff", Shape::StaffList),
            may("facts", Shape::Facts),
            may("validity", Shape::Validity),
            may("severity", Shape::Severity),
        ],
        run: |turn| {
            Box::pin(async move {
                let (kind, about) = (turn.text("kind"), turn.text("about-unit"));
                send!(
                    turn,
                    triage.triage_case(triage::TriageCaseRequest {
                        kind: if kind.is_empty() { turn.case.kind.clone() } else { kind },
                        category: turn.or_first("category", &turn.regime.words.categories),
                        about_unit_id: (!about.is_empty()).then_some(about),
                        about_staff_ids: turn.list("about-staff").iter().map(|one| (turn.id_of)(one)).collect(),
                        facts: turn.facts(),
                        validity: turn.text("validity"),
                        severity: turn.text("severity"),
                    })
                )
            })
        },
    },
    Command {
        id: "decline",
        takes: &DECLINE,
        run: |turn| {
            Box::pin(async move {
                let (ground, parts) = (turn.text("ground"), turn.parts("decline").await?);
                let reason_ref = turn.seal("reason", "reason").await?;
                send!(turn, triage.decline_case(triage::DeclineCaseRequest { ground, reason_ref, parts }))
            })
        },
    },
    Command {
        id: "regrade",
        takes: &[must("severity", Shape::Severity), REASON],
        run: |turn| {
            Box::pin(async move {
                let reason_ref = turn.seal("reason", "reason").await?;
                send!(
                    turn,
                    triage.regrade_case(triage::RegradeCaseRequest { severity: turn.text("severity"), reason_ref })
                )
            })
        },
    },
    Command {
        id: "move-to-version",
        takes: &[may("version", Shape::Number), may("regime", Shape::Text), REASON],
        run: |turn| {
            Box::pin(async move {
                let (regime_id, regime_version) = turn.version_to_move_to();
                let reason_ref = turn.seal("reason", "reason").await?;
                send!(
                    turn,
                    triage.move_to_version(triage::MoveToVersionRequest { regime_id, regime_version, reason_ref })
                )
            })
        },
    },
    Command {
        id: "judge-validity",
        takes: &[must("validity", Shape::Validity), REASON],
        run: |turn| {
            Box::pin(async move {
                let reason_ref = turn.seal("reason", "reason").await?;
                send!(
                    turn,
                    triage.judge_validity(triage::JudgeValidityRequest { validity: turn.text("validity"), reason_ref })
                )
            })
        },
    },
    Command {
        id: "contain",
        takes: &[TEXT],
        run: |turn| {
            Box::pin(async move {
                let text_ref = turn.seal("text", "note").await?;
                send!(turn, triage.record_containment(triage::RecordContainmentRequest { text_ref }))
            })
        },
    },
    Command {
        id: "dispatch",
        takes: &[must("unit", Shape::Unit), may("staff", Shape::Staff)],
        run: |turn| {
            Box::pin(async move {
                let staff = turn.text("staff");
                let staff_id = if staff.is_empty() { staff } else { (turn.id_of)(&staff) };
                send!(
                    turn,
                    assignment.dispatch_case(assignment::DispatchCaseRequest { unit_id: turn.text("unit"), staff_id })
                )
            })
        },
    },
    Command {
        id: "sign",
        takes: &[],
        run: |turn| Box::pin(async move { send!(turn, assignment.sign_case(assignment::SignCaseRequest {})) }),
    },
    Command {
        id: "return",
        takes: &[REASON],
        run: |turn| {
            Box::pin(async move {
                let reason_ref = turn.seal("reason", "reason").await?;
                send!(turn, assignment.return_case(assignment::ReturnCaseRequest { reason_ref }))
            })
        },
    },
    Command {
        id: "recuse",
        takes: &[may("staff", Shape::Staff), REASON],
        run: |turn| {
            Box::pin(async move {
                let reason_ref = turn.seal("reason", "reason").await?;
                let staff = turn.text("staff");
                let staff_id = if staff.is_empty() { staff } else { (turn.id_of)(&staff) };
                send!(turn, assignment.recuse_handler(assignment::RecuseHandlerRequest { staff_id, reason_ref }))
            })
        },
    },
];
