//! Stores the newsletters of mail accounts as the articles of feeds, one feed for each sender.
//!
//! The articles of a portion are committed before the account's position is, so that a kill loses no
//! message; the ones it repeats are known by their GUIDs.

use std::sync::Arc;
use std::time::Instant;

use warta_feed::Entry;
use warta_mail::{InlinePicture, MailError};
use warta_store::{Added, ArticleRow, Feed, FeedBatch, FeedFacts};

use super::FeedSync;
use super::feed_fetcher::{FetchFailure, millis, remember};
use super::ingest::prepare;
use crate::api::{Connection, Event, Problem, Result, SyncReport};
use crate::context::blocking;
use crate::newsletters::accounts::Account;
use crate::newsletters::reading::{Letter, OfSender, Portion, Reader};
use crate::subscriptions::schedule;

/// The folder of feeds whose senders were not chosen by the reader, by language.
fn folder_name(language: &str) -> String {
    match language {
        "id" => "Buletin",
        _ => "Newsletters",
    }
    .to_owned()
}

/// What one account brought.
#[derive(Default)]
struct Brought {
    new: u32,
    updated: u32,
    bytes: u64,
}

impl FeedSync {
    /// Reads accounts one after the other. `with_feeds`: whether this sync fetched feeds too, so that
    /// it is known whether there is a network.
    pub(super) async fn sync_newsletters(
        self: &Arc<Self>,
        accounts: Vec<Account>,
        with_feeds: bool,
        report: &mut SyncReport,
    ) -> Result<()> {
        let _one_at_a_time = self.newsletters.turn.lock().await;
        let mut unreached = Vec::new();
        let mut reached = false;
        for account in accounts {
            let mut brought = Brought::default();
            let failure = self.read_account(&account, &mut brought).await?.err();
            report.new += brought.new;
            report.updated += brought.updated;
            report.bytes += brought.bytes;
            report.feeds += 1;
            report.failed += u32::from(failure.is_some());
            report.fetched += u32::from(failure.is_none() && brought.new + brought.updated > 0);
            report.not_modified +=
                u32::from(failure.is_none() && brought.new + brought.updated == 0);
            self.progress(|progress| {
                progress.done += 1;
                progress.failed += u32::from(failure.is_some());
                progress.new_articles += brought.new;
                progress.bytes += brought.bytes;
            });
            match failure {
                Some(error) if error.is_unreached() => unreached.push((account, error)),
                failure => {
                    reached = true;
                    self.record_reading(account, failure).await?;
                }
            }
        }
        if reached {
            self.connectivity.set_connection(Connection::Online);
        } else if !with_feeds && !unreached.is_empty() {
            // Nothing else was asked: without a network no account has failed.
            self.connectivity.set_connection(Connection::Offline);
            report.offline = true;
            return Ok(());
        }
        for (account, error) in unreached {
            self.record_reading(account, Some(error)).await?;
        }
        Ok(())
    }

    /// Reads what is new in an account's folder.
    async fn read_account(
        self: &Arc<Self>,
        account: &Account,
        brought: &mut Brought,
    ) -> Result<std::result::Result<(), MailError>> {
        // The record may have changed since it was chosen.
        let id = account.id.clone();
        let current = blocking(self, move |this| Account::load(&this.ctx.store, &id)).await?;
        let Some(current) = current else {
            return Ok(Ok(()));
        };
        let mut reader = match Reader::open(&self.newsletters, current).await? {
            Ok(reader) => reader,
            Err(error) => return Ok(Err(error)),
        };
        loop {
            let started = Instant::now();
            let next = reader.next().await?;
            brought.bytes = reader.wire_bytes();
            let portion = match next {
                Ok(Some(portion)) => portion,
                Ok(None) => break,
                Err(error) => return Ok(Err(error)),
            };
            let took_ms = millis(started.elapsed());
            let (rows, updated) =
                blocking(self, move |this| this.store_portion(portion, took_ms)).await?;
            brought.new += (rows.len() - updated) as u32;
            brought.updated += updated as u32;
            let ids = rows.iter().map(|row| row.id);
            if !rows.is_empty() && !self.stories.leave_for_gathering(ids) {
                blocking(self, move |this| this.stories.place_in_stories(rows)).await?;
                self.ctx.emit(Event::StoriesChanged);
            }
        }
        reader.close().await;
        Ok(Ok(()))
    }

