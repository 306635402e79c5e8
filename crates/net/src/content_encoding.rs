//! Content encodings (RFC 9110 § 8.4.1): which are accepted, and decoding them within a size limit.
//!
//! Decoded here rather than by the HTTP library, so that the number of bytes on the wire is known:
//! readers pay for those.

use std::borrow::Cow;
use std::io::Read;

use crate::error::FetchError;
use crate::sniff::LOOKED_AT;

/// The `Accept-Encoding` header.
pub(crate) const ACCEPTED: &str = "gzip, br, zstd, deflate";
/// Maximum number of nested encodings.
const MAX_LAYERS: usize = 3;
/// Minimum number of decoded bytes to recognise a body by.
const ENOUGH: usize = 64;

/// Magic bytes of gzip (RFC 1952 § 2.3.1).
const GZIP: &[u8] = &[0x1F, 0x8B, 0x08];
/// Magic bytes of Unix `compress`, which Warta cannot read.
const COMPRESS: &[u8] = &[0x1F, 0x9D];

#[derive(Clone, Copy)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// The known encodings in a `Content-Encoding`. Servers also write other words there (a charset,
/// `none`, `aws-chunked`), which are ignored, as browsers do.
fn known(codings: &str) -> impl DoubleEndedIterator<Item = Coding> + '_ {
    codings
        .split(',')
        .filter_map(|coding| match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Coding::Gzip),
            "deflate" => Some(Coding::Deflate),
            "br" => Some(Coding::Brotli),
            "zstd" => Some(Coding::Zstd),
            _ => None,
        })
}

/// Whether a body with this `Content-Encoding` has to be decoded.
pub(crate) fn changes(codings: &str) -> bool {
    known(codings).next().is_some()
}

/// A body as received.
pub(crate) struct EncodedBody {
    pub(crate) bytes: Vec<u8>,
    pub(crate) codings: Option<String>,
    /// Whether text is expected, which may be compressed without a header that says so.
    pub(crate) is_text: bool,
}

impl EncodedBody {
    pub(crate) fn is_encoded(&self) -> bool {
        !self.bytes.is_empty() && (self.codings.is_some() || (self.is_text && is_file(&self.bytes)))
    }

    /// The decoded body, which fails above `bound` bytes. `None` if it needs no decoding.
    pub(crate) fn decoded(&self, bound: u64) -> Result<Option<Vec<u8>>, FetchError> {
        let mut decoded: Option<Vec<u8>> = None;
        let codings = self.codings.as_deref().unwrap_or_default();
        for (depth, coding) in known(codings).rev().enumerate() {
            if depth == MAX_LAYERS {
                return Err(FetchError::BrokeOff("too many nested compressions".into()));
            }
            let body = decoded.as_deref().unwrap_or(&self.bytes);
            decoded = Some(layer(body, coding, bound)?);
        }
        let body = decoded.as_deref().unwrap_or(&self.bytes);
        if self.is_text && is_file(body) {
            match decompress_file(body, bound) {
                Ok(text) => decoded = Some(text),
                // It may be something else with the same first bytes.
                Err(FetchError::BrokeOff(_)) if body.starts_with(GZIP) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(decoded)
    }
}

/// Whether a body is a compressed file by its first bytes: `feed.xml.gz` is often sent without a
/// `Content-Encoding`.
fn is_file(body: &[u8]) -> bool {
    body.starts_with(GZIP) || body.starts_with(COMPRESS)
}

fn decompress_file(body: &[u8], bound: u64) -> Result<Vec<u8>, FetchError> {
    if body.starts_with(COMPRESS) {
        return Err(FetchError::BrokeOff(
            "its compression is not supported".into(),
        ));
    }
    gzip(body, bound)
}

/// The first decoded bytes of a body that begins with `bytes`; `None` if they are too few.
pub(crate) fn beginning<'b>(bytes: &'b [u8], codings: Option<&str>) -> Option<Cow<'b, [u8]>> {
    let mut layers = known(codings.unwrap_or_default());
    let coding = match (layers.next(), layers.next()) {
        (None, _) if bytes.starts_with(GZIP) => Coding::Gzip,
        (None, _) => return Some(Cow::Borrowed(bytes)),
        (Some(coding), None) => coding,
        (Some(_), Some(_)) => return None,
    };
    let mut reader: Box<dyn Read + '_> = match coding {
        Coding::Gzip => Box::new(flate2::bufread::GzDecoder::new(bytes)),
        Coding::Deflate => Box::new(flate2::bufread::ZlibDecoder::new(bytes)),
        Coding::Brotli => Box::new(brotli::Decompressor::new(bytes, 4 << 10)),
        Coding::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(bytes).ok()?),
    };
    let mut decoded = vec![0; LOOKED_AT];
    let mut length = 0;
    // The input is incomplete, so decoding ends with an error.
    while let Some(rest) = decoded.get_mut(length..).filter(|rest| !rest.is_empty())
        && let Ok(read @ 1..) = reader.read(rest)
    {
        length += read;
    }
    decoded.truncate(length);
    (length >= ENOUGH).then_some(Cow::Owned(decoded))
}

fn layer(body: &[u8], coding: Coding, bound: u64) -> Result<Vec<u8>, FetchError> {
    match coding {
        Coding::Gzip => gzip(body, bound),
        // The standard says zlib format; some servers send raw deflate.
        Coding::Deflate => bounded(flate2::bufread::ZlibDecoder::new(body), body.len(), bound)
            .or_else(|failure| match failure {
                FetchError::BrokeOff(_) => bounded(
                    flate2::bufread::DeflateDecoder::new(body),
                    body.len(),
                    bound,
                ),
                other => Err(other),
            }),
        Coding::Brotli => bounded(brotli::Decompressor::new(body, 16 << 10), body.len(), bound),
        Coding::Zstd => bounded(
            zstd::stream::read::Decoder::with_buffer(body).map_err(|error| broke_off(&error))?,
            body.len(),
            bound,
        ),
    }
}

/// Decodes all members (RFC 1952 § 2.2); trailing bytes are ignored.
fn gzip(body: &[u8], bound: u64) -> Result<Vec<u8>, FetchError> {
    let mut rest = body;
    let mut decoded = Vec::new();
    loop {
        let mut member = flate2::bufread::GzDecoder::new(rest);
        read_bounded(&mut member, &mut decoded, body.len(), bound)?;
        rest = member.into_inner();
        if !rest.starts_with(&[0x1F, 0x8B]) {
            return Ok(decoded);
        }
    }
}

fn bounded(mut from: impl Read, length: usize, bound: u64) -> Result<Vec<u8>, FetchError> {
    let mut decoded = Vec::new();
    read_bounded(&mut from, &mut decoded, length, bound)?;
    Ok(decoded)
}

fn read_bounded(
    from: &mut impl Read,
    decoded: &mut Vec<u8>,
    length: usize,
    bound: u64,
) -> Result<(), FetchError> {
    decoded.reserve((length * 4).min(1 << 20));
    let left = bound.saturating_sub(decoded.len() as u64);
    from.take(left + 1)
        .read_to_end(decoded)
        .map_err(|error| broke_off(&error))?;
    if decoded.len() as u64 > bound {
        return Err(FetchError::TooLarge(bound));
    }
    Ok(())
}

fn broke_off(error: &std::io::Error) -> FetchError {
    FetchError::BrokeOff(error.to_string())
}
