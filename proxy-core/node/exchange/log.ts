/** The exchange's log port on the program's log. */
import type { ExchangeLog } from '../../server/parts.ts';
import type { Log } from '../log.ts';

const fields = (details: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => {
  const { cause, ...rest } = details;
  return cause === undefined ? rest : { ...rest, err: cause };
};

export function exchangeLog(log: Log): ExchangeLog {
  return {
    info: (text, details) => log.info(fields(details), text),
    warn: (text, details) => log.warn(fields(details), text),
    error: (text, details) => log.error(fields(details), text),
  };
}
