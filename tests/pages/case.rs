//! The page of a case: files, documents, what it is linked to, and its moving to another version of its rules.

use crate::{
    browser::Browser,
    pack::{next_version, with_evidence},
};
use contracts::intake;
use jiesu::desk::{request_id, told};
use system_tests::{House, choice, word};

/// A case that the head of engineering has signed for.
async fn signed(house: &House) -> intake::HandInResponse {
    let receipt = house.hand_in(|_| {}).await;
    house.triage(&receipt.case_id, choice(&[word("fault", "ours")])).await;
    house.wait_for(&receipt.case_id, "case-dispatched").await;
    house.settle().await;
    house.person("b01.head").await.sign(&receipt.case_id).await.unwrap();
    house.settle().await;
    receipt
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_uploaded_with_a_step_and_comes_back_byte_by_byte() {
    let house = House::open_under(&with_evidence()).await;
    let receipt = signed(&house).await;
    let folder = std::env::temp_dir().join(format!("uploads-{}", receipt.number));
    std::fs::create_dir_all(&folder).unwrap();
    let (wrong, right) = (folder.join("假的.pdf"), folder.join("现场照片.pdf"));
    std::fs::write(&wrong, b"GIF89a").unwrap();
    std::fs::write(&right, b"%PDF-1.7\n\0\xff").unwrap();
    let browser = Browser::desk().await;
    browser.sign_in(&house, "b01.head").await;
    let page = format!("/desk/cases/{}", receipt.case_id);
    browser.open_page(&house, &page).await;
    let form = "form[action*='/do-step#do-step-evidence-kept']";
    browser.fill_in(form, "text", "拍照留存").await;
    browser.choose_file("#do-step-evidence-kept-files", &wrong).await;
    browser.submit(form).await;
    let told = browser.text("[role=alert]").await;
    assert!(told.contains("假的.pdf") && told.contains("不是 pdf 格式"), "{told}");
    browser.choose_file("#do-step-evidence-kept-files", &right).await;
    browser.submit(form).await;
    assert_eq!(browser.problem().await, "");
    house.wait_for(&receipt.case_id, "step-done").await;
    house.settle().await;
    browser.open_page(&house, &page).await;
    let (name, content) = browser.download("form[action$='/read-file']").await;
    assert_eq!((name.as_str(), content.as_slice()), ("现场照片.pdf", &b"%PDF-1.7\n\0\xff"[..]));
    browser.close().await;

    // Who does not handle it says why, and it is written down.
    let general = Browser::desk().await;
    general.sign_in(&house, "b01.general").await;
    general.open_page(&house, &page).await;
    general.fill_in("form[action$='/read-texts']", "reason", "月度检查").await;
    general.submit("form[action$='/read-texts']").await;
    let (name, _) = general.download("form[action$='/read-file']").await;
    assert_eq!(name, "现场照片.pdf");
    house.wait_for(&receipt.case_id, "narrative-read").await;
    general.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_seen_with_its_twin_printed_and_moved_to_the_next_version() {
    let house = House::open_under(&with_evidence()).await;
    let (receipt, other) = (signed(&house).await, house.hand_in(|_| {}).await);
    house.settle().await;
    let general = house.person("b01.general").await;
    let link = intake::LinkRequest {
        request_id: request_id(),
        case_id: receipt.case_id.clone(),
        other_case_id: other.case_id.clone(),
        relation: "related".to_owned(),
    };
    told(general.client.intake().link(general.call().request(link)).await).unwrap();
    house.publish(&next_version()).await;
    let page = format!("/desk/cases/{}", receipt.case_id);

    let browser = Browser::desk().await;
    browser.sign_in(&house, "b01.general").await;
    browser.open_page(&house, &page).await;
    browser.follow("a[href$='/joint']").await;
    for number in [&receipt.number, &other.number] {
        assert!(browser.has(&format!("[data-linked='{number}']")).await, "{number}");
        assert!(browser.has(&format!("#timeline [data-case='{number}']")).await, "{number}");
    }
    browser.open_page(&house, &page).await;
    browser.follow("a[href*='/documents/']").await;
    let document = browser.text(".document").await;
    assert!(document.contains("投诉已登记") && document.contains(&receipt.number), "{document}");
    browser.close().await;

    // Whoever may decide it sees first what it would do to the clocks.
    let manager = Browser::desk().await;
    manager.sign_in(&house, "r1.gm").await;
    manager.open_page(&house, &page).await;
    let form = "form[action*='/move-to-version']";
    manager.click(&format!("{form} input[name=to][value$='@2']")).await;
    let moves = manager.text(&format!("{form} [data-move=handling]")).await;
    assert!(moves.contains("2026-11-20") && moves.contains("2026-11-24"), "three days and five: {moves}");
    manager.submit(form).await;
    assert!(manager.text("[role=alert]").await.contains("text"), "a reason is needed");
    manager.click(&format!("{form} input[name=to][value$='@2']")).await;
    manager.fill_in(form, "text", "新版更宽").await;
    manager.submit(form).await;
    assert_eq!(manager.problem().await, "");
    house.wait_for(&receipt.case_id, "case-moved").await;
    house.settle().await;
    manager.open_page(&house, &page).await;
    assert!(manager.text("main").await.contains("第2版"), "the case is under the new version");
    manager.close().await;
    let phone = Browser::phone().await;
    phone.sign_in(&house, "b01.general").await;
    phone.open_page(&house, &format!("{page}/joint")).await;
    assert!(phone.fits().await, "the page is wider than the phone");
    phone.close().await;
}
