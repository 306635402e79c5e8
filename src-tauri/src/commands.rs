//! The commands the web view can call. Each takes arguments, calls the engine, hands the result on.

use std::path::PathBuf;

use tauri::{AppHandle, State};
use tauri_plugin_dialog::{DialogExt, FilePath};
use warta_engine::Engine;
use warta_engine::api::{
    ArticleList, ArticleView, CardRequest, CatalogueFeed, Cursor, Discovery, Draft, Failure,
    FailureCode, FeedActivity, FeedChange, FeedDetails, FileFormat, ForwardRecord, ForwardRequest,
    Forwarding, FrontPage, GoogleNewsPlaces, ImportReport, ListRequest, Listening, Mark, NewFeed,
    Original, Overview, PackPage, PackPreview, PackView, PackWish, PageStatus, PastPage, Period,
    PictureCard, Place, Places, PublisherChannel, RepairReport, RestoreSummary, Rule, RuleTrial,
    SearchCount, SearchPage, SearchPlace, SecretsKept, ServiceAccount, Settings, ShareChannel,
    ShareService, StoryPage, Subject, Subscribed, SyncScope, Tidied, Traffic, Undoable, Usage,
    Watched,
};

use crate::engine_handle::EngineHandle;
use crate::host::System;

type Result<T> = std::result::Result<T, Failure>;
/// No OPML file of a reader is larger, in bytes.
const LARGEST_OPML: u64 = 64 << 20;

