import type { Job } from '../../main/contract/jobs.ts';
import type { Run } from '../../main/contract/training.ts';
import { isKey, type Translate } from '../messages/translate.ts';

const fileName = (path: string): string => path.trim().split(/[\\/]/).at(-1) ?? path;

/** What a job is about, short: the file's name, or what is trained for which machines. */
const subjectOf = (t: Translate, job: Pick<Job, 'kind' | 'subject'>, run: Pick<Run, 'task' | 'machineType'> | undefined): string => {
  if (job.kind === 'train') return run === undefined ? job.subject : `${t(`task.${run.task}`)} · ${run.machineType}`;
  if (job.kind !== 'import' && job.kind !== 'backup') return job.subject;
  const [first = '', ...more] = job.subject.split(', ');
  return more.length === 0 ? fileName(first) : t('jobs.andMore', { first: fileName(first), count: more.length });
};

/** A job in words: 'Import pumps.csv'. */
export const jobTitle = (t: Translate, job: Pick<Job, 'kind' | 'subject'>, run?: Pick<Run, 'task' | 'machineType'>): string => t(`jobs.${job.kind}`, { subject: subjectOf(t, job, run) });

/** A job's stage in words, where there are some; else as the engine calls it. */
export const jobStage = (t: Translate, stage: string): string => {
  const key = `stage.${stage}`;
  return isKey(key) ? t(key) : stage;
};
