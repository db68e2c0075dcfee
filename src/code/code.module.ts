import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Installation } from '../common/installation/installation.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { archiveSettings } from './archive/archive.settings.js';
import { codeSettings } from './code.settings.js';
import { CodeCheck } from './integrity/code-check.js';
import { CodeDirectory } from './store/code-directory.js';
import { CodeStore } from './store/code-store.js';
import { DiskCodeStore } from './store/disk-code-store.js';
import { RetiredCode } from './store/retired-code.js';
import { CodeThread } from './thread/code-thread.js';
import { ThreadTreeDigester, TreeDigester } from './thread/tree-digester.js';
import { ThreadUnpacker, Unpacker } from './thread/unpacker.js';

/** The code of functions: checks and unpacks archives, keeps versions, and verifies their integrity. */
@Module({
  imports: [
    ConfigModule.forFeature(archiveSettings.config),
    ConfigModule.forFeature(codeSettings.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ClockModule,
    FunctionsModule,
  ],
  providers: [
    {
      provide: CodeDirectory,
      inject: [Installation],
      useFactory: (installation: Installation) => new CodeDirectory(installation),
    },
    { provide: CodeThread, useFactory: () => new CodeThread() },
    { provide: Unpacker, useClass: ThreadUnpacker },
    { provide: TreeDigester, useClass: ThreadTreeDigester },
    { provide: CodeStore, useClass: DiskCodeStore },
    RetiredCode,
    CodeCheck,
  ],
  exports: [CodeStore, RetiredCode],
})
export class CodeModule {}
