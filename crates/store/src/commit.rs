//! Committing fetched feeds.
//!
//! Fetched feeds are written in groups: one sled transaction over all trees that a group touches,
//! made after the bodies were synced, and flushed before the call returns: what is reported as
//! stored survives a kill. sled writes each transaction through to the disk twice, which is most of
//! the cost of a small feed.
use std::collections::{HashMap, HashSet};
use std::iter::Peekable;

use crate::error::{Result, StoreError};
use crate::identity::{Recognised, Traits};
use crate::keys::unsound_key;
use crate::listings::{Listed, links_own_page};
use crate::model::{ArticleId, Committed, Feed, FeedBatch, FeedId, NewArticle};
use crate::publishers::publisher_of;
use crate::records::Tombstone;
use crate::records::{
    self, LoggedArticle, StoredArticle, StoredEntries, StoredFeed, StoredListing, StoredRow,
    WaitingMark,
};
use crate::settings::note_name;
use crate::space::Live;
use crate::state::Entry;
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};
use crate::value_log::{Kind, Pointer, article_key};

/// The tombstone of an article that its feed still lists is renewed after this many days.
const TOMBSTONE_IS_RENEWED_AFTER: u32 = 14;

/// Estimated size of a record without its HTML, in bytes.
const MOST_BESIDE_HTML: usize = 2_000;

/// Maximum number of batches written together.
const TOGETHER: usize = 32;

/// Maximum number of articles written together, unless a single batch has more.
const ARTICLES_TOGETHER: usize = 2_000;

struct Prepared {
    plan: Plan,
    feed: StoredFeed,
    /// Position of its batch in the group.
    at: usize,
}

/// A record of the value log, by its key.
type Record = ([u8; 16], Vec<u8>);

/// A new or changed article, without what only its record holds.
struct PlannedArticle {
    id: u64,
    row: StoredRow,
    content: [u8; 16],
}

/// A prepared batch, before anything is written.
#[derive(Default)]
struct Plan {
    committed: Committed,
    entries: Vec<Entry>,
    /// New and changed articles.
    articles: Vec<PlannedArticle>,
    /// Their records, by key.
    records: Vec<Record>,
    /// The position in the batch of each of them.
    places: Vec<usize>,
    /// Articles of other feeds that this feed now lists too.
    listed: Vec<Listed>,
    /// Hashes of GUIDs that name several articles.
    unsound: Vec<u64>,
    /// Ids of articles stored as read.
    read: Vec<u64>,
    /// Article, time and owner of each saved mark.
    saved: Vec<(u64, i64, FeedId)>,
    /// Changed articles, and the location of their old records.
    replaced: HashMap<u64, Option<Pointer>>,
    /// Renewed tombstones of articles that the feed still lists.
    still_listed: Vec<([u8; 12], Tombstone)>,
    /// Keys of tombstones whose articles are stored again.
    unburied: Vec<[u8; 12]>,
    /// Keys of waiting marks whose article has arrived.
    waited: Vec<[u8; 12]>,
    /// By article.
    notes: Vec<(u64, String)>,
    next_article: u64,
}

impl Plan {
    /// Adds a new article; returns its id.
    fn begin(
        &mut self,
        feed: FeedId,
        article: &mut NewArticle,
        time: i64,
        print: u64,
        mark: WaitingMark,
    ) -> u64 {
        let id = self.next_article;
        self.next_article += 1;
        self.entries.push(Entry {
            time,
            id,
            guid: crate::hash::guid_hash(&article.guid),
            print,
        });
        if mark.read {
            self.read.push(id);
        }
        self.saved.extend(mark.saved_at.map(|at| (id, at, feed)));
        self.notes
            .extend(article.note.take().map(|note| (id, note)));
        id
    }

    /// Adds the record of a new or changed article, encoded.
    fn keep(&mut self, logged: LoggedArticle) -> Result<()> {
        let about = logged.html.len() + MOST_BESIDE_HTML;
        let record = records::encode_as(records::VERSION, &logged, about)?;
        self.records.push((article_key(logged.id), record));
        self.articles.push(PlannedArticle {
            id: logged.id,
            row: logged.row,
            content: logged.content,
        });
        Ok(())
    }

