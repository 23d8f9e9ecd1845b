import { z } from 'zod';
import { Mapping } from '../../contract/data.ts';
import { IntakeState } from '../storing/intake.ts';

/** Different kinds of lines that one source is known to send. */
const mostForms = 16;

const Document = z.object({ forms: z.array(Mapping), numbered: z.number(), before: z.record(z.string(), z.number()) });

const columnsOf = (form: Mapping): string => JSON.stringify([form.layout, form.dialect.delimiter, form.timestamp, form.columns.map(({ name, role, unit }) => [name, role, unit])]);

/** What a link knows from one connection to the next: the forms of its lines, and how far its streams have come. */
export class LinkMemory {
  /** Newest first. */
  readonly forms: Mapping[] = [];
  private numbered = 0;
  private before: Record<string, number> = {};

  constructor(document: unknown) {
    const known = Document.safeParse(document);
    if (!known.success) return;
    this.forms.push(...known.data.forms);
    this.numbered = known.data.numbered;
    this.before = known.data.before;
  }

  keep(form: Mapping, state: IntakeState): void {
    const columns = columnsOf(form);
    const at = this.forms.findIndex((each) => each === form || columnsOf(each) === columns);
    if (at !== 0 || this.forms.length === 0) {
      const [known] = at > 0 ? this.forms.splice(at, 1) : [form];
      this.forms.unshift(known ?? form);
      this.forms.length = Math.min(this.forms.length, mostForms);
    }
    this.numbered = Math.max(this.numbered, state.numbered);
    for (const [stream, position] of Object.entries(state.before)) this.before[stream] = Math.max(this.before[stream] ?? -Infinity, position);
  }

  /** The state in which a new connection's reader begins. */
  begin(asset: string): IntakeState {
    return IntakeState.parse({ before: this.before, numbered: this.numbered, asset });
  }

  document(): unknown {
    return { forms: this.forms, numbered: this.numbered, before: this.before };
  }
}
