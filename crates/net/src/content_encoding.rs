//! Content codings (RFC 9110 § 8.4.1): what is asked for, and undoing it within a bound.
//!
//! Undone here rather than by the HTTP library, so that the bytes that really came over the wire are
//! known: readers pay for those.

use std::borrow::Cow;
use std::io::Read;

use crate::FetchError;
use crate::sniff::LOOKED_AT;

/// What servers may send.
pub(crate) const ACCEPTED: &str = "gzip, br, zstd, deflate";
/// Codings on top of each other at most.
const MOST_LAYERS: usize = 3;
/// Bytes in the clear that say what a body is.
const ENOUGH: usize = 64;

/// How a compressed file in gzip's format begins (RFC 1952 § 2.3.1).
const GZIP: &[u8] = &[0x1F, 0x8B, 0x08];
/// How a file in the format of `compress` begins, which Warta cannot read.
const COMPRESS: &[u8] = &[0x1F, 0x9D];

#[derive(Clone, Copy)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// The codings of a `Content-Encoding` that change the body. Servers write all kinds of words there
/// (a charset, `none`, `aws-chunked`); what names no coding is passed over, as browsers do.
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

/// Whether a body with this `Content-Encoding` must be undone before it can be looked at.
pub(crate) fn changes(codings: &str) -> bool {
    known(codings).next().is_some()
}

/// A body as it came.
pub(crate) struct EncodedBody {
    pub(crate) bytes: Vec<u8>,
    pub(crate) codings: Option<String>,
    /// Whether a text is expected, which may be compressed though no header says so.
    pub(crate) is_text: bool,
}

impl EncodedBody {
    pub(crate) fn is_encoded(&self) -> bool {
        !self.bytes.is_empty() && (self.codings.is_some() || (self.is_text && is_file(&self.bytes)))
    }

    /// The body in the clear: at most `bound` bytes, whatever it was blown up to. None where it is in
    /// the clear as it came.
    pub(crate) fn decoded(&self, bound: u64) -> Result<Option<Vec<u8>>, FetchError> {
        let mut clear: Option<Vec<u8>> = None;
        let codings = self.codings.as_deref().unwrap_or_default();
        for (depth, coding) in known(codings).rev().enumerate() {
            if depth == MOST_LAYERS {
                return Err(FetchError::BrokeOff("it is compressed too often".into()));
            }
            let body = clear.as_deref().unwrap_or(&self.bytes);
            clear = Some(layer(body, coding, bound)?);
        }
        let body = clear.as_deref().unwrap_or(&self.bytes);
        if self.is_text && is_file(body) {
            match unpacked(body, bound) {
                Ok(text) => clear = Some(text),
                // Perhaps it is something else that begins like that.
                Err(FetchError::BrokeOff(_)) if body.starts_with(GZIP) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(clear)
    }
}

/// Whether a body is a compressed file, as `feed.xml.gz` is often sent without a header that says so;
/// told by its first bytes.
fn is_file(body: &[u8]) -> bool {
    body.starts_with(GZIP) || body.starts_with(COMPRESS)
}

fn unpacked(body: &[u8], bound: u64) -> Result<Vec<u8>, FetchError> {
    if body.starts_with(COMPRESS) {
        return Err(FetchError::BrokeOff(
            "it is compressed in a way that Warta cannot read".into(),
        ));
    }
    gzip(body, bound)
}

/// The first bytes in the clear of a body that begins with `bytes`; none where they do not say.
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
    let mut clear = vec![0; LOOKED_AT];
    let mut length = 0;
    // The rest is still to come, so it ends with an error.
    while let Some(rest) = clear.get_mut(length..).filter(|rest| !rest.is_empty())
        && let Ok(read @ 1..) = reader.read(rest)
    {
        length += read;
    }
    clear.truncate(length);
    (length >= ENOUGH).then_some(Cow::Owned(clear))
}

fn layer(body: &[u8], coding: Coding, bound: u64) -> Result<Vec<u8>, FetchError> {
    match coding {
        Coding::Gzip => gzip(body, bound),
        // By the letter it is zlib's format; some servers send it bare.
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

/// One member after the other (RFC 1952 § 2.2); what stands behind the last is passed over.
fn gzip(body: &[u8], bound: u64) -> Result<Vec<u8>, FetchError> {
    let mut rest = body;
    let mut clear = Vec::new();
    loop {
        let mut member = flate2::bufread::GzDecoder::new(rest);
        read_bounded(&mut member, &mut clear, body.len(), bound)?;
        rest = member.into_inner();
        if !rest.starts_with(&[0x1F, 0x8B]) {
            return Ok(clear);
        }
    }
}

fn bounded(mut from: impl Read, length: usize, bound: u64) -> Result<Vec<u8>, FetchError> {
    let mut clear = Vec::new();
    read_bounded(&mut from, &mut clear, length, bound)?;
    Ok(clear)
}

fn read_bounded(
    from: &mut impl Read,
    clear: &mut Vec<u8>,
    length: usize,
    bound: u64,
) -> Result<(), FetchError> {
    clear.reserve((length * 4).min(1 << 20));
    let left = bound.saturating_sub(clear.len() as u64);
    from.take(left + 1)
        .read_to_end(clear)
        .map_err(|error| broke_off(&error))?;
    if clear.len() as u64 > bound {
        return Err(FetchError::TooLarge(bound));
    }
    Ok(())
}

fn broke_off(error: &std::io::Error) -> FetchError {
    FetchError::BrokeOff(error.to_string())
}
