//! Lists, articles, marks and search: everything that works without a network.

use warta_article::{Located, place_pictures, stored_html};
use warta_store::{ArticleId, FeedId, FolderId, ListQuery, PictureState, UndoToken};

use crate::api::{
    ArticleList, ArticleRow, ArticleView, Count, Cursor, EnclosureView, Event, Failure, FeedPlace,
    FolderPlace, ListRequest, Mark, PageStatus, PictureView, Place, Places, Problem, Publisher,
    Run, SearchHit, SearchPage, Undoable,
};
use crate::names::{icon_url, title, without_credentials};
use crate::pictures::thumbnail_key;
use crate::{Engine, Result, checks, locked};

/// Words a minute that people read, on the low side of what studies of Indonesian and English give.
pub(crate) const WORDS_A_MINUTE: u32 = 200;

impl Engine {
    /// The sidebar: every place with its counts. Blocks.
    pub fn places(&self) -> Result<Places> {
        let counts = self.store().counts()?;
        let of_feed: std::collections::HashMap<FeedId, warta_store::Count> =
            counts.feeds.iter().copied().collect();
        let mut feeds: Vec<FeedPlace> = Vec::new();
        for feed in self.store().feeds()? {
            feeds.push(FeedPlace {
                id: feed.id.0,
                title: title(&feed),
                url: without_credentials(&feed.url),
                site: feed.facts.site.clone(),
                folder: feed.folder.map(|f| f.0),
                icon: self.kept(icon_url(&feed).as_deref())?,
                language: feed.facts.language.clone(),
                count: of_feed.get(&feed.id).copied().unwrap_or_default().into(),
                paused: feed.paused,
                failure: feed.facts.failure.map(|f| Problem {
                    code: f.code,
                    detail: f.detail,
                }),
                checked_at: feed.facts.checked_at,
                next_due_at: feed.facts.next_due_at,
                custom_title: feed.custom_title,
            });
        }
        feeds.sort_by_cached_key(|feed| (feed.title.to_lowercase(), feed.id));
        let of_folder: std::collections::HashMap<FolderId, warta_store::Count> =
            counts.folders.into_iter().collect();
        let mut folders = self.store().folders()?;
        folders.sort_by_key(|folder| (folder.position, folder.id));
        let folders = folders
            .into_iter()
            .map(|folder| FolderPlace {
                // Not the sum over its feeds: an article that several of them list counts once.
                count: of_folder
                    .get(&folder.id)
                    .copied()
                    .unwrap_or_default()
                    .into(),
                id: folder.id.0,
                name: folder.name,
            })
            .collect();
        Ok(Places {
            all: counts.all.into(),
            today: self
                .store()
                .count_since(self.inner.clock.midnight())?
                .into(),
            saved: counts.saved,
            folders,
            feeds,
            searches: self.search_places()?,
            tags: self.tag_places(),
            waiting: self.outbox()?.len() as u32,
            packs: self.packs()?,
        })
    }

    /// One page of a list. Blocks.
    pub fn list(&self, request: &ListRequest) -> Result<ArticleList> {
        if let Place::Pack { id } = request.place {
            return self.list_pack(id, request);
        }
        let unread_only = request.unread_only || request.place == Place::Unread;
        let limit = request.limit.clamp(1, 500) as usize;
        let page = if let Place::Tag { id } = request.place {
            let before = request.before.map(|cursor| cursor.id);
            self.tagged(id, unread_only, before, limit)?
        } else {
            self.visible_page(ListQuery {
                place: self.store_place(request.place),
                unread_only,
                before: request.before.map(Into::into),
                limit,
            })?
        };
        Ok(ArticleList {
            rows: self.rows(page.rows)?,
            next: page.next.map(Into::into),
        })
    }

    /// A page without what is muted; where all of one is, the next that has something.
    pub(crate) fn visible_page(&self, mut query: ListQuery) -> Result<warta_store::Page> {
        loop {
            let mut page = self.store().list(&query)?;
            if query.place != warta_store::Place::Saved {
                let hidden = crate::read(&self.inner.hidden);
                if !hidden.is_empty() {
                    page.rows.retain(|row| !hidden.contains(&row.id.0));
                }
            }
            if !page.rows.is_empty() || page.next.is_none() {
                return Ok(page);
            }
            query.before = page.next;
        }
    }

