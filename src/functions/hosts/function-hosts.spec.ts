import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { InMemoryFunctionStore } from '../../../test/fakes/in-memory-function-store.js';
import { ServerNames } from '../../common/network/server-names.js';
import { deployedFunction } from '../../../test/support/builders/functions.js';
import { changeTo, deletionOf } from '../change-feed.js';
import { FunctionRegistry } from '../function-registry.js';
import type { DeployedFunction } from '../function.js';
import { functionsSettings, type FunctionsSettings } from '../functions.settings.js';
import { InvocationCounter } from '../invocation-counter.js';
import { completeSettings } from '../settings/default-settings.js';
import { parseFunctionDomain } from './function-domain.js';
import { FunctionHosts } from './function-hosts.js';

let registry: FunctionRegistry;
let log: RecordingLog;

beforeEach(() => {
  const clock = new ManualClock();
  log = new RecordingLog();
  registry = new FunctionRegistry(new InvocationCounter(new InMemoryFunctionStore(), clock, log), clock, 100);
});

function hostsWith(functionDomain: string, ...serverNames: string[]): FunctionHosts {
  const settings = { ...(functionsSettings.config() as FunctionsSettings), functionDomain };
  return new FunctionHosts(registry, new ServerNames(new Set(serverNames)), log, settings);
}

function deploy(name: string, ...hosts: string[]): DeployedFunction {
  const deployed = deployedFunction({ name, settings: { hosts } });
  registry.apply(changeTo(deployed));
  return deployed;
}

const ownedBy = (name: string) => ({ kind: 'function', name });

describe('a host below the domain of functions', () => {
  it('is the function of its name', () => {
    deploy('hello');
    expect(hostsWith('fn.example.com').ownerOf('hello.fn.example.com')).toEqual(ownedBy('hello'));
  });

  it('is the function with capitals, which a host cannot have', () => {
    deploy('HelloWorld');
    expect(hostsWith('fn.example.com').ownerOf('helloworld.fn.example.com')).toEqual(ownedBy('HelloWorld'));
  });

  it.each([
    ['hello', 'Hello'],
    ['Hello', 'HELLO'],
    ['Hello', 'hello', 'HELLO'],
  ])('is nobody’s where several functions could be meant: %s, %s', (...names) => {
    const all = names.map((name) => deploy(name));
    const hosts = hostsWith('fn.example.com');
    expect(hosts.ownerOf('hello.fn.example.com')).toEqual({ kind: 'nobody', label: 'hello' });
    for (const deployed of all.slice(1)) registry.apply(deletionOf(deployed));
    expect(hosts.ownerOf('hello.fn.example.com')).toEqual(ownedBy(names[0]));
  });

  it('is nobody’s where no function has the name, or it has more labels', () => {
    deploy('hello');
    const hosts = hostsWith('fn.example.com');
    expect(hosts.ownerOf('other.fn.example.com')).toEqual({ kind: 'nobody', label: 'other' });
    expect(hosts.ownerOf('a.hello.fn.example.com')).toEqual({ kind: 'nobody', label: 'a.hello' });
    expect(hosts.ownerOf('.fn.example.com')).toEqual({ kind: 'nobody', label: '' });
  });

  it.each(['fn.example.com', 'hello.fn.example.com.evil', 'hellofn.example.com', 'hello', 'localhost', ''])(
    'is not %j',
    (host) => {
      deploy('hello');
      expect(hostsWith('fn.example.com').ownerOf(host)).toBeUndefined();
    },
  );

  it('is the server’s where the operator says so', () => {
    deploy('hello');
    const hosts = hostsWith('fn.example.com', 'hello.fn.example.com');
    expect(hosts.ownerOf('hello.fn.example.com')).toBeUndefined();
  });

  it('is none without a domain', () => {
    deploy('hello');
    expect(hostsWith('').ownerOf('hello.')).toBeUndefined();
    expect(hostsWith('').areUsed).toBe(false);
    expect(hostsWith('fn.example.com').areUsed).toBe(true);
  });
});

describe('a host that a function has chosen', () => {
  it('is that function’s while it has it', () => {
    const shop = deploy('shop', 'shop.example.com', 'store.example.com');
    const hosts = hostsWith('');
    expect(hosts.areUsed).toBe(true);
    expect(hosts.ownerOf('store.example.com')).toEqual(ownedBy('shop'));
    const next = { ...shop, revision: 2, settings: completeSettings({ hosts: ['shop.example.com'] }) };
    registry.apply(changeTo(next));
    expect(hosts.ownerOf('store.example.com')).toBeUndefined();
    expect(hosts.ownerOf('shop.example.com')).toEqual(ownedBy('shop'));
    registry.apply(deletionOf(next));
    expect(hosts.ownerOf('shop.example.com')).toBeUndefined();
    expect(hosts.areUsed).toBe(false);
  });

  it('is known to be chosen, until it is not any more', () => {
    const shop = deploy('shop', 'shop.example.com');
    const hosts = hostsWith('');
    expect([hosts.isChosen('shop.example.com'), hosts.isChosen('other.example.com')]).toEqual([true, false]);
    registry.apply(deletionOf(shop));
    expect(hosts.isChosen('shop.example.com')).toBe(false);
  });

  it('stays with its next owner when the change of the one before becomes known later', () => {
    const before = deploy('before', 'shop.example.com');
    deploy('after', 'shop.example.com');
    registry.apply(deletionOf(before));
    expect(hostsWith('').ownerOf('shop.example.com')).toEqual(ownedBy('after'));
  });

  it('is the server’s once the operator says so, and the log tells', () => {
    deploy('shop', 'shop.example.com', 'a.fn.example.com', 'other.example.org');
    const hosts = hostsWith('fn.example.com', 'shop.example.com');
    hosts.logConflicts();
    expect(hosts.ownerOf('shop.example.com')).toBeUndefined();
    expect(hosts.ownerOf('a.fn.example.com')).toEqual({ kind: 'nobody', label: 'a' });
    expect(log.lines).toMatchObject([
      { level: 'warn', fields: { function: 'shop', hosts: ['shop.example.com', 'a.fn.example.com'] } },
    ]);
  });
});

describe('the domain of functions', () => {
  it.each([
    ['fn.example.com', 'fn.example.com'],
    ['FN.Example.COM.', 'fn.example.com'],
    ['fn.localhost', 'fn.localhost'],
    ['', ''],
  ])('may be %j', (text, domain) => {
    expect(parseFunctionDomain(text)).toBe(domain);
  });

  it.each([
    'localhost',
    'com',
    '*.example.com',
    '.example.com',
    'fn.example.com:80',
    '10.0.0.1',
    'http://fn.example.com',
    'a b.c',
    'bücher.example',
  ])('is not %j', (text) => {
    expect(parseFunctionDomain(text)).toBeUndefined();
  });
});
