//! Checks pictures by content, never by the server's media type, and scales them to the width of a
//! reading column. Every step is bounded beforehand: a picture costs less than 100 MB of memory and
//! a second, whatever it claims to be.

use std::borrow::Cow;
use std::io::Cursor;

use fast_image_resize::{FilterType, IntoImageView, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits};

pub use crate::image_format::Format;
use crate::{avif, frames};

/// Maximum number of pixels that are decoded.
const MAX_PIXELS: u64 = 24_000_000;
/// Maximum size of the decoded pixels, in bytes.
const MAX_BYTES: u64 = 80 << 20;
/// Maximum number of pixels of a progressive JPEG, whose coefficients need six more bytes a pixel.
const MAX_PROGRESSIVE: u64 = 9_000_000;
/// Maximum number of frames of an animation, and of pixels in all of them: the web view decodes it
/// repeatedly.
const MAX_FRAMES: u32 = 1_000;
const MAX_FRAME_PIXELS: u64 = 400_000_000;
/// Maximum size of an animation, in bytes; of a larger one the first frame is kept.
const LARGEST_ANIMATION: usize = 4 << 20;
/// Maximum side of a tracking pixel or spacer.
const SPECK: u32 = 2;
/// Maximum compressed size of the metadata of a PNG (profile, texts) that is kept, in bytes: it
/// decompresses to at most a thousand times that.
const MAX_BESIDE: usize = 32 << 10;
/// JPEG quality, 1 to 100.
const QUALITY: u8 = 82;
/// JPEG quality of thumbnails.
const SMALL_QUALITY: u8 = 78;

/// A checked picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Why a picture is refused.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum BadPicture {
    /// Not a picture, or a format that Warta does not show (such as SVG, which can run scripts).
    #[error("not a picture that Warta shows")]
    Unknown,
    /// Too many pixels.
    #[error("{width} × {height} pixels are too many")]
    TooLarge {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// An animation with too many frames.
    #[error("an animation of {0} frames is too long")]
    TooLong(u32),
    /// A tracking pixel or spacer.
    #[error("it is a tracking pixel or spacer")]
    Tiny,
    /// It is truncated or inconsistent.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
}

/// Checks a picture by decoding it. One wider than `max_width` is scaled down and encoded again;
/// others keep their bytes.
pub fn keep(bytes: &[u8], max_width: u32) -> Result<Kept, BadPicture> {
    keep_with_thumbnail(bytes, max_width, None).map(|(kept, _)| kept)
}

/// [`keep`] and optionally [`thumbnail`] (given width and height) with one decoding.
pub fn keep_with_thumbnail(
    bytes: &[u8],
    max_width: u32,
    small: Option<(u32, u32)>,
) -> Result<(Kept, Option<Kept>), BadPicture> {
    let format = Format::of(bytes).ok_or(BadPicture::Unknown)?;
    if format == Format::Avif {
        return Ok((kept_whole(bytes)?, None));
    }
    let (picture, orientation) = decoded(bytes, format)?;
    let thumbnail = match small {
        Some((width, height)) => Some(small_of(&picture, orientation, width, height)?),
        None => None,
    };
    Ok((
        kept(bytes, format, picture, orientation, max_width)?,
        thumbnail,
    ))
}

