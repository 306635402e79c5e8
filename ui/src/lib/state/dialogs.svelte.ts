// Which dialogs are open: a stack, of which the last one is in front. `lib/dialogs/Dialogs.svelte`
// shows them.

import type { ChosenPlaces, Highlight, Rule, Subject } from '../backend';

export type DialogRequest =
  /** `ask`: looks for feeds only once the reader says so. */
  | { kind: 'addFeed'; address?: string; ask?: boolean }
  | { kind: 'feed'; id: number }
  | { kind: 'folder'; id: number }
  /** Inside a folder; `null`: at the top level. */
  | { kind: 'newFolder'; parent: number | null }
  /** Keys of the sidebar's rows. */
  | { kind: 'movePlaces'; keys: ReadonlySet<string> }
  | { kind: 'removePlaces'; chosen: ChosenPlaces }
  | { kind: 'forward'; subject: Subject; channel?: string }
  | { kind: 'highlight'; highlight: Highlight }
  | { kind: 'pack' }
  | { kind: 'forwarding' }
  | { kind: 'digest' }
  | { kind: 'outbox' }
  | { kind: 'activity' }
  | { kind: 'health' }
  /** `find`: shows the settings that contain this. */
  | { kind: 'settings'; find?: string }
  | { kind: 'repair' }
  | { kind: 'search'; query: string; id?: number; name?: string }
  | { kind: 'tags'; articles: readonly number[] }
  | { kind: 'tag'; id: number }
  | { kind: 'rules' }
  | { kind: 'rule'; rule?: Rule }
  | { kind: 'original'; text?: string }
  | { kind: 'keys' }
  | { kind: 'searchHelp' }
  | { kind: 'picture'; pictures: readonly ShownPicture[]; at: number; title: string }
  | { kind: 'palette' };

/** A picture of an article, as the page shows it. */
export interface ShownPicture {
  /** An address of the media protocol. */
  src: string;
  alt: string;
  caption: string;
}

export class Dialogs {
  stack = $state.raw<readonly DialogRequest[]>([]);

  /** The dialog in front. */
  get current(): DialogRequest | null {
    return this.stack.at(-1) ?? null;
  }

  /** Opens a dialog in front of those that are open. A kind that is open already is returned to. */
  open(request: DialogRequest): void {
    const at = this.stack.findIndex(({ kind }) => kind === request.kind);
    const below = at < 0 ? this.stack : this.stack.slice(0, at);
    const same = at < 0 ? undefined : this.stack[at];
    // The same request again keeps the dialog and what was typed into it.
    this.stack = [...below, same && equal(same, request) ? same : request];
  }

  /** Closes the dialog in front; the one below it is shown again. */
  close(): void {
    this.stack = this.stack.slice(0, -1);
  }

  /** Closes all, because the reader goes elsewhere. */
  closeAll(): void {
    this.stack = [];
  }
}

function equal(a: DialogRequest, b: DialogRequest): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
