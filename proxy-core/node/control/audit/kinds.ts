/** The kinds of things that are changed through the administration, by the names that the audit log keeps. */
import { banKind } from './ban-kind.ts';
import { domainKind, officeKind } from './domain-kind.ts';
import { inviteKind } from './invite-kind.ts';
import type { Kind } from './kind.ts';
import { networkKind } from './network-kind.ts';
import { recordsKind } from './records-kind.ts';
import { ruleKinds } from './rule-kind.ts';
import { settingKind } from './setting-kind.ts';
import { userKind } from './user-kind.ts';

export const kinds: ReadonlyMap<string, Kind> = new Map(
  [userKind, domainKind, officeKind, banKind, networkKind, inviteKind, settingKind, recordsKind, ...ruleKinds].map(
    (kind) => [kind.name, kind],
  ),
);
