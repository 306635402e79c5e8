// Which row of the sidebar Tab reaches; arrow keys move to the others. The tree of feeds is one of the rows:
// it has a tab stop of its own among its rows.

import { createContext } from 'svelte';

export const TREE = 'tree';

export interface TabStop {
  /** The test id of a link, or `TREE`. */
  readonly current: string;
  /** Makes a row the stop, because it has the focus. */
  take: (row: string) => void;
}

export const [tabStop, setTabStop] = createContext<TabStop>();
