/** A message of descriptor.proto as plain data, by field name; bytes of a message stand for it as they are. */
export interface DescriptorValue {
  readonly [field: string]: DescriptorField | undefined;
}

export type DescriptorField =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | DescriptorValue
  | readonly (string | number | Uint8Array | DescriptorValue)[];
