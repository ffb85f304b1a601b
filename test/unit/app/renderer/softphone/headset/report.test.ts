/** Reports of headsets, read by the descriptions that come with them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type HidCollection,
  HOOK,
  LED_MUTE,
  LED_OFF_HOOK,
  LED_RING,
  PHONE_MUTE,
} from '../../../../../../app/renderer/softphone/headset/hid.ts';
import { layoutsOf, reportOf, usagesOn } from '../../../../../../app/renderer/softphone/headset/report.ts';
import { callCollections } from '../../../../../support/window/fake-hid.ts';

const view = (...bytes: number[]) => new DataView(Uint8Array.from(bytes).buffer);
const read = (collections: readonly HidCollection[], id: number, ...bytes: number[]) => {
  const layout = layoutsOf(collections, 'inputReports').get(id);
  return layout === undefined ? undefined : [...usagesOn(layout, view(...bytes))];
};

it.each([
  [[0b000], []],
  [[0b001], [HOOK]],
  [[0b010], [PHONE_MUTE]],
  [[0b111], [HOOK, PHONE_MUTE, 0x0b0026]],
  [[0b11111000], []],
  [[], []],
])('switches: %j', (bytes, usages) => {
  expect(read(callCollections, 1, ...bytes)).toEqual(usages);
});

it.each([
  [[1], [0x0c00e9]],
  [[2], [0x0c00ea]],
  [[0], []],
  [[3], []],
  [[255], []],
])('an array names what is on: %j', (bytes, usages) => {
  expect(read(callCollections, 2, ...bytes)).toEqual(usages);
});

it('fields stand across bytes, and lower bits come first', () => {
  const collections = [
    {
      inputReports: [
        {
          items: [
            { usages: [], reportSize: 7, reportCount: 1 },
            { usages: [HOOK, PHONE_MUTE], reportSize: 3, reportCount: 2 },
          ],
        },
      ],
    },
  ];
  expect(read(collections, 0, 0x80, 0)).toEqual([HOOK]);
  expect(read(collections, 0, 0x7f, 0b0000_0100)).toEqual([PHONE_MUTE]);
});

describe('what stands in a collection within', () => {
  const hook = { reportId: 1, items: [{ usages: [HOOK], reportSize: 1, reportCount: 1 }] };
  const mute = { reportId: 1, items: [{ usages: [PHONE_MUTE], reportSize: 1, reportCount: 1 }] };
  it('is read after the outer one, where it is listed there alone', () => {
    expect(read([{ inputReports: [hook], children: [{ inputReports: [mute] }] }], 1, 0b10)).toEqual([PHONE_MUTE]);
  });
  it('counts once where both list it', () => {
    const both = { reportId: 1, items: [...hook.items, ...mute.items] };
    expect(read([{ inputReports: [both], children: [{ inputReports: [mute] }] }], 1, 0b10)).toEqual([PHONE_MUTE]);
    expect(
      layoutsOf([{ inputReports: [both], children: [{ inputReports: [mute] }] }], 'inputReports').get(1)?.fields,
    ).toHaveLength(2);
  });
});

it('lamps are written where the device has them, and nothing else is', () => {
  const layout = layoutsOf(callCollections, 'outputReports').get(3);
  if (!layout) throw new Error('no lamps');
  expect([...reportOf(layout, new Set([LED_RING, LED_OFF_HOOK]))]).toEqual([0b110]);
  expect([...reportOf(layout, new Set([LED_MUTE]))]).toEqual([0b001]);
  expect([...reportOf(layout, new Set([0x0b0020]))]).toEqual([0]);
});

it('whatever a device describes and sends, reading ends and gives usages that it described', () => {
  const item = fc.record(
    {
      usages: fc.array(fc.nat(0xffffffff), { maxLength: 4 }),
      isRange: fc.boolean(),
      usageMinimum: fc.nat(0xffffffff),
      usageMaximum: fc.nat(0xffffffff),
      reportSize: fc.oneof(fc.nat(40), fc.constantFrom(-1, Number.NaN, 4e9)),
      reportCount: fc.oneof(fc.nat(40), fc.constantFrom(-1, 4e9)),
      isArray: fc.boolean(),
      logicalMinimum: fc.integer(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(item, { maxLength: 6 }), fc.uint8Array({ maxLength: 64 }), (items, bytes) => {
      for (const layout of layoutsOf([{ inputReports: [{ reportId: 1, items }] }], 'inputReports').values()) {
        const known = layout.fields.flatMap(({ usages }) => usages);
        for (const usage of usagesOn(layout, view(...bytes))) expect(known).toContain(usage);
        expect(reportOf(layout, new Set(known)).length).toBe(layout.bytes);
      }
    }),
    { numRuns: 500 },
  );
});
