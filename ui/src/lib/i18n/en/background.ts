// English: running in the background, and notifications.

import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const background = {
  'background.title': 'Background and notifications',
  'background.keepRunning': 'Keep running when the window is closed',
  'background.keepRunningHint': 'Warta stays in the tray and goes on syncing. Where there is no tray, closing the window quits.',
  'background.atLogin': 'Start at login',
  'background.atLoginHint': 'In the tray, without a window.',
  'background.badge': 'Number of unread articles at the icon',
  'background.badgeHint': 'In the Dock or taskbar, where the system can show it.',
  'background.notify': 'Notifications',
  'background.notifyHint': 'For stories you follow and rules that ask for it. What one sync brings is one notification.',
  'background.quiet': 'Quiet hours',
  'background.quietHint': 'No notifications in this time. Afterwards one says how many there were.',
  'background.quietFrom': 'From',
  'background.quietTo': 'To',
  'background.kept': 'Warta went on running in the tray. Quit it from its icon there, or switch this off in Settings.',
} satisfies Record<string, Message>;
