//! Opens all services and connects each to the services below it that it uses.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use warta_net::{Client, Limits};
use warta_store::{Store, StoreError};

use crate::api::{Result, UpdatesOff};
use crate::background::Background;
use crate::context::Context;
use crate::context::clock::{Clock, system_clock};
use crate::importing::Importing;
use crate::maintenance::Maintenance;
use crate::network::connectivity::Connectivity;
use crate::network::credentials::{Credentials, Keyring, SystemKeyring};
use crate::network::own_network::{KnownHosts, OwnNetwork};
use crate::network::requests::Requests;
use crate::newsletters::Newsletters;
use crate::offline::data_budget::{DataBudget, Ledger};
use crate::offline::full_text::FullTexts;
use crate::offline::imported_pictures::ImportedPictures;
use crate::offline::packs::Packs;
use crate::offline::pictures::Pictures;
use crate::offline::podcasts::Podcasts;
use crate::offline::saved_pages::SavedPages;
use crate::reading::articles::Articles;
use crate::reading::highlights::{HighlightIndex, Highlights};
use crate::reading::lists::Lists;
use crate::reading::marks::Marks;
use crate::reading::media::MediaFiles;
use crate::reading::own_style::OwnStyles;
use crate::reading::rows::{Rows, StoryLookup};
use crate::reading::saved_searches::SavedSearches;
use crate::reading::search::Search;
use crate::reading::tags::{TagIndex, Tags};
use crate::restoring::Restoring;
use crate::rules::{RuleSet, Rules};
use crate::sharing::cards::Cards;
use crate::sharing::epub::Books;
use crate::sharing::forward::Sharing;
use crate::sharing::highlights::HighlightExport;
use crate::sharing::integrations::Integrations;
use crate::sharing::outbox::Outbox;
use crate::sharing::preferences::SharePreferences;
use crate::sharing::saved_export::SavedExporter;
use crate::sharing::subjects::Subjects;
use crate::stories::Stories;
use crate::stories::clusters::Clusters;
use crate::stories::followed_stories::{FollowedStories, Watches};
use crate::stories::source_finder::SourceFinder;
use crate::stories::trending_history::TrendingHistory;
use crate::subscriptions::catalogue::Catalogue;
use crate::subscriptions::discovery::Discovery;
use crate::subscriptions::feeds;
use crate::subscriptions::feeds::Feeds;
use crate::subscriptions::health::Health;
use crate::subscriptions::mending::Mending;
use crate::subscriptions::opml::Opml;
use crate::subscriptions::page_feeds::PageFeeds;
use crate::subscriptions::podcast_directory::{APPLE, PodcastDirectory};
use crate::subscriptions::publisher_channels::PublisherChannels;
use crate::sync::FeedSync;
use crate::sync::back_issues::BackIssues;
use crate::sync::feed_fetcher::FeedFetcher;
use crate::sync::icons::Icons;
use crate::sync::power::{Power, ResourceConstraint, system_resource_constraint};
use crate::updates::{Updates, Updating};

/// Warta's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Options for opening an engine.
#[derive(Clone)]
pub struct Opening {
    /// The data folder.
    pub data_dir: PathBuf,
    /// Base URL of the media protocol, e.g. `warta-media://localhost`.
    pub media_base: String,
    /// The default language: `id` or `en`.
    pub language: String,
    /// Source of the current time.
    pub clock: Clock,
    /// Limits for network use.
    pub limits: Limits,
    /// Storage for secrets of feeds.
    pub keyring: Arc<dyn Keyring>,
    /// The table of the catalogue, in the form of the built-in one; `None` is the built-in one.
    pub catalogue: Option<&'static str>,
    /// Detects battery power and metered connections.
    pub resource_constraint: Arc<dyn Fn() -> ResourceConstraint + Send + Sync>,
    /// Where updates of the program come from.
    pub updating: Updating,
    /// Authorities, as DER, that are trusted for mail servers beside those of the system.
    pub mail_roots: Vec<Vec<u8>>,
    /// URL of the podcast directory, without a path: Apple's, or a stand-in for tests.
    pub podcast_directory: String,
}

