import { createContext } from 'svelte';

import type { Backend, Usage } from '../backend';

/** Shared by the sections of one settings dialog. */
export const [getDiskUsage, setDiskUsage] = createContext<DiskUsage>();

/** How much disk space is used; `null` until measured. */
export class DiskUsage {
  readonly #backend: Backend;
  current = $state.raw<Usage | null>(null);

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async measure(): Promise<void> {
    try {
      this.current = await this.#backend.usage();
    } catch {
      // On failure, the figures are not shown; the settings do not depend on them.
    }
  }
}
