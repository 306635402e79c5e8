//! Fetches the full text of articles whose feeds contain only the beginning: at the reader's
//! request, or automatically where the feed's text is short and robots.txt allows it. Both texts
//! are stored; the better one is shown unless the reader chose one.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use warta_article::{
    NoArticle, NormalizedEntry, Page, PreferredText, from_entry, preferred_text, wants_full_text,
};
use warta_net::{Content, FetchError, Fetched, FileKind, Request, Response, Wanted, content_of};
use warta_store::{
    Article, ArticleId, Feed, FullText, FullTextState, ListQuery, Place, ProblemCode,
};

use crate::api::failures::barrier_code;
use crate::api::{Connection, Event, Failure, FailureCode, Problem, Result};
use crate::context::labels::host_of;
use crate::context::{Context, SAVED_PAGES, blocking, off_thread};
use crate::network::connectivity::Connectivity;
use crate::network::own_network::OwnNetwork;
use crate::network::requests::Requests;
use crate::offline::data_budget::DataBudget;
use crate::offline::pictures::Pictures;

/// Maximum number of pages joined for one article.
const PAGES_AN_ARTICLE: usize = 12;
/// Seconds before a failed page is fetched again automatically.
const RETRY_AFTER_SECONDS: i64 = 86_400;
/// Maximum number of new articles of one feed whose pages are fetched after a sync.
const NEW_OF_A_FEED: usize = 40;
/// Maximum number of pages that one sync fetches from one host, for all feeds.
const PAGES_A_HOST: u32 = 200;

/// Who requests an article's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestedBy {
    /// The reader, for this article.
    Reader,
    /// Automatic: only where it is needed, allowed and was not tried recently.
    Warta,
    /// A pack: like automatic, but failed pages are tried again.
    Pack,
}

/// The result of a request for an article's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Got {
    /// The feed's text is complete, or full texts are turned off for this feed.
    NotNeeded,
    /// Already stored.
    Here,
    /// Fetched now.
    New,
    /// The fetch failed or the page has no article; the problem code.
    Failed(ProblemCode),
    /// The network is unreachable.
    Offline,
}

/// An article whose page is requested.
struct Asked {
    url: String,
    feed: Option<Feed>,
    of_feed: NormalizedEntry,
}

/// Why no article could be fetched from a page.
pub(crate) enum PageFailure {
    Fetch(FetchError),
    NoArticle(NoArticle),
}

impl PageFailure {
    /// Whether the network may be the cause.
    pub(crate) fn suggests_offline(&self) -> bool {
        matches!(self, Self::Fetch(error) if error.suggests_offline())
    }

    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::Fetch(error) => error.into(),
            Self::NoArticle(error) => Problem {
                code: no_article_code(error),
                detail: error.to_string(),
            },
        }
    }
}

/// Fetches the full text of articles.
pub struct FullTexts {
    ctx: Arc<Context>,
    own_network: Arc<OwnNetwork>,
    requests: Arc<Requests>,
    connectivity: Arc<Connectivity>,
    budget: Arc<DataBudget>,
    pictures: Arc<Pictures>,
}

