// English: help, diagnostics, updates, and files dropped on the window.

import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const help = {
  'help.title': 'Help and updates',
  'help.copyDiagnostics': 'Copy diagnostics',
  'help.diagnosticsHint': 'For reporting a problem: versions, sizes, counts and the end of the log. No addresses, no titles.',
  'help.diagnosticsCopied': 'Copied. This is what the clipboard contains:',
  'help.diagnosticsText': 'Copied diagnostics',
  'help.softwareRendering': 'The page crashed twice, so Warta started again without using the graphics processor. The next start uses it again; start with “--software-rendering” to keep it off.',
  'updates.check': 'Look for updates once a day',
  'updates.checkHint': 'Asks the address of Warta’s releases for a newer version. Nothing is downloaded or installed unasked.',
  'updates.checkNow': 'Look now',
  'updates.never': 'Not looked yet.',
  'updates.current': 'Warta {version} is the newest version. Looked {ago}.',
  'updates.found': 'Warta {version} is available',
  'updates.show': 'Show',
  'updates.notes': 'What is new in Warta {version}',
  'updates.download': 'Download',
  'updates.noPackage': 'This release has no package for this system.',
  'updates.downloaded': 'Downloaded to {path}; its signature is right. Quit Warta and open the file to install it.',
  'updates.off.notConfigured': 'Off: this build has no address for updates.',
  'updates.off.packaged': 'Off: your package manager updates Warta.',
  'updates.off.portable': 'Off in portable mode: replace the program yourself.',
  'updates.off.readOnly': 'Off: the program’s folder can’t be written to.',
  'updates.problem.notReached': 'The address of Warta’s releases could not be reached.',
  'updates.problem.wrongSignature': 'Refused: the list of releases is not signed with Warta’s key.',
  'updates.problem.unreadable': 'The list of releases could not be read.',
  'updates.problem.downgrade': 'Refused: the list of releases is older than one seen before.',
  'failure.updateRefused': 'Refused: the downloaded file is not signed with Warta’s key. Nothing was saved.',
  'failure.portableReadOnly': 'Warta is in portable mode (portable.txt is beside the program), but its folder can’t be written to. Move Warta to a folder you can write to, or remove portable.txt.',
  'drop.title': 'Drop an OPML file to subscribe to its feeds',
  'drop.notOpml': '“{name}” is not an OPML file. Files of other readers are imported in Settings, under “{section}”.',
} satisfies Record<string, Message>;
