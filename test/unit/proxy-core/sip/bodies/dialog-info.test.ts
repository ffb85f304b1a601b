import { describe, expect, it } from 'vitest';
import { dialogInfoXml, dialogXml } from '../../../../../proxy-core/server/events/lamps/dialog-info.ts';
import { readDialogInfo } from '../../../../../proxy-core/sip/bodies/dialog-info.ts';
import { readXml } from '../../../../../proxy-core/sip/bodies/read-xml.ts';

const read = (text: string) => readDialogInfo(text, readXml);
const info = (dialogs: string, attributes = 'version="3" state="full"') =>
  `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" ${attributes} entity="sip:a@x">${dialogs}</dialog-info>`;

describe('a dialog document', () => {
  it('of our exchange is read as it was written', () => {
    const view = {
      ...{ id: 'd1', callId: 'c&1', localTag: 'l', remoteTag: 'r', event: undefined },
      ...{ direction: 'recipient' as const, state: 'early' as const },
      remote: { number: '1003', domain: 'office.example', name: 'Zoë <Z>' },
    };
    const text = dialogInfoXml('sip:1002@office.example', 7, false, dialogXml(view, 'sip:1002@office.example', true));
    const uri = 'sip:1003@office.example';
    expect(read(text)).toEqual({
      ok: true,
      value: {
        ...{ version: 7, isFull: false },
        dialogs: [
          {
            ...{ id: 'd1', callId: 'c&1', localTag: 'l', remoteTag: 'r', direction: 'recipient', state: 'early' },
            remote: { name: 'Zoë <Z>', uri, target: uri },
          },
        ],
      },
    });
  });

  it('may tell next to nothing', () => {
    expect(read(info('<dialog id="1"><state> confirmed </state></dialog>', ''))).toEqual({
      ok: true,
      value: {
        ...{ version: 0, isFull: true },
        dialogs: [
          {
            ...{ id: '1', callId: '', localTag: '', remoteTag: '', direction: undefined, state: 'confirmed' },
            remote: { name: '', uri: '', target: '' },
          },
        ],
      },
    });
  });

  it('is read without what says nothing', () => {
    const odd =
      '<dialog id="1"/><dialog id="2"><state>dancing</state></dialog><dialog><state>early</state></dialog><note/>';
    expect(read(info(odd))).toMatchObject({ ok: true, value: { dialogs: [] } });
  });

  it.each([
    ['hello', 'not well-formed XML'],
    ['<dialog-info version="1"/>', 'not a dialog document'],
    [info('<dialog id="1"><state>early</state></dialog>'.repeat(65)), 'too many dialogs'],
  ])('is refused: %.20s', (text, reason) => {
    expect(read(text)).toEqual({ ok: false, reason });
  });
});
