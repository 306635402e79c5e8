//! The commands that the web view can call. Each passes its arguments to the engine and returns the
//! result.

use std::path::PathBuf;

use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FilePath};
use warta_engine::api::{
    ArticleList, ArticleStyle, ArticleView, CardRequest, CatalogueCheck, CatalogueFeed,
    ChosenPlaces, Cursor, Discovery, Draft, Failure, FailureCode, FeedActivity, FeedChange,
    FeedDetails, FeedHealth, FeedInterval, FeedOffer, FileFormat, ForwardRecord, ForwardRequest,
    Forwarding, FoundPodcast, FrontPage, GoogleNewsPlaces, Highlight, HighlightChange,
    HighlightFormat, HighlightPage, HighlightsSent, ImportSummary, ListRequest, Listening, Mark,
    NewFeed, NewHighlight, Original, Overview, PackPage, PackPreview, PackView, PackWish, PageFeed,
    PagePreview, PageState, PageStatus, PastPage, Period, PictureCard, Place, Places, ProblemCode,
    PublisherChannel, ReadSpan, RepairReport, ReplacedAddress, RestoreSummary, Rule, RuleApplied,
    RuleTrial, SavedPage, SearchCount, SearchLanguage, SearchPage, SearchPlace, SearchRequest,
    SecretsKept, ServiceAccount, Settings, ShareChannel, ShareService, StoryPage, Subject,
    Subscribed, SyncScope, TagUse, Tagged, Tidied, Traffic, Undoable, Usage, Watched,
};
use warta_engine::{Engine, Maintenance, installed_fonts};

use crate::autostart::set as start_at_login;
use crate::engine_handle::EngineHandle;
use crate::host::System;

pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// Defines commands that make one blocking call to the engine.
macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $ty:ty),*) -> $out:ty = $call:expr;)*) => {$(
        $(#[$doc])*
        #[tauri::command]
        #[specta::specta]
        pub(crate) async fn $name(handle: State<'_, EngineHandle>, $($arg: $ty),*) -> Result<$out> {
            let call: fn(&Engine, $($ty),*) -> Result<$out> = $call;
            handle.call(move |engine| call(engine, $($arg),*)).await
        }
    )*};
}

