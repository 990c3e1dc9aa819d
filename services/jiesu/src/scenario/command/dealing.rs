//! What people of the house demand of each other: orders, teams, dispatch in dispute, recusal.

use super::{Command, REASON, Shape, TEXT, may, must, request_id, send};
use crate::desk::told;
use contracts::assignment;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        id: "delegate",
        takes: &[must("staff", Shape::Staff)],
        run: |turn| {
            Box::pin(async move {
                let staff_id = turn.person("staff");
                send!(turn, assignment.delegate_case(assignment::DelegateCaseRequest { staff_id }))
            })
        },
    },
    Command {
        id: "rule-dispatch",
        takes: &[may("upheld", Shape::Flag), may("unit", Shape::Unit), REASON],
        run: |turn| {
            Box::pin(async move {
                let (is_upheld, unit_id) = (turn.flag("upheld", true), turn.text("unit"));
                let reason_ref = turn.seal("reason", "reason").await?;
                send!(
                    turn,
                    assignment.rule_dispatch(assignment::RuleDispatchRequest { is_upheld, unit_id, reason_ref })
                )
            })
        },
    },
    Command {
        id: "order",
        takes: &[
            must("order", Shape::Order),
            may("ground", Shape::Text),
            may("unit", Shape::Unit),
            may("staff", Shape::StaffList),
            may("due", Shape::Day),
            TEXT,
        ],
        run: |turn| {
            Box::pin(async move {
                let (order, ground, unit_id) = (turn.text("order"), turn.text("ground"), turn.text("unit"));
                let (staff_ids, due) = (turn.people("staff"), turn.text("due"));
                let text_ref = turn.seal("text", "note").await?;
                send!(
                    turn,
                    assignment.give_order(assignment::GiveOrderRequest {
                        order,
                        ground,
                        unit_id,
                        staff_ids,
                        due,
                        text_ref
                    })
                )
            })
        },
    },
    Command {
        id: "answer-order",
        takes: &[may("order", Shape::Order), may("no", Shape::Number), TEXT],
        run: |turn| {
            Box::pin(async move {
                let no = turn.order_no().await?;
                let text_ref = turn.seal("text", "answer").await?;
                send!(turn, assignment.answer_order(assignment::AnswerOrderRequest { no, text_ref }))
            })
        },
    },
    Command {
        id: "form-team",
        takes: &[must("team", Shape::Team), must("staff", Shape::StaffList), may("lead", Shape::Staff)],
        run: |turn| {
            Box::pin(async move {
                let (team, staff_ids, lead) = (turn.text("team"), turn.people("staff"), turn.person("lead"));
                send!(turn, assignment.form_team(assignment::FormTeamRequest { team, staff_ids, lead }))
            })
        },
    },
    Command {
        id: "escalate",
        takes: &[TEXT, may("proposal", Shape::Text)],
        run: |turn| {
            Box::pin(async move {
                let text_ref = turn.seal("text", "note").await?;
                send!(turn, assignment.escalate_case(assignment::EscalateCaseRequest { text_ref }))
            })
        },
    },
    Command {
        id: "ask-recusal",
        takes: &[may("staff", Shape::Staff), REASON],
        run: |turn| {
            Box::pin(async move {
                let staff_id = turn.person("staff");
                let ground_ref = turn.seal("reason", "reason").await?;
                send!(turn, assignment.ask_recusal(assignment::AskRecusalRequest { staff_id, ground_ref }))
            })
        },
    },
    Command {
        id: "rule-recusal",
        takes: &[may("grant", Shape::Flag), may("staff", Shape::Staff), REASON],
        run: |turn| {
            Box::pin(async move {
                let (is_granted, staff_id) = (turn.flag("grant", true), turn.person("staff"));
                let reason_ref = turn.seal("reason", "reason").await?;
                send!(
                    turn,
                    assignment.rule_recusal(assignment::RuleRecusalRequest { is_granted, staff_id, reason_ref })
                )
            })
        },
    },
];
