import { lifeInSteps } from '../../dataset/table.ts';
import { agesOf, type Points } from './points.ts';

/** Mean life of the failed units among the fitted windows, in steps; null when none failed. */
export const fitMeanLife = ({ document, windows }: Points): number | null => {
  const lives = [...new Set(windows.units)].flatMap((index) => {
    const unit = document.units[index];
    const life = unit === undefined ? null : lifeInSteps(unit, document.step);
    return life === null ? [] : [life];
  });
  return lives.length === 0 ? null : lives.reduce((sum, life) => sum + life, 0) / lives.length;
};

/** What is left of the mean life at each window, in steps: the calendar's forecast. */
export const meanLifeLeft = (life: number, points: Points): Float32Array => agesOf(points).map((age) => Math.max(0, life - age));