calls! {
    /// Everything the window needs to show its first screen.
    overview() -> Overview = |engine| engine.overview();
    /// The sidebar's contents.
    places() -> Places = |engine| engine.places();
    /// One page of a list.
    list(request: ListRequest) -> ArticleList = |engine, request| engine.lists().list(&request);
    /// The front page with the stories clustered so far.
    front_page() -> FrontPage = |engine| engine.stories().front_page_now();
    /// A story with all its articles.
    story(id: u64) -> StoryPage = |engine, id| engine.stories().story(id);
    /// Marks articles.
    mark(ids: Vec<u64>, mark: Mark) -> u32 = |engine, ids, mark| engine.marks().mark(&ids, mark);
    /// Marks a list read.
    mark_all_read(place: Place, newest: Option<Cursor>) -> Undoable =
        |engine, place, newest| engine.marks().mark_all_read(place, newest);
    /// Marks a part of a list read.
    mark_span_read(place: Place, span: ReadSpan) -> Undoable =
        |engine, place, span| engine.marks().mark_span_read(place, span);
    /// Marks articles read, with undo.
    mark_articles_read(ids: Vec<u64>) -> Undoable =
        |engine, ids| engine.marks().mark_articles_read(&ids);
    /// The family names of the installed fonts.
    fonts() -> Vec<String> = |_| Ok(installed_fonts());
    /// The reader's own style sheet for article text.
    article_style() -> ArticleStyle = |engine| engine.own_styles().style();
    /// Keeps a style sheet for article text; an empty one removes it.
    set_article_style(css: String) -> ArticleStyle =
        |engine, css| engine.own_styles().set_style(&css);
    /// Undoes an action.
    undo(token: u64) -> bool = |engine, token| engine.marks().undo(token);
    /// The highlights that match a query, newest first.
    highlights(query: String, limit: u32, offset: u32) -> HighlightPage =
        |engine, query, limit, offset| engine.highlights().highlights(&query, limit, offset);
    /// The highlights of an article, by their position.
    article_highlights(article: u64) -> Vec<Highlight> =
        |engine, article| engine.highlights().of_article(article);
    /// Makes a highlight.
    add_highlight(highlight: NewHighlight) -> Highlight =
        |engine, highlight| engine.highlights().add(highlight);
    /// Changes the colour or the note of a highlight.
    change_highlight(id: u64, change: HighlightChange) -> Highlight =
        |engine, id, change| engine.highlights().change(id, change);
    /// Removes highlights.
    remove_highlights(ids: Vec<u64>) -> () = |engine, ids| engine.highlights().remove(&ids);
    /// Brings back highlights that were removed; returns how many.
    bring_back_highlights(ids: Vec<u64>) -> u32 =
        |engine, ids| engine.highlights().bring_back(&ids);
    /// Notes which highlights of an article were not found in its text.
    set_lost_highlights(article: u64, lost: Vec<u64>) -> () =
        |engine, article, lost| engine.highlights().set_lost(article, &lost);
    /// Searches all stored articles.
    search(request: SearchRequest) -> SearchPage =
        |engine, request| engine.search().search_for(&request);
    /// The languages of stored articles.
    search_languages() -> Vec<SearchLanguage> = |engine| engine.search().languages();
    /// Removes a feed.
    remove_feed(id: u32) -> Undoable = |engine, id| engine.feeds().remove_feed(id);
    /// Sets how often feeds are fetched; returns the former intervals.
    set_intervals(intervals: Vec<FeedInterval>) -> Vec<FeedInterval> =
        |engine, intervals| engine.feeds().set_intervals(&intervals);
    /// The feeds that are silent, failing, flooding, not read or doubled.
    feed_health() -> Vec<FeedHealth> = |engine| engine.health().feed_health();
    /// New addresses of feeds that stopped, waiting for the reader's answer.
    feed_offers() -> Vec<FeedOffer> = |engine| engine.mending().offers();
    /// Declines a feed's new address.
    decline_offer(feed: u32) -> () = |engine, feed| engine.mending().decline(feed);
    /// The addresses that a feed had, the last one first.
    replaced_addresses(feed: u32) -> Vec<ReplacedAddress> = |engine, feed| engine.mending().replaced(feed);
    /// Changes a feed's settings.
    change_feed(id: u32, change: FeedChange) -> SecretsKept =
        |engine, id, change| engine.feeds().change_feed(id, &change);
    /// A feed's settings and fetch history.
    feed_details(id: u32) -> FeedDetails = |engine, id| engine.feeds().feed_details(id);
    /// Renames a folder.
    rename_folder(id: u32, name: String) -> () = |engine, id, name| engine.feeds().rename_folder(id, &name);
    /// Adds a folder and returns its id.
    add_folder(name: String, parent: Option<u32>) -> u32 =
        |engine, name, parent| engine.feeds().add_folder(&name, parent);
    /// Moves feeds and folders into a folder.
    move_places(chosen: ChosenPlaces, into: Option<u32>) -> Undoable =
        |engine, chosen, into| engine.feeds().move_places(&chosen, into);
    /// Removes feeds, and folders with everything in them.
    unsubscribe(chosen: ChosenPlaces) -> Undoable = |engine, chosen| engine.feeds().unsubscribe(&chosen);
    /// Removes a folder.
    remove_folder(id: u32) -> Undoable = |engine, id| engine.feeds().remove_folder(id);
    /// The built-in catalogue of publishers.
    catalogue() -> Vec<CatalogueFeed> = |engine| engine.catalogue().catalogue();
    /// The last fetch of every feed.
    activity() -> Vec<FeedActivity> = |engine| engine.feeds().activity();
    /// The reader's forwarding preferences.
    forwarding() -> Forwarding = |engine| Ok(engine.sharing().forwarding());
    /// Stores forwarding preferences.
    set_forwarding(forwarding: Forwarding) -> Forwarding =
        |engine, forwarding| engine.sharing().set_forwarding(forwarding);
    /// Composes a message and its target without sending it.
    draft(subject: Subject, channel: String, message: Option<String>, part: u32) -> Draft =
        |engine, subject, channel, message, part| engine.sharing().draft(&subject, &channel, message.as_deref(), part);
    /// Google News links for an article or story.
    google_news(subject: Subject) -> GoogleNewsPlaces = |engine, subject| engine.sharing().google_news(&subject);
    /// Renders a picture card.
    picture_card(request: CardRequest) -> PictureCard = |engine, request| engine.cards().picture_card(&request);
    /// Edits the message of a waiting forward.
    edit_waiting(id: u64, message: String) -> ForwardRecord =
        |engine, id, message| engine.sharing().edit_waiting(id, &message);
    /// The channels of a feed's publisher.
    publisher_channels(feed: u32) -> Vec<PublisherChannel> = |engine, feed| engine.publisher_channels().publisher_channels(feed);
    /// Stores the reader's channels of a publisher.
    set_publisher_channels(feed: u32, addresses: Vec<String>) -> Vec<PublisherChannel> =
        |engine, feed, addresses| engine.publisher_channels().set_publisher_channels(feed, &addresses);
    /// The supported integrations.
    share_services() -> Vec<ShareService> = |engine| engine.integrations().share_services();
    /// Stores an account of an integration.
    connect_service(id: String, account: ServiceAccount) -> SecretsKept =
        |engine, id, account| engine.integrations().connect_service(&id, &account);
    /// Removes an account of an integration.
    disconnect_service(id: String) -> () = |engine, id| engine.integrations().disconnect_service(&id);
    /// The forwards in the outbox.
    outbox() -> Vec<ForwardRecord> = |engine| engine.sharing().outbox();
    /// Removes a forward from the outbox.
    discard_waiting(id: u64) -> () = |engine, id| engine.sharing().discard_waiting(id);
    /// Applies the last restore plan.
    apply_restore(plan: u32) -> RestoreSummary = |engine, plan| engine.restoring().apply_restore(plan);
    /// Reads a file's content and returns what importing it would bring.
    plan_import(bytes: Vec<u8>) -> ImportSummary =
        |engine, bytes| engine.importing().plan_bytes(&bytes, None);
    /// Undoes the last import; false if there is none.
    undo_import() -> bool = |engine| engine.importing().undo_import();
    /// Discards the last import plan.
    cancel_import() -> () = |engine| {
        engine.importing().cancel_import();
        Ok(())
    };
    /// Discards the last restore plan.
    cancel_restore() -> () = |engine| {
        engine.restoring().cancel_restore();
        Ok(())
    };
    /// Writes a snapshot and returns its path.
    snapshot() -> String = |engine| Ok(engine.maintenance().snapshot()?.display().to_string());
    /// Chooses whether the page's text or the feed's text is shown.
    choose_text(id: u64, page: bool) -> () = |engine, id, page| engine.full_texts().choose_text(id, page);
    /// All packs.
    packs() -> Vec<PackView> = |engine| engine.packs().packs();
    /// A pack with its articles.
    pack(id: u32) -> PackPage = |engine, id| engine.packs().pack(id);
    /// Estimates a pack.
    preview_pack(wish: PackWish) -> PackPreview = |engine, wish| engine.packs().preview_pack(&wish);
    /// Pauses a pack.
    pause_pack(id: u32) -> PackView = |engine, id| engine.packs().pause_pack(id);
    /// Removes a pack.
    remove_pack(id: u32) -> Undoable = |engine, id| engine.packs().remove_pack(id);
    /// The traffic of the current month.
    traffic() -> Traffic = |engine| engine.budget().traffic();
    /// The last repair of the store.
    last_repair() -> Option<RepairReport> = |engine| engine.maintenance().last_repair();
    /// Disk usage.
    usage() -> Usage = |engine| engine.maintenance().usage();
    /// Removes data beyond the retention limits and frees disk space.
    free_space() -> Tidied = |engine| engine.maintenance().free_space();
    /// Saves a search.
    save_search(name: String, query: String) -> SearchPlace =
        |engine, name, query| engine.saved_searches().save_search(&name, &query);
    /// Removes a saved search.
    remove_search(id: u32) -> () = |engine, id| engine.saved_searches().remove_search(id);
    /// The number of matches of each saved search.
    search_counts() -> Vec<SearchCount> = |engine| engine.saved_searches().search_counts();
    /// Marks an opened article read.
    mark_opened(id: u64) -> Vec<u64> = |engine, id| engine.marks().mark_opened(id);
    /// Follows a story, or stops following it.
    follow_story(id: u64, follow: bool) -> () = |engine, id, follow| engine.stories().follow_story(id, follow);
    /// Mutes a story until it ends.
    mute_story(id: u64) -> u64 = |engine, id| engine.stories().mute_story(id);
    /// Stops following or muting a story.
    unwatch(id: u64) -> () = |engine, id| engine.stories().unwatch(id);
    /// The followed and muted stories.
    watched() -> Watched = |engine| Ok(engine.stories().watched());
    /// The rules.
    rules() -> Vec<Rule> = |engine| Ok(engine.rules().rules());
    /// What a rule would have done to stored articles.
    try_rule(rule: Rule) -> RuleTrial = |engine, rule| engine.rules().try_rule(rule);
    /// Stores a rule.
    keep_rule(rule: Rule) -> Rule = |engine, rule| engine.rules().keep_rule(rule);
    /// Removes a rule.
    remove_rule(id: u64) -> () = |engine, id| engine.rules().remove_rule(id);
    /// Applies a rule to stored articles.
    apply_rule(rule: Rule) -> RuleApplied = |engine, rule| engine.rules().apply_rule(rule);
    /// Undoes the application of a rule; false if it can no longer be undone.
    undo_rule(token: u64) -> bool = |engine, token| engine.rules().undo_rule(token);
    /// All tags, and how many of these articles have each.
    tags_of(ids: Vec<u64>) -> Vec<TagUse> = |engine, ids| engine.tags().tags_of(&ids);
    /// Gives articles a tag, or takes it off.
    tag(ids: Vec<u64>, name: String, on: bool) -> Tagged =
        |engine, ids, name, on| engine.tags().tag(&ids, &name, on);
    /// Renames a tag, or joins it to the one that has the name.
    rename_tag(id: u32, name: String) -> Tagged =
        |engine, id, name| engine.tags().rename_tag(id, &name);
    /// Removes a tag and takes it off all articles.
    remove_tag(id: u32) -> Tagged = |engine, id| engine.tags().remove_tag(id);
    /// The stories that were trending at a given time.
    past_trending(period: Period, at: Option<i64>) -> PastPage =
        |engine, period, at| engine.stories().past_trending(period, at);
    /// Finds the stored source of a text or link.
    find_original(pasted: String) -> Original = |engine, pasted| engine.stories().find_original(&pasted);
}

