/** What a declined caller may be told with one press. */
import { t } from '@lingui/core/macro';
import type { Profile } from './types.ts';

export { MAX_REPLIES, MAX_REPLY } from '../../shared/replies.ts';

/** As the person wrote them, else the usual ones. */
export const repliesOf = (profile: Profile | undefined): readonly string[] =>
  profile?.replies ?? [
    t`I cannot talk now. I will call you back.`,
    t`I am in a meeting. Please write to me.`,
    t`I will be with you in a moment.`,
  ];
