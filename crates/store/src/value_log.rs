//! Append-only segment files for large data. A record contains its kind and key, is compressed if
//! that helps, and carries a checksum: reading never returns damaged or foreign bytes, and a walk
//! over the segments finds every intact record even between torn ones. Nothing is ever overwritten
//! or truncated here; a torn tail remains as dead bytes that a walk skips.
use std::cell::RefCell;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread::ScopedJoinHandle;

use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::files::sync_folder;

const MAGIC: [u8; 4] = *b"WRec";

const HEADER: usize = 40;

/// A segment is closed once it is this long, in bytes.
pub(crate) const SEGMENT_BYTES: u64 = 64 << 20;

/// No record is larger than this once decompressed, in bytes.
const LARGEST: usize = 256 << 20;

const LEVEL: i32 = 1;

/// Minimum number of records for compression in two threads.
const MANY: usize = 64;

const PLAIN: u8 = 0;

const ZSTD: u8 = 1;

const ZSTD_WITH_DICTIONARY: u8 = 2;

/// Tags and words that small articles share. Part of the format: never change it, add another.
static DICTIONARY: &[u8] = include_bytes!("dictionary.txt");

static ENCODER: LazyLock<zstd::dict::EncoderDictionary<'static>> =
    LazyLock::new(|| zstd::dict::EncoderDictionary::copy(DICTIONARY, LEVEL));

static DECODER: LazyLock<zstd::dict::DecoderDictionary<'static>> =
    LazyLock::new(|| zstd::dict::DecoderDictionary::copy(DICTIONARY));

thread_local! {
    /// Creating one takes longer than decompressing an article.
    static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
        const { RefCell::new(None) };
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Article = 1,
    Picture = 2,
    Purge = 3,
    /// The text of an article's own page.
    Page = 4,
}

/// Where a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Pointer {
    pub(crate) segment: u32,
    pub(crate) offset: u32,
    /// With its header, in bytes.
    pub(crate) length: u32,
}

/// A record that a walk found, whole.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) kind: u8,
    pub(crate) key: [u8; 16],
    pub(crate) pointer: Pointer,
    /// As stored.
    pub(crate) raw: &'a [u8],
}

impl Found<'_> {
    /// The decompressed data.
    pub(crate) fn data(&self) -> Result<Vec<u8>> {
        data_of(self.raw).ok_or_else(|| damaged(self.pointer, "cannot be decompressed"))
    }
}

struct Tail {
    segment: u32,
    offset: u64,
    file: Option<File>,
}

impl Tail {
    /// Continues in a new segment.
    fn close(&mut self) -> Result<()> {
        if let Some(file) = self.file.take() {
            file.sync_data()?;
        }
        *self = Self {
            segment: self.segment + 1,
            offset: 0,
            file: None,
        };
        Ok(())
    }
}

pub(crate) struct ValueLog {
    folder: PathBuf,
    tail: Mutex<Tail>,
    /// The file read last, kept open.
    reading: Mutex<Option<(u32, File)>>,
    unsynced: AtomicBool,
    bytes: AtomicU64,
}

/// The 16-byte key of an article's record.
pub(crate) fn article_key(id: u64) -> [u8; 16] {
    let mut key = [0; 16];
    key[8..].copy_from_slice(&id.to_be_bytes());
    key
}

