import { codeStoreContract } from '../../../test/contract/code-store.contract.js';
import { InMemoryCodeStore } from '../../../test/fakes/in-memory-code-store.js';
import { defaultLimits } from '../../../test/support/archives/unpacking.js';

describe('the code store of unit tests', () => {
  codeStoreContract(async () => {
    const maxArchiveBytes = 1024 * 1024;
    const store = new InMemoryCodeStore({ ...defaultLimits, maxArchiveBytes });
    return {
      store,
      maxArchiveBytes,
      linkDirectory: '/run',
      filesIn: async (directory) => {
        const files = store.directories.get(directory);
        return files && Object.fromEntries([...files].map(([path, content]) => [path, content.toString()]));
      },
      stagedCount: async () => store.staged.size,
      close: async () => undefined,
    };
  });
});
