/** The well-known type Empty. */
export const googleProtobufEmpty = `syntax = "proto3";
package google.protobuf;

message Empty {}
`;
