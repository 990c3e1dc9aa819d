//! The calls to the other services, made in the name and the language of the person who asks.

mod log;

use crate::language::Language;
use contracts::{assignment, deadline_watcher, intake, notification, records, resolution, triage};
use kit_core::Problem;
use kit_grpc::{Call, Peers};

/// A person at the console, or the public.
#[derive(Clone)]
pub(crate) struct Asker {
    peers: Peers,
    token: Option<String>,
    language: Language,
}

impl Asker {
    pub(crate) fn new(peers: Peers, token: Option<String>, language: Language) -> Self {
        Self { peers, token, language }
    }

    fn request<T>(&self, message: T) -> tonic::Request<T> {
        Call { token: self.token.clone(), language: self.language.code().to_owned() }.request(message)
    }
}

fn answer<T>(result: Result<tonic::Response<T>, tonic::Status>) -> Result<T, Problem> {
    result.map(tonic::Response::into_inner).map_err(|status| kit_grpc::problem(&status))
}

macro_rules! calls {
    ($( $service:literal $module:ident :: $client_module:ident :: $client:ident {
        $( $call:ident = $rpc:ident ( $request:ident ) -> $response:ident ),* $(,)?
    } )*) => {
        impl Asker {
            $($(
                pub(crate) async fn $call(
                    &self,
                    message: $module::$request,
                ) -> Result<$module::$response, Problem> {
                    let channel = self.peers.channel($service);
                    let mut client = $module::$client_module::$client::new(channel)
                        .max_decoding_message_size(kit_grpc::MAX_FILE_BYTES);
                    answer(client.$rpc(self.request(message)).await)
                }
            )*)*
        }
    };
}

