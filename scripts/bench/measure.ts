// Figures of repeated measurements, ours and a peer's in turn.
export interface Summary {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

export const summary = (list: readonly number[]): Summary => {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share: number): number => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? NaN);
  return { min: at(0), median: at(0.5), max: at(1) };
};

/** One measurement: seconds of the work alone, and the most memory its process held, MiB. */
export interface Run {
  readonly seconds: number;
  readonly peakMiB?: number;
}

export interface Compared {
  readonly peer: string;
  readonly does: string;
  /** How many times as fast as the peer, round by round. */
  readonly ratio: Summary;
  readonly seconds: Summary;
  readonly peakMiB: Summary | null;
}

export interface Contest {
  readonly ours: { readonly seconds: Summary; readonly peakMiB: Summary | null };
  readonly peers: readonly Compared[];
}

export interface Contender {
  readonly name: string;
  /** What it does, in a few words: who compares must know what is compared. */
  readonly does: string;
  readonly run: () => Promise<Run> | Run;
}

const memoryOf = (runs: readonly Run[]): Summary | null => {
  const known = runs.flatMap(({ peakMiB }) => (peakMiB === undefined ? [] : [peakMiB]));
  return known.length === 0 ? null : summary(known);
};

/** Ours and each peer in turn, `rounds` times, after a round that isn't counted. */
export const contest = async (ours: Contender, peers: readonly Contender[], rounds: number, say: (line: string) => void): Promise<Contest> => {
  const all = [ours, ...peers];
  const runs = new Map<string, Run[]>(all.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const { name, run } of all) {
      const result = await run();
      if (round > 0) runs.get(name)?.push(result);
      say(`${round === 0 ? 'warm-up' : `round ${round} of ${rounds}`}: ${name} ${result.seconds.toFixed(2)} s${result.peakMiB === undefined ? '' : `, ${Math.round(result.peakMiB)} MiB`}`);
    }
  const own = runs.get(ours.name) ?? [];
  return {
    ours: { seconds: summary(own.map(({ seconds }) => seconds)), peakMiB: memoryOf(own) },
    peers: peers.map(({ name, does }) => {
      const theirs = runs.get(name) ?? [];
      return { peer: name, does, ratio: summary(theirs.map(({ seconds }, i) => seconds / (own[i]?.seconds ?? NaN))), seconds: summary(theirs.map(({ seconds }) => seconds)), peakMiB: memoryOf(theirs) };
    }),
  };
};
