//! A headless Chromium of the test's own, without JavaScript in the pages, as a person would use it.

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use jiesu::desk::until;
use kit_core::Problem;
use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};
use system_tests::House;

/// A browser and its driver; both end when it is dropped.
pub(crate) struct Browser {
    client: Client,
    driver: Child,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    pub(crate) async fn phone() -> Self {
        Self::open(390, 844).await
    }

    pub(crate) async fn desk() -> Self {
        Self::open(1280, 900).await
    }

    async fn open(width: u32, height: u32) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let driver = driver.expect("chromedriver is not installed: run deploy/local/test");
        let options = serde_json::json!({
            "goog:chromeOptions": {
                "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync", format!("--window-size={width},{height}")],
                "prefs": { "profile.managed_default_content_settings.javascript": 2, "intl.accept_languages": "zh-CN" }
            }
        });
        let client = until("chromedriver", Duration::from_secs(30), async || {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(options.as_object().unwrap().clone());
            builder
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
                .map(Some)
                .map_err(|error| Problem::conflict("no-browser", "", error.to_string()))
        })
        .await
        .unwrap();
        client.set_window_size(width, height).await.unwrap();
        Self { client, driver }
    }

    pub(crate) fn page(&self) -> &Client {
        &self.client
    }

    pub(crate) async fn close(self) {
        self.client.clone().close().await.unwrap();
    }

    /// Types into the field of this name.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let field = self.client.find(Locator::Css(&format!("main [name='{name}']"))).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    pub(crate) async fn value(&self, name: &str) -> String {
        let field = self.client.find(Locator::Css(&format!("main [name='{name}']"))).await.unwrap();
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    pub(crate) async fn text(&self, selector: &str) -> String {
        self.client
            .find(Locator::Css(selector))
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"))
            .text()
            .await
            .unwrap()
    }

    /// Presses the form's button, and waits until the page it stood on is gone.
    pub(crate) async fn submit(&self, form: &str) {
        self.reveal(form).await;
        let page = self.client.find(Locator::Css("html")).await.unwrap();
        let button = self.client.find(Locator::Css(&format!("{form} button[type=submit]"))).await;
        button.unwrap_or_else(|error| panic!("{form}: {error}")).click().await.unwrap();
        until("the next page", Duration::from_secs(30), async || Ok(page.tag_name().await.is_err().then_some(())))
            .await
            .unwrap();
    }

    /// Opens the folded part that the form is in, if it is in one.
    async fn reveal(&self, form: &str) {
        let folded = format!("details:not([open]):has({form}) > summary");
        while let Ok(summary) = self.client.find(Locator::Css(&folded)).await {
            summary.click().await.unwrap();
        }
    }

    /// Chooses the option whose text holds `part`.
    pub(crate) async fn choose(&self, select: &str, part: &str) {
        self.reveal(select).await;
        let options = self.client.find_all(Locator::Css(&format!("{select} option"))).await.unwrap();
        for option in options {
            if option.text().await.unwrap().contains(part) {
                option.click().await.unwrap();
                return;
            }
        }
        panic!("{select} has no option with {part}");
    }

    /// Chooses the first option that means something.
    pub(crate) async fn choose_first(&self, select: &str) {
        self.reveal(select).await;
        let option = self.client.find(Locator::Css(&format!("{select} option:not([value=''])"))).await.unwrap();
        option.click().await.unwrap();
    }

    /// Whether nothing sticks out to the side.
    pub(crate) async fn fits(&self) -> bool {
        let page = self.client.find(Locator::Css("html")).await.unwrap().rectangle().await.unwrap();
        let (_, _, width, _) = page;
        let main = self.client.find(Locator::Css("main")).await.unwrap().rectangle().await.unwrap();
        main.0 >= 0.0 && main.0 + main.2 <= width + 1.0
    }

    /// Signs someone of the demo organisation in.
    pub(crate) async fn sign_in(&self, house: &House, login: &str) {
        self.client.goto(&format!("{}/sign-in", house.http)).await.unwrap();
        self.fill("login", login).await;
        self.fill("password", "demo for tests").await;
        self.submit("main form").await;
    }
}
