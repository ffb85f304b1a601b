/** The window and a real baresip call each other through our exchange, in every codec, with the sound measured. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { until } from '../support/until.ts';

let exchange: ExchangeProcess;
let phone: PhoneWindow;

beforeAll(async () => {
  exchange = await ExchangeProcess.start({ users: { 1001: 'window-pass', 1002: 'bare-pass' } });
  phone = await PhoneWindow.open();
  await phone.register({ number: '1001', password: 'window-pass', server: exchange.server });
});

afterAll(async () => {
  await phone?.close();
  await exchange?.close();
});

const withBaresip = async (
  codec: string,
  answer: 'auto' | 'manual',
  use: (peer: Baresip) => Promise<void>,
  srtp?: 'sdes' | 'dtls',
) => {
  const aor = `sip:1002@${exchange.server}`;
  const peer = await Baresip.start({ aor, password: 'bare-pass', codecs: [codec], answer, srtp });
  try {
    await use(peer);
  } finally {
    await peer.close();
  }
};

describe.each([
  ['opus/48000/2', 'audio/opus'],
  ['G722/16000/1', 'audio/G722'],
  ['PCMU/8000/1', 'audio/PCMU'],
  ['PCMA/8000/1', 'audio/PCMA'],
])('in %s', (codec, mimeType) => {
  test('the window calls: sound both ways, nothing lost, DTMF heard, hung up from here', async () => {
    await withBaresip(codec, 'auto', async (peer) => {
      await phone.call('1002');
      await phone.lineShows(/in a call/i);
      const heard = await phone.hears(100);
      expect(heard.codec.toLowerCase()).toBe(mimeType.toLowerCase());
      expect(heard.lost).toBe(0);
      await until('baresip to hear the window', () => peer.heardLevel() > 100);
      await phone.press('Keypad');
      for (const digit of ['1', '5', '9']) await phone.press(digit);
      await until('three digits at baresip', () => peer.digits === '159').catch((error) => {
        throw new Error(`${error.message}: got "${peer.digits}"`);
      });
      await phone.press('Hang up');
      await phone.lineShows(/idle|call ended/i);
      await peer.waitFor('CALL_CLOSED');
    });
  });

  test('the window is called: it answers, hears, is heard, and the other side hangs up', async () => {
    await withBaresip(codec, 'auto', async (peer) => {
      peer.dial(`sip:1001@${exchange.server}`);
      await phone.lineShows(/incoming call from/i);
      await phone.press('Answer');
      await phone.lineShows(/in a call/i);
      const heard = await phone.hears(100);
      expect(heard.lost).toBe(0);
      await until('baresip to hear the window', () => peer.heardLevel() > 100);
      peer.hangUp();
      await phone.lineShows(/idle|call ended/i);
    });
  });
});

test('muted, the window sends silence; unmuted, it is heard again', async () => {
  await withBaresip('PCMU/8000/1', 'auto', async (peer) => {
    await phone.call('1002');
    await phone.lineShows(/in a call/i);
    await until('baresip to hear the window', () => peer.heardLevel() > 100);
    await phone.press('Mute');
    await until('a second of silence', () => peer.heardLevel() < 10);
    await phone.page.getByRole('button', { name: /^(Mute|Unmute)$/ }).click();
    await until('baresip to hear the window again', () => peer.heardLevel() > 100);
    await phone.press('Hang up');
    await peer.waitFor('CALL_CLOSED');
  });
});

test('declined here, the caller is told; declined there, the person is told why', async () => {
  await withBaresip('PCMU/8000/1', 'manual', async (peer) => {
    peer.dial(`sip:1001@${exchange.server}`);
    await phone.lineShows(/incoming call from/i);
    await phone.press('Decline');
    await peer.waitFor('CALL_CLOSED');
    await phone.call('1002');
    await phone.lineShows(/ringing/i);
    await peer.waitFor('CALL_INCOMING');
    peer.hangUp();
    await phone.lineShows(/call ended: .*(busy|declined|refused)/i);
  });
});

test.each(['sdes', 'dtls'] as const)(
  'called by a baresip that takes nothing but SRTP by %s: sound both ways, and the window says that it is protected',
  async (srtp) => {
    const caller = async (peer: Baresip) => {
      peer.dial(`sip:1001@${exchange.server}`);
      await phone.lineShows(/incoming call from/i);
      await phone.press('Answer');
      await phone.lineShows(/in a call/i);
      expect((await phone.hears(100)).lost).toBe(0);
      await until('baresip to hear the window', () => peer.heardLevel() > 100);
      await phone.page.getByText('Protected').waitFor();
      peer.hangUp();
      await phone.lineShows(/idle|call ended/i);
    };
    await withBaresip('opus/48000/2', 'auto', caller, srtp);
  },
);

test('where no call may go unprotected: a plain phone is not called, one that takes SRTP is', async () => {
  const protect = async (words: string): Promise<void> => {
    await phone.press('Account menu');
    await phone.page.getByRole('menuitem', { name: 'Calls…' }).click();
    await phone.page.getByLabel('Protect sound (SRTP)').selectOption({ label: words });
    await phone.page.keyboard.press('Escape');
  };
  await protect('Always: no call without');
  try {
    await withBaresip('PCMU/8000/1', 'auto', async () => {
      await phone.call('1002');
      await phone.lineShows(/call ended: /i);
    });
    const answered = async (peer: Baresip) => {
      await phone.call('1002');
      await phone.lineShows(/in a call/i);
      await until('baresip to hear the window', () => peer.heardLevel() > 100);
      await phone.page.getByText('Protected').waitFor();
      await phone.press('Hang up');
      await peer.waitFor('CALL_CLOSED');
    };
    await withBaresip('PCMU/8000/1', 'auto', answered, 'sdes');
  } finally {
    await protect('When the other side offers it');
  }
});

test('calls that are over are listed, with how they sounded and a way to call again', async () => {
  const { page } = phone;
  await page.getByRole('link', { name: 'Recent' }).click();
  const list = page.getByRole('list', { name: 'Recent calls' });
  await list.getByText(/^Declined · /).waitFor();
  const talked = list.getByRole('listitem').filter({ hasText: /Called · / });
  await talked
    .first()
    .getByRole('button', { name: /^More for the call/ })
    .click();
  await page.getByRole('menuitem', { name: 'How it sounded…' }).click();
  await page.getByRole('dialog', { name: 'Sound of this call' }).getByText('Lost on the way').waitFor();
  await page.keyboard.press('Escape');
  await withBaresip('PCMU/8000/1', 'auto', async (peer) => {
    await list
      .getByRole('button', { name: /again$/ })
      .first()
      .click();
    await phone.lineShows(/in a call/i);
    peer.hangUp();
    await phone.lineShows(/idle|call ended/i);
  });
});
