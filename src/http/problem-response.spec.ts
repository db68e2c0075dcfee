import { Controller, Get, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';
import { everyFunction, isScope, setCaller } from '../common/auth/caller.js';
import { DomainError } from '../common/errors/domain-error.js';
import type { ErrorCode } from '../common/errors/error-codes.js';

const details = {
  errorType: 'TypeError',
  errorMessage: 'no\n    at x (/glambdar/code/index.js:1:1)',
  output: 'printed',
};

@Controller('fail')
class FailingController {
  @Get()
  fail(@Req() request: Request, @Query('code') code: ErrorCode, @Query('scope') scope: string): never {
    if (isScope(scope)) {
      setCaller(request, { keyId: 'k', address: '192.0.2.7', scopes: [scope], reach: everyFunction });
    }
    throw new DomainError(code, `The function threw TypeError: ${details.errorMessage}`, details);
  }
}

let served: HttpApp;
beforeAll(async () => {
  served = await startHttpApp([FailingController]);
});
afterAll(() => served.close());

async function problem(code: ErrorCode, scope = ''): Promise<unknown> {
  return (await fetch(`${served.url}/fail?code=${code}&scope=${scope}`)).json();
}

describe("the answer to a function's error", () => {
  it.each(['admin', 'logs:read'])('has all that is known for who may read logs: %s', async (scope) => {
    await expect(problem('FUNCTION_ERROR', scope)).resolves.toMatchObject(details);
  });

  it.each(['functions:invoke', 'functions:deploy', 'functions:read', ''])(
    'has type and message for everybody else: %j',
    async (scope) => {
      const sentence = 'The function threw TypeError: no';
      const shown = { errorType: 'TypeError', errorMessage: 'no', detail: sentence, error: sentence };
      const body = await problem('FUNCTION_ERROR', scope);
      expect(body).toMatchObject(shown);
      expect(JSON.stringify(body)).not.toMatch(/printed|index\.js/);
    },
  );

  it('has all that is known for whoever changes the function', async () => {
    await expect(problem('CANDIDATE_NOT_LOADABLE', 'functions:deploy')).resolves.toMatchObject(details);
  });
});