    /// Adds an article of another feed that this feed lists too. Rules have run on it already, and
    /// its status stays.
    fn list(&mut self, found: &Elsewhere, guid: String, print: u64, mark: WaitingMark) {
        let id = found.id;
        self.committed.listed.push(ArticleId(id));
        self.committed.unchanged += 1;
        self.saved
            .extend(mark.saved_at.map(|at| (id, at, found.owner)));
        self.listed.push(Listed {
            id,
            listing: StoredListing {
                owner: found.owner,
                time: found.time,
                guid,
                print,
            },
        });
    }
}

impl Store {
    /// Stores one fetched feed, durably. An article that is known ([`crate::identity`]) is updated
    /// in place (its id, status and time stay) if its content changed.
    pub fn commit(&self, batch: FeedBatch) -> Result<Committed> {
        let mut committed = self.commit_many(vec![batch]);
        committed.pop().unwrap_or(Err(StoreError::NotFound("feed")))
    }

    /// Stores several fetched feeds, each atomically, with as few transactions and flushes as
    /// possible. Returns the outcomes in order.
    #[must_use = "each outcome may be an error"]
    pub fn commit_many(&self, batches: Vec<FeedBatch>) -> Vec<Result<Committed>> {
        let core = &self.core;
        let mut outcomes = Vec::with_capacity(batches.len());
        let mut waiting = batches.into_iter().peekable();
        while waiting.peek().is_some() {
            let group = next_group(&mut waiting);
            match core.write() {
                Ok(_writing) => outcomes.extend(commit_group(core, group, false)),
                Err(error) => outcomes.extend(group.iter().map(|_| Err(error.again()))),
            }
        }
        outcomes
    }
}

/// The next batches to write: each feed at most once, so that a batch sees the previous one's
/// result.
fn next_group(waiting: &mut Peekable<impl Iterator<Item = FeedBatch>>) -> Vec<FeedBatch> {
    let mut feeds = HashSet::new();
    let mut group: Vec<FeedBatch> = Vec::new();
    let mut articles = 0;
    let mut fits = |next: &FeedBatch| {
        articles += next.articles.len();
        let is_bounded = feeds.is_empty() || articles <= ARTICLES_TOGETHER;
        is_bounded && feeds.insert(next.feed)
    };
    while group.len() < TOGETHER
        && let Some(batch) = waiting.next_if(&mut fits)
    {
        group.push(batch);
    }
    group
}

/// Writes batches of different feeds and returns the outcomes in order; the caller holds the write
/// lock. `are_stubs`: the articles are stubs without text, in the order of their ids.
fn commit_group(core: &Core, group: Vec<FeedBatch>, are_stubs: bool) -> Vec<Result<Committed>> {
    let lost = || Err(StoreError::Invalid("a batch was lost".into()));
    let mut outcomes: Vec<Result<Committed>> = group.iter().map(|_| lost()).collect();
    let mut next_article = core.state().next_article;
    let mut prepared: Vec<Prepared> = Vec::with_capacity(group.len());
    let mut records = Vec::new();
    let mut planned = Planned::default();
    for (at, batch) in group.into_iter().enumerate() {
        let before = (prepared.as_slice(), &mut planned);
        match prepare(
            core,
            batch,
            are_stubs,
            &mut next_article,
            &mut records,
            before,
        ) {
            Ok((plan, feed)) => prepared.push(Prepared { plan, feed, at }),
            Err(error) => outcomes[at] = Err(error),
        }
    }
    let at: Vec<usize> = prepared.iter().map(|one| one.at).collect();
    match write_prepared(core, prepared, records) {
        Ok(written) => {
            for (at, committed) in at.into_iter().zip(written) {
                outcomes[at] = Ok(committed);
            }
        }
        Err(error) => {
            for at in at {
                outcomes[at] = Err(error.again());
            }
        }
    }
    outcomes
}

