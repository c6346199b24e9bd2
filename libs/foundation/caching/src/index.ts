export { ByteBoundedCache } from './byte-bounded-cache.ts';
