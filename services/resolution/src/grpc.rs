//! The gRPC face: decodes, runs the one use case, encodes.

use crate::{
    convert,
    domain::{Act, Case},
    store, usecase,
};
use contracts::resolution::{self as api, resolution_service_server::ResolutionService};
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, parse_ref, parse_refs, reply};
use kit_ids::CaseId;
use kit_messaging::{Command, Log};
use kit_reference::Reference;
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// What the rpcs stand on.
pub(crate) struct Face {
    pub(crate) log: Log,
    pub(crate) rules: Arc<Reference<Law>>,
}

/// The parts that every command of this service has.
struct Order<'a> {
    name: &'static str,
    request_id: &'a str,
    case_id: &'a str,
    version: u64,
}

/// The parts of an order, out of any request of this service.
macro_rules! order {
    ($name:literal, $request:ident) => {
        Order { name: $name, request_id: &$request.request_id, case_id: &$request.case_id, version: $request.version }
    };
}

impl Face {
    /// Runs `act` once for its request id, and answers with what `answer` makes of the case.
    async fn run<M, R>(
        &self,
        ctx: &Ctx,
        order: Order<'_>,
        message: &M,
        act: std::result::Result<Act, Problem>,
        answer: fn(&Case) -> R,
    ) -> Result<R>
    where
        M: prost::Message,
        R: prost::Message + Default + 'static,
    {
        let staff = ctx.staff()?.to_string();
        let id: CaseId = parse_id("case_id", order.case_id)?;
        let act = act?;
        let version = order.version;
        let rules = self.rules.get();
        let command = Command::new(order.name, order.request_id, &staff, message);
        self.log
            .command(command, move |tx| {
                Box::pin(async move {
                    let case = usecase::act(tx, &rules, &staff, id, version, act).await?;
                    Ok(answer(&case))
                })
            })
            .await
    }

    async fn show(&self, ctx: &Ctx, request: &api::GetCaseRequest) -> Result<api::GetCaseResponse> {
        let staff = ctx.staff()?.to_string();
        let id: CaseId = parse_id("case_id", &request.case_id)?;
        let case = store::find(self.log.pool(), id).await?.ok_or_else(Problem::unknown_case)?;
        let law = &self.rules.get();
        if !facts::may_read(law, &case.view, &staff) {
            return Err(Problem::unknown_case().into());
        }
        let regime = usecase::regime_of(law, &case)?;
        Ok(convert::case(&case, law, &regime, &staff))
    }
}

