/** The start of the program: sets Chromium up while that still counts, then hands over to the session. */
import { app } from 'electron';
import { readCommandLine } from './command-line.ts';
import { gatherLinks } from './computer/follow-links.ts';
import { startWithCutLink } from './cut-start.ts';
import { endWithReason } from './failed-start.ts';
import { cutLink } from './link.ts';
import { declarePageScheme } from './page.ts';
import { whyUnusable } from './profile-folder.ts';
import { runSession } from './session.ts';
import { steerInstead } from './steer-instead.ts';
import { setSwitches } from './switches.ts';
import { refuseNavigation } from './window.ts';

const commandLine = readCommandLine(process.argv.slice(1), process.cwd());
if (commandLine.wrong !== undefined) {
  console.error(commandLine.wrong);
  process.exit(2);
}
const folder = commandLine.dataDir ?? app.getPath('userData');
// Before Chromium begins: neither a display nor a place for a second program is needed.
if (commandLine.steering !== undefined) process.exit(steerInstead(process.argv.slice(1), folder));
// Chromium takes a first instance that it cannot write so much to for dead, and ends it: the phone with its calls.
if (startWithCutLink(process.argv.slice(1), commandLine.link)) process.exit(0);
const unusable = whyUnusable(folder);
// The profile is Chromium's folder too: two profiles share nothing, and each has its own single-instance lock.
app.setPath('userData', folder);
setSwitches(app.commandLine);
declarePageScheme();
refuseNavigation(app);
const links = gatherLinks(app, commandLine.link);

process.on('unhandledRejection', (reason) => console.error('Unhandled:', reason));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit());

if (unusable !== undefined) {
  void endWithReason(unusable);
} else if (app.requestSingleInstanceLock({ link: cutLink(commandLine.link ?? '') })) {
  app
    .whenReady()
    .then(() => runSession(commandLine, links))
    .catch((error: Error) => endWithReason(error.message));
} else {
  // The first instance brings its window to the front, with the link.
  console.error('Tandem already runs with this profile.');
  app.exit(0);
}
