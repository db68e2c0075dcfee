import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { may } from '../../../api/may.js';
import { Button } from '../../../parts/button.js';
import { Field } from '../../../parts/field.js';
import { PairRows } from '../../../parts/pair-rows.js';
import { announce } from '../../../parts/toast.js';
import { pathTo, serverPrefix } from '../../../routes.js';
import { eventIdIn, inBackground } from './background-call.js';
import {
  type CallForm,
  type CallFormError,
  type CallMethod,
  callMethods,
  callRequestOf,
  takesBody,
} from './call-request.js';
import type { FunctionCalls } from './running-call.js';

/** The call as a person writes it; what cannot be sent is said at its field. */
export function CallFormView({ name, calls }: { readonly name: string; readonly calls: FunctionCalls }) {
  const [errors, setErrors] = useState<readonly CallFormError[]>([]);
  const form = calls.form.value;
  const { isRunning } = calls.state.value;
  const change = (part: Partial<CallForm>) => {
    calls.form.value = { ...form, ...part };
    setErrors([]);
  };
  const { route } = useLocation();
  const checked = () => {
    const server = { origin: location.origin, prefix: serverPrefix };
    const result = callRequestOf(name, calls.form.peek(), server);
    if ('request' in result) return result.request;
    setErrors(result.errors);
    return undefined;
  };
  const send = () => {
    const request = checked();
    if (request) void calls.call(request);
  };
  const sendInBackground = async () => {
    const request = checked();
    if (!request) return;
    await calls.call(inBackground(request));
    const id = eventIdIn(calls.state.peek().answer);
    if (id === undefined || !may('functions:read', name)) return;
    announce('The server has the event and will run it.');
    route(pathTo.event(name, id));
  };
  const hasBody = takesBody(form.method);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRunning) send();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || isRunning) return;
        event.preventDefault();
        send();
      }}
    >
      <div class="call-line">
        <Field label="Method">
          {(control) => (
            <select
              {...control}
              class="select mono"
              value={form.method}
              onChange={({ currentTarget }) => {
                change({ method: currentTarget.value as CallMethod });
              }}
            >
              {callMethods.map((method) => (
                <option key={method}>{method}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Path and query" error={errors.find(({ row }) => row === undefined)?.message}>
          {(control) => (
            <span class="prefixed">
              <span class="prefixed-text mono" aria-hidden="true">
                /invoke/{name}
              </span>
              <input
                {...control}
                class="input mono"
                value={form.path}
                placeholder="/orders/7?full=1"
                autoComplete="off"
                spellcheck={false}
                onInput={({ currentTarget }) => {
                  change({ path: currentTarget.value });
                }}
              />
            </span>
          )}
        </Field>
      </div>
      <PairRows
        title="Headers"
        noun="header"
        rows={form.headers}
        errors={headerErrorsOf(errors)}
        onChange={(headers) => {
          change({ headers });
        }}
      />
      <Field label="Body" hint={hasBody ? undefined : `Browsers send no body with ${form.method}.`}>
        {(control) => (
          <textarea
            {...control}
            class="textarea mono call-body"
            value={hasBody ? form.body : ''}
            disabled={!hasBody}
            spellcheck={false}
            rows={8}
            onInput={({ currentTarget }) => {
              change({ body: currentTarget.value });
            }}
          />
        )}
      </Field>
      <div class="row">
        <Button type="submit" look="primary" isBusy={isRunning}>
          Send
        </Button>
        {isRunning ? (
          <Button
            onClick={() => {
              calls.stop();
            }}
          >
            Stop
          </Button>
        ) : (
          <>
            <Button
              label="Send in the background: the server answers at once, and runs it when it can"
              onClick={() => void sendInBackground()}
            >
              In the background
            </Button>
            <span class="hint wide-only">Ctrl + Enter sends, too.</span>
          </>
        )}
      </div>
    </form>
  );
}

/** By the place of the header. */
function headerErrorsOf(errors: readonly CallFormError[]): ReadonlyMap<number, string> {
  return new Map(errors.flatMap(({ row, message }) => (row === undefined ? [] : [[row, message] as const])));
}
