//! Restores snapshots and imports profiles. Their content passes the same checks as user input, and
//! is shown to the reader before it is applied.
//!
//! A snapshot is untrusted input. Invalid records are rejected and reported; the others are
//! applied. Nothing is ever removed, and a rejected file changes nothing.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use warta_store::{Incoming, IncomingFeed, NEWSLETTERS, OWN, Rebuilt, RestorePlan, Restored};

use crate::api::{
    Event, Failure, FailureCode, Forwarding, Listening, Refused, RefusedKind, RestoreSummary,
    Result, Settings,
};
use crate::context::clock::Clock;
use crate::context::locks::locked;
use crate::context::{Context, SAVED_PAGES, checks, settings};
use crate::reading::highlights::{self, Highlights};
use crate::reading::own_style;
use crate::rules::{self, Rules};
use crate::sharing::{outbox, preferences};
use crate::subscriptions::publisher_channels;

/// Maximum number of rejected records that are listed; all are counted.
const LISTED: usize = 100;
/// Records that are specific to one machine: its traffic counter, its outbox, and the time of its
/// last automatic pack.
const OF_ONE_MACHINE: [&str; 3] = ["traffic", outbox::OUTBOX, "auto_pack_at"];
/// Prefix of the settings that store playback positions.
const LISTENED: &str = "sound/";
const KEPT_AUDIO: &str = "own/sound/";

/// A snapshot that was read and waits for confirmation.
#[derive(Debug)]
pub(crate) struct Pending {
    plan: RestorePlan,
    summary: RestoreSummary,
}

/// Checks the records of a snapshot.
struct Inspection<'n> {
    summary: RestoreSummary,
    /// Whether a setting exists already, in which case the snapshot's is ignored.
    is_set: &'n dyn Fn(&str) -> bool,
    /// Whether to accept records that contain this store's ids: they come together with the
    /// articles.
    own: bool,
    feeds: HashSet<String>,
}

impl<'n> Inspection<'n> {
    fn new(is_set: &'n dyn Fn(&str) -> bool, own: bool) -> Self {
        Self {
            summary: RestoreSummary::default(),
            is_set,
            own,
            feeds: HashSet::new(),
        }
    }

    /// Whether to accept a record; may modify it to drop invalid parts.
    fn takes(&mut self, record: Incoming<'_>) -> bool {
        match record {
            Incoming::Folder { path } => match checks::folder(path) {
                Ok(checked) if checked.is_empty() => {
                    self.refuse(RefusedKind::Folder, "", "it has no name")
                }
                Ok(checked) => {
                    *path = checked;
                    true
                }
                Err(why) => self.refuse(RefusedKind::Folder, &path.concat(), why),
            },
            Incoming::Feed(mut feed) => self.takes_feed(&mut feed),
            Incoming::Saved {
                feed,
                guid,
                url,
                title,
            } => {
                if let Err(why) = checks::guid(guid) {
                    return self.refuse(RefusedKind::Article, title, why);
                }
                bare_address(feed);
                let is_web = |url: &String| checks::web_address(url).is_ok();
                *url = url.take().filter(is_web);
                *title = checks::title(title).unwrap_or_default();
                true
            }
            Incoming::Read { feed } => {
                bare_address(feed);
                true
            }
            Incoming::Setting { name, json } => self.takes_setting(name, json),
            Incoming::Search { name, query } => {
                let checked = checks::name("a search's name", name)
                    .and_then(|name| checks::query(query).map(|_| name));
                match checked {
                    Ok(checked) => {
                        *name = checked;
                        true
                    }
                    Err(why) => self.refuse(RefusedKind::Search, name, why),
                }
            }
            Incoming::Forward(forward) => match checks::forward(forward) {
                Ok(()) => true,
                Err(why) => self.refuse(RefusedKind::Forward, &forward.title, why),
            },
        }
    }

