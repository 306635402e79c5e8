//! A loopback server with pages defined by a test.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

type Pages = Arc<Mutex<HashMap<String, (u16, &'static str, String)>>>;

/// Serves until it is dropped.
pub(crate) struct Server {
    address: String,
    pages: Pages,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_on("127.0.0.1")
    }

    /// Serves on another loopback address, to act as another publisher.
    pub(crate) fn start_on(host: &str) -> Self {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let pages = Pages::default();
        let served = Arc::clone(&pages);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = Arc::clone(&served);
                std::thread::spawn(move || answer(&stream, &served));
            }
        });
        Self { address, pages }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    pub(crate) fn put(&self, path: &str, media_type: &'static str, body: impl Into<String>) {
        self.put_status(path, 200, media_type, body);
    }

    pub(crate) fn put_status(
        &self,
        path: &str,
        status: u16,
        media_type: &'static str,
        body: impl Into<String>,
    ) {
        self.pages
            .lock()
            .unwrap()
            .insert(path.into(), (status, media_type, body.into()));
    }
}

/// Answers one request per connection; responds 304 to matching validators.
fn answer(mut stream: &TcpStream, pages: &Pages) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut known = None;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("if-none-match")
        {
            known = Some(value.trim().to_owned());
        }
    }
    let path = first.split_whitespace().nth(1)?.to_owned();
    let page = pages.lock().unwrap().get(&path).cloned();
    let (status, media_type, body) = page.unwrap_or((404, "text/plain", String::new()));
    let etag = format!("\"{}-{}\"", path.len(), body.len());
    let (status, body) = if status == 200 && known.as_ref() == Some(&etag) {
        (304, String::new())
    } else {
        (status, body)
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nETag: {etag}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()
}

/// An RSS feed of `(guid, title, html)`, published an hour ago, since old entries would arrive as
/// read.
pub(crate) fn rss(title: &str, entries: &[(&str, &str, &str)]) -> String {
    let an_hour_ago = warta_engine::system_clock().now() - 3_600;
    let date = chrono::DateTime::from_timestamp(an_hour_ago, 0)
        .unwrap()
        .to_rfc2822();
    let items: Vec<_> = entries
        .iter()
        .map(|(guid, title, html)| {
            format!(
                "<item><guid>{guid}</guid><title><![CDATA[{title}]]></title>\
                 <link>https://kabar.example/{guid}?utm_source=rss</link>\
                 <pubDate>{date}</pubDate>\
                 <description><![CDATA[{html}]]></description></item>"
            )
        })
        .collect();
    let items = items.concat();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{title}</title>\
         <link>https://kabar.example/</link>{items}</channel></rss>"
    )
}
