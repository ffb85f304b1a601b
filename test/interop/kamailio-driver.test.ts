import { expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { Kamailio } from '../support/kamailio.ts';
import { until } from '../support/until.ts';

// As with baresip: the reference exchange of later tests must itself carry a call between strangers.
test('Kamailio registers two baresips with digest and carries their call', async () => {
  const kamailio = await Kamailio.start({ password: 'secret' });
  const phones: Baresip[] = [];
  try {
    for (const user of ['1001', '1002']) {
      phones.push(await Baresip.start({ aor: `sip:${user}@127.0.0.1:${kamailio.port}`, password: 'secret' }));
    }
    const [caller, callee] = phones as [Baresip, Baresip];
    caller.dial(`sip:1002@127.0.0.1:${kamailio.port}`);
    await caller.waitFor('CALL_ESTABLISHED');
    await until('sound both ways', () => callee.heardLevel() > 1000 && caller.heardLevel() > 1000);
    caller.hangUp();
    expect((await callee.waitFor('CALL_CLOSED')).type).toBe('CALL_CLOSED');
  } finally {
    for (const phone of phones) await phone.close();
    await kamailio.close();
  }
});
