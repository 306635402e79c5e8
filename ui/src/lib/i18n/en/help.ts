// English: help, diagnostics, and files dropped on the window.

import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const help = {
  'help.title': 'Help',
  'help.copyDiagnostics': 'Copy diagnostics',
  'help.diagnosticsHint': 'For reporting a problem: versions, sizes, counts and the end of the log. No addresses, no titles.',
  'help.diagnosticsCopied': 'Copied. This is what the clipboard contains:',
  'help.diagnosticsText': 'Copied diagnostics',
  'help.softwareRendering': 'The page crashed twice, so Warta started again without using the graphics processor. The next start uses it again; start with “--software-rendering” to keep it off.',
  'failure.portableReadOnly': 'Warta is in portable mode (portable.txt is beside the program), but its folder can’t be written to. Move Warta to a folder you can write to, or remove portable.txt.',
  'drop.title': 'Drop an OPML file to subscribe to its feeds',
  'drop.notOpml': '“{name}” is not an OPML file. Files of other readers are imported in Settings, under “{section}”.',
} satisfies Record<string, Message>;
