//! The closed list of events, by owner. An event's word (`case-registered`) is what packs and timelines call it.

use prost::{Message, Name};

/// The owner of the few facts that every service may publish: what operators decided about its log.
pub const ANY_SERVICE: &str = "any";

/// A message that may stand in a log: it has a name, and a case unless it is about the organisation or a regime.
pub trait Event: Message + Name + Default {
    /// The service that publishes it, as in `deadline-watcher`; [`ANY_SERVICE`] where each may.
    const OWNER: &'static str;
    /// Its word in packs and timelines, kebab case.
    const WORD: &'static str;
    /// What a reader must know to apply it, by full protobuf name: itself or some of its fields. Empty for what an older
    /// reader may pass over.
    const NEEDS: &'static [&'static str] = &[];
    /// The case it belongs to; empty for events about units, staff and regimes.
    fn case_id(&self) -> &str;
}

macro_rules! facts {
    ($( $owner:literal $module:ident { $( $event:ident $word:literal $($case:ident)? $([$($need:literal),*])? ),* $(,)? } )*) => {
        /// One event of any service.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Fact { $($( #[doc = $word] $event(crate::$module::$event), )*)* }

        $($(
            impl Event for crate::$module::$event {
                const OWNER: &'static str = $owner;
                const WORD: &'static str = $word;
                $( const NEEDS: &'static [&'static str] = &[$($need),*]; )?
                fn case_id(&self) -> &str { facts!(@case self $($case)?) }
            }
        )*)*

        impl Fact {
            /// Decodes an event by its full protobuf name; `None` for a name this build does not know.
            ///
            /// # Errors
            /// The bytes are not that message.
            pub fn decode(type_name: &str, data: &[u8]) -> Result<Option<Self>, prost::DecodeError> {
                $($(
                    if type_name == <crate::$module::$event as Name>::full_name() {
                        return Ok(Some(Self::$event(Message::decode(data)?)));
                    }
                )*)*
                Ok(None)
            }

            /// The word packs use for it, such as `case-registered`.
            pub fn word(&self) -> &'static str {
                match self { $($( Self::$event(_) => $word, )*)* }
            }

            /// The service that owns it.
            pub fn owner(&self) -> &'static str {
                match self { $($( Self::$event(_) => $owner, )*)* }
            }

            /// The case it belongs to; empty for events about units, staff and regimes.
            pub fn case_id(&self) -> &str {
                match self { $($( Self::$event(e) => e.case_id(), )*)* }
            }
        }

        /// Every event: (owner, word, full protobuf name). The catalogue is made from it.
        pub fn catalogue() -> Vec<(&'static str, &'static str, String)> {
            vec![ $($( ($owner, $word, <crate::$module::$event as Name>::full_name()), )*)* ]
        }
    };
    (@case $self:ident $case:ident) => { &$self.$case };
    (@case $self:ident) => { "" };
}

