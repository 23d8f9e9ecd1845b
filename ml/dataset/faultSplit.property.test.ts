import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitByMode, type ModedUnit } from './faultSplit.ts';

const unit = fc.record({ asset: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), end: fc.constantFrom('failure' as const, 'failure' as const, 'censored' as const), mode: fc.constantFrom('BRD', 'VIB', 'OHE') });

it('leaves every class a failure to validate on and two to learn from, whatever the machines', () => {
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 60 }), fc.nat(), fc.double({ min: 0.05, max: 0.5, noNaN: true }), (units: ModedUnit[], seed, share) => {
      const parts = splitByMode(units, seed, share);
      expect(parts).toEqual(splitByMode(units, seed, share));
      for (const mode of ['BRD', 'VIB', 'OHE']) {
        const own = parts.filter((_, at) => units[at]?.end === 'failure' && units[at].mode === mode);
        if (own.length < 3) continue;
        expect(own.filter((part) => part === 'validation').length).toBeGreaterThanOrEqual(1);
        expect(own.filter((part) => part === 'train').length).toBeGreaterThanOrEqual(2);
      }
    }),
  );
});
