/** How a machine is operated over the week. All plant hours are UTC. */
export type Regime =
  /** Day and night; less at night and at weekends. */
  | 'continuous'
  /** Monday to Saturday, 06:00 to 22:00; stands still otherwise. */
  | 'two-shift'
  /** Day and night from Monday to Friday; stands still at weekends. */
  | 'week-days';

const hour = 3_600_000;

/** Set point of the drive as a share of its nominal speed; 0: standing still. `at` in milliseconds since 1970. */
export const setPoint = (regime: Regime, at: number): number => {
  const time = new Date(at);
  const ofDay = time.getUTCHours();
  const weekday = time.getUTCDay();
  const weekend = weekday === 0 || weekday === 6;
  const night = ofDay < 6 || ofDay >= 22;
  switch (regime) {
    case 'continuous':
      return weekend || night ? 0.85 : ofDay < 14 ? 1 : 0.93;
    case 'two-shift':
      return weekday === 0 || night ? 0 : ofDay < 14 ? 1 : 0.9;
    case 'week-days':
      return weekend ? 0 : night ? 0.8 : 1;
  }
};

/** Outdoor temperature in °C: a year, a day, and the weather's own wander. */
export const ambient = (at: number, weather: number): number => {
  const day = (at / (24 * hour)) % 365.25;
  const ofDay = (at / hour) % 24;
  return 14 - 8 * Math.cos((2 * Math.PI * (day - 20)) / 365.25) - 3.5 * Math.cos((2 * Math.PI * (ofDay - 3)) / 24) + weather;
};
