//! Revealing one field of who it is, for a reason. The reveal is in the log before anything is answered.

use crate::{
    app::App,
    domain::{
        draft::IDENTITY_FIELDS,
        text::{self, LINE},
        vault::Purpose,
    },
    store::{case, vault},
    usecase::seal,
};
use contracts::intake::{IdentityRead, RevealIdentityRequest, RevealIdentityResponse};
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id};
use kit_ids::CaseId;
use std::sync::Arc;

/// Reveals `name`, `phone`, `email` or `address`.
#[tracing::instrument(name = "usecase.identity.reveal", skip_all)]
pub(crate) async fn reveal_identity(
    app: &App,
    ctx: &Ctx,
    request: RevealIdentityRequest,
) -> Result<RevealIdentityResponse> {
    let RevealIdentityRequest { case_id, field, reason } = request;
    let staff = ctx.staff()?.to_string();
    let case = parse_id::<CaseId>("case_id", &case_id)?.uuid();
    let field = known(&field)?;
    let reason = text::required("reason", reason, LINE)?;
    let (law, master, actor) = (app.law(), Arc::clone(&app.master), staff.clone());
    let (key, row) = app
        .log
        .in_tx(&actor, move |tx| {
            Box::pin(async move {
                let row = case::get(&mut *tx.conn(), case).await?;
                facts::authorise(&law, &row.view, &staff, "reveal-identity")?;
                facts::confided(&law, &row.view, &staff, regime::Confided::Identity)?;
                let key = seal::key(&mut *tx.conn(), &master, case, Purpose::Identity).await?;
                let sealed = vault::identity(&mut *tx.conn(), case, field).await?.ok_or_else(not_given)?;
                let reason = Some(seal::seal(tx, &master, case, "reason", &reason).await?);
                let event = IdentityRead { case_id: case_id.clone(), staff_id: staff, field: field.to_owned(), reason };
                tx.publish(&case_id, &event);
                Ok((key, sealed))
            })
        })
        .await?;
    Ok(RevealIdentityResponse { value: seal::open(&key, row)?.into_answer() })
}

fn known(field: &str) -> std::result::Result<&'static str, Problem> {
    IDENTITY_FIELDS.into_iter().find(|known| *known == field).ok_or_else(|| {
        Problem::field(
            "field",
            "unknown-identity-field",
            format!("只能查看 {} 之一", IDENTITY_FIELDS.join("、")),
            format!("The field is one of {}", IDENTITY_FIELDS.join(", ")),
        )
    })
}

fn not_given() -> Problem {
    Problem::not_found("identity-not-given", "投诉人没有填写此项", "The complainant did not give this")
}
