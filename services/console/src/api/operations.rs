//! Every operation of the API as its document names it: what it takes and what it answers.

use super::{desk, files, public, records, surveys};
use crate::{body::Field, command::COMMANDS, hand_in};

/// One method of one path.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// Lower case, as OpenAPI writes it.
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) about: &'static str,
    pub(crate) needs_token: bool,
    pub(crate) needs_key: bool,
    pub(crate) query: &'static [Field],
    pub(crate) body: Option<&'static [Field]>,
    pub(crate) status: u16,
    /// The schema of the good answer.
    pub(crate) answer: &'static str,
}

fn get(path: &str, id: &str, about: &'static str, query: &'static [Field], answer: &'static str) -> Operation {
    Operation {
        method: "get",
        path: path.to_owned(),
        id: id.to_owned(),
        about,
        needs_token: true,
        needs_key: false,
        query,
        body: None,
        status: 200,
        answer,
    }
}

fn post(path: &str, id: &str, about: &'static str, body: &'static [Field], answer: &'static str) -> Operation {
    Operation { method: "post", body: Some(body), ..get(path, id, about, &[], answer) }
}

impl Operation {
    fn public(mut self) -> Self {
        self.needs_token = false;
        self
    }

    fn keyed(mut self) -> Self {
        self.needs_key = true;
        self
    }

    fn created(mut self) -> Self {
        self.status = 201;
        self
    }
}

/// All of them, in the order of the document.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = vec![
        get("/api/v1/doors", "listDoors", "What each branch takes in and what its forms ask", public::DOORS, "Doors")
            .public(),
        post("/api/v1/hand-ins", "handIn", "Hands a case in", hand_in::FIELDS, "Receipt").public().keyed().created(),
        post("/api/v1/follow", "follow", "Shows a case to the holder of its receipt code", public::FOLLOW, "Followed")
            .public(),
        post("/api/v1/supplement", "supplement", "Adds to a case by its receipt code", public::SUPPLEMENT, "Nothing")
            .public()
            .keyed(),
        post("/api/v1/chase", "chase", "Asks when it will be done, by the receipt code", public::CHASE, "Nothing")
            .public()
            .keyed(),
        post("/api/v1/rate", "rate", "Rates a case by its receipt code", public::RATE, "Nothing").public().keyed(),
        post("/api/v1/appeal", "appeal", "Lodges an appeal by the receipt code", public::APPEAL, "Appealed")
            .public()
            .keyed(),
        post("/api/v1/withdraw", "withdraw", "Withdraws a case by its receipt code", public::FOLLOW, "Withdrawn")
            .public()
            .keyed(),
        post(
            "/api/v1/sessions",
            "signIn",
            "Signs a member of staff in and answers with a bearer token",
            public::SESSION,
            "Session",
        )
        .public()
        .created(),
        get(
            "/api/v1/duties",
            "listDuties",
            "The recurring duties that I owe, or those of a unit",
            records::DUTIES,
            "Duties",
        ),
        get(
            "/api/v1/duties/{unit}/{regime}/{duty}/{period}",
            "getDuty",
            "A duty with the draft of what it holds, or with what was done",
            &[],
            "OneDuty",
        ),
        post(
            "/api/v1/duties/{unit}/{regime}/{duty}/{period}",
            "doDuty",
            "Does it; for the holders of its role",
            records::DONE,
            "DutyDone",
        )
        .keyed(),
        get(
            "/api/v1/ledgers",
            "listLedger",
            "The rows of a ledger, or the ledgers there are",
            records::LEDGER,
            "LedgerPage",
        ),
        post(
            "/api/v1/duties/{unit}/{regime}/{duty}/{period}/publish",
            "publishFigures",
            "Shows the public the figures that a duty has reported; for whoever the regime names",
            records::PUBLISH,
            "FiguresPublished",
        )
        .keyed(),
        get(
            "/api/v1/to-publish",
            "listToPublish",
            "What waits for me to publish it: cases with a result, and figures",
            records::TO_PUBLISH,
            "ToPublish",
        ),
        get("/api/v1/published", "listPublished", "What is shown to the public", records::PUBLISHED, "PublishedPage")
            .public(),
        get("/api/v1/survey/{code}", "getSurvey", "An anonymous survey as it is answered", &[], "Sheet").public(),
        post("/api/v1/survey/{code}", "answerSurvey", "Answers it; the key counts once", surveys::ANSWERS, "Nothing")
            .public()
            .keyed(),
        get("/api/v1/surveys", "listSurveys", "The surveys I may open, and those I may know of", &[], "Surveys"),
        post("/api/v1/surveys", "openSurvey", "Opens an anonymous survey", surveys::OPEN, "OpenedSurvey")
            .keyed()
            .created(),
        get("/api/v1/surveys/{survey_id}", "getResults", "What came of a survey that is over", &[], "SurveyResults"),
        post("/api/v1/surveys/{survey_id}/close", "closeSurvey", "Closes it before its last day", &[], "Nothing")
            .keyed(),
        get("/api/v1/me", "getMe", "Who I am and which roles I hold", &[], "Staff"),
        get("/api/v1/units", "listUnits", "The units of the organisation", &[], "Units"),
        get("/api/v1/queue", "getQueue", "What waits for me, by next deadline", &[], "Queue"),
        get("/api/v1/tasks", "listTasks", "Calls and visits I owe", desk::TASKS, "Tasks"),
        get("/api/v1/late", "listLate", "Clocks that have run out", desk::LATE, "Late"),
        get("/api/v1/statistics", "getStatistics", "The figures of a month", desk::STATISTICS, "Statistics"),
        get("/api/v1/cases", "listCases", "The cases I may see", desk::CASES, "Cases"),
        get(
            "/api/v1/cases/{case_id}",
            "getCase",
            "A case as all services know it, with what I may do next",
            &[],
            "Case",
        ),
        get("/api/v1/cases/{case_id}/timeline", "getTimeline", "What happened, in order", &[], "Timeline"),
        get(
            "/api/v1/cases/{case_id}/joint",
            "getJoint",
            "A case with those it is linked to, as far as I may read them: clocks of each, one timeline",
            &[],
            "Joint",
        ),
        get("/api/v1/cases/{case_id}/clocks", "getClocks", "The clocks, each with how it was counted", &[], "Clocks"),
        post(
            "/api/v1/cases/{case_id}/files",
            "sealFiles",
            "Seals files; a step that takes files names them by the references that are answered",
            files::SEAL,
            "SealedFiles",
        )
        .keyed()
        .created(),
        post(
            "/api/v1/cases/{case_id}/read-file",
            "readFile",
            "Gives out a sealed file as it was sent, on a reason; each reading is written down",
            files::READ,
            "File",
        ),
        post(
            "/api/v1/cases/{case_id}/read-texts",
            "readTexts",
            "Reads sealed texts; each reading is written down",
            desk::READ,
            "Texts",
        ),
        post(
            "/api/v1/cases/{case_id}/reveal-identity",
            "revealIdentity",
            "Reveals one field of the identity, on a reason",
            desk::REVEAL,
            "Value",
        ),
    ];
    all.extend(COMMANDS.iter().map(|command| {
        let path = format!("/api/v1/cases/{{case_id}}/{}", command.name);
        post(&path, &format!("command-{}", command.name), command.about, command.fields, "Done").keyed()
    }));
    all
}
