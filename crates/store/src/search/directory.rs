//! The index's directory, whose files are read in pieces instead of being mapped into memory.
//! Mapped pages count as the program's memory, and a merge reads all of its segments; and if a
//! mapped file is truncated or its disk fails, the program crashes. Here a failing read is an
//! error, after which the index is rebuilt.
use std::collections::{BTreeMap, HashSet};
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

/// Lists the segments' files. A damaged file can make tantivy allocate without bound, which nothing
/// can catch, so no file is opened before it is known to be whole. And the checksum in a file's
/// footer does not depend on its name, so only the list shows that two files were exchanged.
pub(crate) const MANIFEST: &str = "manifest";

/// A segment's file when it was last known to be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct FileState {
    /// In bytes.
    length: u64,
    /// In nanoseconds since 1970.
    modified: u64,
    crc: u32,
}

#[derive(Debug, Default)]
struct Manifest {
    files: BTreeMap<String, FileState>,
    /// Files that this process wrote.
    written: HashSet<String>,
    /// Whether the manifest on disk is out of date.
    is_changed: bool,
}

/// The index's directory.
#[derive(Debug, Clone)]
pub(crate) struct IndexDirectory {
    folder: Arc<Path>,
    /// For everything but reading segments.
    inner: MmapDirectory,
    manifest: Arc<Mutex<Manifest>>,
    read_only: bool,
}

impl IndexDirectory {
    /// Opens an index of which nothing is written, not even locks.
    pub(crate) fn open_read_only(folder: &Path) -> tantivy::Result<Self> {
        let directory = Self::open(folder)?;
        Ok(Self {
            read_only: true,
            ..directory
        })
    }

    pub(crate) fn open(folder: &Path) -> tantivy::Result<Self> {
        let json = std::fs::read(folder.join(MANIFEST)).unwrap_or_default();
        let files = serde_json::from_slice(&json).unwrap_or_default();
        let manifest = Manifest {
            files,
            ..Manifest::default()
        };
        Ok(Self {
            folder: folder.into(),
            inner: MmapDirectory::open(folder)?,
            manifest: Arc::new(Mutex::new(manifest)),
            read_only: false,
        })
    }

    /// Checks that a segment's file is whole and the one that it was. Reads it only if it has changed
    /// since it was last checked or written.
    pub(crate) fn verify_file(&self, name: &str) -> io::Result<()> {
        let path = self.folder.join(name);
        let (length, modified) = facts(&path)?;
        let known = {
            let manifest = self.locked();
            let known = manifest.files.get(name).copied();
            if known.is_none() && manifest.written.contains(name) {
                return Ok(());
            }
            known
        };
        if known.is_some_and(|known| (known.length, known.modified) == (length, modified)) {
            return Ok(());
        }
        let damaged = |why| {
            Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{name} {why}"),
            ))
        };
        let Some(crc) = verified_crc(&path)? else {
            return damaged("fails its checksum");
        };
        if known.is_some_and(|known| (known.length, known.crc) != (length, crc)) {
            return damaged("was replaced by another file");
        }
        let state = FileState {
            length,
            modified,
            crc,
        };
        let mut manifest = self.locked();
        manifest.files.insert(name.to_owned(), state);
        manifest.is_changed = true;
        Ok(())
    }

    /// Adds the files that were written since to the manifest, removes deleted ones, and saves it.
    pub(crate) fn update_manifest(&self) -> io::Result<()> {
        let mut manifest = self.locked();
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !is_segment_file(&name) {
                continue;
            }
            let state = match manifest.files.get(&name) {
                Some(state) => Some(*state),
                // A file that is still being written has no footer.
                None => file_state(&self.folder.join(&name)).ok().flatten(),
            };
            files.extend(state.map(|state| (name, state)));
        }
        if manifest.is_changed || files != manifest.files {
            let json = serde_json::to_vec(&files)?;
            crate::files::write_atomically(&self.folder.join(MANIFEST), &json)
                .map_err(io::Error::other)?;
            manifest.files = files;
            manifest.is_changed = false;
        }
        Ok(())
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Manifest> {
        self.manifest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a name is one that tantivy gives a segment's file: 32 hexadecimal digits, a dot, an ending.
fn is_segment_file(name: &str) -> bool {
    name.split_once('.')
        .is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A file's length in bytes, and when it was modified, in nanoseconds since 1970.
fn facts(path: &Path) -> io::Result<(u64, u64)> {
    let facts = std::fs::metadata(path)?;
    let modified = facts.modified().ok();
    let modified = modified.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    Ok((facts.len(), modified.map_or(0, |at| at.as_nanos() as u64)))
}

/// The state of a file that was just written, with the checksum in its footer.
fn file_state(path: &Path) -> io::Result<Option<FileState>> {
    let (length, modified) = facts(path)?;
    let footer = footer(&mut File::open(path)?, length)?;
    Ok(footer.map(|(footer, _)| FileState {
        length,
        modified,
        crc: footer.crc,
    }))
}

impl Directory for IndexDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let name = path.to_string_lossy();
        let verified = if is_segment_file(&name) {
            self.verify_file(&name)
        } else {
            Ok(())
        };
        let opened = verified.and_then(|()| Pieces::open(&self.folder.join(path)));
        let opened = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        })?;
        Ok(Arc::new(opened))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.locked().written.remove(&*path.to_string_lossy());
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let name = path.to_string_lossy().into_owned();
        let mut manifest = self.locked();
        manifest.files.remove(&name);
        manifest.written.insert(name);
        drop(manifest);
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
        if self.read_only {
            return Ok(DirectoryLock::from(Box::new(())));
        }
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

/// A file's checksum; `None` if its content does not match the one in its footer. tantivy's own check
/// reads the whole file into memory.
fn verified_crc(path: &Path) -> io::Result<Option<u32>> {
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
    Ok((hasher.finalize() == footer.crc).then_some(footer.crc))
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
