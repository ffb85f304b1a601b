/** What the preload script puts into the page's world. */
import type { BridgeSchema } from '../shared/bridge.ts';
import type { Client } from '../shared/schema.ts';

declare global {
  interface Window {
    readonly tandem: Client<BridgeSchema>;
  }
}