impl Opening {
    /// Default options: the system's clock and keyring, the default limits, and no updates.
    #[must_use]
    pub fn usual(data_dir: &Path, language: &str) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            media_base: "warta-media://localhost".into(),
            language: language.to_owned(),
            clock: system_clock(),
            limits: Limits::default(),
            keyring: Arc::new(SystemKeyring),
            catalogue: None,
            resource_constraint: Arc::new(system_resource_constraint),
            updating: Updating::Off(UpdatesOff::NotConfigured),
            mail_roots: Vec::new(),
            podcast_directory: std::env::var("WARTA_PODCAST_DIRECTORY")
                .ok()
                .filter(|url| !url.is_empty())
                .unwrap_or_else(|| APPLE.to_owned()),
        }
    }
}

/// All services of an engine.
pub(crate) struct Services {
    pub(crate) ctx: Arc<Context>,
    pub(crate) connectivity: Arc<Connectivity>,
    pub(crate) discovery: Arc<Discovery>,
    pub(crate) podcast_directory: Arc<PodcastDirectory>,
    pub(crate) page_feeds: Arc<PageFeeds>,
    pub(crate) feeds: Arc<Feeds>,
    pub(crate) health: Arc<Health>,
    pub(crate) mending: Arc<Mending>,
    pub(crate) publisher_channels: Arc<PublisherChannels>,
    pub(crate) opml: Arc<Opml>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) articles: Arc<Articles>,
    pub(crate) search: Arc<Search>,
    pub(crate) saved_searches: Arc<SavedSearches>,
    pub(crate) own_styles: Arc<OwnStyles>,
    pub(crate) tags: Arc<Tags>,
    pub(crate) lists: Arc<Lists>,
    pub(crate) marks: Arc<Marks>,
    pub(crate) highlights: Arc<Highlights>,
    pub(crate) media: Arc<MediaFiles>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) followed: Arc<FollowedStories>,
    pub(crate) stories: Arc<Stories>,
    pub(crate) sharing: Arc<Sharing>,
    pub(crate) integrations: Arc<Integrations>,
    pub(crate) highlight_export: Arc<HighlightExport>,
    pub(crate) books: Arc<Books>,
    pub(crate) cards: Arc<Cards>,
    pub(crate) budget: Arc<DataBudget>,
    pub(crate) pictures: Arc<Pictures>,
    pub(crate) full_texts: Arc<FullTexts>,
    pub(crate) podcasts: Arc<Podcasts>,
    pub(crate) saved_pages: Arc<SavedPages>,
    pub(crate) maintenance: Arc<Maintenance>,
    pub(crate) packs: Arc<Packs>,
    pub(crate) newsletters: Arc<Newsletters>,
    pub(crate) sync: Arc<FeedSync>,
    pub(crate) back_issues: Arc<BackIssues>,
    pub(crate) background: Arc<Background>,
    pub(crate) restoring: Arc<Restoring>,
    pub(crate) importing: Arc<Importing>,
    pub(crate) saved_export: Arc<SavedExporter>,
    pub(crate) updates: Arc<Updates>,
}

