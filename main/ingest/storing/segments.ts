import { microsPerMinute } from '../times/civil.ts';
import { isoOf } from '../times/elapsed.ts';
import { readDateTime } from '../times/read.ts';
import { WallClock } from '../times/zone.ts';

const headerKeys = /^(?:Channels|Samples|Date|Time|Y_Unit_Label|X_Dimension|X0|Delta_X)$/;

/**
 * Headers of later segments within a LabVIEW file: each tells when its records begin and how far apart they are. Source: NI, 'Specification for the
 * LabVIEW Measurement File (.lvm)'.
 */
export class Segments {
  private readonly zone: string;
  private date = '';
  private clock = '';
  private step = '';

  /** `zone`: of the file's dates. */
  constructor(zone: string) {
    this.zone = zone;
  }

  /** 'header' for a line of a segment's header; at its last one the format of the times that follow, or null where it told none. */
  take(cells: readonly string[]): 'header' | { format: string | null } | null {
    const [key = '', value = ''] = cells;
    if (/^X_Value\b/.test(key)) return this.begin();
    if (!headerKeys.test(key)) return null;
    if (key === 'Date') this.date = value;
    else if (key === 'Time') this.clock = value;
    else if (key === 'Delta_X') this.step = value.replace(',', '.');
    return 'header';
  }

  private begin(): { format: string | null } {
    const civil = readDateTime(`${this.date} ${this.clock}`, 'ymd', this.zone);
    const start = civil === null ? NaN : civil.offset === null ? new WallClock(this.zone).toUtc(civil.local, NaN) : civil.local - civil.offset * microsPerMinute;
    const step = Number(this.step);
    this.date = '';
    return { format: Number.isNaN(start) || !(step > 0) ? null : `every ${step} s since ${isoOf(start)}` };
  }
}
