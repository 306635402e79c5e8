//! The public interface of Warta's engine: subscriptions, sync, reading, search, stories,
//! forwarding and settings.
//!
//! Front ends (the desktop app and the CLI) open an [`Engine`], get a service from it and call its
//! methods; results are plain data ([`api`]). Synchronous methods block: do not call them on async
//! threads. Opening links, the clipboard and the share sheet are implemented by the front ends as a
//! [`Host`].
//!
//! A service uses only services to its right in this list; notifications in the other direction are
//! [`Event`](api::Event)s:
//! `background` → `sync` → `maintenance` → `updates` → `offline` → `sharing` → `stories` → `rules`
//! → `reading` → `newsletters` → `subscriptions` → `network` → `context` → `api`.

pub mod api;
mod background;
mod context;
mod data_folder;
mod diagnostics;
mod importing;
pub mod inspect;
mod maintenance;
mod network;
mod newsletters;
mod offline;
mod reading;
mod restoring;
mod rules;
mod services;
mod sharing;
mod stories;
mod subscriptions;
mod sync;
mod updates;

use std::sync::Arc;

use api::{ArticleView, Event, Overview, Places, Settings};
use services::Services;
use tokio::sync::broadcast;

pub use api::Result;
pub use background::Background;
pub use context::clock::{Clock, system_clock};
pub use data_folder::{DataFolder, FolderReason, IDENTIFIER};
pub use diagnostics::FrontEnd;
pub use importing::Importing;
pub use maintenance::Maintenance;
pub use network::connectivity::Connectivity;
pub use network::credentials::{Keyring, SystemKeyring};
pub use newsletters::Newsletters;
pub use offline::data_budget::DataBudget;
pub use offline::full_text::FullTexts;
pub use offline::packs::Packs;
pub use offline::pictures::Pictures;
pub use offline::podcasts::Podcasts;
pub use offline::saved_pages::SavedPages;
pub use reading::fonts::installed_fonts;
pub use reading::highlights::Highlights;
pub use reading::lists::Lists;
pub use reading::marks::Marks;
pub use reading::media::{Media, MediaFiles, Part};
pub use reading::own_style::OwnStyles;
pub use reading::saved_searches::SavedSearches;
pub use reading::search::Search;
pub use reading::tags::Tags;
pub use restoring::Restoring;
pub use rules::Rules;
pub use services::{Opening, VERSION};
pub use sharing::cards::Cards;
pub use sharing::epub::Books;
pub use sharing::forward::{Host, ShareSheet, Shared, Sharing};
pub use sharing::highlights::HighlightExport;
pub use sharing::integrations::Integrations;
pub use sharing::saved_export::SavedExporter;
pub use stories::Stories;
pub use subscriptions::catalogue::Catalogue;
pub use subscriptions::discovery::Discovery;
pub use subscriptions::feeds::Feeds;
pub use subscriptions::health::Health;
pub use subscriptions::mending::Mending;
pub use subscriptions::opml::Opml;
pub use subscriptions::page_feeds::PageFeeds;
pub use subscriptions::podcast_directory::PodcastDirectory;
pub use subscriptions::publisher_channels::PublisherChannels;
pub use sync::FeedSync;
pub use sync::back_issues::BackIssues;
pub use sync::power::{ResourceConstraint, system_resource_constraint};
pub use updates::{UpdateSource, Updates, Updating};
pub use warta_share::language_of_locale;
pub use warta_store::{Aside, Checkup, Keep, Rebuilt, Retention};
/// Makes text safe for terminals, files and notifications.
pub use warta_text as text;

/// The engine. Cheap to clone; all clones share one store.
#[derive(Clone)]
pub struct Engine {
    services: Arc<Services>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("dir", &self.services.ctx.store.dir())
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens or creates the store in a folder. Does not cluster stories:
    /// [`Stories::gather_stories`] or the first call that needs them does.
    pub fn open(opening: &Opening) -> Result<Self> {
        let services = Services::open(opening)?;
        services.followed.hide_muted();
        if services.ctx.store.may_write().is_ok()
            && let Err(failure) = services.rules.carry_out(false)
        {
            // Reading still works; the pending actions stay recorded.
            tracing::warn!(?failure, "pending rule actions could not be done");
        }
        Ok(Self {
            services: Arc::new(services),
        })
    }