    fn takes_feed(&mut self, feed: &mut IncomingFeed<'_>) -> bool {
        if feed.url == SAVED_PAGES {
            *feed.custom_title = None;
            feed.folder.clear();
            *feed.title = None;
            *feed.site = None;
            *feed.user_agent = None;
            feed.headers.clear();
            return true;
        }
        if feed.url.starts_with(NEWSLETTERS) && feed.url.len() <= checks::ADDRESS {
            // Never fetched by HTTP.
            *feed.site = None;
            *feed.user_agent = None;
            feed.headers.clear();
        } else {
            bare_address(feed.url);
            if let Err(why) = checks::web_address(feed.url) {
                let shown = crate::context::labels::without_credentials(feed.url);
                return self.refuse(RefusedKind::Feed, &shown, why);
            }
        }
        if !self.feeds.contains(feed.url.as_str()) {
            if let Err(why) = checks::count("feeds", self.feeds.len() + 1, checks::FEEDS) {
                return self.refuse(RefusedKind::Feed, feed.url, why);
            }
            self.feeds.insert(feed.url.clone());
        }
        *feed.title = feed.title.as_deref().and_then(checks::title);
        let is_web = |site: &String| checks::web_address(site).is_ok();
        *feed.site = feed.site.take().filter(is_web);
        if let Some(title) = feed.custom_title.take() {
            match checks::name("a feed's name", &title) {
                Ok(title) => *feed.custom_title = Some(title),
                Err(why) => _ = self.refuse(RefusedKind::Setting, feed.url, why),
            }
        }
        // Normalised in the same way as the folder's own record.
        *feed.folder = checks::folder(feed.folder).unwrap_or_default();
        if let Some(agent) = feed.user_agent.take() {
            match checks::user_agent(&agent) {
                Ok(agent) => *feed.user_agent = Some(agent).filter(|agent| !agent.is_empty()),
                Err(why) => _ = self.refuse(RefusedKind::Setting, feed.url, why),
            }
        }
        let before = feed.headers.len();
        feed.headers
            .retain(|name| checks::header_name(name).is_ok());
        feed.headers.truncate(checks::HEADERS);
        if feed.headers.len() < before {
            self.refuse(
                RefusedKind::Setting,
                feed.url,
                "headers that cannot be sent",
            );
        }
        self.summary.limits_articles |= feed.keep.iter().any(Option::is_some);
        true
    }

    fn takes_setting(&mut self, name: &str, json: &mut String) -> bool {
        if OF_ONE_MACHINE.contains(&name) {
            return false;
        }
        if json.len() > checks::SETTING || name.len() > checks::NAME {
            return self.refuse(RefusedKind::Setting, name, "the value is too long");
        }
        if name.starts_with(OWN) {
            // Audio files are not part of a profile, so records about them would be wrong.
            return self.own && !name.starts_with(KEPT_AUDIO);
        }
        // Existing settings are kept, so do not report them as changed.
        let is_new = !(self.is_set)(name);
        let mut refused: Vec<Refused> = Vec::new();
        let checked: checks::Checked<Option<String>> = if name == settings::RECORD {
            match serde_json::from_str::<Settings>(json) {
                Ok(mut set) => {
                    refused = checks::settings(&mut set);
                    if is_new {
                        self.note_settings(&set);
                    }
                    Ok(Some(crate::context::records::json(&set)))
                }
                Err(error) => Err(error.to_string()),
            }
        } else if name == preferences::SETTINGS {
            match serde_json::from_str::<Forwarding>(json) {
                Ok(mut set) => {
                    refused = checks::forwarding(&mut set);
                    if is_new {
                        self.summary.channels = set.own.len() as u32;
                    }
                    Ok(Some(crate::context::records::json(&set)))
                }
                Err(error) => Err(error.to_string()),
            }
        } else if name == publisher_channels::RECORD {
            publisher_channels::checked_record(json, &mut into(&mut refused, RefusedKind::Channel))
                .map(Some)
        } else if name == preferences::RECORD {
            preferences::checked_record(json, &mut into(&mut refused, RefusedKind::Service))
                .map(Some)
        } else if name.starts_with(rules::RECORDS) {
            let many = checks::count("rules", self.summary.rules as usize + 1, checks::RULES);
            let checked = many.and_then(|()| rules::check_record(name, json));
            if checked.is_ok() && is_new {
                self.summary.rules += 1;
            }
            checked.map(|()| None)
        } else if name == own_style::RECORD {
            own_style::checked_record(json).map(|()| None)
        } else if name.starts_with(highlights::RECORDS) {
            let many = self.summary.highlights as usize + 1;
            let checked = checks::count("highlights", many, highlights::MOST)
                .and_then(|()| highlights::checked_record(name, json));
            if checked.is_ok() && is_new {
                self.summary.highlights += 1;
            }
            checked.map(Some)
        } else if let Some(id) = name.strip_prefix(LISTENED) {
            let is_listening = serde_json::from_str::<Listening>(json).is_ok();
            if is_listening && warta_store::PictureId::parse(id).is_some() {
                Ok(None)
            } else {
                Err("this is not a playback position".into())
            }
        } else {
            Err("unknown setting".into())
        };
        for refused in refused {
            self.list(refused);
        }
        match checked {
            Ok(changed) => {
                if let Some(changed) = changed {
                    *json = changed;
                }
                true
            }
            Err(why) => {
                let kind = if name.starts_with(rules::RECORDS) {
                    RefusedKind::Rule
                } else {
                    RefusedKind::Setting
                };
                self.refuse(kind, name, why)
            }
        }
    }

