//! What is remembered: ledgers, what is published of cases and of figures, and files whose time is over.

use crate::{browser::Browser, pack::pack};
use contracts::intake::HandInResponse;
use system_tests::House;

/// A case that was carried to the archive.
async fn closed(house: &House) -> HandInResponse {
    let receipt = house.hand_in(|_| {}).await;
    house.walk(&house.branch_people().await, &receipt.case_id, &[]).await;
    receipt
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_entered_by_hand_on_the_page_of_its_case_and_found_in_the_ledger() {
    let house = House::open_under(&pack()).await;
    let receipt = closed(&house).await;
    let desk = Browser::desk().await;
    desk.sign_in(&house, "b01.general").await;
    desk.open_page(&house, "/desk/ledgers").await;
    assert!(desk.text("#ledgers-ledger").await.contains("表彰台账"));
    desk.open_page(&house, &format!("/desk/cases/{}", receipt.case_id)).await;
    desk.fill_in("form[action*='/enter#']", "text", "处理及时").await;
    desk.submit("form[action*='/enter#']").await;
    assert_eq!(desk.problem().await, "");
    desk.open_page(&house, "/desk/ledgers?ledger=praise").await;
    let rows = desk.text(".rows").await;
    assert!(rows.contains(&receipt.number) && rows.contains("人工登记"), "{rows}");
    desk.fill("from", "2026-12-01").await;
    desk.submit("main form").await;
    assert!(desk.text("main").await.contains("没有记录") && desk.value("from").await == "2026-12-01");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_waits_to_be_published_is_shown_and_taken_away_again() {
    let house = House::open_under(&pack()).await;
    let receipt = closed(&house).await;
    let (desk, phone) = (Browser::desk().await, Browser::phone().await);
    desk.sign_in(&house, "b01.general").await;
    desk.open_page(&house, "/desk/publicity").await;
    assert!(desk.text(&format!("[data-case='{}']", receipt.number)).await.contains("涉及个人隐私"));
    desk.follow("main article a.button").await;
    let form = "form[action*='/publish#']";
    desk.fill_in(form, "texts.result", "电梯已修复，请电 13800138000").await;
    desk.submit(form).await;
    assert_ne!(desk.problem().await, "", "no number is shown to the public");
    desk.fill_in(form, "texts.result", "电梯已修复").await;
    desk.submit(form).await;
    assert_eq!(desk.problem().await, "");
    desk.open_page(&house, "/desk/publicity").await;
    assert!(desk.text("main").await.contains("没有等您公示的案件"));

    phone.open_page(&house, "/published").await;
    let shown = phone.text("main").await;
    assert!(shown.contains("电梯已修复") && shown.contains("桂语花园") && !shown.contains(&receipt.number), "{shown}");
    assert!(phone.fits().await, "the page is wider than the phone");
    desk.open_page(&house, &format!("/desk/cases/{}", receipt.case_id)).await;
    desk.fill_in("form[action*='/withhold#']", "text", "住户不再同意").await;
    desk.submit("form[action*='/withhold#']").await;
    assert_eq!(desk.problem().await, "");
    phone.open_page(&house, "/published").await;
    assert!(phone.text("main").await.contains("还没有公示的结果"));
    phone.close().await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_decides_of_a_file_whose_time_is_over_with_a_reason() {
    let house = House::open_under(&pack()).await;
    let receipt = closed(&house).await;
    house.advance_days(12).await;
    house.wait_for(&receipt.case_id, "destruction-proposed").await;
    let phone = Browser::phone().await;
    phone.sign_in(&house, "hq.admin").await;
    phone.open_page(&house, "/desk/destruction").await;
    assert!(phone.fits().await, "the page is wider than the phone");
    let form = "form[action^='/desk/destruction/']";
    phone.fill_in(form, "reason", "保存期限已过").await;
    phone.submit(form).await;
    assert!(phone.problem().await.contains("请选择"), "one of the two is said");
    phone.click(&format!("{form} input[value=true]")).await;
    phone.submit(form).await;
    assert_eq!(phone.problem().await, "");
    assert!(phone.text("#done").await.contains("已决定销毁"));
    assert!(phone.text("main").await.contains("没有由您决定的到期案卷"));
    house.wait_for(&receipt.case_id, "case-purged").await;
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duty_is_done_and_its_figures_are_shown_to_the_public() {
    let house = House::open_under(&pack()).await;
    let receipt = house.hand_in(|_| {}).await;
    house.triage(&receipt.case_id, system_tests::choice(&[])).await;
    house.settle().await;
    let desk = Browser::desk().await;
    desk.sign_in(&house, "b01.general").await;
    desk.open_page(&house, "/desk/duties").await;
    desk.follow(".rows a[href*='monthly-statistics']").await;
    assert_eq!(desk.text("[data-figure=received]").await, "1");
    desk.fill("text", "本月投诉平稳").await;
    desk.submit("main form").await;
    desk.close().await;

    let manager = Browser::phone().await;
    manager.sign_in(&house, "r1.manager").await;
    manager.open_page(&house, "/desk/publicity").await;
    assert!(manager.fits().await, "the page is wider than the phone");
    manager.follow("main .plain a[href*='monthly-statistics']").await;
    let form = "form[action*='/publish']";
    manager.fill_in(form, "texts.announcement", "感谢各位住户监督").await;
    manager.submit(form).await;
    manager.open_page(&house, "/published").await;
    let shown = manager.text("main").await;
    for part in ["2026-11-01 – 2026-11-30", "工程设施 1", "感谢各位住户监督"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(manager.fits().await, "the page is wider than the phone");
    manager.close().await;
}