    /// Marks an article read because it was opened and, where the reader wants that, the others of its
    /// story; gives all that are read now and were not. Blocks.
    pub fn mark_opened(&self, id: u64) -> Result<Vec<u64>> {
        let settings = self.settings();
        if !settings.mark_read_on_open {
            return Ok(Vec::new());
        }
        let mut ids = vec![ArticleId(id)];
        if settings.mark_story_read {
            ids.extend(self.with_it(id));
        }
        let (marked, _) = self.store().mark_read(&ids)?;
        if !marked.is_empty() {
            self.tell(Event::PlacesChanged);
        }
        Ok(marked.into_iter().map(|id| id.0).collect())
    }

    /// What a pack holds; its cursor's time is a place in the pack.
    fn list_pack(&self, id: u32, request: &ListRequest) -> Result<ArticleList> {
        let packed = self.store().packed(id)?;
        let mut from = request
            .before
            .map_or(0, |before| before.time.max(0) as usize);
        let limit = request.limit.clamp(1, 500) as usize;
        let mut rows = Vec::new();
        while from < packed.len() && rows.len() < limit {
            let found = self.store().rows(&[packed[from].article])?;
            rows.extend(
                found
                    .into_iter()
                    .filter(|row| !(request.unread_only && row.read)),
            );
            from += 1;
        }
        let next = (from < packed.len()).then_some(Cursor {
            time: from as i64,
            id: 0,
        });
        Ok(ArticleList {
            rows: self.rows(rows)?,
            next,
        })
    }

    /// An article to read, its pictures pointing into the media protocol. Blocks.
    pub fn article(&self, id: u64) -> Result<ArticleView> {
        let article = self
            .store()
            .article(ArticleId(id))?
            .ok_or_else(|| Failure::not_found("article"))?;
        let row = &article.row;
        let page_view = self.page_view(row.id, row.url.as_deref())?;
        let page = match page_view.status {
            PageStatus::Shown => self.store().page(row.id)?,
            _ => None,
        };
        let mut missing = 0;
        let feed_words = self.store().words_of_feed(row.id)?;
        let mut row = article.row;
        let mut dateline = row.dateline.clone();
        let html = match page {
            Some(page) => {
                dateline = page.dateline.or(dateline);
                row.language = page.language.or(row.language);
                row.right_to_left = page.right_to_left;
                if row.authors.is_empty() {
                    row.authors.extend(page.byline);
                }
                page.html
            }
            None => article.html,
        };
        let html = stored_html(html);
        let html = place_pictures(&html, &mut |url| {
            let kept = self.kept(Some(url)).ok().flatten();
            if kept.is_none() && self.shows_nothing(url).unwrap_or_default() {
                return Located::LeftOut;
            }
            missing += u32::from(kept.is_none());
            kept.into()
        });
        let lead_picture = self.lead_picture(row.lead_picture.as_deref(), &html)?;
        let publisher = self.publisher(row.feed, row.source.as_deref())?;
        let updated = row.updated.filter(|at| Some(*at) != row.published);
        let link_is_redirect = row.link_is_redirect;
        let mut enclosures = Vec::new();
        for enclosure in article.enclosures {
            enclosures.push(EnclosureView {
                sound: self.sound_view(&enclosure)?,
                url: enclosure.url,
                media_type: enclosure.media_type,
                length: enclosure.length,
                duration_seconds: enclosure.duration_seconds,
                title: enclosure.title,
            });
        }
        let row = self.row(row)?;
        Ok(ArticleView {
            story: self.story_of(id)?,
            forwards: self.forwards(Some(id))?,
            row,
            html,
            dateline,
            lead_picture,
            updated,
            enclosures,
            publisher,
            comments: article.comments,
            chapters: article.chapters,
            link_is_redirect,
            pictures_missing: missing,
            page: page_view,
            feed_words,
        })
    }

