/** Asks the person, in a box of the system over the window, whether every call is to be told to somebody. */
import { t } from '@lingui/core/macro';
import { type BrowserWindow, dialog } from 'electron';
import type { WebhookBox } from './office-webhook.ts';

const YES = 0;
const NO = 1;

export const webhookBox =
  (window: BrowserWindow): WebhookBox =>
  async ({ host, url, isProtected }) => {
    const told =
      host === undefined
        ? {
            message: t`Sign what is told of calls with another secret, or no longer?`,
            detail: t`Whoever takes it has to know the secret, too.`,
            buttons: [t`Change it`, t`Cancel`],
          }
        : {
            message: t`Tell ${host} of every call of the office?`,
            detail: [
              t`Who called whom, when, for how long and with which phones is sent there once each call is over.`,
              ...(isProtected ? [] : [t`The way there is not protected: others may read it.`]),
              url,
            ].join('\n\n'),
            buttons: [t`Tell it`, t`Cancel`],
          };
    const { response } = await dialog.showMessageBox(window, {
      ...{ type: 'warning', title: 'Tandem', defaultId: NO, cancelId: NO, noLink: true },
      ...told,
    });
    return response === YES;
  };
