/** Names of files that tell nothing of a machine. */
const general = /^(?:(?:data|sensor|machine|process)?[ _-]*)?(?:logs?|logger|datalog|data|daten|values?|werte|export|history|historian|trends?|messung|messwerte|measurements?|readings?|records?|sensors?|output|current|live|数据|日志|记录)[ _.\d-]*$/i;

/** A folder a day or a month says when, not which machine. */
const isDate = (folder: string): boolean => /^[\d._ T-]+$/.test(folder);

/**
 * The asset of a file in a folder of the followed folder. A folder a machine is the common case (pump_1/log.csv, pump_2/log.csv): then the
 * folder's name is the machine's. Where files have names of their own (line_1/pump_1.csv) the folder is the line that they stand on, so that
 * the same name in two folders is never one machine. `byFile`: its name by the file alone.
 */
export const assetInSubfolder = (folder: string, byFile: string): string => {
  if (isDate(folder) || byFile === folder || byFile.startsWith(`${folder}_`) || byFile.includes('/')) return byFile;
  return general.test(byFile) ? folder : `${folder}/${byFile}`;
};
