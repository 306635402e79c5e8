//! Updates: what is offered, and what is refused. Each test makes its own key.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use warta_engine::api::{Event, FailureCode, UpdateProblem, UpdateView, UpdatesOff};
use warta_engine::{Engine, UpdateSource, Updating};

use crate::server::{Page, Server};
use crate::{Bench, NOON};

const DAY: i64 = 86_400;
const MANIFEST: &str = "/latest.json";
const SIGNATURE: &str = "/latest.json.sig";
const PACKAGE: &str = "/Warta_setup.exe";

/// The same for all keys, so that only the key itself tells them apart.
const KEY_ID: [u8; 8] = *b"a key id";

/// A publisher of releases on a loopback server.
struct Publisher {
    server: Server,
    keys: Ed25519KeyPair,
}

impl Publisher {
    /// A publisher whose key is derived from `seed`.
    async fn new(seed: u8) -> Self {
        Self {
            server: Server::start().await,
            keys: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap(),
        }
    }

    fn source(&self) -> UpdateSource {
        UpdateSource {
            address: self.server.url(MANIFEST),
            public_key: self.public_key(),
            target: "test-x86_64".into(),
        }
    }

    /// In the form of minisign's files.
    fn public_key(&self) -> String {
        let bytes = [&b"Ed"[..], &KEY_ID, self.keys.public_key().as_ref()].concat();
        format!("untrusted comment: key\n{}\n", STANDARD.encode(bytes))
    }

    /// As minisign signs: the hash of the bytes; then that signature with the trusted comment.
    fn signed(&self, bytes: &[u8]) -> String {
        let hash = blake2b_simd::blake2b(bytes);
        let signature = self.keys.sign(hash.as_bytes());
        let comment = "made by a test";
        let all = [signature.as_ref(), comment.as_bytes()].concat();
        let signed = [&b"ED"[..], &KEY_ID, signature.as_ref()].concat();
        let text = format!(
            "untrusted comment: signature\n{}\ntrusted comment: {comment}\n{}\n",
            STANDARD.encode(signed),
            STANDARD.encode(self.keys.sign(&all)),
        );
        // As Tauri's signer wraps it.
        STANDARD.encode(text)
    }

    /// Publishes a release with a package of these bytes.
    fn publish(&self, version: &str, package: &[u8]) {
        let manifest = serde_json::json!({
            "version": version,
            "pub_date": "2026-12-01T00:00:00Z",
            "notes": "New: <b>plain</b> text",
            "platforms": { "test-x86_64": {
                "url": self.server.url(PACKAGE),
                "signature": self.signed(package),
            } },
        })
        .to_string();
        self.put_manifest(&manifest, &self.signed(manifest.as_bytes()));
        self.server
            .put(PACKAGE, Page::of("application/octet-stream", package));
    }

    fn put_manifest(&self, manifest: &str, signature: &str) {
        self.server
            .put(MANIFEST, Page::of("application/json", manifest));
        self.server
            .put(SIGNATURE, Page::of("text/plain", signature));
    }

    /// How often the manifest was asked for.
    fn asked(&self) -> usize {
        let start = format!("GET {MANIFEST} ");
        let asked = self.server.asked();
        asked.iter().filter(|head| head.starts_with(&start)).count()
    }
}

fn bench(publisher: &Publisher) -> Bench {
    Bench::with(|opening| opening.updating = Updating::From(publisher.source()))
}

async fn check(bench: &Bench) -> UpdateView {
    bench.engine.updates().check().await.unwrap()
}

fn offered(view: &UpdateView) -> Option<&str> {
    view.offer.as_ref().map(|offer| offer.version.as_str())
}

fn found(events: &mut tokio::sync::broadcast::Receiver<Event>) -> Vec<String> {
    let mut versions = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::UpdateFound { version } = event {
            versions.push(version);
        }
    }
    versions
}

#[tokio::test]
async fn a_newer_release_is_offered_once_and_remembered() {
    let publisher = Publisher::new(1).await;
    publisher.publish("999.0.0", b"package");
    let bench = bench(&publisher);
    let mut events = bench.engine.events();
    let view = check(&bench).await;
    let offer = view.offer.unwrap();
    assert_eq!(offer.version, "999.0.0");
    assert_eq!(offer.notes, "New: <b>plain</b> text");
    assert!(offer.downloadable);
    assert_eq!(view.checked_at, Some(NOON));
    check(&bench).await;
    assert_eq!(found(&mut events), ["999.0.0"], "it is said once");
    let bench = bench.reopened_with(|opening| {
        opening.updating = Updating::From(publisher.source());
    });
    assert_eq!(offered(&bench.engine.updates().view()), Some("999.0.0"));
}

#[tokio::test]
async fn the_same_and_older_releases_are_not_offered() {
    let publisher = Publisher::new(1).await;
    let bench = bench(&publisher);
    for version in [warta_engine::VERSION, "0.0.1"] {
        publisher.publish(version, b"package");
        let view = check(&bench).await;
        assert_eq!(view.offer, None, "{version}");
    }
    publisher.publish("999.1.0", b"package");
    assert_eq!(offered(&check(&bench).await), Some("999.1.0"));
    // Signed, but replayed.
    publisher.publish("999.0.0", b"package");
    let view = check(&bench).await;
    assert_eq!(view.problem, Some(UpdateProblem::Downgrade));
    assert_eq!(offered(&view), Some("999.1.0"));
}

