//! Limits on concurrent fetches.

use warta_net::{Client, Limits};

use crate::server::{Reply, Server};
use crate::{client_with, limits, request};

async fn all(client: &Client, urls: Vec<String>) {
    let tasks: Vec<_> = urls
        .into_iter()
        .map(|url| {
            let client = client.clone();
            tokio::spawn(async move { client.fetch(request(url)).await.map(drop) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

fn urls(server: &Server, count: usize) -> Vec<String> {
    (0..count).map(|n| server.url(&format!("/{n}"))).collect()
}

#[tokio::test]
async fn fetches_per_host_are_limited() {
    let server = Server::gated(|_| Reply::of(200, &[], "ok")).await;
    let client = client_with(limits());
    let wanted = urls(&server, 20);
    let fetching = tokio::spawn(async move { all(&client, wanted).await });
    server.crowd(2).await;
    server.open();
    fetching.await.unwrap();
    assert_eq!(server.most(), 2);
    assert_eq!(server.asked().len(), 20);
    assert!(
        server.connections() <= 2,
        "{} connections",
        server.connections()
    );
}

#[tokio::test]
async fn fetches_in_total_are_limited() {
    let server = Server::gated(|_| Reply::of(200, &[], "ok")).await;
    let client = client_with(Limits {
        at_once: 3,
        per_host: 10,
        ..limits()
    });
    let wanted = urls(&server, 12);
    let fetching = tokio::spawn(async move { all(&client, wanted).await });
    server.crowd(3).await;
    server.open();
    fetching.await.unwrap();
    assert_eq!(server.most(), 3);
}

#[tokio::test]
async fn large_bodies_are_limited_but_all_arrive() {
    let plain = vec![b' '; 9 << 20];
    let packed = zstd::encode_all(plain.as_slice(), 1).unwrap();
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/packed" => Reply::of(200, &[("Content-Encoding", "zstd")], &packed),
        _ => Reply::of(200, &[], &plain),
    })
    .await;
    let client = client_with(Limits {
        per_host: 10,
        ..Limits::default()
    });
    let mut wanted = urls(&server, 4);
    wanted.extend(vec![server.url("/packed"); 4]);
    let tasks: Vec<_> = wanted
        .into_iter()
        .map(|url| {
            let client = client.clone();
            // Dropping the body frees its place among the large ones.
            tokio::spawn(async move {
                match client.fetch(request(url)).await.unwrap() {
                    warta_net::Response::Fetched(fetched) => fetched.bytes.len(),
                    warta_net::Response::NotModified { .. } => 0,
                }
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 9 << 20);
    }
}

#[tokio::test]
async fn redirects_respect_the_host_limit() {
    let target = Server::gated(|_| Reply::of(200, &[], "ok")).await;
    let mut doors = Vec::new();
    for host in 2..=7 {
        let to = target.url("/");
        let door = Server::gated_at(&format!("127.0.0.{host}"), move |_| Reply::to(302, &to)).await;
        door.open();
        doors.push(door);
    }
    let client = client_with(limits());
    let wanted: Vec<_> = doors.iter().map(|door| door.url("/")).collect();
    let fetching = tokio::spawn(async move { all(&client, wanted).await });
    target.crowd(2).await;
    target.open();
    fetching.await.unwrap();
    assert_eq!((target.most(), target.asked().len()), (2, 6));
}

#[tokio::test]
async fn waiting_for_a_permit_does_not_count_towards_the_timeout() {
    let server = Server::start(|_| Reply::of(200, &[], "ok")).await;
    let client = client_with(Limits {
        per_host: 1,
        ..limits()
    });
    // Far more than fits into one fetch's time, if waiting counted.
    all(&client, urls(&server, 300)).await;
    assert_eq!(server.most(), 1);
}
