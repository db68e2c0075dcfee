import type { Scope } from '../../../api/permissions.js';
import { allScopes, scopeMeanings } from './scope-meanings.js';

export interface ScopeChoiceProps {
  readonly chosen: readonly Scope[];
  readonly error: string | undefined;
  readonly onChoose: (scopes: readonly Scope[]) => void;
}

/** What a key may do. */
export function ScopeChoice({ chosen, error, onChoose }: ScopeChoiceProps) {
  return (
    <fieldset class="scope-choice">
      <legend class="field-name">May</legend>
      {allScopes.map((scope) => (
        <label key={scope} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(scope)}
            onChange={({ currentTarget: { checked } }) => {
              onChoose(checked ? [...chosen, scope] : chosen.filter((one) => one !== scope));
            }}
          />
          <span>
            <span class="mono">{scope}</span> <span class="muted">{scopeMeanings[scope]}</span>
          </span>
        </label>
      ))}
      {error !== undefined && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
