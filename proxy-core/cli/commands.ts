/** Every command of `tandem`, in the order in which the help lists them. */
import type { CAC } from 'cac';
import { addAlias } from './commands/alias.ts';
import { addAudit } from './commands/audit.ts';
import { addBackup } from './commands/backup.ts';
import { addBan } from './commands/ban.ts';
import { addCalls } from './commands/calls.ts';
import { addCompletion } from './commands/completion.ts';
import { addDevice } from './commands/device.ts';
import { addDomain } from './commands/domain.ts';
import { addForward } from './commands/forward.ts';
import { addInvite } from './commands/invite.ts';
import { addLocation } from './commands/location.ts';
import { addMessages } from './commands/messages.ts';
import { addMode } from './commands/mode.ts';
import { addPresence } from './commands/presence.ts';
import { addRecords } from './commands/records.ts';
import { addRefusal } from './commands/refusal.ts';
import { addServe } from './commands/serve.ts';
import { addSettings } from './commands/settings.ts';
import { addStats } from './commands/stats.ts';
import { addStatus } from './commands/status.ts';
import { addSubscriptions } from './commands/subscriptions.ts';
import { addTrace } from './commands/trace.ts';
import { addTrust } from './commands/trust.ts';
import { addUser } from './commands/user.ts';
import { addWatchlist } from './commands/watchlist.ts';
import { addWhy } from './commands/why.ts';
import type { Io } from './io.ts';

export const commands: readonly ((cli: CAC, io: Io) => void)[] = [
  addServe,
  addStatus,
  addStats,
  addUser,
  addDevice,
  addInvite,
  addAlias,
  addDomain,
  addMode,
  addLocation,
  addForward,
  addMessages,
  addBan,
  addRefusal,
  addTrust,
  addTrace,
  addPresence,
  addWatchlist,
  addSubscriptions,
  addWhy,
  addAudit,
  addSettings,
  addCalls,
  addRecords,
  addBackup,
  addCompletion,
];
