import { useEffect, useRef, useState } from 'preact/hooks';
import { sentenceOf } from '../../api/problem.js';
import { hasEnded, signIn } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { Field } from '../../parts/field.js';
import { Message } from '../../parts/message.js';

/** Stands in the place of every page until somebody has signed in. */
export function SignInPage() {
  const field = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  useEffect(() => {
    document.title = 'Sign in · Glambdar';
    field.current?.focus();
  }, []);

  const submit = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn(field.current?.value.trim() ?? '');
    } catch (error) {
      setFailure(sentenceOf(error));
      setBusy(false);
      field.current?.select();
    }
  };

  return (
    <main class="alone">
      <form
        class="card sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>Sign in to Glambdar</h1>
        {hasEnded.value && (
          <Message tone="warn" title="Your session has ended.">
            Sign in again, and you are back where you were.
          </Message>
        )}
        <Field
          label="Key"
          error={failure}
          hint={
            <>
              Create one on the server: <code>npm run keys -- create --name me --scopes admin</code>
            </>
          }
        >
          {(control) => (
            <input
              {...control}
              ref={field}
              class="input mono"
              type="password"
              name="key"
              autoComplete="current-password"
              spellcheck={false}
              required
            />
          )}
        </Field>
        <Button type="submit" look="primary" isBusy={isBusy}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
