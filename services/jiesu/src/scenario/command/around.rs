//! What stands around the handling: telling, deadlines, the vault, the figures.

use super::{Command, REASON, Shape, TEXT, Take, may, must, request_id, send, with_parts};
use crate::desk::told;
use contracts::{deadline_watcher as watcher, intake};

const TELL: [Take; 11] = with_parts([may("way", Shape::Text), may("reached", Shape::Flag), TEXT]);

pub(super) const COMMANDS: &[Command] = &[
    Command { id: "tell", takes: &TELL, run: |turn| Box::pin(async move { turn.tell().await }) },
    Command {
        id: "call-back",
        takes: &[may("way", Shape::Text), may("reached", Shape::Flag), may("satisfaction", Shape::Satisfaction), TEXT],
        run: |turn| Box::pin(async move { turn.complete("case-called-back").await }),
    },
    Command {
        id: "ask-overrun",
        takes: &[must("clock", Shape::Clock), must("until", Shape::Day), REASON],
        run: |turn| {
            Box::pin(async move {
                let reason_ref = turn.seal("reason", "reason").await?;
                let (clock, until) = (turn.text("clock"), turn.text("until"));
                send!(turn, deadline_watcher.ask_extension(watcher::AskExtensionRequest { clock, until, reason_ref }))
            })
        },
    },
    Command {
        id: "ask-extension",
        takes: &[must("clock", Shape::Clock), may("until", Shape::Day), REASON],
        run: |turn| {
            Box::pin(async move {
                let reason_ref = turn.seal("reason", "reason").await?;
                let (clock, until) = (turn.text("clock"), turn.text("until"));
                send!(turn, deadline_watcher.ask_extension(watcher::AskExtensionRequest { clock, until, reason_ref }))
            })
        },
    },
    Command {
        id: "rule-on-extension",
        takes: &[may("grant", Shape::Flag), may("clock", Shape::Clock)],
        run: |turn| {
            Box::pin(async move {
                let (extension_id, is_granted) = (turn.extension().await?, turn.flag("grant", true));
                send!(
                    turn,
                    deadline_watcher.rule_on_extension(watcher::RuleOnExtensionRequest { extension_id, is_granted })
                )
            })
        },
    },
    Command {
        id: "ask-suspension",
        takes: &[may("clocks", Shape::Clocks), may("until", Shape::Day), REASON],
        run: |turn| {
            Box::pin(async move {
                let reason_ref = turn.seal("reason", "reason").await?;
                let (clocks, until) = (turn.list("clocks"), turn.text("until"));
                send!(
                    turn,
                    deadline_watcher.ask_suspension(watcher::AskSuspensionRequest { clocks, until, reason_ref })
                )
            })
        },
    },
    Command {
        id: "rule-on-suspension",
        takes: &[may("grant", Shape::Flag)],
        run: |turn| {
            Box::pin(async move {
                let (suspension_id, is_granted) = (turn.suspension().await?, turn.flag("grant", true));
                send!(
                    turn,
                    deadline_watcher.rule_on_suspension(watcher::RuleOnSuspensionRequest { suspension_id, is_granted })
                )
            })
        },
    },
    Command {
        id: "end-suspension",
        takes: &[],
        run: |turn| {
            Box::pin(async move {
                let suspension_id = turn.suspension().await?;
                send!(turn, deadline_watcher.end_suspension(watcher::EndSuspensionRequest { suspension_id }))
            })
        },
    },
    Command {
        id: "set-date",
        takes: &[must("clock", Shape::Clock), must("date", Shape::Day)],
        run: |turn| {
            Box::pin(async move {
                let (clock, date) = (turn.text("clock"), turn.text("date"));
                send!(turn, deadline_watcher.set_date(watcher::SetDateRequest { clock, date }))
            })
        },
    },
    Command {
        id: "supplement",
        takes: &[TEXT],
        run: |turn| {
            Box::pin(async move {
                let (receipt_code, number, case_id) = turn.named();
                let given = turn.text("text");
                let text = if given.is_empty() { "补充材料。".to_owned() } else { given };
                let request =
                    intake::SupplementRequest { request_id: request_id(), receipt_code, case_id, text, number };
                told(turn.world.client.intake().supplement(turn.call().request(request)).await).map(drop)
            })
        },
    },
    Command {
        id: "withdraw",
        takes: &[],
        run: |turn| {
            Box::pin(async move {
                let (receipt_code, number, case_id) = turn.named();
                let request = intake::WithdrawRequest { request_id: request_id(), receipt_code, case_id, number };
                told(turn.world.client.intake().withdraw(turn.call().request(request)).await).map(drop)
            })
        },
    },
    Command {
        id: "read",
        takes: &[may("reason", Shape::Text)],
        run: |turn| {
            Box::pin(async move {
                let (case_id, reason) = (turn.case.id.clone(), turn.text("reason"));
                let request = intake::ReadTextsRequest { case_id, ref_ids: Vec::new(), reason };
                told(turn.world.client.intake().read_texts(turn.call().request(request)).await).map(drop)
            })
        },
    },
    Command {
        id: "read-file",
        takes: &[may("reason", Shape::Text), may("of", Shape::Case)],
        run: |turn| {
            Box::pin(async move {
                let (case_id, reason) = (turn.case.id.clone(), turn.text("reason"));
                let of = if turn.has("of") { turn.other("of") } else { case_id.clone() };
                // The newest file of the case that is named.
                let found: Option<String> = sqlx::query_scalar(
                    "SELECT 'ref_' || replace(ref_id::text, '-', '') FROM intake.sealed
                     WHERE case_id = right($1, 32)::uuid AND field = 'file' ORDER BY at DESC, ref_id DESC LIMIT 1",
                )
                .bind(of)
                .fetch_optional(&turn.world.admin)
                .await
                .unwrap_or_default();
                let ref_id = found.unwrap_or_default();
                let request = intake::ReadFileRequest { case_id, ref_id, reason };
                told(turn.world.client.intake().read_file(turn.call().request(request)).await).map(drop)
            })
        },
    },
    Command {
        id: "reveal-identity",
        takes: &[must("field", Shape::Text), may("reason", Shape::Text)],
        run: |turn| {
            Box::pin(async move {
                let (case_id, field, reason) = (turn.case.id.clone(), turn.text("field"), turn.text("reason"));
                let request = intake::RevealIdentityRequest { case_id, field, reason };
                told(turn.world.client.intake().reveal_identity(turn.call().request(request)).await).map(drop)
            })
        },
    },
    Command {
        id: "statistics",
        takes: &[must("unit", Shape::Unit), must("month", Shape::Text)],
        run: |turn| {
            Box::pin(async move {
                let (unit_id, month) = (turn.text("unit"), turn.text("month"));
                let request = contracts::records::GetStatisticsRequest { unit_id, month };
                told(turn.world.client.records().get_statistics(turn.call().request(request)).await).map(drop)
            })
        },
    },
];
