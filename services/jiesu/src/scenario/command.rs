//! What people can do, by the names that packs use. A command that a service adds is one more entry here.

use super::{
    script::{Given, Value},
    world::World,
};
use crate::desk::{Answer, told};
use contracts::{assignment, deadline_watcher as watcher, intake, notification, resolution, triage};
use futures::future::BoxFuture;
use kit_core::Problem;
use kit_grpc::Call;
use regime::Regime;
use std::sync::atomic::{AtomicU32, Ordering};

/// Whoever holds the receipt code.
pub(super) const COMPLAINANT: &str = "complainant";

/// One command.
pub(super) struct Command {
    pub(super) id: &'static str,
    /// What `with` may hold.
    pub(super) takes: &'static [Take],
    pub(super) run: for<'t> fn(&'t Turn<'t>) -> BoxFuture<'t, Answer<()>>,
}

/// One argument.
pub(super) struct Take {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) is_needed: bool,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Flag,
    Facts,
    Day,
    Unit,
    Staff,
    StaffList,
    Kind,
    Category,
    Severity,
    Validity,
    Ground,
    Finding,
    Measures,
    Satisfaction,
    Clock,
}

const fn may(name: &'static str, shape: Shape) -> Take {
    Take { name, shape, is_needed: false }
}

const fn must(name: &'static str, shape: Shape) -> Take {
    Take { name, shape, is_needed: true }
}

const TEXT: Take = may("text", Shape::Text);
const REASON: Take = may("reason", Shape::Text);

/// Someone's turn to do something in a case.
pub(super) struct Turn<'t> {
    pub(super) world: &'t World,
    pub(super) regime: &'t Regime,
    /// Empty for the complainant.
    pub(super) staff_id: &'t str,
    pub(super) case: &'t super::play::Case,
    pub(super) command: &'t str,
    pub(super) with: &'t Given,
    /// Turns a login into the id of its bearer.
    pub(super) id_of: &'t (dyn Fn(&str) -> String + Sync),
}