/// Commands that hand their arguments to one blocking call of the engine.
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
    /// Everything the window shows before its first click.
    overview() -> Overview = |engine| engine.overview();
    /// The sidebar.
    places() -> Places = |engine| engine.places();
    /// One page of a list.
    list(request: ListRequest) -> ArticleList = |engine, request| engine.lists().list(&request);
    /// The front page, as far as its stories are gathered.
    front_page() -> FrontPage = |engine| engine.stories().front_page_now();
    /// A story with all its articles.
    story(id: u64) -> StoryPage = |engine, id| engine.stories().story(id);
    /// Marks articles.
    mark(ids: Vec<u64>, mark: Mark) -> u32 = |engine, ids, mark| engine.marks().mark(&ids, mark);
    /// Marks a place read.
    mark_all_read(place: Place, newest: Option<Cursor>) -> Undoable =
        |engine, place, newest| engine.marks().mark_all_read(place, newest);
    /// Takes something back.
    undo(token: u64) -> bool = |engine, token| engine.marks().undo(token);
    /// Searches everything that is stored.
    search(query: String, limit: u32, offset: u32) -> SearchPage =
        |engine, query, limit, offset| engine.search().search(&query, limit, offset);
    /// Removes a feed.
    remove_feed(id: u32) -> Undoable = |engine, id| engine.feeds().remove_feed(id);
    /// Changes what the reader decides about a feed.
    change_feed(id: u32, change: FeedChange) -> SecretsKept =
        |engine, id, change| engine.feeds().change_feed(id, &change);
    /// All that can be said of a feed and its fetches.
    feed_details(id: u32) -> FeedDetails = |engine, id| engine.feeds().feed_details(id);
    /// Renames a folder.
    rename_folder(id: u32, name: String) -> () = |engine, id, name| engine.feeds().rename_folder(id, &name);
    /// Removes a folder.
    remove_folder(id: u32) -> Undoable = |engine, id| engine.feeds().remove_folder(id);
    /// The starter catalogue.
    catalogue() -> Vec<CatalogueFeed> = |engine| engine.catalogue().catalogue();
    /// What the last fetch of every feed did.
    activity() -> Vec<FeedActivity> = |engine| engine.feeds().activity();
    /// What the reader has set for forwarding.
    forwarding() -> Forwarding = |engine| Ok(engine.sharing().forwarding());
    /// Keeps what the reader sets for forwarding.
    set_forwarding(forwarding: Forwarding) -> Forwarding =
        |engine, forwarding| engine.sharing().set_forwarding(forwarding);
    /// A message and where it goes, before it goes.
    draft(subject: Subject, channel: String, message: Option<String>, part: u32) -> Draft =
        |engine, subject, channel, message, part| engine.sharing().draft(&subject, &channel, message.as_deref(), part);
    /// What Google News has to do with an article or story.
    google_news(subject: Subject) -> GoogleNewsPlaces = |engine, subject| engine.sharing().google_news(&subject);
    /// A headline as a picture.
    picture_card(request: CardRequest) -> PictureCard = |engine, request| engine.cards().picture_card(&request);
    /// Changes the words of a forward that waits.
    edit_waiting(id: u64, message: String) -> ForwardRecord =
        |engine, id, message| engine.sharing().edit_waiting(id, &message);
    /// The channels of a feed's publisher.
    publisher_channels(feed: u32) -> Vec<PublisherChannel> = |engine, feed| engine.publisher_channels().publisher_channels(feed);
    /// Keeps what the reader says of a publisher's channels.
    set_publisher_channels(feed: u32, addresses: Vec<String>) -> Vec<PublisherChannel> =
        |engine, feed, addresses| engine.publisher_channels().set_publisher_channels(feed, &addresses);
    /// The services that links can be saved to.
    share_services() -> Vec<ShareService> = |engine| engine.integrations().share_services();
    /// Keeps an account at a service.
    connect_service(id: String, account: ServiceAccount) -> SecretsKept =
        |engine, id, account| engine.integrations().connect_service(&id, &account);
    /// Forgets an account.
    disconnect_service(id: String) -> () = |engine, id| engine.integrations().disconnect_service(&id);
    /// What waits for the network.
    outbox() -> Vec<ForwardRecord> = |engine| engine.sharing().outbox();
    /// Takes a forward out of the outbox.
    discard_waiting(id: u64) -> () = |engine, id| engine.sharing().discard_waiting(id);
    /// Keeps new settings.
    set_settings(settings: Settings) -> Settings = |engine, settings| engine.set_settings(settings);
    /// Restores the snapshot that was read last.
    apply_restore(plan: u32) -> RestoreSummary = |engine, plan| engine.restoring().apply_restore(plan);
    /// Forgets the snapshot that was read last.
    cancel_restore() -> () = |engine| {
        engine.restoring().cancel_restore();
        Ok(())
    };
    /// Writes a snapshot and says where.
    snapshot() -> String = |engine| Ok(engine.maintenance().snapshot()?.display().to_string());
    /// Shows the text of an article's own page, or its feed's.
    choose_text(id: u64, page: bool) -> () = |engine, id, page| engine.full_texts().choose_text(id, page);
    /// All packs.
    packs() -> Vec<PackView> = |engine| engine.packs().packs();
    /// A pack with what it holds.
    pack(id: u32) -> PackPage = |engine, id| engine.packs().pack(id);
    /// What a wish for a pack would come to.
    preview_pack(wish: PackWish) -> PackPreview = |engine, wish| engine.packs().preview_pack(&wish);
    /// Stops a pack's making for now.
    pause_pack(id: u32) -> PackView = |engine, id| engine.packs().pause_pack(id);
    /// Removes a pack.
    remove_pack(id: u32) -> Undoable = |engine, id| engine.packs().remove_pack(id);
    /// What came over the wire this month.
    traffic() -> Traffic = |engine| engine.budget().traffic();
    /// What uses how much of the disk.
    usage() -> Usage = |engine| engine.maintenance().usage();
    /// Lets go of what is beyond the reader's bounds.
    free_space() -> Tidied = |engine| engine.maintenance().free_space();
    /// Keeps a search.
    save_search(name: String, query: String) -> SearchPlace =
        |engine, name, query| engine.saved_searches().save_search(&name, &query);
    /// Forgets a search.
    remove_search(id: u32) -> () = |engine, id| engine.saved_searches().remove_search(id);
    /// How many articles each kept search finds.
    search_counts() -> Vec<SearchCount> = |engine| engine.saved_searches().search_counts();
    /// Marks an opened article read.
    mark_opened(id: u64) -> Vec<u64> = |engine, id| engine.marks().mark_opened(id);
    /// Follows a story, or no longer.
    follow_story(id: u64, follow: bool) -> () = |engine, id, follow| engine.stories().follow_story(id, follow);
    /// Mutes a story until it ends.
    mute_story(id: u64) -> u64 = |engine, id| engine.stories().mute_story(id);
    /// Ends a watch.
    unwatch(id: u64) -> () = |engine, id| engine.stories().unwatch(id);
    /// The stories that are followed and muted.
    watched() -> Watched = |engine| Ok(engine.stories().watched());
    /// The rules.
    rules() -> Vec<Rule> = |engine| Ok(engine.rules().rules());
    /// What a rule would have done to what is stored.
    try_rule(rule: Rule) -> RuleTrial = |engine, rule| engine.rules().try_rule(rule);
    /// Keeps a rule.
    keep_rule(rule: Rule) -> Rule = |engine, rule| engine.rules().keep_rule(rule);
    /// Takes a rule away.
    remove_rule(id: u64) -> () = |engine, id| engine.rules().remove_rule(id);
    /// Takes a tag away from everything.
    remove_tag(id: u32) -> () = |engine, id| engine.tags().remove_tag(id);
    /// What was trending around a moment.
    past_trending(period: Period, at: Option<i64>) -> PastPage =
        |engine, period, at| engine.stories().past_trending(period, at);
    /// Where a text or link comes from.
    find_original(pasted: String) -> Original = |engine, pasted| engine.stories().find_original(&pasted);
}

