import { entryExtensions as lookedForByTheServer } from '../../src/code/archive/archive-validator.js';
import { entryExtensions, setHandlerTo } from './entry-file.js';

describe('the setting of the handler', () => {
  it('means the same files to the worker and to the server', () => {
    expect(entryExtensions).toEqual(lookedForByTheServer);
  });

  it('is advised only where it can be set', () => {
    expect(setHandlerTo('dist/app', 'main')).toBe('set `handler` to "dist/app.main"');
    expect(setHandlerTo('my app', 'main')).toBeUndefined();
    expect(setHandlerTo('index', 'my handler')).toBeUndefined();
    expect(setHandlerTo('a'.repeat(128), 'main')).toBeUndefined();
  });
});
