//! The gRPC face: decodes, asks the stores or runs the use case, encodes.

mod surveys;

use crate::{
    convert,
    domain::refusal,
    mail::{Door, MailSettings, folder, wording},
    store::{cases, notices, tasks},
    usecase,
};
use chrono::TimeDelta;
use contracts::{
    intake::{ReadTextsRequest, SealedText, intake_service_client::IntakeServiceClient},
    notification::{self as api, notification_service_server::NotificationService},
};
use facts::Law;
use kit_core::{Budget, Problem, Text};
use kit_db::{Error, Result};
use kit_grpc::{
    Call, Ctx, Peers, Tokens,
    page::{self, After},
    parse_id, reply,
};
use kit_ids::{CaseId, NoticeId, StaffId, TaskId};
use kit_messaging::{Command, Log};
use kit_reference::Reference;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, Mutex},
};
use tokio::sync::Notify;
use tonic::{Request, Response, Status};

/// What the rpcs stand on.
pub(crate) struct Face {
    pub(crate) log: Log,
    pub(crate) rules: Arc<Reference<Law>>,
    pub(crate) mail: Arc<MailSettings>,
    pub(crate) peers: Peers,
    pub(crate) tokens: Tokens,
    /// Told when a survey was opened.
    pub(crate) opened: Arc<Notify>,
    /// Wrong codes of surveys, and answers to them: of everybody together.
    pub(crate) codes: Mutex<Budget>,
    pub(crate) sheets: Mutex<Budget>,
}

impl Face {
    async fn tasks(&self, ctx: &Ctx, request: &api::ListTasksRequest) -> Result<api::ListTasksResponse> {
        let staff = ctx.staff()?.to_string();
        let rules = self.rules.get();
        if request.case_id.is_empty() {
            return self.my_tasks(&rules, &staff, request).await;
        }
        let id: CaseId = parse_id("case_id", &request.case_id)?;
        let found = self.readable(&rules, id, &staff).await?;
        let tasks = tasks::of_case(self.log.pool(), id).await?;
        let tasks = tasks.iter().map(|task| convert::task(task, &found, &rules, &staff)).collect();
        Ok(api::ListTasksResponse { tasks, next_page_token: String::new() })
    }

    /// The open tasks of the caller's roles, over all cases.
    async fn my_tasks(
        &self,
        law: &Law,
        staff: &str,
        request: &api::ListTasksRequest,
    ) -> Result<api::ListTasksResponse> {
        let size = page::size(request.page_size)?;
        let after = After::read(&request.page_token)?;
        let directory = law.directory();
        let person = directory.staff(staff).filter(|p| p.is_active).ok_or_else(not_staff)?;
        let (roles, units): (Vec<String>, Vec<String>) = person
            .grants
            .iter()
            .flat_map(|g| {
                directory
                    .units()
                    .filter(|u| directory.is_within(&u.id, &g.unit))
                    .map(|u| (g.role.clone(), u.id.clone()))
            })
            .unzip();
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let mut rows = tasks::mine(self.log.pool(), staff, &roles, &units, after, limit).await?;
        let next_page_token = page::cut(&mut rows, size, convert::place);
        let ids: Vec<CaseId> = rows.iter().map(|t| t.case_id).collect();
        let found = cases::list(self.log.pool(), &ids).await?;
        let tasks = rows.iter().filter_map(|t| Some(convert::task(t, found.get(&t.case_id)?, law, staff))).collect();
        Ok(api::ListTasksResponse { tasks, next_page_token })
    }

    async fn readable(&self, law: &Law, id: CaseId, staff: &str) -> Result<crate::domain::Case> {
        let case = cases::list(self.log.pool(), &[id]).await?.remove(&id);
        let case = case.filter(|case| facts::may_read(law, &case.view, staff));
        Ok(case.ok_or_else(Problem::unknown_case)?)
    }

