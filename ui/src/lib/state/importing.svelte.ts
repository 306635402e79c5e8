// An import from another reader or service: a file is read, the reader sees what it would bring, and
// confirms.

import { asFailure, type Backend, type ImportReport, type ImportSummary } from '../backend';
import { t } from '../i18n/i18n.svelte';
import { failureText } from './failures';

/** Enough to see what kind of file it is. */
const START_BYTES = 4000;
/** Dropped files are handed over through memory; larger ones are read from disk by the button. */
export const LARGEST_DROPPED = 64 << 20;

/** Whether a dropped file is a list of subscriptions only. */
export async function isOpml(file: File): Promise<boolean> {
  const start = await file.slice(0, START_BYTES).text();
  return start.toLowerCase().includes('<opml');
}

/** How many feeds an OPML file brought, and how many were there already. */
export function importedCounts({ added, already }: ImportReport): string {
  return t('settings.imported', {
    added: t('settings.importedNew', { count: added }),
    already: t('settings.importedAlready', { count: already }),
  });
}

/** What the import of an OPML file brought, in a sentence or two. */
export function importedText(name: string, report: ImportReport): string {
  const result = importedCounts(report);
  const count = report.problems.length;
  const lost = count > 0 ? t('links.opmlLost', { count }) : '';
  return [t('links.opml', { name, result }), lost].join(' ').trim();
}

export class Importing {
  /** A file that was read and waits for the reader to confirm. */
  plan = $state.raw<ImportSummary | null>(null);
  /** What was brought. */
  result = $state.raw<ImportSummary | null>(null);
  undone = $state(false);
  busy = $state<'' | 'reading' | 'importing' | 'undoing'>('');
  wrong = $state('');

  readonly #backend: Backend;
  readonly #changed: () => void;

  constructor(backend: Backend, changed: () => void = () => undefined) {
    this.#backend = backend;
    this.#changed = changed;
  }

  choose(): Promise<void> {
    return this.#read(() => this.#backend.planImportFile());
  }

  drop(file: File): Promise<void> {
    if (file.size > LARGEST_DROPPED) {
      this.wrong = t('carry.tooLarge');
      return Promise.resolve();
    }
    return this.#read(async () =>
      this.#backend.planImport([...new Uint8Array(await file.arrayBuffer())]),
    );
  }

  async confirm(): Promise<void> {
    const plan = this.plan;
    if (!plan || this.busy) return;
    await this.#attempt('importing', async () => {
      this.result = await this.#backend.applyImport(plan.plan);
      this.plan = null;
      this.#changed();
    });
  }

  async undo(): Promise<void> {
    if (this.busy) return;
    await this.#attempt('undoing', async () => {
      this.undone = await this.#backend.undoImport();
      if (!this.undone) this.wrong = t('carry.cannotUndo');
      this.result = null;
      this.#changed();
    });
  }

  async cancel(): Promise<void> {
    this.plan = null;
    await this.#backend.cancelImport().catch(() => undefined);
  }

  async #read(read: () => Promise<ImportSummary | null>): Promise<void> {
    if (this.busy) return;
    await this.#attempt('reading', async () => {
      const plan = await read();
      if (!plan) return;
      this.result = null;
      this.undone = false;
      this.plan = plan;
    });
  }

  async #attempt(
    busy: 'reading' | 'importing' | 'undoing',
    work: () => Promise<void>,
  ): Promise<void> {
    this.busy = busy;
    this.wrong = '';
    try {
      await work();
    } catch (thrown) {
      this.wrong = failureText(asFailure(thrown));
    }
    this.busy = '';
  }
}