/// Scales the whole page, in percent. The web view does this, so that widths in the page's media
/// queries scale too.
#[tauri::command]
#[specta::specta]
#[expect(
    clippy::needless_pass_by_value,
    reason = "Tauri hands its commands owned values"
)]
pub(crate) fn set_interface_scale(window: WebviewWindow, percent: u16) -> Result<()> {
    let scale = f64::from(percent.clamp(70, 200)) / 100.0;
    window
        .set_zoom(scale)
        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))
}

/// An article. Its missing text and pictures are fetched in the background.
#[tauri::command]
#[specta::specta]
pub(crate) async fn article(handle: State<'_, EngineHandle>, id: u64) -> Result<ArticleView> {
    let view = handle.call(move |engine| engine.article(id)).await?;
    let short = view.page.status == PageStatus::Absent;
    if view.pictures_missing > 0 || short {
        let engine = handle.engine().await?;
        handle.in_background(async move {
            if let Err(failure) = engine.full_texts().complete_article(id).await {
                tracing::warn!(?failure, id, "cannot fetch missing parts of article");
            }
        });
    }
    Ok(view)
}

/// Saves a page to read later, and fetches it in the background.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_page(
    handle: State<'_, EngineHandle>,
    address: String,
) -> Result<SavedPage> {
    let saved = handle
        .call(move |engine| engine.saved_pages().save(&address))
        .await?;
    if saved.state != PageState::Kept {
        let (engine, id) = (handle.engine().await?, saved.article);
        handle.in_background(async move {
            if let Err(failure) = engine.saved_pages().fetch(id).await {
                tracing::warn!(?failure, id, "cannot fetch a saved page");
            }
        });
    }
    Ok(saved)
}