fn prepare(
    core: &Core,
    batch: FeedBatch,
    are_stubs: bool,
    next_article: &mut u64,
    records: &mut Vec<Record>,
    (before, planned): (&[Prepared], &mut Planned),
) -> Result<(Plan, StoredFeed)> {
    let known = core
        .state()
        .visible_feed(batch.feed)
        .map(|known| known.feed.clone());
    let mut feed = known.ok_or(StoreError::NotFound("feed"))?;
    feed.facts = batch.facts;
    let mut ordered = first_of_each_guid(batch.articles);
    // Stubs come in the order of saving.
    if are_stubs || is_oldest_first(&ordered) {
        ordered.reverse();
    }
    let (places, articles): (Vec<usize>, Vec<NewArticle>) = ordered.into_iter().unzip();
    let arrived = Arrived {
        articles,
        places,
        received_at: batch.received_at,
        are_stubs,
    };
    let mut plan = plan(core, &feed, arrived, *next_article, before, planned)?;
    feed.facts.last_new = plan.committed.new.len() as u32;
    if let Some(fetch) = feed.facts.history.first_mut()
        && fetch.at == batch.received_at
    {
        fetch.new = feed.facts.last_new;
    }
    records.append(&mut plan.records);
    *next_article = plan.next_article;
    planned.take_in(&feed, &plan, before.len());
    let stored = StoredFeed {
        feed,
        removed_at: None,
    };
    Ok((plan, stored))
}

/// Writes the articles' records and the transaction, updates the state in memory, and flushes.
/// Either all of it is stored or nothing.
fn write_prepared(
    core: &Core,
    prepared: Vec<Prepared>,
    records: Vec<Record>,
) -> Result<Vec<Committed>> {
    let pointers = core.bodies.append(Kind::Article, &records)?;
    drop(records);
    core.bodies.sync()?;
    let mut live = Live::default();
    let changes = changes_of(core, &prepared, &pointers, &mut live)?;
    core.apply(&changes)?;
    core.state_mut().live.take_in(&live);
    let written: Vec<Committed> = prepared
        .into_iter()
        .map(|one| take_in(core, one.plan, one.feed.feed))
        .collect();
    let has_articles =
        |one: &Committed| !(one.new.is_empty() && one.updated.is_empty() && one.listed.is_empty());
    if written.iter().any(has_articles) {
        core.search.poke();
        core.flush()?;
    }
    Ok(written)
}

/// Updates the state in memory for a plan that is written.
fn take_in(core: &Core, plan: Plan, feed: Feed) -> Committed {
    let id = feed.id;
    let mut state = core.state_mut();
    if !plan.entries.is_empty() {
        state.next_article = plan.next_article;
    }
    for id in &plan.read {
        state.read.set(*id, true);
    }
    let mut saved = Vec::new();
    for (article, at, owner) in &plan.saved {
        if !state.saved_at.contains_key(article) {
            saved.push(ArticleId(*article));
        }
        state.set_saved(*article, *owner, Some(*at));
    }
    for listed in &plan.listed {
        state.list(id, listed);
    }
    state.set_feed(feed);
    let listed: Vec<Entry> = plan.listed.iter().map(Listed::entry).collect();
    state.add_entries(id, &plan.entries);
    state.add_entries(id, &listed);
    drop(state);
    let mut written: Vec<(usize, PlannedArticle, String)> = plan
        .places
        .into_iter()
        .zip(plan.articles)
        .zip(plan.committed.given)
        .map(|((place, article), given)| (place, article, given))
        .collect();
    written.sort_by_key(|(place, ..)| *place);
    let mut rows = Vec::with_capacity(written.len());
    let mut given = Vec::with_capacity(written.len());
    for (_, one, guid) in written {
        rows.push(crate::articles::dress(core, one.id, one.row));
        given.push(guid);
    }
    Committed {
        saved,
        rows,
        given,
        ..plan.committed
    }
}

