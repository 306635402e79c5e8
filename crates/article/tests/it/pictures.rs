//! Pictures: what is kept, made smaller, turned, refused.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;
use warta_article::picture::{BadPicture, Format, keep, keep_with_thumbnail, thumbnail};

fn opaque(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 99])).into()
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, format)
        .expect("a small picture can be written");
    bytes.into_inner()
}

#[test]
fn narrow_pictures_keep_their_bytes() {
    for (image_format, format) in [
        (ImageFormat::Jpeg, Format::Jpeg),
        (ImageFormat::Png, Format::Png),
        (ImageFormat::Gif, Format::Gif),
        (ImageFormat::WebP, Format::WebP),
    ] {
        let bytes = file(&opaque(60, 40), image_format);
        let kept = keep(&bytes, 100).expect("it is a picture");
        assert_eq!((kept.format, kept.width, kept.height), (format, 60, 40));
        assert_eq!(kept.bytes, bytes, "{format:?}");
    }
}

#[test]
fn wide_pictures_are_scaled_down() {
    let kept = keep(&file(&opaque(400, 200), ImageFormat::Png), 100).expect("it is a picture");
    assert_eq!(
        (kept.format, kept.width, kept.height),
        (Format::Jpeg, 100, 50)
    );
    let glass = RgbaImage::from_pixel(400, 200, Rgba([9, 9, 9, 40])).into();
    let kept = keep(&file(&glass, ImageFormat::Png), 100).expect("it is a picture");
    assert_eq!(kept.format, Format::Png, "transparency stays");
    let again = keep(&kept.bytes, 100).expect("what was kept is a picture");
    assert_eq!(again, kept);
}

#[test]
fn thumbnails_cover_exactly() {
    for (width, height) in [(400, 100), (100, 400), (10, 10)] {
        let small = thumbnail(&file(&opaque(width, height), ImageFormat::Png), 96, 64);
        let small = small.expect("it is a picture");
        assert_eq!(
            (small.format, small.width, small.height),
            (Format::Jpeg, 96, 64)
        );
    }
}

/// A JPEG whose camera was held sideways (EXIF orientation 6).
fn sideways(picture: &DynamicImage) -> Vec<u8> {
    let plain = file(picture, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0");
    let mut bytes = plain[..2].to_vec();
    bytes.extend(b"\xff\xe1");
    bytes.extend((exif.len() as u16 + 2).to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&plain[2..]);
    bytes
}

#[test]
fn reencoded_pictures_are_upright() {
    let kept = keep(&sideways(&opaque(400, 200)), 100).expect("it is a picture");
    assert_eq!((kept.width, kept.height), (100, 200));
}

fn png_that_claims(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 6, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(&header);
    bytes.extend(checksum(&header).to_be_bytes());
    bytes.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    bytes
}

/// CRC-32 as PNG wants it (ISO 3309).
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                (sum >> 1) ^ 0xEDB8_8320
            } else {
                sum >> 1
            }
        })
    })
}

#[test]
fn bombs_are_refused_before_they_are_decoded() {
    let bomb = png_that_claims(30_000, 30_000);
    let refused = BadPicture::TooLarge {
        width: 30_000,
        height: 30_000,
    };
    assert_eq!(keep(&bomb, 100), Err(refused.clone()));
    assert_eq!(thumbnail(&bomb, 9, 9), Err(refused));
    assert!(keep(&png_that_claims(u32::MAX, u32::MAX), 9).is_err());
    assert!(matches!(
        keep(&png_that_claims(4000, 4000), 9),
        Err(BadPicture::Damaged(_))
    ));
}

#[test]
fn files_that_are_not_pictures_are_refused() {
    for bytes in [
        &b""[..],
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"<html>not found</html>",
        b"II*\0",
    ] {
        assert_eq!(keep(bytes, 100), Err(BadPicture::Unknown));
    }
    let whole = file(&opaque(60, 40), ImageFormat::Png);
    assert!(matches!(
        keep(&whole[..whole.len() / 2], 100),
        Err(BadPicture::Damaged(_))
    ));
}

#[test]
fn a_small_animation_stays_as_it_is() {
    let mut bytes = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        for shade in 0..3 {
            let frame = RgbaImage::from_pixel(200, 20, Rgba([shade * 90, 0, 0, 255]));
            encoder
                .encode_frame(image::Frame::new(frame))
                .expect("a frame can be written");
        }
    }
    let kept = keep(&bytes, 100).expect("it is a picture");
    assert_eq!((kept.format, kept.width), (Format::Gif, 200));
    assert_eq!(kept.bytes, bytes);
}

