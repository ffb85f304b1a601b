/** What went between phones and the exchange, in words, and whose it is by what somebody types. */
import { t } from '@lingui/core/macro';
import type { OfficeParams } from './office-types.ts';

/** What an exchange of messages that began with such a request is about; the method itself where that has no words. */
export function trafficWords(method: string): string {
  switch (method) {
    case '':
      return t`Answers alone`;
    case 'INVITE':
      return t`Call`;
    case 'REGISTER':
      return t`Registration`;
    case 'MESSAGE':
      return t`Text message`;
    case 'SUBSCRIBE':
    case 'NOTIFY':
      return t`Lamp`;
    case 'PUBLISH':
      return t`State of a phone`;
    case 'OPTIONS':
      return t`Sign of life`;
    default:
      return method;
  }
}

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$|:/;

/** An address looks like one; what is left is a number, alone or with its domain. */
export function trafficFilter(typed: string): OfficeParams<'trace.list'> {
  const text = typed.trim();
  if (text === '') return {};
  if (ADDRESS.test(text)) return { address: text };
  const at = text.lastIndexOf('@');
  return at < 0 ? { user: text } : { user: text.slice(0, at), domain: text.slice(at + 1).toLowerCase() };
}
