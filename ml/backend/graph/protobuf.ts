/** Wire types of protocol buffers (protobuf.dev/programming-guides/encoding). */
const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** A protocol buffers message under construction: fields by number, in the order they are added. */
export class Message {
  private readonly parts: Uint8Array[] = [];

  private raw(value: number | bigint): this {
    const bytes: number[] = [];
    // A negative number is sent as its two's complement in 64 bits.
    let rest = BigInt.asUintN(64, BigInt(value));
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest === 0n ? low : low | 0x80);
    } while (rest !== 0n);
    this.parts.push(Uint8Array.from(bytes));
    return this;
  }

  integer(field: number, value: number): this {
    return this.raw(field * 8 + VARINT).raw(value);
  }

  float(field: number, value: number): this {
    this.raw(field * 8 + FIXED32);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.parts.push(bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.raw(field * 8 + BYTES).raw(value.length);
    this.parts.push(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encode());
  }

  encode(): Uint8Array {
    const whole = new Uint8Array(this.parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}
