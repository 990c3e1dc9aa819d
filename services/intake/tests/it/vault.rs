//! The vault as the service keeps it: bodies bound to their rows, keys that can be destroyed, one master key.

use crate::{
    harness::{House, code, key, told, uuid},
    pack,
};
use contracts::intake::{GetCaseRequest, ReadTextsRequest, ReadTextsResponse, RevealIdentityRequest};
use kit_core::{Class, Problem};

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
