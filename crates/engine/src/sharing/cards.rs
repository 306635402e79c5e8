//! Exports articles as picture cards and files.

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Datelike, FixedOffset};
use warta_share::card::{self, Card, Drawn, Fonts, Shape, fontdb};
use warta_share::document::{self, Document, Format};
use warta_store::{ArticleId, PictureId};

use crate::api::{CardRequest, CardShape, Failure, FailureCode, FileFormat, PictureCard, Result};
use crate::context::{Context, checks};
use crate::reading::articles::Articles;
use crate::sharing::epub::Books;
use crate::sharing::forward::Host;
use crate::sharing::subjects::Subjects;

/// The installed fonts, loaded for the first card.
static FONTS: LazyLock<fontdb::Database> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    fonts
});

/// Exports articles as picture cards and files.
pub struct Cards {
    ctx: Arc<Context>,
    articles: Arc<Articles>,
    subjects: Arc<Subjects>,
    books: Arc<Books>,
}

impl Cards {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        articles: &Arc<Articles>,
        subjects: &Arc<Subjects>,
        books: &Arc<Books>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            articles: Arc::clone(articles),
            subjects: Arc::clone(subjects),
            books: Arc::clone(books),
        }
    }

    /// Renders a picture card for preview.
    pub fn picture_card(&self, request: &CardRequest) -> Result<PictureCard> {
        let (drawn, title, has_picture) = self.drawn(request)?;
        Ok(PictureCard {
            png: STANDARD.encode(&drawn.png),
            width: drawn.width,
            height: drawn.height,
            missing: drawn.missing,
            has_picture,
            name: document::file_name(&title, "png"),
        })
    }

    /// The card's PNG and a file name.
    pub fn card_file(&self, request: &CardRequest) -> Result<(String, Vec<u8>)> {
        let (drawn, title, _) = self.drawn(request)?;
        Ok((document::file_name(&title, "png"), drawn.png))
    }

    /// Copies the card to the clipboard.
    pub fn copy_card(&self, request: &CardRequest, host: &dyn Host) -> Result<()> {
        let (drawn, _, _) = self.drawn(request)?;
        let (width, height) = (drawn.width, drawn.height);
        host.copy_picture(card::rgba(&drawn), width, height)
            .map_err(|why| Failure {
                code: FailureCode::NoHandler,
                message: "the clipboard is not available".into(),
                detail: why,
            })
    }

    /// Copies a stored picture to the clipboard. `picture` is its name in the media protocol.
    pub fn copy_picture(&self, picture: &str, host: &dyn Host) -> Result<()> {
        let stored = self.stored_picture(picture)?;
        let pixels = warta_article::picture::pixels(&stored.bytes).map_err(|error| Failure {
            code: FailureCode::BadInput,
            message: "the picture cannot be decoded".into(),
            detail: error.to_string(),
        })?;
        host.copy_picture(pixels.rgba, pixels.width, pixels.height)
            .map_err(|why| Failure {
                code: FailureCode::NoHandler,
                message: "the clipboard is not available".into(),
                detail: why,
            })
    }

    /// A stored picture as a file: its name, with the words of `title`, and its bytes.
    pub fn picture_file(&self, picture: &str, title: &str) -> Result<(String, Vec<u8>)> {
        checks::typed(checks::length("a title", title, checks::MESSAGE))?;
        let stored = self.stored_picture(picture)?;
        let ending = match stored.media_type.strip_prefix("image/") {
            Some("jpeg") => "jpg",
            Some(other) => other,
            None => "bin",
        };
        Ok((document::file_name(title, ending), stored.bytes))
    }

    fn stored_picture(&self, picture: &str) -> Result<warta_store::Picture> {
        let id = PictureId::parse(picture).ok_or_else(|| Failure::not_found("picture"))?;
        self.ctx
            .store
            .pictures()
            .get(id)?
            .ok_or_else(|| Failure::not_found("picture"))
    }

    /// An article as a file: its name and content.
    pub fn article_file(&self, id: u64, format: FileFormat) -> Result<(String, Vec<u8>)> {
        let article = self
            .ctx
            .store
            .article(ArticleId(id))?
            .ok_or_else(|| Failure::not_found("article"))?;
        let row = article.row;
        let format = match format {
            FileFormat::Text => Format::Text,
            FileFormat::Markdown => Format::Markdown,
            FileFormat::Html => Format::Html,
            FileFormat::Epub => {
                let book = self.books.article_epub(row.id, &row.title)?;
                return Ok((document::file_name(&row.title, "epub"), book));
            }
        };
        let publisher = self
            .articles
            .publisher(row.feed, row.source.as_deref())?
            .name;
        let link = warta_share::clean_link(&self.subjects.link_of(&row)?);
        let written = document::write(
            &Document {
                title: &row.title,
                publisher: &publisher,
                byline: &row.authors.join(", "),
                date: &self.day(row.published.unwrap_or(row.time)),
                link: &link,
                language: row.language.as_deref().unwrap_or_default(),
                html: &article.html,
            },
            format,
        );
        let name = document::file_name(&row.title, format.extension());
        Ok((name, written.into_bytes()))
    }

    fn drawn(&self, request: &CardRequest) -> Result<(Drawn, String, bool)> {
        let (subject, article) = self.subjects.subject(&request.subject)?;
        let article = article.ok_or_else(|| Failure::not_found("article"))?;
        let row = self.ctx.store.rows(&[article])?.into_iter().next();
        let row = row.ok_or_else(|| Failure::not_found("article"))?;
        let picture = match row.lead_picture.as_deref() {
            Some(url) => self.ctx.store.pictures().get(PictureId::of_url(url))?,
            None => None,
        };
        let host = crate::context::labels::host_of(&warta_share::clean_link(&subject.url));
        let day = self.day(row.published.unwrap_or(row.time));
        let foot = match host {
            Some(host) => format!("{day} · {}", host.trim_start_matches("www.")),
            None => day,
        };
        let title = if subject.title.is_empty() {
            subject.excerpt
        } else {
            subject.title
        };
        let mut fonts = Fonts::of(FONTS.clone(), row.language.as_deref().unwrap_or("en"));
        let drawn = card::draw(
            &Card {
                title: &title,
                publisher: &subject.publisher,
                foot: &foot,
                picture: picture
                    .as_ref()
                    .filter(|_| request.with_picture)
                    .map(|picture| picture.bytes.as_slice()),
            },
            match request.shape {
                CardShape::Post => Shape::Post,
                CardShape::Status => Shape::Status,
            },
            &mut fonts,
        );
        Ok((drawn, title, picture.is_some()))
    }

    /// The date in the reader's time zone: "4 Mei 2026" or "4 May 2026".
    fn day(&self, at: i64) -> String {
        let zone = FixedOffset::east_opt(self.ctx.clock.utc_offset(at));
        let Some(time) = zone
            .and_then(|zone| DateTime::from_timestamp(at, 0).map(|time| time.with_timezone(&zone)))
        else {
            return String::new();
        };
        let language = warta_share::language(&self.ctx.settings().language);
        let month = language.months[time.month0() as usize];
        format!("{} {month} {}", time.day(), time.year())
    }
}