    /// Subscribes to events. A listener that falls far behind misses events and should reload its
    /// data.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.services.ctx.events()
    }

    /// Everything a front end needs to show its first screen.
    pub fn overview(&self) -> Result<Overview> {
        let places = self.places()?;
        Ok(Overview {
            settings: self.settings(),
            first_run: places.feeds.is_empty(),
            places,
            connection: self.connectivity().connection(),
            sync: self.sync().sync_progress(),
            version: VERSION.into(),
            data_dir: self.services.ctx.store.dir().display().to_string(),
            repaired: self.maintenance().repaired_automatically()?,
            read_only: self.is_read_only(),
            now: self.services.ctx.now(),
        })
    }

    /// Whether the data folder cannot be written. Everything can be read then, and changes fail with
    /// [`FailureCode::ReadOnly`](api::FailureCode::ReadOnly).
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.services.ctx.store.may_write().is_err()
    }

    /// The sidebar: every list with its counts, the outbox and the packs.
    pub fn places(&self) -> Result<Places> {
        Ok(Places {
            waiting: self.sharing().outbox()?.len() as u32,
            highlights: self.highlights().count(),
            packs: self.packs().packs()?,
            ..self.services.lists.places()?
        })
    }

    /// An article with picture and audio URLs of the media protocol.
    pub fn article(&self, id: u64) -> Result<ArticleView> {
        let mut view = self.services.articles.article(id)?;
        for enclosure in &mut view.enclosures {
            enclosure.audio = self.podcasts().audio_view(enclosure)?;
        }
        view.story = self.stories().story_of(id)?;
        view.forwards = self.sharing().forwards(Some(id))?;
        Ok(view)
    }

    /// The reader's settings.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.services.ctx.settings()
    }

    /// Stores new settings after validation and returns them as stored.
    pub fn set_settings(&self, settings: Settings) -> Result<Settings> {
        self.services.ctx.set_settings(settings)
    }

    /// Whether notifications wait now, by the reader's quiet hours.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let ctx = &self.services.ctx;
        let hours = ctx.settings().quiet_hours;
        hours.is_some_and(|hours| hours.contains(ctx.clock.minute_of_day()))
    }

    /// Makes all acknowledged writes durable.
    pub fn flush(&self) -> Result<()> {
        self.services.ctx.flush()
    }
}

/// Diagnostics for the reader to copy, also of an engine that did not open: versions, sizes, counts, why feeds
/// fail, and the end of the log, in English, without names of feeds, hosts, titles and folders. Blocks.
#[must_use]
pub fn diagnostics_text(
    engine: std::result::Result<&Engine, &api::Failure>,
    of: &FrontEnd<'_>,
) -> String {
    let contents = |engine: &Engine| -> Result<_> {
        Ok(diagnostics::Contents {
            language: engine.settings().language,
            usage: engine.maintenance().usage()?,
            read_only: engine.is_read_only(),
            places: engine.places()?,
            connection: engine.connectivity().connection(),
            last_repair: engine.maintenance().last_repair()?,
        })
    };
    diagnostics::compose(engine.map_err(Clone::clone).and_then(contents), of)
}

/// The services.
impl Engine {
    /// Automatic work.
    #[must_use]
    pub fn background(&self) -> &Arc<Background> {
        &self.services.background
    }

    /// Synchronising feeds.
    #[must_use]
    pub fn sync(&self) -> &Arc<FeedSync> {
        &self.services.sync
    }

    /// Retention, compaction, snapshots, checks and disk usage.
    #[must_use]
    pub fn maintenance(&self) -> &Arc<Maintenance> {
        &self.services.maintenance
    }

    /// Restoring snapshots.
    #[must_use]
    pub fn restoring(&self) -> &Arc<Restoring> {
        &self.services.restoring
    }

    /// Importing what other readers export.
    #[must_use]
    pub fn importing(&self) -> &Arc<Importing> {
        &self.services.importing
    }

    /// Exporting saved articles.
    #[must_use]
    pub fn saved_export(&self) -> &Arc<SavedExporter> {
        &self.services.saved_export
    }

    /// The monthly data budget.
    #[must_use]
    pub fn budget(&self) -> &Arc<DataBudget> {
        &self.services.budget
    }

    /// Pictures of articles.
    #[must_use]
    pub fn pictures(&self) -> &Arc<Pictures> {
        &self.services.pictures
    }

    /// Full texts of articles.
    #[must_use]
    pub fn full_texts(&self) -> &Arc<FullTexts> {
        &self.services.full_texts
    }

    /// Pages saved to read later.
    #[must_use]
    pub fn saved_pages(&self) -> &Arc<SavedPages> {
        &self.services.saved_pages
    }

