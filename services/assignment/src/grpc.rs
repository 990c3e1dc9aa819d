//! The gRPC face: decode, use case, encode. Each call takes the rules in force once.

mod cases;
mod commands;
mod dealings;
mod forms;
mod organisation;
mod queue;

use crate::app::App;
use contracts::assignment as wire;
use contracts::assignment::assignment_service_server::AssignmentService;
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
        impl AssignmentService for Api {
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
    sign_in SignInRequest SignInResponse organisation::sign_in;
    get_me GetMeRequest GetMeResponse organisation::get_me;
    list_units ListUnitsRequest ListUnitsResponse organisation::list_units;
    list_staff ListStaffRequest ListStaffResponse organisation::list_staff;
    change_organisation ChangeOrganisationRequest ChangeOrganisationResponse organisation::change;
    list_queue ListQueueRequest ListQueueResponse queue::list;
    get_case GetCaseRequest GetCaseResponse cases::get;
    dispatch_case DispatchCaseRequest DispatchCaseResponse commands::dispatch;
    sign_case SignCaseRequest SignCaseResponse commands::sign;
    return_case ReturnCaseRequest ReturnCaseResponse commands::return_case;
    recuse_handler RecuseHandlerRequest RecuseHandlerResponse commands::recuse;
    rule_dispatch RuleDispatchRequest RuleDispatchResponse commands::rule_dispatch;
    delegate_case DelegateCaseRequest DelegateCaseResponse commands::delegate;
    give_order GiveOrderRequest GiveOrderResponse dealings::order;
    answer_order AnswerOrderRequest AnswerOrderResponse dealings::answer;
    form_team FormTeamRequest FormTeamResponse dealings::form_team;
    escalate_case EscalateCaseRequest EscalateCaseResponse dealings::escalate;
    ask_recusal AskRecusalRequest AskRecusalResponse dealings::ask_recusal;
    rule_recusal RuleRecusalRequest RuleRecusalResponse dealings::rule_recusal;
}

/// The id of the member of staff who calls, as events write it. Whoever has left is nobody, whatever their token says.
fn caller(app: &App, ctx: &Ctx) -> Result<String, Problem> {
    let staff_id = ctx.staff()?.to_string();
    if app.law().directory().staff(&staff_id).is_some_and(|staff| staff.is_active) {
        return Ok(staff_id);
    }
    Err(Problem::new(Class::Unauthenticated, "not-on-the-staff", "账号已停用", "This account is no longer active"))
}
