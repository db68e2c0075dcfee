/** For tests that look at what others make and remove meanwhile: what has just gone reads as empty. */
import { readdirSync, readFileSync } from 'node:fs';

export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
