/** Google's common type LatLng, in degrees. */
export const googleTypeLatlng = `syntax = "proto3";
package google.type;

message LatLng {
  double latitude = 1;
  double longitude = 2;
}
`;