    fn note_settings(&mut self, set: &Settings) {
        self.summary.proxy = Some(set.proxy.clone()).filter(|proxy| proxy != "system");
        self.summary.limits_articles |= [
            set.keep_days,
            set.keep_feed_articles,
            set.keep_articles,
            set.keep_megabytes,
        ]
        .iter()
        .any(|bound| *bound > 0);
    }

    /// Rejects and reports a record.
    fn refuse(&mut self, kind: RefusedKind, what: &str, why: impl Into<String>) -> bool {
        self.list(checks::refuse(kind, what, why));
        false
    }

    fn list(&mut self, refused: Refused) {
        self.summary.refused_count = self.summary.refused_count.saturating_add(1);
        if self.summary.refused.len() < LISTED {
            self.summary.refused.push(refused);
        }
    }
}

/// Restores snapshots and imports profiles.
pub struct Restoring {
    ctx: Arc<Context>,
    rules: Arc<Rules>,
    highlights: Arc<Highlights>,
    pending: Mutex<Option<Pending>>,
}

impl Restoring {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        rules: &Arc<Rules>,
        highlights: &Arc<Highlights>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rules: Arc::clone(rules),
            highlights: Arc::clone(highlights),
            pending: Mutex::default(),
        }
    }

    /// Reads and checks a snapshot and returns what restoring it would add. Changes nothing; pass
    /// the plan's id to [`Restoring::apply_restore`].
    pub fn plan_restore(&self, file: &Path) -> Result<RestoreSummary> {
        let is_set = |name: &str| !matches!(self.ctx.store.setting(name), Ok(None));
        let mut inspection = Inspection::new(&is_set, false);
        let plan = self
            .ctx
            .store
            .plan_restore(file, &mut |record| inspection.takes(record))?;
        let mut summary = inspection.summary;
        count(&mut summary, plan.adds());
        let mut pending = locked(&self.pending);
        summary.plan = pending
            .as_ref()
            .map_or(1, |last| last.summary.plan.wrapping_add(1));
        *pending = Some(Pending {
            plan,
            summary: summary.clone(),
        });
        Ok(summary)
    }

    /// Applies the plan of the last [`Restoring::plan_restore`] in one batch.
    pub fn apply_restore(&self, plan: u32) -> Result<RestoreSummary> {
        let pending = locked(&self.pending).take_if(|pending| pending.summary.plan == plan);
        let Some(Pending { plan, mut summary }) = pending else {
            return Err(Failure::new(
                FailureCode::NotFound,
                "this is not the last snapshot that was read",
            ));
        };
        let restored = self.ctx.store.apply_restore(&plan, self.ctx.now())?;
        count(&mut summary, &restored);
        summary.applied = true;
        for feed in self.ctx.store.feeds()? {
            self.ctx.labels.learn(&feed);
        }
        self.ctx.reload_settings()?;
        self.rules.reload()?;
        self.highlights.reload()?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(summary)
    }

    /// Discards the plan of the last [`Restoring::plan_restore`].
    pub fn cancel_restore(&self) {
        *locked(&self.pending) = None;
    }

    /// Adds the content of a snapshot to the store; removes nothing.
    pub fn restore(&self, file: &Path) -> Result<RestoreSummary> {
        let plan = self.plan_restore(file)?.plan;
        self.apply_restore(plan)
    }

    /// Imports a profile into a data folder without a store, atomically. Also returns the rejected
    /// records.
    pub fn import(
        file: &Path,
        data_dir: &Path,
        clock: &Clock,
    ) -> Result<(Rebuilt, RestoreSummary)> {
        let nothing_is_set = |_: &str| false;
        let mut inspection = Inspection::new(&nothing_is_set, true);
        let rebuilt = warta_store::import_checked(file, data_dir, clock.now(), &mut |record| {
            inspection.takes(record)
        })?;
        let mut summary = inspection.summary;
        if let Some((_, restored)) = &rebuilt.restored {
            count(&mut summary, restored);
        }
        summary.applied = true;
        Ok((rebuilt, summary))
    }
}

fn count(summary: &mut RestoreSummary, restored: &Restored) {
    summary.feeds = restored.feeds;
    summary.folders = restored.folders;
    summary.marks = restored.marks;
    summary.settings = restored.settings;
    summary.forwards = restored.forwards;
    summary.searches = restored.searches;
    summary.problems.clone_from(&restored.problems);
}

/// Reports a rejected address.
fn into(refused: &mut Vec<Refused>, kind: RefusedKind) -> impl FnMut(&str) {
    move |what| {
        let why = "this address cannot be imported from a file";
        refused.push(checks::refuse(kind, what, why));
    }
}

/// Removes credentials from a feed's URL: typed ones are stored in the keyring, those in a file are
/// not used.
fn bare_address(address: &mut String) {
    let bare = crate::context::labels::without_credentials(address);
    if bare != *address {
        *address = bare;
    }
}
