/** The window: the stores, handed down, and the frame around the pages. */
import type { Stores } from '../store/connect.ts';
import { StoresProvider } from '../store/context.tsx';
import { Shell } from './shell/shell.tsx';

export function App({ stores }: { stores: Stores }) {
  return (
    <StoresProvider stores={stores}>
      <Shell />
    </StoresProvider>
  );
}
