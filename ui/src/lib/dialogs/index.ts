// What is shown in front of the window or before it, which the first list does not need.

export { default as FirstRun } from '../firstrun/FirstRun.svelte';
export { default as Dialogs } from './Dialogs.svelte';
