// A mailbox whose newsletters become feeds: its server, what a test of it found, and the senders chosen.

import {
  asFailure,
  type Backend,
  type Failure,
  type MailAdded,
  type MailGuess,
  type MailSecurity,
  type MailSetup,
  type MailTrial,
} from '../backend';
import { hasMessage, t } from '../i18n/i18n.svelte';
import { failureText } from '../state/failures';
import { Work } from '../state/work.svelte';

/** Why a mailbox could not be read; the detail of such a failure is a problem's code. */
export function mailFailureText(failure: Failure): string {
  const key = `problem.${failure.detail}`;
  return hasMessage(key) ? t(key) : failureText(failure);
}

const PORTS: Record<MailSecurity, string> = { tls: '993', startTls: '143', none: '143' };

export class Mailbox {
  address = $state('');
  password = $state('');
  host = $state('');
  port = $state('993');
  security = $state<MailSecurity>('tls');
  user = $state('');
  folder = $state('INBOX');
  /** Whether senders that appear later become feeds too. */
  newSenders = $state(true);
  guess = $state.raw<MailGuess | null>(null);
  trial = $state.raw<MailTrial | null>(null);
  /** Keys of the chosen senders. */
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  readonly work = new Work(mailFailureText);
  readonly #backend: Backend;
  /** What the reader typed himself is not replaced by a guess. */
  #guessed = { host: '', user: '' };
  /** What `trial` was made with. */
  #tried = $state.raw('');

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get #setup(): MailSetup {
    return {
      host: this.host.trim(),
      port: Number(this.port) || 0,
      security: this.security,
      user: this.user.trim(),
      password: this.password === '' ? null : this.password,
      folder: this.folder,
    };
  }

  readonly mayTry = $derived(
    this.host.trim() !== '' && this.user.trim() !== '' && this.password !== '' && !this.work.busy,
  );

  /** Whether what was found belongs to what is in the form now. */
  readonly isTried = $derived(this.trial !== null && this.#tried === JSON.stringify(this.#setup));

  /** Fills in the usual server of the address. */
  async suggest(): Promise<void> {
    const address = this.address.trim();
    let guess: MailGuess | null = null;
    try {
      guess = await this.#backend.guessMailServer(address);
    } catch (thrown) {
      this.work.problem = mailFailureText(asFailure(thrown));
    }
    // The reader may have typed on.
    if (address !== this.address.trim()) return;
    this.guess = guess;
    if (this.user === '' || this.user === this.#guessed.user) this.user = address;
    if (guess && (this.host === '' || this.host === this.#guessed.host)) {
      this.host = guess.host;
      this.port = String(guess.port);
      this.security = guess.security;
    }
    this.#guessed = { host: guess?.host ?? '', user: address };
  }

  secure(security: MailSecurity): void {
    if (this.port === PORTS[this.security]) this.port = PORTS[security];
    this.security = security;
  }

  /** Signs in and lists the folders and senders. */
  async try(): Promise<void> {
    const setup = this.#setup;
    await this.work.do(async () => {
      const trial = await this.#backend.tryMailbox(setup);
      this.trial = trial;
      this.#tried = JSON.stringify(setup);
      this.newSenders = setup.folder.toUpperCase() !== 'INBOX';
      const newsletters = trial.senders.filter(({ isNewsletter }) => isNewsletter);
      this.chosen = new Set(newsletters.map(({ key }) => key));
    });
  }

  /** Opens another folder. */
  async open(folder: string): Promise<void> {
    this.folder = folder;
    await this.try();
  }

  toggle(key: string): void {
    const next = new Set(this.chosen);
    if (!next.delete(key)) next.add(key);
    this.chosen = next;
  }

  /** Adds the account; the result is `undefined` if it failed. */
  async add(folder: string): Promise<MailAdded | undefined> {
    const { trial } = this;
    if (!trial || !this.isTried) return undefined;
    const chosen = trial.senders.filter(({ key }) => this.chosen.has(key));
    const others = trial.senders.filter(({ key }) => !this.chosen.has(key));
    return this.work.do(() =>
      this.#backend.addMailAccount(this.#setup, chosen, others, this.newSenders, [folder]),
    );
  }
}