#[tonic::async_trait]
impl ResolutionService for Face {
    async fn get_case(
        &self,
        request: Request<api::GetCaseRequest>,
    ) -> std::result::Result<Response<api::GetCaseResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.show(&ctx, request.get_ref()).await)
    }

    async fn add_note(
        &self,
        request: Request<api::AddNoteRequest>,
    ) -> std::result::Result<Response<api::AddNoteResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let act = parse_ref(&m.case_id, "text_ref", &m.text_ref).map(|text| Act::Note { text });
        reply(&ctx, self.run(&ctx, order!("AddNote", m), m, act, |_| api::AddNoteResponse {}).await)
    }

    async fn order_measures(
        &self,
        request: Request<api::OrderMeasuresRequest>,
    ) -> std::result::Result<Response<api::OrderMeasuresResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let act = parse_ref(&m.case_id, "text_ref", &m.text_ref)
            .map(|text| Act::Measure { measures: m.measures.clone(), text });
        reply(&ctx, self.run(&ctx, order!("OrderMeasures", m), m, act, |_| api::OrderMeasuresResponse {}).await)
    }

    async fn propose_decision(
        &self,
        request: Request<api::ProposeDecisionRequest>,
    ) -> std::result::Result<Response<api::ProposeDecisionResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let act =
            parse_ref(&m.case_id, "text_ref", &m.text_ref).map(|text| Act::Decide { finding: m.finding.clone(), text });
        let answer = |case: &Case| api::ProposeDecisionResponse { is_final: case.course.pending().is_none() };
        reply(&ctx, self.run(&ctx, order!("ProposeDecision", m), m, act, answer).await)
    }

    async fn rule_on_decision(
        &self,
        request: Request<api::RuleOnDecisionRequest>,
    ) -> std::result::Result<Response<api::RuleOnDecisionResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let act = parse_ref(&m.case_id, "reason_ref", &m.reason_ref)
            .map(|reason| Act::Rule { is_approved: m.is_approved, reason });
        reply(&ctx, self.run(&ctx, order!("RuleOnDecision", m), m, act, |_| api::RuleOnDecisionResponse {}).await)
    }

    async fn answer_complainant(
        &self,
        request: Request<api::AnswerComplainantRequest>,
    ) -> std::result::Result<Response<api::AnswerComplainantResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let act = parse_ref(&m.case_id, "text_ref", &m.text_ref).map(|text| Act::Answer { text });
        let answer = |_: &Case| api::AnswerComplainantResponse {};
        reply(&ctx, self.run(&ctx, order!("AnswerComplainant", m), m, act, answer).await)
    }

    async fn resolve_case(
        &self,
        request: Request<api::ResolveCaseRequest>,
    ) -> std::result::Result<Response<api::ResolveCaseResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let act = parse_ref(&m.case_id, "text_ref", &m.text_ref)
            .map(|text| Act::Resolve { finding: m.finding.clone(), text });
        reply(&ctx, self.run(&ctx, order!("ResolveCase", m), m, act, |_| api::ResolveCaseResponse {}).await)
    }

    async fn do_step(
        &self,
        request: Request<api::DoStepRequest>,
    ) -> std::result::Result<Response<api::DoStepResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let act = convert::filled(m).map(|filled| Act::Step { step: m.step.clone(), filled: Box::new(filled) });
        reply(&ctx, self.run(&ctx, order!("DoStep", m), m, act, |_| api::DoStepResponse {}).await)
    }

    async fn tell_result(
        &self,
        request: Request<api::TellResultRequest>,
    ) -> std::result::Result<Response<api::TellResultResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let act = parse_ref(&m.case_id, "text_ref", &m.text_ref).and_then(|text| {
            Ok(Act::Tell { way: m.way.clone(), text, parts: parse_refs(&m.case_id, "part_refs", &m.part_refs)? })
        });
        reply(&ctx, self.run(&ctx, order!("TellResult", m), m, act, |_| api::TellResultResponse {}).await)
    }

    async fn carry_out_measure(
        &self,
        request: Request<api::CarryOutMeasureRequest>,
    ) -> std::result::Result<Response<api::CarryOutMeasureResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let act = parse_ref(&m.case_id, "text_ref", &m.text_ref)
            .map(|text| Act::CarryOut { measure: m.measure.clone(), text });
        reply(&ctx, self.run(&ctx, order!("CarryOutMeasure", m), m, act, |_| api::CarryOutMeasureResponse {}).await)
    }

    async fn check_measure(
        &self,
        request: Request<api::CheckMeasureRequest>,
    ) -> std::result::Result<Response<api::CheckMeasureResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let (measure, is_satisfactory) = (m.measure.clone(), m.is_satisfactory);
        let act =
            parse_ref(&m.case_id, "text_ref", &m.text_ref).map(|text| Act::Check { measure, is_satisfactory, text });
        reply(&ctx, self.run(&ctx, order!("CheckMeasure", m), m, act, |_| api::CheckMeasureResponse {}).await)
    }

    async fn ask_approval(
        &self,
        request: Request<api::AskApprovalRequest>,
    ) -> std::result::Result<Response<api::AskApprovalResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let act =
            parse_ref(&m.case_id, "text_ref", &m.text_ref).map(|text| Act::AskApproval { act: m.act.clone(), text });
        reply(&ctx, self.run(&ctx, order!("AskApproval", m), m, act, |_| api::AskApprovalResponse {}).await)
    }

    async fn rule_on_approval(
        &self,
        request: Request<api::RuleOnApprovalRequest>,
    ) -> std::result::Result<Response<api::RuleOnApprovalResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let (of, is_given) = (m.act.clone(), m.is_given);
        let act =
            parse_ref(&m.case_id, "reason_ref", &m.reason_ref).map(|reason| Act::SignOff { act: of, is_given, reason });
        reply(&ctx, self.run(&ctx, order!("RuleOnApproval", m), m, act, |_| api::RuleOnApprovalResponse {}).await)
    }

    async fn decide_appeal(
        &self,
        request: Request<api::DecideAppealRequest>,
    ) -> std::result::Result<Response<api::DecideAppealResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        let (tier, outcome) = (m.tier.clone(), m.outcome.clone());
        let act = parse_ref(&m.case_id, "text_ref", &m.text_ref).and_then(|text| {
            Ok(Act::DecideAppeal { tier, outcome, text, parts: parse_refs(&m.case_id, "part_refs", &m.part_refs)? })
        });
        reply(&ctx, self.run(&ctx, order!("DecideAppeal", m), m, act, |_| api::DecideAppealResponse {}).await)
    }

    async fn close_case(
        &self,
        request: Request<api::CloseCaseRequest>,
    ) -> std::result::Result<Response<api::CloseCaseResponse>, Status> {
        let (ctx, m) = (kit_grpc::ctx(&request), request.get_ref());
        reply(&ctx, self.run(&ctx, order!("CloseCase", m), m, Ok(Act::Close), |_| api::CloseCaseResponse {}).await)
    }
}
