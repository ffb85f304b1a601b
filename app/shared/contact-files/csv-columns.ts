/** Guesses what the columns of a table of people mean: exports of Google, Outlook and Thunderbird, and what people type. */
import type { NumberKind } from '../contact.ts';

export type Column =
  | { readonly what: 'name' | 'given' | 'middle' | 'family' | 'company' | 'email' | 'note' | 'sip' }
  | { readonly what: 'number'; readonly kind: NumberKind }
  /** The kind of the number in the next column, as Google has it. */
  | { readonly what: 'kind' };

/** In this order: the first that fits a heading in small letters without accents. */
const RULES: readonly (readonly [heading: RegExp, column: Column])[] = [
  [/yomi|phonetic|extension|label$|photo|pager|telex|callback|isdn/, { what: 'kind' }],
  [/^(first|given) ?name$|^(krestni )?jmeno$|^имя$/, { what: 'given' }],
  [/^(middle|additional) ?name$|^druhe jmeno$|^prostredni jmeno$|^отчество$/, { what: 'middle' }],
  [/^(last|family) ?name$|^surname$|^prijmeni$|^фамилия$/, { what: 'family' }],
  [/^(full|display|contact)? ?name$|^cele jmeno$|^zobrazovane jmeno$|^фио$|^полное имя$/, { what: 'name' }],
  [
    /^(company|organi[sz]ation)( name| 1 - name)?$|^(firma|spolecnost|organizace)$|^(организация|компания)$/,
    { what: 'company' },
  ],
  [/e-?mail.*(type|name)$/, { what: 'kind' }],
  [/e-?mail|электронн|эл\. почт/, { what: 'email' }],
  [/^notes?$|^poznamk|^заметки$|^примечани/, { what: 'note' }],
  [/^sip|sip address/, { what: 'sip' }],
  [/phone.*type$/, { what: 'kind' }],
  [/fax|факс/, { what: 'number', kind: 'fax' }],
  [/mobil|cell|сотов|мобильн/, { what: 'number', kind: 'mobile' }],
  [/^(home|primary) ?phone|telefon \(dom|domaci telefon|домашн|дом\./, { what: 'number', kind: 'home' }],
  [
    /^(business|work|office|company main|assistant) ?.*phone|telefon \(zam|do zamestnani|рабоч|раб\./,
    { what: 'number', kind: 'work' },
  ],
  [/phone|^tel|^number$|^cislo|телефон|^номер/, { what: 'number', kind: 'other' }],
];

/** One for each heading; undefined for those that say nothing of use. */
export function guessColumns(headings: readonly string[]): readonly (Column | undefined)[] {
  return headings.map((heading) => {
    const plain = heading
      .normalize('NFD')
      .replace(/(?!\u0306)\p{Mn}/gu, '')
      .normalize('NFC')
      .trim()
      .toLowerCase();
    const isKind = /phone.*(label|type)$/.test(plain);
    const column = RULES.find(([rule]) => rule.test(plain))?.[1];
    if (column?.what === 'kind') return isKind ? column : undefined;
    return column;
  });
}

/** A word for the kind of a number, such as `Mobile` or `* Work Fax`. */
export function kindInWords(words: string): NumberKind {
  const plain = words.toLowerCase();
  if (plain.includes('fax')) return 'fax';
  if (/mobil|cell/.test(plain)) return 'mobile';
  if (/work|main/.test(plain)) return 'work';
  return plain.includes('home') ? 'home' : 'other';
}
