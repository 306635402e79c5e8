// The article that is open, or being opened.

import { tick } from 'svelte';

import {
  asFailure,
  type ArticleView,
  type Failure,
  type ForwardRecord,
  type AudioView,
} from '../backend';
import { Answers } from './answers';
import type { Dialogs } from './dialogs.svelte';
import type { Marks } from './marks.svelte';
import type { Session } from './session.svelte';

export class Reader {
  readonly #session: Session;
  readonly #marks: Marks;
  readonly #dialogs: Dialogs;
  readonly #answers = new Answers<ArticleView>();

  /** The row that the keys act on. */
  selected = $state<number | null>(null);
  openId = $state<number | null>(null);
  article = $state.raw<ArticleView | null>(null);
  failure = $state.raw<Failure | null>(null);

  constructor(session: Session, marks: Marks, dialogs: Dialogs) {
    this.#session = session;
    this.#marks = marks;
    this.#dialogs = dialogs;
  }

  async open(id: number): Promise<void> {
    this.selected = id;
    if (this.openId === id && this.article) return;
    this.openId = id;
    this.failure = null;
    const { backend } = this.#session;
    try {
      const article = await this.#answers.of(backend.article(id));
      if (this.openId !== id) return;
      if (article) this.article = article;
      if (this.#session.settings.markReadOnOpen && !this.#session.readOnly) {
        this.#marks.noteRead([id]);
        this.#marks.noteRead(await backend.markOpened(id));
      }
    } catch (thrown) {
      if (this.openId === id && this.article?.row.id !== id) this.failure = asFailure(thrown);
    }
  }

  close(): void {
    this.openId = null;
    this.article = null;
    this.failure = null;
  }

  /** Loads the open article again. */
  async refresh(): Promise<void> {
    const id = this.openId;
    if (id === null) return;
    const answer = this.#answers.of(this.#session.backend.article(id));
    const article = await this.#session.attempt(answer);
    if (article && this.openId === id) this.article = article;
  }

  /** Prints an article, by default the open one; the system's dialog can also write a PDF. */
  async print(id: number | null = this.openId): Promise<void> {
    if (id === null) return;
    this.#dialogs.closeAll();
    if (this.openId !== id || !this.article) await this.open(id);
    await tick();
    // On macOS the web view asks the shell and returns a promise.
    await this.#session.attempt(Promise.resolve(window.print()));
  }

  /** Adds a forward to the history of the article that is open. */
  addForward(record: ForwardRecord): void {
    this.#change(record.article, (article) => {
      const others = article.forwards.filter((one) => one.id !== record.id);
      return { ...article, forwards: [record, ...others] };
    });
  }

  /** Events come several times a second, so the engine is not asked again for the article. */
  updateAudio(article: number, url: string, sound: AudioView): void {
    this.#change(article, (open) => {
      const enclosures = open.enclosures.map((one) => (one.url === url ? { ...one, sound } : one));
      return { ...open, enclosures };
    });
  }

  /** Changes an article where it is open or on its way. */
  #change(id: number | null, change: (article: ArticleView) => ArticleView): void {
    const changed = (article: ArticleView) => (article.row.id === id ? change(article) : article);
    this.#answers.note(changed);
    if (this.article) this.article = changed(this.article);
  }
}
