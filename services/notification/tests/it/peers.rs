//! The others: an intake that knows addresses, and a real mail server in a process of its own.

use contracts::intake::{
    intake_service_server::{IntakeService, IntakeServiceServer},
    *,
};
use kit_core::{Env, ManualClock, RandomIds};
use kit_grpc::{ServerLayer, Tokens};
use kit_testing::eventually;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tonic::{
    Request, Response, Status,
    transport::{Server, server::TcpIncoming},
};

/// Waits up to ten seconds, and says what is missing if that is not enough.
pub(crate) async fn soon(what: &str, check: impl AsyncFnMut() -> Result<(), String>) {
    eventually(what, Duration::from_secs(10), check).await;
}

/// A folder of the test's own.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("jiesu-notification-{}", uuid::Uuid::from_u128(random())));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn random() -> u128 {
    use std::hash::{BuildHasher as _, RandomState};
    let (a, b) = (RandomState::new().hash_one(1), RandomState::new().hash_one(2));
    (u128::from(a) << 64) | u128::from(b)
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A running mail server; it ends with this value.
pub(crate) struct MailServer {
    child: Child,
    folder: PathBuf,
}

impl MailServer {
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their programs are")]
    pub(crate) async fn start(port: u16, folder: &Path) -> Self {
        let python = std::env::var("JIESU_TEST_SMTP_PYTHON").unwrap_or_else(|_| {
            panic!("JIESU_TEST_SMTP_PYTHON is not set: name a python that has aiosmtpd, the mail server of these tests")
        });
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/smtp_peer.py");
        let child = Command::new(python)
            .args([script, &port.to_string(), folder.to_str().unwrap()])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        soon("the mail server", async || {
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.map(|_| ()).map_err(|e| e.to_string())
        })
        .await;
        Self { child, folder: folder.to_owned() }
    }

    /// What a mail reader makes of the messages taken so far.
    pub(crate) fn read(&self) -> Vec<Value> {
        let lines = std::fs::read_to_string(self.folder.join("read.jsonl")).unwrap_or_default();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The messages taken so far for an address.
    pub(crate) fn read_by(&self, address: &str) -> Vec<Value> {
        self.read().into_iter().filter(|m| m["headers"]["to"].as_str().unwrap().contains(address)).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Who lives where: the one thing that notification asks of intake.
#[derive(Clone, Default)]
pub(crate) struct Desk {
    addresses: Arc<Mutex<BTreeMap<String, String>>>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Desk {
    /// Serves until the test ends; gives the address to call.
    pub(crate) fn serve(&self) -> String {
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let at = incoming.local_addr().unwrap();
        // A clock that stands still, so that no token ends in a test that moves its own.
        let clock = ManualClock::new("2026-04-15T02:00:00Z".parse().unwrap());
        let env = Env { clock: Arc::new(clock), ids: Arc::new(RandomIds) };
        let layer = ServerLayer::new("intake", Tokens::new("a key for tests"), env);
        let service = IntakeServiceServer::new(self.clone());
        tokio::spawn(Server::builder().layer(layer).add_service(service).serve_with_incoming(incoming));
        format!("http://{at}")
    }

    /// Gives the complainant of a case another address than the usual one.
    pub(crate) fn set(&self, case_id: &str, address: &str) {
        self.addresses.lock().unwrap().insert(case_id.to_owned(), address.to_owned());
    }

    /// Who asked for a contact so far.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

type Answer<T> = Result<Response<T>, Status>;

/// A text as the vault gives it.
fn text(ref_id: String) -> SealedText {
    SealedText { text: format!("正文 {ref_id}"), ref_id, ..Default::default() }
}

fn not_here<T>() -> Answer<T> {
    Err(Status::unimplemented("this peer only knows contacts"))
}

#[tonic::async_trait]
impl IntakeService for Desk {
    async fn get_contact(&self, request: Request<GetContactRequest>) -> Answer<GetContactResponse> {
        self.calls.lock().unwrap().push(kit_grpc::ctx(&request).actor());
        let known = self.addresses.lock().unwrap().get(&request.get_ref().case_id).cloned();
        let address = known.unwrap_or_else(|| "resident@home.example".to_owned());
        let GetContactRequest { party, ref_ids, .. } = request.into_inner();
        // The respondent lives elsewhere.
        let address = if party == "respondent" { "operator@shop.example".to_owned() } else { address };
        let texts = ref_ids.into_iter().map(text).collect();
        Ok(Response::new(GetContactResponse { address, number: String::new(), language: "zh".to_owned(), texts }))
    }
    async fn hand_in(&self, _: Request<HandInRequest>) -> Answer<HandInResponse> {
        not_here()
    }
    async fn hand_in_many(&self, _: Request<HandInManyRequest>) -> Answer<HandInManyResponse> {
        not_here()
    }
    async fn get_door(&self, _: Request<GetDoorRequest>) -> Answer<GetDoorResponse> {
        not_here()
    }
    async fn follow(&self, _: Request<FollowRequest>) -> Answer<FollowResponse> {
        not_here()
    }
    async fn supplement(&self, _: Request<SupplementRequest>) -> Answer<SupplementResponse> {
        not_here()
    }
    async fn withdraw(&self, _: Request<WithdrawRequest>) -> Answer<WithdrawResponse> {
        not_here()
    }
    async fn seal_text(&self, _: Request<SealTextRequest>) -> Answer<SealTextResponse> {
        not_here()
    }
    async fn read_texts(&self, request: Request<ReadTextsRequest>) -> Answer<ReadTextsResponse> {
        self.calls.lock().unwrap().push(kit_grpc::ctx(&request).actor());
        let texts = request.into_inner().ref_ids.into_iter().map(text).collect();
        Ok(Response::new(ReadTextsResponse { texts }))
    }
    async fn reveal_identity(&self, _: Request<RevealIdentityRequest>) -> Answer<RevealIdentityResponse> {
        not_here()
    }
    async fn get_case(&self, _: Request<GetCaseRequest>) -> Answer<GetCaseResponse> {
        not_here()
    }
    async fn verify_identity(&self, _: Request<VerifyIdentityRequest>) -> Answer<VerifyIdentityResponse> {
        not_here()
    }
    async fn answer_at_once(&self, _: Request<AnswerAtOnceRequest>) -> Answer<AnswerAtOnceResponse> {
        not_here()
    }
    async fn ask_complainant(&self, _: Request<AskComplainantRequest>) -> Answer<AskComplainantResponse> {
        not_here()
    }
    async fn chase(&self, _: Request<ChaseRequest>) -> Answer<ChaseResponse> {
        not_here()
    }
    async fn find_alike(&self, _: Request<FindAlikeRequest>) -> Answer<FindAlikeResponse> {
        not_here()
    }
    async fn link(&self, _: Request<LinkRequest>) -> Answer<LinkResponse> {
        not_here()
    }
    async fn split(&self, _: Request<SplitRequest>) -> Answer<SplitResponse> {
        not_here()
    }
    async fn seal_file(&self, _: Request<SealFileRequest>) -> Answer<SealFileResponse> {
        not_here()
    }
    async fn read_file(&self, _: Request<ReadFileRequest>) -> Answer<ReadFileResponse> {
        not_here()
    }
    async fn merge(&self, _: Request<MergeRequest>) -> Answer<MergeResponse> {
        not_here()
    }
    async fn appeal(&self, _: Request<AppealRequest>) -> Answer<AppealResponse> {
        not_here()
    }
    async fn rate(&self, _: Request<RateRequest>) -> Answer<RateResponse> {
        not_here()
    }
}
