import { problemsIn } from '../../../common/settings/settings.js';
import { dockerSettings } from './docker.settings.js';

describe('where the engine is', () => {
  it.each([
    'tcp://127.0.0.1:2375',
    'tcp://engine:2376',
    'http://127.0.0.1',
    'ssh://root@host',
    'npipe:////./x',
    '/run/x',
  ])('is never a network address: %s', (address) => {
    expect(problemsIn([dockerSettings], { DOCKER_HOST: address })).toEqual([
      expect.stringContaining('DOCKER_HOST'),
    ]);
  });

  it('may be a socket', () => {
    expect(problemsIn([dockerSettings], { DOCKER_HOST: 'unix:///run/user/1000/docker.sock' })).toEqual([]);
  });
});