/// Fetches the full text of an article.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_full_text(handle: State<'_, EngineHandle>, id: u64) -> Result<()> {
    let engine = handle.engine().await?;
    if handle
        .call(move |engine| engine.saved_pages().is_saved_page(id))
        .await?
    {
        return engine.saved_pages().fetch(id).await.map(drop);
    }
    engine.full_texts().fetch_full_text(id).await?;
    handle.in_background(async move {
        if let Err(failure) = engine.full_texts().complete_article(id).await {
            tracing::warn!(?failure, id, "cannot fetch missing parts of article");
        }
    });
    Ok(())
}

/// Fetches the missing pictures of an article.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_pictures(handle: State<'_, EngineHandle>, id: u64) -> Result<u32> {
    handle.engine().await?.pictures().fetch_pictures(id).await
}

/// Downloads an audio file of an article; events report progress.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_audio(
    handle: State<'_, EngineHandle>,
    article: u64,
    url: String,
) -> Result<()> {
    handle
        .engine()
        .await?
        .podcasts()
        .fetch_audio(article, &url)
        .await
}

/// Stops the download of an audio file; the partial file is kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_audio(handle: State<'_, EngineHandle>, url: String) -> Result<()> {
    handle.engine().await?.podcasts().stop_audio(&url);
    Ok(())
}

