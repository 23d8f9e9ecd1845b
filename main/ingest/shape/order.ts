import type { Mapping } from '../../contract/data.ts';
import { readChunks, ToBytes } from '../reading/bytes.ts';
import { cutterOf, delimiterByte, quoteByte } from '../reading/cells.ts';
import { decoderOf } from '../reading/encoding.ts';
import { RecordReader } from '../reading/records.ts';
import { findOrder, patternOf } from './timeform.ts';

/** More different dates than these tell nothing new about the order of day and month. */
const mostDates = 5000;

const datePart = (text: string): string => /^\D*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}/.exec(text)?.[0] ?? text;

/** The different dates of a file, each with its first time, in the order in which they come. */
const datesOf = async (path: string, mapping: Mapping): Promise<string[]> => {
  const columns = mapping.columns.filter((column) => column.role === 'time' || column.role === 'date').map((column) => column.index);
  const reader = new RecordReader(delimiterByte(mapping.dialect.delimiter), 1, quoteByte(mapping.dialect.quote));
  const cut = cutterOf(mapping.dialect.delimiter, mapping.dialect.quote);
  const decode = decoderOf(mapping.dialect.encoding);
  const toBytes = new ToBytes(mapping.dialect.encoding);
  const dates = new Map<string, string>();
  for await (const chunk of readChunks(path, 0)) {
    reader.feed(toBytes.take(chunk));
    while (reader.next(false)) {
      if (reader.recordLine <= mapping.dialect.headerLines) continue;
      const cells = cut(decode(reader.buffer.subarray(reader.start, reader.stop)));
      for (const column of columns) {
        const text = cells[column] ?? '';
        const date = datePart(text);
        if (text !== '' && !dates.has(date)) dates.set(date, text);
      }
    }
    if (dates.size >= mostDates) break;
  }
  return [...dates.values()];
};

/** Looks through the whole file for what the sample left open: whether the day or the month stands first. */
export const settleOrder = async (path: string, mapping: Mapping): Promise<{ mapping: Mapping; isOpen: boolean; why: string }> => {
  const texts = await datesOf(path, mapping);
  const { order, isOpen, why } = findOrder(texts, mapping.timestamp.zone);
  const format = patternOf(texts[0] ?? '', order);
  return { mapping: { ...mapping, timestamp: { ...mapping.timestamp, format: texts.length > 0 ? format : mapping.timestamp.format } }, isOpen, why };
};