    /// Marks articles; gives how many changed. Blocks.
    pub fn mark(&self, ids: &[u64], mark: Mark) -> Result<u32> {
        checks::typed(checks::count("articles", ids.len(), checks::ARTICLES))?;
        let ids: Vec<ArticleId> = ids.iter().copied().map(ArticleId).collect();
        let mark = warta_store::Mark {
            read: mark.read,
            saved: mark.saved,
        };
        let changed = self.store().mark(&ids, mark, self.now())?;
        if changed > 0 {
            self.tell(Event::PlacesChanged);
        }
        Ok(changed as u32)
    }

    /// Marks a whole place read, up to the newest row that the reader has seen of it. Blocks.
    pub fn mark_all_read(&self, place: Place, newest: Option<Cursor>) -> Result<Undoable> {
        if let Place::Pack { id } = place {
            return self.mark_pack_read(id);
        }
        let (changed, token) = if let Place::Tag { id } = place {
            let ids: Vec<ArticleId> = locked(&self.inner.tags).of(id).map(ArticleId).collect();
            let (changed, token) = self.store().mark_read(&ids)?;
            (changed.len(), token)
        } else {
            let place = self.store_place(place);
            self.store()
                .mark_all_read(place, newest.map(Into::into), self.now())?
        };
        self.tell(Event::PlacesChanged);
        Ok(Undoable {
            changed: changed as u32,
            token: token.0,
        })
    }

    fn mark_pack_read(&self, id: u32) -> Result<Undoable> {
        let packed = self.store().packed(id)?;
        let ids: Vec<ArticleId> = packed.iter().map(|packed| packed.article).collect();
        let (changed, token) = self.store().mark_read(&ids)?;
        self.tell(Event::PlacesChanged);
        Ok(Undoable {
            changed: changed.len() as u32,
            token: token.0,
        })
    }

    /// Takes something back; false when it is too late for that. Blocks.
    pub fn undo(&self, token: u64) -> Result<bool> {
        let done = self.store().undo(UndoToken(token))?;
        if done {
            for feed in self.store().feeds()? {
                self.inner.names.learn(&feed);
            }
            self.tell(Event::PlacesChanged);
        }
        Ok(done)
    }

    /// Searches everything that is stored. Blocks.
    pub fn search(&self, query: &str, limit: u32, offset: u32) -> Result<SearchPage> {
        let query = checks::typed(checks::query(query))?;
        let limit = limit.clamp(1, 200) as usize;
        let day_begins = |day| self.inner.clock.day_begins(day);
        let found = self
            .store()
            .search_at(query, &day_begins, limit, offset as usize)?;
        let mut hits = Vec::with_capacity(found.hits.len());
        for hit in found.hits {
            hits.push(SearchHit {
                row: self.row(hit.row)?,
                title: hit.title.into_iter().map(Into::into).collect(),
                passage: hit.passage.into_iter().map(Into::into).collect(),
            });
        }
        Ok(SearchPage {
            query: query.to_owned(),
            hits,
            total: found.total as u32,
        })
    }

    /// Waits until all that was stored can be found. Blocks.
    pub fn finish_indexing(&self) -> Result<()> {
        Ok(self.store().finish_indexing()?)
    }

    pub(crate) fn rows(&self, rows: Vec<warta_store::ArticleRow>) -> Result<Vec<ArticleRow>> {
        rows.into_iter().map(|row| self.row(row)).collect()
    }

    pub(crate) fn row(&self, row: warta_store::ArticleRow) -> Result<ArticleRow> {
        let name = self.inner.names.get(row.feed);
        let thumbnail = row.lead_picture.as_deref().map(thumbnail_key);
        Ok(ArticleRow {
            id: row.id.0,
            feed: row.feed.0,
            publisher: row
                .source
                .or_else(|| name.as_ref().map(|n| n.title.clone()))
                .unwrap_or_default(),
            icon: self.kept(name.as_ref().and_then(|n| n.icon_url.as_deref()))?,
            title: row.title,
            url: row.url,
            excerpt: row.excerpt,
            time: row.time,
            authors: row.authors,
            language: row.language,
            right_to_left: row.right_to_left,
            minutes: row.word_count.div_ceil(WORDS_A_MINUTE).max(1),
            thumbnail: self.kept(thumbnail.as_deref())?,
            read: row.read,
            saved: row.saved,
            story: self.story_brief(row.id),
        })
    }

