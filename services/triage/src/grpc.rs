//! The gRPC face: decode, use case, encode. Each call takes the rules in force once.

mod cases;
mod commands;
mod pending;
mod referrals;
mod regimes;

use crate::app::App;
use contracts::triage as wire;
use contracts::triage::triage_service_server::TriageService;
use kit_core::{Class, Problem};
use kit_grpc::{Ctx, ctx, reply};
use tonic::{Request, Response, Status};

/// Answers the calls.
#[derive(Clone)]
pub(crate) struct Api {
    pub app: App,
}

/// One rpc: what it is called with, what it answers, and the function that does it.
macro_rules! rpcs {
    ($( $rpc:ident $request:ident $response:ident $does:path; )*) => {
        #[tonic::async_trait]
        impl TriageService for Api {
            $(
                async fn $rpc(
                    &self,
                    request: Request<wire::$request>,
                ) -> Result<Response<wire::$response>, Status> {
                    let ctx = ctx(&request);
                    reply(&ctx, $does(&self.app, &ctx, request.into_inner()).await)
                }
            )*
        }
    };
}

rpcs! {
    list_pending ListPendingRequest ListPendingResponse pending::list;
    get_case GetCaseRequest GetCaseResponse cases::get;
    triage_case TriageCaseRequest TriageCaseResponse commands::triage;
    accept_case AcceptCaseRequest AcceptCaseResponse commands::accept;
    refer_case ReferCaseRequest ReferCaseResponse referrals::refer;
    report_back ReportBackRequest ReportBackResponse referrals::report_back;
    state_facts StateFactsRequest StateFactsResponse commands::state;
    decline_case DeclineCaseRequest DeclineCaseResponse commands::decline;
    regrade_case RegradeCaseRequest RegradeCaseResponse commands::regrade;
    judge_validity JudgeValidityRequest JudgeValidityResponse commands::judge;
    record_containment RecordContainmentRequest RecordContainmentResponse commands::contain;
    move_to_version MoveToVersionRequest MoveToVersionResponse commands::move_to_version;
    publish_regime PublishRegimeRequest PublishRegimeResponse regimes::publish;
    record_consultation RecordConsultationRequest RecordConsultationResponse regimes::consult;
    approve_regime ApproveRegimeRequest ApproveRegimeResponse regimes::approve;
    list_regimes ListRegimesRequest ListRegimesResponse regimes::list;
}

/// The id of the member of staff who calls, as events write it. Whoever has left is nobody, whatever their token says.
fn caller(app: &App, ctx: &Ctx) -> Result<String, Problem> {
    let staff_id = ctx.staff()?.to_string();
    if app.law().directory().staff(&staff_id).is_some_and(|staff| staff.is_active) {
        return Ok(staff_id);
    }
    Err(Problem::new(Class::Unauthenticated, "not-on-the-staff", "账号已停用", "This account is no longer active"))
}
