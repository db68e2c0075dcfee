import { errorCodes } from '../../common/errors/error-codes.js';

const text = { type: 'string' } as const;

/** The schema of every error's answer, RFC 9457 with our members. */
export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'error'],
  properties: {
    type: { ...text, description: 'A URN made of the code.' },
    title: { ...text, description: 'The same for every problem of this code.' },
    status: { type: 'integer' },
    detail: { ...text, description: 'What went wrong this time, and what to do.' },
    code: { ...text, enum: errorCodes, description: 'Stable: branch on this.' },
    error: { ...text, description: 'The same as `detail`.' },
    invocationId: { ...text, description: 'The call that failed.' },
    field: { ...text, description: 'The field of the request that broke a rule.' },
    reason: { ...text, description: 'The broken rule, e.g. `unsafe_path`.' },
    errorType: { ...text, description: 'Class name of what the function threw.' },
    errorMessage: { ...text, description: 'Message of what the function threw.' },
    output: {
      ...text,
      description:
        'The last lines that the function printed; only for keys with `logs:read`, and in the answer to a deployment that does not load.',
    },
  },
};
