/** The well-known type SourceContext: the file that a type comes from. */
export const googleProtobufSourceContext = `syntax = "proto3";
package google.protobuf;

message SourceContext {
  string file_name = 1;
}
`;
