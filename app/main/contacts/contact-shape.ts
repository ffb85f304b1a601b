/** What may be kept of a contact: anything from the page or from an address book is made to fit, or refused. */
import * as v from 'valibot';
import {
  MAX_CONTACT_NAME,
  MAX_CONTACTS,
  MAX_EMAIL,
  MAX_EMAILS,
  MAX_NOTE,
  MAX_NUMBER,
  MAX_NUMBERS,
  MAX_PHOTO,
  NUMBER_KINDS,
} from '../../shared/contact.ts';

const line = (max: number) =>
  v.pipe(
    v.string(),
    v.transform((text) =>
      text
        .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
        .trim()
        .slice(0, max),
    ),
  );
const text = (max: number) =>
  v.pipe(
    v.string(),
    v.transform((written) => written.replace(/[^\P{Cc}\n\t]+/gu, ' ').slice(0, max)),
  );
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(300));

/** Shown by the page as it is: a picture of a kind that the page knows, and nothing else. */
const PHOTO = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}$/;

export const photoShape = v.pipe(v.string(), v.maxLength(MAX_PHOTO), v.regex(PHOTO));

export const contactShape = v.object({
  id,
  name: line(MAX_CONTACT_NAME),
  company: line(MAX_CONTACT_NAME),
  numbers: v.pipe(
    v.array(v.object({ kind: v.picklist(NUMBER_KINDS), value: v.pipe(line(MAX_NUMBER), v.minLength(1)) })),
    v.maxLength(MAX_NUMBERS),
  ),
  emails: v.pipe(v.array(v.pipe(line(MAX_EMAIL), v.minLength(1))), v.maxLength(MAX_EMAILS)),
  note: text(MAX_NOTE),
  favourite: v.boolean(),
});

export const changeShape = v.object({
  put: v.pipe(
    v.array(
      v.object({ ...contactShape.entries, photo: v.optional(v.nullable(photoShape)), source: v.optional(line(100)) }),
    ),
    v.maxLength(MAX_CONTACTS),
  ),
  remove: v.pipe(v.array(id), v.maxLength(MAX_CONTACTS)),
});

export const idsShape = (most: number) => v.pipe(v.array(id), v.maxLength(most));
export const favouriteShape = v.object({ id, favourite: v.boolean() });
