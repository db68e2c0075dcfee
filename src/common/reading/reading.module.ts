import { Module } from '@nestjs/common';
import { ClockModule } from '../time/clock.module.js';
import { ReadingTurns } from './reading-turns.js';

@Module({ imports: [ClockModule], providers: [ReadingTurns], exports: [ReadingTurns] })
export class ReadingModule {}
