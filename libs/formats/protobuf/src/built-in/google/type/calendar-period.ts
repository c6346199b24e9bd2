/** Google's common type CalendarPeriod. */
export const googleTypeCalendarPeriod = `syntax = "proto3";
package google.type;

enum CalendarPeriod {
  CALENDAR_PERIOD_UNSPECIFIED = 0;
  DAY = 1;
  WEEK = 2;
  FORTNIGHT = 3;
  MONTH = 4;
  QUARTER = 5;
  HALF = 6;
  YEAR = 7;
}
`;
