//! `articles`, `article`, `mark`, `trending`, `story`, `front-page`.

use std::collections::HashMap;

use serde_json::json;
use warta_engine::api::{
    ArticleRow, ArticleView, ListRequest, Mark, Order, Phase, Place as List, Story,
};
use warta_engine::{Engine, system_clock};

use crate::arguments::{Articles, Format, Marking};
use crate::folders;
use crate::html_text::html_text;
use crate::open::{Place, check_feeds};
use crate::output::{Done, Output};
use crate::text::{ago, column, counted, cut, local_time, wrapped};

/// Number of rows requested from the engine at a time.
const PAGE: u32 = 500;
/// Maximum width of a publisher's name.
const NAME: usize = 40;
/// Maximum width of an article's text.
const MEASURE: usize = 76;

pub(crate) fn articles(wanted: &Articles, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let list = list_of(&engine, wanted)?;
    let now = system_clock().now();
    let mut left = wanted.limit;
    let mut before = None;
    let mut none = true;
    while left > 0 {
        let limit = left.min(PAGE);
        let unread_only = wanted.unread;
        let page = engine.lists().list(&ListRequest {
            place: list,
            unread_only,
            before,
            limit,
            order: if wanted.oldest {
                Order::Oldest
            } else {
                Order::Newest
            },
            by_feed: false,
        })?;
        for row in &page.rows {
            none = false;
            if out.is_json() {
                out.json(row)?;
            } else {
                row_line(row, now, out)?;
            }
        }
        left -= limit;
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    if none && !out.is_json() {
        return out.line("No articles here.");
    }
    Ok(())
}

fn list_of(engine: &Engine, wanted: &Articles) -> Done<List> {
    if let Some(name) = &wanted.folder {
        let id = folders::find(&engine.places()?.folders, name)?;
        return Ok(List::Folder { id });
    }
    if let Some(id) = wanted.feed {
        check_feeds(engine, &[id])?;
        return Ok(List::Feed { id });
    }
    Ok(if wanted.saved { List::Saved } else { List::All })
}

pub(crate) fn article(id: u64, format: Option<Format>, place: &Place, out: &mut Output) -> Done {
    let view = place.open()?.article(id)?;
    let usual = if out.is_json() {
        Format::Json
    } else {
        Format::Text
    };
    match format.unwrap_or(usual) {
        Format::Json => out.json(&view),
        Format::Html if out.is_json() => out.json(&json!({ "id": id, "html": view.html })),
        Format::Html => out.raw(&view.html),
        Format::Text if out.is_json() => {
            out.json(&json!({ "id": id, "text": html_text(&view.html, None) }))
        }
        Format::Text => article_text(&view, out),
    }
}

fn article_text(view: &ArticleView, out: &mut Output) -> Done {
    let width = out.width().map(|width| width.min(MEASURE));
    let now = system_clock().now();
    let row = &view.row;
    for line in wrapped(title(row), width.unwrap_or(usize::MAX)) {
        out.line(line)?;
    }
    let authors = row.authors.join(", ");
    let facts = [cut(&row.publisher, NAME), authors, ago(now, row.time)];
    let facts: Vec<_> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    out.line(facts.join(" · "))?;
    if let Some(url) = &row.url {
        out.line(url)?;
    }
    out.line("")?;
    let mut html = view.html.as_str();
    let with_dateline;
    if let Some(dateline) = &view.dateline {
        with_dateline = format!("<p>{dateline} —</p>{html}");
        html = &with_dateline;
    }
    for line in html_text(html, width).lines() {
        out.line(line)?;
    }
    for file in &view.enclosures {
        out.line("")?;
        let kept = file.audio.as_ref().and_then(|audio| audio.src.as_ref());
        out.line(format!(
            "{}  {}{}",
            file.media_type.as_deref().unwrap_or("file"),
            file.url,
            if kept.is_some() { "  (kept)" } else { "" }
        ))?;
    }
    if !view.publisher.channels.is_empty() {
        out.line("")?;
    }
    for channel in &view.publisher.channels {
        out.line(format!(
            "{} on {}: {}",
            view.publisher.name, channel.kind, channel.url
        ))?;
    }
    if let Some(story) = &view.story {
        out.line("")?;
        out.line(format!("Story {}: {}", story.id, why(story, now)))?;
    }
    Ok(())
}

pub(crate) fn mark(marking: &Marking, place: &Place, out: &mut Output) -> Done {
    let choice = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
    let mark = Mark {
        read: choice(marking.read, marking.unread),
        saved: choice(marking.saved, marking.unsaved),
    };
    let engine = place.open()?;
    let changed = engine.marks().mark(&marking.ids, mark)?;
    engine.flush()?;
    if out.is_json() {
        return out.json(&json!({ "changed": changed }));
    }
    out.line(format!("{} changed", counted(changed.into(), "article")))
}

pub(crate) fn trending(limit: u32, place: &Place, out: &mut Output) -> Done {
    let stories = place.open()?.stories().trending(limit)?;
    if out.is_json() {
        return stories.iter().try_for_each(|story| out.json(story));
    }
    if stories.is_empty() {
        return out.line("No story is trending now.");
    }
    let now = system_clock().now();
    stories
        .iter()
        .try_for_each(|story| story_lines(story, now, out))
}

pub(crate) fn story(id: u64, place: &Place, out: &mut Output) -> Done {
    let page = place.open()?.stories().story(id)?;
    if out.is_json() {
        return out.json(&page);
    }
    let now = system_clock().now();
    story_lines(&page.story, now, out)?;
    let width = out.width().unwrap_or(usize::MAX);
    for quote in &page.summary {
        let said = format!("{}: {}", cut(&quote.publisher, NAME), quote.text);
        for line in wrapped(&said, width) {
            out.line(line)?;
        }
        out.line("")?;
    }
    let rows: HashMap<u64, &ArticleRow> = page.articles.iter().map(|row| (row.id, row)).collect();
    for report in &page.reports {
        if let Some(row) = rows.get(&report.article) {
            row_line(row, now, out)?;
        }
        if !report.copies.is_empty() {
            out.line("        copied by")?;
        }
        for row in report.copies.iter().filter_map(|copy| rows.get(copy)) {
            row_line(row, now, out)?;
        }
    }
    if !page.silent.is_empty() {
        out.line("")?;
        out.line(format!("Not reported in {}", page.silent.join(", ")))?;
    }
    Ok(())
}

pub(crate) fn front_page(place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let page = engine.stories().front_page()?;
    if out.is_json() {
        return out.json(&page);
    }
    if page.stories.is_empty() && page.latest.is_empty() {
        let add = engine.places()?.feeds.is_empty();
        let next = if add {
            "Add a feed: warta feeds add URL"
        } else {
            "Fetch: warta sync"
        };
        return out.line(format!("No articles yet. {next}"));
    }
    out.line(format!("WARTA · {}", date(page.made_at)))?;
    out.line("")?;
    for story in &page.stories {
        story_lines(story, page.made_at, out)?;
    }
    if !page.latest.is_empty() {
        out.line("Latest")?;
    }
    page.latest
        .iter()
        .try_for_each(|row| row_line(row, page.made_at, out))
}

fn story_lines(story: &Story, now: i64, out: &mut Output) -> Done {
    let width = out.width().unwrap_or(usize::MAX);
    for line in wrapped(&story.headline, width) {
        out.line(line)?;
    }
    out.line(format!(
        "  {}",
        cut(&why(story, now), width.saturating_sub(2))
    ))?;
    out.line(format!("  {}", cut(&names(story), width.saturating_sub(2))))?;
    let lead = format!("story {} · article {}", story.id, story.lead.id);
    out.line(format!("  {lead}"))?;
    out.line("")
}

/// The story's publishers; long names are cut.
fn names(story: &Story) -> String {
    story
        .publishers
        .iter()
        .map(|name| cut(name, NAME))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The figures behind a story's rank: "Rising · 5 publishers since 14:05 · 7 articles".
fn why(story: &Story, now: i64) -> String {
    let phase = match story.phase {
        Phase::New => "New",
        Phase::Rising => "Rising",
        Phase::Peak => "At its peak",
        Phase::Fading => "Fading",
    };
    format!(
        "{phase} · {} since {} · {}, first {}",
        counted(story.why.publishers.into(), "publisher"),
        local_time(now, story.why.first_at),
        counted(story.article_count.into(), "article"),
        cut(&story.why.first_publisher, NAME),
    )
}

/// `*` unread, `+` saved.
pub(crate) fn row_line(row: &ArticleRow, now: i64, out: &mut Output) -> Done {
    let marks = match (row.read, row.saved) {
        (false, false) => "* ",
        (false, true) => "*+",
        (true, true) => " +",
        (true, false) => "  ",
    };
    let (when, publisher) = (column(&ago(now, row.time), 14), column(&row.publisher, 18));
    let id = row.id;
    let line = format!("{id:>7} {marks} {when}  {publisher}  {}", title(row));
    out.line(out.width().map_or(line.clone(), |width| cut(&line, width)))
}

/// The article's title, or its URL if it has none.
fn title(row: &ArticleRow) -> &str {
    let candidates = [&row.title, &row.excerpt];
    let given = candidates
        .into_iter()
        .map(|t| t.trim())
        .find(|t| !t.is_empty());
    given.or(row.url.as_deref()).unwrap_or("(no title)")
}

/// The date in the system's time zone.
fn date(time: i64) -> String {
    use chrono::{Local, TimeZone};
    let day = Local.timestamp_opt(time, 0).earliest();
    day.map(|day| day.format("%A, %-d %B %Y").to_string())
        .unwrap_or_default()
}