/// Plans what to store of a document's entries. They are processed from last to first, so that
/// among equal times the first entry gets the highest id and is listed on top.
fn plan(
    core: &Core,
    feed: &Feed,
    mut arrived: Arrived,
    next_article: u64,
    before: &[Prepared],
    planned: &Planned,
) -> Result<Plan> {
    let mut plan = Plan {
        next_article,
        ..Plan::default()
    };
    let Recognised {
        known,
        traits,
        prints,
        given,
        unsound,
    } = crate::identity::recognise(core, feed, &mut arrived.articles)?;
    plan.unsound = unsound;
    let mut elsewhere = listed_elsewhere(core, feed, &arrived, &known, &traits, before, planned)?;
    let trees = core.trees();
    let any_waiting = !trees.waiting.is_empty();
    let any_purged = !trees.tombstones.is_empty();
    let received_at = arrived.received_at;
    let mut new: Vec<(usize, u64)> = Vec::new();
    let mut updated: Vec<(usize, u64)> = Vec::new();
    let entries = arrived
        .articles
        .into_iter()
        .zip(known)
        .zip(given)
        .enumerate();
    for (at, ((mut article, known), given)) in entries.rev() {
        let place = arrived.places[at];
        if let Some((id, stored)) = &known {
            if arrived.are_stubs {
                // It is stored already, under another GUID.
                let since = mark_of_stub(core, feed.id, &article)?;
                plan.saved
                    .extend(since.map(|since| (*id, since, stored.row.feed)));
                continue;
            }
            if stored.row.feed != feed.id {
                // Only its owner updates its content.
                plan.committed.unchanged += 1;
                continue;
            }
            article.guid.clone_from(&stored.row.guid);
            keep_redirect(&mut article, &stored.row);
        }
        let content = content_hash(&article)?;
        let (id, time, received_at) = match &known {
            Some((_, stored)) if stored.content == content => {
                plan.committed.unchanged += 1;
                continue;
            }
            Some((id, stored)) => {
                updated.push((place, *id));
                plan.replaced.insert(*id, stored.body);
                (*id, stored.row.time, stored.row.received_at)
            }
            None => {
                let (guid, traits) = (&article.guid, &traits[at]);
                if any_purged && was_purged(core, feed.id, guid, traits, received_at, &mut plan)? {
                    plan.committed.unchanged += 1;
                    continue;
                }
                let mut mark = WaitingMark::default();
                if any_waiting {
                    let hashes = [crate::hash::guid_hash(guid), prints[at]];
                    take_waiting(core, feed.id, hashes, &mut mark, &mut plan.waited)?;
                }
                if let Some(found) = elsewhere[at].take() {
                    plan.list(&found, article.guid, prints[at], mark);
                    continue;
                }
                mark.read |= article.read;
                let now = article.saved.then_some(received_at);
                mark.saved_at = mark.saved_at.or(now);
                let time = list_time(article.published, received_at);
                let id = plan.begin(feed.id, &mut article, time, prints[at], mark);
                new.push((place, id));
                (id, time, received_at)
            }
        };
        plan.places.push(place);
        plan.committed.given.push(given);
        let logged = LoggedArticle {
            id,
            feed_url: feed.url.clone(),
            row: StoredRow::of(&article, feed.id, time, received_at),
            content,
            html: article.html,
            pictures: article.pictures,
            enclosures: article.enclosures,
            categories: article.categories,
            comments: article.comments,
            chapters: article.chapters,
        };
        plan.keep(logged)?;
    }
    plan.saved
        .retain(|(id, ..)| !core.state().saved_at.contains_key(id));
    plan.committed.new = in_order(new);
    plan.committed.updated = in_order(updated);
    Ok(plan)
}

/// Finds unknown entries among the articles of the publisher's other feeds, stored or planned.
fn listed_elsewhere(
    core: &Core,
    feed: &Feed,
    arrived: &Arrived,
    known: &[Option<(u64, StoredArticle)>],
    traits: &[Traits],
    before: &[Prepared],
    planned: &Planned,
) -> Result<Vec<Option<Elsewhere>>> {
    let mut elsewhere: Vec<Option<Elsewhere>> = known.iter().map(|_| None).collect();
    if arrived.are_stubs {
        return Ok(elsewhere);
    }
    let unknown: Vec<usize> = (0..known.len()).filter(|at| known[*at].is_none()).collect();
    let articles: Vec<&NewArticle> = unknown.iter().map(|at| &arrived.articles[*at]).collect();
    let of_unknown: Vec<&Traits> = unknown.iter().map(|at| &traits[*at]).collect();
    let stored = crate::listings::of_siblings(core, feed, &articles, &of_unknown)?;
    // Two entries of one document are different articles.
    let mut taken: HashSet<u64> = HashSet::new();
    for (at, stored) in unknown.into_iter().zip(stored) {
        let article = &arrived.articles[at];
        let found = match stored {
            Some((id, stored)) => {
                let state = core.state();
                let shared = state.shared.get(&id);
                Some(Elsewhere {
                    id,
                    owner: shared.map_or(stored.row.feed, |shared| shared.owner),
                    time: stored.row.time,
                })
            }
            None if links_own_page(feed, article, &traits[at]) => {
                planned.find(feed, article, &traits[at], before)
            }
            None => None,
        };
        elsewhere[at] = found.filter(|found| taken.insert(found.id));
    }
    Ok(elsewhere)
}

