//! What is decided at the door, and what the complainant adds.

use super::{Command, REASON, Shape, TEXT, Take, may, must, request_id, send};
use crate::desk::told;
use contracts::{intake, records, triage};
use regime::vocabulary::PUBLIC_TEXTS;

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
        id: "chase",
        takes: &[TEXT],
        run: |turn| {
            Box::pin(async move {
                let ((receipt_code, number, case_id), text) = (turn.named(), turn.text("text"));
                let request = intake::ChaseRequest { request_id: request_id(), receipt_code, case_id, text, number };
                told(turn.world.client.intake().chase(turn.call().request(request)).await).map(drop)
            })
        },
    },
    Command {
        id: "appeal",
        takes: &[
            may("tier", Shape::Tier),
            may("reasons", Shape::Text),
            may("request", Shape::Text),
            may("by", Shape::Text),
        ],
        run: |turn| {
            Box::pin(async move {
                let (receipt_code, number, case_id) = turn.named();
                let ordinary = |text: String, otherwise: &str| match text.as_str() {
                    "" => otherwise.to_owned(),
                    "none" => String::new(),
                    _ => text,
                };
                let request = intake::AppealRequest {
                    request_id: request_id(),
                    receipt_code,
                    case_id,
                    tier: turn.text("tier"),
                    reasons: ordinary(turn.text("reasons"), "对结果不服。"),
                    request: ordinary(turn.text("request"), "请求重新处理。"),
                    by: turn.text("by"),
                    number,
                };
                told(turn.world.client.intake().appeal(turn.call().request(request)).await).map(drop)
            })
        },
    },
    Command {
        id: "rate",
        takes: &[must("satisfaction", Shape::Satisfaction), TEXT],
        run: |turn| {
            Box::pin(async move {
                let (receipt_code, number, _) = turn.named();
                let (satisfaction, text) = (turn.text("satisfaction"), turn.text("text"));
                let request =
                    intake::RateRequest { request_id: request_id(), receipt_code, satisfaction, text, number };
                told(turn.world.client.intake().rate(turn.call().request(request)).await).map(drop)
            })
        },
    },
    Command {
        id: "publish",
        takes: &[may("nevers", Shape::Texts), TEXT],
        run: |turn| {
            Box::pin(async move {
                let given = turn.text("text");
                let text = if given.is_empty() { "已按规定处理。".to_owned() } else { given };
                let rules = turn.regime.records.publicity.iter();
                let written = rules.flat_map(|rule| &rule.shows).filter(|id| PUBLIC_TEXTS.contains(&id.as_str()));
                let texts = written.map(|id| (id.clone(), text.clone())).collect();
                let nevers = turn.list("nevers");
                send!(turn, records.publish(records::PublishRequest { nevers, texts }))
            })
        },
    },
    Command {
        id: "approve-destruction",
        takes: &[may("approve", Shape::Flag), REASON],
        run: |turn| {
            Box::pin(async move {
                let (is_approved, given) = (turn.flag("approve", true), turn.text("reason"));
                let reason = match given.as_str() {
                    "" => "已过保存期限。".to_owned(),
                    "none" => String::new(),
                    _ => given,
                };
                send!(turn, records.approve_destruction(records::ApproveDestructionRequest { is_approved, reason }))
            })
        },
    },
    Command {
        id: "withhold",
        takes: &[REASON],
        run: |turn| {
            Box::pin(async move {
                let reason_ref = turn.seal("reason", "reason").await?;
                send!(turn, records.withhold(records::WithholdRequest { reason_ref }))
            })
        },
    },
    Command {
        id: "enter",
        takes: &[must("ledger", Shape::Ledger), may("points", Shape::Number), TEXT],
        run: |turn| {
            Box::pin(async move {
                let (ledger, text_ref) = (turn.text("ledger"), turn.seal("text", "note").await?);
                let points = u32::try_from(turn.number("points")).unwrap_or_default();
                send!(turn, records.enter_ledger(records::EnterLedgerRequest { ledger, text_ref, points }))
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
        id: "split",
        takes: &[must("kind", Shape::Kind), may("regime", Shape::Regime), REASON],
        run: |turn| {
            Box::pin(async move {
                let (kind, regime_id, given) = (turn.text("kind"), turn.text("regime"), turn.text("reason"));
                let reason = match given.as_str() {
                    "" => "其中一部分属于另一类型。".to_owned(),
                    "none" => String::new(),
                    _ => given,
                };
                send!(turn, intake.split(intake::SplitRequest { kind, regime_id, reason }))
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
