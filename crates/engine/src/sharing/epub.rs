//! Writes a pack or an article as an EPUB 3 file (W3C EPUB 3.3, also valid under the 3.2 rules of
//! epubcheck 4). Each article is a chapter with its pictures, in the pack's order.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use warta_article::{picture, stored_html, xhtml};
use warta_share::document;
use warta_store::{ArticleId, PictureId};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::api::{ArticleView, Failure, FailureCode, Result};
use crate::context::Context;
use crate::reading::articles::Articles;

const STYLE: &str = "body{font-family:serif;line-height:1.5;margin:0 5%}\
h1{line-height:1.15;margin:.3em 0 .4em}h2{line-height:1.25}\
.kicker,.meta,figcaption,.foot{font-family:sans-serif;font-size:.8em;color:#555}\
.kicker{margin:1.5em 0 0}.dateline{font-size:.85em;text-transform:uppercase}\
img{max-width:100%;height:auto}figure{margin:1.2em 0}\
blockquote{margin:1em 0;padding:0 0 0 1em;border-left:2px solid #999}\
table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .4em}\
nav li{margin:.5em 0}.foot{margin-top:2.5em;border-top:1px solid #bbb}";

/// A chapter of the book.
struct Chapter {
    file: String,
    title: String,
    publisher: String,
    language: Option<String>,
}

/// A picture in the book: file name, media type and bytes.
struct BookPicture {
    file: String,
    media_type: &'static str,
    bytes: Vec<u8>,
}

/// Replaces the media protocol's base URL while XHTML is written.
const WEB: &str = "https://picture.invalid/";

struct Book(ZipWriter<Cursor<Vec<u8>>>);

impl Book {
    /// Writes the two files that identify an EPUB (OCF, § 4.2 and § 4.3).
    fn begin() -> zip::result::ZipResult<Self> {
        let mut book = Self(ZipWriter::new(Cursor::new(Vec::new())));
        book.put("mimetype", b"application/epub+zip", false)?;
        let container = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
            <container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\
            <rootfiles><rootfile full-path=\"EPUB/package.opf\" \
            media-type=\"application/oebps-package+xml\"/></rootfiles></container>\n";
        book.put("META-INF/container.xml", container.as_bytes(), true)?;
        Ok(book)
    }

    fn put(&mut self, name: &str, bytes: &[u8], compress: bool) -> zip::result::ZipResult<()> {
        let method = if compress {
            CompressionMethod::Deflated
        } else {
            CompressionMethod::Stored
        };
        let options = SimpleFileOptions::default().compression_method(method);
        self.0.start_file(name, options)?;
        self.0.write_all(bytes)?;
        Ok(())
    }

    fn end(&mut self) -> zip::result::ZipResult<Vec<u8>> {
        let writer = std::mem::replace(&mut self.0, ZipWriter::new(Cursor::new(Vec::new())));
        Ok(writer.finish()?.into_inner())
    }
}

struct Facts<'a> {
    identifier: &'a str,
    title: &'a str,
    language: &'a str,
    made_at: i64,
    modified: i64,
    chapters: &'a [Chapter],
    pictures: &'a [BookPicture],
}

/// Writes articles as EPUB files.
pub struct Books {
    ctx: Arc<Context>,
    articles: Arc<Articles>,
}