fn kept(
    bytes: &[u8],
    format: Format,
    picture: DynamicImage,
    orientation: Orientation,
    max_width: u32,
) -> Result<Kept, BadPicture> {
    let (across, down) = (picture.width(), picture.height());
    let turned = is_on_its_side(orientation);
    let (width, height) = if turned {
        (down, across)
    } else {
        (across, down)
    };
    let heavy = format == Format::Bmp || (format == Format::Gif && bytes.len() > LARGEST_ANIMATION);
    // Scaling would stop an animation.
    let animated = format == Format::Gif && !heavy;
    if (width <= max_width || animated) && !heavy {
        let bytes = if format == Format::Png && has_much_beside(bytes) {
            without_beside(bytes).into_owned()
        } else {
            bytes.to_vec()
        };
        return Ok(Kept {
            bytes,
            format,
            width,
            height,
        });
    }
    let target = width.min(max_width.max(1));
    let scaled_height = (u64::from(height) * u64::from(target) / u64::from(width.max(1))).max(1);
    let (target_across, target_down) = if turned {
        (scaled_height as u32, target)
    } else {
        (target, scaled_height as u32)
    };
    let mut scaled = scaled(picture, target_across, target_down, false)?;
    scaled.apply_orientation(orientation);
    encoded(&scaled, QUALITY)
}

/// An AVIF, measured but not decoded.
fn kept_whole(bytes: &[u8]) -> Result<Kept, BadPicture> {
    let damaged = || BadPicture::Damaged("it contains no picture".into());
    let (width, height) = avif::size(bytes).ok_or_else(damaged)?;
    if width == 0 || height == 0 {
        return Err(BadPicture::Damaged("its width or height is zero".into()));
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(BadPicture::TooLarge { width, height });
    }
    if width <= SPECK || height <= SPECK {
        return Err(BadPicture::Tiny);
    }
    Ok(Kept {
        bytes: bytes.to_vec(),
        format: Format::Avif,
        width,
        height,
    })
}

/// The chunks of a PNG: name, and where each begins and ends.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8], usize, usize)> {
    let mut at = 8;
    std::iter::from_fn(move || {
        let length: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        let name = bytes.get(at + 4..at + 8)?;
        let start = at;
        at = at.saturating_add(u32::from_be_bytes(length) as usize + 12);
        Some((name, start, at.min(bytes.len())))
    })
}

/// Whether a chunk is a colour profile or text, which are mostly compressed and not needed for the
/// pixels.
fn is_ancillary(name: &[u8]) -> bool {
    matches!(name, b"iCCP" | b"zTXt" | b"iTXt" | b"tEXt")
}

fn has_much_beside(bytes: &[u8]) -> bool {
    let beside = chunks(bytes).filter(|(name, ..)| is_ancillary(name));
    beside.map(|(_, start, end)| end - start).sum::<usize>() > MAX_BESIDE
}

/// A PNG without its profile and texts, which would be decompressed before the first pixel.
fn without_beside(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !chunks(bytes).any(|(name, ..)| is_ancillary(name)) {
        return bytes.into();
    }
    let mut plain = bytes[..8].to_vec();
    let mut end_of_chunks = 8;
    for (name, start, end) in chunks(bytes) {
        if !is_ancillary(name) {
            plain.extend(&bytes[start..end]);
        }
        end_of_chunks = end;
    }
    plain.extend(&bytes[end_of_chunks..]);
    plain.into()
}

