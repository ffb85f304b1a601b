/** The address books on servers: how each is, which are wanted here, and adding one. Each change holds at once. */
import { t } from '@lingui/core/macro';
import { KeyRound, Plus, RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../words/said.ts';
import type { BooksView } from '../../store/books-store.ts';
import { useBooks, useStores } from '../../store/context.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Switch } from '../../ui/switch.tsx';
import { type Submit, useSubmit } from '../use-submit.ts';
import { BooksSignInDialog } from './books-sign-in-dialog.tsx';
import { countWords, shortAddress, stateWords, unreadWords } from './books-words.ts';

/** `null` is a server that is new. */
type SigningIn = BooksView | null | undefined;

export function BooksDialog({ onClose }: { onClose(): void }) {
  const servers = useBooks((state) => state.servers);
  const submit = useSubmit();
  const [signingIn, setSigningIn] = useState<SigningIn>();
  if (signingIn !== undefined) return <BooksSignInDialog known={signingIn} onClose={() => setSigningIn(undefined)} />;
  return (
    <Dialog title={t`Address books`} onClose={onClose}>
      <Problem>{submit.problem}</Problem>
      {servers.length === 0 ? (
        <p className="note">
          {t`Contacts on a server, such as Nextcloud or your mail provider (CardDAV), can stand beside your own and stay in step.`}
        </p>
      ) : null}
      {servers.map((server) => (
        <Server key={server.id} server={server} submit={submit} onSignIn={() => setSigningIn(server)} />
      ))}
      <div>
        <Button icon={Plus} kind={servers.length === 0 ? 'primary' : 'quiet'} onClick={() => setSigningIn(null)}>
          {t`Add address books…`}
        </Button>
      </div>
    </Dialog>
  );
}

function Server({ server, submit, onSignIn }: { server: BooksView; submit: Submit; onSignIn(): void }) {
  const { books } = useStores();
  const { use, sync, remove } = books.getState();
  const { id, state, reason } = server;
  const name = shortAddress(server.server);
  return (
    <section className="books-server" aria-label={name}>
      <header className="books-head">
        <div className="user-words">
          <p className="user-name" title={server.server}>
            {name}
          </p>
          <p className="user-number" role="status">
            {stateWords(server)}
          </p>
        </div>
        <Menu label={t`More for ${name}`}>
          <MenuItem icon={RefreshCw} onSelect={() => void submit.send(() => sync(id))}>
            {t`Look for changes now`}
          </MenuItem>
          <MenuItem icon={KeyRound} onSelect={onSignIn}>
            {t`Sign in again…`}
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => void submit.send(() => remove(id))}>
            {t`Remove from this computer`}
          </MenuItem>
        </Menu>
      </header>
      {reason === '' || state === 'syncing' ? null : (
        <Banner
          kind={state === 'failed' ? 'danger' : 'warning'}
          actions={state === 'failed' ? <Button onClick={onSignIn}>{t`Sign in again…`}</Button> : undefined}
        >
          {said(reason)}
        </Banner>
      )}
      {server.books.map(({ id: book, name: label, used, writable, count }) => (
        <Switch
          key={book}
          label={label}
          hint={[used ? countWords(count) : '', writable ? '' : t`can only be read`].filter(Boolean).join(' · ')}
          checked={used}
          onChange={(wanted) => void submit.send(() => use(book, wanted))}
        />
      ))}
      {server.unread > 0 ? <p className="note">{unreadWords(server.unread)}</p> : null}
    </section>
  );
}
