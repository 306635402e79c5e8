// A sync's progress and result.

import type { Event, SyncProgress, SyncReport } from '../backend';
import { t } from '../i18n/i18n.svelte';

export class SyncState {
  progress = $state<SyncProgress | null>(null);
  report = $state<SyncReport | null>(null);
  /** When a sync last reached at least one site. */
  finishedAt = $state<number | null>(null);
  readonly running = $derived(this.progress !== null);

  handleEvent(event: Event, now: number): void {
    if (event.type === 'syncProgress') {
      this.progress = event.progress;
    } else if (event.type === 'syncFinished') {
      this.progress = null;
      this.report = event.report;
      if (!this.reachedNoSite) this.finishedAt = now;
    }
  }

  get reachedNoSite(): boolean {
    return this.report !== null && (this.report.offline || this.report.portal);
  }

  /** "12 artikel baru". What failed is said by the sidebar's link to the activity, once. */
  readonly result = $derived.by(() => {
    const report = this.report;
    if (!report) return '';
    if (report.portal) return t('sync.portal');
    if (report.offline) return t('sync.offline');
    let result = report.new > 0 ? t('count.newArticles', { count: report.new }) : t('sync.nothing');
    if (report.leftForLater > 0) {
      const left = t('sync.leftForLater', { count: report.leftForLater });
      result = t('sync.doneFailed', { result, failed: left });
    }
    return report.stopped ? t('sync.stopped', { result }) : result;
  });
}