/// An AVIF's boxes around a few bytes that are not a picture.
fn avif(brand: [u8; 4], width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let boxed = |kind: &[u8; 4], inside: &[u8]| {
        let mut bytes = (inside.len() as u32 + 8).to_be_bytes().to_vec();
        bytes.extend(kind);
        bytes.extend(inside);
        bytes
    };
    let mut size = vec![0; 4];
    size.extend(width.to_be_bytes());
    size.extend(height.to_be_bytes());
    let mut meta = vec![0; 4];
    meta.extend(boxed(b"iprp", &boxed(b"ipco", &boxed(b"ispe", &size))));
    let mut brands = brand.to_vec();
    brands.extend(b"\0\0\0\0mif1avif");
    let mut bytes = boxed(b"ftyp", &brands);
    bytes.extend(boxed(b"meta", &meta));
    bytes.extend(boxed(b"mdat", data));
    bytes
}

#[test]
fn an_avif_is_measured_and_kept() {
    let bytes = avif(*b"avif", 1_200, 800, b"pixels");
    let kept = keep(&bytes, 1_600).expect("it is a picture");
    assert_eq!(
        (kept.format, kept.width, kept.height),
        (Format::Avif, 1_200, 800)
    );
    assert_eq!(
        (kept.format.media_type(), &kept.bytes),
        ("image/avif", &bytes)
    );
    let (kept, small) =
        keep_with_thumbnail(&bytes, 600, Some((240, 180))).expect("it is a picture");
    assert_eq!(
        (kept.bytes, small),
        (bytes.clone(), None),
        "an AVIF cannot become a thumbnail"
    );
    assert_eq!(keep(&avif(*b"avif", 1, 1, b"p"), 9), Err(BadPicture::Tiny));
    assert_eq!(
        keep(&avif(*b"mif1", 60_000, 60_000, b"p"), 9),
        Err(BadPicture::TooLarge {
            width: 60_000,
            height: 60_000
        })
    );
    for damaged in [
        avif(*b"avif", 0, 9, b"p"),
        avif(*b"avif", 90, 90, b""),
        bytes[..bytes.len() - 3].to_vec(),
        bytes[..40].to_vec(),
    ] {
        assert!(matches!(keep(&damaged, 9), Err(BadPicture::Damaged(_))));
    }
    assert_eq!(
        keep(&avif(*b"heic", 90, 90, b"p"), 9),
        Err(BadPicture::Unknown)
    );
}

#[test]
fn a_pixel_is_no_picture() {
    for (width, height) in [(1, 1), (2, 2), (1, 400), (600, 1)] {
        for format in [ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
            let bytes = file(&opaque(width, height), format);
            assert_eq!(
                keep(&bytes, 100),
                Err(BadPicture::Tiny),
                "{width} × {height}"
            );
        }
    }
    assert!(keep(&file(&opaque(3, 3), ImageFormat::Png), 100).is_ok());
}

/// A PNG with a chunk behind its header.
fn png_with(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let plain = file(&opaque(60, 40), ImageFormat::Png);
    let mut chunk = name.to_vec();
    chunk.extend(data);
    let mut bytes = plain[..33].to_vec();
    bytes.extend((data.len() as u32).to_be_bytes());
    bytes.extend(&chunk);
    bytes.extend(checksum(&chunk).to_be_bytes());
    bytes.extend(&plain[33..]);
    bytes
}

#[test]
fn a_small_profile_stays_and_a_large_one_goes() {
    for name in [*b"iCCP", *b"zTXt", *b"iTXt", *b"tEXt"] {
        let small = png_with(name, b"name\0\0data");
        assert_eq!(keep(&small, 100).map(|kept| kept.bytes), Ok(small.clone()));
        let large = png_with(name, &vec![b'x'; 100_000]);
        let kept = keep(&large, 100).expect("it is a picture");
        assert_eq!(kept.bytes, file(&opaque(60, 40), ImageFormat::Png));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_pictures_end_with_an_answer(
        kind in prop::sample::select(vec![ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = file(&opaque(24, 16), kind);
        for (place, value) in changes {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        if let Ok(kept) = keep(&bytes, 10) {
            prop_assert!(kept.width > 0 && kept.height > 0);
        }
        let _ = thumbnail(&bytes, 8, 8);
    }
}
