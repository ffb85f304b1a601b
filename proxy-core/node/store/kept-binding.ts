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

export class BindingKeeper {
  readonly #shared = new Map<string, string>();

  /** The AOR as a key to be kept. */
  keyOf(aor: Aor): Aor {
    return alone(aor) as Aor;
  }

  /** @param aor what `keyOf` gave. */
  keep(aor: Aor, binding: Binding): Binding {
    return {
      aor,
      contact: alone(binding.contact),
      q: binding.q,
      expiresAt: binding.expiresAt,
      callId: alone(binding.callId),
      cseq: binding.cseq,
      instance: alone(binding.instance),
      regId: binding.regId,
      path: binding.path.length === 0 ? NO_PATH : binding.path.map(alone),
      userAgent: this.#share(binding.userAgent),
      received: alone(binding.received),
      listener: this.#share(binding.listener),
      device: this.#share(binding.device),
    };
  }

  #share(text: string): string {
    const same = this.#shared.get(text);
    if (same !== undefined) return same;
    const own = alone(text);
    if (this.#shared.size < MAX_SHARED) this.#shared.set(own, own);
    return own;
  }
}
