/** A name for the kind that a file is of: its own name less dates, numbers and what its format is called. */
export const profileName = (file: string): string => {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const stem = name.replace(/(\.(csv|tsv|txt|dat|log|asc|prn|lvm|gz|zip|\d+))+$/i, '');
  const kind = stem
    .replaceAll(/\d{2,4}[-_.]?\d{2}[-_.]?\d{2,4}([-_T ]?\d{2}[-_.:]?\d{2}([-_.:]?\d{2})?)?/g, ' ')
    .replaceAll(/[-_ .]?\d+(?=$|[-_ .])/g, ' ')
    .replaceAll(/[-_ .]+/g, ' ')
    .trim();
  return kind === '' ? stem : kind;
};
