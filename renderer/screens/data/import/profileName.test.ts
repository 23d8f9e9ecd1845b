import { expect, it } from 'vitest';
import { profileName } from './profileName.ts';

it('proposes what files of one kind share in their names', () => {
  expect(['/logs/press_7.csv', 'press_8_2026-02-13.csv.gz', 'C:\\data\\Kiln 20260213-0600.dat', 'P-1026.log.3', '20260213.csv', 'dryer_fan_2021.csv'].map(profileName)).toEqual(['press', 'press', 'Kiln', 'P', '20260213', 'dryer fan']);
});
