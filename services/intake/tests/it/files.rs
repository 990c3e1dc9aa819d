//! Files of staff: sealed once, bound to their case, read back on a reason, and gone with the keys.

use crate::{
    harness::{House, code, told, uuid},
    pack,
};
use contracts::{
    Fact,
    intake::{
        AskComplainantRequest, ReadFileRequest, ReadFileResponse, ReadTextsRequest, SealFileRequest, SealFileResponse,
    },
};
use kit_core::Problem;

const PDF: &[u8] = b"%PDF-1.7 minutes";

fn file(request_id: &str, case_id: &str) -> SealFileRequest {
    SealFileRequest {
        request_id: request_id.to_owned(),
        case_id: case_id.to_owned(),
        name: "会议纪要.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        content: PDF.to_vec(),
    }
}

async fn seal(house: &House, staff: &str, request: SealFileRequest) -> Result<SealFileResponse, Problem> {
    told(house.client.clone().seal_file(house.by(staff, request)).await)
}

async fn read(
    house: &House,
    staff: &str,
    case_id: &str,
    ref_id: &str,
    reason: &str,
) -> Result<ReadFileResponse, Problem> {
    let (case_id, ref_id, reason) = (case_id.to_owned(), ref_id.to_owned(), reason.to_owned());
    let request = house.by(staff, ReadFileRequest { case_id, ref_id, reason });
    told(house.client.clone().max_decoding_message_size(kit_grpc::MAX_FILE_BYTES).read_file(request).await)
}

#[tokio::test]
async fn a_file_is_sealed_once_and_read_back_on_a_reason_that_is_in_the_log() {
    let house = House::open().await;
    let (case, other) = (house.complaint("r-1").await.case_id, house.complaint("r-2").await.case_id);
    let (desk, stranger) = (pack::receptionist(), pack::stranger());
    let sealed = seal(&house, &desk, file("f-1", &case)).await.unwrap();
    assert_eq!(seal(&house, &desk, file("f-1", &case)).await.unwrap(), sealed);
    let changed = SealFileRequest { content: b"%PDF-other".to_vec(), ..file("f-1", &case) };
    assert_eq!(code(seal(&house, &desk, changed).await), "request-id-reused");
    assert_eq!(code(seal(&house, &stranger, file("f-2", &case)).await), "unknown-case");
    assert_eq!(house.count("files").await, 1);
    let ref_id = sealed.r#ref.unwrap().ref_id;
    assert_eq!(code(read(&house, &desk, &case, &ref_id, " ").await), "missing-field");
    assert_eq!(code(read(&house, &stranger, &case, &ref_id, "好奇").await), "unknown-case");
    assert_eq!(code(read(&house, &desk, &other, &ref_id, "核对").await), "unknown-text", "of another case");
    // Nor can it be named there: whoever would do so is told at once.
    let naming = |case_id: &str| AskComplainantRequest {
        request_id: "q-1".to_owned(),
        case_id: case_id.to_owned(),
        text_ref: ref_id.clone(),
    };
    let ask = async |case_id: &str| told(house.client.clone().ask_complainant(house.by(&desk, naming(case_id))).await);
    assert_eq!(code(ask(&other).await), "of-another-case");
    assert_ne!(code(ask(&case).await), "of-another-case");
    let before = house.facts(&case).await.len();
    let got = read(&house, &desk, &case, &ref_id, "核对").await.unwrap();
    assert_eq!((got.name.as_str(), got.media_type.as_str()), ("会议纪要.pdf", "application/pdf"));
    assert_eq!(got.content, PDF);
    let said = house.facts(&case).await;
    let [Fact::NarrativeRead(event)] = &said[before..] else { panic!("{said:?}") };
    assert_eq!((&event.staff_id, &event.ref_ids, event.reason.is_some()), (&desk, &vec![ref_id.clone()], true));
    // Its name is a text as others are; a text is no file.
    let asked = ReadTextsRequest { case_id: case.clone(), ref_ids: vec![ref_id], reason: "核对".to_owned() };
    let texts = told(house.client.clone().read_texts(house.by(&desk, asked)).await).unwrap().texts;
    assert_eq!((texts[0].purpose.as_str(), texts[0].text.as_str()), ("file", "会议纪要.pdf"));
    let asked = ReadTextsRequest { case_id: case.clone(), reason: "核对".to_owned(), ..Default::default() };
    let told_by_them = told(house.client.clone().read_texts(house.by(&desk, asked)).await).unwrap().texts;
    assert_eq!(told_by_them.len(), 2, "what the complainant said holds no file of ours");
    assert_eq!(code(read(&house, &desk, &case, &told_by_them[0].ref_id, "核对").await), "not-a-file");
}

