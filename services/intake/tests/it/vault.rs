//! The vault as the service keeps it: bodies bound to their rows, keys that can be destroyed, one master key.

use crate::{
    harness::{House, Producer, code, key, told, uuid},
    pack,
};
use contracts::{
    intake::{
        FollowRequest, GetCaseRequest, ReadTextsRequest, ReadTextsResponse, RevealIdentityRequest, SealFileRequest,
    },
    records::DestructionOrdered,
};
use kit_core::{Class, Problem};
use kit_testing::eventually;
use std::time::Duration;

async fn read(house: &House, case_id: &str) -> Result<ReadTextsResponse, Problem> {
    let request =
        ReadTextsRequest { case_id: case_id.to_owned(), reason: "核对情况".to_owned(), ..Default::default() };
    told(house.client.clone().read_texts(house.by(&pack::receptionist(), request)).await)
}

#[tokio::test]
async fn what_was_handed_in_reads_back_whole() {
    let house = House::open().await;
    let case = house.complaint("r-1").await;
    let texts = read(&house, &case.case_id).await.unwrap().texts;
    let read: Vec<(&str, &str)> = texts.iter().map(|text| (text.purpose.as_str(), text.text.as_str())).collect();
    assert_eq!(read, [("subject", "楼道灯坏了"), ("narrative", "三号楼二层的灯坏了两周,\n报修三次无人来。")]);
}

#[tokio::test]
async fn a_body_moved_to_another_row_does_not_open() {
    let house = House::open().await;
    let case = house.complaint("r-1").await;
    let swapped = sqlx::query(
        "UPDATE sealed s SET nonce = o.nonce, body = o.body FROM sealed o
         WHERE s.case_id = o.case_id AND s.field = 'subject' AND o.field = 'narrative'",
    )
    .execute(&house.pool)
    .await
    .unwrap();
    assert_eq!(swapped.rows_affected(), 1);
    assert_eq!(read(&house, &case.case_id).await.unwrap_err().class, Class::Corrupt);
}

#[tokio::test]
async fn the_keys_of_one_case_open_nothing_of_another() {
    let house = House::open().await;
    let (one, two) = (house.complaint("r-1").await, house.complaint("r-2").await);
    sqlx::query("UPDATE case_keys k SET wrapped = o.wrapped FROM case_keys o WHERE k.case_id = $1 AND o.case_id = $2 AND k.purpose = o.purpose")
        .bind(uuid(&one.case_id))
        .bind(uuid(&two.case_id))
        .execute(&house.pool)
        .await
        .unwrap();
    assert_eq!(read(&house, &one.case_id).await.unwrap_err().class, Class::Corrupt);
    assert_eq!(read(&house, &two.case_id).await.unwrap().texts.len(), 2);
}

#[tokio::test]
async fn destroying_a_cases_keys_destroys_everything_that_was_said_in_it() {
    let house = House::open().await;
    let (one, two) = (house.complaint("r-1").await, house.complaint("r-2").await);
    sqlx::query("DELETE FROM case_keys WHERE case_id = $1")
        .bind(uuid(&one.case_id))
        .execute(&house.pool)
        .await
        .unwrap();
    assert_eq!(code(read(&house, &one.case_id).await), "content-destroyed");
    let request =
        RevealIdentityRequest { case_id: one.case_id.clone(), field: "name".to_owned(), reason: "核实".to_owned() };
    let answer = told(house.client.clone().reveal_identity(house.by(&pack::manager(), request)).await);
    assert_eq!(code(answer), "content-destroyed");
    let request = house.by(&pack::receptionist(), GetCaseRequest { case_id: one.case_id.clone() });
    let case = told(house.client.clone().get_case(request).await).unwrap();
    assert!(case.identity_fields.is_empty());
    assert_eq!(case.number, one.number);
    assert_eq!(read(&house, &two.case_id).await.unwrap().texts.len(), 2);
}

#[tokio::test]
async fn on_the_order_of_records_everything_of_a_case_goes_and_its_course_stays() {
    let house = House::open().await;
    let records = Producer::open(&house, "records").await;
    let (one, two) = (house.complaint("r-1").await, house.complaint("r-2").await);
    let file = SealFileRequest {
        request_id: "f-1".to_owned(),
        case_id: one.case_id.clone(),
        name: "笔录.txt".to_owned(),
        content: "笔录".into(),
        ..Default::default()
    };
    told(house.client.clone().seal_file(house.by(&pack::receptionist(), file)).await).unwrap();
    let ordered = DestructionOrdered { case_id: one.case_id.clone(), cite: "四".to_owned(), ..Default::default() };
    records.say(&one.case_id, ordered).await;
    eventually("the content is gone", Duration::from_secs(20), async || {
        let last = house.facts(&one.case_id).await.pop();
        if last.as_ref().is_some_and(|fact| fact.word() == "case-purged") { Ok(()) } else { Err(format!("{last:?}")) }
    })
    .await;
    let of = async |case_id: &str| -> i64 {
        sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM case_keys WHERE case_id = $1) + (SELECT count(*) FROM sealed WHERE case_id = $1)
                  + (SELECT count(*) FROM files WHERE case_id = $1) + (SELECT count(*) FROM likeness WHERE case_id = $1)",
        )
        .bind(uuid(case_id))
        .fetch_one(&house.pool)
        .await
        .unwrap()
    };
    assert_eq!((of(&one.case_id).await, of(&two.case_id).await), (0, 2 + 5 + 2));
    assert_eq!(code(read(&house, &one.case_id).await), "content-destroyed");
    let request =
        RevealIdentityRequest { case_id: one.case_id.clone(), field: "name".to_owned(), reason: "核实".to_owned() };
    let answer = told(house.client.clone().reveal_identity(house.by(&pack::manager(), request)).await);
    assert_eq!(code(answer), "content-destroyed");
    let follow = FollowRequest { receipt_code: one.receipt_code.clone(), ..Default::default() };
    assert_eq!(told(house.client.clone().follow(follow).await).unwrap().number, one.number);
    assert_eq!(read(&house, &two.case_id).await.unwrap().texts.len(), 2);
}

#[tokio::test]
async fn another_master_key_or_other_receipt_parameters_are_refused_at_start() {
    let house = House::open().await;
    let error = house.start_again(&[("JIESU_VAULT_KEY", &key("b2"))]).await.unwrap_err();
    assert!(format!("{error:#}").contains("not the key of this vault"), "{error:#}");
    assert!(!format!("{error:#}").contains("b2b2"));
    let error = house.start_again(&[("JIESU_RECEIPT_ARGON_KIB", "128")]).await.unwrap_err();
    assert!(format!("{error:#}").contains("JIESU_RECEIPT_ARGON_KIB=64"), "{error:#}");
    let error = house.start_again(&[("JIESU_VAULT_KEY", "too short")]).await.unwrap_err();
    assert!(format!("{error:#}").contains("64 hexadecimal digits"), "{error:#}");
    house.start_again(&[]).await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn sizes_in_the_table_tell_nothing_within_a_bucket() {
    let house = House::open().await;
    house.complaint("r-1").await;
    let sizes: Vec<i32> =
        sqlx::query_scalar("SELECT DISTINCT length(body) FROM sealed").fetch_all(&house.pool).await.unwrap();
    assert_eq!(sizes, [256 + 16]);
}
