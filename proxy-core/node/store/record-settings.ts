/** How long call records are kept, and who is told of each: kept in the store, answered from memory. */
import type { RecordLimits } from './call-records.ts';
import { SettingTable } from './setting-table.ts';
import { changeRows, type Database } from './sqlite.ts';

export interface WebhookTarget {
  /** `http:` or `https:`; undefined where nobody is told. */
  readonly url: string | undefined;
  /** What deliveries are signed with; empty for none. */
  readonly secret: string;
}

const USUAL: RecordLimits = { days: 365, count: 200_000 };

export class RecordSettings {
  readonly #db: Database;
  readonly #table: SettingTable;
  #limits: RecordLimits;
  #webhook: WebhookTarget;

  constructor(db: Database) {
    this.#db = db;
    this.#table = new SettingTable(db);
    [this.#limits, this.#webhook] = [this.#storedLimits(), this.#storedWebhook()];
  }

  /** Has memory follow the rows, whoever wrote them. */
  reload(): void {
    [this.#limits, this.#webhook] = [this.#storedLimits(), this.#storedWebhook()];
  }

  #storedLimits(): RecordLimits {
    const number = (key: string, usual: number): number => Number(this.#table.get(key) ?? usual);
    return { days: number('records.days', USUAL.days), count: number('records.count', USUAL.count) };
  }

  #storedWebhook(): WebhookTarget {
    return { url: this.#table.get('webhook.url'), secret: this.#table.get('webhook.secret') ?? '' };
  }

  get limits(): RecordLimits {
    return this.#limits;
  }

  set limits(limits: RecordLimits) {
    changeRows(this.#db, () => {
      this.#table.set('records.days', String(limits.days));
      this.#table.set('records.count', String(limits.count));
    });
    this.#limits = limits;
  }

  get webhook(): WebhookTarget {
    return this.#webhook;
  }

  set webhook(target: WebhookTarget) {
    changeRows(this.#db, () => {
      this.#table.set('webhook.url', target.url);
      this.#table.set('webhook.secret', target.secret === '' ? undefined : target.secret);
    });
    this.#webhook = target;
  }
}
