//! `feeds` and `discover`.

use std::path::Path;

use serde_json::json;
use warta_engine::Engine;
use warta_engine::api::{Discovery, FeedChange, FeedPlace, FoundFeed, FoundKind};

use crate::arguments::Feeds;
use crate::catalogue;
use crate::files::read;
use crate::folders;
use crate::health;
use crate::mending;
use crate::older;
use crate::open::{Place, on_runtime};
use crate::output::{Done, Ended, Output, remark};
use crate::pages;
use crate::subscribing::{new_feed, outcome, subscribe_to};
use crate::text::{ago, column, counted, cut, local_date};

pub(crate) fn run(what: &Feeds, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    match what {
        Feeds::Add { urls, folder } => {
            let typed = folder.as_deref().unwrap_or_default();
            let folder = folders::path_to_add(&engine.places()?.folders, typed)?;
            add(&engine, urls, &folder, out)
        }
        Feeds::Catalogue { words, add, .. } if !add => catalogue::list(&engine, words, out),
        Feeds::Catalogue { words, folder, .. } => {
            let typed = folder.as_deref().unwrap_or_default();
            let folder = folders::path_to_add(&engine.places()?.folders, typed)?;
            catalogue::add(&engine, words, &folder, out)
        }
        Feeds::Page {
            url,
            list,
            watch,
            add,
            folder,
        } => {
            let typed = folder.as_deref().unwrap_or_default();
            let wanted = pages::Wanted {
                url,
                list: list.as_deref(),
                watch: watch.as_deref(),
                add: *add,
                folder: &folders::path_to_add(&engine.places()?.folders, typed)?,
            };
            pages::run(&engine, &wanted, out)
        }
        Feeds::Move { ids, folder } => move_to(&engine, ids, folder, out),
        Feeds::List => list(&engine, out),
        Feeds::Health { kind } => health::list(&engine, kind, out),
        Feeds::Mend {
            ids,
            accept,
            decline,
            take_back,
        } => {
            let answer = match (accept, decline, take_back) {
                (true, _, _) => Some(mending::Answer::Accept),
                (_, true, _) => Some(mending::Answer::Decline),
                (_, _, true) => Some(mending::Answer::TakeBack),
                _ => None,
            };
            mending::run(&engine, ids, answer, out)
        }
        Feeds::Older {
            id,
            number,
            since,
            budget,
            unread,
        } => {
            let wanted = older::Wanted {
                number: Some(*number),
                since: *since,
                megabytes: *budget,
                unread: *unread,
            };
            older::run(&engine, *id, &wanted, out)
        }
        Feeds::Every { minutes, ids } => health::every(&engine, *minutes, ids, out),
        Feeds::Mute { ids, off } => health::mute(&engine, ids, *off, out),
        Feeds::Remove { ids } => remove(&engine, ids, out),
        Feeds::Allow { ids } => allow(&engine, ids, out),
        Feeds::Import { file } => import(&engine, file, out),
        Feeds::Export => {
            let opml = engine.opml().export_opml()?;
            if out.is_json() {
                out.json(&json!({ "opml": opml }))
            } else {
                out.raw(&opml)
            }
        }
    }?;
    Ok(engine.flush()?)
}

pub(crate) fn discover(url: &str, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let found = on_runtime(engine.discovery().discover(url))??;
    for feed in &found.feeds {
        if out.is_json() {
            out.json(feed)?;
            continue;
        }
        let kind = kind_of(feed.kind).map(str::to_owned);
        let entries = feed.entries.map(|n| counted(n.into(), "entry"));
        let about: Vec<String> = kind.into_iter().chain(entries).collect();
        let already = if feed.already { "  (subscribed)" } else { "" };
        let about = about.join(", ");
        out.line(format!("{}  {about}{already}", column(&feed.title, 36)))?;
        out.line(format!("  {}", feed.url))?;
    }
    Ok(())
}

