//! The dossier of one case: complete, in order, in words, and only for those who may read it.

use crate::harness::{House, pack, problem, staff, text_ref};
use contracts::{
    Fact, assignment, common, deadline_watcher as clock, intake, notification, records::*, resolution, triage,
};
use kit_config::MapSource;
use kit_core::Class;
use records::Records;
use records_service_client::RecordsServiceClient as Client;

/// Handling to the close, an hour for each fact.
pub(crate) async fn finished(house: &House, id: &str, satisfaction: &str) {
    let case_id = || id.to_owned();
    let (by, hour) = (staff("head"), chrono::TimeDelta::hours(1));
    house.signed(id).await;
    house.clock.advance(hour);
    let text = Some(common::VaultRef { ref_id: text_ref(3) });
    house.hear(&resolution::NoteAdded { case_id: case_id(), text, ..Default::default() }).await;
    house.clock.advance(hour);
    let resolved =
        resolution::CaseResolved { case_id: case_id(), finding: "substantiated".to_owned(), ..Default::default() };
    house.hear(&resolved).await;
    let step = "opinion-form-returned".to_owned();
    house.hear(&resolution::StepDone { case_id: case_id(), step, staff_id: by.clone(), ..Default::default() }).await;
    let way = || "call".to_owned();
    let told = resolution::ComplainantTold {
        case_id: case_id(),
        way: way(),
        staff_id: staff("reception"),
        ..Default::default()
    };
    house.hear(&told).await;
    let called = resolution::CaseCalledBack {
        case_id: case_id(),
        is_reached: true,
        satisfaction: satisfaction.to_owned(),
        staff_id: staff("patrol"),
    };
    house.hear(&called).await;
    house.clock.advance(hour);
    let closed = resolution::CaseClosed { case_id: case_id(), outcome: "resolved".to_owned(), ..Default::default() };
    house.hear(&closed).await;
}

async fn dossier(house: &House, who: &str, id: &str) -> Result<GetDossierResponse, tonic::Status> {
    let asked = GetDossierRequest { case_id: id.to_owned(), number: String::new() };
    Client::new(house.channel.clone()).get_dossier(house.by(who, asked)).await.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn only_whoever_may_read_both_cases_learns_that_they_have_to_do_with_each_other() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let (first, second) = (house.dispatched(1, "minor").await, house.dispatched(2, "minor").await);
    let told = |id: &str, other: &str, relation: &str| intake::CaseLinked {
        case_id: id.to_owned(),
        other_case_id: other.to_owned(),
        relation: relation.to_owned(),
        staff_id: staff("reception"),
        ..Default::default()
    };
    let opened = resolution::LinkedCaseOwed {
        case_id: second.clone(),
        kind: "complaint".to_owned(),
        relation: "lead".to_owned(),
        ..Default::default()
    };
    let merged = intake::CasesMerged {
        case_id: second.clone(),
        other_case_id: first.clone(),
        staff_id: staff("reception"),
        received_at: None,
    };
    house.hear(&opened).await;
    house.hear(&told(&second, &first, "lead")).await;
    house.hear(&merged).await;
    house.hear(&told(&first, &second, "lead")).await;
    // The head of another branch handles the second case, and only that one; the receptionist must not know of the first.
    let handed = assignment::CaseDispatched {
        case_id: second.clone(),
        unit_id: "b03-eng".to_owned(),
        role: "head".to_owned(),
        staff_id: staff("far-head"),
        slip: "ZB-2".to_owned(),
        ..Default::default()
    };
    house.hear(&handed).await;
    let recused =
        assignment::HandlerRecused { case_id: first.clone(), staff_id: staff("reception"), ..Default::default() };
    house.hear(&recused).await;
    let tells = async |who: &str, id: &str| {
        let seen = dossier(&house, who, id).await.unwrap();
        let about = ["case-linked", "cases-merged", "case-opened"];
        seen.entries.iter().filter(|entry| about.contains(&entry.fact.as_str())).count()
    };
    assert_eq!((tells("affairs", &first).await, tells("affairs", &second).await), (1, 3), "both");
    assert_eq!(problem(dossier(&house, "far-head", &first).await).code, "unknown-case");
    assert_eq!(tells("far-head", &second).await, 0, "one");
    assert_eq!(problem(dossier(&house, "reception", &first).await).code, "unknown-case");
    assert_eq!(tells("reception", &second).await, 0, "excluded from the other");
}

