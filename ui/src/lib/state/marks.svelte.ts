// Read and saved marks made since the rows were loaded. Lists, pages and the article look here first,
// so that a mark shows everywhere at once.

import { SvelteMap } from 'svelte/reactivity';

import type { ArticleRow, Backend } from '../backend';

type Marked = Pick<ArticleRow, 'id' | 'read' | 'saved'>;

export class Marks {
  #read = new SvelteMap<number, boolean>();
  #saved = new SvelteMap<number, boolean>();
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  isRead(row: Marked): boolean {
    return this.#read.get(row.id) ?? row.read;
  }

  isSaved(row: Marked): boolean {
    return this.#saved.get(row.id) ?? row.saved;
  }

  /** Shows at once; reverted if the engine fails. */
  async setRead(row: Marked, read: boolean): Promise<void> {
    const before = this.isRead(row);
    if (before === read) return;
    this.#read.set(row.id, read);
    try {
      await this.#backend.mark([row.id], { read, saved: null });
    } catch (failure) {
      this.#read.set(row.id, before);
      throw failure;
    }
  }

  /** Records that the engine has marked these read (or unread). */
  noteRead(ids: readonly number[], read = true): void {
    for (const id of ids) this.#read.set(id, read);
  }

  async setSaved(row: Marked, saved: boolean): Promise<void> {
    const before = this.isSaved(row);
    if (before === saved) return;
    this.#saved.set(row.id, saved);
    try {
      await this.#backend.mark([row.id], { read: null, saved });
    } catch (failure) {
      this.#saved.set(row.id, before);
      throw failure;
    }
  }

  /** Drops all marks: rows loaded after this are up to date. */
  forget(): void {
    this.#read.clear();
    this.#saved.clear();
  }
}