impl ValueLog {
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        crate::private::create_folder(folder)?;
        let segments = segments(folder)?;
        let bytes = segments.iter().map(|(_, bytes)| bytes).sum();
        let (segment, offset) = segments.last().copied().unwrap_or((1, 0));
        Ok(Self {
            folder: folder.to_owned(),
            tail: Mutex::new(Tail {
                segment,
                offset,
                file: None,
            }),
            reading: Mutex::new(None),
            unsynced: AtomicBool::new(false),
            bytes: AtomicU64::new(bytes),
        })
    }

    /// How much all segments hold, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Appends records; durable only after [`ValueLog::sync`].
    pub(crate) fn append(
        &self,
        kind: Kind,
        records: &[([u8; 16], Vec<u8>)],
    ) -> Result<Vec<Pointer>> {
        let framed = framed_by_two(kind, records)?;
        let whole: Vec<&[u8]> = framed.iter().flat_map(Framed::records).collect();
        self.append_raw(&whole)
    }

    /// Appends records as stored elsewhere.
    pub(crate) fn append_raw(&self, records: &[&[u8]]) -> Result<Vec<Pointer>> {
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pointers = Vec::with_capacity(records.len());
        let length: usize = records.iter().map(|raw| raw.len()).sum();
        let mut pending = Vec::with_capacity(length.min(SEGMENT_BYTES as usize));
        for raw in records {
            if tail.offset + pending.len() as u64 >= SEGMENT_BYTES {
                self.write(&mut tail, &mut pending)?;
                tail.close()?;
            }
            pointers.push(Pointer {
                segment: tail.segment,
                offset: (tail.offset + pending.len() as u64) as u32,
                length: raw.len() as u32,
            });
            pending.extend_from_slice(raw);
        }
        self.write(&mut tail, &mut pending)?;
        Ok(pointers)
    }

    /// Begins a new segment with the next record, so that all present ones can be rewritten.
    pub(crate) fn close_segment(&self) -> Result<()> {
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        if tail.offset > 0 {
            tail.close()?;
        }
        Ok(())
    }

    /// The closed segments with their lengths.
    pub(crate) fn closed_segments(&self) -> Result<Vec<(u32, u64)>> {
        let last = self
            .tail
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .segment;
        let mut closed = segments(&self.folder)?;
        closed.retain(|(segment, _)| *segment < last);
        Ok(closed)
    }

    /// A whole segment, for [`walk_bytes`].
    pub(crate) fn segment_bytes(&self, segment: u32) -> Result<Vec<u8>> {
        Ok(std::fs::read(segment_path(&self.folder, segment))?)
    }

    /// Deletes a segment that nothing points into.
    pub(crate) fn remove_segment(&self, segment: u32) -> Result<()> {
        let path = segment_path(&self.folder, segment);
        let length = std::fs::metadata(&path)?.len();
        std::fs::remove_file(&path)?;
        self.bytes.fetch_sub(length, Ordering::Relaxed);
        *self.reading.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    fn write(&self, tail: &mut Tail, pending: &mut Vec<u8>) -> Result<()> {
        if pending.is_empty() {
            return Ok(());
        }
        if tail.file.is_none() {
            let path = segment_path(&self.folder, tail.segment);
            let is_new = !path.exists();
            tail.file = Some(crate::private::append_to(&path)?);
            if is_new {
                sync_folder(&self.folder)?;
            }
        }
        let Some(file) = tail.file.as_mut() else {
            return Ok(());
        };
        self.unsynced.store(true, Ordering::Release);
        if let Err(error) = file.write_all(pending) {
            // Part of it may have been written: continue after it.
            tail.offset = file.metadata().map_or(tail.offset, |facts| facts.len());
            pending.clear();
            return Err(error.into());
        }
        tail.offset += pending.len() as u64;
        self.bytes
            .fetch_add(pending.len() as u64, Ordering::Relaxed);
        pending.clear();
        Ok(())
    }

    /// Flushes everything appended so far to disk.
    pub(crate) fn sync(&self) -> Result<()> {
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        if self.unsynced.load(Ordering::Acquire) {
            if let Some(file) = &tail.file {
                file.sync_data()?;
            }
            self.unsynced.store(false, Ordering::Release);
        }
        Ok(())
    }

    /// The data of the record at `pointer`, if it is intact and has this kind and key.
    pub(crate) fn read(&self, kind: Kind, key: [u8; 16], pointer: Pointer) -> Result<Vec<u8>> {
        let bytes = self.read_bytes(pointer).map_err(|error| {
            let (segment, offset) = (pointer.segment, pointer.offset);
            StoreError::Damaged(format!(
                "segment {segment} at {offset} cannot be read: {error}"
            ))
        })?;
        match named(&bytes) {
            Some(found) if found == (kind as u8, key) => {
                data_of(&bytes).ok_or_else(|| damaged(pointer, "cannot be decompressed"))
            }
            Some(_) => Err(damaged(pointer, "holds another record")),
            None => Err(damaged(pointer, "fails its checksum")),
        }
    }

    fn read_bytes(&self, pointer: Pointer) -> std::io::Result<Vec<u8>> {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if reading
            .as_ref()
            .is_none_or(|(segment, _)| *segment != pointer.segment)
        {
            let file = File::open(segment_path(&self.folder, pointer.segment))?;
            *reading = Some((pointer.segment, file));
        }
        let Some((_, file)) = reading.as_mut() else {
            return Ok(Vec::new());
        };
        if u64::from(pointer.offset) + u64::from(pointer.length) > file.metadata()?.len() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        file.seek(SeekFrom::Start(u64::from(pointer.offset)))?;
        let mut bytes = vec![0; pointer.length as usize];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Every whole record of every segment in `folder`, oldest first. Returns the number of stretches
/// that are not records (torn or damaged).
pub(crate) fn walk(folder: &Path, visit: &mut dyn FnMut(Found<'_>) -> Result<()>) -> Result<u64> {
    let mut gaps = 0;
    for (segment, _) in segments(folder)? {
        let bytes = std::fs::read(segment_path(folder, segment))?;
        gaps += walk_bytes(segment, &bytes, visit)?;
    }
    Ok(gaps)
}

/// Every whole record of a segment.
pub(crate) fn walk_bytes<'a>(
    segment: u32,
    bytes: &'a [u8],
    visit: &mut dyn FnMut(Found<'a>) -> Result<()>,
) -> Result<u64> {
    let mut gaps = 0;
    let mut at = 0;
    let mut in_gap = false;
    while at + HEADER <= bytes.len() {
        let whole = length_at(&bytes[at..])
            .and_then(|length| bytes.get(at..at + length))
            .and_then(|raw| named(raw).map(|(kind, key)| (raw, kind, key)));
        if let Some((raw, kind, key)) = whole {
            in_gap = false;
            let pointer = Pointer {
                segment,
                offset: at as u32,
                length: raw.len() as u32,
            };
            visit(Found {
                kind,
                key,
                pointer,
                raw,
            })?;
            at += raw.len();
            continue;
        }
        gaps += u64::from(!in_gap);
        in_gap = true;
        at += 1;
        at += bytes[at..]
            .windows(MAGIC.len())
            .position(|window| window == MAGIC)
            .unwrap_or(bytes.len() - at);
    }
    Ok(gaps + u64::from(at < bytes.len() && !in_gap))
}

/// The segments of `folder` with their lengths, ascending.
pub(crate) fn segments(folder: &Path) -> Result<Vec<(u32, u64)>> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".log"));
        if let Some(segment) = number.and_then(|number| number.parse().ok()) {
            found.push((segment, entry.metadata()?.len()));
        }
    }
    found.sort_unstable();
    Ok(found)
}

