import { Message } from './protobuf.ts';

// Field numbers are those of TensorFlow's own messages: tensorflow/core/framework/{graph,node_def,attr_value,tensor,
// tensor_shape,versions}.proto and tensorflow/core/protobuf/{meta_graph,saved_model}.proto.

/** An attribute of a node, in the kinds that tfjs-node's operations have. */
export type Attribute =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'integer' | 'float' | 'type'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'integers'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly type: number; readonly shape: readonly number[]; readonly content: Uint8Array };

/** One operation: its inputs are `name` or `name:output` of nodes before it. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** The tag that a graph is loaded by. */
export const GRAPH_TAG = 'millwright';

/** A recent version of TensorFlow's graphs: operations that were given up before it are refused. */
const PRODUCER = 1882;

const shapeMessage = (shape: readonly number[]): Message => {
  const message = new Message();
  for (const side of shape) message.message(2, new Message().integer(1, side));
  return message;
};

const attributeMessage = (attribute: Attribute): Message => {
  const message = new Message();
  switch (attribute.kind) {
    case 'text':
      return message.text(2, attribute.value);
    case 'integer':
      return message.integer(3, attribute.value);
    case 'float':
      return message.float(4, attribute.value);
    case 'boolean':
      return message.integer(5, attribute.value ? 1 : 0);
    case 'type':
      return message.integer(6, attribute.value);
    case 'shape':
      return message.message(7, shapeMessage(attribute.value));
    case 'integers': {
      const list = new Message();
      for (const value of attribute.value) list.integer(3, value);
      return message.message(1, list);
    }
    case 'tensor':
      return message.message(8, new Message().integer(1, attribute.type).message(2, shapeMessage(attribute.shape)).bytes(4, attribute.content));
  }
};

const nodeMessage = ({ name, op, inputs, attributes }: GraphNode): Message => {
  const message = new Message().text(1, name).text(2, op);
  for (const input of inputs) message.text(3, input);
  for (const [key, attribute] of attributes) message.message(5, new Message().text(1, key).message(2, attributeMessage(attribute)));
  return message;
};

/** The bytes of a `saved_model.pb` that holds these nodes and no variables. */
export const encodeSavedModel = (nodes: readonly GraphNode[]): Uint8Array => {
  const graph = new Message();
  for (const node of nodes) graph.message(1, nodeMessage(node));
  graph.message(4, new Message().integer(1, PRODUCER));
  return new Message().integer(1, 1).message(2, new Message().message(1, new Message().text(4, GRAPH_TAG)).message(2, graph)).encode();
};