calls! {
    "intake" intake::intake_service_client::IntakeServiceClient {
        hand_in = hand_in(HandInRequest) -> HandInResponse,
        get_door = get_door(GetDoorRequest) -> GetDoorResponse,
        follow = follow(FollowRequest) -> FollowResponse,
        supplement = supplement(SupplementRequest) -> SupplementResponse,
        withdraw = withdraw(WithdrawRequest) -> WithdrawResponse,
        seal_text = seal_text(SealTextRequest) -> SealTextResponse,
        seal_file = seal_file(SealFileRequest) -> SealFileResponse,
        read_file = read_file(ReadFileRequest) -> ReadFileResponse,
        read_texts = read_texts(ReadTextsRequest) -> ReadTextsResponse,
        reveal_identity = reveal_identity(RevealIdentityRequest) -> RevealIdentityResponse,
        answer_at_once = answer_at_once(AnswerAtOnceRequest) -> AnswerAtOnceResponse,
        verify_identity = verify_identity(VerifyIdentityRequest) -> VerifyIdentityResponse,
        ask_complainant = ask_complainant(AskComplainantRequest) -> AskComplainantResponse,
        chase = chase(ChaseRequest) -> ChaseResponse,
        find_alike = find_alike(FindAlikeRequest) -> FindAlikeResponse,
        link = link(LinkRequest) -> LinkResponse,
        merge = merge(MergeRequest) -> MergeResponse,
        split = split(SplitRequest) -> SplitResponse,
        appeal = appeal(AppealRequest) -> AppealResponse,
        rate = rate(RateRequest) -> RateResponse,
        intake_case = get_case(GetCaseRequest) -> GetCaseResponse,
    }
    "triage" triage::triage_service_client::TriageServiceClient {
        list_pending = list_pending(ListPendingRequest) -> ListPendingResponse,
        triage_of = get_case(GetCaseRequest) -> GetCaseResponse,
        triage_case = triage_case(TriageCaseRequest) -> TriageCaseResponse,
        accept_case = accept_case(AcceptCaseRequest) -> AcceptCaseResponse,
        decline_case = decline_case(DeclineCaseRequest) -> DeclineCaseResponse,
        refer_case = refer_case(ReferCaseRequest) -> ReferCaseResponse,
        report_back = report_back(ReportBackRequest) -> ReportBackResponse,
        state_facts = state_facts(StateFactsRequest) -> StateFactsResponse,
        regrade_case = regrade_case(RegradeCaseRequest) -> RegradeCaseResponse,
        move_to_version = move_to_version(MoveToVersionRequest) -> MoveToVersionResponse,
        judge_validity = judge_validity(JudgeValidityRequest) -> JudgeValidityResponse,
        record_containment = record_containment(RecordContainmentRequest) -> RecordContainmentResponse,
    }
    "assignment" assignment::assignment_service_client::AssignmentServiceClient {
        sign_in = sign_in(SignInRequest) -> SignInResponse,
        get_me = get_me(GetMeRequest) -> GetMeResponse,
        list_units = list_units(ListUnitsRequest) -> ListUnitsResponse,
        list_staff = list_staff(ListStaffRequest) -> ListStaffResponse,
        list_queue = list_queue(ListQueueRequest) -> ListQueueResponse,
        assignment_of = get_case(GetCaseRequest) -> GetCaseResponse,
        dispatch_case = dispatch_case(DispatchCaseRequest) -> DispatchCaseResponse,
        sign_case = sign_case(SignCaseRequest) -> SignCaseResponse,
        return_case = return_case(ReturnCaseRequest) -> ReturnCaseResponse,
        recuse_handler = recuse_handler(RecuseHandlerRequest) -> RecuseHandlerResponse,
        rule_dispatch = rule_dispatch(RuleDispatchRequest) -> RuleDispatchResponse,
        delegate_case = delegate_case(DelegateCaseRequest) -> DelegateCaseResponse,
        give_order = give_order(GiveOrderRequest) -> GiveOrderResponse,
        answer_order = answer_order(AnswerOrderRequest) -> AnswerOrderResponse,
        form_team = form_team(FormTeamRequest) -> FormTeamResponse,
        escalate_case = escalate_case(EscalateCaseRequest) -> EscalateCaseResponse,
        ask_recusal = ask_recusal(AskRecusalRequest) -> AskRecusalResponse,
        rule_recusal = rule_recusal(RuleRecusalRequest) -> RuleRecusalResponse,
    }
    "resolution" resolution::resolution_service_client::ResolutionServiceClient {
        resolution_of = get_case(GetCaseRequest) -> GetCaseResponse,
        add_note = add_note(AddNoteRequest) -> AddNoteResponse,
        order_measures = order_measures(OrderMeasuresRequest) -> OrderMeasuresResponse,
        propose_decision = propose_decision(ProposeDecisionRequest) -> ProposeDecisionResponse,
        rule_on_decision = rule_on_decision(RuleOnDecisionRequest) -> RuleOnDecisionResponse,
        answer_complainant = answer_complainant(AnswerComplainantRequest) -> AnswerComplainantResponse,
        resolve_case = resolve_case(ResolveCaseRequest) -> ResolveCaseResponse,
        do_step = do_step(DoStepRequest) -> DoStepResponse,
        tell_result = tell_result(TellResultRequest) -> TellResultResponse,
        carry_out_measure = carry_out_measure(CarryOutMeasureRequest) -> CarryOutMeasureResponse,
        check_measure = check_measure(CheckMeasureRequest) -> CheckMeasureResponse,
        ask_approval = ask_approval(AskApprovalRequest) -> AskApprovalResponse,
        rule_on_approval = rule_on_approval(RuleOnApprovalRequest) -> RuleOnApprovalResponse,
        decide_appeal = decide_appeal(DecideAppealRequest) -> DecideAppealResponse,
        close_case = close_case(CloseCaseRequest) -> CloseCaseResponse,
    }
    "deadline-watcher" deadline_watcher::deadline_watcher_service_client::DeadlineWatcherServiceClient {
        list_clocks = list_clocks(ListClocksRequest) -> ListClocksResponse,
        explain_clock = explain_clock(ExplainClockRequest) -> ExplainClockResponse,
        list_late = list_late(ListLateRequest) -> ListLateResponse,
        ask_extension = ask_extension(AskExtensionRequest) -> AskExtensionResponse,
        rule_on_extension = rule_on_extension(RuleOnExtensionRequest) -> RuleOnExtensionResponse,
        ask_suspension = ask_suspension(AskSuspensionRequest) -> AskSuspensionResponse,
        rule_on_suspension = rule_on_suspension(RuleOnSuspensionRequest) -> RuleOnSuspensionResponse,
        end_suspension = end_suspension(EndSuspensionRequest) -> EndSuspensionResponse,
        set_date = set_date(SetDateRequest) -> SetDateResponse,
        clocks_of = get_case(GetCaseRequest) -> GetCaseResponse,
        preview_version = preview_version(PreviewVersionRequest) -> PreviewVersionResponse,
    }
    "notification" notification::notification_service_client::NotificationServiceClient {
        list_tasks = list_tasks(ListTasksRequest) -> ListTasksResponse,
        complete_task = complete_task(CompleteTaskRequest) -> CompleteTaskResponse,
        get_document = get_document(GetDocumentRequest) -> GetDocumentResponse,
        list_deliveries = list_deliveries(ListDeliveriesRequest) -> ListDeliveriesResponse,
        list_mail = list_mail(ListMailRequest) -> ListMailResponse,
        get_mail = get_mail(GetMailRequest) -> GetMailResponse,
        open_survey = open_survey(OpenSurveyRequest) -> OpenSurveyResponse,
        close_survey = close_survey(CloseSurveyRequest) -> CloseSurveyResponse,
        list_surveys = list_surveys(ListSurveysRequest) -> ListSurveysResponse,
        survey_results = survey_results(SurveyResultsRequest) -> SurveyResultsResponse,
        get_survey = get_survey(GetSurveyRequest) -> GetSurveyResponse,
        answer_survey = answer_survey(AnswerSurveyRequest) -> AnswerSurveyResponse,
    }
    "records" records::records_service_client::RecordsServiceClient {
        get_dossier = get_dossier(GetDossierRequest) -> GetDossierResponse,
        list_cases = list_cases(ListCasesRequest) -> ListCasesResponse,
        get_statistics = get_statistics(GetStatisticsRequest) -> GetStatisticsResponse,
        list_duties = list_duties(ListDutiesRequest) -> ListDutiesResponse,
        get_duty = get_duty(GetDutyRequest) -> GetDutyResponse,
        do_duty = do_duty(DoDutyRequest) -> DoDutyResponse,
        list_destructions = list_destructions(ListDestructionsRequest) -> ListDestructionsResponse,
        approve_destruction = approve_destruction(ApproveDestructionRequest) -> ApproveDestructionResponse,
        enter_ledger = enter_ledger(EnterLedgerRequest) -> EnterLedgerResponse,
        list_ledger = list_ledger(ListLedgerRequest) -> ListLedgerResponse,
        publish = publish(PublishRequest) -> PublishResponse,
        withhold = withhold(WithholdRequest) -> WithholdResponse,
        publish_figures = publish_figures(PublishFiguresRequest) -> PublishFiguresResponse,
        list_to_publish = list_to_publish(ListToPublishRequest) -> ListToPublishResponse,
        list_published = list_published(ListPublishedRequest) -> ListPublishedResponse,
    }
}