/// An article to read. What it lacks in pictures is fetched meanwhile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn article(handle: State<'_, EngineHandle>, id: u64) -> Result<ArticleView> {
    let view = handle.call(move |engine| engine.article(id)).await?;
    let short = view.page.status == PageStatus::Absent;
    if view.pictures_missing > 0 || short {
        let engine = handle.engine().await?;
        handle.in_background(async move {
            if let Err(failure) = engine.full_texts().complete_article(id).await {
                tracing::warn!(?failure, id, "an article could not be made complete");
            }
        });
    }
    Ok(view)
}

/// Fetches the text of an article's own page.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_full_text(handle: State<'_, EngineHandle>, id: u64) -> Result<()> {
    let engine = handle.engine().await?;
    engine.full_texts().fetch_full_text(id).await?;
    handle.in_background(async move {
        if let Err(failure) = engine.full_texts().complete_article(id).await {
            tracing::warn!(?failure, id, "an article could not be made complete");
        }
    });
    Ok(())
}

/// Fetches the pictures that an article lacks.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_pictures(handle: State<'_, EngineHandle>, id: u64) -> Result<u32> {
    handle.engine().await?.pictures().fetch_pictures(id).await
}

/// Fetches a sound of an article; its course is told by events.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_sound(
    handle: State<'_, EngineHandle>,
    article: u64,
    url: String,
) -> Result<()> {
    handle
        .engine()
        .await?
        .podcasts()
        .fetch_sound(article, &url)
        .await
}

/// Stops the fetch of a sound; what came of it stays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_sound(handle: State<'_, EngineHandle>, url: String) -> Result<()> {
    handle.engine().await?.podcasts().stop_sound(&url);
    Ok(())
}

/// Removes the file of a sound.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_sound(
    handle: State<'_, EngineHandle>,
    article: u64,
    url: String,
) -> Result<()> {
    handle
        .call(move |engine| engine.podcasts().remove_sound(article, &url))
        .await
}

/// Notes where the listener of a sound is.
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

/// Lets the reader choose where to copy a kept sound to; the file's name, or none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_sound(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    url: String,
) -> Result<Option<String>> {
    let wanted = url.clone();
    let name = handle
        .call(move |engine| engine.podcasts().sound_name(&wanted))
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
            engine.podcasts().copy_sound(&url, &path)?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// Makes a pack and begins to fetch what it lacks; its course is told by events.
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

/// Lets a pack go on, or tries again what it lacks.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_pack(handle: State<'_, EngineHandle>, id: u32) -> Result<PackView> {
    let pack = handle
        .call(move |engine| engine.packs().resume_pack(id))
        .await?;
    begin_pack(&handle, id).await?;
    Ok(pack)
}

/// Lets the reader choose where to write a pack as an EPUB; the file's name, or none.
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
            engine
                .maintenance()
                .write_file(&path, &engine.books().pack_epub(id, &name)?)?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

async fn begin_pack(handle: &EngineHandle, id: u32) -> Result<()> {
    let engine = handle.engine().await?;
    handle.in_background(async move {
        if let Err(failure) = engine.packs().run_pack(id).await {
            tracing::error!(?failure, id, "a pack could not be made");
        }
    });
    Ok(())
}

/// Makes a damaged store again from what is readable of it, and opens it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn repair(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<RepairReport> {
    handle.repair(app).await
}

