/**
 * Dragging a call by its head onto another one or onto a person, with a mouse, a pen or a finger. What can be dropped on
 * bears `data-drop`. By the keyboard the same is in the menu of the call.
 */
import {
  createContext,
  type PointerEvent,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { CallSnapshot } from '../../store/types.ts';
import { peerName } from '../../store/words.ts';

interface Drag {
  /** The call that is dragged. */
  readonly callId: string | undefined;
  /** The `data-drop` below it. */
  readonly over: string | undefined;
  begin(event: PointerEvent, call: CallSnapshot): void;
}

/** Shorter ways of the pointer are a press. */
const LEAST_PX = 8;

const DragContext = createContext<Drag>({ callId: undefined, over: undefined, begin: () => {} });

export const useDrag = (): Drag => useContext(DragContext);

interface DragCallsProps {
  readonly children: ReactNode;
  /** @param on the `data-drop` of what it was dropped on */
  onDrop(callId: string, on: string): void;
}

export function DragCalls({ children, onDrop }: DragCallsProps) {
  const [dragged, setDragged] = useState<{ call: CallSnapshot; over: string | undefined }>();
  const ghost = useRef<HTMLDivElement>(null);
  const stop = useRef(() => {});
  const dropped = useRef(onDrop);
  dropped.current = onDrop;
  useEffect(() => () => stop.current(), []);

  const begin = useMemo(
    () => (first: PointerEvent, call: CallSnapshot) => {
      if (first.button !== 0 || (first.target as Element).closest('button, a, input')) return;
      stop.current();
      const listening = new AbortController();
      let over: string | undefined;
      let moves = false;
      const end = () => {
        listening.abort();
        setDragged(undefined);
      };
      stop.current = end;
      const on = <K extends 'pointermove' | 'pointerup' | 'pointercancel' | 'keydown'>(
        type: K,
        work: (event: WindowEventMap[K]) => void,
      ) => window.addEventListener(type, work, { signal: listening.signal });
      on('pointermove', (event) => {
        if (event.pointerId !== first.pointerId) return;
        const [x, y] = [event.clientX, event.clientY];
        moves ||= Math.hypot(x - first.clientX, y - first.clientY) >= LEAST_PX;
        if (!moves) return;
        over = targetAt(x, y, call.id);
        setDragged((before) => (before?.call === call && before.over === over ? before : { call, over }));
        if (ghost.current) ghost.current.style.transform = `translate(${x + 12}px, ${y + 12}px)`;
      });
      on('pointerup', (event) => {
        if (event.pointerId !== first.pointerId) return;
        end();
        if (moves && over !== undefined) dropped.current(call.id, over);
      });
      on('pointercancel', end);
      on('keydown', (event) => {
        if (event.key === 'Escape') end();
      });
    },
    [],
  );
  const drag = useMemo(() => ({ callId: dragged?.call.id, over: dragged?.over, begin }), [dragged, begin]);
  return (
    <DragContext value={drag}>
      {children}
      <div ref={ghost} className="drag-ghost" aria-hidden="true" hidden={dragged === undefined}>
        {dragged ? <bdi>{peerName(dragged.call)}</bdi> : null}
      </div>
    </DragContext>
  );
}

function targetAt(x: number, y: number, ownId: string): string | undefined {
  const found = document.elementFromPoint(x, y)?.closest('[data-drop]')?.getAttribute('data-drop') ?? undefined;
  return found === `call:${ownId}` ? undefined : found;
}