    /// The media protocol's address of a picture, if it is kept.
    pub(crate) fn kept(&self, url: Option<&str>) -> Result<Option<String>> {
        let Some(url) = url else { return Ok(None) };
        let state = self.store().picture_state(url)?;
        Ok(matches!(state, PictureState::Kept).then(|| self.media_address(url)))
    }

    pub(crate) fn store_place(&self, place: Place) -> warta_store::Place {
        match place {
            // A tag's articles and a pack's are listed by their own records.
            Place::All | Place::Unread | Place::Tag { .. } | Place::Pack { .. } => {
                warta_store::Place::All
            }
            Place::Today => warta_store::Place::Since(self.inner.clock.midnight()),
            Place::Saved => warta_store::Place::Saved,
            Place::Folder { id } => warta_store::Place::Folder(FolderId(id)),
            Place::Feed { id } => warta_store::Place::Feed(FeedId(id)),
        }
    }

    pub(crate) fn publisher(&self, feed: FeedId, source: Option<&str>) -> Result<Publisher> {
        let name = self.inner.names.get(feed);
        let channels = self.channels_of(feed)?;
        Ok(Publisher {
            name: source
                .map(str::to_owned)
                .or_else(|| name.as_ref().map(|n| n.title.clone()))
                .unwrap_or_default(),
            host: name.as_ref().and_then(|n| n.host.clone()),
            site: name.as_ref().and_then(|n| n.site.clone()),
            channels,
        })
    }

    /// The picture above the text: none where the text begins with a picture, or has this one.
    fn lead_picture(&self, url: Option<&str>, html: &str) -> Result<Option<PictureView>> {
        let Some(url) = url else { return Ok(None) };
        let Some(src) = self.kept(Some(url))? else {
            return Ok(None);
        };
        if html.contains(&src) || begins_with_picture(html) {
            return Ok(None);
        }
        self.picture_view(url)
    }

    pub(crate) fn picture_view(&self, url: &str) -> Result<Option<PictureView>> {
        let id = warta_store::PictureId::of_url(url);
        Ok(self.store().picture(id)?.map(|picture| PictureView {
            src: self.media_address(url),
            width: picture.width,
            height: picture.height,
        }))
    }
}

/// Whether a picture stands before the first words.
fn begins_with_picture(html: &str) -> bool {
    let Some(picture) = html.find("<img") else {
        return false;
    };
    html[..picture].split('<').all(|piece| {
        piece
            .split_once('>')
            .map_or(piece, |(_, text)| text)
            .trim()
            .is_empty()
    })
}

impl From<warta_store::Count> for Count {
    fn from(count: warta_store::Count) -> Self {
        Self {
            total: count.total,
            unread: count.unread,
        }
    }
}

impl From<Cursor> for warta_store::Cursor {
    fn from(cursor: Cursor) -> Self {
        Self {
            time: cursor.time,
            id: ArticleId(cursor.id),
        }
    }
}

impl From<warta_store::Cursor> for Cursor {
    fn from(cursor: warta_store::Cursor) -> Self {
        Self {
            time: cursor.time,
            id: cursor.id.0,
        }
    }
}

impl From<warta_store::Run> for Run {
    fn from(run: warta_store::Run) -> Self {
        Self {
            text: run.text,
            hit: run.hit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::begins_with_picture;

    #[test]
    fn a_leading_picture_is_seen_through_its_wrappers() {
        for (html, expected) in [
            (
                "<figure><img src=\"a\"><figcaption>x</figcaption></figure><p>y</p>",
                true,
            ),
            ("<p><a href=\"b\"><img src=\"a\"></a></p><p>y</p>", true),
            ("<p>Kata dahulu.</p><img src=\"a\">", false),
            ("Kata dahulu. <img src=\"a\">", false),
            ("", false),
        ] {
            assert_eq!(begins_with_picture(html), expected, "{html}");
        }
    }
}
