import type { HealthState } from '../../main/contract/plant.ts';

/** Colours of the present theme, as tokens.css has them. */
export interface Palette {
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly line: string;
  readonly surface: string;
  readonly series: readonly string[];
  readonly states: Readonly<Record<HealthState, string>>;
}

const SERIES = [1, 2, 3, 4, 5, 6] as const;

/** Read anew for each theme: the argument is what makes a chart follow the change. */
export const paletteOf = (_theme: 'light' | 'dark'): Palette => {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: token('text'),
    quiet: token('text-quiet'),
    grid: token('grid'),
    line: token('line-strong'),
    surface: token('surface-raised'),
    series: SERIES.map((number) => token(`series-${String(number)}`)),
    states: {
      normal: token('normal-fill'),
      watch: token('watch-fill'),
      warning: token('warning-fill'),
      critical: token('critical-fill'),
      unknown: token('unknown-fill'),
    },
  };
};

/** A colour with an opacity of 0 to 1; tokens are written as #rrggbb. */
export const faded = (colour: string, opacity: number): string =>
  `${colour}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
