//! What a body is, by its first bytes and, if these do not decide, by its `Content-Type`: servers
//! send PDF files as `text/html` and pages as `application/octet-stream`. Pure. Distinguishes only
//! pages from files, not kinds of pages.

/// Number of bytes examined.
pub(crate) const LOOKED_AT: usize = 1024;
/// A body with at least one binary byte in this many is not text, whatever its type.
const BINARY_IN: usize = 20;

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A web page, or something that a browser would show as one.
    Page,
    /// Plain text.
    Text,
    /// A file that cannot be read as a page.
    File(FileKind),
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A PDF.
    Pdf,
    /// An audio file.
    Audio,
    /// A video.
    Video,
    /// A picture.
    Picture,
    /// A compressed archive.
    Archive,
    /// A document of an office program, or an e-book.
    Document,
    /// Data for programs, or anything else.
    Data,
}

impl std::fmt::Display for FileKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pdf => "a PDF",
            Self::Audio => "an audio file",
            Self::Video => "a video",
            Self::Picture => "a picture",
            Self::Archive => "an archive",
            Self::Document => "a document",
            Self::Data => "a data file",
        })
    }
}

/// Classifies a body by its beginning and its `Content-Type`.
#[must_use]
pub fn content_of(content_type: Option<&str>, beginning: &[u8]) -> Content {
    let beginning = &beginning[..beginning.len().min(LOOKED_AT)];
    let media_type = content_type.unwrap_or_default().to_ascii_lowercase();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is_wide = is_utf16(&media_type, beginning);
    // Markup and magic bytes are ASCII.
    let narrow: Vec<u8> = if is_wide {
        beginning
            .iter()
            .copied()
            .filter(|byte| !matches!(byte, 0 | 0xFE | 0xFF))
            .collect()
    } else {
        beginning.to_vec()
    };
    let text = narrow
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(&narrow)
        .trim_ascii_start();
    if let Some(content) = by_markup(text, essence) {
        return content;
    }
    let binary = narrow.iter().filter(|byte| is_binary(**byte)).count();
    if !is_wide && let Some(kind) = by_magic(text, beginning, binary > 0) {
        return Content::File(kind);
    }
    let by_type = by_type(essence);
    let is_untyped = matches!(by_type, Content::Text) && !essence.starts_with("text/")
        || essence == "application/octet-stream";
    if is_untyped && binary == 0 && holds_page(text) {
        return Content::Page;
    }
    match by_type {
        Content::Page if binary * BINARY_IN > narrow.len() => Content::File(FileKind::Data),
        Content::Page if is_json(text) => Content::File(FileKind::Data),
        Content::Text if binary > 0 || is_json(text) => Content::File(FileKind::Data),
        other => other,
    }
}

/// Classifies by the markup at the beginning; `None` without markup.
fn by_markup(text: &[u8], essence: &str) -> Option<Content> {
    let mut rest = text;
    let mut is_xml = false;
    loop {
        rest = rest.trim_ascii_start();
        let lower: Vec<u8> = rest.iter().take(24).map(u8::to_ascii_lowercase).collect();
        let end: &[u8] = if lower.starts_with(b"<!--") {
            b"-->"
        } else if lower.starts_with(b"<!doctype html") {
            return Some(Content::Page);
        } else if lower.starts_with(b"<?") || lower.starts_with(b"<!") {
            is_xml |= lower.starts_with(b"<?xml");
            b">"
        } else {
            break;
        };
        match rest.windows(end.len()).position(|found| found == end) {
            Some(at) => rest = &rest[at + end.len()..],
            // It continues beyond the examined bytes.
            None => return Some(Content::Page),
        }
    }
    let name = rest.strip_prefix(b"<")?;
    let end = name
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b':' | b'-' | b'_'))
        .unwrap_or(name.len());
    let name = String::from_utf8_lossy(&name[..end]).to_ascii_lowercase();
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let is_of_pages = matches!(essence, "text/html" | "application/xhtml+xml");
    Some(match name.as_str() {
        "svg" => Content::File(FileKind::Picture),
        "rss" | "feed" | "rdf:rdf" | "opml" | "urlset" | "sitemapindex" => {
            Content::File(FileKind::Data)
        }
        "html" | "head" | "body" => Content::Page,
        _ if is_xml && !is_of_pages => Content::File(FileKind::Data),
        _ => Content::Page,
    })
}

