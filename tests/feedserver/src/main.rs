//! Serves any number of made-up feeds on loopback addresses, with latency, failures and revisions.
//!
//! The feeds are the same for the same numbers, so two runs can be compared. Nothing is kept on disk,
//! and nothing but loopback is listened on.
//!
//! | path | answer |
//! |---|---|
//! | `/feed/ID` | a feed: Atom 1.0 where ID mod 3 is 2, else RSS 2.0 |
//! | `/opml?n=N`, `/urls?n=N` | the first N feeds as OPML, or one address a line |
//! | `/site/…`, `/img/…` | a page, a PNG of one pixel |
//! | `/stats?reset=1` | what was asked for and answered so far |
//! | `/ctl?rev=&new=&changed=&latency=&jitter=&fail=&fail_kinds=&gzip=&etag=&lastmod=` | changes settings while it runs |

mod feeds;
mod respond;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use clap::Parser;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use respond::Server;

#[derive(Parser, Clone, Debug)]
struct Arguments {
    #[arg(long, default_value_t = 18080)]
    port: u16,
    /// Feeds made before listening, and named by /opml and /urls; others are made when asked for.
    #[arg(long, default_value_t = 500)]
    feeds: u64,
    /// Entries in each feed.
    #[arg(long, default_value_t = 30)]
    items: u64,
    /// Smallest HTML of an entry, in bytes.
    #[arg(long, default_value_t = 1000)]
    min_bytes: u64,
    /// Largest HTML of an entry, in bytes.
    #[arg(long, default_value_t = 3000)]
    max_bytes: u64,
    /// Waits this long before each answer with a feed.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Waits up to this much longer, at random.
    #[arg(long, default_value_t = 0)]
    jitter_ms: u64,
    #[arg(long)]
    no_gzip: bool,
    #[arg(long)]
    no_etag: bool,
    #[arg(long)]
    no_last_modified: bool,
    /// Percentage of the feeds that fail, always the same ones.
    #[arg(long, default_value_t = 0)]
    fail_pct: u64,
    /// How they fail: 500, timeout, malformed, 404, 429, html.
    #[arg(long, value_delimiter = ',', default_value = "500,timeout,malformed")]
    fail_kinds: Vec<String>,
    /// How long a feed that times out keeps its client waiting.
    #[arg(long, default_value_t = 60)]
    timeout_s: u64,
    /// Revision: each one puts `--new` newer entries into the feeds that change.
    #[arg(long, default_value_t = 0)]
    rev: u64,
    #[arg(long, default_value_t = 3)]
    new: u64,
    /// Percentage of the feeds that change from revision to revision.
    #[arg(long, default_value_t = 100)]
    changed_pct: u64,
    /// Loopback addresses (127.0.0.1, 127.0.0.2, …) that the feeds are spread over.
    #[arg(long, default_value_t = 1)]
    hosts: u64,
    /// Puts a picture into each entry.
    #[arg(long)]
    images: bool,
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let server = Arc::new(Server::new(arguments.clone()));
    server.prepare();
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(arguments.threads)
        .enable_all()
        .build()?
        .block_on(listen(&arguments, &server))
}

async fn listen(
    arguments: &Arguments,
    server: &Arc<Server>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut listening = tokio::task::JoinSet::new();
    for host in 0..arguments.hosts.max(1) {
        let address: SocketAddr = format!("{}:{}", feeds::host(host), arguments.port).parse()?;
        let listener = TcpListener::bind(address).await?;
        listening.spawn(accept(listener, Arc::clone(server)));
    }
    // benches/*.mjs wait for this line.
    eprintln!("listening on 127.0.0.1:{}", arguments.port);
    listening.join_all().await;
    Ok(())
}

async fn accept(listener: TcpListener, server: Arc<Server>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        // Without it small answers wait for acknowledgements, and the benchmark would time that.
        let _ = stream.set_nodelay(true);
        server.counts.connections.fetch_add(1, Relaxed);
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let answer = service_fn(move |request| respond::answer(Arc::clone(&server), request));
            // A client that went away is no failure of the server.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer)
                .await;
        });
    }
}
