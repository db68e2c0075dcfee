import { useId } from 'preact/hooks';
import { Button } from './button.js';

/** A name and its value, such as a header or a variable. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

export interface PairRowsProps {
  readonly title: string;
  /** What a row is: "header". */
  readonly noun: string;
  readonly rows: readonly Pair[];
  /** What is wrong, by the place of the row. */
  readonly errors: ReadonlyMap<number, string>;
  /** Values may have several lines. */
  readonly isMultiline?: boolean;
  readonly isReadOnly?: boolean;
  readonly onChange: (rows: readonly Pair[]) => void;
}

/** Names and values, a row each. */
export function PairRows({
  title,
  noun,
  rows,
  errors,
  isMultiline,
  isReadOnly = false,
  onChange,
}: PairRowsProps) {
  const id = useId();
  return (
    <fieldset class="rows">
      <legend class="field-name">{title}</legend>
      {rows.map((row, index) => (
        <PairRow
          key={index}
          id={`${id}-${index}`}
          label={`${noun} ${index + 1}`}
          row={row}
          error={errors.get(index)}
          isMultiline={isMultiline ?? false}
          isReadOnly={isReadOnly}
          onChange={(changed) => {
            onChange(rows.map((one, at) => (at === index ? changed : one)));
          }}
          onRemove={() => {
            onChange(rows.filter((_, at) => at !== index));
          }}
        />
      ))}
      {!isReadOnly && (
        <div>
          <Button
            look="quiet"
            onClick={() => {
              onChange([...rows, { name: '', value: '' }]);
            }}
          >
            + Add a {noun}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface PairRowProps {
  readonly id: string;
  readonly label: string;
  readonly row: Pair;
  readonly error: string | undefined;
  readonly isMultiline: boolean;
  readonly isReadOnly: boolean;
  readonly onChange: (row: Pair) => void;
  readonly onRemove: () => void;
}

function PairRow({ id, label, row, error, isMultiline, isReadOnly, onChange, onRemove }: PairRowProps) {
  const shared = (part: string) => ({
    'aria-label': `${part} of ${label}`,
    'aria-invalid': error !== undefined,
    'aria-describedby': error === undefined ? undefined : id,
    placeholder: part,
    autoComplete: 'off',
    spellcheck: false,
    readOnly: isReadOnly,
  });
  const setValue = (value: string) => {
    onChange({ ...row, value });
  };
  return (
    <div class="rows-row">
      <input
        {...shared('Name')}
        class="input mono"
        value={row.name}
        onInput={({ currentTarget }) => {
          onChange({ ...row, name: currentTarget.value });
        }}
      />
      {isMultiline ? (
        <textarea
          {...shared('Value')}
          class="textarea mono"
          rows={Math.min(row.value.split('\n').length, 6)}
          value={row.value}
          onInput={({ currentTarget }) => {
            setValue(currentTarget.value);
          }}
        />
      ) : (
        <input
          {...shared('Value')}
          class="input mono"
          value={row.value}
          onInput={({ currentTarget }) => {
            setValue(currentTarget.value);
          }}
        />
      )}
      {!isReadOnly && (
        <Button look="quiet" label={`Remove ${label}`} onClick={onRemove}>
          ✕
        </Button>
      )}
      {error !== undefined && (
        <p class="field-error" id={id} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
