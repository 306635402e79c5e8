//! Serves stored pictures and audio to the media protocol by id, never by path or URL. Audio is
//! served in bounded ranges (`Range`, RFC 9110 § 14), so that a long episode is never in memory as
//! a whole.

use std::sync::Arc;

use warta_store::PictureId;

use crate::context::Context;

/// Maximum length of one range of audio, in bytes.
pub(crate) const PIECE: usize = 4 << 20;

/// A response: bytes and their media type, as detected when they were stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// The picture, or a range of the audio file.
    pub bytes: Vec<u8>,
    /// The media type, e.g. `image/jpeg`.
    pub content_type: String,
    /// The part of the file.
    pub part: Part,
}

/// The part of a file that a response contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The whole file.
    Whole,
    /// A range.
    Piece {
        /// Offset of the first byte.
        from: u64,
        /// Length of the whole file.
        of: u64,
    },
    /// The requested range starts after the end of the file.
    Unsatisfiable {
        /// Length of the whole file.
        of: u64,
    },
}

impl Media {
    /// The value of `Content-Range`; `None` for a whole file.
    #[must_use]
    pub fn content_range(&self) -> Option<String> {
        match self.part {
            Part::Whole => None,
            Part::Piece { from, of } => {
                let last = (from + self.bytes.len() as u64).saturating_sub(1);
                Some(format!("bytes {from}-{last}/{of}"))
            }
            Part::Unsatisfiable { of } => Some(format!("bytes */{of}")),
        }
    }
}

/// The range cannot be satisfied.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unsatisfiable;

/// Serves stored pictures and audio to the media protocol.
pub struct MediaFiles {
    ctx: Arc<Context>,
}

impl MediaFiles {
    pub(crate) fn new(ctx: &Arc<Context>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
        }
    }

    /// Reads the file that a media protocol path names: a picture (`/<32 hex digits>`), or the
    /// range of an audio file (`/sound/<32 hex digits>`) that the `Range` header `range` requests,
    /// up to a maximum length. Returns `None` for any other path and for files that are not stored.
    #[must_use]
    pub fn media(&self, path: &str, range: Option<&str>) -> Option<Media> {
        let path = path.trim_start_matches('/');
        if let Some(id) = path.strip_prefix("sound/") {
            return self.audio_media(id, range);
        }
        let id = PictureId::parse(path)?;
        let picture = self.ctx.store.pictures().get(id).ok().flatten()?;
        Some(Media {
            bytes: picture.bytes,
            content_type: picture.media_type,
            part: Part::Whole,
        })
    }

    /// Reads the requested range of an audio file, up to the maximum length.
    pub(crate) fn audio_media(&self, id: &str, range: Option<&str>) -> Option<Media> {
        let audio = self
            .ctx
            .store
            .podcasts()
            .get(PictureId::parse(id)?)
            .ok()
            .flatten()?;
        let of = audio.bytes;
        let wanted = match range.and_then(|header| byte_range(header, of)) {
            Some(Ok(wanted)) => Some(wanted),
            Some(Err(Unsatisfiable)) => {
                return Some(Media {
                    bytes: Vec::new(),
                    content_type: audio.media_type,
                    part: Part::Unsatisfiable { of },
                });
            }
            None => None,
        };
        // Without a range, the response is limited as well.
        let (from, length) = wanted.unwrap_or((0, of));
        let length = length.min(PIECE as u64);
        let bytes = self
            .ctx
            .store
            .podcasts()
            .read(&audio, from, length as usize)
            .ok()?;
        let part = if from == 0 && bytes.len() as u64 == of {
            Part::Whole
        } else {
            Part::Piece { from, of }
        };
        Some(Media {
            bytes,
            content_type: audio.media_type,
            part,
        })
    }
}

/// Parses a `Range` header for a file of `of` bytes into offset and length. `None` if it is not a
/// single byte range; the header is then ignored.
fn byte_range(header: &str, of: u64) -> Option<std::result::Result<(u64, u64), Unsatisfiable>> {
    let (first, last) = header.trim().strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // A number that overflows lies after the end of any file.
        is_number.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let (first, last) = (first.trim(), last.trim());
    let (from, to) = match (number(first), number(last)) {
        (Some(from), None) if last.is_empty() => (from, of),
        (Some(from), Some(last)) if from <= last => (from, last.saturating_add(1).min(of)),
        (None, Some(tail)) if first.is_empty() => (of - tail.min(of), of),
        _ => return None,
    };
    Some(if from < to {
        Ok((from, to - from))
    } else {
        Err(Unsatisfiable)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_follow_http_semantics() {
        for (header, expected) in [
            ("bytes=0-", Some(Ok((0, 100)))),
            ("bytes=0-0", Some(Ok((0, 1)))),
            ("bytes=10-19", Some(Ok((10, 10)))),
            (" bytes=90-1000 ", Some(Ok((90, 10)))),
            ("bytes=99-", Some(Ok((99, 1)))),
            ("bytes=-5", Some(Ok((95, 5)))),
            ("bytes=-1000", Some(Ok((0, 100)))),
            ("bytes=0-99999999999999999999999", Some(Ok((0, 100)))),
            ("bytes=100-", Some(Err(Unsatisfiable))),
            ("bytes=99999999999999999999999-", Some(Err(Unsatisfiable))),
            ("bytes=-0", Some(Err(Unsatisfiable))),
            ("bytes=5-2", None),
            ("bytes=-", None),
            ("bytes=a-b", None),
            ("bytes=0-1,5-6", None),
            ("bytes=+1-2", None),
            ("items=0-1", None),
            ("", None),
        ] {
            assert_eq!(byte_range(header, 100), expected, "{header:?}");
        }
        assert_eq!(byte_range("bytes=0-", 0), Some(Err(Unsatisfiable)));
    }
}