#[tokio::test]
async fn a_dossier_holds_every_fact_in_order_and_in_words() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    finished(&house, &id, "mostly").await;
    let seen = dossier(&house, "affairs", &id).await.unwrap();
    let facts: Vec<&str> = seen.entries.iter().map(|e| e.fact.as_str()).collect();
    assert_eq!(
        facts,
        [
            "case-registered",
            "case-accepted",
            "case-classified",
            "validity-judged",
            "case-graded",
            "case-dispatched",
            "case-signed",
            "note-added",
            "case-resolved",
            "step-done",
            "complainant-told",
            "case-called-back",
            "case-closed",
            "case-archived",
        ]
    );
    let text = |fact: &str| seen.entries.iter().find(|e| e.fact == fact).unwrap().text.clone().unwrap();
    assert_eq!(text("case-graded").zh, "定级为轻微投诉");
    assert_eq!(text("case-dispatched").zh, "转办至单位b03-eng，承办人：员工head，转办单 ZB-1（二.1）");
    assert_eq!(text("case-resolved").en, "Resolved: Substantiated");
    assert_eq!(text("step-done").zh, "员工head完成“意见表交住户服务中心”");
    assert_eq!(text("case-called-back").zh, "已回访投诉人：基本满意");
    assert_eq!(text("case-archived").zh, "归档，长期保存（二.4）");
    assert!(seen.entries.iter().all(|e| !e.text.as_ref().unwrap().zh.contains('{')), "{seen:?}");
    let note = seen.entries.iter().find(|e| e.fact == "note-added").unwrap();
    assert_eq!(note.ref_ids, [text_ref(3)]);
    assert_eq!((seen.state.as_str(), seen.is_archived, seen.keep_until.as_str()), ("closed", true, ""));
    let said = house.said().await;
    let [Fact::CaseArchived(archived)] = said.as_slice() else { panic!("{said:?}") };
    assert_eq!((archived.case_id.as_str(), archived.cite.as_str()), (id.as_str(), "二.4"));
}

#[tokio::test]
async fn a_case_that_moved_to_another_version_is_told_so_and_listed_under_it() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.moved(&id, &pack()).await;
    let seen = dossier(&house, "affairs", &id).await.unwrap();
    assert_eq!(seen.regime_version, 2);
    let entry = seen.entries.iter().find(|entry| entry.fact == "case-moved").unwrap();
    let text = entry.text.as_ref().unwrap();
    let title = regime::Regime::parse("it", &pack()).unwrap().title;
    assert_eq!(text.zh, format!("员工head决定改用{zh}第 2 版（原为{zh}第 1 版）", zh = title.zh));
    assert!(text.en.contains("to version 2 of") && text.en.contains("from version 1"), "{}", text.en);
    assert_eq!(entry.ref_ids, [text_ref(6)]);
    let sql = "SELECT regime_version FROM cases";
    let column: i32 = sqlx::query_scalar(sql).fetch_one(house.log.pool()).await.unwrap();
    assert_eq!(column, 2, "lists go by the version that the case has");
}

#[tokio::test]
async fn a_dossier_is_found_by_its_number_too() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let asked = GetDossierRequest { case_id: String::new(), number: "TS-b03-2026-00001".to_owned() };
    let mut client = Client::new(house.channel.clone());
    let seen = client.get_dossier(house.by("head", asked)).await.unwrap().into_inner();
    assert_eq!(seen.case_id, id);
    let neither = problem(client.get_dossier(house.by("head", GetDossierRequest::default())).await);
    assert_eq!(neither.code, "unknown-case");
    let bad = GetDossierRequest { case_id: "1; DROP TABLE cases".to_owned(), number: String::new() };
    assert_eq!(problem(client.get_dossier(house.by("head", bad)).await).class, Class::Invalid);
}

