/** A file of contacts, whatever it is: vCards or a table, in whatever letters it was written. */
import { readCsv } from './csv.ts';
import { createReading, type ReadContacts } from './draft.ts';
import { readVCards } from './vcard.ts';

/** A file beyond that is not read. */
export const MAX_CONTACT_FILE = 64_000_000;

/** Of older programs, by language; others wrote like in western Europe. */
const OLD_LETTERS: Readonly<Record<string, string>> = {
  ...{ cs: 'windows-1250', sk: 'windows-1250', pl: 'windows-1250', hu: 'windows-1250', ru: 'windows-1251' },
};

/** @param language of the person, such as `cs` or `cs-CZ`, for files that do not say in which letters they are */
export function readContactFile(bytes: Uint8Array, language: string): ReadContacts {
  if (bytes.length > MAX_CONTACT_FILE) return refused(`It is larger than ${MAX_CONTACT_FILE / 1_000_000} MB.`);
  const text = decoded(bytes, language);
  if (text.includes('\0')) return refused('It is no text: neither vCards nor a table with commas.');
  return /^\s*BEGIN:VCARD/im.test(text.slice(0, 100_000)) ? readVCards(text) : readCsv(text);
}

function refused(why: string): ReadContacts {
  const reading = createReading();
  reading.skip({ place: 'file', at: 1 }, why);
  return reading.done();
}

function decoded(bytes: Uint8Array, language: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(OLD_LETTERS[language.slice(0, 2)] ?? 'windows-1252').decode(bytes);
  }
}
