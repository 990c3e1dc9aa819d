//! A stand-in for notification: one survey, whose sheets it counts once each.

use contracts::{
    common,
    notification::{self as n, notification_service_server::NotificationService},
};
use kit_config::MapSource;
use kit_core::Problem;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tonic::{Request, Response, Status};

#[derive(Clone, Default)]
pub(super) struct FakeNotification {
    /// The answers by their sheets.
    pub(super) sheets: Arc<Mutex<BTreeMap<String, BTreeMap<String, String>>>>,
}

/// The settings under which the console finds the stand-in, beside those that it has.
pub(super) async fn serve(fake: FakeNotification, settings: MapSource) -> MapSource {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    let service = n::notification_service_server::NotificationServiceServer::new(fake);
    tokio::spawn(tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming));
    settings.with("JIESU_NOTIFICATION_URL", format!("http://{at}"))
}

type Answer<T> = Result<Response<T>, Status>;

fn refuse<T>(problem: &Problem) -> Answer<T> {
    Err(kit_grpc::to_status(problem, "zh"))
}

fn known(code: &str) -> Result<(), Problem> {
    let unknown = || Problem::not_found("unknown-survey", "没有这项调查", "There is no such survey");
    (code == "k7m2pq9x4t").then_some(()).ok_or_else(unknown)
}

macro_rules! not_here {
    ($($rpc:ident($request:ident) -> $response:ident),* $(,)?) => {
        #[tonic::async_trait]
        impl NotificationService for FakeNotification {
            $(async fn $rpc(&self, _: Request<n::$request>) -> Answer<n::$response> {
                refuse(&Problem::unknown_case())
            })*

            async fn get_survey(&self, request: Request<n::GetSurveyRequest>) -> Answer<n::GetSurveyResponse> {
                if let Err(problem) = known(&request.into_inner().code) {
                    return refuse(&problem);
                }
                let title = |zh: &str| Some(common::Text { zh: zh.into(), en: "Survey".into() });
                let good = n::Word { id: "good".into(), title: title("满意") };
                let asked = |id: &str, kind: &str, choices| n::SurveyAsked {
                    id: id.into(),
                    title: title("题目"),
                    r#type: kind.into(),
                    choices,
                    ..Default::default()
                };
                let questions = vec![asked("overall", "words", vec![good]), asked("wishes", "text", vec![])];
                Ok(Response::new(n::GetSurveyResponse { title: title("满意度调查"), least: 5, questions, ..Default::default() }))
            }

            async fn answer_survey(&self, request: Request<n::AnswerSurveyRequest>) -> Answer<n::AnswerSurveyResponse> {
                assert!(request.metadata().get("authorization").is_none(), "nobody says who they are");
                let message = request.into_inner();
                if let Err(problem) = known(&message.code) {
                    return refuse(&problem);
                }
                if message.answers.get("overall").map(String::as_str) != Some("good") {
                    let problem = Problem::invalid("answers", "有些题目需要改正", "Some answers need attention");
                    return refuse(&problem.with_field("answers.overall", "请选择一项", "Please choose one"));
                }
                self.sheets.lock().unwrap().insert(message.sheet, message.answers);
                Ok(Response::new(n::AnswerSurveyResponse {}))
            }
        }
    };
}

not_here! {
    list_tasks(ListTasksRequest) -> ListTasksResponse,
    complete_task(CompleteTaskRequest) -> CompleteTaskResponse,
    list_deliveries(ListDeliveriesRequest) -> ListDeliveriesResponse,
    get_document(GetDocumentRequest) -> GetDocumentResponse,
    list_mail(ListMailRequest) -> ListMailResponse,
    get_mail(GetMailRequest) -> GetMailResponse,
    open_survey(OpenSurveyRequest) -> OpenSurveyResponse,
    close_survey(CloseSurveyRequest) -> CloseSurveyResponse,
    list_surveys(ListSurveysRequest) -> ListSurveysResponse,
    survey_results(SurveyResultsRequest) -> SurveyResultsResponse,
}
