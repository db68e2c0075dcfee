import { readFile } from 'node:fs/promises';
import { C_LIBRARY_NAMES, cLibraryBeside, parseLdd } from './shared-libraries.mjs';

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

/** What Node.js from npm brings along on a Debian machine, as `ldd` prints it. */
const brought = [
  '/lib/x86_64-linux-gnu/libc.so.6',
  '/lib/x86_64-linux-gnu/libdl.so.2',
  '/lib/x86_64-linux-gnu/libgcc_s.so.1',
  '/lib/x86_64-linux-gnu/libm.so.6',
  '/lib/x86_64-linux-gnu/libpthread.so.0',
  '/lib/x86_64-linux-gnu/libstdc++.so.6',
  '/lib64/ld-linux-x86-64.so.2',
];

const below =
  (...directories: string[]) =>
  (file: string) =>
    directories.some((directory) => file.startsWith(`${directory}/`));

describe('what add-ons find beside the libraries of Node.js', () => {
  it('is every other shared library of the packages, and the conversions of iconv where it looks for them', async () => {
    const both = below('/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu');
    expect(await cLibraryBeside(brought, both)).toEqual(
      [
        ...['libBrokenLocale.so.1', 'libanl.so.1', 'libc_malloc_debug.so.0', 'libmvec.so.1', 'libnsl.so.1'],
        ...['libnss_compat.so.2', 'libnss_dns.so.2', 'libnss_files.so.2', 'libnss_hesiod.so.2'],
        ...['libresolv.so.2', 'librt.so.1', 'libthread_db.so.1', 'libutil.so.1'],
        ...['gconv/ANSI_X3.110.so', 'gconv/CP1252.so', 'gconv/ISO8859-1.so', 'gconv/ISO8859-15.so'],
        ...[
          'gconv/UNICODE.so',
          'gconv/UTF-16.so',
          'gconv/UTF-32.so',
          'gconv/UTF-7.so',
          'gconv/gconv-modules',
        ],
      ].map((name) => `/usr/lib/x86_64-linux-gnu/${name}`),
    );
  });

  it('is taken from where the C library is, on a machine that keeps /lib and /usr/lib apart', async () => {
    const found = await cLibraryBeside(brought, below('/lib/x86_64-linux-gnu'));
    expect(found).toContain('/lib/x86_64-linux-gnu/libresolv.so.2');
  });

  it('is as much of it as the machine has', async () => {
    expect(await cLibraryBeside(brought, () => false)).toEqual([]);
    expect(await cLibraryBeside(['/lib/ld-musl-x86_64.so.1'], () => true)).toEqual([]);
  });

  it('is written down one name a line, so that the Dockerfile can read it', async () => {
    const text = await readFile(C_LIBRARY_NAMES, 'utf8');
    const names = text.split('\n');
    expect(names.pop()).toBe('');
    expect(names.every((name) => /^(gconv\/[\w.-]+|lib[\w+]+\.so\.\d+)$/.test(name))).toBe(true);
  });
});
