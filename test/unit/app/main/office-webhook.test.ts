import { describe, expect, it } from 'vitest';
import { type WebhookQuestion, webhookSetter } from '../../../../app/main/office-webhook.ts';
import type { Outcome } from '../../../../app/shared/bridge.ts';
import type { WebhookChange } from '../../../../app/shared/office-admin.ts';

const done: Outcome = { ok: true, value: undefined };

function setter(agrees: boolean | (() => Promise<boolean>), answer: Outcome = done) {
  const shown: WebhookQuestion[] = [];
  const set: WebhookChange[] = [];
  const ask = webhookSetter(
    {
      setWebhook: async (wanted) => {
        set.push(wanted);
        return answer;
      },
    },
    async (question) => {
      shown.push(question);
      return typeof agrees === 'boolean' ? agrees : agrees();
    },
  );
  return { ask: ask as (args: unknown) => Promise<Outcome<boolean>>, shown, set };
}

describe('who is told of calls', () => {
  it('is shown to the person before the exchange hears of it, and is exactly what was shown', async () => {
    const { ask, shown, set } = setter(true);
    const url = ' https://CRM.office.example:8443\\calls ';
    expect(await ask({ url, secret: '0123456789abcdef' })).toEqual({ ok: true, value: true });
    const href = 'https://crm.office.example:8443/calls';
    expect(shown).toEqual([{ host: 'crm.office.example:8443', url: href, isProtected: true }]);
    expect(set).toEqual([{ url: href, secret: '0123456789abcdef' }]);
  });

  it('is not changed where the person does not agree', async () => {
    const { ask, set } = setter(false);
    expect(await ask({ url: 'https://evil.example/' })).toEqual({ ok: true, value: false });
    expect(await ask({ secret: '0123456789abcdef' })).toEqual({ ok: true, value: false });
    expect(set).toEqual([]);
  });

  it('is told nothing any more without a question', async () => {
    const { ask, shown, set } = setter(false);
    expect(await ask({ url: '' })).toEqual({ ok: true, value: true });
    expect([shown, set]).toEqual([[], [{ url: '' }]]);
  });

  it('is asked for too where the secret alone becomes another, and where the way is not protected that is said', async () => {
    const { ask, shown } = setter(true);
    await ask({ secret: '' });
    await ask({ url: 'http://127.0.0.1:8080/calls' });
    expect(shown).toEqual([
      { isProtected: true },
      { host: '127.0.0.1:8080', url: 'http://127.0.0.1:8080/calls', isProtected: false },
    ]);
  });

  it.each([
    [{ url: 'ftp://crm.office.example/' }],
    [{ url: 'https://crm.office.example@evil.example/' }],
    [{ url: 'https://:word@evil.example/' }],
    [{ url: 'crm.office.example' }],
    [{ url: `https://${'a.'.repeat(127)}example/` }],
    [{ url: `https://crm.example/${'a'.repeat(2_048)}` }],
    [{ url: { href: 'https://crm.office.example' } }],
    [{ secret: 'x'.repeat(257) }],
    [{ url: 'https://crm.office.example', more: 1 }],
    [{}],
    ['off'],
    [null],
  ])('%j is refused unasked', async (args) => {
    const { ask, shown, set } = setter(true);
    expect(await ask(args)).toEqual({ ok: false, reason: expect.stringMatching(/\.$/) });
    expect([shown, set]).toEqual([[], []]);
  });

  it('is asked one at a time', async () => {
    let agree: (yes: boolean) => void = () => {};
    const { ask, shown, set } = setter(
      () =>
        new Promise((resolve) => {
          agree = resolve;
        }),
    );
    const first = ask({ url: 'https://crm.office.example/' });
    expect(await ask({ url: 'https://evil.example/' })).toMatchObject({ ok: false });
    agree(true);
    expect(await first).toEqual({ ok: true, value: true });
    expect(shown).toHaveLength(1);
    expect(set).toEqual([{ url: 'https://crm.office.example/' }]);
  });

  it('stays as it is, with the reason, where the exchange refuses', async () => {
    const refusal: Outcome = { ok: false, reason: 'A secret has 16 to 256 characters.' };
    expect(await setter(true, refusal).ask({ url: 'https://a.example', secret: 'short' })).toEqual(refusal);
  });
});