pub(crate) fn segment_path(folder: &Path, segment: u32) -> PathBuf {
    folder.join(format!("{segment:08}.log"))
}

fn damaged(pointer: Pointer, what: &str) -> StoreError {
    StoreError::Damaged(format!(
        "segment {} at {} {what}",
        pointer.segment, pointer.offset
    ))
}

/// Encoded records, one after another.
struct Framed {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Framed {
    fn records(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| &self.bytes[start..*end])
    }
}

/// Frames records, many of them in two threads: compression is the slowest step under the write
/// lock.
fn framed_by_two(kind: Kind, records: &[([u8; 16], Vec<u8>)]) -> Result<Vec<Framed>> {
    if records.len() < MANY {
        return Ok(vec![framed(kind, records)?]);
    }
    let (first, second) = records.split_at(records.len() / 2);
    std::thread::scope(|scope| {
        let other = std::thread::Builder::new().spawn_scoped(scope, || framed(kind, second));
        let first = framed(kind, first)?;
        let second = match other.map(ScopedJoinHandle::join) {
            Ok(Ok(second)) => second?,
            // No thread could be started, or it panicked.
            _ => framed(kind, second)?,
        };
        Ok(vec![first, second])
    })
}

fn framed(kind: Kind, records: &[([u8; 16], Vec<u8>)]) -> Result<Framed> {
    // Made once: setting one up costs as much as a small article.
    let mut compressor = zstd::bulk::Compressor::with_prepared_dictionary(&ENCODER)?;
    let length: usize = records.iter().map(|(_, data)| data.len()).sum();
    let mut framed = Framed {
        bytes: Vec::with_capacity(length / 2),
        ends: Vec::with_capacity(records.len()),
    };
    for (key, data) in records {
        encode(kind, *key, data, &mut compressor, &mut framed.bytes)?;
        framed.ends.push(framed.bytes.len());
    }
    Ok(framed)
}

