//! An anonymous survey from its opening at the desk to its results; and what is hung up to be scanned.

use crate::{browser::Browser, pack::pack};
use fantoccini::Locator;
use system_tests::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_survey_is_opened_at_the_desk_answered_on_phones_closed_and_read() {
    let house = House::open_under(&pack()).await;
    let desk = Browser::desk().await;
    desk.sign_in(&house, "b01.general").await;
    desk.open_page(&house, "/desk/surveys").await;
    desk.choose("select[name=which]", "桂语花园").await;
    desk.submit("form[action='/desk/surveys']").await;
    assert!(desk.has("[role=alert]").await, "it needs a last day");
    desk.fill("until", "2026-11-30").await;
    desk.submit("form[action='/desk/surveys']").await;
    assert_eq!(desk.problem().await, "");
    let survey = desk.page().current_url().await.unwrap().path().to_owned();
    assert!(desk.width_of("img.qr").await > 100, "the code is drawn");
    assert!(desk.text("main").await.contains("结束之后才有结果"));
    let link = desk.page().find(Locator::Css("main .code a")).await.unwrap();
    let address = link.attr("href").await.unwrap().unwrap();
    assert!(link.text().await.unwrap().ends_with(&address));

    desk.follow("a[href^='/desk/posters/']").await;
    assert!(desk.width_of(".poster img").await > 100);
    let poster = desk.text(".poster").await;
    assert!(
        poster.contains("住户满意度调查") && poster.contains(&address) && poster.contains("2026-11-30"),
        "{poster}"
    );

    let phone = Browser::phone().await;
    for nth in 0..3 {
        phone.open_page(&house, &address).await;
        assert!(phone.fits().await, "the page is wider than the phone");
        phone.fill("answers.wishes", &format!("多种树 {nth}")).await;
        if nth == 0 {
            phone.submit("main form").await;
            assert!(phone.has("[role=alert]").await, "the question must be answered");
            assert_eq!(phone.value("answers.wishes").await, "多种树 0");
        }
        phone.click("input[name='answers.overall'][value=good]").await;
        phone.submit("main form").await;
        assert!(phone.text("main").await.contains("答卷已收到"));
    }
    phone.close().await;

    desk.open_page(&house, &survey).await;
    desk.submit("form[action$='/close']").await;
    assert_eq!(desk.text("[data-count='overall.good']").await, "3");
    let results = desk.text("main").await;
    assert!(results.contains("多种树 1") && results.contains("已结束"), "{results}");
    assert!(!desk.has("img.qr").await, "what is over has no address");
    desk.open_page(&house, &address).await;
    assert!(!desk.has("main form").await, "nobody answers any more");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_hangs_up_the_code_of_its_door() {
    let house = House::open_under(&pack()).await;
    let desk = Browser::desk().await;
    desk.sign_in(&house, "b01.reception").await;
    desk.open_page(&house, "/desk/hand-in?unit=b01").await;
    desk.follow("a[href='/desk/posters/doors/b01']").await;
    assert!(desk.width_of(".poster img").await > 100);
    assert!(
        desk.text(".poster").await.contains("/hand-in?unit=b01") && desk.text(".poster").await.contains("桂语花园")
    );
    desk.open_page(&house, "/desk/posters/doors/nowhere").await;
    assert!(!desk.has(".poster").await);
    desk.close().await;
}