    /// Commits the articles of a portion, then the account's position. Returns the rows of new and
    /// changed articles, and how many of them were changed.
    fn store_portion(&self, portion: Portion, took_ms: u32) -> Result<(Vec<ArticleRow>, usize)> {
        let (mut rows, mut updated) = (Vec::new(), 0);
        let mut after = portion.after;
        for of_sender in portion.senders {
            let Some(feed) = self.feed_of(&after, &of_sender)? else {
                // Unsubscribed from in the meantime.
                let known = after.known.entry(of_sender.key).or_default();
                known.skipped.get_or_insert(1);
                continue;
            };
            let committed = self.store_letters(&feed, of_sender, took_ms)?;
            let new = committed.new.len() as u32;
            updated += committed.updated.len();
            if new > 0 || !committed.updated.is_empty() {
                self.ctx.emit(Event::ArticlesArrived {
                    feed: feed.id.0,
                    new,
                });
            }
            rows.extend(committed.rows);
        }
        self.ctx.flush()?;
        // Removed by the reader in the meantime?
        if Account::load(&self.ctx.store, &after.id)?.is_some() {
            after.save(&self.ctx.store)?;
        }
        Ok((rows, updated))
    }

    fn feed_of(&self, account: &Account, sender: &OfSender) -> Result<Option<Feed>> {
        let store = &self.ctx.store;
        let known = store.feed_at(&account.address(&sender.key));
        let id = match known {
            Some(id) => id,
            None if !sender.is_new => return Ok(None),
            None => {
                let folder = folder_name(&self.ctx.settings().language);
                let new = account.new_feed(&sender.key, &sender.name);
                let added = store.add_feeds_in_folders(&[(new, vec![folder])], self.ctx.now())?;
                let Some(Added::New(id) | Added::Already(id)) = added.into_iter().next() else {
                    return Ok(None);
                };
                self.ctx.emit(Event::PlacesChanged);
                id
            }
        };
        Ok(store.feed(id)?)
    }

    fn store_letters(
        &self,
        feed: &Feed,
        sender: OfSender,
        took_ms: u32,
    ) -> Result<super::feed_fetcher::Outcome> {
        let now = self.ctx.now();
        let mut entries = Vec::with_capacity(sender.letters.len());
        let mut pictures: Vec<InlinePicture> = Vec::new();
        // The newest first, as feeds list them.
        for letter in sender.letters.into_iter().rev() {
            let (entry, of_letter) = entry(letter);
            entries.push(entry);
            pictures.extend(of_letter);
        }
        let mut parsed = warta_feed::Feed::of_page(Some(sender.name), "", entries);
        parsed.link = None;
        let mut prepared = prepare(feed, parsed, &feed.url, now, None);
        // Stored before the articles that show them.
        for picture in &pictures {
            self.pictures.keep_inline(&picture.url, &picture.bytes)?;
        }
        let has_notes = self.feed_fetcher.apply_rules(feed, &mut prepared.articles);
        let published = prepared.articles.iter().filter_map(|one| one.published);
        let interval = schedule::interval(now, published);
        let before = feed.facts.schedule;
        let facts = self.facts_of(feed, prepared.facts, took_ms);
        let committed = self.ctx.store.commit(FeedBatch {
            feed: feed.id,
            facts: FeedFacts {
                schedule: warta_store::FeedSchedule {
                    interval_seconds: interval.or(before.interval_seconds),
                    ..before
                },
                ..facts
            },
            articles: prepared.articles,
            received_at: now,
        })?;
        self.feed_fetcher.after_storing(feed, committed, has_notes)
    }

    fn facts_of(&self, feed: &Feed, prepared: FeedFacts, took_ms: u32) -> FeedFacts {
        let mut facts = FeedFacts {
            took_ms,
            history: feed.facts.history.clone(),
            ..prepared
        };
        remember(&mut facts, self.ctx.now(), None);
        facts
    }

    /// Records how reading an account ended, for it and its feeds.
    async fn record_reading(
        self: &Arc<Self>,
        account: Account,
        failure: Option<MailError>,
    ) -> Result<()> {
        blocking(self, move |this| {
            this.newsletters.finished(&account.id, failure.as_ref())?;
            let due_at = Account::load(&this.ctx.store, &account.id)?.map(|account| account.due_at);
            let now = this.ctx.now();
            for feed in this.newsletters.feeds_of(&account)? {
                if let Some(error) = &failure {
                    let failure = FetchFailure::of(Problem::from(error), 0);
                    this.feed_fetcher.write_failure(&feed, &failure)?;
                    continue;
                }
                let succeeded = this.ctx.store.update_feed(feed.id, &mut |feed| {
                    feed.facts.checked_at = Some(now);
                    feed.facts.succeeded_at = Some(now);
                    feed.facts.failures_in_a_row = 0;
                    feed.facts.failure = None;
                    feed.facts.next_due_at = due_at;
                });
                match succeeded {
                    Ok(_) | Err(warta_store::StoreError::NotFound(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            this.ctx.flush()
        })
        .await
    }
}

/// A message as an entry, and its pictures.
fn entry(letter: Letter) -> (Entry, Vec<InlinePicture>) {
    let Letter { newsletter, at } = letter;
    let entry = Entry {
        id: newsletter.id,
        title: Some(newsletter.subject),
        content: Some(newsletter.html),
        language: newsletter.language,
        published: at.and_then(|at| chrono::DateTime::from_timestamp(at, 0)),
        ..Entry::default()
    };
    (entry, newsletter.pictures)
}
