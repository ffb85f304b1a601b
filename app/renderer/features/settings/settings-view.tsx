/** All settings of the phone on one page, with a search that leads to each of them. */
import { t } from '@lingui/core/macro';
import { useRef, useState } from 'react';
import { useStores, useView } from '../../store/context.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { type Found, findSettings } from './find.ts';
import { FoundList } from './found-list.tsx';
import { panels, sections } from './panels.tsx';
import { SectionPage, type Sought } from './section-page.tsx';

/** In a small window the sections are a strip that is longer than the window is wide. */
const showIt = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

export function SettingsView() {
  const { view } = useStores();
  const current = useView((state) => state.section);
  const [text, setText] = useState('');
  const [sought, setSought] = useState<Sought>();
  const results = useRef<HTMLDivElement>(null);
  const found = findSettings(text, panels(), sections());
  const section = sections().find(({ id }) => id === current) ?? sections()[0];

  const open = ({ panel, control }: Found) => {
    setText('');
    setSought({ panel: panel.id, control });
    view.getState().openSettings(panel.section);
  };
  const pressed = (event: React.KeyboardEvent) => {
    const [first] = found;
    if (event.key === 'Enter' && first) open(first);
    else if (event.key === 'Escape' && text) setText('');
    else if (event.key === 'ArrowDown') results.current?.querySelector('button')?.focus();
    else return;
    event.preventDefault();
  };

  return (
    <div className="settings">
      <h1 className="visually-hidden">{t`Settings`}</h1>
      <div className="settings-find">
        <TextField
          label={t`Find a setting`}
          placeholder={t`Find a setting`}
          hideLabel
          type="search"
          // Most people come for one setting whose place they do not know.
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={pressed}
        />
      </div>
      <nav className="settings-nav" aria-label={t`Sections`}>
        {sections().map(({ id, name, icon: Icon }) => (
          <a
            key={id}
            href={`#settings-${id}`}
            className="office-nav-item"
            aria-current={id === current && text.trim() === '' ? 'page' : undefined}
            ref={id === current ? showIt : undefined}
            onFocus={(event) => showIt(event.currentTarget)}
            onClick={(event) => {
              event.preventDefault();
              setText('');
              setSought(undefined);
              view.getState().openSettings(id);
            }}
          >
            <Icon aria-hidden="true" />
            {name}
          </a>
        ))}
      </nav>
      <div className="settings-page" key={current} ref={results}>
        {text.trim() !== '' ? (
          <FoundList wanted={text.trim()} found={found} onOpen={open} />
        ) : section ? (
          <SectionPage section={section} sought={sought} />
        ) : null}
      </div>
    </div>
  );
}
