/** Moves a window by a part of it, which can be pressed too; windows that never take the keyboard are not moved by the system. */
import { type PointerEvent, useRef } from 'react';

/** A press that trembles is no move. */
const STILL_PX = 4;

interface Grab {
  /** Within the window. */
  readonly x: number;
  readonly y: number;
  readonly screenX: number;
  readonly screenY: number;
  moved: boolean;
}

/**
 * @param move to where the window's corner is to be, in px of all screens; `done` once it is let go of
 * @param press it was pressed without being moved, by pointer or key
 */
export function useDrag(move: (x: number, y: number, done: boolean) => void, press: () => void) {
  const grab = useRef<Grab>(undefined);
  const follow = ({ screenX, screenY }: PointerEvent, done: boolean): void => {
    const from = grab.current;
    if (from === undefined) return;
    from.moved ||= Math.hypot(screenX - from.screenX, screenY - from.screenY) > STILL_PX;
    if (from.moved) move(screenX - from.x, screenY - from.y, done);
  };
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      const { clientX: x, clientY: y, screenX, screenY } = event;
      grab.current = { x, y, screenX, screenY, moved: false };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => follow(event, false),
    onPointerUp: (event: PointerEvent) => follow(event, true),
    onPointerCancel: () => {
      grab.current = undefined;
    },
    onClick() {
      const moved = grab.current?.moved === true;
      grab.current = undefined;
      if (!moved) press();
    },
  };
}
