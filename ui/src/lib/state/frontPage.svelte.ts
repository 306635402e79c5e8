// The pages made of stories: the front page, one story, and what was trending before.

import {
  asFailure,
  type Failure,
  type FrontPage,
  type PastPage,
  type Period,
  type Story,
  type StoryPage,
} from '../backend';
import { Answers } from './answers';
import type { Session } from './session.svelte';

export class FrontPageState {
  readonly #session: Session;
  readonly #answers = new Answers<FrontPage>();
  page = $state.raw<FrontPage | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Ids of the stories that are trending now. */
  readonly trending = $derived(
    new Set(
      this.page?.stories.filter((story) => story.phase !== 'fading').map((story) => story.id),
    ),
  );
  /** Trending stories, then followed ones, as shown. */
  readonly stories = $derived<readonly Story[]>([
    ...(this.page?.stories ?? []),
    ...(this.page?.followed ?? []),
  ]);

  constructor(session: Session) {
    this.#session = session;
  }

  async load(): Promise<void> {
    try {
      const page = await this.#answers.of(this.#session.backend.frontPage());
      if (!page) return;
      this.page = page;
      this.failure = null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
  }
}

export class StoryPageState {
  readonly #session: Session;
  readonly #answers = new Answers<StoryPage>();
  page = $state.raw<StoryPage | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** The story asked for last; an answer for another one is dropped. */
  #requested: number | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  async load(id: number): Promise<void> {
    this.#requested = id;
    // An article's id also finds its story; a story's id is the id of its first article.
    const shown = this.page?.story.id === id || this.page?.articles.some((row) => row.id === id);
    if (!shown) this.page = null;
    this.failure = null;
    try {
      const page = await this.#answers.of(this.#session.backend.story(id));
      if (page && this.#requested === id) this.page = page;
    } catch (thrown) {
      if (this.#requested === id) this.failure = asFailure(thrown);
    }
  }

  /** The reader has left the page: an answer still to come is dropped. */
  leave(): void {
    this.#requested = null;
  }
}

export class PastPageState {
  readonly #session: Session;
  page = $state.raw<PastPage | null>(null);
  failure = $state.raw<Failure | null>(null);
  period = $state<Period>('day');
  /** Counts requests: only the latest one's answer is shown. */
  #asked = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** `at`: seconds since 1970; `null` is the latest day or week. */
  async load(at: number | null, period = this.period): Promise<void> {
    this.period = period;
    const asked = ++this.#asked;
    try {
      const page = await this.#session.backend.pastTrending(period, at);
      if (asked !== this.#asked) return;
      this.page = page;
      this.failure = null;
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    }
  }
}
