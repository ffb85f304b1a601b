/** Makes a picture of any size a small square one, inside the sandbox of the page. */
import { MAX_PHOTO } from '../../store/contact-store.ts';

/** Twice what is shown, for fine screens. */
const SIDE_PX = 96;
/** A file beyond that is not even opened. */
const MAX_FILE = 20_000_000;

/** As a `data:` address; undefined where it cannot be read as a picture. */
export async function smallPhoto(file: Blob): Promise<string | undefined> {
  if (file.size > MAX_FILE) return undefined;
  try {
    const picture = await createImageBitmap(file);
    const side = Math.min(picture.width, picture.height);
    const canvas = document.createElement('canvas');
    canvas.width = SIDE_PX;
    canvas.height = SIDE_PX;
    const context = canvas.getContext('2d');
    if (context === null) return undefined;
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
    context.drawImage(picture, left, top, side, side, 0, 0, SIDE_PX, SIDE_PX);
    picture.close();
    const small = canvas.toDataURL('image/jpeg', 0.85);
    return small.length <= MAX_PHOTO ? small : undefined;
  } catch {
    return undefined;
  }
}
