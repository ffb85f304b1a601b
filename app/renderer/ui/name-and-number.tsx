/** Whom a row of a list is about: the name, and below it the number where that says more. */
export function NameAndNumber({ name, number }: { readonly name: string; readonly number: string }) {
  return (
    <div className="user-words">
      <p className="user-name" dir="auto" title={name}>
        {name}
      </p>
      {number === '' || number === name ? null : (
        <p className="user-number" title={number}>
          {number}
        </p>
      )}
    </div>
  );
}
