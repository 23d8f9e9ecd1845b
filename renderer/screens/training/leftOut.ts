import { isKey, type Translate } from '../../messages/translate.ts';

/** Forms of the engine's reasons for leaving a sensor out, with what they name. */
const forms: readonly (readonly [pattern: RegExp, key: 'leftOutSensor.missing' | 'leftOutSensor.otherUnit'])[] = [
  [/^missing on (.+)$/, 'leftOutSensor.missing'],
  [/^in another unit on (.+)$/, 'leftOutSensor.otherUnit'],
];

/** Why a sensor is left out, in the window's language where the engine's words are known. */
export const leftOutReason = (t: Translate, reason: string): string => {
  for (const [pattern, key] of forms) {
    const machine = pattern.exec(reason)?.[1];
    if (machine !== undefined) return t(key, { machine });
  }
  const key = `leftOutSensor.${reason.replaceAll(' ', '-')}`;
  return isKey(key) ? t(key) : reason;
};
