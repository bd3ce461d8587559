import type { EditNode } from './json-edits.ts';
import { scanElements, scanMembers } from './json-scan.ts';
import type { Member } from './json-scan.ts';

/** An object in the text: where it begins, its members in order, duplicates included, and the index behind it. */
export interface ScannedObject {
  start: number;
  members: Member[];
  end: number;
}

/** Copies the original text in ranges and writes the edited places between them: one pass, one allocation. */
export class EditWriter {
  readonly #bytes: Buffer;
  readonly #pieces: Buffer[] = [];
  #copied = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  finish(): Buffer {
    this.#pieces.push(this.#bytes.subarray(this.#copied));
    return Buffer.concat(this.#pieces);
  }

  /** Writes `text` in place of the bytes from `start` to `end`. */
  #replace(start: number, end: number, text: string): void {
    if (start > this.#copied) this.#pieces.push(this.#bytes.subarray(this.#copied, start));
    if (text !== '') this.#pieces.push(Buffer.from(text));
    this.#copied = end;
  }

  /** `dropShadowed`: members overridden by a later one of the same name go, even when nothing edits them. */
  object({ start, members, end }: ScannedObject, node: EditNode, dropShadowed = false): void {
    const last = new Map(members.map((member) => [member.key, member]));
    const added = [...node.children].filter(([key, child]) => !last.has(String(key)) && child.action?.kind === 'set');
    const isDropped = (member: Member): boolean => {
      const child = node.children.get(member.key);
      if (last.get(member.key) !== member) return dropShadowed || child !== undefined;
      return child?.action?.kind === 'remove';
    };
    const kept = members.filter((member) => !isDropped(member));
    // Dropping a member takes the comma with it: text between the previous kept member and the next kept one shrinks.
    let previousEnd = start + 1;
    let pendingDrop = false;
    for (const member of members) {
      if (isDropped(member)) {
        pendingDrop = true;
        continue;
      }
      if (pendingDrop) this.#replace(previousEnd, member.keyStart, member === kept[0] ? '' : ',');
      pendingDrop = false;
      this.#member(member, node.children.get(member.key));
      previousEnd = member.valueEnd;
    }
    if (pendingDrop) this.#replace(previousEnd, end - 1, '');
    if (added.length > 0) {
      const text = added.map(([key, child]) => memberText(child.renamedTo ?? String(key), child)).join(',');
      this.#replace(
        Math.max(previousEnd, this.#copied),
        Math.max(previousEnd, this.#copied),
        kept.length > 0 ? `,${text}` : text,
      );
    }
  }

  #member(member: Member, node: EditNode | undefined): void {
    if (!node) return;
    if (node.renamedTo !== undefined) this.#replace(member.keyStart, member.keyEnd, JSON.stringify(node.renamedTo));
    this.#value(member.valueStart, member.valueEnd, node);
  }

  #value(start: number, end: number, node: EditNode): void {
    if (node.action?.kind === 'set') this.#replace(start, end, JSON.stringify(node.action.value));
    else if (node.children.size > 0) this.#children(start, node);
  }

  #children(start: number, node: EditNode): void {
    if (this.#bytes[start] === 0x7b) this.object({ start, ...scanMembers(this.#bytes, start) }, node);
    else if (this.#bytes[start] === 0x5b) {
      const { elements } = scanElements(this.#bytes, start);
      for (const [index, element] of elements.entries()) {
        const child = node.children.get(index);
        if (child) this.#value(element.start, element.end, child);
      }
    }
  }
}

function memberText(key: string, node: EditNode): string {
  return node.action?.kind === 'set' ? `${JSON.stringify(key)}:${JSON.stringify(node.action.value)}` : '';
}
