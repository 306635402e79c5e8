//! A loopback server that sends raw HTTP/1.1 as a test specifies, and counts concurrent requests.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

/// The bytes of an answer, and what happens afterwards.
pub(crate) struct Reply {
    pub bytes: Vec<u8>,
    pub then: Then,
}

pub(crate) enum Then {
    /// Waits for the next request on the same connection.
    Next,
    /// Closes the connection.
    Close,
    /// Sends nothing more and keeps the connection open.
    Hang,
    /// Sends one more byte every few milliseconds, for ever.
    Drip,
    /// Sends this repeatedly until the connection ends.
    Flood(Vec<u8>),
}

impl Reply {
    /// A whole answer with a `Content-Length`.
    pub(crate) fn of(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        let bytes = [head.as_bytes(), b"\r\n", body].concat();
        Self {
            bytes,
            then: Then::Next,
        }
    }

    pub(crate) fn to(status: u16, location: &str) -> Self {
        Self::of(status, &[("Location", location)], "")
    }

    pub(crate) fn raw(bytes: impl Into<Vec<u8>>, then: Then) -> Self {
        Self {
            bytes: bytes.into(),
            then,
        }
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub path: String,
    pub head: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

type Answer = dyn Fn(&Asked) -> Reply + Send + Sync;

struct Shared {
    answer: Box<Answer>,
    asked: Mutex<Vec<Asked>>,
    connections: AtomicUsize,
    here: AtomicUsize,
    most: AtomicUsize,
    arrived: Notify,
    gate: Semaphore,
}

/// Serves until it is dropped.
pub(crate) struct Server {
    pub address: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let server = Self::gated(answer).await;
        server.open();
        server
    }

    /// A server that delays all answers until it is opened.
    pub(crate) async fn gated(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::gated_at("127.0.0.1", answer).await
    }

    pub(crate) async fn gated_at(
        ip: &str,
        answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            answer: Box::new(answer),
            asked: Mutex::default(),
            connections: AtomicUsize::new(0),
            here: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            arrived: Notify::new(),
            gate: Semaphore::new(0),
        });
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, Arc::clone(&serving)));
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

    pub(crate) fn open(&self) {
        self.shared.gate.add_permits(1 << 20);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// The maximum number of concurrent requests.
    pub(crate) fn most(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }

    /// Waits until this many requests are pending.
    pub(crate) async fn crowd(&self, count: usize) {
        loop {
            let arrived = self.shared.arrived.notified();
            if self.shared.here.load(Ordering::SeqCst) >= count {
                return;
            }
            arrived.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    while let Some(asked) = request(&mut stream).await {
        let here = shared.here.fetch_add(1, Ordering::SeqCst) + 1;
        shared.most.fetch_max(here, Ordering::SeqCst);
        shared.asked.lock().unwrap().push(asked.clone());
        shared.arrived.notify_waiters();
        shared.gate.acquire().await.unwrap().forget();
        let reply = (shared.answer)(&asked);
        // Before the answer leaves: once it is there, the client may ask again at once.
        shared.here.fetch_sub(1, Ordering::SeqCst);
        if stream.write_all(&reply.bytes).await.is_err() {
            return;
        }
        match reply.then {
            Then::Next => {}
            Then::Close => {
                let _ = stream.shutdown().await;
                return;
            }
            Then::Hang => {
                let _ = stream.read(&mut [0; 1]).await;
                return;
            }
            Then::Drip => {
                while stream.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
                return;
            }
            Then::Flood(bytes) => {
                while stream.write_all(&bytes).await.is_ok() {}
                return;
            }
        }
    }
}

async fn request(stream: &mut TcpStream) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split_whitespace().nth(1).unwrap_or("/").to_owned();
    Some(Asked { path, head })
}