/// Lists the podcasts that Apple's directory finds for words.
pub(crate) fn search_podcasts(words: &str, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let found = on_runtime(engine.podcast_directory().search(words))??;
    if found.is_empty() && !out.is_json() {
        remark(format_args!("no podcast was found"));
    }
    for podcast in &found {
        if out.is_json() {
            out.json(podcast)?;
            continue;
        }
        let episodes = podcast.episodes.map(|n| counted(n.into(), "episode"));
        let newest = podcast
            .newest
            .map(|at| format!("newest {}", local_date(at)));
        let already = podcast.already.then(|| "subscribed".to_owned());
        let author = Some(podcast.author.clone()).filter(|author| !author.is_empty());
        let about: Vec<String> = [author, newest, episodes, already]
            .into_iter()
            .flatten()
            .collect();
        out.line(format!(
            "{}  {}",
            column(&podcast.title, 36),
            about.join(", ")
        ))?;
        out.line(format!("  {}", podcast.url))?;
    }
    Ok(())
}

fn add(engine: &Engine, urls: &[String], folder: &[String], out: &mut Output) -> Done {
    let found = on_runtime(async {
        let asked: Vec<_> = urls
            .iter()
            .map(|url| {
                let (engine, url) = (engine.clone(), url.clone());
                tokio::spawn(async move { engine.discovery().discover(&url).await })
            })
            .collect();
        let mut found = Vec::with_capacity(asked.len());
        for task in asked {
            found.push(task.await);
        }
        found
    })?;
    let mut failed = false;
    for (asked, found) in urls.iter().zip(found) {
        let done = match found {
            Ok(found) => found.map_err(Ended::from),
            Err(error) => Err(Ended::Failed(error.to_string())),
        }
        .and_then(|found| add_found(engine, asked, &found, folder, out));
        match done {
            Err(Ended::Failed(reason)) => {
                remark(format_args!("{}: {reason}", without_credentials(asked)));
                failed = true;
            }
            other => other?,
        }
    }
    if failed {
        Err(Ended::FailedSaid)
    } else {
        Ok(())
    }
}

/// Subscribes to the best feed of an address and lists the others.
fn add_found(
    engine: &Engine,
    asked: &str,
    found: &Discovery,
    folder: &[String],
    out: &mut Output,
) -> Done {
    let Some((best, others)) = found.feeds.split_first() else {
        return Ok(());
    };
    let (id, added) = subscribe_to(engine, new_feed(best, &best.title, folder))?;
    if out.is_json() {
        return out.json(&json!({
            "asked": without_credentials(asked),
            "id": id,
            "url": best.url,
            "title": best.title,
            "kind": best.kind,
            "added": added,
            "others": others,
        }));
    }
    out.line(format!("{} {}", outcome(added), named(best)))?;
    for other in others {
        remark(format_args!("  also offered: {}", named(other)));
    }
    Ok(())
}

/// The title, what it is if not a feed, and the address.
fn named(found: &FoundFeed) -> String {
    match kind_of(found.kind) {
        None => format!("{} ({})", found.title, found.url),
        Some(kind) => format!("{}, {kind} ({})", found.title, found.url),
    }
}

/// What it is, if not a feed.
fn kind_of(kind: FoundKind) -> Option<&'static str> {
    match kind {
        FoundKind::Feed => None,
        FoundKind::WithoutShorts => Some("without Shorts"),
        FoundKind::NewsSitemap => Some("a news sitemap"),
        FoundKind::Sitemap => Some("a sitemap"),
        FoundKind::HeadlineList => Some("a list of headlines"),
    }
}

fn list(engine: &Engine, out: &mut Output) -> Done {
    let places = engine.places()?;
    if out.is_json() {
        return places.feeds.iter().try_for_each(|feed| out.json(feed));
    }
    if places.feeds.is_empty() {
        return out.line("No feeds yet. Add one: warta feeds add URL");
    }
    let now = engine.overview()?.now;
    let in_folder = |id: Option<u32>| move |feed: &&FeedPlace| feed.folder == id;
    let top = std::iter::once((None, None));
    let mut folders: Vec<(Option<u32>, Option<String>)> = places
        .folders
        .iter()
        .map(|folder| {
            (
                Some(folder.id),
                Some(folders::path(&places.folders, folder.id)),
            )
        })
        .collect();
    folders.sort_by_cached_key(|(_, path)| path.as_ref().map(|path| path.to_lowercase()));
    for (id, name) in top.chain(folders) {
        if let Some(name) = name {
            out.line("")?;
            out.line(name)?;
        }
        for feed in places.feeds.iter().filter(in_folder(id)) {
            let unread = format!("{}/{}", feed.count.unread, feed.count.total);
            let state = match (&feed.failure, feed.paused, feed.checked_at) {
                (_, true, _) => "paused".into(),
                (Some(problem), ..) => format!("failed: {}", problem.detail),
                (None, _, Some(at)) => ago(now, at),
                (None, _, None) => "not fetched yet".into(),
            };
            let id = feed.id;
            let line = format!("{id:>5}  {}  {unread:>9}  {state}", column(&feed.title, 36));
            out.line(out.width().map_or(line.clone(), |width| cut(&line, width)))?;
        }
    }
    Ok(())
}

