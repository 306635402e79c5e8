//! Saving to integrations: exact requests, rejections, retries, and secrets that are stored in the
//! keyring only.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use warta_engine::Host;
use warta_engine::api::{
    ForwardRequest, ForwardState, Place, ProblemCode, SecretsKept, ServiceAccount, ServiceNeeds,
    Subject,
};

use crate::server::{Page, Server};
use crate::{Bench, rss};

const TOKEN: &str = "tok-RAHASIA-93b1";
const PASSWORD: &str = "sandi-RAHASIA-77&";

/// A service that records requests and sends the configured responses, then 200.
struct Service {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    task: JoinHandle<()>,
}

#[derive(Clone)]
enum Answer {
    /// Status, further headers, body.
    Says(u16, &'static str, &'static str),
    /// Does not answer before the client times out.
    Silence,
}

impl Service {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (asked, answers) = (Arc::default(), Arc::<Mutex<VecDeque<Answer>>>::default());
        let (kept, told) = (
            Arc::<Mutex<Vec<String>>>::clone(&asked),
            Arc::clone(&answers),
        );
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (kept, told) = (Arc::clone(&kept), Arc::clone(&told));
                tokio::spawn(async move {
                    let mut bytes = Vec::new();
                    let mut buffer = [0; 4096];
                    while !is_whole(&bytes) {
                        match stream.read(&mut buffer).await {
                            Ok(read) if read > 0 => bytes.extend_from_slice(&buffer[..read]),
                            _ => return,
                        }
                    }
                    kept.lock()
                        .unwrap()
                        .push(String::from_utf8(bytes).expect("requests are UTF-8"));
                    let answer = told.lock().unwrap().pop_front();
                    let (status, headers, body) = match answer {
                        Some(Answer::Says(status, headers, body)) => (status, headers, body),
                        Some(Answer::Silence) => {
                            tokio::time::sleep(Duration::from_mins(1)).await;
                            return;
                        }
                        None => (200, "", "{}"),
                    };
                    let answer = format!(
                        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}",
                        body.len()
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self {
            address,
            asked,
            answers,
            task,
        }
    }

    fn will(&self, answers: &[Answer]) {
        self.answers.lock().unwrap().extend(answers.iter().cloned());
    }

    /// The requests since the last call.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn host(&self) -> &str {
        self.address.trim_start_matches("http://")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    body.len() >= length.unwrap_or(0)
}

struct Nothing;

impl Host for Nothing {
    fn open(&self, _: &str) -> Result<(), String> {
        panic!("a save must not open anything");
    }
    fn copy(&self, _: &str) -> Result<(), String> {
        panic!("a save must not copy anything");
    }
    fn copy_picture(&self, _: Vec<u8>, _: u32, _: u32) -> Result<(), String> {
        panic!("a save must not copy anything");
    }
}

/// The captured log, including that of the HTTP library.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn bench() -> (Bench, u64, Server) {
    // Initialised by the first test.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(
            "warta_engine=trace,warta_net=trace,reqwest=trace,hyper=trace,hyper_util=trace",
        )
        .with_ansi(false)
        .with_writer(|| Log)
        .try_init();
    let server = Server::start().await;
    server.put(
        "/feed",
        Page::of(
            "application/rss+xml",
            rss("Kabar", &[("a", "Feri tiba", "<p>Kapal tiba.</p>")]),
        ),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let id = bench.rows(Place::All)[0].id;
    (bench, id, server)
}

fn account(service: &Service) -> ServiceAccount {
    ServiceAccount {
        address: service.address.clone(),
        token: TOKEN.into(),
        user: "ani@e.org".into(),
        password: PASSWORD.into(),
        client_id: "7_abc".into(),
        client_secret: "klien-RAHASIA-5".into(),
    }
}

fn request(id: u64, channel: &str) -> ForwardRequest {
    ForwardRequest {
        subject: Subject::Article { id },
        channel: channel.into(),
        message: None,
        wait: false,
        part: 0,
    }
}

/// Adds a save to the outbox and sends it.
async fn save(bench: &Bench, id: u64, channel: &str) -> warta_engine::api::ForwardRecord {
    let record = bench
        .engine
        .sharing()
        .forward(&request(id, channel), &Nothing)
        .unwrap();
    assert_eq!(record.state, ForwardState::Waiting);
    bench
        .engine
        .integrations()
        .finish_forward(record, false)
        .await
        .unwrap()
}