/// Removes a stored audio file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_audio(
    handle: State<'_, EngineHandle>,
    article: u64,
    url: String,
) -> Result<()> {
    handle
        .call(move |engine| engine.podcasts().remove_audio(article, &url))
        .await
}

/// Stores a playback position.
#[tauri::command]
#[specta::specta]
pub(crate) async fn listened(
    handle: State<'_, EngineHandle>,
    url: String,
    listening: Listening,
) -> Result<()> {
    handle
        .call(move |engine| engine.podcasts().listened(&url, listening))
        .await
}

/// Copies an audio file to a location that the reader chooses; returns the file's name, if any.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_audio(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    url: String,
) -> Result<Option<String>> {
    let wanted = url.clone();
    let name = handle
        .call(move |engine| engine.podcasts().audio_name(&wanted))
        .await?;
    let ending = name.rsplit('.').next().unwrap_or_default().to_owned();
    let dialog = app
        .dialog()
        .file()
        .set_file_name(name)
        .add_filter(ending.to_uppercase(), &[ending.as_str()]);
    let Some(path) = chosen(|answer| dialog.save_file(answer)).await? else {
        return Ok(None);
    };
    handle
        .call(move |engine| {
            engine.podcasts().copy_audio(&url, &path)?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// Creates a pack and starts fetching; events report progress.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_pack(
    handle: State<'_, EngineHandle>,
    wish: PackWish,
) -> Result<PackView> {
    let pack = handle
        .call(move |engine| engine.packs().create_pack(&wish))
        .await?;
    begin_pack(&handle, pack.id).await?;
    Ok(pack)
}

/// Resumes a pack, or retries what it lacks.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_pack(handle: State<'_, EngineHandle>, id: u32) -> Result<PackView> {
    let pack = handle
        .call(move |engine| engine.packs().resume_pack(id))
        .await?;
    begin_pack(&handle, id).await?;
    Ok(pack)
}

/// Exports a pack as EPUB to a file that the reader chooses; returns the file's name, if any.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_pack(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    id: u32,
    name: String,
) -> Result<Option<String>> {
    let file = warta_engine::text::file_name(&name, "epub");
    let dialog = app
        .dialog()
        .file()
        .set_file_name(file)
        .add_filter("EPUB", &["epub"]);
    let Some(path) = chosen(|answer| dialog.save_file(answer)).await? else {
        return Ok(None);
    };
    handle
        .call(move |engine| {
            Maintenance::write_file(&path, &engine.books().pack_epub(id, &name)?)?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

async fn begin_pack(handle: &EngineHandle, id: u32) -> Result<()> {
    let engine = handle.engine().await?;
    handle.in_background(async move {
        if let Err(failure) = engine.packs().run_pack(id).await {
            tracing::error!(?failure, id, "cannot run pack");
        }
    });
    Ok(())
}

/// Repairs a damaged store and opens it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn repair(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<RepairReport> {
    handle.repair(app).await
}

/// Discovers the feeds of an address.
#[tauri::command]
#[specta::specta]
pub(crate) async fn discover(
    handle: State<'_, EngineHandle>,
    address: String,
) -> Result<Discovery> {
    handle.engine().await?.discovery().discover(&address).await
}

/// Searches Apple's podcast directory; the words are sent to Apple.
#[tauri::command]
#[specta::specta]
pub(crate) async fn search_podcasts(
    handle: State<'_, EngineHandle>,
    words: String,
) -> Result<Vec<FoundPodcast>> {
    let engine = handle.engine().await?;
    engine.podcast_directory().search(&words).await
}

/// Shows what a page would be as a feed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_page(
    handle: State<'_, EngineHandle>,
    address: String,
    chosen: Option<PageFeed>,
) -> Result<PagePreview> {
    handle
        .engine()
        .await?
        .page_feeds()
        .preview(&address, chosen)
        .await
}

/// Looks for the new address of a feed that stopped.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_for_feed(
    handle: State<'_, EngineHandle>,
    feed: u32,
) -> Result<Option<FeedOffer>> {
    handle.engine().await?.mending().look_for(feed).await
}

