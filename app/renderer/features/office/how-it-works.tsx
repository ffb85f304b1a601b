/** The three steps from nothing to a working office. */
import { t } from '@lingui/core/macro';

const steps = () =>
  [
    [t`Switch it on`, t`This computer becomes the telephone exchange.`],
    [t`Add users`, t`Each gets a number, a name and a password.`],
    [t`Sign in`, t`On Tandem, or any SIP phone in your network.`],
  ] as const;

export function HowItWorks() {
  return (
    <ol className="steps">
      {steps().map(([title, words], index) => (
        <li key={title} className="step">
          <span className="step-number" aria-hidden="true">
            {index + 1}
          </span>
          <div>
            <h2>{title}</h2>
            <p className="note">{words}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
