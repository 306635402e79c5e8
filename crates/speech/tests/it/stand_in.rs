//! A stand-in for Speech Dispatcher: it answers as the real one does, unless a test says otherwise,
//! and records what it receives.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use warta_speech::{Address, Client, Launcher, Options};

/// Where an answer ends with this, the stand-in hangs up after it.
pub(crate) const HANG_UP: &str = "\u{4}";

/// What the stand-in sends for a command; `None` for the usual reply.
pub(crate) type Answers = fn(&str) -> Option<&'static str>;

pub(crate) struct StandIn {
    folder: tempfile::TempDir,
    received: Arc<Mutex<Vec<String>>>,
}

impl StandIn {
    /// Listens on a socket in a temporary folder.
    pub(crate) fn start(answers: Answers) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let received = Arc::default();
        serve(
            UnixListener::bind(folder.path().join("s")).unwrap(),
            Arc::clone(&received),
            answers,
        );
        Self { folder, received }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("s")
    }

    pub(crate) fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) async fn client(&self) -> warta_speech::Result<Client> {
        connect(&self.socket()).await
    }
}

pub(crate) async fn connect(socket: &Path) -> warta_speech::Result<Client> {
    let launcher = Launcher::new("/nowhere/speech-dispatcher");
    Client::connect(&Address::Unix(socket.into()), &options(launcher)).await
}

pub(crate) fn options(launcher: Launcher) -> Options {
    Options {
        launcher,
        user: "ani".into(),
        ..Options::default()
    }
}

fn serve(listener: UnixListener, received: Arc<Mutex<Vec<String>>>, answers: Answers) {
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, Arc::clone(&received), answers));
        }
    });
}

async fn talk(stream: UnixStream, received: Arc<Mutex<Vec<String>>>, answers: Answers) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut texts = 0;
    let mut is_text = false;
    while let Ok(Some(line)) = lines.next_line().await {
        received.lock().unwrap().push(line.clone());
        let key = if is_text && line == "." { "END" } else { &line };
        if is_text && line != "." {
            continue;
        }
        is_text = key == "SPEAK";
        let reply = if let Some(own) = answers(key) {
            own.to_owned()
        } else {
            let first_two: Vec<&str> = key.split(' ').take(3).collect();
            match first_two.as_slice() {
                ["END", ..] => {
                    texts += 1;
                    format!("225-{texts}\r\n225 OK MESSAGE QUEUED\r\n701-{texts}\r\n701-1\r\n701 BEGIN\r\n702-{texts}\r\n702-1\r\n702 END\r\n")
                }
                ["SPEAK"] => "230 OK RECEIVING DATA\r\n".into(),
                ["CANCEL", ..] => "213 OK CANCELED\r\n".into(),
                ["GET", "OUTPUT_MODULE"] => "251-festival\r\n251 OK GET RETURNED\r\n".into(),
                ["LIST", "OUTPUT_MODULES"] => {
                    "250-espeak-ng\r\n250-festival\r\n250-dummy\r\n250 OK MODULE LIST SENT\r\n".into()
                }
                ["LIST", "SYNTHESIS_VOICES"] => {
                    "249-Indonesian\tid\tnone\r\n249-Indonesian+Adam\tid\tAdam\r\n249 OK VOICE LIST SENT\r\n".into()
                }
                ["SET", "SELF", _] => "203 OK SET\r\n".into(),
                _ => "500 ERR INVALID COMMAND\r\n".into(),
            }
        };
        let sent = reply.trim_end_matches(HANG_UP);
        if write.write_all(sent.as_bytes()).await.is_err() || sent.len() < reply.len() {
            return;
        }
    }
}