#[tokio::test]
async fn clocks_extensions_tasks_and_notices_are_told_with_their_titles_and_times() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let case_id = || id.clone();
    let due_at = Some(kit_grpc::timestamp("2026-04-17T16:00:00Z".parse().unwrap()));
    let handling = || "handling".to_owned();
    house
        .hear(&clock::ClockStarted {
            case_id: case_id(),
            clock: handling(),
            run: 1,
            due_at,
            cite: "三.1".to_owned(),
            ..Default::default()
        })
        .await;
    let asked = clock::ExtensionAsked {
        case_id: case_id(),
        clock: handling(),
        until: "2026-04-20".to_owned(),
        asked_by: staff("head"),
        approver_role: "manager-in-charge".to_owned(),
        reason: Some(common::VaultRef { ref_id: text_ref(4) }),
        ..Default::default()
    };
    house.hear(&asked).await;
    let owed = notification::TaskOpened {
        case_id: case_id(),
        purpose: "complainant-told".to_owned(),
        role: "receptionist".to_owned(),
        ..Default::default()
    };
    house.hear(&owed).await;
    let sent = notification::NoticeSent {
        case_id: case_id(),
        way: "email".to_owned(),
        recipient: "complainant".to_owned(),
        ..Default::default()
    };
    house.hear(&sent).await;
    let seen = dossier(&house, "head", &id).await.unwrap();
    let last: Vec<String> = seen.entries.iter().skip(6).map(|e| e.text.clone().unwrap().zh).collect();
    assert_eq!(
        last,
        [
            "“处理期限”开始计时，2026年4月17日24:00到期（三.1）",
            "员工head申请将“处理期限”延至2026年4月20日，由主管经理审批",
            "待住户服务中心接待员联系或送达：告知结果",
            "已通知投诉人（电子邮件）",
        ]
    );
}

#[tokio::test]
async fn the_reason_of_a_recusal_and_of_a_new_grade_is_named_in_its_entry() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let given = |nth| Some(common::VaultRef { ref_id: text_ref(nth) });
    let recused = assignment::HandlerRecused {
        case_id: id.clone(),
        staff_id: staff("far-head"),
        reason: given(5),
        ..Default::default()
    };
    house.hear(&recused).await;
    let graded = triage::CaseGraded {
        case_id: id.clone(),
        severity: "major".to_owned(),
        previous: "minor".to_owned(),
        reason: given(6),
        ..Default::default()
    };
    house.hear(&graded).await;
    let seen = dossier(&house, "head", &id).await.unwrap();
    let refs: Vec<&[String]> = seen.entries.iter().skip(6).map(|e| e.ref_ids.as_slice()).collect();
    assert_eq!(refs, [[text_ref(5)].as_slice(), [text_ref(6)].as_slice()]);
    assert!(seen.entries.iter().take(6).all(|e| e.ref_ids.is_empty()), "nobody gave a reason before");
}

#[tokio::test]
async fn an_attempt_that_did_not_reach_the_complainant_is_in_the_dossier_and_not_in_the_figures() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let attempt = notification::TaskDone {
        case_id: id.clone(),
        purpose: "case-called-back".to_owned(),
        way: "call".to_owned(),
        staff_id: staff("patrol"),
        ..Default::default()
    };
    house.hear(&attempt).await;
    let seen = dossier(&house, "head", &id).await.unwrap();
    let last = seen.entries.last().unwrap();
    assert_eq!(last.text.clone().unwrap().zh, "员工patrol联系或送达（电话）：未联系上");
    let asked = GetStatisticsRequest { unit_id: "b03".to_owned(), month: "2026-04".to_owned() };
    let figures = Client::new(house.channel.clone()).get_statistics(house.by("affairs", asked)).await.unwrap();
    assert_eq!(figures.into_inner().called_back, 0);
}

#[tokio::test]
async fn excluded_staff_and_strangers_find_no_dossier() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let accused = triage::CaseClassified {
        case_id: id.clone(),
        kind: "complaint".to_owned(),
        about_staff_ids: vec![staff("manager")],
        ..Default::default()
    };
    house.hear(&accused).await;
    let nothing = problem(dossier(&house, "head", &crate::harness::case(99)).await);
    for who in ["manager", "far-head", "admin"] {
        assert_eq!(problem(dossier(&house, who, &id).await), nothing, "{who}");
    }
    assert!(dossier(&house, "general", &id).await.is_ok());
}

#[tokio::test]
async fn an_event_that_was_taken_in_is_not_taken_in_again() {
    let house = House::start::<Records>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    let signed = assignment::CaseSigned { case_id: id.clone(), staff_id: staff("head") };
    let event = house.received(&id, &signed);
    house.apply(std::slice::from_ref(&event)).await.unwrap();
    assert!(house.apply(&[event]).await.is_err(), "the dossier itself refuses a second entry for one event");
    assert_eq!(dossier(&house, "head", &id).await.unwrap().entries.len(), 7);
}
