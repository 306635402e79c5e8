//! A bounded queue of articles on their way to tantivy's threads. tantivy would hold ten thousand
//! of them, which takes as much memory as everything else.
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tantivy::TantivyDocument;
use tantivy::schema::Document;

/// Maximum length.
const MOST: usize = 512;

/// A full queue accepts articles again at this length.
const FEW: usize = MOST / 2;

/// If nothing was taken for this long, the writer threads are assumed dead, and nothing waits for
/// them.
const GIVEN_UP: Duration = Duration::from_secs(2);

/// Counts the waiting articles.
#[derive(Debug, Clone, Default)]
pub(crate) struct Queue(Arc<(Mutex<usize>, Condvar)>);

impl Queue {
    /// Adds an article; blocks while the queue is full.
    pub(crate) fn add(&self, document: TantivyDocument) -> Waiting {
        let mut waiting = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *waiting >= MOST {
            waiting = self.until(waiting, FEW);
        }
        *waiting += 1;
        drop(waiting);
        Waiting {
            document,
            _place: Place(self.clone()),
        }
    }

    /// Waits until the queue is empty, or the writer threads are dead.
    pub(crate) fn run_dry(&self) {
        let waiting = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.until(waiting, 0));
    }

    /// Waits until at most `left` remain, as long as the number falls.
    fn until<'a>(&self, mut waiting: MutexGuard<'a, usize>, left: usize) -> MutexGuard<'a, usize> {
        while *waiting > left {
            let before = *waiting;
            let (now, timeout) = self
                .0
                .1
                .wait_timeout(waiting, GIVEN_UP)
                .unwrap_or_else(PoisonError::into_inner);
            waiting = now;
            if timeout.timed_out() && *waiting == before {
                break;
            }
        }
        waiting
    }
}

/// A waiting article.
#[derive(Debug)]
pub(crate) struct Waiting {
    document: TantivyDocument,
    _place: Place,
}

/// Frees its place on drop, even if the writer thread has failed.
#[derive(Debug)]
struct Place(Queue);

impl Drop for Place {
    fn drop(&mut self) {
        let (count, fewer) = &*self.0.0;
        let mut waiting = count.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting -= 1;
        if *waiting <= FEW {
            fewer.notify_one();
        }
    }
}

impl Document for Waiting {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.iter_fields_and_values()
    }

    /// tantivy takes it.
    fn into_tantivy_document(self) -> TantivyDocument {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_queue_is_bounded_and_all_articles_pass() {
        let queue = Queue::default();
        let (send, turns) = mpsc::channel();
        let adding = std::thread::spawn({
            let queue = queue.clone();
            move || {
                for _ in 0..2 * MOST {
                    send.send(queue.add(TantivyDocument::new())).unwrap();
                }
            }
        });
        let waiting: Vec<Waiting> = turns.iter().take(MOST).collect();
        assert!(turns.recv_timeout(Duration::from_millis(50)).is_err());
        drop(waiting);
        assert_eq!(turns.iter().count(), MOST);
        adding.join().unwrap();
        assert_eq!(*queue.0.0.lock().unwrap(), 0);
    }

    #[test]
    fn it_is_empty_only_after_the_last_article_passed() {
        let queue = Queue::default();
        queue.run_dry();
        let waiting: Vec<Waiting> = (0..3).map(|_| queue.add(TantivyDocument::new())).collect();
        let (send, dry) = mpsc::channel();
        let watching = std::thread::spawn({
            let queue = queue.clone();
            move || {
                queue.run_dry();
                send.send(()).unwrap();
            }
        });
        let last = waiting.into_iter().last().unwrap();
        assert!(dry.recv_timeout(Duration::from_millis(50)).is_err());
        drop(last);
        dry.recv().unwrap();
        watching.join().unwrap();
    }

    #[test]
    fn dead_writer_threads_are_not_waited_for() {
        let queue = Queue::default();
        let taken_by_nobody: Vec<Waiting> = (0..=MOST)
            .map(|_| queue.add(TantivyDocument::new()))
            .collect();
        queue.run_dry();
        assert_eq!(taken_by_nobody.len(), MOST + 1);
    }
}
