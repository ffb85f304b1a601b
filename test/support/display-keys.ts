/** Presses keys on an X display as a keyboard does, whichever program has it: the XTEST extension, spoken by hand. */
import { connect } from 'node:net';
import { until } from './until.ts';

const KEYSYMS: Readonly<Record<string, number>> = { Control_L: 0xffe3, Alt_L: 0xffe9, Shift_L: 0xffe1, F9: 0xffc6 };
const KEY_PRESS = 2;
const KEY_RELEASE = 3;

/** Presses them in this order and lets go of them in the other. */
export async function pressOnDisplay(names: readonly string[], display = process.env.DISPLAY ?? ''): Promise<void> {
  const number = /^:(\d+)/.exec(display)?.[1];
  if (number === undefined) throw new Error(`no display of this computer: "${display}"`);
  const socket = connect(`/tmp/.X11-unix/X${number}`);
  let heard = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    heard = Buffer.concat([heard, chunk]);
  });
  const take = async (length: () => number): Promise<Buffer> => {
    await until('the display', () => heard.length >= length());
    const taken = heard.subarray(0, length());
    heard = heard.subarray(length());
    return taken;
  };
  const reply = async (): Promise<Buffer> => {
    for (let passed = 0; passed < 100; passed++) {
      const taken = await take(() => (heard.length < 32 || heard[0] !== 1 ? 32 : 32 + 4 * heard.readUInt32LE(4)));
      if (taken[0] === 0) throw new Error(`the display refuses: error ${taken[1]}`);
      // News of the keyboard comes to everybody.
      if (taken[0] === 1) return taken;
    }
    throw new Error('the display tells news without end');
  };
  try {
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const setup = await take(() => (heard.length < 8 ? 8 : 8 + 4 * heard.readUInt16LE(6)));
    if (setup[0] !== 1) throw new Error('the display takes no connection');
    const [least, most] = [setup[34] ?? 8, setup[35] ?? 255];

    socket.write(Buffer.from([98, 0, 4, 0, 5, 0, 0, 0, ...Buffer.from('XTEST'), 0, 0, 0]));
    const xtest = (await reply())[9] ?? 0;
    socket.write(Buffer.from([101, 0, 2, 0, least, most - least + 1, 0, 0]));
    const map = await reply();
    const each = map[1] ?? 1;
    const codes = names.map((name) => {
      for (let code = least; code <= most; code++)
        if (map.readUInt32LE(32 + 4 * each * (code - least)) === KEYSYMS[name]) return code;
      throw new Error(`no key ${name} on this display`);
    });
    const fake = (type: number, code: number): void => {
      const request = Buffer.alloc(36);
      request.set([xtest, 2, 9, 0, type, code]);
      socket.write(request);
    };
    for (const code of codes) fake(KEY_PRESS, code);
    for (const code of [...codes].reverse()) fake(KEY_RELEASE, code);
    // GetInputFocus: its answer says that all before it was done.
    socket.write(Buffer.from([43, 0, 1, 0]));
    await reply();
  } finally {
    socket.destroy();
  }
}
