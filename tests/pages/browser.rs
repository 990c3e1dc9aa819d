//! A headless Chromium of the test's own, without JavaScript in the pages, as a person would use it.

use fantoccini::{Client, ClientBuilder, Locator, error::CmdError};
use hyper_util::client::legacy::connect::HttpConnector;
use jiesu::desk::until;
use kit_core::Problem;
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use system_tests::House;

/// A browser and its driver; both end when it is dropped.
pub(crate) struct Browser {
    client: Client,
    driver: Child,
    /// Where it keeps what it downloads.
    downloads: PathBuf,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.downloads);
    }
}

impl Browser {
    /// As narrow as phones are.
    pub(crate) async fn phone() -> Self {
        Self::open(360, 780).await
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
        let downloads = std::env::temp_dir().join(format!("downloads-{:08x}", rand::random::<u32>()));
        std::fs::create_dir_all(&downloads).unwrap();
        let options = serde_json::json!({
            "goog:chromeOptions": {
                "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync", format!("--window-size={width},{height}")],
                "prefs": { "profile.managed_default_content_settings.javascript": 2, "intl.accept_languages": "zh-CN",
                    "download.default_directory": downloads.display().to_string(), "download.prompt_for_download": false }
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
        Self { client, driver, downloads }
    }

    pub(crate) fn page(&self) -> &Client {
        &self.client
    }

    pub(crate) async fn close(self) {
        self.client.clone().close().await.unwrap();
    }

    /// Opens a page of the house.
    pub(crate) async fn open_page(&self, house: &House, path: &str) {
        self.client.goto(&format!("{}{path}", house.http)).await.unwrap();
    }

    /// Follows a link to where it leads.
    pub(crate) async fn follow(&self, link: &str) {
        let link = self.client.find(Locator::Css(link)).await.unwrap_or_else(|error| panic!("{link}: {error}"));
        let path = link.attr("href").await.unwrap().unwrap();
        let here = self.client.current_url().await.unwrap();
        self.client.goto(here.join(&path).unwrap().as_str()).await.unwrap();
    }

    /// Clicks a control, such as a radio button.
    pub(crate) async fn click(&self, control: &str) {
        self.reveal(control).await;
        let found = self.client.find(Locator::Css(control)).await;
        found.unwrap_or_else(|error| panic!("{control}: {error}")).click().await.unwrap();
    }

    /// Chooses a file of this machine.
    pub(crate) async fn choose_file(&self, control: &str, file: &Path) {
        self.reveal(control).await;
        let found = self.client.find(Locator::Css(control)).await.unwrap();
        found.send_keys(&file.display().to_string()).await.unwrap();
    }

    /// Presses the form's button, which leads to a file, and gives what was saved.
    pub(crate) async fn download(&self, form: &str) -> (String, Vec<u8>) {
        self.click(&format!("{form} button[type=submit]")).await;
        until("the file", Duration::from_secs(30), async || {
            let named = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let saved = std::fs::read_dir(&self.downloads).unwrap().map(|entry| entry.unwrap().path());
            // What is still being written has another name.
            let is_whole = |path: &PathBuf| {
                !named(path).starts_with('.') && path.extension().is_none_or(|ending| ending != "crdownload")
            };
            let whole = saved.filter(is_whole).next();
            Ok(whole.map(|path| (named(&path), std::fs::read(&path).unwrap())))
        })
        .await
        .unwrap()
    }

    /// How wide a picture is by itself; nothing where it could not be loaded.
    pub(crate) async fn width_of(&self, picture: &str) -> u64 {
        let found = self.client.find(Locator::Css(picture)).await.unwrap_or_else(|error| panic!("{picture}: {error}"));
        match found.prop("naturalWidth").await {
            // The client takes a number for no answer of the protocol, which knows them all the same.
            Err(CmdError::NotW3C(width)) => width.as_u64().unwrap(),
            other => panic!("{picture}: {other:?}"),
        }
    }

    /// Whether anything on the page is meant.
    pub(crate) async fn has(&self, selector: &str) -> bool {
        !self.client.find_all(Locator::Css(selector)).await.unwrap().is_empty()
    }

    /// Types into the field of this name.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        self.fill_in("main", name, text).await;
    }

    /// Types into the field of this name, in one form of several.
    pub(crate) async fn fill_in(&self, form: &str, name: &str, text: &str) {
        let field = format!("{form} [name='{name}']");
        self.reveal(&field).await;
        let field = self.client.find(Locator::Css(&field)).await.unwrap_or_else(|error| panic!("{field}: {error}"));
        if field.attr("type").await.unwrap().as_deref() == Some("date") {
            // A day is typed part by part, in an order that the machine's language decides: it is put in as a whole.
            let arguments = vec![serde_json::to_value(&field).unwrap(), text.into()];
            self.client.execute("arguments[0].value = arguments[1]", arguments).await.unwrap();
            return;
        }
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// What the page says is wrong, if anything.
    pub(crate) async fn problem(&self) -> String {
        if self.has("[role=alert]").await { self.text("[role=alert]").await } else { String::new() }
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
