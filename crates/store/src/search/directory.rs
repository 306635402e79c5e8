//! The index's directory, whose files are read in pieces instead of being mapped into memory.
//! Mapped pages count as the program's memory, and a merge reads all of its segments; and if a
//! mapped file is truncated or its disk fails, the program crashes. Here a failing read is an
//! error, after which the index is rebuilt.
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback,
    WatchHandle, WritePtr,
};

use crate::error::Result;

/// Read-ahead, in bytes.
const WINDOW: usize = 32 << 10;

/// Lists the segments' files, so that exchanged files are noticed: the checksum in a file's footer
/// does not depend on its name.
pub(crate) const MANIFEST: &str = "manifest";

/// The segments' files by name: length in bytes and checksum.
pub(crate) type Manifest = BTreeMap<String, (u64, u32)>;

/// The index's directory.
#[derive(Debug, Clone)]
pub(crate) struct IndexDirectory {
    folder: Arc<Path>,
    /// For everything but reading segments.
    inner: MmapDirectory,
    manifest: Arc<Mutex<Manifest>>,
}

impl IndexDirectory {
    pub(crate) fn open(folder: &Path) -> tantivy::Result<Self> {
        Ok(Self {
            folder: folder.into(),
            inner: MmapDirectory::open(folder)?,
            manifest: Arc::new(Mutex::new(read_manifest(folder))),
        })
    }

    /// Adds new files of segments to the manifest, and removes deleted ones.
    fn update_manifest(&self) -> io::Result<()> {
        let mut manifest = self.manifest.lock().unwrap_or_else(PoisonError::into_inner);
        let mut listed = Manifest::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !is_segment_file(&name) {
                continue;
            }
            let state = match manifest.get(&name) {
                Some(state) => Some(*state),
                // A file that is still being written has no footer.
                None => file_state(&self.folder.join(&name)).ok().flatten(),
            };
            listed.extend(state.map(|state| (name, state)));
        }
        if listed != *manifest {
            let json = serde_json::to_vec(&listed)?;
            crate::files::write_atomically(&self.folder.join(MANIFEST), &json)
                .map_err(io::Error::other)?;
            *manifest = listed;
        }
        Ok(())
    }
}

/// The manifest of an index; empty where it is missing or unreadable.
pub(crate) fn read_manifest(folder: &Path) -> Manifest {
    let json = std::fs::read(folder.join(MANIFEST)).unwrap_or_default();
    serde_json::from_slice(&json).unwrap_or_default()
}

/// Whether a name is one that tantivy gives a segment's file: 32 hexadecimal digits, a dot, an ending.
fn is_segment_file(name: &str) -> bool {
    name.split_once('.')
        .is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A file's length and the checksum in its footer, not verified.
fn file_state(path: &Path) -> io::Result<Option<(u64, u32)>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    Ok(footer(&mut file, length)?.map(|(footer, _)| (length, footer.crc)))
}

impl Directory for IndexDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let opened = Pieces::open(&self.folder.join(path)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        })?;
        Ok(Arc::new(opened))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.inner.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.inner.atomic_write(path, data)?;
        // The list of segments has changed; their files are complete.
        if path == Path::new("meta.json")
            && let Err(error) = self.update_manifest()
        {
            tracing::debug!(%error, "exchanged files of the search index may go unnoticed");
        }
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// At the end of each of the index's files.
const MAGIC: u32 = 1_337;

/// Longer than any footer, in bytes.
const LONGEST_FOOTER: u64 = 50_000;

#[derive(serde::Deserialize)]
struct Footer {
    crc: u32,
}

/// A file's length and checksum; `None` if its content does not match the checksum in its footer.
/// tantivy's own check reads the whole file into memory.
pub(crate) fn verified_state(path: &Path) -> io::Result<Option<(u64, u32)>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let Some((footer, mut left)) = footer(&mut file, length)? else {
        return Ok(None);
    };
    file.rewind()?;
    let mut hasher = crc32fast::Hasher::new();
    let mut buffer = vec![0; 256 << 10];
    while left > 0 {
        let piece = left.min(buffer.len() as u64) as usize;
        file.read_exact(&mut buffer[..piece])?;
        hasher.update(&buffer[..piece]);
        left -= piece as u64;
    }
    Ok((hasher.finalize() == footer.crc).then_some((length, footer.crc)))
}

/// Whether a file ends with a footer of the index.
pub(crate) fn has_footer(path: &Path) -> bool {
    let looked = File::open(path).and_then(|mut file| {
        let length = file.metadata()?.len();
        footer(&mut file, length)
    });
    looked.is_ok_and(|footer| footer.is_some())
}

/// A file's footer, and its offset.
fn footer(file: &mut File, length: u64) -> io::Result<Option<(Footer, u64)>> {
    let Some(at) = length.checked_sub(8) else {
        return Ok(None);
    };
    let mut end = [0; 8];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut end)?;
    let number = |four: &[u8]| {
        four.iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
    };
    let footer_length = u64::from(number(&end[..4]));
    let body = at.checked_sub(footer_length);
    let Some(body) = body.filter(|_| number(&end[4..]) == MAGIC && footer_length <= LONGEST_FOOTER)
    else {
        return Ok(None);
    };
    let mut json = vec![0; footer_length as usize];
    file.seek(SeekFrom::Start(body))?;
    file.read_exact(&mut json)?;
    Ok(serde_json::from_slice(&json)
        .ok()
        .map(|footer| (footer, body)))
}

/// A file of the index.
#[derive(Debug)]
struct Pieces {
    file: File,
    length: usize,
    /// The piece read last, and where it begins.
    window: Mutex<(usize, OwnedBytes)>,
}

impl Pieces {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let length = usize::try_from(length).map_err(io::Error::other)?;
        Ok(Self {
            file,
            length,
            window: Mutex::new((0, OwnedBytes::empty())),
        })
    }

    fn read(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let mut bytes = vec![0; range.len()];
        read_exact_at(&self.file, &mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

impl FileHandle for Pieces {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        if range.len() >= WINDOW {
            return self.read(range);
        }
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let (from, bytes) = &*window;
        if range.start < *from || range.end > from + bytes.len() {
            // Reading beyond the end fails below.
            let to = (range.start + WINDOW).min(self.length).max(range.end);
            *window = (range.start, self.read(range.start..to)?);
        }
        let (from, bytes) = &*window;
        Ok(bytes.slice(range.start - from..range.end - from))
    }
}

impl HasLen for Pieces {
    fn len(&self) -> usize {
        self.length
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                bytes = &mut bytes[read..];
                at += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
