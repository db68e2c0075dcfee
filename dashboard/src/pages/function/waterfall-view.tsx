import { duration } from '../../format/units.js';
import { originInWords } from './origin.js';
import { type CallPhases, waterfallOf, type WaterfallBar } from './waterfall.js';

const titles: Readonly<Record<WaterfallBar['phase'], string>> = {
  queue: 'Waiting for a place',
  container: 'Getting a container',
  handler: 'Handler',
  rest: 'Rest of the server',
  network: 'Network and browser',
};

/** The phases of a call, one below the other, each where it began and as long as it took. */
export function Waterfall({
  phases,
  origin,
}: {
  readonly phases: CallPhases;
  readonly origin: string | null;
}) {
  const { bars, totalMs } = waterfallOf(phases);
  const from = originInWords(origin);
  if (bars.length === 0) return <p class="muted">Nothing is known of its phases.</p>;
  return (
    <div class="waterfall">
      <dl>
        {bars.map(({ phase, ms, startPercent, widthPercent }) => (
          <div key={phase} class="waterfall-row">
            <dt>{titles[phase]}</dt>
            <dd>
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect
                  class={`phase-${phase}`}
                  x={startPercent}
                  width={Math.max(widthPercent, 0.4)}
                  height="10"
                  rx="0.3"
                />
              </svg>
              <span class="waterfall-ms">{duration(ms)}</span>
            </dd>
          </div>
        ))}
        <div class="waterfall-row waterfall-total">
          <dt>Together</dt>
          <dd>
            <span class="waterfall-ms">{duration(totalMs)}</span>
          </dd>
        </div>
      </dl>
      {from !== undefined && <p class="hint">It ran in {from}.</p>}
    </div>
  );
}
