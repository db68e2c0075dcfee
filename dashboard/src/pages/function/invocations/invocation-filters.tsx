import { listVersions } from '@glambdar/client';
import { throwing } from '../../../api/client.js';
import { may } from '../../../api/may.js';
import { useLoaded } from '../../../api/use-polled.js';
import { Field } from '../../../parts/field.js';
import { type Outcome, outcomes } from '../outcome.js';
import { rangeChoices, type ChosenRange, type RangeChoice, timeRangeOf } from '../time-range.js';
import type { InvocationFilter } from './invocation-filter.js';

export interface InvocationFiltersProps {
  readonly name: string;
  readonly filter: InvocationFilter;
  readonly onChange: (filter: InvocationFilter) => void;
}

/** By what the calls can be told apart: how they went, what ran, when. */
export function InvocationFilters({ name, filter, onChange }: InvocationFiltersProps) {
  const { outcome, version, range } = filter;
  return (
    <div class="filters" role="search" aria-label="Filter the invocations">
      <Field label="Outcome">
        {(control) => (
          <select
            {...control}
            class="select"
            value={outcome ?? ''}
            onChange={({ currentTarget: { value } }) => {
              onChange({ ...filter, outcome: value === '' ? undefined : (value as Outcome) });
            }}
          >
            <option value="">Any</option>
            {Object.entries(outcomes).map(([id, { title }]) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <VersionFilter
        name={name}
        version={version}
        onChange={(chosen) => {
          onChange({ ...filter, version: chosen });
        }}
      />
      <RangeFilter
        range={range}
        onChange={(chosen) => {
          onChange({ ...filter, range: chosen });
        }}
      />
    </div>
  );
}

interface VersionFilterProps {
  readonly name: string;
  readonly version: number | undefined;
  readonly onChange: (version: number | undefined) => void;
}

function VersionFilter({ name, version, onChange }: VersionFilterProps) {
  const mayList = may('functions:read', name);
  const versions = useLoaded(
    async (signal) =>
      mayList ? (await listVersions({ ...throwing, path: { name }, signal })).data.versions : [],
    [name, mayList],
  );
  return (
    <Field label="Version">
      {(control) => (
        <select
          {...control}
          class="select"
          value={version === undefined ? '' : String(version)}
          onChange={({ currentTarget: { value } }) => {
            onChange(value === '' ? undefined : Number(value));
          }}
        >
          <option value="">Any</option>
          {(versions.data.value ?? []).map((one) => (
            <option key={one.version} value={String(one.version)}>
              {one.current ? `${one.version} (current)` : one.version}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function RangeFilter({
  range,
  onChange,
}: {
  readonly range: ChosenRange;
  readonly onChange: (range: ChosenRange) => void;
}) {
  const time = timeRangeOf(range);
  const moment = (label: string, part: 'from' | 'to', error?: string) => (
    <Field label={label} error={error}>
      {(control) => (
        <input
          {...control}
          class="input"
          type="datetime-local"
          value={range[part]}
          onChange={({ currentTarget }) => {
            onChange({ ...range, [part]: currentTarget.value });
          }}
        />
      )}
    </Field>
  );
  return (
    <>
      <Field label="Time">
        {(control) => (
          <select
            {...control}
            class="select"
            value={range.choice}
            onChange={({ currentTarget }) => {
              onChange({ ...range, choice: currentTarget.value as RangeChoice });
            }}
          >
            {rangeChoices.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      {range.choice === 'custom' && moment('From', 'from')}
      {range.choice === 'custom' && moment('To', 'to', 'error' in time ? time.error : undefined)}
    </>
  );
}
