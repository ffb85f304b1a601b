/** Asks and sets how requests for a user or a domain are handled. */
import { type ExchangeMode, exchangeModes } from '../../server/settings.ts';
import type { Store } from '../store/index.ts';
import { AdminError, type Checked, type ModeInfo } from './methods.ts';

type ModeMethod = 'users.mode' | 'domains.mode';
type ModeHandlers = { readonly [M in ModeMethod]: (params: Checked<M>) => ModeInfo };

/** @param ofExchange asked each time. */
export function modeHandlers({ users }: Store, ofExchange: () => string): ModeHandlers {
  const { modes } = users;
  const info = (own: ExchangeMode | undefined, above: ExchangeMode | undefined): ModeInfo => ({
    mode: own ?? 'default',
    inEffect: own ?? above ?? exchangeModes.find((mode) => mode === ofExchange()) ?? 'proxy',
  });
  return {
    'users.mode'({ number: asked, domain = users.defaultDomain, mode }) {
      const user = users.find(asked, domain);
      if (user === undefined) throw new AdminError('unknown', `There is no user ${asked}@${domain}.`);
      // An alias is another name of the same user.
      const { number } = user;
      if (mode !== undefined) modes.setUser(number, domain, mode === 'default' ? undefined : mode);
      return info(modes.ofUser(number, domain), modes.ofDomain(domain));
    },

    'domains.mode'({ name, mode }) {
      if (!users.hasDomain(name)) throw new AdminError('unknown', `There is no domain ${name}.`);
      if (mode !== undefined) modes.setDomain(name, mode === 'default' ? undefined : mode);
      return info(modes.ofDomain(name), undefined);
    },
  };
}
