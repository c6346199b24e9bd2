/** The well-known type FieldMask: paths of the fields that are meant. */
export const googleProtobufFieldMask = `syntax = "proto3";
package google.protobuf;

message FieldMask {
  repeated string paths = 1;
}
`;