    /// Podcast episodes.
    #[must_use]
    pub fn podcasts(&self) -> &Arc<Podcasts> {
        &self.services.podcasts
    }

    /// Offline packs.
    #[must_use]
    pub fn packs(&self) -> &Arc<Packs> {
        &self.services.packs
    }

    /// Forwarding, and its history.
    #[must_use]
    pub fn sharing(&self) -> &Arc<Sharing> {
        &self.services.sharing
    }

    /// Integrations.
    #[must_use]
    pub fn integrations(&self) -> &Arc<Integrations> {
        &self.services.integrations
    }

    /// Picture cards and article files.
    #[must_use]
    pub fn cards(&self) -> &Arc<Cards> {
        &self.services.cards
    }

    /// EPUB files.
    #[must_use]
    pub fn books(&self) -> &Arc<Books> {
        &self.services.books
    }

    /// Stories, the front page and trending.
    #[must_use]
    pub fn stories(&self) -> &Arc<Stories> {
        &self.services.stories
    }

    /// Rules.
    #[must_use]
    pub fn rules(&self) -> &Arc<Rules> {
        &self.services.rules
    }

    /// Lists of articles.
    #[must_use]
    pub fn lists(&self) -> &Arc<Lists> {
        &self.services.lists
    }

    /// Marking as read or saved, and undoing.
    #[must_use]
    pub fn marks(&self) -> &Arc<Marks> {
        &self.services.marks
    }

    /// Highlights and notes.
    #[must_use]
    pub fn highlights(&self) -> &Arc<Highlights> {
        &self.services.highlights
    }

    /// Highlights as files and for Readwise.
    #[must_use]
    pub fn highlight_export(&self) -> &Arc<HighlightExport> {
        &self.services.highlight_export
    }

    /// Full-text search.
    #[must_use]
    pub fn search(&self) -> &Arc<Search> {
        &self.services.search
    }

    /// Saved searches.
    #[must_use]
    pub fn saved_searches(&self) -> &Arc<SavedSearches> {
        &self.services.saved_searches
    }

    /// The reader's own style sheet for article text.
    #[must_use]
    pub fn own_styles(&self) -> &Arc<OwnStyles> {
        &self.services.own_styles
    }

    /// Tags.
    #[must_use]
    pub fn tags(&self) -> &Arc<Tags> {
        &self.services.tags
    }

    /// Pictures and audio for the media protocol.
    #[must_use]
    pub fn media(&self) -> &Arc<MediaFiles> {
        &self.services.media
    }

    /// Feed discovery.
    #[must_use]
    pub fn discovery(&self) -> &Arc<Discovery> {
        &self.services.discovery
    }

    /// Apple's podcast directory.
    #[must_use]
    pub fn podcast_directory(&self) -> &Arc<PodcastDirectory> {
        &self.services.podcast_directory
    }

    /// Web pages as feeds.
    #[must_use]
    pub fn page_feeds(&self) -> &Arc<PageFeeds> {
        &self.services.page_feeds
    }

    /// Feeds and folders.
    #[must_use]
    pub fn feeds(&self) -> &Arc<Feeds> {
        &self.services.feeds
    }

    /// Mail accounts whose newsletters are feeds.
    #[must_use]
    pub fn newsletters(&self) -> &Arc<Newsletters> {
        &self.services.newsletters
    }

    /// New addresses for feeds that stopped.
    #[must_use]
    pub fn mending(&self) -> &Arc<Mending> {
        &self.services.mending
    }

    /// Older articles from publishers' archives.
    #[must_use]
    pub fn back_issues(&self) -> &Arc<BackIssues> {
        &self.services.back_issues
    }

    /// Feeds that trouble the reader.
    #[must_use]
    pub fn health(&self) -> &Arc<Health> {
        &self.services.health
    }

    /// OPML import and export.
    #[must_use]
    pub fn opml(&self) -> &Arc<Opml> {
        &self.services.opml
    }

    /// Publisher channels.
    #[must_use]
    pub fn publisher_channels(&self) -> &Arc<PublisherChannels> {
        &self.services.publisher_channels
    }

    /// The built-in catalogue of publishers.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.services.catalogue
    }

    /// Updates of the program.
    #[must_use]
    pub fn updates(&self) -> &Arc<Updates> {
        &self.services.updates
    }

    /// Network state.
    #[must_use]
    pub fn connectivity(&self) -> &Arc<Connectivity> {
        &self.services.connectivity
    }
}
