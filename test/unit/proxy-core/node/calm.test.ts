import { expect, test } from 'vitest';
import { calm } from '../../../../proxy-core/node/calm.ts';
import { until } from '../../../support/until.ts';
import { dial, open } from './transport/opened.ts';

test('a flood is told of in a few sentences and a number', () => {
  const told: string[] = [];
  let now = 0;
  const tell = calm(
    (sentence) => void told.push(sentence),
    () => now,
  );
  for (let i = 0; i < 1000; i++) tell(`${i}`);
  expect(told).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`));
  now = 9_999;
  tell('still');
  now = 10_000;
  tell('later');
  tell('again');
  expect(told.slice(20)).toEqual(['981 more of that kind were not written down.', 'later', 'again']);
});

test('connections full of nonsense do not fill the log', async () => {
  const a = await open(['tcp://127.0.0.1:0']);
  for (let i = 0; i < 40; i++) (await dial(a.hop())).end('no SIP at all\r\n\r\n');
  await until('all have ended', () => a.closed.length === 40);
  expect(a.log).toHaveLength(20);
});
