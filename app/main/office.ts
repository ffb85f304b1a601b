/** The office hosted on this computer: its exchange is started, watched, brought back and stopped, and asked for the page. */
import type { BridgeSchema, OfficeState, Outcome } from '../shared/bridge.ts';
import type { WebhookChange } from '../shared/office-admin.ts';
import type { Client, Handlers } from '../shared/schema.ts';
import type { ExchangeServiceSchema } from '../shared/services.ts';
import { type Child, createSupervisor, type SupervisorPorts } from './supervisor.ts';

/** The exchange's process as the office sees it. */
export interface Exchange extends Child {
  readonly client: Client<ExchangeServiceSchema>;
}

export interface OfficeOptions extends Pick<SupervisorPorts<Exchange>, 'after' | 'now'> {
  readonly fork: () => Exchange;
  readonly dataDir: string;
  readonly loopback: boolean;
  readonly changed: (state: OfficeState) => void;
}

export interface Office {
  readonly state: OfficeState;
  start(): Promise<Outcome>;
  stop(): Promise<Outcome>;
  /** The exchange's administration, for the page. */
  readonly admin: Pick<Handlers<BridgeSchema>['office'], 'ask' | 'watch' | 'next' | 'unwatch' | 'importUsers'>;
  /** All users as CSV, with the hashes of their passwords: not for the page. */
  exportUsers(): Promise<Outcome<{ readonly csv: string; readonly count: number }>>;
  /** Says who is told of each call, without asking anybody. */
  setWebhook(wanted: WebhookChange): Promise<Outcome>;
  /** The page is another one: what the one before watched is watched no longer. */
  forgetPage(): void;
}

/** How long an exchange may take to drain its transactions and close its store. */
const STOP_MS = 6_000;
/** So often in a row an exchange may end without having run before it is given up. */
const MAX_FAILED_STARTS = 5;

const NOT_ON = 'The office is not on.';

export function createOffice(options: OfficeOptions): Office {
  let state: OfficeState = { state: 'off' };
  let failedStarts = 0;
  /** Those who asked for the start under way. */
  let waiting: ((outcome: Outcome) => void)[] = [];
  let stopping: Promise<void> = Promise.resolve();

  const settle = (outcome: Outcome): void => {
    const told = waiting;
    waiting = [];
    for (const tell of told) tell(outcome);
  };

  const become = (next: OfficeState): void => {
    state = next;
    options.changed(next);
  };

  const fail = (reason: string): void => {
    become({ state: 'failed', reason });
    settle({ ok: false, reason });
    void supervisor.stop(async () => {}, 0);
  };

  const open = async (exchange: Exchange): Promise<void> => {
    try {
      const { dataDir, loopback } = options;
      const opened = await exchange.client.office.start({ dataDir, loopback });
      if (supervisor.current !== exchange || state.state !== 'starting') return;
      if (!opened.ok) return fail(opened.reason);
      failedStarts = 0;
      become({ state: 'on', ...opened.value });
      settle({ ok: true, value: undefined });
    } catch {
      // The process ended while it was starting, for what it refuses comes as an outcome: the supervisor decides what is next.
    }
  };

  const supervisor = createSupervisor<Exchange>({
    fork: options.fork,
    up: (exchange) => void open(exchange),
    down() {
      failedStarts += 1;
      if (failedStarts > MAX_FAILED_STARTS) fail('The exchange ended again and again while starting.');
      else become({ state: 'starting' });
    },
    after: options.after,
    now: options.now,
  });

  /** Asks the running exchange; whatever goes wrong is a sentence. */
  const ask = async <T>(
    question: (client: Client<ExchangeServiceSchema>) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> => {
    const exchange = supervisor.current;
    if (!exchange || state.state !== 'on') return { ok: false, reason: NOT_ON };
    try {
      return await question(exchange.client);
    } catch (error) {
      return { ok: false, reason: `The exchange did not do that: ${(error as Error).message}.` };
    }
  };

  return {
    get state() {
      return state;
    },
    async start() {
      await stopping;
      if (state.state === 'on') return { ok: true, value: undefined };
      const outcome = new Promise<Outcome>((resolve) => waiting.push(resolve));
      if (state.state !== 'starting') {
        failedStarts = 0;
        become({ state: 'starting' });
        supervisor.start();
      }
      return outcome;
    },
    async stop() {
      settle({ ok: false, reason: 'The office was switched off while it was starting.' });
      stopping = supervisor.stop((exchange) => exchange.client.office.stop(), STOP_MS);
      await stopping;
      if (state.state !== 'off') become({ state: 'off' });
      return { ok: true, value: undefined };
    },
    admin: {
      ask: (question) => ask((client) => client.office.ask(question)),
      watch: (question) => ask((client) => client.office.watch(question)),
      next: (which) => ask((client) => client.office.next(which)),
      unwatch: (which) => ask((client) => client.office.unwatch(which)),
      importUsers: (file) => ask((client) => client.office.importUsers(file)),
    },
    exportUsers: () => ask((client) => client.office.exportUsers()),
    setWebhook: (wanted) => ask((client) => client.office.setWebhook(wanted)),
    forgetPage() {
      // An exchange that is gone has forgotten it.
      supervisor.current?.client.office.forgetPage().catch(() => {});
    },
  };
}
