import { expect, test } from 'vitest';
import { pipeline, runPipeline } from '../../../../proxy-core/server/pipeline.ts';
import { RequestContext } from '../../../../proxy-core/server/request-context.ts';
import { answer, type Outcome, type Step } from '../../../../proxy-core/server/step.ts';
import { DOMAIN, Incoming, source, TestExchange } from '../../../support/exchange-parts.ts';
import { until } from '../../../support/until.ts';

function run(...steps: (() => Outcome | Promise<Outcome>)[]): { incoming: Incoming; exchange: TestExchange } {
  const exchange = new TestExchange();
  const incoming = new Incoming(exchange.request('INVITE', `sip:1001@${DOMAIN}`), source);
  const named = steps.map((run, index): Step => ({ name: `step ${index}`, run }));
  runPipeline(new RequestContext(exchange.parts, incoming), named);
  return { incoming, exchange };
}

test('the steps and their order', () => {
  expect(pipeline.map(({ name }) => name)).toEqual([
    'scanners',
    'sanity',
    'cancel',
    'routes',
    'limits',
    'options',
    'join',
    'authenticate',
    'quality',
    'service-code',
    'calls',
    'register',
    'events',
    'office-route',
    'message',
    'divert',
    'locate',
    'secure',
    'redirect',
    'forward',
  ]);
});

test('the first answer ends it', () => {
  const { incoming } = run(
    () => 'continue',
    () => answer(486, 'Not Now'),
    () => answer(200),
  );
  expect(incoming.responses.map(({ status, reason }) => [status, reason])).toEqual([[486, 'Not Now']]);
  expect(incoming.last.to.tag).toBeDefined();
});

test('a step that waits is waited for, and the next has its turn', async () => {
  const { incoming, exchange } = run(
    () => Promise.resolve('continue' as const),
    () => answer(480),
  );
  expect(exchange.parts.openWork.count).toBe(1);
  await exchange.parts.openWork.idle();
  expect(incoming.statuses).toEqual([480]);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('a fault');
    },
  ],
  ['rejects', () => Promise.reject(new Error('a fault'))],
])('a step that %s is a 500 and a line in the log', async (_what, step: () => Promise<Outcome>) => {
  const { incoming, exchange } = run(step);
  await until('an answer', () => incoming.responses.length > 0);
  expect(incoming.statuses).toEqual([500]);
  expect(exchange.faults).toHaveLength(1);
});

test('a request that ended while a step waited goes no further', async () => {
  let settle: (outcome: Outcome) => void = () => undefined;
  let reached = false;
  const { incoming, exchange } = run(
    () =>
      new Promise<Outcome>((resolve) => {
        settle = resolve;
      }),
    () => {
      reached = true;
      return 'taken';
    },
  );
  const { buildResponse } = await import('../../../../proxy-core/sip/message/build.ts');
  incoming.respond(buildResponse(incoming.request, 487));
  settle('continue');
  await exchange.parts.openWork.idle();
  expect(reached).toBe(false);
});

test('an answer that cannot be built after a wait is a 500 and a line in the log', async () => {
  const { incoming, exchange } = run(() => Promise.resolve(answer(403, 'two\r\nlines')));
  await exchange.parts.openWork.idle();
  expect(incoming.statuses).toEqual([500]);
  expect(exchange.faults).toHaveLength(1);
});
