import type { OpenAPIObject } from '@nestjs/swagger';
import { problemOneOf } from '../../common/openapi/api-problem.js';

const strangersProblem = {
  description: 'The problem, by its `code`; docs/errors.md says what to do about each.',
  content: { 'application/problem+json': { schema: problemOneOf(['UNKNOWN_HOST']) } },
};

/** What no controller serves, for the document. */
export const pages: OpenAPIObject['paths'] = {
  '/openapi.json': {
    get: {
      operationId: 'openapi',
      summary: 'This document',
      description: 'Public, also when keys are in force.',
      tags: ['documentation'],
      security: [],
      responses: {
        200: {
          description: 'OpenAPI 3.1.',
          content: {
            'application/json': {
              schema: { type: 'object' },
              example: { openapi: '3.1.0', info: { title: 'Glambdar', version: '1' }, paths: {} },
            },
          },
        },
        403: strangersProblem,
      },
    },
  },
  '/docs': {
    get: {
      operationId: 'docs',
      summary: 'This document as a page',
      description: 'Public, also when keys are in force.',
      tags: ['documentation'],
      security: [],
      responses: {
        200: {
          description: 'HTML.',
          content: {
            'text/html': { schema: { type: 'string' }, example: '<!DOCTYPE html><title>Swagger UI</title>' },
          },
        },
        403: strangersProblem,
      },
    },
  },
};
