import { parseLdd } from './shared-libraries.mjs';

describe('parseLdd', () => {
  it('finds libraries and the loader, and skips what the kernel provides', () => {
    const output = [
      '\tlinux-vdso.so.1 (0x00007ffc5b5f2000)',
      '\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f3b7c8d0000)',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f3b7c6e0000)',
      '\t/lib64/ld-linux-x86-64.so.2 (0x00007f3b7c9d8000)',
    ].join('\n');
    expect(parseLdd(output)).toEqual([
      '/lib/x86_64-linux-gnu/libc.so.6',
      '/lib/x86_64-linux-gnu/libm.so.6',
      '/lib64/ld-linux-x86-64.so.2',
    ]);
  });

  it.each([
    ['a library is missing', '\tlibm.so.6 => not found\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f3b7c9d8000)'],
    ['the program has none', '\tnot a dynamic executable'],
    ['nothing is said', ''],
  ])('says nothing when %s', (_, output) => {
    expect(parseLdd(output)).toBeUndefined();
  });
});