impl Services {
    #[expect(
        clippy::too_many_lines,
        reason = "it only connects services, one statement each"
    )]
    pub(crate) fn open(opening: &Opening) -> Result<Self> {
        let store = match Store::open(&opening.data_dir) {
            Err(StoreError::ReadOnly(_)) => warta_store::open_read_only(&opening.data_dir)?,
            opened => opened?,
        };
        let http = Client::new(
            opening.limits.clone(),
            &format!("Warta/{VERSION} (desktop news reader)"),
        )?;
        let ctx = Arc::new(Context::new(
            store,
            http,
            opening.clock.clone(),
            opening.media_base.clone(),
            &opening.language,
        )?);
        let credentials = Arc::new(Credentials::new(Arc::clone(&opening.keyring)));
        let power = Arc::new(Power::new(&ctx, Arc::clone(&opening.resource_constraint)));
        let own_network = Arc::new(OwnNetwork::new(
            &ctx,
            KnownHosts::load(&ctx.store, ctx.now())?,
        ));
        let requests = Arc::new(Requests::new(&ctx, &credentials, &own_network));
        let connectivity = Arc::new(Connectivity::new(&ctx, &requests));
        let podcast_directory = Arc::new(PodcastDirectory::new(
            &ctx,
            &requests,
            &connectivity,
            &opening.podcast_directory,
        ));
        let discovery = Arc::new(Discovery::new(
            &ctx,
            &credentials,
            &own_network,
            &requests,
            &connectivity,
            &podcast_directory,
        ));
        let page_feeds = Arc::new(PageFeeds::new(&ctx, &credentials, &own_network, &requests));
        let feeds = Arc::new(Feeds::new(
            &ctx,
            &credentials,
            &own_network,
            feeds::load_trusted(&ctx.store)?,
        ));
        let publisher_channels = Arc::new(PublisherChannels::new(&ctx, &own_network, &requests));
        let opml = Arc::new(Opml::new(&ctx, &feeds, &publisher_channels));
        let catalogue = Arc::new(Catalogue::new(
            &ctx,
            &discovery,
            &connectivity,
            opening.catalogue,
        ));
        let rows = Arc::new(Rows::new(&ctx));
        let articles = Arc::new(Articles::new(&ctx, &rows, &publisher_channels));
        let tags = Arc::new(Tags::new(&ctx, TagIndex::load(&ctx.store)?));
        let search = Arc::new(Search::new(&ctx, &rows, &tags));
        let own_styles = Arc::new(OwnStyles::new(&ctx));
        let saved_searches = Arc::new(SavedSearches::new(&ctx, &tags));
        let lists = Arc::new(Lists::new(&ctx, &rows, &tags, &saved_searches));
        let marks = Arc::new(Marks::new(&ctx, &rows, &tags, &lists));
        let highlights = Arc::new(Highlights::new(&ctx, HighlightIndex::load(&ctx.store)?));
        let media = Arc::new(MediaFiles::new(&ctx));
        let rules = Arc::new(Rules::new(&ctx, &rows, &tags, RuleSet::load(&ctx.store)?));
        let clusters = Arc::new(Clusters::new(&ctx, &feeds, &rows, &tags));
        let followed = Arc::new(FollowedStories::new(
            &ctx,
            &rows,
            &tags,
            &clusters,
            Watches::load(&ctx.store)?,
        ));
        let history = Arc::new(TrendingHistory::new(&ctx, &rows, &clusters));
        let sources = Arc::new(SourceFinder::new(&ctx, &rows, &clusters));
        let stories = Arc::new(Stories::new(
            &ctx, &rows, &clusters, &followed, &history, &sources,
        ));
        let preferences = Arc::new(SharePreferences::new(&ctx));
        let outbox = Arc::new(Outbox::new(&ctx, &preferences));
        let subjects = Arc::new(Subjects::new(&ctx, &stories, &articles, &preferences));
        let sharing = Arc::new(Sharing::new(
            &ctx,
            &feeds,
            &articles,
            &preferences,
            &outbox,
            &subjects,
        ));
        let integrations = Arc::new(Integrations::new(
            &ctx,
            &credentials,
            &preferences,
            &outbox,
            &subjects,
        ));
        let highlight_export = Arc::new(HighlightExport::new(&highlights, &integrations));
        let books = Arc::new(Books::new(&ctx, &articles));
        let cards = Arc::new(Cards::new(&ctx, &articles, &subjects, &books));
        let budget = Arc::new(DataBudget::new(&ctx, Ledger::load(&ctx.store)?));
        let pictures = Arc::new(Pictures::new(&ctx, &own_network, &connectivity, &budget));
        let full_texts = Arc::new(FullTexts::new(
            &ctx,
            &own_network,
            &requests,
            &connectivity,
            &budget,
            &pictures,
        ));
        let saved_pages = Arc::new(SavedPages::new(&ctx, &connectivity, &full_texts, &pictures));
        let imported_pictures = Arc::new(ImportedPictures::new(&ctx, &connectivity, &pictures));
        let podcasts = Arc::new(Podcasts::new(&ctx, &own_network, &connectivity, &budget));
        let maintenance = Arc::new(Maintenance::new(&ctx, &tags, &highlights, &podcasts));
        let packs = Arc::new(Packs {
            ctx: Arc::clone(&ctx),
            rows: Arc::clone(&rows),
            stories: Arc::clone(&stories),
            connectivity: Arc::clone(&connectivity),
            budget: Arc::clone(&budget),
            pictures: Arc::clone(&pictures),
            full_texts: Arc::clone(&full_texts),
            podcasts: Arc::clone(&podcasts),
            running: Mutex::default(),
        });
        let icons = Arc::new(Icons::new(&ctx, &own_network, &pictures));
        let feed_fetcher = Arc::new(FeedFetcher::new(
            &ctx,
            &credentials,
            &own_network,
            &requests,
            &rules,
            &pictures,
        ));
        let newsletters = Arc::new(Newsletters::new(&ctx, &credentials, &opening.mail_roots));
        let sync = Arc::new(FeedSync {
            ctx: Arc::clone(&ctx),
            connectivity: Arc::clone(&connectivity),
            stories: Arc::clone(&stories),
            maintenance: Arc::clone(&maintenance),
            budget: Arc::clone(&budget),
            pictures: Arc::clone(&pictures),
            full_texts: Arc::clone(&full_texts),
            icons: Arc::clone(&icons),
            power: Arc::clone(&power),
            feed_fetcher: Arc::clone(&feed_fetcher),
            newsletters: Arc::clone(&newsletters),
            state: Mutex::default(),
        });
        let back_issues = Arc::new(BackIssues {
            ctx: Arc::clone(&ctx),
            requests: Arc::clone(&requests),
            connectivity: Arc::clone(&connectivity),
            budget: Arc::clone(&budget),
            rules: Arc::clone(&rules),
            full_texts: Arc::clone(&full_texts),
            power: Arc::clone(&power),
            running: Mutex::default(),
        });
        let health = Arc::new(Health::new(&ctx));
        let mending = Arc::new(Mending::new(
            &ctx,
            &discovery,
            &catalogue,
            &connectivity,
            &health,
        ));
        let background = Arc::new(Background {
            ctx: Arc::clone(&ctx),
            connectivity: Arc::clone(&connectivity),
            sync: Arc::clone(&sync),
            maintenance: Arc::clone(&maintenance),
            packs: Arc::clone(&packs),
            podcasts: Arc::clone(&podcasts),
            saved_pages: Arc::clone(&saved_pages),
            imported_pictures: Arc::clone(&imported_pictures),
            integrations: Arc::clone(&integrations),
            rules: Arc::clone(&rules),
            stories: Arc::clone(&stories),
            budget: Arc::clone(&budget),
            mending: Arc::clone(&mending),
            back_issues: Arc::clone(&back_issues),
        });
        let restoring = Arc::new(Restoring::new(&ctx, &rules, &highlights));
        let importing = Arc::new(Importing::new(
            &ctx,
            &own_network,
            &rules,
            &tags,
            &imported_pictures,
        ));
        let saved_export = Arc::new(SavedExporter::new(&ctx, &cards));
        let updates = Arc::new(Updates::new(
            &ctx,
            &connectivity,
            &budget,
            opening.updating.clone(),
        )?);
        let lookup: Arc<dyn StoryLookup> = clusters.clone();
        rows.set_stories(Arc::downgrade(&lookup));
        Ok(Self {
            ctx,
            connectivity,
            discovery,
            podcast_directory,
            page_feeds,
            feeds,
            health,
            mending,
            publisher_channels,
            opml,
            catalogue,
            articles,
            search,
            saved_searches,
            own_styles,
            tags,
            lists,
            marks,
            highlights,
            media,
            rules,
            followed,
            stories,
            sharing,
            integrations,
            highlight_export,
            books,
            cards,
            budget,
            pictures,
            full_texts,
            podcasts,
            saved_pages,
            maintenance,
            packs,
            newsletters,
            sync,
            back_issues,
            background,
            restoring,
            importing,
            saved_export,
            updates,
        })
    }
}