impl Turn<'_> {
    fn call(&self) -> Call {
        if self.staff_id.is_empty() { Call::default() } else { self.world.staff(self.staff_id) }
    }

    fn text(&self, name: &str) -> String {
        match self.with.0.get(name) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    fn list(&self, name: &str) -> Vec<String> {
        match self.with.0.get(name) {
            Some(Value::List(list)) => list.clone(),
            _ => Vec::new(),
        }
    }

    fn flag(&self, name: &str, otherwise: bool) -> bool {
        match self.with.0.get(name) {
            Some(Value::Flag(flag)) => *flag,
            _ => otherwise,
        }
    }

    fn facts(&self) -> Vec<contracts::common::Fact> {
        match self.with.0.get("facts") {
            Some(Value::Facts(facts)) => facts.clone(),
            _ => Vec::new(),
        }
    }

    /// The first of the regime's words where the file names none.
    fn or_first(&self, name: &str, words: &[regime::Word]) -> String {
        let given = self.text(name);
        if given.is_empty() { words.first().map(|word| word.id.clone()).unwrap_or_default() } else { given }
    }

    /// Puts the text of an argument into the vault.
    async fn seal(&self, name: &str, purpose: &str) -> Answer<String> {
        let given = self.text(name);
        let text = if given.is_empty() { "按规定办理。".to_owned() } else { given };
        let request = intake::SealTextRequest {
            request_id: request_id(),
            case_id: self.case.id.clone(),
            purpose: purpose.to_owned(),
            text,
        };
        let reply = told(self.world.client.intake().seal_text(self.call().request(request)).await)?;
        Ok(reply.r#ref.unwrap_or_default().ref_id)
    }

    /// Makes the call or visit that proves `purpose`.
    async fn complete(&self, purpose: &str) -> Answer<()> {
        let request = notification::ListTasksRequest { case_id: self.case.id.clone(), ..Default::default() };
        let listed = told(self.world.client.notification().list_tasks(self.call().request(request)).await)?.tasks;
        let mut of_purpose = listed.into_iter().filter(|task| task.purpose == purpose).collect::<Vec<_>>();
        // Whoever asks for one that is done is to hear so from the service.
        of_purpose.sort_by_key(|task| task.state != "open");
        let Some(task) = of_purpose.into_iter().next() else {
            return Err(Problem::not_found("no-task", "没有这项待办", "There is no such call or visit to make"));
        };
        let is_reached = self.flag("reached", true);
        let wants_word = task.asks_satisfaction && is_reached;
        let satisfaction = if wants_word {
            self.or_first("satisfaction", &self.regime.words.satisfaction)
        } else {
            self.text("satisfaction")
        };
        let way = self.text("way");
        let request = notification::CompleteTaskRequest {
            request_id: request_id(),
            task_id: task.task_id,
            way: if way.is_empty() { task.ways.into_iter().next().unwrap_or_default() } else { way },
            is_reached,
            satisfaction,
            record_ref: self.seal("text", "call-record").await?,
        };
        told(self.world.client.notification().complete_task(self.call().request(request)).await).map(drop)
    }

    /// The newest request for more time.
    async fn extension(&self) -> Answer<String> {
        let request = watcher::GetCaseRequest { case_id: self.case.id.clone() };
        let seen =
            told(self.world.client.deadline_watcher().get_case(self.world.installation().request(request)).await)?;
        let clock = self.text("clock");
        let mut asked = seen.extensions.into_iter().filter(|one| clock.is_empty() || one.clock == clock);
        asked.next_back().map(|one| one.extension_id).ok_or_else(|| {
            Problem::not_found("unknown-extension", "没有这项延期申请", "There is no such request for more time")
        })
    }
}

/// A request id of its own.
pub(super) fn request_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("scenario-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// One command of a service: its request, with what all of them have.
macro_rules! send {
    ($turn:ident, $service:ident.$method:ident($module:ident::$request:ident { $($field:ident $(: $value:expr)?),* $(,)? })) => {{
        let request = $module::$request {
            request_id: request_id(),
            case_id: $turn.case.id.clone(),
            $($field $(: $value)?,)*
            ..Default::default()
        };
        told($turn.world.client.$service().$method($turn.call().request(request)).await).map(drop)
    }};
}

/// Every command of staff and of the complainant; a regime's own steps are done by [`STEP`].
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
        takes: &[must("ground", Shape::Ground), REASON],
        run: |turn| {
            Box::pin(async move {
                let reason_ref = turn.seal("reason", "reason").await?;
                send!(turn, triage.decline_case(triage::DeclineCaseRequest { ground: turn.text("ground"), reason_ref }))
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
        id: "close",
        takes: &[],
        run: |turn| Box::pin(async move { send!(turn, resolution.close_case(resolution::CloseCaseRequest {})) }),
    },
    Command {
        id: "tell",
        takes: &[may("way", Shape::Text), may("reached", Shape::Flag), TEXT],
        run: |turn| Box::pin(async move { turn.complete("complainant-told").await }),
    },
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
        id: "rule-on-overrun",
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
        id: "supplement",
        takes: &[TEXT],
        run: |turn| {
            Box::pin(async move {
                let (receipt_code, case_id) = turn.named();
                let given = turn.text("text");
                let text = if given.is_empty() { "补充材料。".to_owned() } else { given };
                let request = intake::SupplementRequest { request_id: request_id(), receipt_code, case_id, text };
                told(turn.world.client.intake().supplement(turn.call().request(request)).await).map(drop)
            })
        },
    },
    Command {
        id: "withdraw",
        takes: &[],
        run: |turn| {
            Box::pin(async move {
                let (receipt_code, case_id) = turn.named();
                let request = intake::WithdrawRequest { request_id: request_id(), receipt_code, case_id };
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

/// A step of the regime's own.
pub(super) const STEP: Command = Command {
    id: "step",
    takes: &[],
    run: |turn| {
        Box::pin(
            async move { send!(turn, resolution.do_step(resolution::DoStepRequest { step: turn.command.to_owned() })) },
        )
    },
};

impl Turn<'_> {
    /// How the case is named to intake: the complainant has the code, staff the id.
    fn named(&self) -> (String, String) {
        if self.staff_id.is_empty() {
            (self.case.receipt_code.clone(), String::new())
        } else {
            (String::new(), self.case.id.clone())
        }
    }
}

/// The command of this name in a regime.
pub(super) fn find<'a>(regime: &Regime, id: &str) -> Option<&'a Command> {
    let is_step = || regime.words.steps.iter().any(|step| step.id == id);
    COMMANDS.iter().find(|command| command.id == id).or_else(|| is_step().then_some(&STEP))
}

/// The names of all commands in a regime.
pub(super) fn names(regime: &Regime) -> Vec<&str> {
    let own = regime.words.steps.iter().map(|step| step.id.as_str());
    COMMANDS.iter().map(|command| command.id).chain(own).collect()
}
