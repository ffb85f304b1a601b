/** The three steps from nothing to a working office. */

const STEPS = [
  ['Switch it on', 'This computer becomes the telephone exchange.'],
  ['Add users', 'Each gets a number, a name and a password.'],
  ['Sign in', 'On Tandem, or any SIP phone in your network.'],
] as const;

export function HowItWorks() {
  return (
    <ol className="steps">
      {STEPS.map(([title, words], index) => (
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