/// The feeds that an address offers.
#[tauri::command]
#[specta::specta]
pub(crate) async fn discover(
    handle: State<'_, EngineHandle>,
    address: String,
) -> Result<Discovery> {
    handle.engine().await?.discovery().discover(&address).await
}

/// Subscribes to feeds and begins to fetch them.
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

/// Subscribes to everything that an OPML file names and begins to fetch it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_opml(
    handle: State<'_, EngineHandle>,
    bytes: Vec<u8>,
) -> Result<ImportReport> {
    let (report, ids) = handle
        .call(move |engine| engine.opml().import_opml(&bytes))
        .await?;
    begin_sync(&handle, SyncScope::Feeds { ids }).await?;
    Ok(report)
}

/// Lets the reader choose an OPML file and imports it; none if the reader chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_opml_file(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<Option<ImportReport>> {
    let dialog = app.dialog().file().add_filter("OPML", &["opml", "xml"]);
    let Some(path) = chosen(|answer| dialog.pick_file(answer)).await? else {
        return Ok(None);
    };
    let bytes = tokio::task::spawn_blocking(move || read_bounded(&path))
        .await
        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))??;
    import_opml(handle, bytes).await.map(Some)
}

/// Lets the reader choose a snapshot, checks it, and gives what restoring it would change; none if the
/// reader chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_restore_file(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<Option<RestoreSummary>> {
    let dialog = app.dialog().file().add_filter("Warta", &["jsonl"]);
    let Some(path) = chosen(|answer| dialog.pick_file(answer)).await? else {
        return Ok(None);
    };
    handle
        .call(move |engine| engine.restoring().plan_restore(&path).map(Some))
        .await
}

/// Lets the reader choose where to write the subscriptions; the file's name, or none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_opml_file(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<Option<String>> {
    let dialog = app
        .dialog()
        .file()
        .set_file_name("warta.opml")
        .add_filter("OPML", &["opml"]);
    let Some(path) = chosen(|answer| dialog.save_file(answer)).await? else {
        return Ok(None);
    };
    handle
        .call(move |engine| {
            engine
                .maintenance()
                .write_file(&path, engine.opml().export_opml()?.as_bytes())?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// Begins a sync; its course is told by events.
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

/// Sends a link that waits for a service now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn send_save(handle: State<'_, EngineHandle>, id: u64) -> Result<ForwardRecord> {
    handle.engine().await?.integrations().send_save(id).await
}

/// Follows a topic as a feed and begins to fetch it.
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

/// Looks on a publisher's front page for its channels.
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

/// Asks a service whether it takes the reader's account; a problem's code where not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_service(
    handle: State<'_, EngineHandle>,
    id: String,
) -> Result<Option<String>> {
    handle
        .engine()
        .await?
        .integrations()
        .check_service(&id)
        .await
}

/// Puts a picture card onto the clipboard.
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

/// Lets the reader choose where to write a picture card; the file's name, or none.
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

/// Lets the reader choose where to write an article; the file's name, or none.
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

/// Writes into a file that the reader chooses; its name, or none.
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
        .call(move |engine| {
            engine.maintenance().write_file(&path, &bytes)?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

/// Opens a forward that waits in the outbox.
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

/// Opens a link in the system's browser or mail program.
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

/// Puts a link on the clipboard.
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

async fn begin_sync(handle: &EngineHandle, scope: SyncScope) -> Result<()> {
    if matches!(&scope, SyncScope::Feeds { ids } if ids.is_empty()) {
        return Ok(());
    }
    let engine = handle.engine().await?;
    handle.in_background(async move {
        if let Err(failure) = engine.sync().sync(&scope).await {
            tracing::error!(?failure, "a sync failed");
        }
    });
    Ok(())
}

/// What the reader chose in a dialog.
async fn chosen(
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

#[expect(
    clippy::disallowed_methods,
    reason = "the reader chose this file in a dialog"
)]
fn read_bounded(path: &PathBuf) -> Result<Vec<u8>> {
    let size = std::fs::metadata(path)
        .map_err(|error| unusable_file(&error))?
        .len();
    if size > LARGEST_OPML {
        return Err(Failure::new(
            FailureCode::BadInput,
            "the file is too large for an OPML file",
        ));
    }
    std::fs::read(path).map_err(|error| unusable_file(&error))
}

fn unusable_file(error: &std::io::Error) -> Failure {
    Failure::new(FailureCode::BadInput, error.to_string())
}
