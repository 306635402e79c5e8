//! The picture formats that Warta shows, recognised by content.

use image::ImageFormat;

use crate::avif;

/// The formats that Warta shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
    /// Windows bitmap.
    Bmp,
    /// Windows icon.
    Ico,
    /// AVIF: stored unchanged, since only the web view can decode it; without a thumbnail.
    Avif,
}

impl Format {
    /// Its media type, e.g. `image/jpeg`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Bmp => "image/bmp",
            Self::Ico => "image/x-icon",
            Self::Avif => "image/avif",
        }
    }

    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        if avif::is_avif(bytes) {
            return Some(Self::Avif);
        }
        Some(match image::guess_format(bytes).ok()? {
            ImageFormat::Jpeg => Self::Jpeg,
            ImageFormat::Png => Self::Png,
            ImageFormat::Gif => Self::Gif,
            ImageFormat::WebP => Self::WebP,
            ImageFormat::Bmp => Self::Bmp,
            ImageFormat::Ico => Self::Ico,
            _ => return None,
        })
    }
}