/// Takes a feed's new address and starts fetching it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_offer(handle: State<'_, EngineHandle>, feed: u32) -> Result<()> {
    handle
        .call(move |engine| engine.mending().accept(feed))
        .await?;
    begin_sync(&handle, SyncScope::Feeds { ids: vec![feed] }).await
}

/// Gives a feed its earlier address back and starts fetching it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_back_address(handle: State<'_, EngineHandle>, feed: u32) -> Result<()> {
    handle
        .call(move |engine| engine.mending().take_back(feed))
        .await?;
    begin_sync(&handle, SyncScope::Feeds { ids: vec![feed] }).await
}

/// Tries the addresses of publishers of the catalogue, named by their titles.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_catalogue(
    handle: State<'_, EngineHandle>,
    titles: Vec<String>,
) -> Result<Vec<CatalogueCheck>> {
    handle.engine().await?.catalogue().check(&titles).await
}

/// Subscribes to feeds and starts fetching them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn subscribe(
    handle: State<'_, EngineHandle>,
    feeds: Vec<NewFeed>,
) -> Result<Subscribed> {
    let subscribed = handle
        .call(move |engine| engine.feeds().subscribe(&feeds))
        .await?;
    begin_sync(
        &handle,
        SyncScope::Feeds {
            ids: subscribed.added.clone(),
        },
    )
    .await?;
    Ok(subscribed)
}

