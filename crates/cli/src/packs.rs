//! `pack`: creates, resumes, lists, exports and removes offline packs.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use warta_engine::api::{
    Event, PackLack, PackPart, PackSource, PackStatus, PackView, PackWish, ProblemCode,
};
use warta_engine::{Engine, Maintenance, system_clock};

use crate::arguments::{Pack, PackCreate};
use crate::folders;
use crate::open::{Place, on_runtime};
use crate::output::{Done, Ended, Output, remark};
use crate::text::{bytes, counted, local_time};

pub(crate) fn run(what: &Pack, place: &Place, out: &mut Output) -> Done {
    match what {
        Pack::Create(wanted) => create(wanted, place, out),
        Pack::List => list(place, out),
        Pack::Resume { id } => {
            let engine = place.open()?;
            engine.packs().resume_pack(*id)?;
            make(&engine, *id, out)
        }
        Pack::Remove { ids } => {
            let engine = place.open()?;
            for id in ids {
                let removed = engine.packs().remove_pack(*id)?;
                if out.is_json() {
                    out.json(&json!({ "pack": id, "articles": removed.changed }))?;
                } else {
                    let articles = counted(removed.changed.into(), "article");
                    out.line(format!("removed pack {id}; its {articles} stay"))?;
                }
            }
            Ok(engine.flush()?)
        }
        Pack::Export { id, file } => {
            let engine = place.open()?;
            let name = format!("Warta, {}", local_time(0, system_clock().now()));
            let book = engine.books().pack_epub(*id, &name)?;
            Maintenance::write_file(file, &book)?;
            if out.is_json() {
                out.json(&json!({ "file": file.display().to_string(), "bytes": book.len() }))
            } else {
                let size = bytes(book.len() as u64);
                out.line(format!("wrote {} ({size})", file.display()))
            }
        }
    }
}

fn create(wanted: &PackCreate, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let mut from = Vec::new();
    let chosen = [
        (wanted.trending, PackSource::Trending),
        (wanted.unread, PackSource::Unread),
        (wanted.saved, PackSource::Saved),
    ];
    from.extend(
        chosen
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, source)| *source),
    );
    from.extend(wanted.feeds.iter().map(|id| PackSource::Feed { id: *id }));
    for name in &wanted.folders {
        let id = folders::find(&engine.places()?.folders, name)?;
        from.push(PackSource::Folder { id });
    }
    if from.is_empty() {
        from.push(PackSource::Unread);
    }
    let wish = PackWish {
        name: wanted.name.clone(),
        from,
        minutes: wanted
            .hours
            .map(|hours| (hours * 60.0).round().max(1.0) as u32),
        megabytes: wanted.megabytes,
        pictures: !wanted.no_pictures,
        audio: wanted.audio,
    };
    let pack = engine.packs().create_pack(&wish)?;
    make(&engine, pack.id, out)
}

/// Runs a pack and prints the result.
fn make(engine: &Engine, id: u32, out: &mut Output) -> Done {
    let pack = on_runtime(watched(engine, id))??;
    engine.flush()?;
    if out.is_json() {
        out.json(&report(&pack))?;
    } else {
        out.line(summary(&pack))?;
        for lack in &pack.lacks {
            out.line(format!("  {}", lacking(lack)))?;
        }
    }
    out.flush()?;
    engine.search().finish_indexing()?;
    engine.flush()?;
    match pack.status {
        PackStatus::Done => Ok(()),
        _ => Err(Ended::Failed(format!(
            "the network is unreachable; continue with `warta pack resume {id}`"
        ))),
    }
}

/// Runs a pack and shows progress on standard error: a bar on a terminal, otherwise lines.
async fn watched(engine: &Engine, id: u32) -> warta_engine::Result<PackView> {
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len} articles · {msg}");
    let bar =
        ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut events = engine.events();
    let drawn = bar.clone();
    let watching = tokio::spawn(async move {
        loop {
            match events.recv().await {
                Ok(Event::PackChanged { pack }) if pack.id == id => {
                    drawn.set_length(pack.articles.into());
                    drawn.set_position(pack.tried.into());
                    let pictures = counted(pack.pictures.into(), "picture");
                    let failed = pack.tried - pack.complete;
                    let state = format!("{pictures} · {} · {failed} lacking", bytes(pack.bytes));
                    if drawn.is_hidden() {
                        remark(format_args!("{}/{} · {state}", pack.tried, pack.articles));
                    }
                    drawn.set_message(state);
                }
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break,
            }
        }
    });
    let pack = engine.packs().run_pack(id).await;
    watching.abort();
    bar.finish_and_clear();
    pack
}

fn list(place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let now = system_clock().now();
    for pack in engine.packs().packs()? {
        if out.is_json() {
            let mut line = report(&pack);
            line["name"] = json!(pack.name);
            line["made_at"] = json!(pack.made_at);
            line["status"] = json!(pack.status);
            line["minutes"] = json!(pack.minutes);
            out.json(&line)?;
        } else {
            let name = if pack.name.is_empty() {
                local_time(now, pack.made_at)
            } else {
                pack.name.clone()
            };
            out.line(format!("{:>4}  {name}: {}", pack.id, summary(&pack)))?;
        }
    }
    Ok(())
}

/// `{pack, articles, complete, pictures, bytes, failed}` with the reasons of failures.
fn report(pack: &PackView) -> Value {
    json!({
        "pack": pack.id,
        "articles": pack.articles,
        "complete": pack.complete,
        "pictures": pack.pictures,
        "bytes": pack.bytes,
        "wire_bytes": pack.wire_bytes,
        "failed": pack.tried - pack.complete,
        "waiting": pack.articles - pack.tried,
        "lacks": pack.lacks,
    })
}

fn summary(pack: &PackView) -> String {
    let state = match pack.status {
        PackStatus::Done => "",
        PackStatus::Paused => " · paused",
        PackStatus::Running | PackStatus::Waiting => " · not done",
    };
    format!(
        "{} of {} complete · {} · {} · {} min{state}",
        pack.complete,
        counted(pack.articles.into(), "article"),
        counted(pack.pictures.into(), "picture"),
        bytes(pack.bytes),
        pack.minutes,
    )
}

fn lacking(lack: &PackLack) -> String {
    let articles = counted(lack.articles.into(), "article");
    let what = match lack.what {
        PackPart::Text => "the full text",
        PackPart::Audio => "audio",
        PackPart::Pictures => "pictures",
    };
    let why = match lack.code {
        ProblemCode::IsPdf => "the link leads to a PDF",
        ProblemCode::IsAudio => "the link leads to an audio file",
        ProblemCode::IsVideo => "the link leads to a video",
        ProblemCode::IsPicture => "the link leads to a picture",
        ProblemCode::IsArchive => "the link leads to an archive",
        ProblemCode::IsDocument => "the link leads to a document",
        ProblemCode::IsData => "the link leads to a file, not to a page",
        code => code.as_str(),
    };
    format!("{articles} without {what}: {why}")
}
