import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node/dist/tfjs_binding.js';
import type { Attribute, GraphNode } from './savedModel.ts';

/** An input of the recorded work that its operations did read. */
export interface Placeholder {
  readonly name: string;
  readonly shape: readonly number[];
  /** Which of the work's inputs it is. */
  readonly input: number;
}

/** Every operation between two moments, as nodes of a graph. */
export interface Recording {
  /** Stands in for the binding: does what it does and writes it down. */
  readonly binding: TFJSBinding;
  readonly nodes: readonly GraphNode[];
  readonly placeholders: readonly Placeholder[];
}

const bytesOf = (values: Float32Array | Int32Array | Uint8Array): Uint8Array => new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));

const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((one) => typeof one === 'number');

const attributeOf = (binding: TFJSBinding, op: string, { name, type, value }: TFEOpAttr): Attribute => {
  if (typeof value === 'string') return { kind: 'text', value };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (isNumbers(value)) return { kind: type === binding.TF_ATTR_SHAPE ? 'shape' : 'integers', value };
  if (typeof value === 'number' && type === binding.TF_ATTR_INT) return { kind: 'integer', value };
  if (typeof value === 'number' && type === binding.TF_ATTR_FLOAT) return { kind: 'float', value };
  if (typeof value === 'number' && type === binding.TF_ATTR_TYPE) return { kind: 'type', value };
  // tfjs-node hands over true and false as 1 and 0 here and there.
  if (typeof value === 'number' && type === binding.TF_ATTR_BOOL) return { kind: 'boolean', value: value !== 0 };
  throw new Error(`the attribute '${name}' of ${op} is of a kind that can't be recorded`);
};

/** Of which TensorFlow type an array of the binding is. */
const typeOf = (binding: TFJSBinding, values: unknown): number => {
  if (values instanceof Float32Array) return binding.TF_FLOAT;
  if (values instanceof Int32Array) return binding.TF_INT32;
  throw new Error('a tensor from outside of the work is neither float32 nor int32');
};

/**
 * Starts to write down what is asked of the binding. A tensor made of one of `inputs` (the very array) becomes a placeholder;
 * any other tensor made on the way, or there before, becomes a constant.
 */
export const startRecording = (real: TFJSBinding, inputs: readonly Float32Array[]): Recording => {
  const nodes: GraphNode[] = [];
  const placeholders: Placeholder[] = [];
  const names = new Map<number, string>();
  const add = (op: string, from: readonly string[], attributes: Iterable<readonly [string, Attribute]>): string => {
    const name = `n${nodes.length}`;
    nodes.push({ name, op, inputs: from, attributes: new Map(attributes) });
    return name;
  };
  const constant = (type: number, shape: readonly number[], content: Uint8Array): string => add('Const', [], [['dtype', { kind: 'type', value: type }], ['value', { kind: 'tensor', type, shape, content }]]);
  const nameOf = (id: number): string => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const values = real.tensorDataSync(id);
    // A tensor from before has no shape here: a scalar would be taken for a vector of one, so both are refused.
    if (values.length === 1) throw new Error('a tensor of one value comes from outside of the work');
    const name = constant(typeOf(real, values), [values.length], bytesOf(values));
    names.set(id, name);
    return name;
  };
  const recorder: Pick<TFJSBinding, 'createTensor' | 'executeOp' | 'tensorDataSync'> = {
    createTensor: (shape, type, values) => {
      const id = real.createTensor(shape, type, values);
      if (!(values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array)) throw new Error('a tensor of texts was made');
      const input = values instanceof Float32Array ? inputs.indexOf(values) : -1;
      if (input === -1) names.set(id, constant(type, shape, bytesOf(values)));
      else {
        const name = add('Placeholder', [], [['dtype', { kind: 'type', value: type }], ['shape', { kind: 'shape', value: shape }]]);
        placeholders.push({ name, shape, input });
        names.set(id, name);
      }
      return id;
    },
    executeOp: (op, attributes, ids, outputs) => {
      const from = ids.map(nameOf);
      const answers = real.executeOp(op, attributes, ids, outputs);
      const name = add(op, from, attributes.filter(({ value }) => value !== undefined).map((attribute) => [attribute.name, attributeOf(real, op, attribute)]));
      answers.forEach(({ id }, at) => names.set(id, at === 0 ? name : `${name}:${at}`));
      return answers;
    },
    tensorDataSync: () => {
      throw new Error('the work reads a tensor on its way');
    },
  };
  const rest = Object.fromEntries(Object.getOwnPropertyNames(real).map((name) => [name, Reflect.get(real, name)]));
  return { binding: Object.assign(Object.create(null), rest, recorder), nodes, placeholders };
};
