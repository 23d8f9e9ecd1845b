/** Rows of a full chunk. */
export const CHUNK_ROWS = 4096;

/** Batches from so many rows on go straight into chunks: through the tail every byte would be written twice. */
export const ROWS_FOR_CHUNKS = 2048;