#[tokio::test]
async fn wrong_signatures_are_refused() {
    let publisher = Publisher::new(1).await;
    let stranger = Publisher::new(2).await;
    let manifest = r#"{"version": "999.0.0", "notes": "", "platforms": {}}"#;
    let bench = bench(&publisher);
    for (what, manifest, signature) in [
        (
            "another key",
            manifest,
            stranger.signed(manifest.as_bytes()),
        ),
        ("another text", manifest, publisher.signed(b"{}")),
        ("none", manifest, String::new()),
        (
            "no signature at all",
            manifest,
            "untrusted comment: x".to_owned(),
        ),
    ] {
        publisher.put_manifest(manifest, &signature);
        let view = check(&bench).await;
        assert_eq!(view.problem, Some(UpdateProblem::WrongSignature), "{what}");
        assert_eq!(view.offer, None, "{what}");
    }
    publisher.put_manifest("{}", &publisher.signed(b"{}"));
    assert_eq!(check(&bench).await.problem, Some(UpdateProblem::Unreadable));
}

#[tokio::test]
async fn a_package_is_kept_only_with_its_signature() {
    let publisher = Publisher::new(1).await;
    publisher.publish("999.0.0", b"the package");
    let bench = bench(&publisher);
    check(&bench).await;
    let folder = tempfile::tempdir().unwrap();
    let updates = bench.engine.updates();
    let path = updates.download(folder.path()).await.unwrap();
    assert_eq!(path, folder.path().join("Warta_setup.exe"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "the package");
    let folder = tempfile::tempdir().unwrap();
    let other = Page::of("application/octet-stream", "another package");
    publisher.server.put(PACKAGE, other);
    let failure = updates.download(folder.path()).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::UpdateRefused);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn it_is_looked_at_most_once_a_day_and_only_if_wanted() {
    let publisher = Publisher::new(1).await;
    publisher.publish("999.0.0", b"package");
    let bench = bench(&publisher);
    let updates = Arc::clone(bench.engine.updates());
    let due = || async { updates.check_if_due().await.unwrap() };
    due().await;
    due().await;
    bench.pass(DAY - 1);
    due().await;
    assert_eq!(publisher.asked(), 1);
    bench.pass(1);
    due().await;
    assert_eq!(publisher.asked(), 2);
    // A failure counts too.
    publisher.server.put(MANIFEST, Page::status(500));
    bench.pass(DAY);
    due().await;
    due().await;
    assert_eq!(publisher.asked(), 3);
    assert_eq!(updates.view().problem, Some(UpdateProblem::NotReached));
    set(&bench.engine, |settings| settings.check_for_updates = false);
    bench.pass(DAY);
    due().await;
    assert_eq!(publisher.asked(), 3);
    // A clock that was set back does not stop it.
    set(&bench.engine, |settings| settings.check_for_updates = true);
    bench.now.store(NOON - DAY, Ordering::SeqCst);
    due().await;
    assert_eq!(publisher.asked(), 4);
}

#[tokio::test]
async fn it_is_not_looked_beyond_the_data_budget_unless_the_reader_asks() {
    let publisher = Publisher::new(1).await;
    publisher.publish("999.0.0", &vec![7; 1_200_000]);
    let bench = bench(&publisher);
    check(&bench).await;
    let folder = tempfile::tempdir().unwrap();
    bench
        .engine
        .updates()
        .download(folder.path())
        .await
        .unwrap();
    set(&bench.engine, |settings| settings.monthly_megabytes = 1);
    assert!(
        bench.engine.budget().traffic().unwrap().over,
        "the download counts"
    );
    bench.pass(2 * DAY);
    bench.engine.updates().check_if_due().await.unwrap();
    assert_eq!(publisher.asked(), 1);
    check(&bench).await;
    assert_eq!(publisher.asked(), 2);
}

#[tokio::test]
async fn where_updates_are_off_nothing_is_asked() {
    let publisher = Publisher::new(1).await;
    publisher.publish("999.0.0", b"package");
    for off in [
        UpdatesOff::NotConfigured,
        UpdatesOff::Packaged,
        UpdatesOff::Portable,
        UpdatesOff::ReadOnly,
    ] {
        let bench = Bench::with(|opening| opening.updating = Updating::Off(off));
        bench.engine.updates().check_if_due().await.unwrap();
        let view = check(&bench).await;
        assert_eq!((view.off, view.offer), (Some(off), None));
        let folder = tempfile::tempdir().unwrap();
        let failure = bench.engine.updates().download(folder.path()).await;
        assert_eq!(failure.unwrap_err().code, FailureCode::NotFound);
    }
    let plain = Bench::with(|opening| {
        let address = "http://warta.example/latest.json".into();
        opening.updating = Updating::From(UpdateSource {
            address,
            ..publisher.source()
        });
    });
    let view = check(&plain).await;
    assert_eq!(view.off, Some(UpdatesOff::NotConfigured), "not over TLS");
    assert_eq!(publisher.asked(), 0);
}

fn set(engine: &Engine, change: impl FnOnce(&mut warta_engine::api::Settings)) {
    let mut settings = engine.settings();
    change(&mut settings);
    engine.set_settings(settings).unwrap();
}