impl Books {
    pub(crate) fn new(ctx: &Arc<Context>, articles: &Arc<Articles>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            articles: Arc::clone(articles),
        }
    }

    /// A pack as an EPUB 3 file. `name` is the title if the pack has none.
    pub fn pack_epub(&self, id: u32, name: &str) -> Result<Vec<u8>> {
        let pack = self.ctx.store.packs().get(id)?;
        let pack = pack.ok_or_else(|| Failure::not_found("pack"))?;
        let title = if pack.name.is_empty() {
            name
        } else {
            &pack.name
        };
        let packed = self.ctx.store.packs().articles(id)?;
        let ids = packed.iter().filter(|packed| packed.tried);
        let ids: Vec<ArticleId> = ids.map(|packed| packed.article).collect();
        if ids.is_empty() {
            return Err(Failure::new(
                FailureCode::NothingToPack,
                "no article of the pack is stored yet",
            ));
        }
        let identifier = format!("urn:warta:pack:{}-{}", pack.id, pack.made_at);
        self.book(&identifier, title, pack.made_at, &ids)
    }

    /// One article as an EPUB 3 file.
    pub(crate) fn article_epub(&self, id: ArticleId, title: &str) -> Result<Vec<u8>> {
        let now = self.ctx.now();
        self.book(
            &format!("urn:warta:article:{}-{now}", id.0),
            title,
            now,
            &[id],
        )
    }

    fn book(
        &self,
        identifier: &str,
        title: &str,
        made_at: i64,
        ids: &[ArticleId],
    ) -> Result<Vec<u8>> {
        let mut book = Book::begin().map_err(|error| broken(&error))?;
        let mut chapters = Vec::new();
        let mut pictures: BTreeMap<String, Option<BookPicture>> = BTreeMap::new();
        for id in ids {
            let Ok(article) = self.articles.article(id.0) else {
                continue;
            };
            let chapter = self.chapter(&article, chapters.len() + 1, &mut pictures);
            book.put(
                &format!("EPUB/{}", chapter.0.file),
                chapter.1.as_bytes(),
                true,
            )
            .map_err(|error| broken(&error))?;
            chapters.push(chapter.0);
        }
        let mut shown: Vec<BookPicture> = pictures.into_values().flatten().collect();
        shown.sort_by(|a, b| a.file.cmp(&b.file));
        for picture in &shown {
            book.put(&format!("EPUB/{}", picture.file), &picture.bytes, false)
                .map_err(|error| broken(&error))?;
        }
        let language = self.ctx.settings().language;
        let contents = warta_share::language(&language).contents;
        let nav = contents_page(title, contents, &language, &chapters);
        let package = package(&Facts {
            identifier,
            title,
            language: &language,
            made_at,
            modified: self.ctx.now(),
            chapters: &chapters,
            pictures: &shown,
        });
        book.put("EPUB/style.css", STYLE.as_bytes(), true)
            .and_then(|()| book.put("EPUB/contents.xhtml", nav.as_bytes(), true))
            .and_then(|()| book.put("EPUB/package.opf", package.as_bytes(), true))
            .and_then(|()| book.end())
            .map_err(|error| broken(&error))
    }

    /// Writes an article as a chapter and adds its pictures to the book.
    fn chapter(
        &self,
        article: &ArticleView,
        number: usize,
        pictures: &mut BTreeMap<String, Option<BookPicture>>,
    ) -> (Chapter, String) {
        let row = &article.row;
        // Picture URLs of stored articles use the media protocol and end in the picture's id.
        let prefix = format!("{}/", self.ctx.media_base);
        let mut locate = |src: &str| -> Option<String> {
            let id = src.strip_prefix(&prefix)?;
            let known = pictures
                .entry(id.to_owned())
                .or_insert_with(|| self.book_picture(id));
            known.as_ref().map(|picture| picture.file.clone())
        };
        let lead = article.lead_picture.as_ref();
        let lead = lead.and_then(|lead| locate(&lead.src));
        // The sanitiser would drop pictures with media protocol URLs.
        let html = article.html.replace(&prefix, WEB);
        let mut of_web = |src: &str| locate(&src.replacen(WEB, &prefix, 1));
        let body = document::safe_links(&xhtml(&stored_html(html), &mut of_web));
        let title = if row.title.trim().is_empty() {
            row.excerpt.chars().take(80).collect()
        } else {
            row.title.clone()
        };
        let language = row.language.clone().filter(|tag| {
            (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
        let mut page = head(&title, language.as_deref(), row.right_to_left);
        let _ = writeln!(page, "<p class=\"kicker\">{}</p>", text(&row.publisher));
        let _ = writeln!(page, "<h1>{}</h1>", text(&title));
        let mut meta = row.authors.clone();
        meta.push(date(row.time));
        let _ = writeln!(page, "<p class=\"meta\">{}</p>", text(&meta.join(" · ")));
        if let Some(lead) = lead {
            let _ = writeln!(page, "<figure><img src=\"{lead}\" alt=\"\"/></figure>");
        }
        if let Some(dateline) = &article.dateline {
            let _ = writeln!(page, "<p class=\"dateline\">{}</p>", text(dateline));
        }
        page.push_str(&body);
        if let Some(url) = row.url.as_deref().filter(|url| url.starts_with("http")) {
            let link = xhtml(
                &warta_article::sanitize(&format!("<a href=\"{0}\">{0}</a>", text(url)), None),
                &mut |_| None,
            );
            let _ = write!(page, "<div class=\"foot\">{link}</div>");
        }
        page.push_str("</body>\n</html>\n");
        let page = warta_text::plain(&page).into_owned();
        let chapter = Chapter {
            file: format!("article-{number:04}.xhtml"),
            title,
            publisher: row.publisher.clone(),
            language,
        };
        (chapter, page)
    }

    /// A stored picture in a format that EPUB allows; `None` if it cannot be decoded.
    fn book_picture(&self, id: &str) -> Option<BookPicture> {
        let kept = self
            .ctx
            .store
            .pictures()
            .get(PictureId::parse(id)?)
            .ok()??;
        let plain = picture::to_common_format(kept.bytes).ok()?;
        let ending = match plain.format {
            picture::Format::Jpeg => "jpg",
            picture::Format::Gif => "gif",
            _ => "png",
        };
        Some(BookPicture {
            file: format!("pictures/{id}.{ending}"),
            media_type: plain.format.media_type(),
            bytes: plain.bytes,
        })
    }
}

fn head(title: &str, language: Option<&str>, right_to_left: bool) -> String {
    let language = language.unwrap_or("und");
    let direction = if right_to_left { " dir=\"rtl\"" } else { "" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" \
         lang=\"{language}\" xml:lang=\"{language}\"{direction}>\n\
         <head><title>{}</title><link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/></head>\n\
         <body>\n",
        text(title)
    )
}

fn contents_page(title: &str, contents: &str, language: &str, chapters: &[Chapter]) -> String {
    let mut page = head(title, Some(language), false);
    let _ = write!(
        page,
        "<h1>{}</h1>\n<nav epub:type=\"toc\" id=\"toc\">\n<h2>{contents}</h2>\n<ol>\n",
        text(title)
    );
    for chapter in chapters {
        let language = chapter.language.as_deref();
        let language = language.map_or(String::new(), |tag| {
            format!(" lang=\"{tag}\" xml:lang=\"{tag}\"")
        });
        let _ = writeln!(
            page,
            "<li><a href=\"{}\"{language}>{} · {}</a></li>",
            chapter.file,
            text(&chapter.title),
            text(&chapter.publisher)
        );
    }
    page.push_str("</ol>\n</nav>\n</body>\n</html>\n");
    page
}

fn package(facts: &Facts<'_>) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\">\n\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         <dc:identifier id=\"id\">{}</dc:identifier>\n<dc:title>{}</dc:title>\n\
         <dc:language>{}</dc:language>\n<dc:creator>Warta</dc:creator>\n<dc:date>{}</dc:date>\n\
         <meta property=\"dcterms:modified\">{}</meta>\n</metadata>\n<manifest>\n\
         <item id=\"contents\" href=\"contents.xhtml\" media-type=\"application/xhtml+xml\" \
         properties=\"nav\"/>\n<item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n",
        text(facts.identifier),
        text(facts.title),
        facts.language,
        date(facts.made_at),
        moment(facts.modified)
    );
    for (at, chapter) in facts.chapters.iter().enumerate() {
        let _ = writeln!(
            out,
            "<item id=\"a{at}\" href=\"{}\" media-type=\"application/xhtml+xml\"/>",
            chapter.file
        );
    }
    for (at, picture) in facts.pictures.iter().enumerate() {
        let _ = writeln!(
            out,
            "<item id=\"p{at}\" href=\"{}\" media-type=\"{}\"/>",
            picture.file, picture.media_type
        );
    }
    out.push_str("</manifest>\n<spine>\n<itemref idref=\"contents\"/>\n");
    for at in 0..facts.chapters.len() {
        let _ = writeln!(out, "<itemref idref=\"a{at}\"/>");
    }
    out.push_str("</spine>\n</package>\n");
    out
}

/// Escapes text for XML 1.0 and removes characters that XML does not allow.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in warta_text::plain(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            character if character.is_control() && !matches!(character, '\t' | '\n') => {}
            character => out.push(character),
        }
    }
    out
}

fn moment(time: i64) -> String {
    let time: DateTime<Utc> = DateTime::from_timestamp(time, 0).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn date(time: i64) -> String {
    moment(time).chars().take(10).collect()
}

fn broken(error: &zip::result::ZipError) -> Failure {
    Failure::new(FailureCode::Internal, error.to_string())
}
