//! Sign-offs and appeals.

use super::{Command, REASON, Shape, TEXT, Take, may, must, request_id, send, with_parts};
use crate::desk::told;
use contracts::resolution;

const DECIDE_APPEAL: [Take; 11] = with_parts([must("tier", Shape::Tier), may("outcome", Shape::Text), TEXT]);

pub(super) const COMMANDS: &[Command] = &[
    Command {
        id: "ask-approval",
        takes: &[must("act", Shape::Act), TEXT],
        run: |turn| {
            Box::pin(async move {
                let (act, text_ref) = (turn.text("act"), turn.seal("text", "note").await?);
                send!(turn, resolution.ask_approval(resolution::AskApprovalRequest { act, text_ref }))
            })
        },
    },
    Command {
        id: "approve",
        takes: &[must("act", Shape::Act), may("approve", Shape::Flag), REASON],
        run: |turn| {
            Box::pin(async move {
                let (act, reason_ref) = (turn.text("act"), turn.seal("reason", "reason").await?);
                let is_given = turn.flag("approve", true);
                send!(
                    turn,
                    resolution.rule_on_approval(resolution::RuleOnApprovalRequest { act, is_given, reason_ref })
                )
            })
        },
    },
    Command {
        id: "decide-appeal",
        takes: &DECIDE_APPEAL,
        run: |turn| {
            Box::pin(async move {
                let (tier, outcome) = (turn.text("tier"), turn.text("outcome"));
                let text_ref = turn.seal("text", "decision").await?;
                let part_refs = turn.parts("decide-appeal").await?;
                send!(
                    turn,
                    resolution.decide_appeal(resolution::DecideAppealRequest { tier, outcome, text_ref, part_refs })
                )
            })
        },
    },
];
