import { RecordingLog } from '../../test/fakes/recording-log.js';
import { FrameworkLog } from './framework-log.js';

function bridged() {
  const log = new RecordingLog();
  return { log, framework: new FrameworkLog(log) };
}

describe('FrameworkLog', () => {
  it("takes the framework's ordinary lines for debugging", () => {
    const { log, framework } = bridged();
    framework.log('Mapped {/info, GET} route', 'RouterExplorer');
    framework.verbose('x');
    expect(log.lines[0]).toEqual({
      level: 'debug',
      fields: { context: 'RouterExplorer' },
      message: 'Mapped {/info, GET} route',
    });
    expect(log.messagesAt('debug')).toHaveLength(2);
  });

  it('passes warnings on', () => {
    const { log, framework } = bridged();
    framework.warn('Careful', 'Router');
    expect(log.lines).toEqual([{ level: 'warn', fields: { context: 'Router' }, message: 'Careful' }]);
  });

  it('keeps the error that it is given', () => {
    const { log, framework } = bridged();
    const err = new Error('broken');
    framework.error(err, 'Hooks');
    expect(log.lines).toEqual([{ level: 'error', fields: { context: 'Hooks', err }, message: 'broken' }]);
  });

  it.each(['ExceptionHandler', 'NestApplication'])(
    'leaves it to whoever starts the server to say why that failed: %s',
    (context) => {
      const { log, framework } = bridged();
      framework.error(new Error('no directory'), context);
      expect(log.messagesAt('error')).toEqual([]);
      expect(log.messagesAt('debug')).toEqual(['no directory']);
    },
  );

  it('keeps the stack of an error that it is told about', () => {
    const { log, framework } = bridged();
    framework.fatal('broken', 'Error: broken\n    at x', 'Hooks');
    expect(log.lines).toEqual([
      { level: 'error', fields: { context: 'Hooks', stack: 'Error: broken\n    at x' }, message: 'broken' },
    ]);
  });
});
