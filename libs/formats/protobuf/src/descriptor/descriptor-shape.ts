/** The messages of descriptor.proto as they are decoded, as far as a .proto text can say it. */
export interface FileDescriptor {
  readonly package?: string;
  readonly dependency?: readonly string[];
  readonly public_dependency?: readonly number[];
  readonly weak_dependency?: readonly number[];
  readonly message_type?: readonly MessageDescriptor[];
  readonly enum_type?: readonly EnumDescriptor[];
  readonly service?: readonly ServiceDescriptor[];
  readonly extension?: readonly FieldDescriptor[];
  readonly options?: Uint8Array;
  readonly syntax?: string;
  readonly edition?: number;
}

export interface MessageDescriptor {
  readonly name?: string;
  readonly field?: readonly FieldDescriptor[];
  readonly nested_type?: readonly MessageDescriptor[];
  readonly enum_type?: readonly EnumDescriptor[];
  readonly extension_range?: readonly (RangeDescriptor & { readonly options?: Uint8Array })[];
  readonly extension?: readonly FieldDescriptor[];
  readonly options?: Uint8Array;
  readonly oneof_decl?: readonly { readonly name?: string; readonly options?: Uint8Array }[];
  readonly reserved_range?: readonly RangeDescriptor[];
  readonly reserved_name?: readonly string[];
}

/** The end is exclusive in messages, inclusive in enums. */
export interface RangeDescriptor {
  readonly start?: number;
  readonly end?: number;
}

export interface FieldDescriptor {
  readonly name?: string;
  readonly extendee?: string;
  readonly number?: number;
  readonly label?: number;
  readonly type?: number;
  readonly type_name?: string;
  readonly default_value?: string;
  readonly options?: Uint8Array;
  readonly oneof_index?: number;
  readonly json_name?: string;
  readonly proto3_optional?: boolean;
}

export interface EnumDescriptor {
  readonly name?: string;
  readonly value?: readonly { readonly name?: string; readonly number?: number; readonly options?: Uint8Array }[];
  readonly options?: Uint8Array;
  readonly reserved_range?: readonly RangeDescriptor[];
  readonly reserved_name?: readonly string[];
}

export interface ServiceDescriptor {
  readonly name?: string;
  readonly method?: readonly MethodDescriptor[];
  readonly options?: Uint8Array;
}

export interface MethodDescriptor {
  readonly name?: string;
  readonly input_type?: string;
  readonly output_type?: string;
  readonly options?: Uint8Array;
  readonly client_streaming?: boolean;
  readonly server_streaming?: boolean;
}
