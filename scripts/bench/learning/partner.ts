// A program that stays and answers, JSON by the line: so that two can be measured in turn, both warm.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';

export interface Partner {
  /** @throws Error when the program ends or answers with something else than expected */
  ask<T>(command: Readonly<Record<string, unknown>>, answer: z.ZodType<T>): Promise<T>;
  end(): void;
}

/** Both sides of a contest get the same number of threads. */
const threadsOf = (threads: number): Record<string, string> => ({ TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads), OMP_NUM_THREADS: String(threads), TF_CPP_MIN_LOG_LEVEL: '3' });

const answers = (child: ChildProcess, name: string): AsyncIterator<string> => {
  if (child.stdout === null) throw new Error(`${name} has no standard output`);
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
};

export const startPartner = (name: string, program: string, args: readonly string[], threads: number): Partner => {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, ...threadsOf(threads) } });
  const lines = answers(child, name);
  return {
    ask: async (command, answer) => {
      child.stdin?.write(`${JSON.stringify(command)}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error(`${name} ended without an answer to '${String(command['do'])}'`);
      return answer.parse(JSON.parse(line.value));
    },
    end: () => child.stdin?.end(),
  };
};

export const Prepared = z.object({ parameters: z.int(), version: z.string() });
export const Seconds = z.object({ seconds: z.number() });
/** An epoch: on the clock, and of processor time over all threads, which another program's load changes little. */
export const Epoch = z.object({ seconds: z.number(), cpuSeconds: z.number() });
export const Memory = z.object({ tensors: z.int(), tensorsOfBinding: z.int(), mebibytes: z.number() });
