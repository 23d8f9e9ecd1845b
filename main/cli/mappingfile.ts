import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Mapping } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import { checked, jsonFile } from './options.ts';

const Inspected = z.looseObject({ mapping: z.looseObject({}) });
const Printed = z.looseObject({ files: z.array(Inspected) });

/** What 'inspect' prints of a mapping beside it as well. */
const printedTwice = ['layout', 'dialect', 'timestamp', 'columns'] as const;

/** The mapping within what 'inspect --json' printed. What stands there twice must say the same, or a change by hand would be lost. */
const within = (inspected: z.infer<typeof Inspected>, path: string): unknown => {
  const differing = printedTwice.filter((part) => part in inspected && !isDeepStrictEqual(inspected[part], inspected.mapping[part]));
  if (differing.length === 0) return inspected.mapping;
  throw new AppError('input-invalid', `${path} says two things: ${differing.map((part) => `'${part}' and 'mapping.${part}'`).join(', ')} differ; change both, or give what stands under 'mapping' alone`, { path });
};

/** A mapping file: a mapping alone, or the whole of what 'inspect --json' printed of one file. @throws AppError('file-unreadable' | 'input-invalid') */
export const mappingFile = (path: string, named: string): Mapping => {
  const written = jsonFile(path);
  const what = `the mapping ${named}`;
  const printed = Printed.safeParse(written);
  if (printed.success) {
    const [first, ...others] = printed.data.files;
    if (first === undefined || others.length > 0) throw new AppError('input-invalid', `${what} holds the mappings of ${printed.data.files.length} files; give that of one`, { path });
    return checked(Mapping, within(first, named), what);
  }
  const inspected = Inspected.safeParse(written);
  return checked(Mapping, inspected.success ? within(inspected.data, named) : written, what);
};