/// Stores settings after validation and returns them as stored.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_settings(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    settings: Settings,
) -> Result<Settings> {
    let set = move |engine: &Engine| {
        let (before, wanted) = (engine.settings().start_at_login, settings.start_at_login);
        if wanted != before {
            start_at_login(&app, wanted)?;
        }
        engine.set_settings(settings).inspect_err(|_| {
            if wanted != before
                && let Err(failure) = start_at_login(&app, before)
            {
                tracing::warn!(?failure, "the start at login was not changed back");
            }
        })
    };
    handle.call(set).await
}

/// Starts a sync; events report progress.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sync(handle: State<'_, EngineHandle>, scope: SyncScope) -> Result<()> {
    begin_sync(&handle, scope).await
}

/// Stops the running syncs.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_sync(handle: State<'_, EngineHandle>) -> Result<()> {
    handle.engine().await?.sync().stop_sync();
    Ok(())
}

/// The channels that articles can be forwarded to.
#[tauri::command]
#[specta::specta]
pub(crate) async fn share_channels(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<Vec<ShareChannel>> {
    handle
        .call(move |engine| Ok(engine.sharing().share_channels(&System(app))))
        .await
}

/// Forwards an article or story.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forward(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    request: ForwardRequest,
) -> Result<ForwardRecord> {
    let wait = request.wait;
    let record = handle
        .call(move |engine| engine.sharing().forward(&request, &System(app)))
        .await?;
    handle
        .engine()
        .await?
        .integrations()
        .finish_forward(record, wait)
        .await
}

/// Sends a waiting save to its integration now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn send_save(handle: State<'_, EngineHandle>, id: u64) -> Result<ForwardRecord> {
    handle.engine().await?.integrations().send_save(id).await
}

/// Follows a topic as a feed and starts fetching it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn follow_topic(
    handle: State<'_, EngineHandle>,
    words: String,
) -> Result<Subscribed> {
    let subscribed = handle
        .call(move |engine| engine.sharing().follow_topic(&words))
        .await?;
    let ids = subscribed.added.clone();
    begin_sync(&handle, SyncScope::Feeds { ids }).await?;
    Ok(subscribed)
}

/// Looks for channels on a publisher's home page.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_publisher_channels(
    handle: State<'_, EngineHandle>,
    feed: u32,
) -> Result<Vec<PublisherChannel>> {
    handle
        .engine()
        .await?
        .publisher_channels()
        .find_publisher_channels(feed)
        .await
}

/// Checks whether an integration accepts the reader's account; returns the problem code if not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_service(
    handle: State<'_, EngineHandle>,
    id: String,
) -> Result<Option<ProblemCode>> {
    handle
        .engine()
        .await?
        .integrations()
        .check_service(&id)
        .await
}

/// Copies a picture card to the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_card(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    request: CardRequest,
) -> Result<()> {
    handle
        .call(move |engine| engine.cards().copy_card(&request, &System(app)))
        .await
}

/// Writes a picture card to a file that the reader chooses; returns the file's name, if any.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_card(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    request: CardRequest,
) -> Result<Option<String>> {
    let (name, png) = handle
        .call(move |engine| engine.cards().card_file(&request))
        .await?;
    write_chosen(&app, &handle, name, ("PNG", &["png"]), png).await
}

/// Copies a stored picture to the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_picture(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    picture: String,
) -> Result<()> {
    handle
        .call(move |engine| engine.cards().copy_picture(&picture, &System(app)))
        .await
}

