/** Renders the whole window from fakes in a page without a browser, and finds things as a person would: by role and name. */
import { setTimeout as pause } from 'node:timers/promises';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '../../../app/renderer/features/app.tsx';
import { connectStores, type StorePorts, type Stores } from '../../../app/renderer/store/connect.ts';
import type { View } from '../../../app/renderer/store/view-store.ts';
import { createFakePorts, type FakePorts, type FakeState } from './fake-ports.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
// Nothing is drawn here: a canvas takes all that is done to it.
const drawing: object = new Proxy(function draw() {}, {
  get: (_target, name) => (name === Symbol.toPrimitive ? () => 0 : drawing),
  ...{ set: () => true, apply: () => drawing, construct: () => drawing },
});
HTMLCanvasElement.prototype.getContext = () => drawing as CanvasRenderingContext2D & null;
Object.assign(globalThis, { Path2D: drawing });

export interface RenderedWindow {
  readonly fakes: FakePorts;
  readonly stores: Stores;
  button(name: string): HTMLButtonElement;
  /** Undefined where there is none. */
  findButton(name: string): HTMLButtonElement | undefined;
  field(name: string): HTMLInputElement;
  status(name: string): string;
  text(): string;
  press(name: string): Promise<void>;
  click(element: Element): Promise<void>;
  fill(name: string, text: string): Promise<void>;
  submit(field: string): Promise<void>;
  /** Opens a menu by its button and takes an item. */
  inMenu(button: string, item: string): Promise<void>;
  /** A choice of one among a few. */
  select(label: string): HTMLSelectElement;
  choose(label: string, value: string): Promise<void>;
  key(key: string, target?: EventTarget): Promise<void>;
  /** Lets what was changed from outside be drawn. */
  after(work: () => void | Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function renderWindow(
  state: Partial<FakeState> = {},
  view: View = 'phone',
  more: Partial<StorePorts> = {},
): Promise<RenderedWindow> {
  const fakes = createFakePorts(state, more);
  const stores = connectStores(fakes.ports);
  stores.view.getState().show(view);
  const container = document.createElement('div');
  document.body.append(container);
  const root = createRoot(container);
  const after = async (work: () => void | Promise<void>) => {
    await act(async () => {
      await work();
      await settle();
    });
  };
  await after(() => root.render(<App stores={stores} />));

  const named = <E extends Element>(selector: string, name: string): E[] =>
    [...document.body.querySelectorAll<E>(selector)].filter(
      (element) => element.closest('[aria-hidden="true"]') === null && nameOf(element) === name,
    );
  function one<E extends Element>(selector: string, name: string): E {
    const found = named<E>(selector, name);
    if (found.length === 1 && found[0]) return found[0];
    throw new Error(`${found.length} of ${selector} are named "${name}" in: ${document.body.textContent}`);
  }

  const button = (name: string) => one<HTMLButtonElement>('button', name);
  const field = (name: string) => one<HTMLInputElement>('input', name);
  const select = (name: string) => one<HTMLSelectElement>('select', name);
  const click = (element: Element) => after(() => (element as HTMLElement).click());
  const key = (pressed: string, target: EventTarget = document.body) =>
    after(
      () => void target.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true, cancelable: true })),
    );
  return {
    fakes,
    stores,
    after,
    button,
    field,
    select,
    click,
    key,
    findButton: (name) => named<HTMLButtonElement>('button', name)[0],
    status: (name) => one('[role="status"]', name).textContent,
    text: () => document.body.textContent,
    press: (name) => after(() => button(name).click()),
    fill: (name, text) => after(() => type(field(name), text)),
    submit: (name) => after(() => void field(name).form?.requestSubmit()),
    async inMenu(trigger, item) {
      await key('Enter', button(trigger));
      const items = [...document.querySelectorAll('[role="menuitem"]')];
      const found = items.find(({ textContent }) => textContent === item);
      if (!found) throw new Error(`no ${item} in the menu: ${items.map(({ textContent }) => textContent).join(', ')}`);
      await click(found);
      // The menu gives the keyboard back in a turn of its own; one that opens before would be closed by that.
      await after(() => pause(1));
    },
    choose: (name, value) =>
      after(() => {
        const choice = select(name);
        choice.value = value;
        choice.dispatchEvent(new Event('change', { bubbles: true }));
      }),
    async close() {
      await act(async () => root.unmount());
      stores.close();
      container.remove();
    },
  };
}

/** Enough turns for the answers of the fakes to come back. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

function type(input: HTMLInputElement, text: string): void {
  // React hears of a change only when the value is set past its own watch on the element.
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value')?.set?.call(input, text);
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

function nameOf(element: Element): string {
  const label = element.getAttribute('aria-label');
  if (label !== null) return label;
  const own = element.id ? document.querySelector(`label[for="${element.id}"]`) : null;
  const said = (own ?? element).cloneNode(true) as Element;
  for (const unsaid of said.querySelectorAll('[aria-hidden="true"]')) unsaid.remove();
  return said.textContent.trim();
}
