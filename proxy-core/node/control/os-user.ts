/** Who runs this process, for the log of who changed what. */
import { userInfo } from 'node:os';

/** The system's name for the user, and who became that one by sudo. */
export function osUser(env: NodeJS.ProcessEnv = process.env): string {
  const name = ownName();
  const before = env.SUDO_USER;
  return before === undefined || before === '' || before === name ? name : `${before} as ${name}`;
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container, a user may be a mere number.
    return `user ${process.getuid?.() ?? '?'}`;
  }
}