fn is_on_its_side(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// The picture in a format that every program supports: JPEG, PNG and GIF stay as they are.
pub fn to_common_format(bytes: Vec<u8>) -> Result<Kept, BadPicture> {
    let format = Format::of(&bytes).ok_or(BadPicture::Unknown)?;
    let (picture, orientation) = decoded(&bytes, format)?;
    if matches!(format, Format::Jpeg | Format::Png | Format::Gif) {
        return Ok(Kept {
            bytes,
            format,
            width: picture.width(),
            height: picture.height(),
        });
    }
    let mut picture = picture;
    picture.apply_orientation(orientation);
    encoded(&picture, QUALITY)
}

/// A picture's pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// RGBA, four bytes per pixel, row by row.
    pub rgba: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Decodes a picture, upright, within the same limits as [`keep`].
pub fn pixels(bytes: &[u8]) -> Result<Pixels, BadPicture> {
    let format = Format::of(bytes).ok_or(BadPicture::Unknown)?;
    let (mut picture, orientation) = decoded(bytes, format)?;
    picture.apply_orientation(orientation);
    let (width, height) = (picture.width(), picture.height());
    Ok(Pixels {
        rgba: picture.into_rgba8().into_raw(),
        width,
        height,
    })
}

/// The centre of a picture, scaled to cover exactly `width` × `height` pixels, as JPEG.
pub fn thumbnail(bytes: &[u8], width: u32, height: u32) -> Result<Kept, BadPicture> {
    let format = Format::of(bytes).ok_or(BadPicture::Unknown)?;
    let (picture, orientation) = decoded(bytes, format)?;
    small_of(&picture, orientation, width, height)
}

fn small_of(
    picture: &DynamicImage,
    orientation: Orientation,
    width: u32,
    height: u32,
) -> Result<Kept, BadPicture> {
    let (mut across, mut down) = (width.max(1), height.max(1));
    if is_on_its_side(orientation) {
        (across, down) = (down, across);
    }
    let mut small = scaled_by_reference(picture, across, down, true)?;
    small.apply_orientation(orientation);
    encoded(&DynamicImage::ImageRgb8(on_paper(&small)), SMALL_QUALITY)
}

/// The pixels and the EXIF orientation.
fn decoded(bytes: &[u8], format: Format) -> Result<(DynamicImage, Orientation), BadPicture> {
    let damaged = |error: image::ImageError| BadPicture::Damaged(error.to_string());
    if format == Format::Avif {
        // There is no decoder for it here.
        return Err(BadPicture::Unknown);
    }
    let pixels_alone = if format == Format::Png {
        without_beside(bytes)
    } else {
        bytes.into()
    };
    let mut reader = ImageReader::new(Cursor::new(&*pixels_alone))
        .with_guessed_format()
        .map_err(|error| BadPicture::Damaged(error.to_string()))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(BadPicture::Damaged("its width or height is zero".into()));
    }
    let pixels = u64::from(width) * u64::from(height);
    let most = if format == Format::Jpeg && frames::is_progressive(bytes) {
        MAX_PROGRESSIVE
    } else {
        MAX_PIXELS
    };
    // Pictures with other than 8 bits per channel are converted, which needs a second copy.
    let copy = match decoder.color_type() {
        image::ColorType::Rgb8 | image::ColorType::Rgba8 => 0,
        colour if colour.has_alpha() => pixels * 4,
        _ => pixels * 3,
    };
    if pixels > most || decoder.total_bytes() + copy > MAX_BYTES {
        return Err(BadPicture::TooLarge { width, height });
    }
    let pictures = frames::count(bytes, format);
    if pictures > MAX_FRAMES || pixels * u64::from(pictures) > MAX_FRAME_PIXELS {
        return Err(BadPicture::TooLong(pictures));
    }
    if width <= SPECK || height <= SPECK {
        return Err(BadPicture::Tiny);
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok((picture, orientation))
}

/// Takes the picture, so that no second copy of large pixels is held.
fn scaled(
    picture: DynamicImage,
    width: u32,
    height: u32,
    cover: bool,
) -> Result<DynamicImage, BadPicture> {
    let source = if picture.color().has_alpha() {
        DynamicImage::ImageRgba8(picture.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.into_rgb8())
    };
    scaled_by_reference(&source, width, height, cover)
}

fn scaled_by_reference(
    picture: &DynamicImage,
    width: u32,
    height: u32,
    cover: bool,
) -> Result<DynamicImage, BadPicture> {
    let damaged = |error: &dyn std::fmt::Display| BadPicture::Damaged(error.to_string());
    let converted;
    let source = if matches!(
        picture,
        DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_)
    ) {
        picture
    } else if picture.color().has_alpha() {
        converted = DynamicImage::ImageRgba8(picture.to_rgba8());
        &converted
    } else {
        converted = DynamicImage::ImageRgb8(picture.to_rgb8());
        &converted
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
        .resize(source, &mut target, &options)
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
