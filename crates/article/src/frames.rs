//! Counts the frames of an animation, and recognises progressive JPEGs, by the file's blocks
//! without decoding.

use crate::image_format::Format;

/// Number of frames; 1 if it is not an animation.
pub(crate) fn count(bytes: &[u8], format: Format) -> u32 {
    match format {
        Format::Gif => of_gif(bytes),
        Format::WebP => of_webp(bytes),
        Format::Png => of_png(bytes),
        Format::Jpeg | Format::Bmp | Format::Ico | Format::Avif => 1,
    }
    .max(1)
}

fn big_endian(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(four) as usize)
}

/// Image descriptors between extensions (`GIF89a`, § 20 and on).
fn of_gif(bytes: &[u8]) -> u32 {
    let table = |packed: u8| {
        if packed & 0x80 == 0 {
            0
        } else {
            3 << ((packed & 7) + 1)
        }
    };
    let mut at = 13 + bytes.get(10).map_or(0, |packed| table(*packed));
    let mut found = 0;
    while let Some(block) = bytes.get(at) {
        match block {
            // An extension: its label.
            0x21 => at += 2,
            // An image: descriptor, local colour table, LZW minimum code size.
            0x2c => {
                found += 1;
                at += 10 + bytes.get(at + 9).map_or(0, |packed| table(*packed)) + 1;
            }
            _ => break,
        }
        // The data follows in sub-blocks, the last of which is empty.
        while let Some(length) = bytes.get(at) {
            at += 1 + usize::from(*length);
            if *length == 0 {
                break;
            }
        }
    }
    found
}

/// `ANMF` chunks of the RIFF file.
fn of_webp(bytes: &[u8]) -> u32 {
    let mut at = 12;
    let mut found = 0;
    while let Some(head) = bytes.get(at..at + 8) {
        found += u32::from(head.starts_with(b"ANMF"));
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        at = at.saturating_add(8 + length + length % 2);
    }
    found
}

/// The number of frames in the `acTL` chunk (PNG, third edition, § 11.3.6).
fn of_png(bytes: &[u8]) -> u32 {
    let mut at = 8;
    while let (Some(length), Some(name)) = (big_endian(bytes, at), bytes.get(at + 4..at + 8)) {
        match name {
            b"acTL" => return big_endian(bytes, at + 8).map_or(1, |frames| frames as u32),
            b"IDAT" => return 1,
            _ => at = at.saturating_add(12 + length),
        }
    }
    1
}

/// Whether a JPEG's first frame is a progressive one (ITU-T T.81, B.1.1.3).
pub(crate) fn is_progressive(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xff, marker]) = bytes.get(at..at + 2) {
        match marker {
            0xff => {
                at += 1;
                continue;
            }
            0xc2 | 0xc6 | 0xca | 0xce => return true,
            0xc0 | 0xc1 | 0xc3 | 0xda | 0xd9 => return false,
            _ => {}
        }
        let Some([high, low]) = bytes.get(at + 2..at + 4) else {
            return false;
        };
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
    }
    false
}
