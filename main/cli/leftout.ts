import type { LeftOutLabel } from '../contract/feasibility.ts';
import type { ModelFacts } from '../contract/training.ts';
import type { ModelId } from '../contract/values.ts';
import type { EngineClient } from '../channel/client.ts';

/** What a model was not given: sensors, and failures that could not be learned from. */
export interface LeftOut {
  readonly sensors: ModelFacts['leftOut'];
  readonly labels: readonly LeftOutLabel[];
}

export const leftOutOf = async (client: EngineClient, model: ModelId, machineType: string): Promise<LeftOut> => {
  const { leftOut } = await client.training.modelFacts({ model });
  const [type] = await client.training.feasibility({ machineType });
  return { sensors: leftOut, labels: type?.leftOut ?? [] };
};

/** Things with the same reason in one line, as many of their names as people read. */
const byReason = (what: string, entries: readonly { readonly name: string; readonly reason: string }[]): string[] => {
  const groups = new Map<string, string[]>();
  for (const { name, reason } of entries) groups.set(reason, [...(groups.get(reason) ?? []), name]);
  return [...groups].map(([reason, names]) => `${what} left out (${reason}): ${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`);
};

export const leftOutLines = ({ sensors, labels }: LeftOut): string[] => [...byReason('sensors', sensors), ...byReason('failures', labels.map(({ assetName, mode, reason }) => ({ name: `'${mode}' of ${assetName}`, reason })))];
