// The panes' widths and which are hidden, stored between starts.

export type Fold = 'three' | 'two' | 'one';
export type Pane = 'places' | 'list';

export const LIMITS: Record<Pane, { min: number; max: number; initial: number }> = {
  places: { min: 180, max: 340, initial: 232 },
  list: { min: 280, max: 560, initial: 372 },
};

const KEY = 'warta.panes';

interface Kept {
  places: number;
  list: number;
  hidden: Pane[];
  closedFolders: number[];
  hideRead: boolean;
}

export class Layout {
  windowWidth = $state(1280);
  widths = $state<Record<Pane, number>>({
    places: LIMITS.places.initial,
    list: LIMITS.list.initial,
  });
  hidden = $state<Pane[]>([]);
  closedFolders = $state.raw<readonly number[]>([]);
  /** Leaves feeds without unread articles out of the sidebar. */
  hideRead = $state(false);
  /** The sidebar covers the rest while the window is too narrow for it. */
  drawer = $state(false);
  readonly fold = $derived<Fold>(
    this.windowWidth <= 620 ? 'one' : this.windowWidth <= 900 ? 'two' : 'three',
  );
  readonly placesBeside = $derived(this.fold === 'three' && !this.hidden.includes('places'));
  #storage: Storage | null;

  constructor(storage: Storage | null) {
    this.#storage = storage;
    try {
      const kept = JSON.parse(storage?.getItem(KEY) ?? '{}') as Partial<Kept>;
      this.resize('places', Number(kept.places ?? LIMITS.places.initial));
      this.resize('list', Number(kept.list ?? LIMITS.list.initial));
      this.hidden = (kept.hidden ?? []).filter((pane) => pane in LIMITS);
      this.closedFolders = (kept.closedFolders ?? []).filter(Number.isInteger);
      this.hideRead = kept.hideRead === true;
    } catch {
      // Damaged values are replaced by the defaults.
    }
  }

  resize(pane: Pane, width: number): void {
    const { min, max, initial } = LIMITS[pane];
    this.widths[pane] = Number.isFinite(width)
      ? Math.round(Math.min(max, Math.max(min, width)))
      : initial;
  }

  toggle(pane: Pane): void {
    if (pane === 'places' && this.fold !== 'three') {
      this.drawer = !this.drawer;
      return;
    }
    this.hidden = this.hidden.includes(pane)
      ? this.hidden.filter((other) => other !== pane)
      : [...this.hidden, pane];
    this.keep();
  }

  toggleFolder(id: number): void {
    this.closedFolders = this.closedFolders.includes(id)
      ? this.closedFolders.filter((other) => other !== id)
      : [...this.closedFolders, id];
    this.keep();
  }

  closeFolders(ids: readonly number[]): void {
    this.closedFolders = ids;
    this.keep();
  }

  toggleHideRead(): void {
    this.hideRead = !this.hideRead;
    this.keep();
  }

  keep(): void {
    const kept: Kept = {
      ...this.widths,
      hidden: this.hidden,
      closedFolders: [...this.closedFolders],
      hideRead: this.hideRead,
    };
    this.#storage?.setItem(KEY, JSON.stringify(kept));
  }
}
