//! Pictures checked by content, never by what a server says of them; scaled to what a reading column
//! can show. Every step is bounded: no more than 40 megapixels are ever decoded.

use std::io::Cursor;

use fast_image_resize::{FilterType, IntoImageView, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits};

/// Pixels that are decoded at most.
const MOST_PIXELS: u64 = 40_000_000;
/// An animation larger than this is kept as its first picture, in bytes.
const LARGEST_ANIMATION: usize = 4 << 20;
/// Of JPEG, 1 to 100.
const QUALITY: u8 = 82;
/// Of a list's small pictures.
const SMALL_QUALITY: u8 = 78;

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
        }
    }

    fn of(bytes: &[u8]) -> Option<Self> {
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

/// A picture worth keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is.
    pub format: Format,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Why a picture is not kept.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum BadPicture {
    /// Something else, or a format that Warta does not show (SVG among them: it can run scripts).
    #[error("not a picture that Warta shows")]
    Unknown,
    /// More pixels than are decoded.
    #[error("{width} × {height} pixels are too many")]
    TooLarge {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// It breaks off or contradicts itself.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
}

/// Checks a picture by decoding it and, where it is wider than `max_width`, scales it down (never up)
/// and encodes it anew. What is narrow enough keeps its bytes.
pub fn keep(bytes: &[u8], max_width: u32) -> Result<Kept, BadPicture> {
    let format = Format::of(bytes).ok_or(BadPicture::Unknown)?;
    let picture = decoded(bytes)?;
    let (width, height) = (picture.width(), picture.height());
    let heavy = format == Format::Bmp || (format == Format::Gif && bytes.len() > LARGEST_ANIMATION);
    // Scaling would stop an animation.
    let animated = format == Format::Gif && !heavy;
    if (width <= max_width || animated) && !heavy {
        return Ok(Kept {
            bytes: bytes.to_vec(),
            format,
            width,
            height,
        });
    }
    let target = width.min(max_width.max(1));
    let scaled_height = (u64::from(height) * u64::from(target) / u64::from(width.max(1))).max(1);
    let scaled = scaled(&picture, target, scaled_height as u32, false)?;
    encoded(&scaled, QUALITY)
}

/// The middle of a picture, scaled to cover exactly `width` × `height` pixels, as JPEG.
pub fn thumbnail(bytes: &[u8], width: u32, height: u32) -> Result<Kept, BadPicture> {
    Format::of(bytes).ok_or(BadPicture::Unknown)?;
    let picture = decoded(bytes)?;
    let small = scaled(&picture, width.max(1), height.max(1), true)?;
    encoded(&DynamicImage::ImageRgb8(on_paper(&small)), SMALL_QUALITY)
}

/// The pixels, turned as the camera was held.
fn decoded(bytes: &[u8]) -> Result<DynamicImage, BadPicture> {
    let damaged = |error: image::ImageError| BadPicture::Damaged(error.to_string());
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| BadPicture::Damaged(error.to_string()))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_PIXELS * 8);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(BadPicture::Damaged("it has no pixels".into()));
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(BadPicture::TooLarge { width, height });
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn scaled(
    picture: &DynamicImage,
    width: u32,
    height: u32,
    cover: bool,
) -> Result<DynamicImage, BadPicture> {
    let damaged = |error: &dyn std::fmt::Display| BadPicture::Damaged(error.to_string());
    let source = if picture.color().has_alpha() {
        DynamicImage::ImageRgba8(picture.to_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.to_rgb8())
    };
    let mut target = DynamicImage::new(width, height, source.color());
    let mut options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    if cover {
        options = options.fit_into_destination(Some((0.5, 0.5)));
    }
    debug_assert!(
        source.pixel_type().is_some(),
        "8 bits a channel are supported"
    );
    Resizer::new()
        .resize(&source, &mut target, &options)
        .map_err(|error| damaged(&error))?;
    Ok(target)
}

fn encoded(picture: &DynamicImage, quality: u8) -> Result<Kept, BadPicture> {
    let damaged = |error: image::ImageError| BadPicture::Damaged(error.to_string());
    let (width, height) = (picture.width(), picture.height());
    let mut bytes = Vec::new();
    let transparent =
        picture.color().has_alpha() && picture.to_rgba8().pixels().any(|p| p.0[3] < 255);
    let format = if transparent {
        picture
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .map_err(damaged)?;
        Format::Png
    } else {
        let opaque = picture.to_rgb8();
        JpegEncoder::new_with_quality(&mut bytes, quality)
            .write_image(&opaque, width, height, image::ExtendedColorType::Rgb8)
            .map_err(damaged)?;
        Format::Jpeg
    };
    Ok(Kept {
        bytes,
        format,
        width,
        height,
    })
}

/// Transparent pixels shown on white.
fn on_paper(picture: &DynamicImage) -> image::RgbImage {
    let rgba = picture.to_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, alpha] = rgba.get_pixel(x, y).0;
        let over = |channel: u8| {
            let alpha = u16::from(alpha);
            ((u16::from(channel) * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        image::Rgb([over(r), over(g), over(b)])
    })
}
