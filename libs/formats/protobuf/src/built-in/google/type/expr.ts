/** Google's common type Expr: an expression as text, with its title and description. */
export const googleTypeExpr = `syntax = "proto3";
package google.type;

message Expr {
  string expression = 1;
  string title = 2;
  string description = 3;
  string location = 4;
}
`;
