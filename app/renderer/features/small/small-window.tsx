/**
 * A window beside the main one, drawn by the same page: the same stores and the same components, in a document of its own
 * that has no script. It is opened by this page, and placed and shown by the main process once it is drawn.
 */
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useStores } from '../../store/context.tsx';
import { frameNameOf } from '../../store/desktop-store.ts';
import type { SmallWindow as Which } from '../../store/types.ts';

export interface SmallWindowProps {
  readonly which: Which;
  readonly title: string;
  /** Its window was closed by other means, as one that has the keyboard can be. */
  readonly onClosed?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** Open as long as it is rendered. */
export function SmallWindow({ which, title, onClosed, children }: SmallWindowProps) {
  const [body, setBody] = useState<HTMLElement>();
  const closed = useRef(onClosed);
  closed.current = onClosed;
  useEffect(() => {
    let close = () => {};
    // Not at once: a window that was just closed still has the name.
    const timer = setTimeout(() => {
      const opened = window.open('about:blank', frameNameOf(which));
      // Refused: the main window shows the call, too.
      if (opened === null) return;
      const stop = dress(opened.document, () => setBody(opened.document.body));
      const gone = () => closed.current?.();
      const view = opened.document.defaultView;
      view?.addEventListener('pagehide', gone);
      close = () => {
        view?.removeEventListener('pagehide', gone);
        stop();
        setBody(undefined);
        opened.close();
      };
    });
    return () => {
      clearTimeout(timer);
      close();
    };
  }, [which]);
  useEffect(() => {
    if (body) body.ownerDocument.title = title;
  }, [body, title]);
  return body
    ? createPortal(
        <Fitted which={which} title={title}>
          {children}
        </Fitted>,
        body,
      )
    : null;
}

/** Tells how big its content is, each time that changes. */
function Fitted({ which, title, children }: Omit<SmallWindowProps, 'onClosed'>) {
  const { desktop } = useStores();
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const content = ref.current;
    const Observer = content?.ownerDocument.defaultView?.ResizeObserver;
    if (!content || !Observer) return;
    const tell = () => {
      const { width, height } = content.getBoundingClientRect();
      desktop.getState().fit(which, { width, height });
    };
    tell();
    const observer = new Observer(tell);
    observer.observe(content);
    return () => observer.disconnect();
  }, [desktop, which]);
  return (
    <main className="small-window">
      <h1 className="visually-hidden">{title}</h1>
      <div ref={ref} className="small-content">
        {children}
      </div>
    </main>
  );
}

/** Gives a document the looks of this one, and keeps its marks (language, contrast); tells once the looks are there. */
function dress(target: Document, ready: () => void): () => void {
  const loads = [...document.querySelectorAll<HTMLElement>('link[rel="stylesheet"], style')].map((sheet) => {
    const copy = target.importNode(sheet, true);
    const link = copy instanceof HTMLLinkElement || copy.tagName === 'LINK' ? (copy as HTMLLinkElement) : undefined;
    if (link) link.href = (sheet as HTMLLinkElement).href;
    target.head.append(copy);
    return (
      link &&
      new Promise<void>((resolve) => {
        link.addEventListener('load', () => resolve());
        link.addEventListener('error', () => resolve());
      })
    );
  });
  const mark = () => {
    for (const { name, value } of document.documentElement.attributes) target.documentElement.setAttribute(name, value);
  };
  mark();
  const marks = new MutationObserver(mark);
  marks.observe(document.documentElement, { attributes: true });
  let wanted = true;
  void Promise.all(loads).then(() => {
    if (wanted) ready();
  });
  return () => {
    wanted = false;
    marks.disconnect();
  };
}