/// Writes a stored picture to a file that the reader chooses; returns the file's name, if any.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_picture(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    picture: String,
    title: String,
) -> Result<Option<String>> {
    let (name, bytes) = handle
        .call(move |engine| engine.cards().picture_file(&picture, &title))
        .await?;
    let ending = name.rsplit('.').next().unwrap_or_default().to_owned();
    let kind = ending.to_uppercase();
    write_chosen(&app, &handle, name, (&kind, &[&ending]), bytes).await
}

/// Writes an article to a file that the reader chooses; returns the file's name, if any.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_article(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    id: u64,
    format: FileFormat,
) -> Result<Option<String>> {
    let (name, bytes) = handle
        .call(move |engine| engine.cards().article_file(id, format))
        .await?;
    let filter: (&str, &[&str]) = match format {
        FileFormat::Text => ("TXT", &["txt"]),
        FileFormat::Markdown => ("Markdown", &["md"]),
        FileFormat::Html => ("HTML", &["html"]),
        FileFormat::Epub => ("EPUB", &["epub"]),
    };
    write_chosen(&app, &handle, name, filter, bytes).await
}

/// Writes the highlights that match a query to a file that the reader chooses; returns the file's
/// name, if any.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_highlights(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    query: String,
    format: HighlightFormat,
    name: String,
) -> Result<Option<String>> {
    let (kind, end) = match format {
        HighlightFormat::Markdown => ("Markdown", "md"),
        HighlightFormat::Json => ("JSON", "json"),
    };
    let text = handle
        .call(move |engine| engine.highlight_export().file(&query, format))
        .await?;
    let name = warta_engine::text::file_name(&name, end);
    write_chosen(&app, &handle, name, (kind, &[end]), text.into_bytes()).await
}

/// Sends highlights that Readwise does not have.
#[tauri::command]
#[specta::specta]
pub(crate) async fn send_highlights(handle: State<'_, EngineHandle>) -> Result<HighlightsSent> {
    handle.engine().await?.highlight_export().send().await
}

/// Writes to a file that the reader chooses; returns its name, if any.
async fn write_chosen(
    app: &AppHandle,
    handle: &EngineHandle,
    name: String,
    (kind, ends): (&str, &[&str]),
    bytes: Vec<u8>,
) -> Result<Option<String>> {
    let dialog = app
        .dialog()
        .file()
        .set_file_name(name)
        .add_filter(kind, ends);
    let Some(path) = chosen(|answer| dialog.save_file(answer)).await? else {
        return Ok(None);
    };
    handle
        .call(move |_| {
            Maintenance::write_file(&path, &bytes)?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// Opens a forward from the outbox.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forward_waiting(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    id: u64,
) -> Result<ForwardRecord> {
    handle
        .call(move |engine| engine.sharing().forward_waiting(id, &System(app)))
        .await
}

/// Opens a link with the system's browser or mail program.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_link(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    link: String,
) -> Result<()> {
    handle
        .call(move |engine| engine.sharing().open_link(&link, &System(app)))
        .await
}

/// Copies a link to the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_link(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    link: String,
) -> Result<()> {
    handle
        .call(move |engine| engine.sharing().copy_link(&link, &System(app)))
        .await
}

pub(crate) async fn begin_sync(handle: &EngineHandle, scope: SyncScope) -> Result<()> {
    if matches!(&scope, SyncScope::Feeds { ids } if ids.is_empty()) {
        return Ok(());
    }
    handle.begin_sync(scope).await
}

/// The path that the reader chose in a dialog, if any.
pub(crate) async fn chosen(
    ask: impl FnOnce(Box<dyn FnOnce(Option<FilePath>) + Send>),
) -> Result<Option<PathBuf>> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    ask(Box::new(move |path| {
        let _ = answer.send(path);
    }));
    match chosen.await.ok().flatten() {
        None => Ok(None),
        Some(path) => path
            .into_path()
            .map(Some)
            .map_err(|error| Failure::new(FailureCode::BadInput, error.to_string())),
    }
}
