import type { Mapping } from '../../contract/data.ts';
import type { SourceId } from '../../contract/values.ts';
import type { Plant } from '../../store/plant.ts';
import { identityOf } from '../reading/bytes.ts';
import { IntakeState } from '../storing/intake.ts';
import type { KnownFile } from './tail.ts';

/** The files of one source that something is stored of, found by what one has of a file: a folder may have had thousands. */
export class KnownFiles {
  /** Forms of the files, the newest last. */
  readonly forms = new Set<Mapping>();
  private readonly byId = new Map<number, KnownFile>();
  private readonly byInode = new Map<number, KnownFile>();
  private readonly byPath = new Map<string, KnownFile>();
  private readonly byIdentity = new Map<string, Set<KnownFile>>();
  /** How many bytes identities cover, and how many files have one of so many. Those that have twins are told apart by more. */
  private readonly covered = new Map<number, number>();
  private readonly twins = new Set<KnownFile>();

  constructor(plant: Plant, source: SourceId) {
    for (const { state, ...file } of plant.sources.files(source)) this.set({ ...file, state: IntakeState.parse(state) });
  }

  set(file: KnownFile): void {
    const before = this.byId.get(file.id);
    if (before) this.remove(before);
    this.byId.set(file.id, file);
    this.byPath.set(file.path, file);
    if (file.state.inode !== null) this.byInode.set(file.state.inode, file);
    this.forms.delete(file.mapping);
    this.forms.add(file.mapping);
    if (file.identityBytes <= 0) return;
    if (file.state.twin !== '') this.twins.add(file);
    else {
      const same = this.byIdentity.get(file.identity) ?? new Set();
      this.byIdentity.set(file.identity, same.add(file));
      this.covered.set(file.identityBytes, (this.covered.get(file.identityBytes) ?? 0) + 1);
    }
  }

  ofInode(inode: number): KnownFile | undefined {
    return this.byInode.get(inode);
  }

  ofPath(path: string): KnownFile | undefined {
    return this.byPath.get(path);
  }

  /** Files that begin as `head` does, oldest first. */
  beginningLike(head: Buffer): KnownFile[] {
    const found: KnownFile[] = [];
    for (const bytes of this.covered.keys()) if (bytes <= head.length) found.push(...(this.byIdentity.get(identityOf(head, bytes)) ?? []));
    for (const file of this.twins) if (beginsLike(file, head)) found.push(file);
    return found.sort((a, b) => a.id - b.id);
  }

  private remove(file: KnownFile): void {
    if (this.byPath.get(file.path) === file) this.byPath.delete(file.path);
    if (file.state.inode !== null && this.byInode.get(file.state.inode) === file) this.byInode.delete(file.state.inode);
    this.twins.delete(file);
    const same = this.byIdentity.get(file.identity);
    if (same?.delete(file) !== true) return;
    if (same.size === 0) this.byIdentity.delete(file.identity);
    const left = (this.covered.get(file.identityBytes) ?? 0) - 1;
    if (left > 0) this.covered.set(file.identityBytes, left);
    else this.covered.delete(file.identityBytes);
  }
}

/** Whether a file's first bytes are those of a known one. */
export const beginsLike = ({ identity, identityBytes, state }: KnownFile, head: Buffer): boolean => identityBytes > 0 && identityBytes <= head.length && identityOf(head, identityBytes, state.twin) === identity;
