import { useMemo } from 'preact/hooks';
import { Empty } from '../../../parts/empty.js';
import { Section } from '../../../parts/section.js';
import type { FunctionTabProps } from '../function-tabs.js';
import { CallAnswerView } from './answer-view.js';
import { CallFormView } from './call-form.js';
import { callsOf } from './running-call.js';

/** Call the function from the page, and see what came of it. */
export function CallTab({ name }: FunctionTabProps) {
  const calls = useMemo(() => callsOf(name), [name]);
  const state = calls.state.value;
  const isFresh = !state.isRunning && !state.answer && state.failure === undefined;
  return (
    <div class="call-columns">
      <Section title="Request">
        <CallFormView name={name} calls={calls} />
      </Section>
      <Section title="Answer">
        {isFresh ? (
          <Empty title="Send a request to see its answer.">
            <p>You will see where its time went, where its container came from, and what it printed.</p>
          </Empty>
        ) : (
          <CallAnswerView name={name} state={state} />
        )}
      </Section>
    </div>
  );
}