impl FullTexts {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        own_network: &Arc<OwnNetwork>,
        requests: &Arc<Requests>,
        connectivity: &Arc<Connectivity>,
        budget: &Arc<DataBudget>,
        pictures: &Arc<Pictures>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            own_network: Arc::clone(own_network),
            requests: Arc::clone(requests),
            connectivity: Arc::clone(connectivity),
            budget: Arc::clone(budget),
            pictures: Arc::clone(pictures),
        }
    }

    /// Fetches the text of an article's page at the reader's request and shows it from then on.
    /// Emits [`Event::TextArrived`].
    pub async fn fetch_full_text(self: &Arc<Self>, id: u64) -> Result<()> {
        self.ctx.store.may_write()?;
        let got = self.page_for(ArticleId(id), RequestedBy::Reader).await?;
        match got {
            Got::New | Got::Here => blocking(self, move |this| this.choose_text(id, true)).await,
            Got::NotNeeded => Err(Failure::new(
                FailureCode::BadAddress,
                "the article has no link to a page",
            )),
            Got::Offline => {
                self.connectivity.set_connection(Connection::Offline);
                Err(Failure::new(
                    FailureCode::Offline,
                    "the network is unreachable",
                ))
            }
            Got::Failed(code) => {
                self.ctx.emit(Event::TextArrived { article: id });
                Err(Failure {
                    code: FailureCode::NoFullText,
                    message: "no article text was found on the page".into(),
                    detail: code.to_string(),
                })
            }
        }
    }

    /// Chooses the text to show: the page's (`page`) or the feed's.
    pub fn choose_text(&self, id: u64, page: bool) -> Result<()> {
        self.ctx.store.full_text().choose(ArticleId(id), page)?;
        self.ctx.emit(Event::TextArrived { article: id });
        Ok(())
    }

    /// Fetches the text of an article's page if it is requested and needed.
    pub(crate) async fn page_for(
        self: &Arc<Self>,
        id: ArticleId,
        requested_by: RequestedBy,
    ) -> Result<Got> {
        let asked = match blocking(self, move |this| this.ask(id, requested_by)).await? {
            Ok(asked) => asked,
            Err(got) => return Ok(got),
        };
        let fetched = self
            .fetch_pages(&asked, requested_by != RequestedBy::Reader)
            .await?;
        if let Err(PageFailure::Fetch(error)) = &fetched
            && error.suggests_offline()
            && self.connectivity.is_cut_off(&asked.url).await?
        {
            return Ok(Got::Offline);
        }
        let got = blocking(self, move |this| {
            this.take_page(id, &asked, fetched, requested_by)
        })
        .await?;
        if got == Got::New {
            self.ctx.emit(Event::TextArrived { article: id.0 });
        }
        Ok(got)
    }

    /// Fetches the page of an opened article if its feed text is short.
    pub(crate) async fn complete_text(self: &Arc<Self>, id: ArticleId) -> Result<Got> {
        if self.connectivity.connection() == Connection::Offline || self.budget.is_over_budget() {
            return Ok(Got::NotNeeded);
        }
        self.page_for(id, RequestedBy::Warta).await
    }

    /// Fetches the pages of new articles in feeds that are set to always fetch them. Returns the
    /// number of pages deferred until their articles are opened.
    pub(crate) async fn fetch_new_texts(self: &Arc<Self>, since: i64) -> Result<u32> {
        if self.connectivity.connection() != Connection::Online || self.budget.is_over_budget() {
            return Ok(0);
        }
        let new = blocking(self, move |this| this.new_without_text(since)).await?;
        let mut of_hosts: HashMap<Option<String>, u32> = HashMap::new();
        let mut left_for_later = 0;
        for (id, host) in new {
            let of_host = of_hosts.entry(host).or_default();
            if *of_host >= PAGES_A_HOST {
                left_for_later += 1;
                continue;
            }
            *of_host += 1;
            if self.complete_text(id).await? == Got::Offline {
                break;
            }
        }
        Ok(left_for_later)
    }

    /// New articles without full text, with the hosts of their pages.
    fn new_without_text(&self, since: i64) -> Result<Vec<(ArticleId, Option<String>)>> {
        let mut new = Vec::new();
        for feed in self.ctx.subscriptions()? {
            if feed.options.full_text != Some(true) {
                continue;
            }
            let page = self
                .ctx
                .store
                .list(&ListQuery::newest(Place::Feed(feed.id), NEW_OF_A_FEED))?;
            for row in page.rows.into_iter().filter(|row| row.received_at >= since) {
                if self.ctx.store.full_text().state(row.id)? == FullTextState::Unknown {
                    new.push((row.id, row.url.as_deref().and_then(host_of)));
                }
            }
        }
        Ok(new)
    }

    /// The request to make for an article, or the reason why none is needed.
    fn ask(
        &self,
        id: ArticleId,
        requested_by: RequestedBy,
    ) -> Result<std::result::Result<Asked, Got>> {
        let article = self
            .ctx
            .store
            .article(id)?
            .ok_or_else(|| Failure::not_found("article"))?;
        match self.ctx.store.full_text().state(id)? {
            FullTextState::Kept { .. } => return Ok(Err(Got::Here)),
            FullTextState::Failed { code, at, .. }
                if requested_by == RequestedBy::Warta
                    && self.ctx.now() - at < RETRY_AFTER_SECONDS =>
            {
                return Ok(Err(Got::Failed(code)));
            }
            _ => {}
        }
        let feed = self.ctx.store.feed(article.row.feed)?;
        // A saved page's text comes from its page already. One that still waits for its text is
        // left to `SavedPages`, which also sets its title.
        let is_saved_page = feed.as_ref().is_some_and(|feed| feed.url == SAVED_PAGES);
        if is_saved_page && (requested_by == RequestedBy::Warta || !article.html.is_empty()) {
            return Ok(Err(Got::NotNeeded));
        }
        let is_web = |url: &&str| url.starts_with("http");
        let Some(url) = article.row.url.as_deref().filter(is_web) else {
            return Ok(Err(Got::NotNeeded));
        };
        if requested_by != RequestedBy::Reader && is_own_media(&article, url) {
            return Ok(Err(Got::NotNeeded));
        }
        let of_feed = of_feed(&article);
        if requested_by != RequestedBy::Reader {
            let allowed = match feed.as_ref().and_then(|feed| feed.options.full_text) {
                Some(false) => false,
                Some(true) => true,
                None => wants_full_text(&of_feed),
            };
            if !allowed {
                return Ok(Err(Got::NotNeeded));
            }
        }
        Ok(Ok(Asked {
            url: url.to_owned(),
            feed,
            of_feed,
        }))
    }

    /// Fetches the article of a page that the reader asked for by its address.
    pub(crate) async fn page_at(
        &self,
        url: &str,
    ) -> Result<std::result::Result<(Page, String), PageFailure>> {
        let asked = Asked {
            url: url.to_owned(),
            feed: None,
            of_feed: NormalizedEntry::default(),
        };
        self.fetch_pages(&asked, false).await
    }

    /// Fetches the article's page and its further pages, and joins them.
    async fn fetch_pages(
        &self,
        asked: &Asked,
        unasked: bool,
    ) -> Result<std::result::Result<(Page, String), PageFailure>> {
        let first = match self.fetch_page(&asked.url, asked, unasked).await? {
            Ok(first) => first,
            Err(broken) => return Ok(Err(broken)),
        };
        let (mut page, url) = first;
        if let Some(whole) = page.single_page.clone()
            && let Ok((whole, whole_url)) = self.fetch_page(&whole, asked, unasked).await?
            && whole.word_count >= page.word_count
        {
            return Ok(Ok((whole, whole_url)));
        }
        let mut seen: HashSet<String> = HashSet::from([asked.url.clone(), url.clone()]);
        let mut next = page.next_page.clone();
        for _ in 1..PAGES_AN_ARTICLE {
            let Some(address) = next.take().filter(|next| seen.insert(next.clone())) else {
                break;
            };
            // A partial article is better than none.
            let Ok((more, _)) = self.fetch_page(&address, asked, unasked).await? else {
                break;
            };
            if more.text == page.text || page.text.ends_with(&more.text) {
                break;
            }
            next.clone_from(&more.next_page);
            join(&mut page, more);
        }
        Ok(Ok((page, url)))
    }

    async fn fetch_page(
        &self,
        url: &str,
        asked: &Asked,
        unasked: bool,
    ) -> Result<std::result::Result<(Page, String), PageFailure>> {
        let request = match &asked.feed {
            Some(feed) => self.requests.request_named_by(feed, url).await?,
            // The reader entered this address and no feed contains it: the page's own site counts
            // as its source.
            None => Request {
                url: url.to_owned(),
                named_by: self.own_network.named_by(asked.url.clone()),
                ..Request::default()
            },
        };
        let request = Request {
            wanted: Wanted::Page,
            ..request
        };
        let answer = if unasked {
            self.ctx.http.fetch_if_allowed(request).await
        } else {
            self.ctx.http.fetch(request).await
        };
        let fetched = match answer {
            Ok(Response::Fetched(fetched)) => fetched,
            Ok(Response::NotModified { .. }) => {
                return Ok(Err(PageFailure::NoArticle(NoArticle::Empty)));
            }
            Err(error) => return Ok(Err(PageFailure::Fetch(error))),
        };
        off_thread(move || {
            let (html, content_type) = as_html(&fetched);
            warta_article::extract(&html, Some(&fetched.url), content_type.as_deref())
                .map(|page| (page, fetched.url.clone()))
                .map_err(PageFailure::NoArticle)
        })
        .await
    }

    /// Stores the fetched text, or the reason of the failure.
    fn take_page(
        &self,
        id: ArticleId,
        asked: &Asked,
        fetched: std::result::Result<(Page, String), PageFailure>,
        requested_by: RequestedBy,
    ) -> Result<Got> {
        let now = self.ctx.now();
        let (page, url) = match fetched {
            Ok(found) => found,
            Err(broken) => {
                let problem = broken.problem();
                self.ctx
                    .store
                    .full_text()
                    .set_failed(id, problem.code, &problem.detail, now)?;
                return Ok(Got::Failed(problem.code));
            }
        };
        let is_better = preferred_text(&asked.of_feed, &page) == PreferredText::Page;
        let fetched_itself = requested_by != RequestedBy::Reader;
        if fetched_itself && !is_better && page.word_count <= asked.of_feed.word_count / 2 {
            // Likely a consent or sign-in page, with less text than the feed.
            let code = if page.paywalled {
                ProblemCode::Paywalled
            } else {
                ProblemCode::NoArticle
            };
            self.ctx.store.full_text().set_failed(
                id,
                code,
                "the page has less text than the feed",
                now,
            )?;
            return Ok(Got::Failed(code));
        }
        let text = FullText {
            url: warta_share::preferred_link(&url, page.canonical.as_deref()),
            fetched_at: now,
            html: page.html.into_string(),
            word_count: page.word_count,
            excerpt: page.excerpt,
            dateline: page.dateline,
            byline: page.byline,
            language: page.language,
            right_to_left: page.right_to_left,
            lead_picture: page.image,
            pictures: page.images.into_iter().map(|picture| picture.url).collect(),
            paywalled: page.paywalled,
            is_better,
        };
        match self.ctx.store.full_text().keep(id, &text) {
            // The article was purged in the meantime.
            Err(warta_store::StoreError::NotFound(_)) => Ok(Got::NotNeeded),
            other => Ok(other.map(|()| Got::New)?),
        }
    }

    /// Fetches the missing text and pictures of an opened article and reports them with
    /// [`Event::TextArrived`] and [`Event::PicturesArrived`].
    pub async fn complete_article(self: &Arc<Self>, id: u64) -> Result<u32> {
        if self.connectivity.connection() == Connection::Offline
            || self.ctx.store.may_write().is_err()
        {
            return Ok(0);
        }
        if let crate::offline::full_text::Got::Offline = self.complete_text(ArticleId(id)).await? {
            self.connectivity.set_connection(Connection::Offline);
            return Ok(0);
        }
        if self.ctx.settings().pictures_on_request || self.budget.is_over_budget() {
            return Ok(0);
        }
        self.pictures.fetch_listed_pictures(id).await
    }
}