/// Classifies by magic bytes. Those made of letters may also begin a text.
fn by_magic(text: &[u8], beginning: &[u8], has_binary: bool) -> Option<FileKind> {
    if text.starts_with(b"%PDF-") {
        return Some(FileKind::Pdf);
    }
    if text.starts_with(b"{\\rtf") || text.starts_with(b"%!PS") {
        return Some(FileKind::Document);
    }
    if !has_binary {
        return None;
    }
    if let Some(found) = infer::get(beginning) {
        return match found.matcher_type() {
            infer::MatcherType::Audio => Some(FileKind::Audio),
            infer::MatcherType::Video => Some(FileKind::Video),
            infer::MatcherType::Image => Some(FileKind::Picture),
            infer::MatcherType::Archive => Some(FileKind::Archive),
            infer::MatcherType::Book | infer::MatcherType::Doc => Some(FileKind::Document),
            infer::MatcherType::Text => None,
            _ => Some(FileKind::Data),
        };
    }
    // A frame of MPEG audio (ISO/IEC 11172-3 § 2.4.1.3), of whichever layer.
    match beginning {
        [0xFF, second, ..] if second & 0xE0 == 0xE0 && *second < 0xFE => Some(FileKind::Audio),
        _ => None,
    }
}

fn by_type(essence: &str) -> Content {
    let file = |kind| Content::File(kind);
    let (family, sub) = essence.split_once('/').unwrap_or((essence, ""));
    match (family, sub) {
        ("text", "html") | ("application", "xhtml+xml") => Content::Page,
        // Text, or no type at all.
        ("", _) | (_, "") | ("text", "plain" | "markdown" | "x-markdown") => Content::Text,
        ("audio", _) | ("application", "ogg") => file(FileKind::Audio),
        ("video", _) => file(FileKind::Video),
        ("image", _) => file(FileKind::Picture),
        ("application", "pdf" | "x-pdf") => file(FileKind::Pdf),
        (
            "application",
            "zip" | "gzip" | "x-gzip" | "x-tar" | "x-7z-compressed" | "x-bzip2" | "x-xz"
            | "vnd.rar" | "x-rar-compressed" | "x-zip-compressed",
        ) => file(FileKind::Archive),
        ("application", "msword" | "rtf" | "epub+zip" | "postscript") => file(FileKind::Document),
        ("application", sub)
            if sub.starts_with("vnd.openxmlformats")
                || sub.starts_with("vnd.oasis")
                || sub.starts_with("vnd.ms-") =>
        {
            file(FileKind::Document)
        }
        _ => file(FileKind::Data),
    }
}

/// Whether a page begins after other text, such as a server's warnings.
fn holds_page(text: &[u8]) -> bool {
    let lower = text.to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|mark| {
            lower
                .windows(mark.len())
                .any(|part| part == mark.as_bytes())
        })
}

fn is_json(text: &[u8]) -> bool {
    let Some((b'{' | b'[', rest)) = text.split_first() else {
        return false;
    };
    let rest = rest.trim_ascii_start();
    matches!(rest.first(), Some(b'"' | b'{' | b'}'))
}

/// Bytes that do not occur in text (MIME Sniffing § 3) in any charset but UTF-16.
fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=0x08 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F)
}

