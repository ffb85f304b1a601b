/** Messages as people read them, secrets masked. */
import { toText } from '../../sip/grammar/text.ts';
import { type MaskOptions, masked } from './mask.ts';
import type { ReadMessage } from './reading.ts';

/** The bytes of one message as text, with line feeds alone. */
export const shownWire = ({ entry }: ReadMessage, options: MaskOptions = {}): string =>
  toText(masked(entry.wire, options)).replace(/\r\n/g, '\n');
