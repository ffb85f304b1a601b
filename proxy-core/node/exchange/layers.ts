/** Puts the layers of an exchange together, from the sockets up. */

import { Gate } from '../../server/guard/gate.ts';
import { ModeSwitch } from '../../server/mode-switch.ts';
import type { ExchangeParts } from '../../server/parts.ts';
import { sentByHops } from '../../server/sent-by.ts';
import { StatelessProxy } from '../../server/stateless.ts';
import type { TraceTap } from '../../server/trace/entry.ts';
import { TransactionLayer } from '../../sip/transaction/layer.ts';
import type { LateSink } from '../../sip/transaction/stack.ts';
import type { TransactionUser } from '../../sip/transaction/user.ts';
import { TransportLayer } from '../../sip/transport/layer.ts';
import type { Source, TransportPort } from '../../sip/transport/port.ts';
import { nodeHashes } from '../hashes.ts';
import { roomForRequests } from '../load.ts';
import { randomHex } from '../random.ts';

export interface Layers {
  readonly parts: ExchangeParts;
  /**
   * The same for what goes by without a transaction: its authenticator does not count how often a nonce is used, and no
   * media is relayed for calls that nobody follows.
   */
  readonly uncounted: ExchangeParts;
  readonly user: TransactionUser;
  readonly port: TransportPort;
  readonly tap: TraceTap | undefined;
  readonly late: LateSink;
  readonly secret: string;
}

/** From here on datagrams are let in. */
export function connect({ parts, uncounted, user, port, tap, late, secret }: Layers): TransactionLayer {
  const { guard } = parts;
  const shared = {
    port,
    clock: parts.clock,
    random: randomHex,
    malformed: ({ host }: Source) => guard.accuse(host, 'malformed'),
  };
  const transport: TransportLayer = new TransportLayer({
    ...shared,
    findSentBy: sentByHops(parts.resolve),
    sink: {
      requestReceived: (request, source) => modes.requestReceived(request, source),
      responseReceived: (response, source) => modes.responseReceived(response, source),
      flowClosed: (flow, remote) => modes.flowClosed(flow, remote),
    },
  });
  const transactions = new TransactionLayer({ ...shared, transport, user, maxServerBytes: roomForRequests() });
  const stateless = new StatelessProxy({ parts: uncounted, transport, hash: nodeHashes.sha256, secret });
  const modes = new ModeSwitch(parts, stateless, transactions);
  late.connect(new Gate(guard, transport, tap));
  return transactions;
}
