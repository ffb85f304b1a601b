/** The shapes that features and ui may know, given on from the contracts below the stores. */
export type { Account, OfficeState, OfficeUser, Outcome, Profile, SecretStorage } from '../../shared/bridge.ts';
export type {
  AccountSnapshot,
  AccountState,
  CallQuality,
  CallSnapshot,
  CallState,
} from '../softphone/snapshots.ts';
