// Older articles from publishers' archives: what the reader can ask for, and the runs.

import type { Backend, Event, OlderLimits, OlderRequest, OlderRun } from '../backend';
import { t } from '../i18n/i18n.svelte';
import { bytes, day } from '../i18n/time';
import { problemText } from '../state/failures';

/** How many older articles the reader wants, or since when. */
export const AMOUNTS = ['none', '100', '500', 'all', 'since'] as const;
export type Amount = (typeof AMOUNTS)[number];

/** Megabytes to choose from. */
export const MEGABYTES = ['20', '50', '200', '1000'];

/** The reader's choice. */
export class OlderChoice {
  amount = $state<Amount>('none');
  /** A day as in a date field: `2026-01-31`. */
  since = $state('');
  megabytes = $state('50');
  unread = $state(false);

  constructor(amount: Amount = 'none') {
    this.amount = amount;
  }

  /** `null`: nothing is wanted, or the day is missing. */
  readonly request = $derived.by((): OlderRequest | null => {
    if (this.amount === 'none') return null;
    const since = this.amount === 'since' ? startOf(this.since) : null;
    if (this.amount === 'since' && since === null) return null;
    const number = Number(this.amount);
    return {
      number: Number.isNaN(number) ? null : number,
      since,
      megabytes: Number(this.megabytes),
      unread: this.unread,
    };
  });
}

/** The start of a day in the reader's time zone, in seconds. */
function startOf(date: string): number | null {
  const time = new Date(`${date}T00:00:00`).getTime();
  return Number.isNaN(time) ? null : Math.floor(time / 1000);
}

/** The last run of each feed, as its events report it. */
export class OlderArticles {
  runs = $state.raw<ReadonlyMap<number, OlderRun>>(new Map());
  readonly #backend: Backend;

  constructor({ backend }: { backend: Backend }) {
    this.#backend = backend;
  }

  handleEvent(event: Event): void {
    if (event.type === 'olderArticles') this.#note(event.run);
  }

  async load(feed: number): Promise<void> {
    const run = await this.#backend.olderRun(feed);
    if (run) this.#note(run);
  }

  async fetch(feed: number, request: OlderRequest): Promise<void> {
    const run = await this.#backend.fetchOlder(feed, request);
    this.#note({ ...run, running: true });
  }

  /** Fetches those of feeds that were just subscribed to. */
  async fetchOf(urls: readonly string[], request: OlderRequest): Promise<void> {
    const { feeds } = await this.#backend.places();
    const wanted = feeds.filter(({ url }) => urls.includes(url));
    await Promise.all(wanted.map(({ id }) => this.fetch(id, request)));
  }

  #note(run: OlderRun): void {
    this.runs = new Map(this.runs).set(run.feed, run);
  }
}

/** "120 articles from 3 May 2024 to 2 March 2026 · 4.2 MB" */
export function outcome(run: OlderRun): string {
  const count = t('count.articles', { count: run.articles });
  const { oldest, newest } = run;
  const what =
    oldest !== null && newest !== null
      ? t('older.span', { count, from: day(oldest), to: day(newest) })
      : count;
  const texts = run.texts > 0 ? [t('older.texts', { count: run.texts })] : [];
  return [what, ...texts, bytes(run.bytes)].join(' · ');
}

/** Why it ended, or that it waits. */
export function ending(run: OlderRun): string {
  if (run.end === null) return t('older.waiting');
  if (run.end === 'failed' && run.code) return problemText({ code: run.code });
  return t(`older.end.${run.end}`);
}

/** What the settings and the connection say before anything is fetched. */
export function warnings(limits: OlderLimits): string[] {
  const said: string[] = [];
  if (limits.room !== null) said.push(t('older.room', { count: limits.room }));
  if (limits.keptSince !== null) said.push(t('older.keptSince', { day: day(limits.keptSince) }));
  if (limits.metered) said.push(t('older.metered'));
  if (limits.overBudget) said.push(t('older.overBudget'));
  return said;
}
