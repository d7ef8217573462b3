/* Where what stands in a record batch of version 2: https://kafka.apache.org/documentation/#recordbatch */

export const OFFSET_AT = 0;
export const LENGTH_AT = 8;
/** baseOffset and batchLength, which batchLength does not count. */
export const UNCOUNTED_BYTES = 12;
export const MAGIC_AT = 16;
export const CHECKSUM_AT = 17;
/** Where the checksum's part begins. */
export const ATTRIBUTES_AT = 21;
export const LAST_OFFSET_DELTA_AT = 23;
export const BASE_TIMESTAMP_AT = 27;
export const MAX_TIMESTAMP_AT = 35;
export const PRODUCER_ID_AT = 43;
export const COUNT_AT = 57;
export const HEAD_BYTES = 61;
export const MAGIC = 2;
