//! Content codings (RFC 9110 § 8.4.1): what is asked for, and undoing it within a bound.
//!
//! Undone here rather than by the HTTP library, so that the bytes that really came over the wire are
//! known: readers pay for those.

use std::io::Read;

use crate::FetchError;

/// What servers may send.
pub(crate) const ACCEPTED: &str = "gzip, br, zstd, deflate";
/// Codings on top of each other at most.
const MOST_LAYERS: usize = 3;

/// The body in the clear: at most `bound` bytes, whatever it was blown up to.
pub(crate) fn undone(body: Vec<u8>, codings: &str, bound: u64) -> Result<Vec<u8>, FetchError> {
    if body.is_empty() {
        return Ok(body);
    }
    let layers: Vec<&str> = codings
        .split(',')
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
        .collect();
    if layers.len() > MOST_LAYERS {
        return Err(FetchError::BrokeOff("it is compressed too often".into()));
    }
    let mut body = body;
    for coding in layers.iter().rev() {
        body = layer(&body, &coding.to_ascii_lowercase(), bound)?;
    }
    Ok(body)
}

fn layer(body: &[u8], coding: &str, bound: u64) -> Result<Vec<u8>, FetchError> {
    match coding {
        "gzip" | "x-gzip" => gzip(body, bound),
        // By the letter it is zlib's format; some servers send it bare.
        "deflate" => {
            bounded(flate2::bufread::ZlibDecoder::new(body), body.len(), bound).or_else(|failure| {
                match failure {
                    FetchError::BrokeOff(_) => bounded(
                        flate2::bufread::DeflateDecoder::new(body),
                        body.len(),
                        bound,
                    ),
                    other => Err(other),
                }
            })
        }
        "br" => bounded(brotli::Decompressor::new(body, 16 << 10), body.len(), bound),
        "zstd" => bounded(
            zstd::stream::read::Decoder::with_buffer(body).map_err(|error| broke_off(&error))?,
            body.len(),
            bound,
        ),
        other => Err(FetchError::BrokeOff(format!(
            "it is compressed in an unknown way: {}",
            other.chars().take(40).collect::<String>()
        ))),
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
