import type { Alarm } from '../../../main/contract/alarms.ts';
import type { AlertsRoute } from '../../state/route.ts';

/** Alarms whose words hold every searched word, of the wanted priority. `wordsOf` is what the list shows of an alarm. */
export const matching = (alarms: readonly Alarm[], filter: Pick<AlertsRoute, 'search' | 'priority'>, wordsOf: (alarm: Alarm) => string): readonly Alarm[] => {
  const wanted = filter.search.trim().toLocaleLowerCase().split(/\s+/);
  return alarms.filter((alarm) => {
    const text = `${alarm.assetName} ${wordsOf(alarm)} ${alarm.comment ?? ''} ${alarm.shelveReason ?? ''}`.toLocaleLowerCase();
    return (filter.priority === '' || alarm.priority === filter.priority) && wanted.every((word) => text.includes(word));
  });
};
