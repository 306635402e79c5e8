//! Subscriptions. Each change is durable when the call returns, except for what fetches
//! reported, which is durable within half a second.
use std::collections::HashMap;
use std::sync::PoisonError;

use crate::documents::DocumentKind;
use crate::error::{Result, StoreError};
use crate::model::{Added, Feed, FeedFacts, FeedId, FeedOptions, Folder, NewFeed, UndoToken};
use crate::new_folders::NewFolders;
use crate::records::StoredFeed;
use crate::state::FeedState;
use crate::store::{Before, Core, Store, Undo};
use crate::trees::{Changes, Name};

impl Store {
    /// Subscribes; a feed removed in this session comes back with its articles.
    pub fn add_feeds(&self, feeds: &[NewFeed], now: i64) -> Result<Vec<Added>> {
        let added = add_feeds(&self.core, feeds, now)?;
        self.core.subscriptions_changed();
        Ok(added)
    }

    /// [`Store::add_feeds`], each into the folder at the given path of names (outermost first),
    /// which is created if needed; atomic.
    pub fn add_feeds_in_folders(
        &self,
        feeds: &[(NewFeed, Vec<String>)],
        now: i64,
    ) -> Result<Vec<Added>> {
        let core = &self.core;
        let added = {
            let _writing = core.write()?;
            let mut folders = NewFolders::begin(core)?;
            let mut new = Vec::with_capacity(feeds.len());
            for (feed, path) in feeds {
                let mut feed = feed.clone();
                feed.folder = folders.at(path)?.or(feed.folder);
                new.push(feed);
            }
            let mut changes = Changes::default();
            let made = folders.write(&mut changes)?;
            add_feeds_with(core, &new, now, changes, made)?
        };
        core.subscriptions_changed();
        Ok(added)
    }

    /// All subscriptions, by ascending id.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "a `Result` like the other methods: a later format may have to read sled"
    )]
    pub fn feeds(&self) -> Result<Vec<Feed>> {
        let state = self.core.state();
        Ok(state
            .feeds
            .values()
            .filter(|f| f.visible())
            .map(|f| f.feed.clone())
            .collect())
    }

    /// The id of the subscription with this address.
    #[must_use]
    pub fn feed_at(&self, url: &str) -> Option<FeedId> {
        let state = self.core.state();
        state.subscribed(url).map(|known| known.feed.id)
    }

    /// One subscription.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "a `Result` like the other methods: a later format may have to read sled"
    )]
    pub fn feed(&self, id: FeedId) -> Result<Option<Feed>> {
        Ok(self
            .core
            .state()
            .visible_feed(id)
            .map(|feed| feed.feed.clone()))
    }

    /// Changes a subscription; its id stays whatever `change` does.
    pub fn update_feed(&self, id: FeedId, change: &mut dyn FnMut(&mut Feed)) -> Result<Feed> {
        change_feed(&self.core, id, change)
    }

    /// Hides the feed and its articles; [`Store::undo`] brings them back until the store is next
    /// opened, which purges them. Articles that another feed lists belong to that one from now on.
    pub fn remove_feed(&self, id: FeedId, now: i64) -> Result<UndoToken> {
        let core = &self.core;
        {
            let _lists = core.lists.lock().unwrap_or_else(PoisonError::into_inner);
            let _writing = core.write_little()?;
            if core.state().is_visible(id) {
                crate::listings::hand_over(core, id)?;
            }
            hide_feed(core, id, Some(now))?;
        }
        core.subscriptions_changed();
        Ok(core.keep_undo(Undo::Subscriptions(Box::new(Before {
            hidden: vec![id],
            ..Before::default()
        }))))
    }
}

pub(crate) fn change_feed(
    core: &Core,
    id: FeedId,
    change: &mut dyn FnMut(&mut Feed),
) -> Result<Feed> {
    let _writing = core.write()?;
    let before = match core.state().visible_feed(id) {
        Some(feed) => feed.feed.clone(),
        None => return Err(StoreError::NotFound("feed")),
    };
    let mut feed = before.clone();
    change(&mut feed);
    feed.id = id;
    check_feed(core, &feed)?;
    if feed == before {
        return Ok(feed);
    }
    let precious = Feed {
        facts: before.facts.clone(),
        ..feed.clone()
    } != before;
    if precious {
        put_feed(core, &feed, None)?;
    } else {
        let stored = StoredFeed {
            feed: feed.clone(),
            removed_at: None,
        };
        let key = id.0.to_be_bytes();
        core.trees().put_unflushed(Name::Feeds, &key, &stored)?;
        core.changed();
    }
    {
        let mut state = core.state_mut();
        if feed.url != before.url {
            state.by_url.remove(&before.url);
            state.by_url.insert(feed.url.clone(), id);
        }
        state.set_feed(feed.clone());
    }
    if precious {
        core.flush()?;
        core.subscriptions_changed();
    }
    Ok(feed)
}

pub(crate) fn add_feeds(core: &Core, feeds: &[NewFeed], now: i64) -> Result<Vec<Added>> {
    let _writing = core.write()?;
    add_feeds_with(core, feeds, now, Changes::default(), Vec::new())
}

