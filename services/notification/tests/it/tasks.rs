//! Calls and visits: who owes them, and what counts as having made them.

use crate::harness::{House, case, pack, problem, staff, text_ref};
use contracts::{Fact, intake, notification::*, resolution};
use kit_config::MapSource;
use kit_core::Class;
use notification::Notification;
use notification_service_client::NotificationServiceClient as Client;

async fn mine(house: &House, who: &str) -> Vec<Task> {
    let mut client = Client::new(house.channel.clone());
    client.list_tasks(house.by(who, ListTasksRequest::default())).await.unwrap().into_inner().tasks
}

fn form_returned(id: &str) -> resolution::StepDone {
    resolution::StepDone {
        case_id: id.to_owned(),
        step: "opinion-form-returned".to_owned(),
        staff_id: staff("head"),
        ..Default::default()
    }
}

fn complete(request_id: &str, task: &Task, is_reached: bool) -> CompleteTaskRequest {
    CompleteTaskRequest {
        request_id: request_id.to_owned(),
        task_id: task.task_id.clone(),
        way: "call".to_owned(),
        is_reached,
        satisfaction: String::new(),
        record_ref: text_ref(8),
        ..Default::default()
    }
}

/// A house where the result of case 1 is to be told.
async fn owed() -> (House, String) {
    let house = House::start::<Notification>(&pack(), MapSource::default()).await;
    let id = house.dispatched(1, "minor").await;
    house.hear(&form_returned(&id)).await;
    (house, id)
}

#[tokio::test]
async fn the_receptionist_owes_a_call_and_a_try_that_fails_leaves_it_open() {
    let (house, id) = owed().await;
    let mut client = Client::new(house.channel.clone());
    assert!(mine(&house, "far-head").await.is_empty());
    let tasks = mine(&house, "reception").await;
    assert_eq!(tasks.len(), 1);
    let task = &tasks[0];
    assert_eq!((task.purpose.as_str(), task.case_id.as_str(), task.state.as_str()), ("complainant-told", &*id, "open"));
    assert_eq!((task.ways.clone(), task.may_complete), (vec!["call".to_owned(), "visit".to_owned()], true));
    client.complete_task(house.by("reception", complete("t1", task, false))).await.unwrap();
    assert_eq!(mine(&house, "reception").await.len(), 1);
    client.complete_task(house.by("reception", complete("t2", task, true))).await.unwrap();
    client.complete_task(house.by("reception", complete("t2", task, true))).await.unwrap();
    assert!(mine(&house, "reception").await.is_empty());
    let twice = problem(client.complete_task(house.by("reception", complete("t3", task, true))).await);
    assert_eq!(twice.code, "task-not-open");
    assert_eq!(house.words().await, ["task-opened", "task-done", "task-done"]);
    let tries: Vec<(i32, bool)> = sqlx::query_as("SELECT no, is_reached FROM task_attempts ORDER BY no")
        .fetch_all(house.log.pool())
        .await
        .unwrap();
    assert_eq!(tries, [(1, false), (2, true)]);
}

#[tokio::test]
async fn a_task_is_not_for_other_roles_other_ways_or_strangers() {
    let (house, id) = owed().await;
    let mut client = Client::new(house.channel.clone());
    let task = mine(&house, "reception").await.remove(0);
    let head = problem(client.complete_task(house.by("head", complete("t1", &task, true))).await);
    assert_eq!((head.class, head.code.as_str()), (Class::Denied, "not-your-task"));
    let stranger = problem(client.complete_task(house.by("far-head", complete("t2", &task, true))).await);
    assert_eq!(stranger.code, "unknown-task");
    let mut letter = complete("t3", &task, true);
    letter.way = "letter".to_owned();
    assert_eq!(problem(client.complete_task(house.by("reception", letter)).await).code, "unknown-word");
    let seen = client.list_tasks(house.by("far-head", ListTasksRequest { case_id: id, ..Default::default() })).await;
    assert_eq!(problem(seen).code, "unknown-case");
}

#[tokio::test]
async fn after_the_telling_somebody_calls_back_and_asks_how_it_was() {
    let (house, id) = owed().await;
    let told = resolution::ComplainantTold {
        case_id: id.clone(),
        way: "call".to_owned(),
        staff_id: staff("reception"),
        ..Default::default()
    };
    house.hear(&told).await;
    let mut client = Client::new(house.channel.clone());
    let tasks = mine(&house, "patrol").await;
    let task = tasks.iter().find(|t| t.purpose == "case-called-back").unwrap();
    assert!(task.asks_satisfaction);
    let silent = problem(client.complete_task(house.by("patrol", complete("t1", task, true))).await);
    assert_eq!(silent.fields[0].field, "satisfaction");
    let asked = CompleteTaskRequest { satisfaction: "satisfied".to_owned(), ..complete("t2", task, true) };
    client.complete_task(house.by("patrol", asked)).await.unwrap();
    let said = house.said().await;
    let Some(Fact::TaskDone(done)) = said.last() else { panic!("{said:?}") };
    assert_eq!((done.purpose.as_str(), done.satisfaction.as_str()), ("case-called-back", "satisfied"));
}

#[tokio::test]
async fn a_withdrawn_case_owes_nobody_anything_and_a_repeated_fact_opens_no_second_task() {
    let (house, id) = owed().await;
    let event = house.received(&id, &form_returned(&id));
    house.apply(std::slice::from_ref(&event)).await.unwrap();
    house.apply(&[event]).await.unwrap();
    assert_eq!(mine(&house, "reception").await.len(), 2, "done twice is owed twice, heard twice is not");
    house.hear(&intake::CaseWithdrawn { case_id: id, by: "complainant".to_owned(), ..Default::default() }).await;
    assert!(mine(&house, "reception").await.is_empty());
}

#[tokio::test]
async fn my_tasks_come_in_pages() {
    let (house, _) = owed().await;
    for nth in 2..6 {
        house.clock.advance(chrono::TimeDelta::minutes(1));
        let id = house.dispatched(nth, "minor").await;
        house.hear(&form_returned(&id)).await;
    }
    let mut client = Client::new(house.channel.clone());
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let asked = ListTasksRequest { page_size: 2, page_token, ..Default::default() };
        let page = client.list_tasks(house.by("reception", asked)).await.unwrap().into_inner();
        seen.extend(page.tasks.into_iter().map(|t| t.case_id));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, (1..6).map(case).collect::<Vec<_>>());
    let bad = ListTasksRequest { page_token: "7; DROP TABLE tasks".to_owned(), ..Default::default() };
    assert_eq!(problem(client.list_tasks(house.by("reception", bad)).await).code, "malformed-page-token");
}
