// Chooses who answers: the engine in the app, invented sample data in a browser during development.

import type { Backend } from './backend';

export { asFailure, type Backend } from './backend';
export { USUAL_SETTINGS } from './usual';
export type * from './types';

export async function connect(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in window) {
    return (await import('./tauri')).tauriBackend;
  }
  if (import.meta.env.DEV) {
    const { sampleBackend } = await import('./sample');
    return sampleBackend(new URLSearchParams(location.search));
  }
  throw new Error('The engine is missing: Warta runs as a desktop app.');
}