fn move_to(engine: &Engine, ids: &[u32], folder: &str, out: &mut Output) -> Done {
    let places = engine.places()?;
    let path = folders::path_to_add(&places.folders, folder)?;
    let change = FeedChange {
        folder: Some(path.clone()),
        ..FeedChange::default()
    };
    let mut failed = false;
    for id in ids {
        let title = places.feeds.iter().find(|feed| feed.id == *id);
        let title = title.map_or("", |feed| &feed.title);
        match engine.feeds().change_feed(*id, &change) {
            Ok(_) if out.is_json() => {
                out.json(&json!({ "id": id, "title": title, "folder": path }))?;
            }
            Ok(_) if path.is_empty() => out.line(format!("Moved {title} to the top level"))?,
            Ok(_) => out.line(format!("Moved {title} to {}", path.join("/")))?,
            Err(failure) => {
                remark(format_args!("{id}: {}", failure.message));
                failed = true;
            }
        }
    }
    if failed {
        Err(Ended::FailedSaid)
    } else {
        Ok(())
    }
}

fn remove(engine: &Engine, ids: &[u32], out: &mut Output) -> Done {
    let feeds = engine.places()?.feeds;
    let mut failed = false;
    for id in ids {
        let title = feeds
            .iter()
            .find(|feed| feed.id == *id)
            .map_or("", |feed| &feed.title);
        match engine.feeds().remove_feed(*id) {
            Ok(_) if out.is_json() => out.json(&json!({ "id": id, "title": title }))?,
            Ok(_) => out.line(format!("Removed {title}"))?,
            Err(failure) => {
                remark(format_args!("{id}: {}", failure.message));
                failed = true;
            }
        }
    }
    if failed {
        Err(Ended::FailedSaid)
    } else {
        Ok(())
    }
}

/// Allows feeds to be fetched from private addresses.
fn allow(engine: &Engine, ids: &[u32], out: &mut Output) -> Done {
    let feeds = engine.places()?.feeds;
    let change = FeedChange {
        own_network: Some(true),
        ..FeedChange::default()
    };
    let mut failed = false;
    for id in ids {
        let title = feeds.iter().find(|feed| feed.id == *id);
        let title = title.map_or("", |feed| &feed.title);
        match engine.feeds().change_feed(*id, &change) {
            Ok(_) if out.is_json() => out.json(&json!({ "id": id, "title": title }))?,
            Ok(_) => out.line(format!("{title} may be fetched from your own network"))?,
            Err(failure) => {
                remark(format_args!("{id}: {}", failure.message));
                failed = true;
            }
        }
    }
    if failed {
        Err(Ended::FailedSaid)
    } else {
        Ok(())
    }
}

fn import(engine: &Engine, file: &Path, out: &mut Output) -> Done {
    let (report, _) = engine.opml().import_opml(&read(file)?)?;
    if out.is_json() {
        return out.json(&report);
    }
    for problem in &report.problems {
        match problem.line {
            0 => remark(&problem.what),
            line => remark(format_args!("line {line}: {}", problem.what)),
        }
    }
    let already = match report.already {
        0 => String::new(),
        already => format!(", {already} already subscribed"),
    };
    out.line(format!(
        "{} added{already}",
        counted(report.added.into(), "feed")
    ))
}

/// A URL without user name and password, for display.
fn without_credentials(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let slashes = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{slashes}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::without_credentials;

    #[test]
    fn passwords_are_not_shown() {
        for (address, shown) in [
            ("https://ani:rahasia@e.org/a@b", "https://e.org/a@b"),
            ("ani:rahasia@e.org", "e.org"),
            ("https://e.org/?mail=a@b", "https://e.org/?mail=a@b"),
            ("", ""),
        ] {
            assert_eq!(without_credentials(address), shown);
        }
    }
}
