/** The well-known type Any: a message of any type, with the URL that names its type. */
export const googleProtobufAny = `syntax = "proto3";
package google.protobuf;

message Any {
  string type_url = 1;
  bytes value = 2;
}
`;