/// The problem code for a page without an article.
fn no_article_code(error: &NoArticle) -> ProblemCode {
    match error {
        NoArticle::Empty | NoArticle::NotFound => ProblemCode::NoArticle,
        NoArticle::Barrier(barrier) => barrier_code(*barrier),
    }
}

/// Converts the feed's text to the article crate's type.
fn of_feed(article: &Article) -> NormalizedEntry {
    let row = &article.row;
    from_entry(
        &article.html,
        Some(&row.title),
        row.url.as_deref(),
        row.language.as_deref(),
    )
}

/// Whether a URL points to the entry's own audio, video or picture rather than a page, as in
/// podcasts whose entries have no other link.
fn is_own_media(article: &Article, url: &str) -> bool {
    let own = article.enclosures.iter().find(|one| one.url == url);
    own.is_some_and(|own| {
        let declared = own
            .media_type
            .as_deref()
            .map(|kind| content_of(Some(kind), b""));
        let kind = match declared {
            Some(Content::File(kind)) if kind != FileKind::Data => kind,
            _ => ending_of(url),
        };
        matches!(kind, FileKind::Audio | FileKind::Video | FileKind::Picture)
    })
}

/// The file kind implied by the URL's extension.
fn ending_of(url: &str) -> FileKind {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let (_, ending) = path.rsplit_once('.').unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "mp3" | "m4a" | "m4b" | "ogg" | "oga" | "opus" | "aac" | "flac" | "wav" => FileKind::Audio,
        "mp4" | "m4v" | "mov" | "webm" | "mkv" | "ogv" => FileKind::Video,
        "jpg" | "jpeg" | "png" | "gif" | "webp" | "avif" => FileKind::Picture,
        _ => FileKind::Data,
    }
}

