//! A loopback server with configurable responses that records its requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The first byte of a client that speaks TLS (RFC 8446 § 5.1).
const TLS_HANDSHAKE: u8 = 22;

/// The response of a path.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Page {
    pub(crate) fn of(content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            content_type,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::of("text/plain", "")
        }
    }

    pub(crate) fn etag(mut self, etag: &str) -> Self {
        self.headers.push(("ETag".into(), etag.into()));
        self
    }
}

#[derive(Default)]
struct Shared {
    pages: HashMap<String, Page>,
    /// Heads of the requests received.
    asked: Vec<String>,
    /// Paths that require a referrer.
    insisting: Vec<String>,
    /// Paths whose requests close the connection.
    closed: Vec<String>,
    /// Paths that are not answered yet.
    held: Vec<String>,
    /// Notified when a request arrives or a path is released.
    changed: Arc<Notify>,
}

/// Serves until it is dropped.
pub(crate) struct Server {
    address: String,
    shared: Arc<Mutex<Shared>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Mutex::new(Shared::default()));
        let seen = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&seen)));
            }
        });
        Self {
            address,
            shared,
            task,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Stops serving.
    pub(crate) async fn stop(mut self) {
        self.task.abort();
        // The socket is closed only when the task has ended.
        let _ = (&mut self.task).await;
    }

    /// The heads of the requests received, oldest first.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.shared.lock().unwrap().asked.clone()
    }

    /// Makes this path require a referrer.
    pub(crate) fn refuse_strangers(&self, path: &str) {
        self.shared.lock().unwrap().insisting.push(path.into());
    }

    /// Makes requests for this path close the connection.
    pub(crate) fn close(&self, path: &str) {
        self.shared.lock().unwrap().closed.push(path.into());
    }

    /// Waits until the path was requested `times` times.
    pub(crate) async fn until_asked(&self, path: &str, times: usize) {
        let start = format!("GET {path} ");
        until(&self.shared, |shared| {
            let asked = shared.asked.iter().filter(|head| head.starts_with(&start));
            asked.count() >= times
        })
        .await;
    }

    /// Leaves requests for this path unanswered until it is released.
    pub(crate) fn hold(&self, path: &str) {
        self.shared.lock().unwrap().held.push(path.into());
    }

    /// Answers the requests for this path.
    pub(crate) fn release(&self, path: &str) {
        let mut shared = self.shared.lock().unwrap();
        shared.held.retain(|held| held != path);
        shared.changed.notify_waiters();
    }

    pub(crate) fn put(&self, path: &str, page: Page) {
        self.shared.lock().unwrap().pages.insert(path.into(), page);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn until(shared: &Mutex<Shared>, condition: impl Fn(&Shared) -> bool) {
    let changed = Arc::clone(&shared.lock().unwrap().changed);
    loop {
        let mut change = std::pin::pin!(changed.notified());
        change.as_mut().enable();
        if condition(&shared.lock().unwrap()) {
            return;
        }
        change.await;
    }
}

async fn answer(mut stream: TcpStream, shared: Arc<Mutex<Shared>>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n")
        && request.first() != Some(&TLS_HANDSHAKE)
    {
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
    if request.first() == Some(&TLS_HANDSHAKE) {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        return;
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    {
        let mut shared = shared.lock().unwrap();
        shared.asked.push(request.clone());
        shared.changed.notify_waiters();
    }
    let path = request.split_whitespace().nth(1).unwrap_or("/").to_owned();
    let if_none_match = request
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("if-none-match:"))
        .and_then(|line| line.split_once(':'))
        .map(|(_, value)| value.trim().to_owned());
    if shared.lock().unwrap().closed.contains(&path) {
        return;
    }
    until(&shared, |shared| !shared.held.contains(&path)).await;
    let page = shared.lock().unwrap().pages.get(&path).cloned();
    let page = page.unwrap_or_else(|| Page::status(404));
    let names_page = request.to_ascii_lowercase().contains("\nreferer:");
    let insists = shared.lock().unwrap().insisting.contains(&path);
    let page = if insists && !names_page {
        Page::status(403)
    } else {
        page
    };
    let etag = page
        .headers
        .iter()
        .find(|(name, _)| name == "ETag")
        .map(|(_, value)| value.clone());
    let (status, body) = if etag.is_some() && etag == if_none_match {
        (304, Vec::new())
    } else {
        (page.status, page.body)
    };
    let mut head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n",
        page.content_type,
        body.len()
    );
    for (name, value) in page.headers {
        for part in [&name, ": ", &value, "\r\n"] {
            head.push_str(part);
        }
    }
    let _ = stream.write_all(format!("{head}\r\n").as_bytes()).await;
    let _ = stream.write_all(&body).await;
    let _ = stream.shutdown().await;
}
