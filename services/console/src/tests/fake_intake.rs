//! A stand-in for intake: one branch, one case with its files, and an answer that is the same for the same request id.

use crate::samples;
use contracts::{
    common,
    intake::{self as i, intake_service_server::IntakeService},
};
use kit_config::MapSource;
use kit_core::Problem;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tonic::{Request, Response, Status};

#[derive(Clone, Default)]
pub(super) struct FakeIntake {
    pub(super) seen: Arc<Mutex<BTreeMap<String, i::HandInRequest>>>,
    /// The files by the request ids under which they were sealed.
    pub(super) files: Arc<Mutex<BTreeMap<String, i::SealFileRequest>>>,
}

/// The settings under which the console finds the stand-in, and nobody else.
pub(super) async fn serve(fake: FakeIntake) -> MapSource {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    let service =
        i::intake_service_server::IntakeServiceServer::new(fake).max_decoding_message_size(kit_grpc::MAX_FILE_BYTES);
    tokio::spawn(tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming));
    nobody().with("JIESU_INTAKE_URL", format!("http://{at}"))
}

/// Settings under which nobody answers.
pub(super) fn nobody() -> MapSource {
    ["INTAKE", "TRIAGE", "ASSIGNMENT", "RESOLUTION", "DEADLINE_WATCHER", "NOTIFICATION", "RECORDS"]
        .into_iter()
        .fold(MapSource::default(), |source, name| source.with(format!("JIESU_{name}_URL"), "http://127.0.0.1:1"))
}

type Answer<T> = Result<Response<T>, Status>;

fn refuse<T>(problem: &Problem) -> Answer<T> {
    Err(kit_grpc::to_status(problem, "zh"))
}

fn unexpected<T>() -> Answer<T> {
    refuse(&Problem::unknown_case())
}

#[tonic::async_trait]
impl IntakeService for FakeIntake {
    async fn hand_in(&self, request: Request<i::HandInRequest>) -> Answer<i::HandInResponse> {
        let message = request.into_inner();
        if message.narrative.is_empty() {
            return refuse(&Problem::field("narrative", "needed", "请写明经过", "Say what happened"));
        }
        let mut seen = self.seen.lock().unwrap();
        let is_repeat = seen.contains_key(&message.request_id);
        seen.insert(message.request_id.clone(), message);
        Ok(Response::new(i::HandInResponse {
            case_id: "case_1".into(),
            number: "TS-1".into(),
            receipt_code: "1234567890123456".into(),
            registered_at: Some(kit_grpc::timestamp(samples::now())),
            is_repeat,
            ..Default::default()
        }))
    }

    async fn get_door(&self, request: Request<i::GetDoorRequest>) -> Answer<i::GetDoorResponse> {
        let unit = request.into_inner().unit_id;
        let doors = if unit.is_empty() || unit == "b03" { vec![samples::door()] } else { vec![] };
        Ok(Response::new(i::GetDoorResponse { doors }))
    }

    async fn follow(&self, request: Request<i::FollowRequest>) -> Answer<i::FollowResponse> {
        if request.into_inner().receipt_code != "1234567890123456" {
            return refuse(&Problem::not_found("unknown-receipt", "查询码不正确", "No such receipt code"));
        }
        Ok(Response::new(i::FollowResponse {
            number: "TS-1".into(),
            stage: "handling".into(),
            may_withdraw: true,
            may_supplement: true,
            may_chase: true,
            ..Default::default()
        }))
    }

    async fn supplement(&self, _: Request<i::SupplementRequest>) -> Answer<i::SupplementResponse> {
        Ok(Response::new(i::SupplementResponse {}))
    }

    async fn withdraw(&self, _: Request<i::WithdrawRequest>) -> Answer<i::WithdrawResponse> {
        Ok(Response::new(i::WithdrawResponse::default()))
    }

    async fn get_case(&self, request: Request<i::GetCaseRequest>) -> Answer<i::GetCaseResponse> {
        let token = request.metadata().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        // Who may read both cases that are linked, who only the first, and who is excluded from it.
        let (is_both, is_excluded) = (token.ends_with("both"), token.ends_with("excluded"));
        let case_id = request.into_inner().case_id;
        let number = match case_id.as_str() {
            "case_1" if !is_excluded => "TS-1",
            "case_2" if is_both => "TS-2",
            "case_3" => "TS-3",
            _ => return unexpected(),
        };
        let link = i::LinkedCase { case_id: "case_2".into(), relation: "twin".into(), number: "TS-2".into() };
        let linked = if is_both && case_id == "case_1" { vec![link] } else { vec![] };
        Ok(Response::new(i::GetCaseResponse { case_id, number: number.into(), linked, ..Default::default() }))
    }