/// Converts a fetched page to HTML; plain text is wrapped in paragraphs.
fn as_html(fetched: &Fetched) -> (Cow<'_, [u8]>, Option<String>) {
    let content_type = fetched.content_type.as_deref();
    if content_of(content_type, &fetched.bytes) != Content::Text {
        return (
            Cow::Borrowed(&fetched.bytes),
            content_type.map(str::to_owned),
        );
    }
    // Converts UTF-16 to UTF-8; the other text charsets are ASCII-compatible.
    let wide = match fetched.bytes.as_slice() {
        [0xFF, 0xFE, text @ ..] => Some((text, u16::from_le_bytes as fn([u8; 2]) -> u16)),
        [0xFE, 0xFF, text @ ..] => Some((text, u16::from_be_bytes as fn([u8; 2]) -> u16)),
        _ => None,
    };
    let text = match wide {
        Some((text, unit)) => {
            let units: Vec<u16> = text
                .chunks_exact(2)
                .map(|pair| unit([pair[0], pair[1]]))
                .collect();
            Cow::Owned(String::from_utf16_lossy(&units).into_bytes())
        }
        None => Cow::Borrowed(fetched.bytes.as_slice()),
    };
    let charset = content_type
        .and_then(|kind| {
            kind.split(';')
                .find(|part| part.to_ascii_lowercase().contains("charset"))
        })
        .filter(|_| wide.is_none());
    let mut html_type = "text/html".to_owned();
    match (charset, wide) {
        (Some(charset), _) => {
            let _ = write!(html_type, ";{charset}");
        }
        (None, Some(_)) => html_type.push_str("; charset=utf-8"),
        (None, None) => {}
    }
    (Cow::Owned(paragraphs(&text)), Some(html_type))
}

