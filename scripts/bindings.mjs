// npm run bindings: writes ui/src/lib/backend/bindings.ts (commands, events, types, default settings)
// from the Rust types. Run it after changing a command or a type that crosses to the UI.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cargoFeatures, must, root, runMain } from './lib.mjs';

await runMain(async () => {
  // The app embeds the built UI. It compiles without one, but the folder has to exist.
  const dist = join(root, 'ui', 'dist');
  if (!existsSync(dist)) mkdirSync(dist);
  const test = ['--lib', 'the_generated_types_are_current'];
  await must('cargo', ['test', '--locked', '--workspace', ...cargoFeatures, ...test], {
    env: { ...process.env, WARTA_WRITE_BINDINGS: '1' },
  });
});
