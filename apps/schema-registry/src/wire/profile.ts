/** Which generation of Confluent's API is spoken: the shapes of 8.x, or those of 7.x for clients that refuse new fields. */
export type Profile = 7 | 8;
