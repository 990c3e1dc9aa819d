//! The canary scan: what came in is in no table and no event, as text or as bytes.

use crate::{
    harness::{House, plain, told},
    pack,
};
use chrono::TimeDelta;
use contracts::intake::{
    HandInRequest, HandInResponse, Identity, ReadTextsRequest, RevealIdentityRequest, SealTextRequest,
    SupplementRequest,
};
use kit_testing::eventually;
use sqlx::AssertSqlSafe;
use std::time::Duration;

const CANARIES: [&str; 8] = [
    "金丝雀姓名",
    "13912345678",
    "canary@secret.example",
    "金丝雀路八号",
    "金丝雀事由",
    "金丝雀诉求内容canary-narrative",
    "金丝雀补充canary-supplement",
    "金丝雀理由canary-reason",
];

/// Every row of every table of the schema, as text; bytes come out as hexadecimal digits.
async fn dump(house: &House) -> String {
    let tables: Vec<String> = sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'intake'")
        .fetch_all(&house.pool)
        .await
        .unwrap();
    assert!(tables.len() > 8 && tables.iter().any(|t| t == "event_log"), "{tables:?}");
    let mut everything = String::new();
    for table in tables {
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("SELECT t::text FROM intake.{table} t")))
            .fetch_all(&house.pool)
            .await
            .unwrap();
        everything.push_str(&rows.join("\n"));
    }
    everything
}

fn assert_absent(everything: &str, secret: &str) {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let utf16: String = secret.encode_utf16().map(|unit| format!("{:02x}{:02x}", unit & 0xff, unit >> 8)).collect();
    let escaped: String = secret.chars().map(|c| format!("\\u{:04x}", c as u32)).collect();
    for form in [secret, &hex, &utf16, &escaped] {
        assert!(!everything.contains(form), "{secret} is in a table");
    }
}

#[tokio::test]
async fn no_identity_no_narrative_and_no_receipt_code_is_in_any_table_or_event() {
    let house = House::open().await;
    house.claimed_by_a_dead_instance().await;
    let request = HandInRequest {
        subject: CANARIES[4].to_owned(),
        narrative: CANARIES[5].to_owned(),
        identity: Some(Identity {
            name: CANARIES[0].to_owned(),
            phone: CANARIES[1].to_owned(),
            email: CANARIES[2].to_owned(),
            address: CANARIES[3].to_owned(),
        }),
        ..plain("r-1")
    };
    let case = house.hand_in(request.clone()).await.unwrap();
    house.hand_in(request).await.unwrap();
    let mut client = house.client.clone();
    let text = CANARIES[6].to_owned();
    let supplement = SupplementRequest {
        request_id: "s-1".to_owned(),
        receipt_code: case.receipt_code.clone(),
        text,
        ..Default::default()
    };
    told(client.supplement(supplement).await).unwrap();
    let reason = CANARIES[7].to_owned();
    let seal = SealTextRequest {
        request_id: "t-1".to_owned(),
        case_id: case.case_id.clone(),
        purpose: "note".to_owned(),
        text: reason.clone(),
    };
    told(client.seal_text(house.by(&pack::receptionist(), seal)).await).unwrap();
    let read = ReadTextsRequest { case_id: case.case_id.clone(), reason: reason.clone(), ..Default::default() };
    told(client.read_texts(house.by(&pack::receptionist(), read)).await).unwrap();
    let reveal = RevealIdentityRequest { case_id: case.case_id.clone(), field: "name".to_owned(), reason };
    told(client.reveal_identity(house.by(&pack::manager(), reveal)).await).unwrap();

    assert_eq!(house.count("receipt_waiting").await, 1);
    no_canary(&dump(&house).await, &case);
    house.clock.advance(TimeDelta::seconds(61));
    eventually("the slow hash is there", Duration::from_secs(20), async || {
        if house.count("receipts").await == 1 { Ok(()) } else { Err(String::new()) }
    })
    .await;
    no_canary(&dump(&house).await, &case);
}

fn no_canary(everything: &str, case: &HandInResponse) {
    assert!(everything.contains(&case.number), "the dump must see what is there");
    for secret in CANARIES {
        assert_absent(everything, secret);
    }
    assert_absent(everything, &case.receipt_code);
    assert_absent(everything, &crate::harness::key("a1"));
}
