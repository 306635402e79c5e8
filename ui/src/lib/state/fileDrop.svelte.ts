// Files that are dragged onto the window: OPML lists are imported. The dialog that adds feeds takes its
// files itself.

import { t } from '../i18n/i18n.svelte';
import type { Dialogs } from './dialogs.svelte';
import { importedText, isOpml, LARGEST_DROPPED } from './importing.svelte';
import type { Refresh } from './refresh.svelte';
import type { Session } from './session.svelte';
import type { Toasts } from './toasts.svelte';

interface Parts {
  session: Session;
  dialogs: Dialogs;
  refresh: Refresh;
  toasts: Toasts;
  status: 'starting' | 'ready' | 'failed';
  firstRun: boolean;
}

export class FileDrop {
  /** Files are above the window now. */
  dragging = $state(false);
  /** Elements that the drag entered and has not left: the next one is entered before one is left. */
  #entered = 0;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether a drag carries files that the window takes. */
  takes(data: DataTransfer | null): boolean {
    const { status, firstRun, dialogs, session } = this.#parts;
    const isReady = status === 'ready' && !firstRun && !session.readOnly;
    const isTaken = dialogs.stack.some(({ kind }) => kind === 'addFeed');
    return isReady && !isTaken && (data?.types.includes('Files') ?? false);
  }

  /** The drag entered an element. */
  enter(): void {
    this.#entered += 1;
    this.dragging = true;
  }

  /** The drag left an element. */
  leave(): void {
    this.#entered = Math.max(0, this.#entered - 1);
    if (this.#entered === 0) this.end();
  }

  end(): void {
    this.#entered = 0;
    this.dragging = false;
  }

  /** Imports the OPML lists among dropped files. */
  async take(files: readonly File[]): Promise<void> {
    this.end();
    for (const file of files) await this.#takeOne(file);
  }

  async #takeOne(file: File): Promise<void> {
    const { session, refresh, toasts } = this.#parts;
    if (!(await isOpml(file))) {
      toasts.show(t('drop.notOpml', { name: file.name, section: t('settings.data') }));
      return;
    }
    if (file.size > LARGEST_DROPPED) {
      toasts.show(t('carry.tooLarge'));
      return;
    }
    const bytes = [...new Uint8Array(await file.arrayBuffer())];
    const report = await session.attempt(session.backend.importOpml(bytes));
    if (!report) return;
    void refresh.reloadAll();
    toasts.show(importedText(file.name, report));
  }
}
