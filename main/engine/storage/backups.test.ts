import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JobId, microsOf } from '../../contract/values.ts';
import { listBackups } from '../../store/backups.ts';
import { openPlant } from '../../store/plant.ts';
import { settableClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { createBackups } from './backups.ts';
import { createStorageMonitor } from './monitor.ts';

test('a week of daily backups is kept, those made by hand for ever, and the newest that is there is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millwright-daily-'));
  const clock = settableClock(microsOf(Date.UTC(2026, 0, 1)));
  const plant = openPlant(folder, { clock });
  const monitor = createStorageMonitor({ folder, clock, log: silentLog, background: false });
  const backups = createBackups(plant, clock, monitor);
  const context = { id: JobId.parse(1), signal: new AbortController().signal, progress: () => undefined };
  await backups.backup(join(folder, 'by-hand.backup'), context);
  for (let day = 0; day < 9; day += 1) {
    clock.advance(86_400e6);
    await backups.daily(context);
  }
  expect(readdirSync(join(folder, 'backups')).sort()).toEqual([...[4, 5, 6, 7, 8, 9, 10].map((day) => `plant-2026-01-${String(day).padStart(2, '0')}T000000.backup`), 'backups.json'].sort());
  expect(listBackups(folder).map(({ isAutomatic, isThere }) => [isAutomatic, isThere])).toEqual([...Array.from({ length: 7 }, () => [true, true]), [false, true]]);
  expect(monitor.state().lastBackup).toMatchObject({ at: clock.now(), file: expect.stringContaining('01-10') });
  rmSync(join(folder, 'backups', 'plant-2026-01-10T000000.backup'));
  expect(listBackups(folder)[0]).toMatchObject({ isThere: false });
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});
