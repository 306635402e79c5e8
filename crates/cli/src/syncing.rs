//! `sync`: fetches feeds with a progress bar and prints a report.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use warta_engine::api::{Event, FeedActivity, ProblemCode, SyncReport, SyncScope};
use warta_engine::{Engine, system_clock};

use crate::arguments::Sync;
use crate::folders;
use crate::open::{Place, check_feeds, on_runtime};
use crate::output::{Done, Ended, Output, remark};
use crate::text::{bytes, counted, cut, local_time};

pub(crate) fn run(wanted: &Sync, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let scope = scope(&engine, wanted)?;
    let began = system_clock().now();
    let report = on_runtime(watched(&engine, &scope))??;
    engine.flush()?;
    let failures = failures(&engine, began)?;
    for feed in &failures {
        let title = cut(&feed.title, 60);
        let detail = feed.failure.as_ref().map_or("", |problem| &problem.detail);
        let next = match feed.next_due_at {
            _ if feed.ended_at.is_some() => "It has ended and is no longer fetched.".to_owned(),
            Some(at) => format!("Next attempt at {}.", local_time(began, at)),
            None => String::new(),
        };
        let id = feed.feed;
        remark(format_args!("{title} (feed {id}): {detail}. {next}"));
        let code = feed.failure.as_ref().map(|problem| problem.code);
        if code == Some(ProblemCode::MovedInside) {
            remark(format_args!(
                "  If it is yours, allow it: warta feeds allow {id}"
            ));
        }
    }
    // Everything can be listed and read now, so print before the search index is complete.
    tell(&report, &failures, out)?;
    out.flush()?;
    engine.search().finish_indexing()?;
    engine.flush()?;
    if report.portal {
        return Err(Ended::Failed(
            "this network requires you to sign in: open a browser first".into(),
        ));
    }
    if report.offline {
        return Err(Ended::Failed("the network is unreachable".into()));
    }
    Ok(())
}

/// The feeds that failed in this sync.
fn failures(engine: &Engine, began: i64) -> Done<Vec<FeedActivity>> {
    let mut feeds = engine.feeds().activity()?;
    feeds.retain(|feed| feed.failure.is_some() && feed.checked_at.is_some_and(|at| at >= began));
    Ok(feeds)
}

fn scope(engine: &Engine, wanted: &Sync) -> Done<SyncScope> {
    if let Some(name) = &wanted.folder {
        let id = folders::find(&engine.places()?.folders, name)?;
        return Ok(SyncScope::Folder { id });
    }
    if wanted.feeds.is_empty() {
        return Ok(if wanted.all {
            SyncScope::All
        } else {
            SyncScope::Due
        });
    }
    check_feeds(engine, &wanted.feeds)?;
    Ok(SyncScope::Feeds {
        ids: wanted.feeds.clone(),
    })
}

/// Runs a sync and shows progress on standard error if it is a terminal.
async fn watched(engine: &Engine, scope: &SyncScope) -> warta_engine::Result<SyncReport> {
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len} feeds · {msg}");
    let bar =
        ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut events = engine.events();
    let drawn = bar.clone();
    let watching = tokio::spawn(async move {
        loop {
            match events.recv().await {
                Ok(Event::SyncProgress { progress }) => {
                    drawn.set_length(progress.total.into());
                    drawn.set_position(progress.done.into());
                    let new = counted(progress.new_articles.into(), "new article");
                    drawn.set_message(format!("{new} · {}", bytes(progress.bytes)));
                }
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break,
            }
        }
    });
    let report = engine.sync().sync(scope).await;
    watching.abort();
    bar.finish_and_clear();
    report
}

/// Why a feed failed, and when it is retried.
fn failure(feed: &FeedActivity) -> serde_json::Value {
    json!({
        "feed": feed.feed,
        "title": feed.title,
        "code": feed.failure.as_ref().map(|problem| &problem.code),
        "detail": feed.failure.as_ref().map(|problem| &problem.detail),
        "failures_in_a_row": feed.failures,
        "took_ms": feed.took_ms,
        "ended_at": feed.ended_at,
        "next_due_at": feed.next_due_at,
    })
}

fn tell(report: &SyncReport, failures: &[FeedActivity], out: &mut Output) -> Done {
    if out.is_json() {
        return out.json(&json!({
            "feeds": report.feeds,
            "fetched": report.fetched,
            "not_modified": report.not_modified,
            "failed": report.failed,
            "new": report.new,
            "updated": report.updated,
            "pictures": report.pictures,
            "left_for_later": report.left_for_later,
            "bytes": report.bytes,
            "seconds": report.seconds,
            "failures": failures.iter().map(failure).collect::<Vec<_>>(),
        }));
    }
    if report.feeds == 0 {
        return out.line("Nothing is due. To fetch all feeds: warta sync --all");
    }
    let feeds = counted(report.feeds.into(), "feed");
    let (unchanged, failed) = (report.not_modified, report.failed);
    let (new, updated) = (counted(report.new.into(), "new article"), report.updated);
    out.line(format!(
        "{feeds}: {} fetched, {unchanged} unchanged, {failed} failed",
        report.fetched
    ))?;
    let (amount, seconds) = (bytes(report.bytes), report.seconds);
    out.line(format!(
        "{new}, {updated} updated, {amount} in {seconds:.1} s"
    ))?;
    match report.left_for_later {
        0 => Ok(()),
        left => out.line(format!(
            "Skipped {left} pictures and pages (limit per feed or host); open an article to fetch its own"
        )),
    }
}
