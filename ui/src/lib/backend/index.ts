// Chooses the backend: the engine in the app, sample data in a browser during development.

import type { Backend } from './backend';
import { DEFAULT_SETTINGS as generated, type Settings } from './bindings';
import { tauriBackend } from './tauri';

export { asFailure, type Backend } from './backend';
export type * from './bindings';

/** The engine's defaults, generated from Rust. */
export const DEFAULT_SETTINGS: Settings = generated;

export async function connect(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in window) {
    return tauriBackend;
  }
  if (import.meta.env.DEV) {
    const { sampleBackend } = await import('./sample');
    return sampleBackend(new URLSearchParams(location.search));
  }
  throw new Error('The engine is missing: Warta runs as a desktop app.');
}