    async fn complete(&self, ctx: &Ctx, request: &api::CompleteTaskRequest) -> Result<api::CompleteTaskResponse> {
        let staff = ctx.staff()?.to_string();
        let id: TaskId = parse_id("task_id", &request.task_id)?;
        let rules = self.rules.get();
        let command = Command::new("CompleteTask", &request.request_id, &staff, request);
        let request = request.clone();
        self.log
            .command(command, move |tx| {
                Box::pin(async move {
                    usecase::complete_task(tx, &rules, &staff, id, &request).await?;
                    Ok(api::CompleteTaskResponse {})
                })
            })
            .await
    }

    async fn deliveries(&self, ctx: &Ctx, request: &api::ListDeliveriesRequest) -> Result<api::ListDeliveriesResponse> {
        let staff = ctx.staff()?.to_string();
        let id: CaseId = parse_id("case_id", &request.case_id)?;
        self.readable(&self.rules.get(), id, &staff).await?;
        let rows = notices::list(self.log.pool(), id).await?;
        Ok(api::ListDeliveriesResponse { deliveries: rows.into_iter().map(convert::delivery).collect() })
    }

    /// A document as it is printed. What it holds from the vault is read there in the name of whoever asks, who is logged.
    async fn document(&self, ctx: &Ctx, request: &api::GetDocumentRequest) -> Result<api::GetDocumentResponse> {
        let staff = ctx.staff()?;
        let id: CaseId = parse_id("case_id", &request.case_id)?;
        let rules = self.rules.get();
        let case = self.readable(&rules, id, &staff.to_string()).await?;
        let found = notices::document(self.log.pool(), id, &request.document).await?;
        let document = found.ok_or_else(refusal::unknown_document)?;
        let parts = document.parts.0;
        let texts = if parts.is_empty() { Vec::new() } else { self.read(staff, id, &request.document, &parts).await? };
        let sealed = convert::sealed(&parts, texts);
        let (id, version) = notices::words_of(document.regime_id, document.regime_version, Some(&case.view));
        let regime = rules.regime(&id, version).ok_or_else(|| Error::NotYet(format!("regime {id}")))?;
        let words = |language| wording::words(&regime, &document.template, &document.params.0, &sealed, language);
        let (zh, en) = words("zh").zip(words("en")).ok_or_else(refusal::unknown_document)?;
        Ok(api::GetDocumentResponse {
            document: request.document.clone(),
            subject: Some(kit_grpc::text(&Text::new(zh.subject, en.subject))),
            body: Some(kit_grpc::text(&Text::new(zh.body, en.body))),
        })
    }

    async fn read(
        &self,
        staff: StaffId,
        case_id: CaseId,
        document: &str,
        parts: &BTreeMap<String, String>,
    ) -> Result<Vec<SealedText>> {
        let token = self.tokens.issue(&staff.to_string(), self.log.env().now(), TimeDelta::minutes(1));
        let asked = ReadTextsRequest {
            case_id: case_id.to_string(),
            ref_ids: parts.values().cloned().collect::<BTreeSet<_>>().into_iter().collect(),
            reason: format!("打印文书 {document}"),
        };
        let mut intake = IntakeServiceClient::new(self.peers.channel("intake"));
        let read = intake.read_texts(Call::with_token(token).request(asked)).await;
        Ok(read.map_err(|status| kit_grpc::problem(&status))?.into_inner().texts)
    }

    /// The mail folder, for whoever holds any role in this installation.
    fn folder(&self, ctx: &Ctx) -> Result<(PathBuf, String)> {
        let staff = ctx.staff()?.to_string();
        let Door::Folder(path) = &self.mail.door else { return Err(refusal::no_mail_folder().into()) };
        let rules = self.rules.get();
        let person = rules.directory().staff(&staff).filter(|p| p.is_active && !p.grants.is_empty());
        person.ok_or_else(not_staff)?;
        Ok((path.clone(), staff))
    }

    async fn mails(&self, ctx: &Ctx) -> Result<api::ListMailResponse> {
        let (path, staff) = self.folder(ctx)?;
        let kept = folder::list(&path).await.map_err(unreadable)?;
        let ids: Vec<CaseId> = kept.iter().filter_map(|m| m.case_id).collect();
        let found = cases::list(self.log.pool(), &ids).await?;
        let is_open = |id| found.get(&id).is_some_and(|case| !case.is_excluded(&staff));
        let may_see = |m: &&folder::Kept| m.case_id.is_none_or(is_open);
        Ok(api::ListMailResponse { mails: kept.iter().filter(may_see).map(convert::mail).collect() })
    }

