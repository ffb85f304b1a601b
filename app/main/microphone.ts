/** Whether the operating system lets us hear the microphone. Where it does not say (Linux), trying is the only test. */
import type { SystemPreferences } from 'electron';

export async function microphoneAccess(
  preferences: SystemPreferences,
  platform: NodeJS.Platform,
): Promise<'granted' | 'denied' | 'unknown'> {
  if (platform !== 'darwin' && platform !== 'win32') return 'unknown';
  const status = preferences.getMediaAccessStatus('microphone');
  if (status === 'not-determined' && platform === 'darwin') {
    return (await preferences.askForMediaAccess('microphone')) ? 'granted' : 'denied';
  }
  if (status === 'granted') return 'granted';
  return status === 'denied' || status === 'restricted' ? 'denied' : 'unknown';
}
