// Which dialog is open, at most one. `lib/dialogs/Dialogs.svelte` shows it.

import type { ChosenPlaces, Highlight, Rule, Subject } from '../backend';

export type DialogRequest =
  | { kind: 'addFeed'; address?: string }
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
  | { kind: 'palette' };

export class Dialogs {
  current = $state<DialogRequest | null>(null);

  open(request: DialogRequest): void {
    this.current = request;
  }

  close(): void {
    this.current = null;
  }
}