    async fn mail(&self, ctx: &Ctx, request: &api::GetMailRequest) -> Result<api::GetMailResponse> {
        let (path, staff) = self.folder(ctx)?;
        let id: NoticeId = parse_id("mail_id", &request.mail_id)?;
        let kept = folder::find(&path, id).await.map_err(unreadable)?.ok_or_else(refusal::unknown_mail)?;
        let found = cases::list(self.log.pool(), kept.case_id.as_slice()).await?;
        let is_closed = |id| found.get(&id).is_none_or(|case| case.is_excluded(&staff));
        if kept.case_id.is_some_and(is_closed) {
            return Err(refusal::unknown_mail().into());
        }
        Ok(api::GetMailResponse { mail: Some(convert::mail(&kept)), body: kept.body })
    }
}

fn not_staff() -> Problem {
    Problem::denied("not-staff", "您没有任何岗位", "You hold no role here")
}

fn unreadable(error: std::io::Error) -> Error {
    tracing::error!(error = ?error.kind(), "the mail folder cannot be read");
    Problem::new(
        kit_core::Class::Transient,
        "mail-folder",
        "暂时无法读取邮件夹",
        "The mail folder cannot be read for now",
    )
    .into()
}

#[tonic::async_trait]
impl NotificationService for Face {
    async fn list_tasks(
        &self,
        request: Request<api::ListTasksRequest>,
    ) -> std::result::Result<Response<api::ListTasksResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.tasks(&ctx, request.get_ref()).await)
    }

    async fn complete_task(
        &self,
        request: Request<api::CompleteTaskRequest>,
    ) -> std::result::Result<Response<api::CompleteTaskResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.complete(&ctx, request.get_ref()).await)
    }

    async fn list_deliveries(
        &self,
        request: Request<api::ListDeliveriesRequest>,
    ) -> std::result::Result<Response<api::ListDeliveriesResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.deliveries(&ctx, request.get_ref()).await)
    }

    async fn get_document(
        &self,
        request: Request<api::GetDocumentRequest>,
    ) -> std::result::Result<Response<api::GetDocumentResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.document(&ctx, request.get_ref()).await)
    }

    async fn list_mail(
        &self,
        request: Request<api::ListMailRequest>,
    ) -> std::result::Result<Response<api::ListMailResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.mails(&ctx).await)
    }

    async fn get_mail(
        &self,
        request: Request<api::GetMailRequest>,
    ) -> std::result::Result<Response<api::GetMailResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.mail(&ctx, request.get_ref()).await)
    }

    async fn open_survey(
        &self,
        request: Request<api::OpenSurveyRequest>,
    ) -> std::result::Result<Response<api::OpenSurveyResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, Face::open_survey(self, &ctx, request.into_inner()).await)
    }

    async fn close_survey(
        &self,
        request: Request<api::CloseSurveyRequest>,
    ) -> std::result::Result<Response<api::CloseSurveyResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, Face::close_survey(self, &ctx, request.get_ref()).await)
    }

    async fn list_surveys(
        &self,
        request: Request<api::ListSurveysRequest>,
    ) -> std::result::Result<Response<api::ListSurveysResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.surveys(&ctx).await)
    }

    async fn survey_results(
        &self,
        request: Request<api::SurveyResultsRequest>,
    ) -> std::result::Result<Response<api::SurveyResultsResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.results(&ctx, request.get_ref()).await)
    }

    async fn get_survey(
        &self,
        request: Request<api::GetSurveyRequest>,
    ) -> std::result::Result<Response<api::GetSurveyResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, self.survey(request.get_ref()).await)
    }

    async fn answer_survey(
        &self,
        request: Request<api::AnswerSurveyRequest>,
    ) -> std::result::Result<Response<api::AnswerSurveyResponse>, Status> {
        let ctx = kit_grpc::ctx(&request);
        reply(&ctx, Face::answer_survey(self, request.into_inner()).await)
    }
}