/// Adds rows without text, for articles of a snapshot; the next fetch completes them.
pub(crate) fn add_stubs(
    core: &Core,
    feed: FeedId,
    articles: Vec<NewArticle>,
    now: i64,
) -> Result<Committed> {
    let known = core
        .state()
        .feeds
        .get(&feed)
        .map(|known| known.feed.clone());
    let Some(known) = known.filter(|_| !articles.is_empty()) else {
        return Ok(Committed::default());
    };
    let facts = known.facts;
    let batch = FeedBatch {
        feed,
        facts,
        articles,
        received_at: now,
    };
    let mut outcomes = commit_group(core, vec![batch], true);
    outcomes.pop().unwrap_or(Err(StoreError::NotFound("feed")))
}

/// When a stub was saved, from its waiting mark.
fn mark_of_stub(core: &Core, feed: FeedId, article: &NewArticle) -> Result<Option<i64>> {
    let key = crate::keys::guid_key(feed, crate::hash::guid_hash(&article.guid));
    match core.trees().waiting.get(key)? {
        Some(value) => {
            let waiting: WaitingMark = records::decode(&value, "a waiting mark")?;
            Ok(waiting.saved_at)
        }
        None => Ok(None),
    }
}

/// Whether an unknown article was purged before. While the feed still lists it, its tombstone is
/// renewed.
fn was_purged(
    core: &Core,
    feed: FeedId,
    guid: &str,
    traits: &Traits,
    now: i64,
    plan: &mut Plan,
) -> Result<bool> {
    let by_guid = crate::keys::guid_key(feed, crate::hash::guid_hash(guid));
    let by_content = crate::keys::guid_key(feed, traits.strong_print());
    for key in [by_guid, by_content] {
        let Some(value) = core.trees().tombstones.get(key)? else {
            continue;
        };
        let tombstone: Tombstone = records::decode(&value, "a tombstone")?;
        let is_it = key == by_content
            || tombstone.print == 0
            || tombstone.print == traits.print()
            || crate::identity::is_sound(core, feed, guid)?;
        if !is_it {
            continue;
        }
        let is_wanted = match core.trees().waiting.get(by_guid)? {
            Some(value) => records::decode::<WaitingMark>(&value, "a waiting mark")?
                .saved_at
                .is_some(),
            None => false,
        };
        if is_wanted {
            // A snapshot has it as saved.
            plan.unburied.push(key);
            continue;
        }
        let today = Tombstone {
            print: tombstone.print,
            ..Tombstone::of(now)
        };
        if today.day > tombstone.day + TOMBSTONE_IS_RENEWED_AFTER {
            plan.still_listed.push((key, today));
        }
        return Ok(true);
    }
    Ok(false)
}

fn take_waiting(
    core: &Core,
    feed: FeedId,
    hashes: [u64; 2],
    mark: &mut WaitingMark,
    waited: &mut Vec<[u8; 12]>,
) -> Result<()> {
    for hash in hashes {
        let key = crate::keys::guid_key(feed, hash);
        if let Some(value) = core.trees().waiting.get(key)? {
            let waiting: WaitingMark = records::decode(&value, "a waiting mark")?;
            mark.read |= waiting.read;
            mark.saved_at = mark.saved_at.or(waiting.saved_at);
            waited.push(key);
        }
    }
    Ok(())
}

