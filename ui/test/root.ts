// The window. Its dialogs are read beforehand: it reads them itself only once its first list is painted or a dialog
// opens, which takes longer than a test waits where nothing is cached.

import '../src/lib/dialogs';

export { default as Root } from '../src/App.svelte';
