// user:password@ in any URL, and the parameters by which Postgres clients take a password in the query.
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@?#]*):[^\s/?#]*@/gi;
const QUERY_PASSWORD = /([?&](?:password|sslpassword|passfile)=)[^&\s#]*/gi;

/** The text with the passwords of all URLs in it replaced by `***`; the rest stays readable. Never throws. */
export function redactUrls(text: string): string {
  return text.replace(USER_INFO, '$1:***@').replace(QUERY_PASSWORD, '$1***');
}