/// Layout: magic 4, checksum 4 (of all that follows), kind 1, encoding 1, version 1, zero 1, key
/// 16, raw length 4, stored length 4, zero 4, stored bytes.
fn encode(
    kind: Kind,
    key: [u8; 16],
    data: &[u8],
    compressor: &mut zstd::bulk::Compressor<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    if data.len() > LARGEST {
        return Err(StoreError::Invalid("a record of more than 256 MB".into()));
    }
    let (encoding, stored) = match kind {
        // Pictures are compressed already.
        Kind::Picture => (PLAIN, None),
        Kind::Article | Kind::Purge | Kind::Page if data.len() <= 64 << 10 => {
            (ZSTD_WITH_DICTIONARY, Some(compressor.compress(data)?))
        }
        Kind::Article | Kind::Purge | Kind::Page => {
            (ZSTD, Some(zstd::bulk::compress(data, LEVEL)?))
        }
    };
    let (encoding, stored) = match &stored {
        Some(stored) if stored.len() < data.len() => (encoding, stored.as_slice()),
        _ => (PLAIN, data),
    };
    let start = out.len();
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&[kind as u8, encoding, 1, 0]);
    out.extend_from_slice(&key);
    out.extend_from_slice(&(data.len() as u32).to_le_bytes());
    out.extend_from_slice(&(stored.len() as u32).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(stored);
    let checksum = crc32fast::hash(&out[start + 8..]);
    out[start + 4..start + 8].copy_from_slice(&checksum.to_le_bytes());
    Ok(())
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(four) as usize)
}

/// How long the record that begins here claims to be.
fn length_at(bytes: &[u8]) -> Option<usize> {
    if bytes.get(..4)? != MAGIC || number(bytes, 28)? > LARGEST {
        return None;
    }
    Some(HEADER + number(bytes, 32)?)
}

/// The kind and key of a record, if it is whole.
fn named(raw: &[u8]) -> Option<(u8, [u8; 16])> {
    if length_at(raw)? != raw.len() || crc32fast::hash(&raw[8..]) as usize != number(raw, 4)? {
        return None;
    }
    Some((raw[8], raw[12..28].try_into().ok()?))
}

/// The data of an intact record.
fn data_of(raw: &[u8]) -> Option<Vec<u8>> {
    let length = number(raw, 28)?;
    let stored = raw.get(HEADER..)?;
    let data = match raw[9] {
        PLAIN => stored.to_vec(),
        ZSTD => zstd::bulk::decompress(stored, length).ok()?,
        ZSTD_WITH_DICTIONARY => DECOMPRESSOR.with_borrow_mut(|kept| {
            let decompressor = match kept {
                Some(decompressor) => decompressor,
                none => {
                    none.insert(zstd::bulk::Decompressor::with_prepared_dictionary(&DECODER).ok()?)
                }
            };
            decompressor.decompress(stored, length).ok()
        })?,
        _ => return None,
    };
    (data.len() == length).then_some(data)
}
