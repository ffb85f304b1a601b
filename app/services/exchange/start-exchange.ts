/** Stands where proxy-core/node/start.ts will be; until then the exchange says that it is not there. */
import { type ExchangeHandle, StartError, type StartOptions } from '../../../proxy-core/node/start-options.ts';

export async function startExchange(_options: StartOptions): Promise<ExchangeHandle> {
  throw new StartError('The exchange is not available in this build.');
}