#[tokio::test]
async fn to_the_excluded_no_file_is_sealed_and_none_exists() {
    let house = House::open().await;
    let case = house.complaint("r-1").await.case_id;
    let desk = pack::receptionist();
    let ref_id = seal(&house, &desk, file("f-1", &case)).await.unwrap().r#ref.unwrap().ref_id;
    let excluded = desk.clone();
    house.edit_view(&case, |view| view.excluded.extend([excluded])).await;
    assert_eq!(code(read(&house, &desk, &case, &ref_id, "核对").await), "unknown-case");
    assert_eq!(code(seal(&house, &desk, file("f-2", &case)).await), "unknown-case");
}

#[tokio::test]
async fn what_is_no_file_of_its_type_or_too_large_is_refused_and_ten_megabytes_pass() {
    let house = House::open().await;
    let case = house.complaint("r-1").await.case_id;
    let desk = pack::receptionist();
    let with = |request_id: &str, name: &str, content: Vec<u8>| SealFileRequest {
        name: name.to_owned(),
        media_type: String::new(),
        content,
        ..file(request_id, &case)
    };
    assert_eq!(code(seal(&house, &desk, with("f-1", "病毒.exe", PDF.to_vec())).await), "unknown-file-type");
    assert_eq!(code(seal(&house, &desk, with("f-2", "照片.jpg", PDF.to_vec())).await), "not-of-its-type");
    let mut large = PDF.to_vec();
    large.resize(10 * 1024 * 1024, 7);
    let mut larger = large.clone();
    larger.push(7);
    assert_eq!(code(seal(&house, &desk, with("f-3", "扫描.pdf", larger)).await), "file-too-large");
    let sealed = seal(&house, &desk, with("f-4", "扫描.pdf", large.clone())).await.unwrap();
    let got = read(&house, &desk, &case, &sealed.r#ref.unwrap().ref_id, "核对").await.unwrap();
    assert!(got.content == large);
}

#[tokio::test]
async fn a_file_goes_with_the_keys_of_its_case_and_opens_in_no_other_place() {
    let house = House::open().await;
    let case = house.complaint("r-1").await.case_id;
    let desk = pack::receptionist();
    let one = seal(&house, &desk, file("f-1", &case)).await.unwrap().r#ref.unwrap().ref_id;
    let two = SealFileRequest { content: b"%PDF-two".to_vec(), ..file("f-2", &case) };
    seal(&house, &desk, two).await.unwrap();
    sqlx::query("UPDATE files f SET nonce = o.nonce, body = o.body FROM files o WHERE f.ref_id <> o.ref_id")
        .execute(&house.pool)
        .await
        .unwrap();
    assert_eq!(read(&house, &desk, &case, &one, "核对").await.unwrap_err().class, kit_core::Class::Corrupt);
    sqlx::query("DELETE FROM case_keys WHERE case_id = $1").bind(uuid(&case)).execute(&house.pool).await.unwrap();
    assert_eq!(code(read(&house, &desk, &case, &one, "核对").await), "content-destroyed");
    assert_eq!(code(seal(&house, &desk, file("f-3", &case)).await), "content-destroyed");
}
