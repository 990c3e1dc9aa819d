//! What whoever took a matter in does with it before it goes anywhere: proves who it is, answers at once, asks for more.

use crate::{
    app::App,
    usecase::target::{self, By},
};
use contracts::{
    Fact,
    common::VaultRef,
    intake::{
        AnswerAtOnceRequest, AnswerAtOnceResponse, AnsweredAtOnce, AskComplainantRequest, AskComplainantResponse,
        ComplainantAsked, IdentityVerified, VerifyIdentityRequest, VerifyIdentityResponse,
    },
};
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, need_ref, parse_id};
use kit_ids::CaseId;

/// How somebody can be met or told; `in-person` where nothing is said.
const WAYS: [&str; 9] = ["in-person", "call", "visit", "document", "letter", "email", "wechat", "sms", "id-card"];

/// Proof of who the complainant is was seen (核验身份).
#[tracing::instrument(name = "usecase.identity.verify", skip_all)]
pub(crate) async fn verify_identity(
    app: &App,
    ctx: &Ctx,
    request: VerifyIdentityRequest,
) -> Result<VerifyIdentityResponse> {
    let VerifyIdentityRequest { request_id, case_id, way } = request;
    let staff = ctx.staff()?.to_string();
    let (case, way) = (parse_id::<CaseId>("case_id", &case_id)?.uuid(), known(&way)?);
    let command = app.command("verify-identity", &request_id, &staff, &[&case_id, way]);
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let opened = target::open(tx, &law.0, case, &By::Staff(staff.clone()), "verify-identity").await?;
                let view = &opened.row.view;
                if view.is_anonymous {
                    let en = "An anonymous complainant has no identity to prove";
                    return Err(Problem::conflict("anonymous", "匿名投诉没有身份可核验", en).into());
                }
                if view.identity == "real-name" {
                    return Err(
                        Problem::conflict("already-done", "身份已经核验", "The identity is proven already").into()
                    );
                }
                let event = IdentityVerified { case_id: opened.case_id(), staff_id: staff, way: way.to_owned() };
                opened.happen(tx, event, Fact::IdentityVerified).await?;
                Ok(VerifyIdentityResponse {})
            })
        })
        .await
}

/// The matter was answered on the spot, and needs nothing more (当场答复).
#[tracing::instrument(name = "usecase.case.answer_at_once", skip_all)]
pub(crate) async fn answer_at_once(app: &App, ctx: &Ctx, request: AnswerAtOnceRequest) -> Result<AnswerAtOnceResponse> {
    let AnswerAtOnceRequest { request_id, case_id, way, text_ref } = request;
    let staff = ctx.staff()?.to_string();
    let (case, way) = (parse_id::<CaseId>("case_id", &case_id)?.uuid(), known(&way)?);
    let text = need_ref(&case_id, "text_ref", &text_ref)?;
    let command = app.command("answer-at-once", &request_id, &staff, &[&case_id, way, &text_ref]);
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let opened = target::open(tx, &law.0, case, &By::Staff(staff.clone()), "answer-at-once").await?;
                let view = &opened.row.view;
                if view.has_word("answered-at-once") {
                    return Err(
                        Problem::conflict("already-done", "已经当场答复", "It was answered at once already").into()
                    );
                }
                if view.has_word("case-signed") {
                    let en = "Somebody has signed for it; it is answered by them";
                    return Err(Problem::conflict("already-dispatched", "已由承办人签收，由其答复", en).into());
                }
                let (case_id, text) = (opened.case_id(), Some(VaultRef { ref_id: text.to_string() }));
                let event = AnsweredAtOnce { case_id, staff_id: staff, way: way.to_owned(), text };
                opened.happen(tx, event, Fact::AnsweredAtOnce).await?;
                Ok(AnswerAtOnceResponse {})
            })
        })
        .await
}

/// The complainant is asked for something more, and answers by the receipt (请投诉人补充).
#[tracing::instrument(name = "usecase.complainant.ask", skip_all)]
pub(crate) async fn ask_complainant(
    app: &App,
    ctx: &Ctx,
    request: AskComplainantRequest,
) -> Result<AskComplainantResponse> {
    let AskComplainantRequest { request_id, case_id, text_ref } = request;
    let staff = ctx.staff()?.to_string();
    let (case, text) = (parse_id::<CaseId>("case_id", &case_id)?.uuid(), need_ref(&case_id, "text_ref", &text_ref)?);
    let command = app.command("ask-complainant", &request_id, &staff, &[&case_id, &text_ref]);
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let opened = target::open(tx, &law.0, case, &By::Staff(staff.clone()), "ask-complainant").await?;
                let text = Some(VaultRef { ref_id: text.to_string() });
                let event = ComplainantAsked { case_id: opened.case_id(), staff_id: staff, text };
                opened.happen(tx, event, Fact::ComplainantAsked).await?;
                Ok(AskComplainantResponse {})
            })
        })
        .await
}

fn known(way: &str) -> std::result::Result<&'static str, Problem> {
    let way = if way.is_empty() { "in-person" } else { way };
    WAYS.into_iter().find(|known| *known == way).ok_or_else(|| {
        let known = WAYS.join(", ");
        Problem::field("way", "unknown-word", format!("方式须为 {known} 之一"), format!("The way is one of {known}"))
    })
}
