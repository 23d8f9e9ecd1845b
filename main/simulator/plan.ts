import type { MachinePlan } from './machine.ts';

const area = (name: string, line: string) => ({ area: name, line });
const cooling = area('Utilities', 'Cooling water');
const air = area('Utilities', 'Compressed air');
const feed = area('Process', 'Feed line');
const extrusion = area('Process', 'Extrusion line');

/** The demo plant. Two pumps end the history in trouble: one breaks within the first half hour, one within two days. */
export const plan: readonly MachinePlan[] = [
  { name: 'P-101', type: 'pump', ...cooling, regime: 'continuous', failsAfterHours: null },
  { name: 'P-102', type: 'pump', ...cooling, regime: 'continuous', failsAfterHours: null },
  { name: 'P-103', type: 'pump', ...cooling, regime: 'continuous', failsAfterHours: 0.5 },
  { name: 'P-201', type: 'pump', ...feed, regime: 'continuous', failsAfterHours: 40 },
  { name: 'P-202', type: 'pump', ...feed, regime: 'two-shift', failsAfterHours: null },
  { name: 'P-203', type: 'pump', ...extrusion, regime: 'week-days', failsAfterHours: null },
  { name: 'G-201', type: 'gearbox', ...extrusion, regime: 'week-days', failsAfterHours: null },
  { name: 'K-101', type: 'compressor', ...air, regime: 'continuous', failsAfterHours: null },
];