    async fn hand_in_many(&self, _: Request<i::HandInManyRequest>) -> Answer<i::HandInManyResponse> {
        unexpected()
    }

    async fn seal_text(&self, _: Request<i::SealTextRequest>) -> Answer<i::SealTextResponse> {
        unexpected()
    }

    async fn seal_file(&self, request: Request<i::SealFileRequest>) -> Answer<i::SealFileResponse> {
        let file = request.into_inner();
        if file.case_id != "case_1" {
            return unexpected();
        }
        if !file.content.starts_with(b"%PDF-") {
            let (zh, en) = ("文件内容不是 pdf 格式", "The content is not what the name says (`pdf`)");
            return refuse(&Problem::field("content", "not-of-its-type", zh, en));
        }
        let ref_id = file.request_id.clone();
        self.files.lock().unwrap().insert(ref_id.clone(), file);
        Ok(Response::new(i::SealFileResponse { r#ref: Some(common::VaultRef { ref_id }) }))
    }

    async fn read_file(&self, request: Request<i::ReadFileRequest>) -> Answer<i::ReadFileResponse> {
        let asked = request.into_inner();
        if asked.reason.is_empty() {
            return refuse(&Problem::field(
                "reason",
                "reason-needed",
                "请写明查看的理由",
                "Say why you need to see it",
            ));
        }
        match self.files.lock().unwrap().get(&asked.ref_id).cloned() {
            Some(file) => Ok(Response::new(i::ReadFileResponse {
                name: file.name,
                media_type: "application/pdf".into(),
                content: file.content,
            })),
            None => unexpected(),
        }
    }

    async fn read_texts(&self, _: Request<i::ReadTextsRequest>) -> Answer<i::ReadTextsResponse> {
        Ok(Response::new(i::ReadTextsResponse { texts: vec![] }))
    }

    async fn reveal_identity(&self, _: Request<i::RevealIdentityRequest>) -> Answer<i::RevealIdentityResponse> {
        unexpected()
    }

    async fn get_contact(&self, _: Request<i::GetContactRequest>) -> Answer<i::GetContactResponse> {
        unexpected()
    }

    async fn chase(&self, _: Request<i::ChaseRequest>) -> Answer<i::ChaseResponse> {
        Ok(Response::new(i::ChaseResponse {}))
    }

    async fn rate(&self, request: Request<i::RateRequest>) -> Answer<i::RateResponse> {
        if request.into_inner().satisfaction != "satisfied" {
            return refuse(&Problem::field("satisfaction", "unknown-word", "没有这种评价", "There is no such word"));
        }
        Ok(Response::new(i::RateResponse {}))
    }

    async fn appeal(&self, request: Request<i::AppealRequest>) -> Answer<i::AppealResponse> {
        Ok(Response::new(i::AppealResponse { tier: request.into_inner().tier }))
    }

    async fn find_alike(&self, _: Request<i::FindAlikeRequest>) -> Answer<i::FindAlikeResponse> {
        Ok(Response::new(i::FindAlikeResponse::default()))
    }

    async fn verify_identity(&self, _: Request<i::VerifyIdentityRequest>) -> Answer<i::VerifyIdentityResponse> {
        unexpected()
    }

    async fn answer_at_once(&self, _: Request<i::AnswerAtOnceRequest>) -> Answer<i::AnswerAtOnceResponse> {
        unexpected()
    }

    async fn ask_complainant(&self, _: Request<i::AskComplainantRequest>) -> Answer<i::AskComplainantResponse> {
        unexpected()
    }

    async fn link(&self, _: Request<i::LinkRequest>) -> Answer<i::LinkResponse> {
        unexpected()
    }

    async fn split(&self, _: Request<i::SplitRequest>) -> Answer<i::SplitResponse> {
        unexpected()
    }

    async fn merge(&self, _: Request<i::MergeRequest>) -> Answer<i::MergeResponse> {
        unexpected()
    }
}
