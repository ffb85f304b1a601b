/** How one account is used on this computer, beside who it is; a person may change it at any time. */
import type { ConnectionTransport, PROXY_USES } from './connection-settings.ts';

export interface AccountSettings {
  /** An account that is off stays known, with its password, but makes and takes no calls. */
  readonly enabled: boolean;
  /** The name that the server knows with the password; empty for the number. */
  readonly authName: string;
  /** Without one it only listens, for whoever knows its address; calls go straight to the addresses that are called. */
  readonly registrar: boolean;
  /** Where it listens without a registrar; 0 for the first port that is free. */
  readonly listenPort: number;
  /** Seconds that are asked for at the registrar: the shorter, the sooner is it noticed that it is gone. */
  readonly expires: number;
  /** By which its server, or its outbound proxies, are reached where they do not say themselves. */
  readonly transport: ConnectionTransport;
  readonly proxyUse: (typeof PROXY_USES)[number];
}

export const accountDefaults: AccountSettings = {
  enabled: true,
  authName: '',
  registrar: true,
  listenPort: 0,
  expires: 60,
  transport: 'auto',
  proxyUse: 'all',
};

/** What a registrar may be asked for, in seconds. */
export const LEAST_EXPIRES = 20;
export const MOST_EXPIRES = 86_400;

/** With what is usual where the account says nothing. */
export const accountSettingsOf = ({ settings }: { readonly settings?: Partial<AccountSettings> }): AccountSettings => ({
  ...accountDefaults,
  ...settings,
});