/// Adds feeds together with further changes, which make the given folders; the caller has the right
/// to write.
fn add_feeds_with(
    core: &Core,
    feeds: &[NewFeed],
    now: i64,
    mut changes: Changes,
    folders: Vec<Folder>,
) -> Result<Vec<Added>> {
    let mut next = next_feed_id(core)?;
    let mut added = Vec::with_capacity(feeds.len());
    let mut fresh: Vec<Feed> = Vec::new();
    let mut back: Vec<(FeedId, &DocumentKind)> = Vec::new();
    let mut in_call = HashMap::new();
    for new in feeds {
        let known = core.state().by_url.get(&new.url).copied();
        let visible = known.is_some_and(|id| core.state().is_visible(id));
        if let Some(id) = in_call.get(&new.url).copied().or(known.filter(|_| visible)) {
            added.push(Added::Already(id));
            continue;
        }
        let id = known.unwrap_or(FeedId(next));
        in_call.insert(new.url.clone(), id);
        added.push(Added::New(id));
        if known.is_some() {
            back.push((id, &new.kind));
            continue;
        }
        next += 1;
        let feed = Feed {
            id,
            url: new.url.clone(),
            custom_title: new.custom_title.clone(),
            folder: new.folder,
            added_at: now,
            paused: false,
            kind: new.kind.clone(),
            options: FeedOptions::default(),
            facts: FeedFacts {
                title: new.title.clone(),
                site: new.site.clone(),
                ..FeedFacts::default()
            },
        };
        if folders.iter().any(|made| Some(made.id) == feed.folder) {
            let bare = Feed {
                folder: None,
                ..feed.clone()
            };
            check_feed(core, &bare)?;
        } else {
            check_feed(core, &feed)?;
        }
        let stored = StoredFeed {
            feed,
            removed_at: None,
        };
        changes.put(Name::Feeds, &id.0.to_be_bytes(), &stored)?;
        fresh.push(stored.feed);
    }
    if !fresh.is_empty() {
        changes.put_bytes(Name::Meta, b"next_feed", &next.to_be_bytes());
    }
    if changes.count() > 0 {
        core.apply(&changes)?;
        let mut state = core.state_mut();
        for folder in folders {
            state.folders.insert(folder.id, folder);
        }
        for feed in fresh {
            state.by_url.insert(feed.url.clone(), feed.id);
            state.feeds.insert(feed.id, FeedState::new(feed));
        }
    }
    for (id, kind) in back {
        bring_back(core, id, kind)?;
    }
    core.flush()?;
    Ok(added)
}

fn next_feed_id(core: &Core) -> Result<u32> {
    match core.trees().meta.get("next_feed")? {
        Some(next) => Ok(crate::keys::number_of(&next)? as u32),
        None => Ok(1),
    }
}

pub(crate) fn check_feed(core: &Core, feed: &Feed) -> Result<()> {
    if feed.url.trim().is_empty() {
        return Err(StoreError::Invalid("a feed without an address".into()));
    }
    let state = core.state();
    if state.by_url.get(&feed.url).is_some_and(|id| *id != feed.id) {
        return Err(StoreError::Invalid(format!(
            "{} is subscribed to already",
            feed.url
        )));
    }
    match feed.folder {
        Some(folder) if !state.folders.contains_key(&folder) => Err(StoreError::NotFound("folder")),
        _ => Ok(()),
    }
}

fn put_feed(core: &Core, feed: &Feed, removed_at: Option<i64>) -> Result<()> {
    let stored = StoredFeed {
        feed: feed.clone(),
        removed_at,
    };
    let mut changes = Changes::default();
    changes.put(Name::Feeds, &feed.id.0.to_be_bytes(), &stored)?;
    core.apply(&changes)
}

/// Shows a hidden feed again. What its document is known to be stays, unless it is now to be read
/// otherwise.
fn bring_back(core: &Core, id: FeedId, kind: &DocumentKind) -> Result<()> {
    let hidden = core.state().feeds.get(&id).map(|known| known.feed.clone());
    let other = hidden.filter(|feed| feed.kind != *kind && (feed.kind.is_page() || kind.is_page()));
    if let Some(mut feed) = other {
        feed.kind.clone_from(kind);
        // The same bytes are read otherwise.
        feed.facts = FeedFacts {
            title: feed.facts.title,
            site: feed.facts.site,
            ..FeedFacts::default()
        };
        let at = core
            .state()
            .feeds
            .get(&id)
            .and_then(|known| known.removed_at);
        put_feed(core, &feed, at)?;
        core.state_mut().set_feed(feed);
    }
    hide_feed(core, id, None)
}

/// Hides a feed, or shows it again.
pub(crate) fn hide_feed(core: &Core, id: FeedId, removed_at: Option<i64>) -> Result<()> {
    let feed = match core.state().feeds.get(&id) {
        Some(known) if known.removed_at.is_some() != removed_at.is_some() => known.feed.clone(),
        _ => return Err(StoreError::NotFound("feed")),
    };
    put_feed(core, &feed, removed_at)?;
    core.flush()?;
    core.state_mut().set_removed(id, removed_at);
    Ok(())
}