// After the word stand the field that names the case, and, in brackets, what a reader must know: the full name of the
// event or of fields that an older reader must not pass over.
facts! {
    "intake" intake {
        CaseRegistered "case-registered" case_id,
        SubmissionReceived "submission-received",
        CaseSupplemented "case-supplemented" case_id,
        CaseWithdrawn "case-withdrawn" case_id,
        IdentityRead "identity-read" case_id,
        NarrativeRead "narrative-read" case_id,
        AnsweredAtOnce "answered-at-once" case_id,
        IdentityVerified "identity-verified" case_id,
        ComplainantAsked "complainant-asked" case_id,
        ComplainantChased "complainant-chased" case_id,
        CaseLinked "case-linked" case_id,
        CasesMerged "cases-merged" case_id,
        CaseRated "case-rated" case_id,
        AppealLodged "appeal-lodged" case_id,
        CasePurged "case-purged" case_id,
    }
    "triage" triage {
        RegimePublished "regime-published",
        RegimeConsulted "regime-consulted",
        RegimeApproved "regime-approved",
        CaseAccepted "case-accepted" case_id,
        CaseDeclined "case-declined" case_id,
        CaseClassified "case-classified" case_id,
        CaseGraded "case-graded" case_id,
        ValidityJudged "validity-judged" case_id,
        ContainmentRecorded "containment-recorded" case_id,
        CaseReferred "case-referred" case_id,
        ReportBackReceived "report-back-received" case_id,
        FactsStated "facts-stated" case_id,
        CaseMoved "case-moved" case_id ["jiesu.triage.v1.CaseMoved"],
    }
    "assignment" assignment {
        UnitChanged "unit-changed",
        StaffChanged "staff-changed",
        CaseDispatched "case-dispatched" case_id,
        CaseSigned "case-signed" case_id,
        CaseReturned "case-returned" case_id,
        HandlerRecused "handler-recused" case_id,
        CaseEscalated "case-escalated" case_id,
        HandlerNamed "handler-named" case_id,
        DispatchRuled "dispatch-ruled" case_id,
        OrderGiven "ordered" case_id,
        OrderAnswered "order-answered" case_id,
        TeamFormed "team-formed" case_id,
        RecusalAsked "recusal-asked" case_id,
        RecusalGranted "recusal-granted" case_id,
        RecusalRefused "recusal-refused" case_id,
    }
    "resolution" resolution {
        InvestigationOpened "investigation-opened" case_id,
        NoteAdded "note-added" case_id,
        MeasuresOrdered "measures-ordered" case_id,
        DecisionProposed "decision-proposed" case_id,
        DecisionApproved "decision-approved" case_id,
        DecisionRefused "decision-refused" case_id,
        ComplainantAnswered "complainant-answered" case_id,
        CaseResolved "case-resolved" case_id,
        StepDone "step-done" case_id,
        ComplainantTold "complainant-told" case_id,
        CaseCalledBack "case-called-back" case_id,
        CaseClosed "case-closed" case_id,
        ApprovalAsked "approval-asked" case_id,
        ApprovalGiven "approval-given" case_id,
        ApprovalRefused "approval-refused" case_id,
        MeasureDone "measure-done" case_id,
        MeasureChecked "measure-checked" case_id,
        CaseReopened "case-reopened" case_id,
        AppealDecided "appeal-decided" case_id,
        LinkedCaseOwed "case-opened" case_id,
    }
    "deadline-watcher" deadline_watcher {
        ClockStarted "clock-started" case_id,
        ClockStopped "clock-stopped" case_id,
        ClockPaused "clock-paused" case_id,
        ClockResumed "clock-resumed" case_id,
        DeadlineMoved "deadline-moved" case_id,
        DeadlineNear "deadline-near" case_id,
        ClockMissed "clock-missed" case_id,
        ClockOverdue "clock-overdue" case_id,
        ExtensionAsked "extension-asked" case_id,
        ExtensionGranted "extension-granted" case_id,
        ExtensionRefused "extension-refused" case_id,
        SuspensionAsked "suspension-asked" case_id,
        SuspensionGranted "suspension-granted" case_id,
        SuspensionRefused "suspension-refused" case_id,
        SuspensionEnded "suspension-ended" case_id,
        DateSet "date-set" case_id,
        BreachFound "breach-found" case_id,
        CalendarPublished "calendar-published",
        DutyDue "duty-due",
        DutyMissed "duty-missed",
    }
    "notification" notification {
        NoticeSent "notice-sent" case_id,
        NoticeFailed "notice-failed" case_id,
        NoticeUnknown "notice-unknown" case_id,
        TaskOpened "task-opened" case_id,
        TaskDone "task-done" case_id,
        SurveyOpened "survey-opened",
        SurveyClosed "survey-closed",
    }
    "records" records {
        CaseArchived "case-archived" case_id,
        LedgerEntered "ledger-entered" case_id,
        CasePublished "case-published" case_id,
        CaseWithheld "case-withheld" case_id,
        DestructionProposed "destruction-proposed" case_id,
        DestructionOrdered "destruction-ordered" case_id,
        DestructionRefused "destruction-refused" case_id,
        DutyDone "duty-done",
        FiguresPublished "figures-published",
    }
    "any" log {
        EventSkipped "event-skipped" case_id,
        ForkSettled "fork-settled",
    }
}
