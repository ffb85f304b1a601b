/** How requests for a user or a domain are handled, as the administration shows it. */
import * as v from 'valibot';
import { type ExchangeMode, exchangeModes } from '../../server/settings.ts';

/** How requests are handled: its own word, and what that comes to. */
export interface ModeInfo {
  readonly mode: ExchangeMode | 'default';
  readonly inEffect: ExchangeMode;
}

/** `default`: what the next greater unit says. */
export const modeField = v.picklist([...exchangeModes, 'default']);

/** @param above what the next greater unit says; @param ofExchange what the greatest says. */
export const modeInfo = (
  own: ExchangeMode | undefined,
  above: ExchangeMode | undefined,
  ofExchange: string,
): ModeInfo => ({
  mode: own ?? 'default',
  inEffect: own ?? above ?? exchangeModes.find((mode) => mode === ofExchange) ?? 'proxy',
});