/// Wraps the paragraphs of plain text, separated by blank lines or, without any, by line ends.
fn paragraphs(text: &[u8]) -> Vec<u8> {
    let lines = || {
        text.split(|byte| *byte == b'\n')
            .map(<[u8]>::trim_ascii)
            .skip_while(|line| line.is_empty())
    };
    // Ignore blank lines at the end.
    let mut last = None;
    let has_blocks = lines().any(|line| {
        let before = last.replace(line);
        before.is_some_and(<[u8]>::is_empty) && !line.is_empty()
    });
    let mut html = b"<html><body><article><p>".to_vec();
    let mut is_begun = false;
    for line in lines() {
        if line.is_empty() {
            if is_begun {
                html.extend_from_slice(b"</p><p>");
                is_begun = false;
            }
            continue;
        }
        if is_begun {
            // Within a paragraph, line ends are only soft wraps.
            let end: &[u8] = if has_blocks { b"\n" } else { b"</p><p>" };
            html.extend_from_slice(end);
        }
        is_begun = true;
        for byte in line {
            match byte {
                b'&' => html.extend_from_slice(b"&amp;"),
                b'<' => html.extend_from_slice(b"&lt;"),
                b'>' => html.extend_from_slice(b"&gt;"),
                other => html.push(*other),
            }
        }
    }
    html.extend_from_slice(b"</p></article></body></html>");
    html
}

/// Appends a further page of an article.
fn join(page: &mut Page, more: Page) {
    let html = format!("{}\n{}", page.html.as_str(), more.html.as_str());
    page.html = warta_article::stored_html(html);
    page.text.push_str("\n\n");
    page.text.push_str(&more.text);
    page.word_count += more.word_count;
    page.paywalled |= more.paywalled;
    for picture in more.images {
        if page.images.iter().all(|known| known.url != picture.url) {
            page.images.push(picture);
        }
    }
}
