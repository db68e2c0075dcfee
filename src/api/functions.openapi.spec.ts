import * as swagger from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { startFunctionsServer, type FunctionsServer } from '../../test/support/functions-server.js';
import { documentWith } from '../common/openapi/documentation.js';
import { settingNames } from '../functions/settings/function-settings.dto.js';

let server: FunctionsServer;
let document: OpenAPIObject;

beforeAll(async () => {
  server = await startFunctionsServer();
  documentWith(swagger);
  document = swagger.SwaggerModule.createDocument(server.application, new swagger.DocumentBuilder().build());
});

afterAll(async () => {
  await server.application.close();
});

const statusesOf = (path: string, method: 'get' | 'post' | 'patch' | 'put' | 'delete') =>
  Object.keys(document.paths[path]?.[method]?.responses ?? {});

describe("the functions' part of the OpenAPI document", () => {
  it('has every route with every status', () => {
    const access = ['401', '403'];
    expect(Object.keys(document.paths).sort()).toEqual([
      '/del/{name}',
      '/deploy',
      '/deploy/{name}',
      '/info',
      '/info/{name}',
      '/rollback/{name}',
      '/secrets/{name}',
      '/secrets/{name}/{key}',
      '/settings/{name}',
      '/versions/{name}',
    ]);
    expect(statusesOf('/deploy', 'post')).toEqual([
      '201',
      '400',
      ...access,
      '409',
      '413',
      '415',
      '422',
      '429',
      '503',
      '507',
    ]);
    expect(statusesOf('/settings/{name}', 'get')).toEqual(['200', '400', ...access, '404', '429']);
    expect(statusesOf('/settings/{name}', 'patch')).toEqual([
      '200',
      '400',
      ...access,
      '404',
      '409',
      '412',
      '413',
      '415',
      '422',
      '429',
      '503',
      '507',
    ]);
    expect(statusesOf('/deploy/{name}', 'put')).toEqual([
      '200',
      '201',
      '400',
      ...access,
      '409',
      '413',
      '415',
      '422',
      '429',
      '503',
      '507',
    ]);
    expect(statusesOf('/versions/{name}', 'get')).toEqual(['200', '400', ...access, '404', '429', '503']);
    expect(statusesOf('/rollback/{name}', 'post')).toEqual([
      '200',
      '400',
      ...access,
      '404',
      '409',
      '413',
      '415',
      '422',
      '429',
      '503',
      '507',
    ]);
    expect(statusesOf('/info', 'get')).toEqual(['200', ...access, '429']);
    expect(statusesOf('/info/{name}', 'get')).toEqual(['200', '400', ...access, '404', '429']);
    expect(statusesOf('/del/{name}', 'delete')).toEqual([
      '204',
      '400',
      ...access,
      '404',
      '429',
      '503',
      '507',
    ]);
    expect(statusesOf('/secrets/{name}', 'get')).toEqual(['200', '400', ...access, '404', '429']);
    const change = [...access, '404', '429', '503', '507'];
    expect(statusesOf('/secrets/{name}/{key}', 'delete')).toEqual(['204', '400', ...change]);
    expect(statusesOf('/secrets/{name}/{key}', 'put')).toEqual([
      '200',
      '400',
      ...access,
      '404',
      '413',
      '415',
      '429',
      '503',
      '507',
    ]);
  });

  it('lets a patch name any setting, or null', () => {
    const schemas = document.components?.schemas ?? {};
    const { properties } = schemas['FunctionSettingsPatch'] as { properties: Record<string, object> };
    expect(Object.keys(properties)).toEqual([...settingNames]);
    for (const property of Object.values(properties)) expect(property).toMatchObject({ nullable: true });
    expect(schemas['FunctionSettingsPatch']).not.toHaveProperty('required');
    expect(schemas['EffectiveSettings']).toHaveProperty('required', [...settingNames]);
  });

  it('describes the form of a deployment', () => {
    const body = document.paths['/deploy']?.post?.requestBody;
    expect(body).toMatchObject({
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            required: ['file'],
            properties: {
              file: { type: 'string', format: 'binary' },
              settings: { $ref: '#/components/schemas/FunctionSettingsPatch' },
              strict: { type: 'boolean' },
            },
          },
          // Without it clients would send the settings as a text of no type, or as the text of an object.
          encoding: { settings: { contentType: 'application/json' } },
        },
      },
    });
  });

  it.each([
    'FunctionMetadata',
    'FunctionList',
    'DeploymentResponse',
    'EffectiveSettings',
    'ChangedSettings',
    'SettingChange',
    'FunctionSettingsPatch',
    'SecretMetadata',
    'SecretList',
    'VersionList',
    'VersionMetadata',
    'RollbackBody',
  ])('gives a type to every field of %s', (name) => {
    const schema = document.components?.schemas?.[name] as { properties: Record<string, object> };
    for (const property of Object.values(schema.properties)) {
      const isMap = 'additionalProperties' in property;
      const hasType = isMap || 'oneOf' in property || ('type' in property && property.type !== 'object');
      expect(hasType || '$ref' in property || 'allOf' in property).toBe(true);
    }
  });
});
