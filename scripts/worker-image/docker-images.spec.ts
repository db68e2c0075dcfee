import { failureIn } from './docker-images.mjs';

describe('failureIn', () => {
  it('finds the error in an answer that began well', () => {
    const answer = '{"stream":"Step 1/9"}\r\n{"errorDetail":{"message":"no space"},"error":"no space"}\r\n';
    expect(failureIn(answer)).toBe('no space');
  });

  it('finds none when all went well', () => {
    expect(failureIn('{"status":"sha256:0"}\r\n')).toBeUndefined();
  });
});
