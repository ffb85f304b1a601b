import { expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { until } from '../support/until.ts';

// The measuring instrument is itself measured: two strangers call each other, so a silent reading later is ours.
const codecs = ['opus/48000/2', 'G722/16000/1', 'PCMU/8000/1', 'PCMA/8000/1'];

test.each(codecs)('two baresips hear each other and count digits in %s', async (codec) => {
  const callee = await Baresip.start({ aor: 'sip:b@127.0.0.1', register: false, codecs: [codec] });
  const caller = await Baresip.start({ aor: 'sip:a@127.0.0.1', register: false, codecs: [codec] });
  try {
    expect(callee.heardLevel()).toBe(0);
    caller.dial(`sip:b@127.0.0.1:${callee.sipPort}`);
    await caller.waitFor('CALL_ESTABLISHED');
    await until('sound both ways', () => callee.heardLevel() > 1000 && caller.heardLevel() > 1000);
    caller.sendDigits('159');
    await until('three digits', () => callee.digits === '159');
  } finally {
    await caller.close();
    await callee.close();
  }
});
