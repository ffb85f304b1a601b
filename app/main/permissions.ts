/** The page may use the microphone and the buttons of headsets, and nothing else; nor may it put files on the disk. */
import type { Session } from 'electron';

/**
 * @param origin the only origin that may ask, such as `app://tandem`
 */
export function guardPermissions(session: Session, origin: string): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const asked = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const onlySound = asked.length > 0 && asked.every((type) => type === 'audio');
    const ours = originOf(details.requestingUrl) === origin && originOf(contents.getURL()) === origin;
    answer(permission === 'media' && onlySound && ours);
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    // Without this the names of the sound devices are hidden; a camera is not spoken of.
    const sound = (permission === 'media' && details.mediaType !== 'video') || permission === 'speaker-selection';
    return (sound || permission === 'hid') && originOf(requestingOrigin) === origin;
  });
  session.setDevicePermissionHandler(
    ({ deviceType, origin: asking, device }) =>
      deviceType === 'hid' && originOf(asking) === origin && isForCalls(device),
  );
  session.on('will-download', (event) => event.preventDefault());
}

/** A headset has collections for telephony (page 0x0b) or, without keys or a mouse (0x01), for media (0x0c). */
function isForCalls(device: unknown): boolean {
  const { collections } = (device ?? {}) as { readonly collections?: readonly { readonly usagePage?: number }[] };
  const pages = new Set((collections ?? []).map(({ usagePage }) => usagePage));
  return pages.has(0x0b) || (pages.has(0x0c) && !pages.has(0x01));
}

/** Scheme and host; `URL.origin` is "null" for schemes of our own. */
export function originOf(address: string | undefined): string | undefined {
  try {
    const url = new URL(address ?? '');
    return `${url.protocol}//${url.host}`;
  } catch {
    return undefined;
  }
}
