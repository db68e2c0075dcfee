import { useId } from 'preact/hooks';

export interface ChoicesProps<T extends string | number> {
  readonly label: string;
  readonly choices: readonly { readonly value: T; readonly title: string }[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
}

/** A few choices beside each other, of which one holds. */
export function Choices<T extends string | number>({ label, choices, chosen, onChoose }: ChoicesProps<T>) {
  const name = useId();
  return (
    <fieldset class="choices">
      <legend class="unseen">{label}</legend>
      {choices.map(({ value, title }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={value === chosen}
            onChange={() => {
              onChoose(value);
            }}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}
