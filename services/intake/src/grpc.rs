//! The gRPC face: decode, use case, encode.

use crate::{
    app::App,
    convert, receipts,
    usecase::{
        appeal, chase, contact, door, door_acts, find_alike, follow, get_case,
        hand_in::{self, MOST_ROWS, twins},
        link, rate, read_file, read_texts, reveal_identity, seal_file, seal_text, split, supplement, withdraw,
    },
};
use contracts::intake::{
    AnswerAtOnceRequest, AnswerAtOnceResponse, AppealRequest, AppealResponse, AskComplainantRequest,
    AskComplainantResponse, ChaseRequest, ChaseResponse, FindAlikeRequest, FindAlikeResponse, FollowRequest,
    FollowResponse, GetCaseRequest, GetCaseResponse, GetContactRequest, GetContactResponse, GetDoorRequest,
    GetDoorResponse, HandInManyRequest, HandInManyResponse, HandInRequest, HandInResponse, LinkRequest, LinkResponse,
    MergeRequest, MergeResponse, RateRequest, RateResponse, ReadFileRequest, ReadFileResponse, ReadTextsRequest,
    ReadTextsResponse, RevealIdentityRequest, RevealIdentityResponse, SealFileRequest, SealFileResponse,
    SealTextRequest, SealTextResponse, SplitRequest, SplitResponse, SupplementRequest, SupplementResponse,
    VerifyIdentityRequest, VerifyIdentityResponse, WithdrawRequest, WithdrawResponse,
    intake_service_server::IntakeService,
};
use kit_core::Problem;
use kit_db::Error;
use kit_grpc::{Ctx, ctx, reply};
use std::sync::Arc;
use tonic::{Request, Response, Status};
use tracing::Instrument as _;

/// The face of intake.
pub(crate) struct Face(pub(crate) Arc<App>);

impl Face {
    async fn one(&self, ctx: &Ctx, request: HandInRequest) -> kit_db::Result<HandInResponse> {
        let who = convert::who(ctx);
        let mut request = request;
        if request.kinds.len() > 1 {
            let mut all = twins::hand_in_each(&self.0, &who, request).await?.into_iter().map(convert::handed_in);
            let first = all.next().ok_or_else(|| Error::Corrupt("a hand-in was left without an answer".to_owned()))?;
            return Ok(HandInResponse { twins: all.collect(), ..first });
        }
        if let Some(kind) = request.kinds.pop() {
            request.kind = kind;
        }
        let row = convert::row(&self.0.master, &who.actor, request);
        let mut outcomes = hand_in::hand_in(&self.0, &who, vec![row]).await?;
        let outcome =
            outcomes.pop().ok_or_else(|| Error::Corrupt("a hand-in was left without an answer".to_owned()))?;
        Ok(convert::handed_in(outcome?))
    }

    async fn many(&self, ctx: &Ctx, request: HandInManyRequest) -> kit_db::Result<HandInManyResponse> {
        if request.rows.len() > MOST_ROWS {
            let (zh, en) =
                (format!("一次最多 {MOST_ROWS} 件"), format!("At most {MOST_ROWS} rows can be handed in at once"));
            return Err(Problem::field("rows", "too-many-rows", zh, en).into());
        }
        if request.rows.iter().any(|row| row.kinds.len() > 1) {
            let (zh, en) = ("一并提交几类事项的，请逐件提交", "What is of several kinds is handed in by itself");
            return Err(Problem::field("rows", "several-kinds", zh, en).into());
        }
        let who = convert::who(ctx);
        let rows = request.rows.into_iter().map(|row| convert::row(&self.0.master, &who.actor, row)).collect();
        // A long batch outlives the caller's patience: it goes on alone, and whoever asks again gets its answers.
        let app = Arc::clone(&self.0);
        let work = async move { hand_in::hand_in(&app, &who, rows).await };
        let outcomes = tokio::spawn(work.in_current_span()).await.map_err(|_| receipts::stopped())??;
        Ok(HandInManyResponse { results: outcomes.into_iter().map(convert::row_result).collect() })
    }
}

