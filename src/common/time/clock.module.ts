import { Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';

/** Apart from the clock, so that programs that Node runs without a build can read the clock. */
@Module({ providers: [{ provide: Clock, useClass: SystemClock }], exports: [Clock] })
export class ClockModule {}
