//! Reads the boxes of an AVIF (ISO/IEC 23008-12, § 6.5.3) without decoding it: the web view shows
//! it, Warta only measures it.

/// Maximum number of boxes read.
const MAX_BOXES: usize = 500;

/// Whether the file type is a still AVIF picture.
pub(crate) fn is_avif(bytes: &[u8]) -> bool {
    let Some((head, kind, length)) = first_box(bytes) else {
        return false;
    };
    kind == *b"ftyp"
        && bytes
            .get(head..length.min(bytes.len()))
            .and_then(|brands| brands.get(..4))
            .is_some_and(|brand| matches!(brand, b"avif" | b"mif1" | b"miaf"))
        && bytes[head..length.min(bytes.len())]
            .chunks_exact(4)
            .any(|brand| brand == b"avif")
}

/// Width and height of the largest picture in the file; `None` if it is truncated or has none.
pub(crate) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut largest: Option<(u32, u32)> = None;
    let mut has_data = false;
    let mut looked_at = 0;
    let mut waiting: Vec<&[u8]> = vec![bytes];
    let mut top = true;
    while let Some(mut rest) = waiting.pop() {
        while !rest.is_empty() {
            looked_at += 1;
            if looked_at > MAX_BOXES {
                return None;
            }
            let (head, kind, length) = first_box(rest)?;
            let inside = rest.get(head..length)?;
            match &kind {
                // A FullBox: version and flags precede its child boxes.
                b"meta" => waiting.push(inside.get(4..)?),
                b"iprp" | b"ipco" => waiting.push(inside),
                b"ispe" => {
                    let side = |at: usize| {
                        let four: [u8; 4] = inside.get(at..at + 4)?.try_into().ok()?;
                        Some(u32::from_be_bytes(four))
                    };
                    let (width, height) = (side(4)?, side(8)?);
                    let pixels = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
                    if largest.is_none_or(|known| pixels(known) < pixels((width, height))) {
                        largest = Some((width, height));
                    }
                }
                b"mdat" if top => has_data |= !inside.is_empty(),
                _ => {}
            }
            rest = &rest[length..];
        }
        top = false;
    }
    largest.filter(|_| has_data)
}

/// Offset of the first box's content, its type, and its length including the header.
fn first_box(bytes: &[u8]) -> Option<(usize, [u8; 4], usize)> {
    let short: [u8; 4] = bytes.get(..4)?.try_into().ok()?;
    let kind: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
    let (head, length) = match u32::from_be_bytes(short) {
        0 => (8, bytes.len()),
        1 => {
            let long: [u8; 8] = bytes.get(8..16)?.try_into().ok()?;
            (16, usize::try_from(u64::from_be_bytes(long)).ok()?)
        }
        length => (8, length as usize),
    };
    (length >= head).then_some((head, kind, length))
}