/// The changes in sled for a group of plans, and the locations of their articles' records.
fn changes_of(
    core: &Core,
    group: &[Prepared],
    pointers: &[Pointer],
    live: &mut Live,
) -> Result<Changes> {
    let mut changes = Changes::default();
    let mut pointers = pointers.iter();
    for Prepared { plan, feed, .. } in group {
        change_articles(plan, feed.feed.id, &mut pointers, live, &mut changes)?;
        change_marks(plan, feed.feed.id, &mut changes)?;
        changes.put(Name::Feeds, &feed.feed.id.0.to_be_bytes(), feed)?;
    }
    let plans = || group.iter().map(|one| &one.plan);
    if let Some(last) = plans().rfind(|plan| !plan.entries.is_empty()) {
        let next = last.next_article.to_be_bytes();
        changes.put_bytes(Name::Meta, b"next_article", &next);
    }
    let read = plans().flat_map(|plan| &plan.read);
    let read: Vec<(u64, bool)> = read.map(|id| (*id, true)).collect();
    core.put_read(&read, &mut changes);
    core.state().live.put(live, &mut changes);
    Ok(changes)
}

/// The rows and lists of a feed's new and changed articles.
fn change_articles<'a>(
    plan: &Plan,
    feed: FeedId,
    pointers: &mut impl Iterator<Item = &'a Pointer>,
    live: &mut Live,
    changes: &mut Changes,
) -> Result<()> {
    for (article, pointer) in plan.articles.iter().zip(pointers) {
        let key = article.id.to_be_bytes();
        let stored = StoredArticle {
            row: article.row.clone(),
            body: Some(*pointer),
            content: article.content,
        };
        changes.put(Name::Articles, &key, &stored)?;
        live.add(feed, *pointer);
        if let Some(old) = plan.replaced.get(&article.id) {
            // The content hash shows the indexer whether the article changed again meanwhile.
            changes.put_bytes(Name::Reindex, &key, article.content.as_slice());
            if let Some(old) = old {
                live.remove(feed, *old);
            }
        }
    }
    if let Some(first) = plan.entries.first() {
        let entries = plan.entries.iter();
        let entries = entries.map(|e| (e.id, e.time, e.guid, e.print));
        let record = StoredEntries {
            feed: feed.0,
            entries: entries.collect(),
        };
        changes.put(Name::Entries, &first.id.to_be_bytes(), &record)?;
    }
    for listed in &plan.listed {
        let key = crate::keys::listing_key(feed, listed.id);
        changes.put(Name::Listings, &key, &listed.listing)?;
    }
    Ok(())
}

/// Marks and notes of a feed's articles, and what is known of absent ones.
fn change_marks(plan: &Plan, feed: FeedId, changes: &mut Changes) -> Result<()> {
    for guid in &plan.unsound {
        changes.put_bytes(Name::Meta, &unsound_key(feed, *guid), &[]);
    }
    for (article, at, owner) in &plan.saved {
        changes.put(Name::Saved, &article.to_be_bytes(), &(*at, *owner))?;
    }
    for (article, note) in &plan.notes {
        let name = note_name(ArticleId(*article));
        changes.put(Name::Settings, name.as_bytes(), note)?;
    }
    for key in &plan.waited {
        changes.remove(Name::Waiting, key);
    }
    for key in &plan.unburied {
        changes.remove(Name::Tombstones, key);
    }
    for (key, day) in &plan.still_listed {
        changes.put(Name::Tombstones, key, day)?;
    }
    Ok(())
}

/// A document's entries, newest first if known.
struct Arrived {
    articles: Vec<NewArticle>,
    /// The position of each in the batch.
    places: Vec<usize>,
    received_at: i64,
    are_stubs: bool,
}

/// An article of another feed.
struct Elsewhere {
    id: u64,
    owner: FeedId,
    time: i64,
}

/// The new articles of a group that other feeds of their publishers may list: by publisher and
/// fingerprint, the plan and its record.
#[derive(Default)]
struct Planned(HashMap<(u64, u64), Vec<(usize, usize)>>);