#[tonic::async_trait]
impl IntakeService for Face {
    async fn hand_in(&self, request: Request<HandInRequest>) -> Result<Response<HandInResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.one(&ctx, request.into_inner()).await)
    }

    async fn hand_in_many(&self, request: Request<HandInManyRequest>) -> Result<Response<HandInManyResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, self.many(&ctx, request.into_inner()).await)
    }

    async fn get_door(&self, request: Request<GetDoorRequest>) -> Result<Response<GetDoorResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, door::get_door(&self.0, &ctx, request.get_ref()))
    }

    async fn follow(&self, request: Request<FollowRequest>) -> Result<Response<FollowResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, follow::follow(&self.0, request.into_inner()).await)
    }

    async fn supplement(&self, request: Request<SupplementRequest>) -> Result<Response<SupplementResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, supplement::supplement(&self.0, &ctx, request.into_inner()).await)
    }

    async fn withdraw(&self, request: Request<WithdrawRequest>) -> Result<Response<WithdrawResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, withdraw::withdraw(&self.0, &ctx, request.into_inner()).await)
    }

    async fn seal_text(&self, request: Request<SealTextRequest>) -> Result<Response<SealTextResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, seal_text::seal_text(&self.0, &ctx, request.into_inner()).await)
    }

    async fn read_texts(&self, request: Request<ReadTextsRequest>) -> Result<Response<ReadTextsResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, read_texts::read_texts(&self.0, &ctx, request.into_inner()).await)
    }

    async fn seal_file(&self, request: Request<SealFileRequest>) -> Result<Response<SealFileResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, seal_file::seal_file(&self.0, &ctx, request.into_inner()).await)
    }

    async fn read_file(&self, request: Request<ReadFileRequest>) -> Result<Response<ReadFileResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, read_file::read_file(&self.0, &ctx, request.into_inner()).await)
    }

    async fn reveal_identity(
        &self,
        request: Request<RevealIdentityRequest>,
    ) -> Result<Response<RevealIdentityResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, reveal_identity::reveal_identity(&self.0, &ctx, request.into_inner()).await)
    }

    async fn get_contact(&self, request: Request<GetContactRequest>) -> Result<Response<GetContactResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, contact::get_contact(&self.0, &ctx, request.into_inner()).await)
    }

    async fn get_case(&self, request: Request<GetCaseRequest>) -> Result<Response<GetCaseResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, get_case::get_case(&self.0, &ctx, request.into_inner()).await)
    }

    async fn verify_identity(
        &self,
        request: Request<VerifyIdentityRequest>,
    ) -> Result<Response<VerifyIdentityResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, door_acts::verify_identity(&self.0, &ctx, request.into_inner()).await)
    }

    async fn answer_at_once(
        &self,
        request: Request<AnswerAtOnceRequest>,
    ) -> Result<Response<AnswerAtOnceResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, door_acts::answer_at_once(&self.0, &ctx, request.into_inner()).await)
    }

    async fn ask_complainant(
        &self,
        request: Request<AskComplainantRequest>,
    ) -> Result<Response<AskComplainantResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, door_acts::ask_complainant(&self.0, &ctx, request.into_inner()).await)
    }

    async fn chase(&self, request: Request<ChaseRequest>) -> Result<Response<ChaseResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, chase::chase(&self.0, &ctx, request.into_inner()).await)
    }

    async fn find_alike(&self, request: Request<FindAlikeRequest>) -> Result<Response<FindAlikeResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, find_alike::find_alike(&self.0, &ctx, request.into_inner()).await)
    }

    async fn link(&self, request: Request<LinkRequest>) -> Result<Response<LinkResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, link::link(&self.0, &ctx, request.into_inner()).await)
    }

    async fn merge(&self, request: Request<MergeRequest>) -> Result<Response<MergeResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, link::merge(&self.0, &ctx, request.into_inner()).await)
    }

    async fn split(&self, request: Request<SplitRequest>) -> Result<Response<SplitResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, split::split(&self.0, &ctx, request.into_inner()).await)
    }

    async fn appeal(&self, request: Request<AppealRequest>) -> Result<Response<AppealResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, appeal::appeal(&self.0, &ctx, request.into_inner()).await)
    }

    async fn rate(&self, request: Request<RateRequest>) -> Result<Response<RateResponse>, Status> {
        let ctx = ctx(&request);
        reply(&ctx, rate::rate(&self.0, request.into_inner()).await)
    }
}
