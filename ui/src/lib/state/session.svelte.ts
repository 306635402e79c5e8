// What every part of the UI needs: the engine, settings, the connection, the time, and a way to run
// a command whose failure becomes a toast. Knows nothing of articles or views.

import {
  asFailure,
  DEFAULT_SETTINGS,
  type Backend,
  type Connection,
  type Overview,
  type SecretsKept,
  type Settings,
} from '../backend';
import { i18n, t } from '../i18n/i18n.svelte';
import { failureText } from './failures';
import type { Toasts } from './toasts.svelte';

export class Session {
  readonly backend: Backend;
  readonly #toasts: Toasts;

  settings = $state.raw<Settings>(DEFAULT_SETTINGS);
  connection = $state<Connection>('unknown');
  version = $state('');
  dataDir = $state('');
  /** The data folder cannot be written: everything can be read, nothing can be changed. */
  readOnly = $state(false);
  /** Seconds since 1970, advanced by `tick`. */
  now = $state(Math.floor(Date.now() / 1000));
  /** Counts changes of settings. */
  #changes = 0;
  /** Fulfilled once all changes so far are stored or reverted. */
  #stored: Promise<void> = Promise.resolve();
  readonly offline = $derived(this.connection === 'offline' || this.connection === 'portal');

  constructor(backend: Backend, toasts: Toasts) {
    this.backend = backend;
    this.#toasts = toasts;
  }

  begin(overview: Overview): void {
    this.useSettings(overview.settings);
    this.connection = overview.connection;
    this.version = overview.version;
    this.dataDir = overview.dataDir;
    this.readOnly = overview.readOnly;
    this.now = overview.now;
  }

  tick(seconds: number): void {
    this.now += seconds;
  }

  /** Shows these settings without storing them. */
  useSettings(settings: Settings): void {
    this.settings = settings;
    i18n.setLanguage(settings.language);
  }

  /** Shows a change at once, stores it, and reverts it where storing fails. */
  async changeSettings(change: Partial<Settings>): Promise<void> {
    const before = this.settings;
    this.useSettings({ ...before, ...change });
    const turn = ++this.#changes;
    // One after the other: the engine might store an older change after a newer one.
    this.#stored = this.#stored.then(async () => {
      const stored = await this.attempt(this.backend.setSettings(this.settings));
      if (!stored) this.#revert(change, before);
      // A later change is shown already and is stored next.
      else if (turn === this.#changes) this.useSettings(stored);
    });
    await this.#stored;
  }

  /** Waits until all changes of settings so far are stored or reverted. */
  async settled(): Promise<void> {
    await this.#stored;
  }

  /** Shows what was set before a change, except where it was changed again. */
  #revert(change: Partial<Settings>, before: Settings): void {
    const names = Object.keys(change) as (keyof Settings)[];
    const still = names.filter((name) => this.settings[name] === change[name]);
    const old = Object.fromEntries(still.map((name) => [name, before[name]]));
    this.useSettings({ ...this.settings, ...old });
  }

  openLink(link: string): void {
    void this.attempt(this.backend.openLink(link));
  }

  async copyLink(link: string): Promise<void> {
    const copied = await this.attempt(this.backend.copyLink(link).then(() => true));
    if (copied) this.#toasts.show(t('article.copied'));
  }

  /** Warns where a password is only kept until Warta closes. */
  reportSecrets(kept: SecretsKept): void {
    if (kept === 'session') this.#toasts.show(t('feed.noKeyring'));
  }

  /** Waits for the engine; a failure becomes a toast and the result `undefined`. */
  async attempt<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (thrown) {
      this.#toasts.show(failureText(asFailure(thrown)));
      return undefined;
    }
  }
}