impl Planned {
    fn take_in(&mut self, feed: &Feed, plan: &Plan, number: usize) {
        let publisher = publisher_of(&feed.url, feed.facts.site.as_deref());
        let prints: HashMap<u64, u64> = plan
            .entries
            .iter()
            .map(|entry| (entry.id, entry.print))
            .collect();
        for (at, article) in plan.articles.iter().enumerate() {
            if let Some(print) = prints.get(&article.id).filter(|print| **print != 0) {
                self.0
                    .entry((publisher, *print))
                    .or_default()
                    .push((number, at));
            }
        }
    }

    fn find(
        &self,
        feed: &Feed,
        article: &NewArticle,
        traits: &Traits,
        plans: &[Prepared],
    ) -> Option<Elsewhere> {
        let publisher = publisher_of(&feed.url, feed.facts.site.as_deref());
        let found = self.0.get(&(publisher, traits.print()))?;
        let mut rows = found.iter().filter_map(|(number, at)| {
            let planned = plans.get(*number)?.plan.articles.get(*at)?;
            let row = &planned.row;
            let is_it = traits.is_same_page(&article.guid, &Traits::of_row(row), &row.guid);
            is_it.then_some((planned.id, row.feed, row.time))
        });
        let (id, owner, time) = rows.next()?;
        Some(Elsewhere { id, owner, time })
    }
}

/// Whether a document begins with its oldest entry, judged by its dates.
fn is_oldest_first(entries: &[(usize, NewArticle)]) -> bool {
    let dates: Vec<i64> = entries
        .iter()
        .filter_map(|(_, article)| article.published)
        .collect();
    let pairs = || dates.iter().zip(dates.iter().skip(1));
    let rising = pairs().filter(|(one, next)| one < next).count();
    let falling = pairs().filter(|(one, next)| one > next).count();
    rising > falling
}

/// The time by which lists order an article: when it was published, or when it was fetched if that
/// is unknown or in the future.
fn list_time(published: Option<i64>, received_at: i64) -> i64 {
    published
        .filter(|time| *time <= received_at)
        .unwrap_or(received_at)
}

/// The first entry of each GUID, with its position.
fn first_of_each_guid(articles: Vec<NewArticle>) -> Vec<(usize, NewArticle)> {
    let mut seen = HashSet::new();
    let is_first: Vec<bool> = articles
        .iter()
        .map(|article| seen.insert(article.guid.as_str()))
        .collect();
    let numbered = articles.into_iter().enumerate().zip(is_first);
    numbered
        .filter_map(|(numbered, is_first)| is_first.then_some(numbered))
        .collect()
}

fn in_order(mut numbered: Vec<(usize, u64)>) -> Vec<ArticleId> {
    numbered.sort_unstable();
    numbered.into_iter().map(|(_, id)| ArticleId(id)).collect()
}

/// A redirecting address may change at every fetch; the first one is kept, so that the article does
/// not count as changed.
fn keep_redirect(article: &mut NewArticle, stored: &StoredRow) {
    if let (Some(new), Some(old)) = (&article.url, &stored.url)
        && new != old
        && article.link_is_redirect
        && stored.link_is_redirect
    {
        article.html = article.html.replace(new.as_str(), old);
        article.url.clone_from(&stored.url);
    }
}

/// Hash of everything but the read flag. Never zero. Fields that version 1 did not have are
/// included only if present, so that its articles do not count as changed.
fn content_hash(article: &NewArticle) -> Result<[u8; 16]> {
    let about = article.html.len() + MOST_BESIDE_HTML;
    let mut bytes = records::encode_as(1, &records::v1::Arrived::of(article), about)?;
    let durations: Vec<_> = article
        .enclosures
        .iter()
        .map(|enclosure| (enclosure.duration_seconds, &enclosure.title))
        .collect();
    let has_more = article.chapters.is_some()
        || article.link_is_redirect
        || durations
            .iter()
            .any(|(seconds, title)| seconds.is_some() || title.is_some());
    if has_more {
        let more = (durations, &article.chapters, article.link_is_redirect);
        bytes.extend(records::encode_as(2, &more, 0)?);
    }
    let mut hash = crate::hash::hash16(&bytes);
    hash[0] |= 1;
    Ok(hash)
}
