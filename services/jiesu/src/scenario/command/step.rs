//! A step of the regime's own: what it takes has an ordinary value where the file says nothing.

use super::{Command, Shape, may, request_id, send};
use crate::desk::told;
use contracts::resolution;
use regime::Take;

/// The smallest units of a currency in one.
const CENTS: i64 = 100;

pub(super) const STEP: Command = Command {
    id: "step",
    takes: &[
        may("outcome", Shape::Text),
        may("date", Shape::Day),
        may("amount", Shape::Number),
        may("staff", Shape::StaffList),
        may("credentials", Shape::Flag),
        may("text", Shape::Text),
        may("files", Shape::Texts),
    ],
    run: |turn| {
        Box::pin(async move {
            let step = turn.regime.step(turn.command);
            let takes = |take: Take| step.is_some_and(|step| step.takes.contains(&take));
            let wants_text = takes(Take::Text) || takes(Take::Form) || takes(Take::Files);
            let text_ref = match wants_text || turn.has("text") {
                true => turn.seal("text", "note").await?,
                false => String::new(),
            };
            let file_refs = turn.seal_files("files").await?;
            let mut staff_ids: Vec<String> = turn.list("staff").iter().map(|one| (turn.id_of)(one)).collect();
            let wants_staff = takes(Take::Staff) || step.is_some_and(|step| step.staff == 1);
            if staff_ids.is_empty() && wants_staff && !turn.has("staff") {
                staff_ids.push(turn.staff_id.to_owned());
            }
            let today = turn.world.now().with_timezone(&turn.zone).date_naive().to_string();
            let date = turn.text("date");
            let done = send!(
                turn,
                resolution.do_step(resolution::DoStepRequest {
                    step: turn.command.to_owned(),
                    outcome: turn.text("outcome"),
                    on_date: if date.is_empty() && takes(Take::Date) { today } else { date },
                    amount: turn.number("amount").saturating_mul(CENTS),
                    staff_ids: staff_ids,
                    credentials_shown: turn.flag("credentials", step.is_some_and(|step| step.credentials)),
                    text_ref: text_ref,
                    file_refs: file_refs,
                })
            );
            match done {
                // What is still owed of a case that has ended is a task, and nothing else.
                Err(problem) if problem.code == "already-closed" => turn.owed(turn.command, problem).await,
                done => done,
            }
        })
    },
};
