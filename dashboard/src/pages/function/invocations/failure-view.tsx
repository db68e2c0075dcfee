import type { InvocationFailureResponse } from '@glambdar/client';
import { ForeignText } from '../../../parts/foreign-text.js';
import { Message } from '../../../parts/message.js';
import { outcomes } from '../outcome.js';

/** Who failed and why, with what the function threw. */
export function FailureView({ failure }: { readonly failure: InvocationFailureResponse }) {
  const { fault, code, message, stack, causes } = failure;
  return (
    <>
      <Message tone="bad" title={`${code}, the ${outcomes[fault].title}:`}>
        <ForeignText text={message} />
      </Message>
      {causes.length > 0 && (
        <>
          <h3>Causes</h3>
          <ol class="causes">
            {causes.map((cause, index) => (
              <li key={index}>
                <ForeignText text={`${cause.errorType}: ${cause.errorMessage}`} />
                {cause.code !== null && (
                  <>
                    {' '}
                    <code>
                      <ForeignText text={cause.code} limit={100} />
                    </code>
                  </>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
      {stack !== null && (
        <details open>
          <summary>Stack</summary>
          <pre class="console" tabIndex={0} role="region" aria-label="Stack">
            <ForeignText text={stack} limit={20_000} />
          </pre>
        </details>
      )}
    </>
  );
}