fn is_utf16(media_type: &str, beginning: &[u8]) -> bool {
    media_type.contains("utf-16")
        || matches!(
            beginning,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..]
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const MP3: &[u8] = b"ID3\x04\0\0\0\0\0\0\xFF\xFB\x90\0\0\0";

    #[test]
    fn files_are_recognised_whatever_their_type() {
        let jpeg: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01";
        let zip: &[u8] = b"PK\x03\x04\x14\0\0\0\x08\0";
        let docx_like = [zip, b"....[Content_Types].xml"].concat();
        for (bytes, expected) in [
            (
                &b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj"[..],
                Some(FileKind::Pdf),
            ),
            (b"\n %PDF-1.4\nplain ascii", Some(FileKind::Pdf)),
            (MP3, Some(FileKind::Audio)),
            (b"\xFF\xF3\x44\xC4\0\0\0\x03", Some(FileKind::Audio)),
            (b"OggS\0\x02\0\0\0\0\0\0", Some(FileKind::Audio)),
            (jpeg, Some(FileKind::Picture)),
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", Some(FileKind::Picture)),
            (
                b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2",
                Some(FileKind::Video),
            ),
            (zip, Some(FileKind::Archive)),
            (&docx_like, None),
            (b"Rar!\x1A\x07\x01\0\xF3\xE1", Some(FileKind::Archive)),
            (b"7z\xBC\xAF\x27\x1C\0\x04", Some(FileKind::Archive)),
            (b"\x1F\x8B\x08\0\0\0\0\0\0\x03", Some(FileKind::Archive)),
            (b"{\\rtf1\\ansi text}", Some(FileKind::Document)),
            (
                b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
                Some(FileKind::Data),
            ),
            (b"\0\x01\x02\x03\x04\x05\x06\x07\x08", Some(FileKind::Data)),
            (
                b"<?xml version='1.0'?><rss version='2.0'>",
                Some(FileKind::Data),
            ),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'>",
                Some(FileKind::Picture),
            ),
        ] {
            for content_type in [
                None,
                Some("text/html; charset=utf-8"),
                Some("application/octet-stream"),
                Some("text/plain"),
            ] {
                let found = content_of(content_type, bytes);
                let is_right = match (found, expected) {
                    (Content::File(found), Some(expected)) => found == expected,
                    (Content::File(_), None) => true,
                    _ => false,
                };
                let start = String::from_utf8_lossy(&bytes[..bytes.len().min(12)]);
                assert!(is_right, "{start:?} as {content_type:?}: {found:?}");
            }
        }
    }

    #[test]
    fn pages_are_recognised_whatever_their_type() {
        let wide = |text: &str, bom: &[u8]| -> Vec<u8> {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            bom.iter().copied().chain(units).collect()
        };
        let long_comment = format!("<!-- {} -->", "x".repeat(3_000));
        for bytes in [
            b"<!DOCTYPE html><html><body>Berita".to_vec(),
            b"\xEF\xBB\xBF\r\n<html lang=id>".to_vec(),
            b"<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\">".to_vec(),
            b"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\">".to_vec(),
            b"<!-- saved --><HTML>".to_vec(),
            long_comment.into_bytes(),
            b"<p>Berita pendek".to_vec(),
            b"<article>Berita\x00 dengan nol".to_vec(),
            wide("<!doctype html><p>Berita", b"\xFF\xFE"),
            wide("<html><p>Berita", b""),
        ] {
            for content_type in [
                None,
                Some("text/html"),
                Some("application/xhtml+xml"),
                Some("application/octet-stream"),
                Some("text/plain"),
                Some("image/jpeg"),
                Some("application/pdf"),
                Some("bukan tipe"),
            ] {
                let start = String::from_utf8_lossy(&bytes[..bytes.len().min(12)]);
                let found = content_of(content_type, &bytes);
                assert_eq!(found, Content::Page, "{start:?} as {content_type:?}");
            }
        }
    }

    #[test]
    fn text_without_markup_is_classified_by_its_type() {
        let file = |kind| Content::File(kind);
        for (content_type, bytes, expected) in [
            (None, &b"Berita hari ini."[..], Content::Text),
            (
                Some("text/plain; charset=iso-8859-1"),
                b"Kabar \xE9t\xE9",
                Content::Text,
            ),
            (Some("text/markdown"), b"# Berita\n\nIsi.", Content::Text),
            (
                Some("text/html"),
                b"BMKG: gempa terasa di Padang",
                Content::Page,
            ),
            (
                Some("text/plain"),
                b"BMKG: gempa terasa di Padang",
                Content::Text,
            ),
            (Some("text/plain"), b"MZ dan ID3 hanya huruf", Content::Text),
            (
                Some("text/html"),
                b"Tulisan tanpa tanda, \x1B(B kode lama",
                Content::Page,
            ),
            (
                Some("application/octet-stream"),
                b"Berita",
                file(FileKind::Data),
            ),
            (Some("text/csv"), b"a,b\n1,2", file(FileKind::Data)),
            (Some("application/json"), b"{\"a\":1}", file(FileKind::Data)),
            (Some("text/html"), b" {\"a\":1}", file(FileKind::Data)),
            (None, b"[{\"a\":1}]", file(FileKind::Data)),
            (Some("text/html"), b"[Padang] Gempa terasa", Content::Page),
            (Some("audio/mpeg"), b"", file(FileKind::Audio)),
            (Some("AUDIO/MPEG"), b"\xAA\xBB\xCC", file(FileKind::Audio)),
            (Some("application/pdf"), b"rusak", file(FileKind::Pdf)),
            (
                Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
                b"?",
                file(FileKind::Document),
            ),
            (None, b"", Content::Text),
            (None, b"Warning: x\n<!DOCTYPE html><p>Berita", Content::Page),
            (
                Some("application/octet-stream"),
                b"Warning: x <HTML>",
                Content::Page,
            ),
            (Some("text/plain"), b"How to write <html>", Content::Text),
            (Some("text/html"), b"", Content::Page),
            (Some("text/html"), b"2 < 3 dan 4 > 1", Content::Page),
        ] {
            let found = content_of(content_type, bytes);
            let start = String::from_utf8_lossy(bytes);
            assert_eq!(found, expected, "{start:?} as {content_type:?}");
        }
    }
}