fn posted(service: &Service, path: &str, authorization: &str, kind: &str, body: &str) -> String {
    // Compares everything except the order and case of headers.
    let mut lines = vec![
        "accept: application/json".to_owned(),
        "accept-encoding: ".into(),
        format!("content-length: {}", body.len()),
        format!("content-type: {kind}"),
        format!("host: {}", service.host()),
        format!(
            "user-agent: Warta/{} (desktop news reader)",
            warta_engine::VERSION
        ),
    ];
    lines.retain(|line| !line.starts_with("accept-encoding"));
    if !authorization.is_empty() {
        lines.push(format!("authorization: {authorization}"));
    }
    lines.sort();
    format!("POST {path} HTTP/1.1\n{}\n\n{body}", lines.join("\n"))
}

fn normal(request: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (first, headers) = head.split_once("\r\n").unwrap();
    let mut lines: Vec<String> = headers
        .lines()
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            format!("{}: {}", name.to_ascii_lowercase(), value.trim())
        })
        .collect();
    lines.sort();
    format!("{first}\n{}\n\n{body}", lines.join("\n"))
}

const LINK: &str = "https://kabar.example/a";

#[expect(clippy::too_many_lines, reason = "a table of seven services")]
#[tokio::test(flavor = "multi_thread")]
async fn requests_match_each_services_documentation() {
    let (bench, id, _feeds) = bench().await;
    let service = Service::start().await;
    let json = |fields: &str| format!("{{{fields}}}");
    let token = format!("Token {TOKEN}");
    let bearer = format!("Bearer {TOKEN}");
    // ani@e.org:sandi-RAHASIA-77&
    let basic = "Basic YW5pQGUub3JnOnNhbmRpLVJBSEFTSUEtNzcm";
    let plain = json(&format!(r#""title":"Feri tiba","url":"{LINK}""#));
    let rows = [
        (
            "readwise",
            "/api/v3/save/",
            token.as_str(),
            json(&format!(
                r#""saved_using":"Warta","summary":"Kapal tiba.","title":"Feri tiba","url":"{LINK}""#
            )),
        ),
        (
            "raindrop",
            "/rest/v1/raindrop",
            bearer.as_str(),
            json(&format!(
                r#""excerpt":"Kapal tiba.","link":"{LINK}","pleaseParse":{{}},"title":"Feri tiba""#
            )),
        ),
        (
            "instapaper",
            "/api/add",
            basic,
            "url=https%3A%2F%2Fkabar.example%2Fa&title=Feri+tiba&selection=Kapal+tiba.".to_owned(),
        ),
        (
            "linkding",
            "/api/bookmarks/",
            &token,
            json(&format!(
                r#""description":"Kapal tiba.","title":"Feri tiba","url":"{LINK}""#
            )),
        ),
        ("readeck", "/api/bookmarks", &bearer, plain.clone()),
        (
            "karakeep",
            "/api/v1/bookmarks",
            &bearer,
            json(&format!(
                r#""title":"Feri tiba","type":"link","url":"{LINK}""#
            )),
        ),
    ];
    for (channel, path, authorization, body) in rows {
        assert_eq!(
            bench
                .engine
                .integrations()
                .connect_service(channel, &account(&service))
                .unwrap(),
            SecretsKept::Keyring
        );
        let record = save(&bench, id, channel).await;
        assert_eq!(record.state, ForwardState::Opened, "{channel}: {record:?}");
        let kind = if channel == "instapaper" {
            "application/x-www-form-urlencoded"
        } else {
            "application/json"
        };
        let asked: Vec<String> = service.asked().iter().map(|r| normal(r)).collect();
        assert_eq!(
            asked,
            [posted(&service, path, authorization, kind, &body)],
            "{channel}"
        );
    }
    // wallabag requires signing in first.
    service.will(&[Answer::Says(
        200,
        "",
        r#"{"access_token":"sesi-RAHASIA-1","expires_in":3600,"token_type":"bearer"}"#,
    )]);
    bench
        .engine
        .integrations()
        .connect_service("wallabag", &account(&service))
        .unwrap();
    assert_eq!(
        save(&bench, id, "wallabag").await.state,
        ForwardState::Opened
    );
    let asked: Vec<String> = service.asked().iter().map(|r| normal(r)).collect();
    assert_eq!(
        asked,
        [
            posted(
                &service,
                "/oauth/v2/token",
                "",
                "application/x-www-form-urlencoded",
                "grant_type=password&client_id=7_abc&client_secret=klien-RAHASIA-5&username=ani%40e.org&password=sandi-RAHASIA-77%26"
            ),
            posted(
                &service,
                "/api/entries.json",
                "Bearer sesi-RAHASIA-1",
                "application/json",
                &plain
            ),
        ]
    );
    let history = bench.engine.article(id).unwrap().forwards;
    assert_eq!(history.len(), 7, "the history contains every save");
    assert!(bench.engine.sharing().outbox().unwrap().is_empty());
    no_secret_in(&bench);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_accepted_after_the_service_confirms_it() {
    let (bench, id, _feeds) = bench().await;
    let service = Service::start().await;
    let engine = &bench.engine;
    let taken = |id: &str| {
        let services = engine.integrations().share_services().unwrap();
        services.iter().find(|s| s.id == id).unwrap().taken
    };
    let connect = |id: &str| {
        engine
            .integrations()
            .connect_service(id, &account(&service))
            .unwrap();
        assert!(!taken(id), "not checked yet");
    };
    connect("linkding");
    service.will(&[Answer::Says(401, "", "")]);
    let problem = engine
        .integrations()
        .check_service("linkding")
        .await
        .unwrap();
    assert_eq!(problem, Some(ProblemCode::SignIn));
    assert!(!taken("linkding"));
    service.will(&[Answer::Says(503, "", "")]);
    let problem = engine
        .integrations()
        .check_service("linkding")
        .await
        .unwrap();
    assert_eq!(problem, Some(ProblemCode::ServerError));
    service.asked();
    assert_eq!(
        engine
            .integrations()
            .check_service("linkding")
            .await
            .unwrap(),
        None
    );
    assert!(taken("linkding"));
    let asked = service.asked();
    assert!(
        asked[0].starts_with("GET /api/user/profile/ "),
        "{}",
        asked[0]
    );
    connect("linkding");

    connect("wallabag");
    service.will(&[Answer::Says(400, "", r#"{"error":"invalid_grant"}"#)]);
    let problem = engine
        .integrations()
        .check_service("wallabag")
        .await
        .unwrap();
    assert_eq!(problem, Some(ProblemCode::SignIn));
    service.will(&[Answer::Says(200, "", r#"{"access_token":"sesi"}"#)]);
    assert_eq!(
        engine
            .integrations()
            .check_service("wallabag")
            .await
            .unwrap(),
        None
    );
    assert!(taken("wallabag"));

    // A successful save confirms the account as well.
    connect("readeck");
    let record = save(&bench, id, "readeck").await;
    assert_eq!(record.state, ForwardState::Opened);
    assert!(taken("readeck"));

    engine.integrations().disconnect_service("readeck").unwrap();
    let problem = engine
        .integrations()
        .check_service("readeck")
        .await
        .unwrap();
    assert_eq!(problem, Some(ProblemCode::SignIn), "there is no account");
    no_secret_in(&bench);
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_saves_wait_with_a_reason() {
    let (bench, id, _feeds) = bench().await;
    let service = Service::start().await;
    bench
        .engine
        .integrations()
        .connect_service("readeck", &account(&service))
        .unwrap();

    service.will(&[Answer::Says(401, "", "")]);
    let record = save(&bench, id, "readeck").await;
    assert_eq!(
        (record.state, record.problem),
        (ForwardState::Waiting, Some(ProblemCode::SignIn))
    );
    service.asked();
    bench.pass(24 * 3600);
    assert_eq!(bench.engine.integrations().send_saves().await.unwrap(), 0);
    assert!(
        service.asked().is_empty(),
        "a rejected token is not retried automatically"
    );
    bench
        .engine
        .integrations()
        .connect_service("readeck", &account(&service))
        .unwrap();
    assert_eq!(
        bench.engine.integrations().send_saves().await.unwrap(),
        1,
        "a new token sends the waiting saves"
    );
    assert_eq!(service.asked().len(), 1);

    service.will(&[Answer::Says(503, "", "")]);
    let record = save(&bench, id, "readeck").await;
    assert_eq!(record.problem, Some(ProblemCode::ServerError));
    service.asked();
    assert_eq!(bench.engine.integrations().send_saves().await.unwrap(), 0);
    assert!(service.asked().is_empty(), "not before the retry time");
    let bench = bench.reopened();
    assert_eq!(
        bench.engine.sharing().outbox().unwrap().len(),
        1,
        "the outbox survives a restart"
    );
    bench.pass(61);
    assert_eq!(bench.engine.integrations().send_saves().await.unwrap(), 1);
    assert_eq!(service.asked().len(), 1);

    service.will(&[Answer::Silence]);
    let record = save(&bench, id, "readeck").await;
    assert_eq!(record.problem, Some(ProblemCode::TimedOut));
    service.asked();
    assert_eq!(
        bench
            .engine
            .integrations()
            .send_save(record.id)
            .await
            .unwrap()
            .state,
        ForwardState::Opened,
        "the reader can retry immediately"
    );

    service.will(&[Answer::Says(307, "Location: http://127.0.0.1:1/\r\n", "")]);
    let record = save(&bench, id, "readeck").await;
    assert_eq!(
        record.problem,
        Some(ProblemCode::Status),
        "secrets are not sent to redirect targets"
    );
    bench.engine.sharing().discard_waiting(record.id).unwrap();

    service.will(&[Answer::Says(429, "Retry-After: 600\r\n", "")]);
    let record = save(&bench, id, "readeck").await;
    assert_eq!(record.problem, Some(ProblemCode::TooManyRequests));
    service.asked();
    bench.pass(599);
    bench.engine.integrations().send_saves().await.unwrap();
    assert!(service.asked().is_empty(), "Retry-After is respected");

    drop(service);
    no_secret_in(&bench);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_must_be_complete_and_use_secure_addresses() {
    let (bench, id, _feeds) = bench().await;
    let engine = &bench.engine;
    let services = engine.integrations().share_services().unwrap();
    assert_eq!(services.len(), 7);
    assert!(services.iter().all(|s| !s.connected));
    assert_eq!(services[3].needs, ServiceNeeds::Client);
    assert!(
        engine
            .sharing()
            .share_channels(&Nothing)
            .iter()
            .all(|c| c.id != "linkding"),
        "a service without an account is not listed as a channel"
    );
    let with = |address: &str, token: &str| ServiceAccount {
        address: address.into(),
        token: token.into(),
        ..ServiceAccount::default()
    };
    for (address, token) in [
        ("", TOKEN),
        ("https://simpan.example", " "),
        ("http://simpan.example", TOKEN),
        ("ftp://simpan.example", TOKEN),
        ("https://a:b@simpan.example", TOKEN),
    ] {
        let refused = engine
            .integrations()
            .connect_service("linkding", &with(address, token));
        assert!(refused.is_err(), "{address} {token}");
    }
    engine
        .integrations()
        .connect_service("linkding", &with("simpan.example/", TOKEN))
        .unwrap();
    let services = engine.integrations().share_services().unwrap();
    let linkding = services.iter().find(|s| s.id == "linkding").unwrap();
    assert!(linkding.connected && linkding.address == "https://simpan.example");
    assert!(
        engine
            .sharing()
            .share_channels(&Nothing)
            .iter()
            .any(|c| c.id == "linkding")
    );
    let waiting = ForwardRequest {
        wait: true,
        ..request(id, "linkding")
    };
    let record = engine.sharing().forward(&waiting, &Nothing).unwrap();
    assert!(record.by_itself && record.target.as_deref() == Some(LINK));
    engine
        .integrations()
        .disconnect_service("linkding")
        .unwrap();
    let record = engine.integrations().send_save(record.id).await.unwrap();
    assert_eq!(
        record.problem,
        Some(ProblemCode::SignIn),
        "nothing is sent without an account"
    );
    no_secret_in(&bench);
}

/// Checks that no file of the store, of a new snapshot, or the log contains a secret.
#[expect(
    clippy::disallowed_methods,
    reason = "reads the store's files directly"
)]
fn no_secret_in(bench: &Bench) {
    bench.engine.maintenance().snapshot().unwrap();
    bench.engine.flush().unwrap();
    let mut looked_at = 0;
    for entry in walkdir::WalkDir::new(bench.folder.path()) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let found = bytes.windows(7).any(|part| part == b"RAHASIA");
            assert!(!found, "found a secret in {}", entry.path().display());
            looked_at += 1;
        }
    }
    assert!(looked_at > 3, "{looked_at}");
    let log = String::from_utf8_lossy(&LOG.lock().unwrap()).into_owned();
    assert!(!log.is_empty(), "the log is empty");
    assert!(!log.contains("RAHASIA"), "found a secret in the log");
}
