/** Bindings as they are held by the hundred thousand: all of one shape, sharing what they have in common. */
import type { Aor, Binding } from '../../server/stores.ts';

/** More different User-Agents and listeners than this are not those of one office. */
const MAX_SHARED = 1_000;
/** Up to this length the engine copies a piece of a text instead of keeping the whole (V8, SlicedString::kMinLength). */
const COPIED_LENGTH = 12;
const NO_PATH: readonly string[] = [];

/** A text of its own: a piece of a message would keep the message alive, and what was put together its parts. */
const alone = (text: string): string =>
  text.length <= COPIED_LENGTH ? text : Buffer.from(text, 'latin1').toString('latin1');

const asItIs = (text: string): string => text;

export class BindingKeeper {
  readonly #shared = new Map<string, string>();

  /** The AOR as a key to be kept. */
  keyOf(aor: Aor): Aor {
    return alone(aor) as Aor;
  }

  /** A binding that came out of a message. @param aor what `keyOf` gave; @param was what it may be a refresh of. */
  keep(aor: Aor, binding: Binding, was: Binding | undefined): Binding {
    return this.#kept(aor, binding, alone, was);
  }

  /** A binding that was read from the disk: its texts are its own. */
  keepStored(aor: Aor, binding: Binding): Binding {
    return this.#kept(aor, binding, asItIs);
  }

  #kept(aor: Aor, binding: Binding, own: (text: string) => string, was?: Binding): Binding {
    // Most bindings refresh the one before them: the texts that it has need no copy.
    const kept = (text: string, before: string | undefined): string => (text === before ? before : own(text));
    return {
      aor,
      contact: kept(binding.contact, was?.contact),
      q: binding.q,
      expiresAt: binding.expiresAt,
      callId: kept(binding.callId, was?.callId),
      cseq: binding.cseq,
      instance: kept(binding.instance, was?.instance),
      regId: binding.regId,
      path: binding.path.length === 0 ? NO_PATH : binding.path.map((uri) => own(uri)),
      userAgent: this.#share(binding.userAgent, own),
      received: kept(binding.received, was?.received),
      listener: this.#share(binding.listener, own),
      device: this.#share(binding.device, own),
    };
  }

  #share(text: string, own: (text: string) => string): string {
    const same = this.#shared.get(text);
    if (same !== undefined) return same;
    const kept = own(text);
    if (this.#shared.size < MAX_SHARED) this.#shared.set(kept, kept);
    return kept;
  }
}
